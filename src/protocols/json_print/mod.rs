//! JSON as the usual libraries of each language print it.
//!
//! A sender which signs what it parsed and printed again signs other bytes than it sends. How
//! each library prints is a row of [`STYLES`]; one printer follows any row.

mod libraries;
mod members;
mod numbers;
mod rows;
mod strings;
mod style;

use std::fmt;
use std::fmt::Write;

use crate::protocols::json::Json;
use crate::protocols::json_print::numbers::write_number;
use crate::protocols::json_print::strings::Escaper;
use crate::protocols::json_print::style::Arrays;
use crate::protocols::json_print::style::Empty;
use crate::protocols::json_print::style::Objects;
pub(crate) use libraries::JSON_STRINGIFY;
pub use rows::STYLES;
pub use style::Style;

/// Prints a value as a library does which has read it before.
///
/// The bytes have no line feed at the end. What the library refuses to read or to print, such as
/// a lone surrogate or `1e400` in many of them, is replaced: such bytes are never those of the
/// document. An indented form takes up to four times [`MAX_DEPTH`](crate::protocols::json::MAX_DEPTH)
/// bytes more for each value.
#[must_use]
pub fn print(json: &Json, style: &Style) -> Vec<u8> {
    print_text(json, style).into_bytes()
}

/// Prints a value as [`print`] does, as text.
pub(crate) fn print_text(json: &Json, style: &Style) -> String {
    let mut out = String::new();
    // A `String` takes whatever is written.
    let _ = write(&mut out, json, style);
    out
}

/// Names the styles which print `json` as exactly these bytes, in the order of [`STYLES`].
///
/// With the bytes from which `json` was read, these are the libraries which may have printed
/// them. It stops at the first byte that differs, so it needs no memory for what it prints.
#[must_use]
pub fn printed_by(json: &Json, bytes: &[u8]) -> Vec<&'static Style> {
    let same = |style: &&Style| {
        let mut expected = Expected { rest: bytes };
        write(&mut expected, json, style).is_ok() && expected.rest.is_empty()
    };
    STYLES.iter().filter(same).collect()
}

/// Takes nothing but the bytes that are still expected.
struct Expected<'a> {
    rest: &'a [u8],
}

impl Write for Expected<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.rest = self.rest.strip_prefix(text.as_bytes()).ok_or(fmt::Error)?;
        Ok(())
    }
}

fn write(out: &mut impl Write, json: &Json, style: &Style) -> fmt::Result {
    Printer { out, style, escaper: Escaper::new(&style.escapes) }.value(json, 0)
}

struct Printer<'a, W> {
    out: &'a mut W,
    style: &'a Style,
    escaper: Escaper<'a>,
}

impl<W: Write> Printer<'_, W> {
    fn value(&mut self, json: &Json, depth: usize) -> fmt::Result {
        match json {
            Json::Null => self.out.write_str("null"),
            Json::Bool(true) => self.out.write_str("true"),
            Json::Bool(false) => self.out.write_str("false"),
            Json::Number(literal) => write_number(self.out, literal, &self.style.numbers),
            Json::Text(text) => self.escaper.write(self.out, text),
            Json::Array(elements) => self.array(elements.iter(), depth),
            Json::Object(members) => {
                let members = members::as_read(members, self.style);
                if self.style.objects == Objects::ListsWhereNumbered && members::is_list(&members) {
                    return self.array(members.into_iter().map(|(_, value)| value), depth);
                }
                self.list(['{', '}'], true, members.into_iter(), depth, |printer, member, depth| {
                    let (key, value) = member;
                    printer.escaper.write(printer.out, &key)?;
                    printer.out.write_str(printer.style.layout.colon)?;
                    printer.value(value, depth)
                })
            }
        }
    }

    fn array<'j>(
        &mut self,
        elements: impl ExactSizeIterator<Item = &'j Json>,
        depth: usize,
    ) -> fmt::Result {
        let broken = self.style.layout.arrays == Arrays::Broken;
        self.list(['[', ']'], broken, elements, depth, Self::value)
    }

    /// Prints what is between two brackets, over several lines where the layout has an indent.
    fn list<T>(
        &mut self,
        [open, close]: [char; 2],
        broken: bool,
        items: impl ExactSizeIterator<Item = T>,
        depth: usize,
        write_item: impl Fn(&mut Self, T, usize) -> fmt::Result,
    ) -> fmt::Result {
        let layout = &self.style.layout;
        self.out.write_char(open)?;
        if items.len() == 0 {
            self.nothing(open, depth)?;
            return self.out.write_char(close);
        }
        let inner = if broken { depth + 1 } else { depth };
        for (index, item) in items.enumerate() {
            if index > 0 {
                self.out.write_str(layout.comma)?;
            }
            self.gap(broken, inner)?;
            write_item(self, item, inner)?;
        }
        self.gap(broken, depth)?;
        self.out.write_char(close)
    }

    /// Prints what is between brackets with nothing in between.
    fn nothing(&mut self, open: char, depth: usize) -> fmt::Result {
        match self.style.layout.empty {
            Empty::Closed => Ok(()),
            Empty::Spaced => self.out.write_char(' '),
            Empty::Broken => {
                if open == '[' {
                    self.out.write_char('\n')?;
                }
                self.line(depth)
            }
        }
    }

    /// Prints the white space in front of an item or of the closing bracket.
    fn gap(&mut self, broken: bool, depth: usize) -> fmt::Result {
        match (self.style.layout.indent.is_empty(), broken) {
            (true, _) => Ok(()),
            (false, true) => self.line(depth),
            (false, false) => self.out.write_char(' '),
        }
    }

    fn line(&mut self, depth: usize) -> fmt::Result {
        self.out.write_char('\n')?;
        (0..depth).try_for_each(|_| self.out.write_str(self.style.layout.indent))
    }
}
