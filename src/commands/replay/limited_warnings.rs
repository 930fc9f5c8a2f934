//! Rate-limited warnings: each is printed for a few captures and counted for the others.

use crate::commands::pacer::Pacer;
use crate::output::printer::Printer;
use std::collections::BTreeMap;

/// The maximum number of times that one warning is printed; further ones are only counted.
const MAX_PRINTED: usize = 3;

/// The number of captures that each warning applies to.
#[derive(Debug, Default)]
pub(super) struct LimitedWarnings(BTreeMap<&'static str, usize>);

impl LimitedWarnings {
    /// Counts a warning, and prints it unless it was printed for enough other captures.
    pub(super) fn warn(
        &mut self,
        warning: &'static str,
        source: &str,
        printer: &mut Printer,
        pacer: &Pacer,
    ) {
        let count = self.0.entry(warning).or_default();
        *count += 1;
        if *count <= MAX_PRINTED {
            pacer.suspend(|| printer.note(&format!("`{source}`: {warning}")));
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
