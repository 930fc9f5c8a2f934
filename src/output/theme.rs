//! Terminal styles, one for each meaning. Colour never adds information that the text lacks.
//!
//! The colours are of the 256-colour cube, whose values are fixed. Those of the 16 named colours
//! depend on the terminal, and in most palettes yellow and cyan cannot be read on white. Each of
//! these has a contrast of 3:1 or more on the backgrounds of the common terminals and editors.

use colored::{Color, ColoredString, Colorize};

/// Green: `#00875f`.
const GOOD: Color = Color::AnsiColor(29);

/// Orange: `#d75f00`.
const WARN: Color = Color::AnsiColor(166);

/// Red: `#ff0000`.
const BAD: Color = Color::AnsiColor(196);

/// Blue: `#0087d7`.
const HINT: Color = Color::AnsiColor(32);

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
        self.paint(text, |text| text.color(GOOD))
    }

    /// Styles something that needs attention: a warning, a retry.
    #[must_use]
    pub fn warn(self, text: &str) -> String {
        self.paint(text, |text| text.color(WARN))
    }

    /// Styles a failure: refused, invalid.
    #[must_use]
    pub fn bad(self, text: &str) -> String {
        self.paint(text, |text| text.color(BAD))
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
        self.paint(text, |text| text.color(HINT))
    }

    fn paint(self, text: &str, style: impl Fn(ColoredString) -> ColoredString) -> String {
        if self.coloured { style(text.into()).to_string() } else { text.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the relative luminance of a colour (WCAG 2).
    fn luminance([red, green, blue]: [f64; 3]) -> f64 {
        let linear = |channel: f64| {
            let channel = channel / 255.0;
            if channel <= 0.040_45 {
                channel / 12.92
            } else {
                ((channel + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    /// Returns the value of a colour of the 256-colour cube.
    fn cube(color: Color) -> [f64; 3] {
        let Color::AnsiColor(index @ 16..=231) = color else { panic!("{color:?}") };
        let index = index - 16;
        [index / 36, index / 6 % 6, index % 6]
            .map(|step| if step == 0 { 0.0 } else { 55.0 + 40.0 * f64::from(step) })
    }

    /// The backgrounds: white, Solarized Light, black, GitHub Dark, Visual Studio Code, Solarized
    /// Dark, Dracula and One Dark.
    const BACKGROUNDS: [u32; 8] =
        [0xff_ffff, 0xfd_f6e3, 0, 0x0d_1117, 0x1e_1e1e, 0x00_2b36, 0x28_2a36, 0x28_2c34];

    #[test]
    fn every_colour_can_be_read_on_light_and_dark_backgrounds() {
        for color in [GOOD, WARN, BAD, HINT] {
            for background in BACKGROUNDS {
                let [_, channels @ ..] = background.to_be_bytes();
                let background = luminance(channels.map(f64::from));
                let text = luminance(cube(color));
                let (light, dark) = (text.max(background), text.min(background));
                let contrast = (light + 0.05) / (dark + 0.05);
                assert!(contrast >= 3.0, "{color:?}: {contrast:.2}");
            }
        }
    }

    #[test]
    fn a_plain_theme_adds_nothing() {
        colored::control::set_override(true);
        assert_eq!(Theme::PLAIN.warn("late"), "late");
        assert_eq!(Theme::COLOURED.warn("late"), "\u{1b}[38;5;166mlate\u{1b}[0m");
    }
}
