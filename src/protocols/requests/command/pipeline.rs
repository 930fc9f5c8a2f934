//! Commands that a shell joins with pipes, as words.

/// The greatest number of words in one text: a command of a browser has some fifty.
pub(super) const MAX_WORDS: usize = 2_000_000;

/// One word of a command, without its quotes.
pub(super) type ShellWord = Vec<u8>;

/// Commands that feed one another through pipes.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Pipeline {
    /// The words of each command.
    pub(super) stages: Vec<Vec<ShellWord>>,
    /// What only a shell could have put there.
    pub(super) problem: Option<String>,
}
