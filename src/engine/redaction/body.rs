//! Redaction of a JSON body: keeps what the schemas of the event document as harmless.

use crate::domain::pointer;
use crate::domain::variation::{Country, Variation};
use crate::engine::generate::is_time;
use crate::engine::redaction::replacements::{Form, Originals, Replacements};
use crate::protocols::json::{Json, Text};
use crate::protocols::schema_outline::DocumentedField;
use std::collections::{BTreeMap, BTreeSet};

/// The maximum length of an id that is kept.
const MAX_ID_BYTES: usize = 64;

/// The formats of a time in JSON Schema.
const TIME_FORMATS: [&str; 3] = ["date-time", "date", "time"];

/// The values that a pack documents for one event.
#[derive(Debug, Default)]
pub(super) struct Documentation {
    /// Every documented field, by JSON Pointer with `*` for items.
    pub(super) fields: BTreeMap<String, DocumentedField>,
    /// The pointers of the message id and the lead id.
    pub(super) ids: BTreeSet<String>,
}

/// Redacts one body.
pub(super) struct BodyRedactor<'r> {
    pub(super) documentation: &'r Documentation,
    /// The rules by which `--seed` varies the values of this body.
    pub(super) variations: BTreeMap<String, &'r Variation>,
    pub(super) country: Country,
    pub(super) replacements: &'r mut Replacements,
    pub(super) originals: &'r Originals,
    /// The undocumented names of this body, with their numbers.
    pub(super) names: BTreeMap<String, usize>,
}

/// The location of a value.
#[derive(Clone, Default)]
struct Location<'j> {
    pointer: String,
    /// The pointer with `*` for items.
    pattern: String,
    /// The last name.
    name: &'j str,
}

impl BodyRedactor<'_> {
    /// Returns the redacted body.
    pub(super) fn redact(&mut self, body: &Json) -> Json {
        self.value(body, &Location::default())
    }

    fn value(&mut self, json: &Json, at: &Location<'_>) -> Json {
        let documentation = self.documentation;
        let Some(field) = documentation.fields.get(&at.pattern) else {
            return self.structure(json);
        };
        match json {
            Json::Null => Json::Null,
            Json::Bool(_) if field.allows(&["boolean"]) => json.clone(),
            Json::Number(_) if field.allows(&["number", "integer"]) => json.clone(),
            Json::Bool(_) | Json::Number(_) => self.structure(json),
            Json::Text(text) => Json::Text(self.text(&text.to_string_lossy(), field, at).into()),
            Json::Array(items) => {
                let pattern = format!("{}/*", at.pattern);
                let items = items.iter().enumerate().map(|(index, item)| {
                    let pointer = format!("{}/{index}", at.pointer);
                    self.value(item, &Location { pointer, pattern: pattern.clone(), name: at.name })
                });
                Json::Array(items.collect())
            }
            Json::Object(fields) => {
                let fields = fields.iter().map(|(name, value)| self.field(name, value, at));
                Json::Object(fields.collect())
            }
        }
    }

    /// Redacts a field of an object at a documented location.
    fn field(&mut self, name: &Text, value: &Json, at: &Location<'_>) -> (Text, Json) {
        let known = name.as_str().and_then(|text| {
            let segment = pointer::escape(text);
            let pattern = format!("{}/{segment}", at.pattern);
            let is_documented = self.documentation.fields.contains_key(&pattern);
            let pointer = format!("{}/{segment}", at.pointer);
            is_documented.then_some(Location { pointer, pattern, name: text })
        });
        match known {
            Some(location) => (name.clone(), self.value(value, &location)),
            None => (self.number_name(name), self.structure(value)),
        }
    }

    /// Returns a string at a documented location as it is, or its replacement.
    fn text(&mut self, text: &str, field: &DocumentedField, at: &Location<'_>) -> String {
        let variation = self.variations.get(&at.pointer).copied();
        let is_documented_time = TIME_FORMATS.iter().any(|format| field.formats.contains(*format))
            || matches!(variation, Some(Variation::Time(_) | Variation::ListingDate(_)));
        let is_kept = text.is_empty()
            || field.strings.contains(text)
            || (is_documented_time && is_time(text))
            || (field.formats.contains("uuid")
                && is_id(text)
                && uuid::Uuid::try_parse(text).is_ok())
            || (self.documentation.ids.contains(&at.pattern) && is_id(text));
        if is_kept {
            return text.to_owned();
        }
        let form = Form::detect(variation, at.name, text);
        self.replacements.replace(text, form, self.country, field.max_length, self.originals)
    }

    /// Returns an undocumented value with its structure and types only.
    fn structure(&mut self, json: &Json) -> Json {
        match json {
            Json::Null => Json::Null,
            Json::Bool(_) => Json::Bool(false),
            Json::Number(_) => Json::Number("0".to_owned()),
            Json::Text(text) => {
                let text = text.to_string_lossy();
                if text.is_empty() {
                    return Json::Text(Text::from(""));
                }
                let (country, originals) = (self.country, self.originals);
                let text = self.replacements.replace(&text, Form::Text, country, None, originals);
                Json::Text(text.into())
            }
            Json::Array(items) => {
                Json::Array(items.iter().map(|item| self.structure(item)).collect())
            }
            Json::Object(fields) => {
                let fields = fields.iter();
                let field =
                    |(name, value): &(Text, Json)| (self.number_name(name), self.structure(value));
                Json::Object(fields.map(field).collect())
            }
        }
    }

    /// Returns `field-1` for the first undocumented name, and so on.
    fn number_name(&mut self, name: &Text) -> Text {
        let next = self.names.len() + 1;
        let number = self.names.entry(name.to_string_lossy().into_owned()).or_insert(next);
        format!("field-{number}").into()
    }
}

/// Returns `true` if a string looks like an id: short, of letters, digits and a few other
/// characters, with at least one digit.
pub(super) fn is_id(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
    text.len() <= MAX_ID_BYTES
        && text.bytes().all(is_part)
        && text.bytes().any(|byte| byte.is_ascii_digit())
}

/// Adds every string and every name of a value to the originals.
pub(super) fn collect_originals(
    json: &Json,
    is_documented: &dyn Fn(&str) -> bool,
    originals: &mut Originals,
) {
    match json {
        Json::Text(text) => originals.add(&text.to_string_lossy()),
        Json::Array(items) => {
            for item in items {
                collect_originals(item, is_documented, originals);
            }
        }
        Json::Object(fields) => {
            for (name, value) in fields {
                let name = name.to_string_lossy();
                if !is_documented(&name) {
                    originals.add(&name);
                }
                collect_originals(value, is_documented, originals);
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}
