//! Output: text, colour, JSON and report files. The only layer that writes to a terminal.

pub mod chart;
pub mod error;
pub mod help;
pub mod json_formatter;
pub mod plot;
pub mod printer;
pub mod progress;
pub mod report;
pub mod sanitize;
pub mod shown_body;
pub mod theme;
pub mod verdict;
pub mod wrap;
