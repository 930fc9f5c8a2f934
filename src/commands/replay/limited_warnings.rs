//! What is said of captures beside the answers, so that many of them say it no more than a few times.

use crate::commands::pacer::Pacer;
use crate::output::printer::Printer;
use std::collections::BTreeMap;

/// How often the same is said; the rest is counted.
const MOST_SAID: usize = 3;

/// How often each remark was made.
#[derive(Debug, Default)]
pub(super) struct LimitedWarnings(BTreeMap<&'static str, usize>);

impl LimitedWarnings {
    /// Says it of this capture, unless it was said of enough others.
    pub(super) fn make(
        &mut self,
        remark: &'static str,
        source: &str,
        printer: &mut Printer,
        pacer: &Pacer,
    ) {
        let made = self.0.entry(remark).or_default();
        *made += 1;
        if *made <= MOST_SAID {
            pacer.suspend(|| printer.note(&format!("`{source}`: {remark}")));
        }
    }

    /// Says how many captures more there were of each.
    pub(super) fn sum_up(&self, printer: &mut Printer) {
        for (remark, made) in &self.0 {
            match made.saturating_sub(MOST_SAID) {
                0 => {}
                1 => printer.note(&format!("1 more capture: {remark}")),
                more => printer.note(&format!("{more} more captures: {remark}")),
            }
        }
    }
}
