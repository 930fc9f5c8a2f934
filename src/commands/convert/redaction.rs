//! `convert --redact`: replaces personal data, and signs the requests with a throw-away secret.

use crate::commands::context::Context;
use crate::commands::redaction::Redaction;
use crate::domain::capture::Capture;
use clap::Args;
use jiff::Timestamp;

/// The options of the redaction.
///
/// Their ids differ from those of `listen --redact` and `send --seed`, so that no variable or
/// configuration file sets them: a seed that others know would let them find the originals.
#[derive(Args, Debug)]
pub(super) struct RedactionArgs {
    /// Replace personal data with synthetic values
    ///
    /// Values that the provider documents as enumerated, ids, times and numbers stay, and every
    /// other string becomes a synthetic one. The same string becomes the same replacement in the whole run. Only documented headers stay,
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

/// The redaction of one run, and the seed that repeats it.
pub(super) struct SeededRedaction {
    redaction: Redaction,
    seed: u64,
}

impl RedactionArgs {
    /// Creates the redaction, if it was requested.
    pub(super) fn start(&self, context: &Context<'_>) -> Option<SeededRedaction> {
        if !self.redact {
            return None;
        }
        let seed = self.seed.unwrap_or_else(|| context.env.random_u64());
        let named = context.providers().to_vec();
        Some(SeededRedaction { redaction: Redaction::new(context, seed, named), seed })
    }
}

impl SeededRedaction {
    /// Returns the redacted capture. `now` is the time of signing if the capture has none.
    pub(super) fn redact(&mut self, capture: &Capture, now: Timestamp) -> Capture {
        self.redaction.redact(capture, now)
    }

    /// Prints what the requests have lost.
    pub(super) fn report(&self, context: &mut Context<'_>) {
        let printer = &mut *context.printer;
        self.redaction.report_signatures(printer);
        if self.redaction.undocumented > 0 {
            let requests = match self.redaction.undocumented {
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
