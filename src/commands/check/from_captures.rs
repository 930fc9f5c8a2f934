//! `check --from`: reads captured deliveries, whose bodies replace the samples.

use crate::commands::context::Context;
use crate::commands::filter_args::describe_skipped_lines;
use crate::commands::lost_bytes;
use crate::domain::secret::Keyring;
use crate::engine::conformance::captured::CapturedDeliveries;
use crate::engine::generate::CapturedBody;
use crate::engine::judge::{Judge, PayloadScope, Strictness};
use crate::error::Error;
use crate::io::captures::{CapturedRequest, Captures};
use crate::io::error::Error as IoError;
use crate::output::printer::Look;
use crate::output::sanitize;
use crate::output::wrap::wrap;
use crate::providers::pack::Pack;
use crate::providers::provider::Provider;
use clap::Args;
use serde::Serialize;
use std::io;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

/// The statement about the requests that are printed and saved.
pub(super) const REDACTED: &str = "requests are shown and saved redacted: personal data is replaced, \
                                   and the signatures are of a throw-away secret";

/// The option that names captures.
#[derive(Args, Clone, Debug)]
pub(super) struct FromArgs {
    /// Use these captured deliveries of the provider in place of the samples: a file or folder that
    /// `verify` reads, `-` for standard input (can be repeated)
    ///
    /// A case that sends an event of which there are captures sends the body of one of them, chosen
    /// by the seed and the case. It is signed with the secret of the check, and has a new message id,
    /// the time of sending, and the id, email address and telephone number of a generated lead;
    /// everything else keeps its bytes. Variants, and events without a capture, are sent as the
    /// samples have them. Captures contain personal data: requests in output, reports and
    /// `--save-failures` are redacted as by `convert --redact` and signed with a throw-away secret,
    /// so that their signatures are void, and the output of the receiver is not shown.
    #[arg(long, value_name = "CAPTURE")]
    from: Vec<PathBuf>,
}

/// Captures that were read, and what was found in them.
pub(super) struct FromCaptures {
    pub(super) deliveries: CapturedDeliveries,
    pub(super) counts: CaptureCounts,
}

/// The number of captured requests by use.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct CaptureCounts {
    /// The number of deliveries whose bodies are used.
    used: usize,
    /// The events with captures, in the order of the pack.
    events: Vec<CapturedEvent>,
    /// The events without captures, whose samples are sent.
    samples: Vec<String>,
    /// The requests of other providers, and of unknown ones.
    other_provider: usize,
    /// The requests of events that the provider does not document.
    unknown_event: usize,
    /// The requests whose body is not a JSON object.
    without_json: usize,
    /// The deliveries beyond the limits of size and of identifying values.
    too_large: usize,
    /// The inputs and lines that cannot be read as a request.
    unreadable: usize,
    /// The lines without a request.
    skipped_lines: usize,
    /// The first input that cannot be read, and why if that is known without its content.
    #[serde(skip)]
    first_unreadable: Option<String>,
    /// The used bodies of which only the JSON value is known, so that their bytes may differ from
    /// those that were sent.
    reserialised: usize,
}

/// The number of captures of one event.
#[derive(Clone, Debug, Serialize)]
struct CapturedEvent {
    event: String,
    captures: usize,
}

impl FromArgs {
    /// Returns the paths.
    pub(super) fn paths(&self) -> &[PathBuf] {
        &self.from
    }

    /// Reads the captures, if there are any. An input that cannot be read is counted; it is an error
    /// if no delivery can be used.
    pub(super) fn read(
        &self,
        context: &mut Context<'_>,
        pack: &Pack,
        keyring: Keyring,
    ) -> Result<Option<FromCaptures>, Error> {
        if self.from.is_empty() {
            return Ok(None);
        }
        let strictness = Strictness { strict: false, payloads: PayloadScope::None };
        // The provider is recognised, and not assumed: captures of several ones may be mixed.
        let is_candidate = |other: &&Arc<Pack>| {
            !other.provider.is_recognised_only_if_named() || other.provider.id == pack.provider.id
        };
        let candidates = context.packs.iter().filter(is_candidate);
        let named: Vec<_> = candidates.map(|pack| pack.provider.id.clone()).collect();
        let judge = Judge::new(context.packs.clone(), keyring, named, strictness);
        let mut requests = Captures::new(context.env.stdin(), self.from.iter().cloned());
        let mut found = FromCaptures {
            deliveries: CapturedDeliveries::default(),
            counts: CaptureCounts::default(),
        };
        for captured in &mut requests {
            match captured.map_err(Error::from) {
                Ok(captured) => found.add(context, &judge, pack, captured),
                Err(error) if error.concerns_one_input() => found.counts.add_unreadable(&error),
                Err(error) => return Err(error),
            }
        }
        found.counts.skipped_lines = requests.skipped_lines;
        found.count_events(&pack.provider);
        if found.counts.used == 0 {
            return Err(found.counts.nothing_usable(&pack.provider));
        }
        Ok(Some(found))
    }
}

impl FromCaptures {
    /// Adds the body of a request, or counts why it cannot be used.
    fn add(
        &mut self,
        context: &Context<'_>,
        judge: &Judge,
        pack: &Pack,
        mut captured: CapturedRequest,
    ) {
        let now = context.env.now();
        lost_bytes::restore(judge, &mut captured, now);
        let capture = &captured.found.capture;
        let judgement = judge.judge(&capture.message, capture.received_at.unwrap_or(now));
        let counts = &mut self.counts;
        if judgement.pack.is_none_or(|found| found.provider.id != pack.provider.id) {
            counts.other_provider += 1;
            return;
        }
        let Some(body) = CapturedBody::read(&capture.message.body) else {
            counts.without_json += 1;
            return;
        };
        let event = judgement.verdict.event.unwrap_or_default();
        let Some(facts) = pack.provider.event(&event) else {
            counts.unknown_event += 1;
            return;
        };
        if body.has_few_identities(&pack.provider, facts) && self.deliveries.add(&event, body) {
            counts.used += 1;
            counts.reserialised += usize::from(captured.found.bytes_were_lost);
        } else {
            counts.too_large += 1;
        }
    }

    /// Sorts the events of the provider into those with captures and those without.
    fn count_events(&mut self, provider: &Provider) {
        for event in &provider.events {
            let captures = self.deliveries.count(&event.name);
            if captures > 0 {
                self.counts.events.push(CapturedEvent { event: event.name.clone(), captures });
            } else {
                self.counts.samples.push(event.name.clone());
            }
        }
    }
}

impl CaptureCounts {
    fn add_unreadable(&mut self, error: &Error) {
        self.unreadable += 1;
        self.first_unreadable.get_or_insert_with(|| match error {
            // The reason of the parser may quote the input.
            Error::Io(IoError::NotARequest { path, .. }) => format!("in `{}`", path.display()),
            error => error.message_with_causes(),
        });
    }

    /// Prints which events are sent as captured, and what could not be used.
    pub(super) fn write(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let events: Vec<_> = self
            .events
            .iter()
            .map(|found| format!("{} of `{}`", found.captures, found.event))
            .collect();
        let mut texts = vec![format!(
            "{}: {}",
            counted(self.used, "delivery from captures", "deliveries from captures"),
            events.join(", ")
        )];
        if !self.samples.is_empty() {
            texts.push(format!("samples: `{}`", self.samples.join("`, `")));
        }
        if let Some(unused) = self.unused() {
            texts.push(format!("not used: {unused}"));
        }
        if self.reserialised > 0 {
            texts.push(format!(
                "{} known as a JSON value only: the bytes may differ from those that were sent",
                counted(self.reserialised, "body is", "bodies are")
            ));
        }
        texts.push(REDACTED.to_owned());
        let lines =
            texts.iter().flat_map(|text| wrap(&sanitize::message(text), look.text_columns()));
        for line in lines {
            writeln!(out, "{}", look.theme.dim(&line))?;
        }
        writeln!(out)
    }

    /// Describes the requests that are not used; `None` if there are none.
    fn unused(&self) -> Option<String> {
        let parts = [
            (self.other_provider, "of another or an unknown provider"),
            (self.unknown_event, "of an undocumented event"),
            (self.without_json, "without a JSON object as body"),
            (self.too_large, "too large"),
            (self.unreadable, "unreadable"),
        ];
        let parts = parts.iter().filter(|(count, _)| *count > 0);
        let mut parts: Vec<_> = parts.map(|(count, what)| format!("{count} {what}")).collect();
        if let (Some(last), Some(first)) = (parts.last_mut(), &self.first_unreadable) {
            *last = format!("{last} ({first})");
        }
        let skipped = describe_skipped_lines(self.skipped_lines);
        let all: Vec<_> = parts.into_iter().chain(skipped).collect();
        (!all.is_empty()).then(|| all.join(", "))
    }

    /// Returns the error if no delivery can be used.
    fn nothing_usable(&self, provider: &Provider) -> Error {
        let found = self.unused().unwrap_or_else(|| "there is no request".to_owned());
        Error::Unreadable {
            message: format!("`--from` has no delivery of {} to send: {found}", provider.name),
            hint:
                "`leadhook verify CAPTURE` says what each request is; `-p` names the provider to \
                   check"
                    .to_owned(),
        }
    }
}

/// Returns a number with its noun.
fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
