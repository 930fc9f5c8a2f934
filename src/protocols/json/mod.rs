//! Lossless JSON: keeps duplicate keys, lone surrogates and the spelling of numbers.

mod ambiguities;
mod decimal;
mod differences;
mod document;
mod error;
mod reader;
mod text;
mod value;

#[cfg(test)]
pub(crate) mod arbitrary;
#[cfg(test)]
mod conformance;

pub use ambiguities::{Ambiguity, find_ambiguities, first_duplicate_key};
pub(crate) use decimal::nearest_double;
pub use differences::differences;
pub use document::{Json, MAX_DEPTH, MAX_POINTERS};
pub use error::{ExpectedToken, FoundToken, JsonError, JsonErrorKind};
pub(crate) use reader::read_text;
pub use reader::{MAX_VALUES, read, read_up_to};
pub use text::Text;
