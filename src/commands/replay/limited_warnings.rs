//! Rate-limited warnings: each is printed for a few captures and counted for the others.

use crate::commands::pacer::Pacer;
use crate::output::printer::Printer;
use std::collections::BTreeMap;

/// The maximum number of times that one warning is printed; further ones are only counted.
const MAX_PRINTED: usize = 3;

/// A warning on one capture.
#[derive(Debug)]
pub(super) struct Warning {
    /// The text for any capture.
    pub(super) general: &'static str,
    /// The text with the values of this capture, if there are any.
    pub(super) specific: Option<String>,
}

impl From<&'static str> for Warning {
    fn from(general: &'static str) -> Self {
        Self { general, specific: None }
    }
}

/// The number of captures that each warning applies to.
#[derive(Debug, Default)]
pub(super) struct LimitedWarnings(BTreeMap<&'static str, usize>);

impl LimitedWarnings {
    /// Counts a warning, and prints it unless it was printed for enough other captures.
    pub(super) fn warn(
        &mut self,
        warning: &Warning,
        source: &str,
        printer: &mut Printer,
        pacer: &Pacer,
    ) {
        let count = self.0.entry(warning.general).or_default();
        *count += 1;
        if *count <= MAX_PRINTED {
            let text = warning.specific.as_deref().unwrap_or(warning.general);
            pacer.suspend(|| printer.note(&format!("`{source}`: {text}")));
        }
    }

    /// Prints, for each warning, the number of further captures that it applies to.
    pub(super) fn print_remaining(&self, printer: &mut Printer) {
        for (warning, count) in &self.0 {
            match count.saturating_sub(MAX_PRINTED) {
                0 => {}
                1 => printer.note(&format!("1 more capture: {warning}")),
                more => printer.note(&format!("{more} more captures: {warning}")),
            }
        }
    }
}
