//! Structural checks: layers, dependency cycles, provider names, generated files, and the table of
//! exit codes.

mod dependencies;
mod dialect;
mod generated;
mod layers;
mod names;
mod sources;
