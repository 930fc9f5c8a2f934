//! One style for each meaning. Colour never says what the words do not.

use colored::{ColoredString, Colorize};

/// The styles of one stream: painted, or plain where the stream is no terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    painted: bool,
}

impl Theme {
    /// No escape sequences at all.
    pub const PLAIN: Self = Self { painted: false };

    /// The default colours.
    pub const PAINTED: Self = Self { painted: true };

    /// Something is right: delivered, valid.
    #[must_use]
    pub fn good(self, text: &str) -> String {
        self.paint(text, Colorize::green)
    }

    /// Something is to be looked at: a warning, a retry.
    #[must_use]
    pub fn warn(self, text: &str) -> String {
        self.paint(text, Colorize::yellow)
    }

    /// Something is wrong: refused, invalid.
    #[must_use]
    pub fn bad(self, text: &str) -> String {
        self.paint(text, Colorize::red)
    }

    /// Ids and times.
    #[must_use]
    pub fn dim(self, text: &str) -> String {
        self.paint(text, Colorize::dimmed)
    }

    /// What a line is about.
    #[must_use]
    pub fn strong(self, text: &str) -> String {
        self.paint(text, Colorize::bold)
    }

    /// A next step.
    #[must_use]
    pub fn hint(self, text: &str) -> String {
        self.paint(text, Colorize::cyan)
    }

    fn paint(self, text: &str, style: impl Fn(ColoredString) -> ColoredString) -> String {
        if self.painted { style(text.into()).to_string() } else { text.to_owned() }
    }
}
