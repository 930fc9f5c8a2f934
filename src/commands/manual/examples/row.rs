//! The rows of the tables of examples.

use serde::Serialize;

/// A command line and its purpose.
#[derive(Debug, Serialize)]
pub struct Example {
    /// Its purpose, in the imperative and without a full stop.
    pub description: &'static str,
    /// The line, for a POSIX shell.
    pub line: &'static str,
    /// The condition under which it runs.
    #[serde(skip)]
    pub needs: Needs,
}

/// The condition under which an example runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Needs {
    /// Only leadhook, a shell and the files that the line names: a test runs it.
    Nothing,
    /// A program that may not be installed: a test parses it.
    OtherProgram,
}

/// The examples of one command.
#[derive(Debug)]
pub struct CommandExamples {
    /// The command without the name of the program, such as `events show`; empty for the root.
    pub command: &'static str,
    /// Its examples: the most useful one first.
    pub examples: &'static [Example],
}

/// Builds an example that a test runs.
pub(super) const fn example(description: &'static str, line: &'static str) -> Example {
    Example { description, line, needs: Needs::Nothing }
}

/// Builds an example that needs another program.
pub(super) const fn with_program(description: &'static str, line: &'static str) -> Example {
    Example { description, line, needs: Needs::OtherProgram }
}
