//! Requests of failed cases: as `curl` commands, and as captures in `--save-failures DIR`.

use crate::commands::check::wire;
use crate::commands::redaction::Redaction;
use crate::domain::capture::Capture;
use crate::domain::conformance::CaseReport;
use crate::domain::message::Message;
use crate::domain::secret::Secret;
use crate::domain::target::{Target, without_userinfo};
use crate::engine::conformance::case::{Transport, TrialStep};
use crate::error::Error;
use crate::io::client::{self, ConnectOptions};
use crate::io::failure_folder::FailureFolder;
use crate::protocols::json::{self, Json};
use crate::protocols::json_print::{self, AS_WRITTEN_INDENTED};
use crate::protocols::schemes::Scheme;
use crate::protocols::schemes::masking::Masking;
use crate::protocols::shell_word::quote;
use crate::protocols::{capture_file, curl, safe_json};
use jiff::Timestamp;
use std::borrow::Cow;

/// The maximum size of a body in a command; a larger one is in a file.
const MAX_BODY_IN_COMMAND: usize = 32 * 1024;

/// The maximum size of an indented body.
const MAX_INDENTED: usize = 4 * MAX_BODY_IN_COMMAND;

/// The maximum number of commands for one case.
const MAX_COMMANDS: usize = 4;

/// The subfolder of bodies. `verify` and `replay` read the captures of the folder above it only.
const BODIES: &str = "bodies";

/// The transports that a `curl` command cannot express, and why.
const INEXPRESSIBLE: &[(Transport, &str)] = &[
    (Transport::KeepAlive, "it sends two requests on one connection"),
    (Transport::HangUp, "its sender hangs up before the response"),
];

/// Saves and describes the requests of failed cases.
pub(super) struct FailedRequests {
    target: Target,
    /// The options of `curl` for the connection.
    connection: Vec<String>,
    /// The time at which the requests are signed.
    now: Timestamp,
    folder: Option<FailureFolder>,
    /// The number of captures saved so far.
    saved: usize,
    /// The redaction of the requests, if they must be redacted.
    redaction: Option<Redaction>,
    /// The scheme and the secrets, which are masked if the requests carry them.
    secrets: Option<(Scheme, Vec<Secret>)>,
}

/// One request, as it was sent.
struct SentRequest {
    message: Message,
    /// The number among the requests of the case, in as many digits as the highest number.
    number: String,
}

impl FailedRequests {
    pub(super) fn new(
        target: &Target,
        options: &ConnectOptions,
        now: Timestamp,
        folder: Option<FailureFolder>,
    ) -> Self {
        let connection = connection_options(target, options);
        Self {
            target: target.clone(),
            connection,
            now,
            folder,
            saved: 0,
            redaction: None,
            secrets: None,
        }
    }

    /// Masks the secrets, if the requests carry them.
    pub(super) fn with_secrets(mut self, scheme: Scheme, secrets: &[Secret]) -> Self {
        self.secrets = Some((scheme, secrets.to_vec()));
        self
    }

    /// Returns the masking of the secrets that the requests carry.
    fn masking(&self) -> Option<Masking<'_>> {
        let (scheme, secrets) = self.secrets.as_ref()?;
        let masking = Masking { scheme: &**scheme, secrets };
        masking.applies().then_some(masking)
    }

    /// Redacts the requests from now on.
    pub(super) fn redact_with(&mut self, redaction: Redaction) {
        self.redaction = Some(redaction);
    }

    /// Returns the redaction, if there is one.
    pub(super) fn into_redaction(self) -> Option<Redaction> {
        self.redaction
    }

    /// Says how many requests were saved and where, if there are any.
    pub(super) fn saved(&self) -> Option<String> {
        let folder = self.folder.as_ref().filter(|_| self.saved > 0)?;
        let (count, path) = (self.saved, folder.path().display());
        let requests = if count == 1 { "request" } else { "requests" };
        let secret = match self.masking() {
            Some(_) if self.redaction.is_none() => "; they contain the secret",
            _ => "",
        };
        Some(format!(
            "saved {count} {requests} of failed cases in `{path}`, for `verify` and `replay`{secret}"
        ))
    }

    /// Saves the requests of a failed case, and adds to its report the commands that repeat them or
    /// the reason why there are none.
    pub(super) fn record(
        &mut self,
        report: &mut CaseReport,
        steps: &[TrialStep],
    ) -> Result<(), Error> {
        let sent = self.sent_requests(steps);
        let name = file_name(&report.id);
        if let Some(folder) = &self.folder {
            for SentRequest { message, number } in &sent {
                let capture = Capture::new(Some(self.now), None, message.clone());
                let line = capture_file::write(&capture) + "\n";
                folder.write(None, &format!("{name}-{number}.json"), line.as_bytes())?;
                self.saved += 1;
            }
        }
        match inexpressible(steps) {
            Some(reason) => {
                report.no_curl = Some(format!("curl cannot express this case: {reason}"));
            }
            None => match self.commands(&name, &sent)? {
                Ok(commands) => {
                    report.curl = Some(commands.join("\n"));
                    let shown = |message| match self.masking() {
                        Some(masking) => indented(&masking.masked(message).body),
                        None => indented(&message.body),
                    };
                    report.indented_bodies = sent.iter().map(|sent| shown(&sent.message)).collect();
                }
                Err(reason) => report.no_curl = Some(reason),
            },
        }
        Ok(())
    }

    /// Returns the requests as they were sent, with the headers that the client adds.
    fn sent_requests(&mut self, steps: &[TrialStep]) -> Vec<SentRequest> {
        let total: usize = steps.iter().map(|step| step.messages.len()).sum();
        let width = total.to_string().len();
        let mut sent = Vec::new();
        for step in steps {
            for message in &step.messages {
                // Before the headers of the client are added: the redaction would remove them.
                let message = self.redacted(message);
                let message = match step.transport {
                    Transport::Usual => {
                        let target = self.target.with_path(&message.target).path_and_query();
                        Message { target, ..client::with_client_headers(&message) }
                    }
                    transport => wire::with_transport(&message, transport),
                };
                let number = format!("{:0width$}", sent.len() + 1);
                sent.push(SentRequest { message, number });
            }
        }
        sent
    }

    /// Returns the message, redacted if the requests must be redacted.
    fn redacted<'m>(&mut self, message: &'m Message) -> Cow<'m, Message> {
        let Some(redaction) = &mut self.redaction else { return Cow::Borrowed(message) };
        let capture = Capture::new(Some(self.now), None, message.clone());
        let mut redacted = redaction.redact(&capture, self.now).message;
        // The target of the check is the user's own, and a part of every report.
        if message.target == self.target.path_and_query() {
            redacted.target.clone_from(&message.target);
        }
        Cow::Owned(redacted)
    }

    /// Returns one command for each request, or the reason why there is none.
    fn commands(
        &self,
        name: &str,
        sent: &[SentRequest],
    ) -> Result<Result<Vec<String>, String>, Error> {
        let mut commands = Vec::new();
        for SentRequest { message, number } in sent {
            let body_file = match (needs_file(&message.body), &self.folder) {
                (false, _) => None,
                (true, Some(folder)) => {
                    let file = format!("{name}-{number}.body");
                    let path = folder.write(Some(BODIES), &file, &message.body)?;
                    Some(path.to_string_lossy().into_owned())
                }
                (true, None) => {
                    let size = message.body.len();
                    return Ok(Err(format!(
                        "the body of {size} bytes needs a file: add `--save-failures DIR`"
                    )));
                }
            };
            let marked = self.masking().and_then(|masking| masking.marked(message));
            let placeholder = marked.as_ref().map(|marked| marked.placeholder.as_str());
            let message = marked.as_ref().map_or(message, |marked| &marked.message);
            let url = self.target.with_path(&message.target).to_string();
            let file = body_file.as_deref();
            let command = curl::exact_command(message, &url, file, &self.connection, placeholder);
            match command {
                Ok(command) => commands.push(command),
                Err(error) => return Ok(Err(format!("curl cannot express this case: {error}"))),
            }
        }
        Ok(Ok(commands))
    }
}

/// Returns `true` if a body cannot be a part of a command.
fn needs_file(body: &[u8]) -> bool {
    body.len() > MAX_BODY_IN_COMMAND || body.contains(&0)
}

/// Returns a body indented to be read, if it is a JSON array or object.
fn indented(body: &[u8]) -> Option<String> {
    let json =
        json::read(body).ok().filter(|json| matches!(json, Json::Array(_) | Json::Object(_)))?;
    let bytes = json_print::print_with_limit(&json, &AS_WRITTEN_INDENTED, MAX_INDENTED)?;
    let text = String::from_utf8(bytes).ok()?;
    Some(safe_json::escape(&text).into_owned())
}

/// Returns the reason why `curl` cannot send the requests of these steps, if there is one.
fn inexpressible(steps: &[TrialStep]) -> Option<String> {
    let transport = |step: &TrialStep| {
        let known = INEXPRESSIBLE.iter().find(|(transport, _)| *transport == step.transport);
        known.map(|(_, reason)| (*reason).to_owned())
    };
    let concurrent = |step: &TrialStep| match step.messages.len() {
        0 | 1 => None,
        count => Some(format!("it sends {count} requests at once")),
    };
    let first = steps.iter().find_map(|step| transport(step).or_else(|| concurrent(step)));
    let count = steps.len();
    first.or_else(|| (count > MAX_COMMANDS).then(|| format!("it sends {count} requests")))
}

/// Returns the options with which `curl` connects as the check does.
fn connection_options(target: &Target, options: &ConnectOptions) -> Vec<String> {
    let word = |text: &str| quote(text.as_bytes());
    let file = |path: &std::path::PathBuf| word(&path.to_string_lossy());
    let rows = [
        // The check never negotiates another version.
        ("--http1.1", target.is_tls().then(String::new)),
        ("--insecure", options.insecure.then(String::new)),
        ("--cacert", options.cacert.as_ref().map(file)),
        ("--cert", options.cert.as_ref().map(file)),
        ("--key", options.key.as_ref().map(file)),
        ("--proxy", options.proxy.as_ref().map(|proxy| word(&without_userinfo(proxy)))),
        ("--connect-to", options.connect.map(|address| word(&format!("::{address}")))),
    ];
    let given = rows.into_iter().filter_map(|(name, value)| Some((name, value?)));
    given.map(|(name, value)| format!("{name} {value}").trim_end().to_owned()).collect()
}

/// Returns the name of the files of a case. The id may be derived from an event name of the user's
/// pack, so that only characters that are safe in every file system stay.
fn file_name(id: &str) -> String {
    const MAX_NAME: usize = 80;
    let safe = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    id.chars().take(MAX_NAME).map(safe).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::message::Headers;
    use crate::engine::conformance::expect::ExpectedResponse;

    fn step(transport: Transport, count: usize) -> TrialStep {
        let message = Message::post("/", Headers::new(), "{}");
        let messages = vec![message; count];
        let expect = ExpectedResponse::Accepted;
        TrialStep { messages, transport, expect, handshake: None }
    }

    #[test]
    fn what_curl_cannot_express_has_a_reason() {
        use Transport::{Chunked, HangUp, KeepAlive, Usual};
        for (steps, reason) in [
            (vec![step(Usual, 1), step(Chunked, 1)], None),
            (vec![step(Usual, 1), step(HangUp, 1)], Some("its sender hangs up")),
            (vec![step(KeepAlive, 1)], Some("two requests on one connection")),
            (vec![step(Usual, 8)], Some("8 requests at once")),
            (vec![step(Usual, 1); 20], Some("20 requests")),
        ] {
            let found = inexpressible(&steps);
            match reason {
                Some(reason) => assert!(found.unwrap().contains(reason), "{reason}"),
                None => assert_eq!(found, None),
            }
        }
    }

    #[test]
    fn a_json_body_is_indented_with_its_numbers_as_sent() {
        let body = br#"{"a":[1.50,{}],"b":"\u202e"}"#;
        let expected = "{\n  \"a\": [\n    1.50,\n    {}\n  ],\n  \"b\": \"\\u202e\"\n}";
        assert_eq!(indented(body).as_deref(), Some(expected));
        for body in [&b"{"[..], b"1", b"", b"\xff"] {
            assert_eq!(indented(body), None, "{body:?}");
        }
    }

    #[test]
    fn a_file_name_has_no_special_characters() {
        assert_eq!(file_name("event-../a b\u{202e}"), "event----a-b-");
        assert_eq!(file_name(&"x".repeat(300)).len(), 80);
    }
}
