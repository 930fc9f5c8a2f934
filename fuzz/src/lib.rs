//! Properties of the parsers on arbitrary bytes, shared by the fuzz targets and the property tests.
//!
//! Every function takes untrusted bytes and panics if a property is violated. Only public functions
//! of the program are called.

pub mod files;
pub mod growth;
pub mod json;
pub mod requests;
pub mod signatures;
