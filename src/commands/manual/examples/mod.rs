//! The examples of every command, which the help and the manual show and a test runs.

mod inspecting;
mod receiving;
mod row;
mod sending;

pub use row::{CommandExamples, Example, Needs};

/// Returns the examples of every command.
pub fn all() -> impl Iterator<Item = &'static CommandExamples> {
    [sending::EXAMPLES, receiving::EXAMPLES, inspecting::EXAMPLES].into_iter().flatten()
}

/// Returns the examples of a command, given without the name of the program.
#[must_use]
pub fn of(command: &str) -> &'static [Example] {
    all().find(|row| row.command == command).map_or(&[], |row| row.examples)
}
