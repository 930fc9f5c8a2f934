//! Strings of a document with the same value as a body of which only the value was kept.

use crate::protocols::json;
use crate::protocols::json::Json;

/// The maximum number of strings that are parsed for one body.
const MAX_PARSED: usize = 64;

/// The maximum number of different strings that are returned.
const MAX_FOUND: usize = 8;

/// A string may be this many times as long as the body on one line, because of white space and
/// escapes.
const MAX_GROWTH: usize = 8;

/// Returns the strings in `document` that parse to the value of `body`, in document order.
///
/// The strings inside that value are content of the sender, and none of them can have the value of
/// the whole.
pub(super) fn strings(document: &Json, body: &[u8]) -> Vec<Vec<u8>> {
    let Ok(value) = json::read(body) else { return Vec::new() };
    if value.as_object().is_none() && value.as_array().is_none() {
        return Vec::new();
    }
    let mut finder = Finder { value: &value, length: body.len(), parsed: 0, found: Vec::new() };
    finder.visit(document);
    finder.found
}

struct Finder<'v> {
    value: &'v Json,
    /// The length of the body on one line.
    length: usize,
    /// The number of strings that were parsed.
    parsed: usize,
    found: Vec<Vec<u8>>,
}

impl Finder<'_> {
    fn visit(&mut self, json: &Json) {
        if self.parsed >= MAX_PARSED || self.found.len() >= MAX_FOUND {
            return;
        }
        match json {
            Json::Object(fields) => fields.iter().for_each(|(_, value)| self.visit(value)),
            Json::Array(items) => items.iter().for_each(|item| self.visit(item)),
            Json::Text(text) => {
                if let Some(text) = text.as_str() {
                    self.compare(text);
                }
            }
            Json::Null | Json::Bool(_) | Json::Number(_) => {}
        }
    }

    fn compare(&mut self, text: &str) {
        let begins = text.trim_start().starts_with(['{', '[']);
        if !begins || text.len() > MAX_GROWTH * self.length {
            return;
        }
        self.parsed += 1;
        let is_same = json::read(text.as_bytes())
            .is_ok_and(|value| json::differences(self.value, &value).is_empty());
        if is_same && !self.found.iter().any(|known| known == text.as_bytes()) {
            self.found.push(text.as_bytes().to_vec());
        }
    }
}
