//! Variables of `.http` and other request files, such as `{{host}}`.

use crate::protocols::requests::http_text::line_kinds::{definition, lines};
use std::collections::BTreeMap;

/// The maximum number of variables in a file.
const MAX_VARIABLES: usize = 1_000;

/// The maximum depth of variables in the values of variables.
const MAX_DEPTH: usize = 8;

/// The maximum length of a name in a message.
const MAX_SHOWN: usize = 40;

/// The variables of a file and their values.
#[derive(Debug, Default)]
pub(in crate::protocols::requests) struct Variables(BTreeMap<String, String>);

impl Variables {
    /// Returns the variables that lines such as `@name = value` define.
    pub(in crate::protocols::requests) fn of_request_file(text: &[u8]) -> Self {
        Self::new(lines(text).filter_map(definition))
    }

    /// Returns variables with these values; the last value of a name wins.
    pub(in crate::protocols::requests) fn new<'a>(
        pairs: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        Self(pairs.take(MAX_VARIABLES).map(owned).collect())
    }

    /// Replaces the variables of a value, and subtracts the bytes that they add from `left`.
    pub(in crate::protocols::requests) fn expand(
        &self,
        value: &[u8],
        left: &mut usize,
    ) -> Result<Vec<u8>, String> {
        let mut expanded = Vec::with_capacity(value.len());
        self.expand_into(value, &mut expanded, left, 0)?;
        Ok(expanded)
    }

    fn expand_into(
        &self,
        value: &[u8],
        expanded: &mut Vec<u8>,
        left: &mut usize,
        depth: usize,
    ) -> Result<(), String> {
        let mut rest = value;
        while let Some(start) = memchr::memmem::find(rest, b"{{") {
            let after = &rest[start + 2..];
            let Some(name) = variable_name(after) else {
                expanded.extend_from_slice(&rest[..=start]);
                rest = &rest[start + 1..];
                continue;
            };
            expanded.extend_from_slice(&rest[..start]);
            rest = &after[name.len() + 2..];
            if depth >= MAX_DEPTH {
                return Err("its variables refer to each other, expected their values".to_owned());
            }
            let found = self.0.get(name.trim());
            let found = found.ok_or_else(|| undefined(name.trim()))?;
            *left = left
                .checked_sub(found.len())
                .ok_or("its variables have too many characters, expected their values")?;
            self.expand_into(found.as_bytes(), expanded, left, depth + 1)?;
        }
        expanded.extend_from_slice(rest);
        Ok(())
    }
}

/// Returns the name up to the closing braces, if the text is a variable.
fn variable_name(text: &[u8]) -> Option<&str> {
    let end = memchr::memmem::find(&text[..text.len().min(200)], b"}}")?;
    let name = std::str::from_utf8(&text[..end]).ok()?;
    let is_allowed = |char: char| char.is_alphanumeric() || "_-.$ :%".contains(char);
    (!name.trim().is_empty() && name.chars().all(is_allowed)).then_some(name)
}

fn undefined(name: &str) -> String {
    let shown: String = name.chars().take(MAX_SHOWN).collect();
    if name.starts_with('$') {
        return format!(
            "it has the variable `{{{{{shown}}}}}`, which has another value in every request, \
             expected the value that was sent"
        );
    }
    format!(
        "it has the variable `{{{{{shown}}}}}`, which the file does not define, expected its value"
    )
}
