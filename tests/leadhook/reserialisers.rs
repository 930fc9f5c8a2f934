//! Real programs that parse and print JSON, compared with the styles of `json_print`.
//!
//! If one of them is missing, only the known answers in `src/protocols/json_print` are tested.

mod explained;
mod printed;
pub(crate) mod programs;
