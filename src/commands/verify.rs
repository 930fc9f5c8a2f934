//! `leadhook verify`: captured requests, the signature first, then the payload.

use crate::commands::Context;
use crate::commands::now_argument;
use crate::commands::payload::received_header_argument;
use crate::domain::capture::Capture;
use crate::domain::finding::Finding;
use crate::domain::finding::Severity;
use crate::domain::message::Headers;
use crate::domain::message::Message;
use crate::domain::secret::Secret;
use crate::domain::verdict::PayloadStatus;
use crate::domain::verdict::PayloadVerdict;
use crate::domain::verdict::SignatureStatus;
use crate::domain::verdict::Verdict;
use crate::domain::verdict::is_unchecked;
use crate::engine::judge::Judge;
use crate::engine::judge::Payloads;
use crate::engine::judge::Strictness;
use crate::error::Error;
use crate::error::Exit;
use crate::io::input;
use crate::output::printer::Look;
use crate::output::printer::Report;
use crate::output::sanitize;
use crate::output::verdict;
use crate::protocols::requests;
use crate::protocols::requests::Found;
use crate::protocols::requests::Place;
use crate::protocols::scheme;
use clap::Args;
use console::truncate_str;
use jiff::Timestamp;
use serde::Serialize;
use std::io;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::time::Instant;

/// How much is shown of a name that came from outside.
const NAME_WIDTH: usize = 60;

/// Width of the text beside a label.
const TEXT_WIDTH: usize = 66;

/// Judge captured requests: signature, then payload
///
/// Reads captures of `leadhook listen --save` and JSON Lines of them, `{"headers": …, "body": …}` and
/// other JSON of request inspectors, HAR, HTTP/1.1 messages, and `curl` commands, told apart by their
/// content; or a body with its headers. A signature speaks for the body (or the claims of the token)
/// and for nothing else: not the time, the id or the address. Exit status 0 when all are valid,
/// 1 when any is not, 3 when a file holds no request, 5 when there was no secret to verify with.
#[derive(Args, Debug)]
pub struct Verify {
    /// Files to judge, `-` for standard input
    #[arg(value_name = "FILE", required_unless_present = "body")]
    files: Vec<PathBuf>,

    /// File that holds a body alone, byte for byte
    #[arg(long, value_name = "FILE", conflicts_with = "files")]
    body: Option<PathBuf>,

    /// Header of that body (can be repeated)
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE", value_parser = received_header_argument, requires = "body")]
    headers: Vec<(String, String)>,

    /// Warnings make a payload invalid
    #[arg(long)]
    strict: bool,

    /// Judge the signature alone
    #[arg(long, conflicts_with = "strict")]
    no_payload: bool,

    /// Judge the times of tokens as of then, and not as of the capture
    #[arg(long, value_name = "TIME", value_parser = now_argument)]
    now: Option<Timestamp>,

    /// Show the signature that the first secret would make
    #[arg(long)]
    show_expected: bool,
}

/// One request, judged.
#[derive(Debug, Serialize)]
struct Judged {
    source: String,
    #[serde(flatten)]
    verdict: Verdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected_signature: Option<String>,
}

/// What became of several.
#[derive(Debug, Default, Serialize)]
struct Summary {
    requests: usize,
    valid: usize,
    invalid: usize,
    unchecked: usize,
    unreadable: usize,
    duration_ms: u64,
}

impl Verify {
    pub(super) fn run(self, context: &mut Context<'_>) -> Result<Exit, Error> {
        let start = Instant::now();
        context.check_stdin(self.files.iter().chain(&self.body))?;
        let keyring = context.keyring()?;
        let strictness = Strictness {
            strict: self.strict,
            payloads: if self.no_payload { Payloads::None } else { Payloads::All },
        };
        let assumed = context.provider().map(str::to_owned);
        let judge = Judge::new(context.packs.clone(), keyring, assumed, strictness);
        if context.printer.verbose() > 0 && judge.keyring().all().any(Secret::is_weak) {
            context.printer.detail("a secret is shorter than the 32 bytes that RFC 7518 asks for");
        }
        let mut summary = Summary::default();
        if let Some(path) = &self.body {
            let body = input::read("body", path, input::MAX_INPUT)?;
            let message =
                Message::post("/", self.headers.iter().cloned().collect::<Headers>(), body);
            let capture = Capture { received_at: None, remote: None, message };
            let found = Found { capture, bytes_were_lost: false, place: Place::Whole };
            self.judge_one(context, &judge, path, &found, &mut summary)?;
        }
        for path in &self.files {
            match self.judge_file(context, &judge, path, &mut summary) {
                // One file that cannot be read must not hide what there is to say of the others.
                Err(
                    error @ (Error::Read { .. }
                    | Error::NotARequest { .. }
                    | Error::TooLarge { .. }),
                ) => {
                    context.printer.error(&error);
                    summary.unreadable += 1;
                }
                other => other?,
            }
        }
        if summary.requests + summary.unreadable > 1 {
            let took = start.elapsed().as_millis();
            summary.duration_ms = u64::try_from(took).unwrap_or(u64::MAX);
            context.printer.report(&summary)?;
        }
        Ok(summary.exit())
    }

    fn judge_file(
        &self,
        context: &mut Context<'_>,
        judge: &Judge,
        path: &Path,
        summary: &mut Summary,
    ) -> Result<(), Error> {
        let bytes = input::read("request", path, input::MAX_INPUT)?;
        let found = requests::read(&bytes);
        let found = found.map_err(|source| Error::NotARequest { path: path.to_owned(), source })?;
        for found in found {
            match found {
                Ok(found) => self.judge_one(context, judge, path, &found, summary)?,
                Err(source) => {
                    context.printer.error(&Error::NotARequest { path: path.to_owned(), source });
                    summary.unreadable += 1;
                }
            }
        }
        Ok(())
    }

    fn judge_one(
        &self,
        context: &mut Context<'_>,
        judge: &Judge,
        path: &Path,
        found: &Found,
        summary: &mut Summary,
    ) -> Result<(), Error> {
        let Capture { received_at, message, .. } = &found.capture;
        let at = self.now.or(*received_at).unwrap_or_else(|| context.env.now());
        let mut verdict = judge.judge(message, at).verdict;
        if found.bytes_were_lost {
            lost_bytes(&mut verdict, self.strict);
        }
        let expected_signature =
            self.show_expected.then(|| expected(judge, &verdict, message)).flatten();
        let source = found.place.in_file(&path.display().to_string());
        summary.count(&verdict);
        context.printer.report(&Judged { source, verdict, expected_signature })
    }
}

/// Says that the body of the file was a value, and had to be printed again.
fn lost_bytes(verdict: &mut Verdict, strict: bool) {
    let mut findings = std::mem::take(&mut verdict.payload.findings);
    findings.insert(
        0,
        Finding::new(
            Severity::Warning,
            "bytes-were-lost",
            "",
            "is a JSON value in the file, not the text that was sent: it was printed again as \
             `JSON.stringify` does, and a signature over the raw bytes cannot be judged from that",
        ),
    );
    verdict.payload = PayloadVerdict::of(findings, strict);
    verdict.valid &= verdict.payload.status != PayloadStatus::Invalid;
}

fn expected(judge: &Judge, verdict: &Verdict, message: &Message) -> Option<String> {
    let pack = judge.packs().find(verdict.provider.as_deref()?).ok()?;
    let secret = judge.keyring().of(&pack.provider.id).first()?;
    scheme::expected(&pack.provider.signature, secret, message)
}

impl Summary {
    fn count(&mut self, verdict: &Verdict) {
        self.requests += 1;
        match () {
            () if verdict.valid => self.valid += 1,
            () if is_unchecked(&verdict.signature, &verdict.payload) => self.unchecked += 1,
            () => self.invalid += 1,
        }
    }

    fn exit(&self) -> Exit {
        match self {
            // A file that cannot be read may have held anything: the answer is not known.
            Self { unreadable: 1.., .. } => Exit::Input,
            Self { invalid: 1.., .. } => Exit::No,
            Self { unchecked: 1.., .. } => Exit::Incomplete,
            Self { .. } => Exit::Yes,
        }
    }
}

impl Report for Summary {
    const KIND: &'static str = "summary";

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let theme = look.theme;
        let mut parts = vec![theme.good(&format!("{} valid", self.valid))];
        for (count, word) in [(self.invalid, "invalid"), (self.unreadable, "unreadable")] {
            if count > 0 {
                parts.push(theme.bad(&format!("{count} {word}")));
            }
        }
        if self.unchecked > 0 {
            parts.push(theme.warn(&format!("{} unchecked", self.unchecked)));
        }
        let noun = if self.requests == 1 { "request" } else { "requests" };
        writeln!(out, "{} {noun}: {}", self.requests, parts.join(", "))
    }
}

impl Report for Judged {
    const KIND: &'static str = "verdict";

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let Look { theme, verbose } = look;
        let Verdict { signature, payload, .. } = &self.verdict;
        let subject = self.subject(look);
        let quiet =
            self.verdict.valid && signature.findings.is_empty() && payload.findings.is_empty();
        if quiet && verbose == 0 && self.expected_signature.is_none() {
            let signature = verdict::signature_word(theme, signature);
            let payload = verdict::payload_word(theme, payload);
            return writeln!(out, "{subject}  signature {signature}  payload {payload}");
        }
        writeln!(out, "{subject}\n")?;
        let mut lines = vec![self.signature_line(look)];
        for explanation in &signature.explanations {
            lines.extend(verdict::wrap(&sanitize::line(&explanation.message), TEXT_WIDTH));
        }
        for finding in &signature.findings {
            lines.extend(verdict::wrap(&sanitize::line(&finding.message), TEXT_WIDTH));
        }
        if let Some(expected) = &self.expected_signature {
            lines.push(format!("expected {}", sanitize::line(expected)));
        }
        labelled(out, "signature", &lines)?;
        for fix in signature.explanations.iter().filter_map(|explanation| explanation.fix.as_ref())
        {
            labelled(out, "    fix", &verdict::wrap(&sanitize::line(fix), TEXT_WIDTH))?;
        }
        writeln!(out)?;
        let mut lines = vec![verdict::payload_word(theme, payload)];
        let findings = payload.findings.iter();
        lines.extend(
            findings.flat_map(|finding| verdict::finding_lines(theme, finding, TEXT_WIDTH)),
        );
        labelled(out, "payload", &lines)?;
        writeln!(out)
    }
}

impl Judged {
    /// The file, and what the request in it says of itself.
    fn subject(&self, look: Look) -> String {
        let theme = look.theme;
        let part = |text: &Option<String>| {
            text.as_deref()
                .map(|text| truncate_str(&sanitize::line(text), NAME_WIDTH, "…").into_owned())
        };
        let provider =
            part(&self.verdict.provider).unwrap_or_else(|| "unknown provider".to_owned());
        let what = [Some(provider), part(&self.verdict.event)]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ");
        let id = part(&self.verdict.message_id)
            .map(|id| format!("  {}", theme.dim(&id)))
            .unwrap_or_default();
        format!("{}  {}{id}", sanitize::line(&self.source), theme.strong(&what))
    }

    fn signature_line(&self, look: Look) -> String {
        let signature = &self.verdict.signature;
        let word = verdict::signature_word(look.theme, signature);
        if signature.status == SignatureStatus::Valid {
            return format!("{word}, over the {} alone", signature.covers.join(" and the "));
        }
        word
    }
}

/// A label, and text of several lines beside it.
fn labelled(out: &mut dyn Write, label: &str, lines: &[String]) -> io::Result<()> {
    for (index, line) in lines.iter().enumerate() {
        let label = if index == 0 { label } else { "" };
        writeln!(out, "  {label:<9}  {line}")?;
    }
    Ok(())
}
