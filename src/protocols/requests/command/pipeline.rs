//! A shell pipeline, split into commands and words.

/// The maximum number of words in one text; a command copied from a browser has about fifty.
pub(super) const MAX_WORDS: usize = 2_000_000;

/// One word of a command, without its quotes.
pub(super) type ShellWord = Vec<u8>;

/// Commands connected by pipes.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Pipeline {
    /// The words of each command.
    pub(super) stages: Vec<Vec<ShellWord>>,
    /// The first construct whose value only a shell could have known.
    pub(super) problem: Option<String>,
}
