//! Where in a TOML document something is: a line, and a JSON Pointer to the value.

use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The pointer to the innermost value or key that holds the beginning of `span`; empty where the
/// text is no TOML.
#[must_use]
pub(super) fn pointer(text: &str, span: &Range<usize>) -> String {
    let mut pointer = String::new();
    let Ok(table) = DeTable::parse(text) else { return pointer };
    in_table(table.get_ref(), span.start, &mut pointer);
    pointer
}

/// The line of a byte, counted from 1.
#[must_use]
pub(super) fn line(text: &str, at: usize) -> usize {
    1 + text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count()
}

fn in_table(table: &DeTable<'_>, at: usize, pointer: &mut String) {
    // A table that was opened by a header spans that header alone, so every member is looked into.
    let mut best: Option<String> = None;
    for (key, value) in table {
        let mut inner = format!("/{}", key.get_ref().replace('~', "~0").replace('/', "~1"));
        let holds = key.span().contains(&at) || value.span().contains(&at);
        let depth = inner.len();
        in_value(value, at, &mut inner);
        let is_deeper = best.as_ref().is_none_or(|best| inner.len() > best.len());
        if (holds || inner.len() > depth) && is_deeper {
            best = Some(inner);
        }
    }
    pointer.extend(best);
}

fn in_value(value: &Spanned<DeValue<'_>>, at: usize, pointer: &mut String) {
    match value.get_ref() {
        DeValue::Table(table) => in_table(table, at, pointer),
        DeValue::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let mut inner = String::new();
                in_value(item, at, &mut inner);
                if !inner.is_empty() || item.span().contains(&at) {
                    pointer.extend([format!("/{index}"), inner]);
                    return;
                }
            }
        }
        DeValue::String(_)
        | DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_place_is_found_in_tables_lists_and_behind_headers() {
        let text = "id = \"a\"\n[retry]\nwaits = [\"1s\", \"x\"]\n\n[[events]]\nname = \"a\"\n\
                    [[events]]\nnane = { b = 1 }\n[\"x/y\"]\nz = 1\n";
        for (part, expected) in [
            ("\"a\"\n[retry", "/id"),
            ("\"x\"]", "/retry/waits/1"),
            ("nane", "/events/1/nane"),
            ("1 }", "/events/1/nane/b"),
            ("z = 1", "/x~1y/z"),
        ] {
            let at = text.find(part).unwrap();
            assert_eq!(pointer(text, &(at..at + 1)), expected, "{part}");
        }
        assert_eq!(line(text, text.find("waits").unwrap()), 3);
        assert_eq!(pointer("a = ", &(0..1)), "");
    }
}
