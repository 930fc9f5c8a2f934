//! Redaction of the requests of one run, with a throw-away secret: for `convert --redact` and
//! `check --from`.

use crate::commands::context::Context;
use crate::domain::capture::Capture;
use crate::domain::secret::Keyring;
use crate::engine::judge::{Judge, PayloadScope, Strictness};
use crate::engine::redaction::{RedactedRequest, Redactor, throw_away_secret};
use crate::output::printer::Printer;
use jiff::Timestamp;

/// The redaction of one run.
pub(super) struct Redaction {
    judge: Judge,
    redactor: Redactor,
    secret: String,
    /// The number of requests whose provider or event is unknown.
    pub(super) undocumented: usize,
    signed: usize,
}

impl Redaction {
    /// Creates a redaction. The same seed gives the same replacements and the same secret, and others
    /// who know it can find the originals. Without `named`, the provider is recognised.
    pub(super) fn new(context: &Context<'_>, seed: u64, named: Vec<String>) -> Self {
        let secret = throw_away_secret(seed);
        let strictness = Strictness { strict: false, payloads: PayloadScope::None };
        let judge = Judge::new(context.packs.clone(), Keyring::default(), named, strictness);
        let redactor = Redactor::of_run(context.packs.clone(), seed);
        Self { judge, redactor, secret, undocumented: 0, signed: 0 }
    }

    /// Returns the redacted capture. `now` is the time of signing if the capture has none.
    pub(super) fn redact(&mut self, capture: &Capture, now: Timestamp) -> Capture {
        let judgement = self.judge.judge(&capture.message, capture.received_at.unwrap_or(now));
        let RedactedRequest { capture, is_documented, is_signed } =
            self.redactor.redact(capture, &judgement, now);
        self.undocumented += usize::from(!is_documented);
        self.signed += usize::from(is_signed);
        capture
    }

    /// Prints that the signatures are void, if any request was signed again.
    pub(super) fn report_signatures(&self, printer: &mut Printer) {
        if self.signed > 0 {
            printer.warning("the signatures are void: signed with a throw-away secret");
            printer.detail(&format!("throw-away secret: {}", self.secret));
        }
    }
}
