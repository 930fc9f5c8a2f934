//! The search for requests in a JSON document.
//!
//! An object with headers is a request, and nothing inside it is searched: a body is content of the
//! sender, who may have put a genuine request of somebody else there. For the same reason, a value
//! that may be a body (by its name, or because it is a string) is searched only if no object with
//! headers was found outside of such values. So the search runs once for each number of such values
//! that a path may cross, and ends with the first that finds anything.

use crate::domain::pointer::{PointerStep, format_excerpt};
use crate::protocols::json;
use crate::protocols::json::Json;
use crate::protocols::requests::har;
use crate::protocols::requests::json_document::{embedded, same_value};
use crate::protocols::requests::logged::{self, LoggedRequest, body_fields};
use crate::protocols::requests::parsed::ReadRequest;
use std::borrow::Cow;
use std::iter;

/// The maximum number of crossed values that may be a body: a queue inside a queue inside a log.
pub(super) const MAX_CROSSED: usize = 6;

/// The number of such values that a response counts as: it is searched last.
const RESPONSE_COST: usize = 3;

/// The maximum number of strings that are parsed, and of their bytes.
const MAX_STRINGS: usize = 100_000;
const MAX_STRING_BYTES: usize = 64 << 20;

/// The maximum number of different patterns, after which the document is known to hold several
/// requests.
const MAX_PATTERNS: usize = 16;

/// Lists of a collection that may contain themselves: Postman, Insomnia.
const FOLDERS: &[&str] =
    &["item", "items", "children", "collection", "resources", "requests", "folders"];

/// The maximum number of fields of an object that counts as a wrapper. A larger one is a table, and
/// looking up many names in it for each of its requests would take long.
const MAX_WRAPPER_FIELDS: usize = 512;

/// The fields of an entry in the lists of Svix Play, whose bodies are base64.
const BASE64_LIST: &str = "data";
const BASE64_ENTRY: &[&str] = &["id", "method", "headers", "body"];

/// A request that was found, or an object with headers that is none.
pub(super) struct Candidate {
    /// The JSON Pointer; empty for the document itself.
    pub(super) pointer: String,
    /// The pointer without the indices and folders: that of all entries of a list.
    pub(super) pattern: String,
    pub(super) read: ReadRequest,
}

/// An object around a value.
#[derive(Clone, Copy)]
struct Wrapper<'a> {
    object: &'a Json,
    /// The object around that one, unless there is an array in between.
    outer: Option<&'a Wrapper<'a>>,
    /// `true` if the value is a document in a string of the object.
    is_string: bool,
}

pub(super) struct Search<'d> {
    document: &'d Json,
    found: Vec<Candidate>,
    patterns: usize,
    /// `true` if the current run left out a value that the next one searches.
    has_more: bool,
    strings: usize,
    string_bytes: usize,
}

impl<'d> Search<'d> {
    pub(super) fn new(document: &'d Json) -> Self {
        Self {
            document,
            found: Vec::new(),
            patterns: 0,
            has_more: false,
            strings: 0,
            string_bytes: 0,
        }
    }

    /// Returns the requests, in document order.
    ///
    /// # Errors
    ///
    /// Returns an error if the document has more JSON in strings than is searched.
    pub(super) fn run(mut self) -> Result<Vec<Candidate>, String> {
        for crossed in 0..=MAX_CROSSED {
            (self.strings, self.string_bytes, self.has_more) = (0, 0, false);
            self.visit(self.document, None, &mut Vec::new(), crossed);
            if self.strings > MAX_STRINGS || self.string_bytes > MAX_STRING_BYTES {
                return Err(format!(
                    "it has more JSON in strings than is searched: {MAX_STRINGS} strings of {} MiB",
                    MAX_STRING_BYTES >> 20
                ));
            }
            if !self.found.is_empty() || !self.has_more {
                break;
            }
        }
        if let [Candidate { read: Ok(parsed), .. }] = self.found.as_mut_slice()
            && parsed.bytes_were_lost
            && parsed.alternatives.is_empty()
        {
            parsed.alternatives = same_value::strings(self.document, &parsed.capture.message.body);
        }
        Ok(self.found)
    }

    /// Searches a value, on whose paths to a request exactly `crossed` further values may be a
    /// body.
    fn visit<'p>(
        &mut self,
        value: &'p Json,
        wrapper: Option<&Wrapper<'_>>,
        path: &mut Vec<PointerStep<'p>>,
        crossed: usize,
    ) {
        match value {
            _ if self.patterns > MAX_PATTERNS => {}
            Json::Object(_) if har::is_entry(value) => {
                if crossed == 0 {
                    self.push(path, har::parse_entry(value));
                }
            }
            Json::Object(_) if logged::has_headers(value) => {
                let is_request = wrapper.is_none() || !logged::is_response(value);
                if crossed == 0 && is_request {
                    let read = read(value, wrapper, path);
                    self.push(path, read);
                }
            }
            Json::Object(fields) => {
                for (name, field) in fields {
                    let name = name.to_string_lossy();
                    let cost = cost(&name, field);
                    let Some(crossed) = crossed.checked_sub(cost) else {
                        self.has_more = true;
                        continue;
                    };
                    let inner = Wrapper {
                        object: value,
                        outer: wrapper,
                        is_string: matches!(field, Json::Text(_)),
                    };
                    path.push(PointerStep::Name(name));
                    self.visit(field, Some(&inner), path, crossed);
                    path.pop();
                }
            }
            Json::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    let cost = usize::from(matches!(item, Json::Text(_)));
                    let Some(crossed) = crossed.checked_sub(cost) else {
                        self.has_more = true;
                        continue;
                    };
                    path.push(PointerStep::Index(index));
                    self.visit(item, None, path, crossed);
                    path.pop();
                }
            }
            Json::Text(text) => {
                if let Some(text) = text.as_str().and_then(embedded::json_in) {
                    self.visit_string(text, wrapper, path, crossed);
                }
            }
            Json::Null | Json::Bool(_) | Json::Number(_) => {}
        }
    }

    /// Searches the JSON in a string.
    fn visit_string(
        &mut self,
        text: &str,
        wrapper: Option<&Wrapper<'_>>,
        path: &[PointerStep<'_>],
        crossed: usize,
    ) {
        self.strings += 1;
        self.string_bytes += text.len();
        if self.strings > MAX_STRINGS || self.string_bytes > MAX_STRING_BYTES {
            return;
        }
        let Ok(document) = json::read(text.as_bytes()) else { return };
        // The copy has the lifetime of the parsed document.
        let mut path = path.to_vec();
        self.visit(&document, wrapper, &mut path, crossed);
    }

    fn push(&mut self, path: &[PointerStep<'_>], read: ReadRequest) {
        let pattern = pattern(path);
        if self.found.last().is_none_or(|last| last.pattern != pattern) {
            self.patterns += 1;
        }
        self.found.push(Candidate { pointer: format_excerpt(path), pattern, read });
    }
}

/// Parses the request in an object with headers.
fn read(object: &Json, wrapper: Option<&Wrapper<'_>>, path: &[PointerStep<'_>]) -> ReadRequest {
    let wrappers: Vec<_> = iter::successors(wrapper, |wrapper| wrapper.outer)
        .take_while(|wrapper| {
            wrapper.object.as_object().is_some_and(|fields| fields.len() <= MAX_WRAPPER_FIELDS)
        })
        .collect();
    let in_same_document = 1 + wrappers.iter().take_while(|wrapper| !wrapper.is_string).count();
    let objects: Vec<_> =
        iter::once(object).chain(wrappers.iter().map(|wrapper| wrapper.object)).collect();
    let outermost = objects.last().copied().unwrap_or(object);
    let is_base64 = matches!(
        path,
        [.., PointerStep::Name(list), PointerStep::Index(_)] if list == BASE64_LIST
    ) && BASE64_ENTRY.iter().all(|name| object.get(name).is_some());
    let mut parsed = LoggedRequest { objects, in_same_document, is_base64 }.read()?;
    if parsed.bytes_were_lost {
        parsed.alternatives = same_value::strings(outermost, &parsed.capture.message.body);
    }
    Ok(parsed)
}

/// Returns the number of crossed values that a field counts as.
fn cost(name: &str, field: &Json) -> usize {
    if logged::may_hold_a_response(name) {
        RESPONSE_COST
    } else {
        let is_body = matches!(field, Json::Text(_)) || body_fields::may_hold_a_body(name);
        usize::from(is_body)
    }
}

/// Returns the pattern of a path: all entries of one list have the same.
fn pattern(path: &[PointerStep<'_>]) -> String {
    let mut kept: Vec<PointerStep<'_>> = Vec::new();
    for step in path {
        match step {
            PointerStep::Name(name) => kept.push(PointerStep::Name(Cow::Borrowed(&**name))),
            PointerStep::Index(_) => {
                let is_folder = matches!(
                    kept.last(),
                    Some(PointerStep::Name(name)) if FOLDERS.contains(&&**name)
                );
                if is_folder {
                    kept.pop();
                    // Folders inside a folder are the same list.
                    if kept.last() == Some(&PointerStep::Index(0)) {
                        continue;
                    }
                }
                kept.push(PointerStep::Index(0));
            }
        }
    }
    format_excerpt(&kept)
}
