//! Output: text, colour, JSON and report files. The only layer that writes to a terminal.
//!
//! `chart` draws counts over time as bars in the terminal; `plot` draws them as an SVG file.
//! `verdict` and `shown_body` format the parts of a request that several commands print. `error`
//! has the errors of this layer, not the error messages of the program.

pub mod chart;
pub mod error;
pub mod help;
pub mod json_formatter;
pub mod labelled;
pub mod markdown;
pub mod plot;
pub mod printer;
pub mod progress;
pub mod report;
pub mod sanitize;
pub mod schemas;
pub mod shown_body;
pub mod theme;
pub mod verdict;
pub mod wrap;
