//! What must hold of any bytes: the fuzz targets and the property tests both ask this.
//!
//! Every function takes bytes from outside and panics where something does not hold. They go
//! through the public functions of the program alone.

pub mod files;
pub mod growth;
pub mod json;
pub mod requests;
pub mod signatures;
