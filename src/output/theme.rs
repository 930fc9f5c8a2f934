//! Terminal styles, one for each meaning. Colour never adds information that the text lacks.

use colored::{ColoredString, Colorize};

/// The styles of one stream: coloured, or plain if the stream is not a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    coloured: bool,
}

impl Theme {
    /// Plain text without escape sequences.
    pub const PLAIN: Self = Self { coloured: false };

    /// Coloured text.
    pub const COLOURED: Self = Self { coloured: true };

    /// Styles a success: delivered, valid.
    #[must_use]
    pub fn good(self, text: &str) -> String {
        self.paint(text, Colorize::green)
    }

    /// Styles something that needs attention: a warning, a retry.
    #[must_use]
    pub fn warn(self, text: &str) -> String {
        self.paint(text, Colorize::yellow)
    }

    /// Styles a failure: refused, invalid.
    #[must_use]
    pub fn bad(self, text: &str) -> String {
        self.paint(text, Colorize::red)
    }

    /// Styles secondary information: ids, times.
    #[must_use]
    pub fn dim(self, text: &str) -> String {
        self.paint(text, Colorize::dimmed)
    }

    /// Styles the subject of a line.
    #[must_use]
    pub fn strong(self, text: &str) -> String {
        self.paint(text, Colorize::bold)
    }

    /// Styles a next step.
    #[must_use]
    pub fn hint(self, text: &str) -> String {
        self.paint(text, Colorize::cyan)
    }

    fn paint(self, text: &str, style: impl Fn(ColoredString) -> ColoredString) -> String {
        if self.coloured { style(text.into()).to_string() } else { text.to_owned() }
    }
}
