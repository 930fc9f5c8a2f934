//! Real programs which read a document and print it again, held against our styles.
//!
//! Where one of them is missing, the known answers in `src/protocols/json_print` stand alone.

mod explained;
mod printed;
mod programs;
