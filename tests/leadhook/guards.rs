//! What keeps the house in order: layers, cycles, provider names, generated files, the table of
//! exits.

mod dependencies;
mod generated;
mod layers;
mod names;
mod sources;
