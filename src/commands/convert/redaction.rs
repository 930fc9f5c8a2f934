//! `convert --redact`: replaces personal data, and signs the requests with a throw-away secret.

use crate::commands::context::Context;
use crate::domain::capture::Capture;
use crate::domain::secret::Keyring;
use crate::engine::judge::{Judge, PayloadScope, Strictness};
use crate::engine::redaction::{RedactedRequest, Redactor, throw_away_secret};
use clap::Args;
use jiff::Timestamp;

/// The options of the redaction.
///
/// Their ids differ from those of `listen --redact` and `send --seed`, so that no variable or
/// configuration file sets them: a seed that others know would let them find the originals.
#[derive(Args, Debug)]
pub(super) struct RedactionArgs {
    /// Replace personal data: values that the provider documents as enumerated, ids, times and
    /// numbers stay, and every other string becomes a synthetic one
    ///
    /// The same string becomes the same replacement in the whole run. Only documented headers stay,
    /// `Host` becomes `example.com`, and the target loses its query. Undocumented fields, and
    /// requests of unknown providers or events, keep their structure only. Numbers stay even if they
    /// are prices or coordinates. The requests are signed again with a throw-away secret, which `-v`
    /// prints.
    #[arg(id = "redact_requests", long = "redact")]
    redact: bool,

    /// Seed for `--redact`: the same seed gives the same replacements. Keep it secret
    #[arg(id = "redaction_seed", long = "seed", value_name = "N", requires = "redact_requests")]
    seed: Option<u64>,
}

/// The redaction of one run.
pub(super) struct Redaction {
    judge: Judge,
    redactor: Redactor,
    secret: String,
    seed: u64,
    /// The number of requests whose provider or event is unknown.
    undocumented: usize,
    signed: usize,
}

impl RedactionArgs {
    /// Creates the redaction, if it was requested.
    pub(super) fn start(&self, context: &Context<'_>) -> Option<Redaction> {
        if !self.redact {
            return None;
        }
        let seed = self.seed.unwrap_or_else(|| context.env.random_u64());
        let secret = throw_away_secret(seed);
        let assumed = context.provider().map(str::to_owned);
        let strictness = Strictness { strict: false, payloads: PayloadScope::None };
        let judge = Judge::new(context.packs.clone(), Keyring::default(), assumed, strictness);
        let redactor = Redactor::of_run(context.packs.clone(), seed);
        Some(Redaction { judge, redactor, secret, seed, undocumented: 0, signed: 0 })
    }
}

impl Redaction {
    /// Returns the redacted capture. `now` is the time of signing if the capture has none.
    pub(super) fn redact(&mut self, capture: &Capture, now: Timestamp) -> Capture {
        let judgement = self.judge.judge(&capture.message, capture.received_at.unwrap_or(now));
        let RedactedRequest { capture, is_documented, is_signed } =
            self.redactor.redact(capture, &judgement, now);
        self.undocumented += usize::from(!is_documented);
        self.signed += usize::from(is_signed);
        capture
    }

    /// Prints what the requests have lost.
    pub(super) fn report(&self, context: &mut Context<'_>) {
        let printer = &mut *context.printer;
        if self.signed > 0 {
            printer.warning("the signatures are void: signed with a throw-away secret");
            printer.detail(&format!("throw-away secret: {}", self.secret));
        }
        if self.undocumented > 0 {
            let requests = match self.undocumented {
                1 => "1 request".to_owned(),
                count => format!("{count} requests"),
            };
            printer.warning(&format!(
                "{requests} of an unknown provider or event: only the structure of the body is left"
            ));
        }
        printer.detail(&format!("`--seed {}` repeats the replacements", self.seed));
    }
}
