//! The output of `diff`: the cause, then each part that differs.

use crate::engine::difference::{
    BodyDifference, Difference, FirstDifference, HeaderChange, HeaderDifference, Pair, Spot,
    ValueChange, ValueDifference,
};
use crate::output::labelled::Columns;
use crate::output::printer::{Look, Report};
use crate::output::theme::Theme;
use crate::protocols::json::MAX_POINTERS;
use console::measure_text_width;
use serde::Serialize;
use std::io;
use std::io::Write;

/// The width of the labels.
pub(super) const LABEL_WIDTH: usize = 7;

/// The maximum number of headers in text for people; JSON has all of them.
const MAX_HEADERS: usize = 40;

/// The maximum number of values shown of one header.
const MAX_VALUES: usize = 4;

/// The width of the kind of change before a header.
const CHANGE_WIDTH: usize = 7;

/// The comparison of two requests, with the files that they are in.
#[derive(Debug, Serialize)]
pub(super) struct DifferenceReport {
    pub(super) a: String,
    pub(super) b: String,
    #[serde(flatten)]
    pub(super) difference: Difference,
    #[serde(skip)]
    pub(super) columns: Columns,
}

impl Report for DifferenceReport {
    const KIND: &'static str = "difference";

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let (theme, columns) = (look.theme, self.columns);
        let Difference { same, cause, method, target, headers, body, json } = &self.difference;
        for line in columns.wrap_whole(&cause.message) {
            writeln!(out, "{}", if *same { theme.good(&line) } else { theme.warn(&line) })?;
        }
        writeln!(out)?;
        for (name, source, bytes) in [("A", &self.a, body.a_bytes), ("B", &self.b, body.b_bytes)] {
            let noun = if bytes == 1 { "byte" } else { "bytes" };
            columns.write(
                out,
                name,
                &columns.wrap(&format!("{source}, body of {bytes} {noun}")),
            )?;
        }
        for (label, pair) in [("method", method), ("target", target)] {
            if let Some(pair) = pair.as_ref().filter(|pair| !pair.same) {
                columns.write(out, label, &self.pair(pair))?;
            }
        }
        if let Some(headers) = headers.as_ref().filter(|headers| !headers.is_empty()) {
            columns.write(out, "headers", &self.headers(theme, headers))?;
        }
        if let Some(first) = &body.first_difference {
            columns.write(out, "bytes", &self.bytes(first))?;
        }
        match json {
            Some(values) if values.is_empty() && !body.same => {
                columns.write(out, "json", &["same values".to_owned()])
            }
            Some(values) if !values.is_empty() => {
                columns.write(out, "json", &self.values(theme, values, body))
            }
            _ => Ok(()),
        }
    }
}

impl DifferenceReport {
    /// Returns both values of a part, on a line each.
    fn pair(&self, pair: &Pair) -> Vec<String> {
        let width = self.columns.text_width().saturating_sub(3);
        [("A", &pair.a), ("B", &pair.b)]
            .map(|(name, value)| format!("{name}  {}", self.columns.cut(value, width)))
            .to_vec()
    }

    fn headers(&self, theme: Theme, headers: &[HeaderDifference]) -> Vec<String> {
        let shown = headers.iter().take(MAX_HEADERS);
        let mut lines: Vec<_> = shown.flat_map(|header| self.header(theme, header)).collect();
        if headers.len() > MAX_HEADERS {
            lines.push(format!("… {} more, see --format json", headers.len() - MAX_HEADERS));
        }
        lines
    }

    fn header(&self, theme: Theme, header: &HeaderDifference) -> Vec<String> {
        let word = match header.change {
            HeaderChange::Added => "added",
            HeaderChange::Removed => "removed",
            HeaderChange::Changed => "changed",
            HeaderChange::Case => "case",
            HeaderChange::Order => "order",
        };
        let padded = format!("{word:<CHANGE_WIDTH$}");
        let word = match header.change {
            HeaderChange::Added => theme.good(&padded),
            HeaderChange::Removed => theme.bad(&padded),
            _ => theme.warn(&padded),
        };
        let width = self.columns.text_width().saturating_sub(CHANGE_WIDTH + 2);
        let name = header.name.as_deref().unwrap_or_default();
        let line = |text: &str| format!("{word}  {}", self.columns.cut(text, width));
        let indented = |side: &str, text: &str| {
            let text = self.columns.cut(text, width.saturating_sub(3));
            format!("{:CHANGE_WIDTH$}  {side}  {text}", "")
        };
        match header.change {
            HeaderChange::Added | HeaderChange::Removed => {
                let values = if header.a.is_empty() { &header.b } else { &header.a };
                let values = values.iter().take(MAX_VALUES);
                values.map(|value| line(&format!("{name}: {value}"))).collect()
            }
            HeaderChange::Case => {
                vec![line(&format!("A {}, B {}", header.a.join(" "), header.b.join(" ")))]
            }
            HeaderChange::Order => vec![line("the same headers in another order")],
            _ => {
                let of = |side: &'static str, values: &[String]| {
                    let values = values.iter().take(MAX_VALUES);
                    values.map(|value| indented(side, value)).collect::<Vec<_>>()
                };
                [vec![line(name)], of("A", &header.a), of("B", &header.b)].concat()
            }
        }
    }

    /// Returns the first difference: a sentence, both sides, and a mark below them.
    fn bytes(&self, first: &FirstDifference) -> Vec<String> {
        let FirstDifference { offset, line, column, before, a, b } = first;
        let mut lines = self.columns.wrap(&format!(
            "first difference at offset {offset} (line {line}, column {column}): A has {}, B has {}",
            a.character, b.character
        ));
        // The end of the common part is what matters, so its beginning is cut.
        let width = self.columns.text_width().saturating_sub(3);
        let mut before = before.as_str();
        while measure_text_width(before) * 2 > width {
            let mut characters = before.chars();
            characters.next();
            before = characters.as_str();
        }
        let side = |name: &str, spot: &Spot| {
            format!("{name}  {}", self.columns.cut(&format!("{before}{}", spot.after), width))
        };
        lines.extend([side("A", a), side("B", b)]);
        let before = self.columns.cut(before, width);
        lines.push(format!("   {}^", " ".repeat(measure_text_width(&before))));
        lines
    }

    fn values(
        &self,
        theme: Theme,
        values: &[ValueDifference],
        body: &BodyDifference,
    ) -> Vec<String> {
        let at_least = if values.len() >= MAX_POINTERS { "at least " } else { "" };
        let (noun, verb) =
            if values.len() == 1 { ("value", "differs") } else { ("values", "differ") };
        let mut lines = vec![format!("{at_least}{} {noun} {verb}", values.len())];
        if body.same {
            lines.push("the same bytes, which repeat a name".to_owned());
        }
        let width = self.columns.text_width().saturating_sub(4);
        for value in values {
            let pointer = if value.pointer.is_empty() { "the document" } else { &value.pointer };
            let word = match value.change {
                ValueChange::Added => theme.good("added"),
                ValueChange::Removed => theme.bad("removed"),
                ValueChange::Repeated => theme.warn("repeated"),
                ValueChange::Changed => theme.warn("changed"),
            };
            let room = self.columns.text_width().saturating_sub(10);
            lines.push(format!("{}  {word}", self.columns.cut(pointer, room)));
            for (name, text) in [("A", &value.a), ("B", &value.b)] {
                let text = text.as_deref().map(|text| self.columns.cut(text, width));
                lines.extend(text.map(|text| format!(" {name}  {text}")));
            }
            lines.extend(value.note.map(|note| format!("    {note}")));
        }
        lines
    }
}
