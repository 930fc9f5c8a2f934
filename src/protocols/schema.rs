//! A JSON document and a JSON Schema (2020-12) to findings with pointers.
//!
//! Beside the standard keywords a pack's schemas carry `x-severity` and `x-expected` next to the
//! constraint they speak of, `$comment` as its source, and the rules `x-max-bytes` and
//! `x-max-decimals`. `x-empty-unsets` at the root says that an empty text stands for "unset".

use crate::domain::finding::Finding;
use crate::domain::finding::Severity;
use crate::protocols::pointer;
use jsonschema::Keyword;
use jsonschema::Retrieve;
use jsonschema::Uri;
use jsonschema::ValidationError;
use jsonschema::Validator;
use jsonschema::error::TypeKind;
use jsonschema::error::ValidationErrorKind;
use percent_encoding::percent_decode_str;
use serde_json::Map;
use serde_json::Value;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use thiserror::Error;

/// Where the documents of a pack live while they are resolved. Nothing is ever fetched.
const BASE: &str = "leadhook:///";

/// How many findings are listed: nobody reads more, and a sender could make millions.
const MOST_FINDINGS: usize = 100;

/// How many values a document may have to be searched for every finding; a larger one is searched
/// for the first alone, because the validator keeps all of them in memory.
const MOST_VALUES: usize = 20_000;

/// How much of an offending value a message repeats.
const SHOWN: usize = 60;

/// A schema that cannot be used.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("`{file}` is not a usable JSON Schema: {reason}")]
pub struct SchemaError {
    /// The name of the file in the pack.
    pub file: String,
    /// What is wrong with it.
    pub reason: String,
}

/// A compiled schema, with the documents it refers to.
#[derive(Debug)]
pub struct Schema {
    file: String,
    documents: BTreeMap<String, Value>,
    validator: Validator,
}

/// Hands out the documents of one pack and nothing else.
struct PackDocuments(BTreeMap<String, Value>);

impl Retrieve for PackDocuments {
    fn retrieve(
        &self,
        uri: &Uri<String>,
    ) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        let name = uri.as_str().strip_prefix(BASE).unwrap_or(uri.as_str());
        self.0
            .get(name)
            .cloned()
            .ok_or_else(|| format!("`{name}` is not in the pack, and nothing is fetched").into())
    }
}

impl Schema {
    /// Compiles the schema called `file`, which may refer to any of the `documents` by name.
    pub fn compile(file: &str, documents: BTreeMap<String, Value>) -> Result<Self, SchemaError> {
        let error = |reason: String| SchemaError { file: file.to_owned(), reason };
        let schema =
            documents.get(file).ok_or_else(|| error("it is not in the pack".to_owned()))?;
        let validator = options(file, &documents)
            .with_keyword("x-max-bytes", |_, value, _| limit(value, Rule::MaxBytes))
            .with_keyword("x-max-decimals", |_, value, _| limit(value, Rule::MaxDecimals))
            .should_validate_formats(true)
            .should_ignore_unknown_formats(false)
            .build(schema)
            .map_err(|problem| error(problem.to_string()))?;
        Ok(Self { file: file.to_owned(), documents, validator })
    }

    /// What there is to say of `document`, in the order of the schema, up to a bound that is said.
    #[must_use]
    pub fn findings(&self, document: &Value) -> Vec<Finding> {
        // Most documents are as they should be, and to say no more than that takes far less.
        if self.validator.is_valid(document) {
            return Vec::new();
        }
        let empty_unsets =
            self.documents.get(&self.file).is_some_and(|root| root["x-empty-unsets"] == true);
        let is_large = values(document) > MOST_VALUES;
        let errors: Vec<_> = if is_large {
            self.validator.validate(document).err().into_iter().collect()
        } else {
            self.validator.iter_errors(document).collect()
        };
        // A value of the wrong type breaks every other rule of its place too: one word is enough.
        let mistyped: BTreeSet<String> = errors
            .iter()
            .filter(|error| matches!(error.kind(), ValidationErrorKind::Type { .. }))
            .map(|error| error.instance_path().to_string())
            .collect();
        let told = errors.iter().filter(|error| {
            matches!(error.kind(), ValidationErrorKind::Type { .. })
                || !mistyped.contains(error.instance_path().as_str())
        });
        let told = told.filter(|error| !(empty_unsets && unset_may_break(error)));
        let mut findings: Vec<_> =
            told.flat_map(|error| self.describe(error)).take(MOST_FINDINGS + 1).collect();
        if findings.len() > MOST_FINDINGS || (is_large && !findings.is_empty()) {
            findings.truncate(MOST_FINDINGS);
            let text = "has more to be said of it, which is not listed";
            findings.push(Finding::new(Severity::Warning, "more-findings", "", text));
        }
        findings
    }

    /// Turns one error into findings: several where several members are not known.
    fn describe(&self, error: &ValidationError<'_>) -> Vec<Finding> {
        let (rule, keyword) = self.rule(error).unzip();
        let word = |name: &str| rule.and_then(|rule| rule.get(name)).and_then(Value::as_str);
        let severity = severity(rule, keyword.unwrap_or_default());
        let at = error.instance_path().as_str();
        let (code, message) = words(error, keyword.unwrap_or_default(), word("x-expected"));
        let code = word("x-code").unwrap_or(code);
        let finding = |pointer: String| Finding {
            severity,
            code: code.to_owned(),
            pointer,
            message: message.clone(),
            around: false,
            source: word("$comment").map(str::to_owned),
        };
        match error.kind() {
            ValidationErrorKind::Required { property } => {
                let name = pointer::escape(property.as_str().unwrap_or_default());
                vec![finding(format!("{at}/{name}"))]
            }
            ValidationErrorKind::AdditionalProperties { unexpected } => unexpected
                .iter()
                .map(|name| finding(format!("{at}/{}", pointer::escape(name))))
                .collect(),
            _ => vec![finding(at.to_owned())],
        }
    }

    /// The object of the schema in which the broken keyword stands, and the keyword.
    fn rule<'e>(&self, error: &'e ValidationError<'_>) -> Option<(&Map<String, Value>, &'e str)> {
        let location = error.absolute_keyword_location()?.as_str();
        let (document, fragment) = location.split_once('#')?;
        let root = self.documents.get(document.strip_prefix(BASE)?)?;
        let (parent, keyword) = fragment.rsplit_once('/')?;
        // JSON Pointers in a URI fragment are percent-encoded (RFC 6901, section 6).
        let parent = percent_decode_str(parent).decode_utf8_lossy();
        Some((root.pointer(&parent)?.as_object()?, keyword))
    }
}

/// How many values a document holds, itself included.
fn values(document: &Value) -> usize {
    match document {
        Value::Array(items) => 1 + items.iter().map(values).sum::<usize>(),
        Value::Object(members) => 1 + members.values().map(values).sum::<usize>(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 1,
    }
}

fn options(
    file: &str,
    documents: &BTreeMap<String, Value>,
) -> jsonschema::ValidationOptions<'static> {
    jsonschema::options()
        .with_base_uri(format!("{BASE}{file}"))
        .with_retriever(PackDocuments(documents.clone()))
}

/// An empty text may break what a filled one must obey, but not a least length: that says
/// that the member can never be unset.
fn unset_may_break(error: &ValidationError<'_>) -> bool {
    error.instance().as_str() == Some("")
        && matches!(
            error.kind(),
            ValidationErrorKind::Format { .. }
                | ValidationErrorKind::Enum { .. }
                | ValidationErrorKind::Pattern { .. }
        )
}

/// `x-severity` beside the keyword: a word for all, or an object with a word for some.
pub(super) fn severity(rule: Option<&Map<String, Value>>, keyword: &str) -> Severity {
    let word = match rule.and_then(|rule| rule.get("x-severity")) {
        Some(Value::Object(by_keyword)) => by_keyword.get(keyword),
        other => other,
    };
    if word.and_then(Value::as_str) == Some("warning") {
        Severity::Warning
    } else {
        Severity::Error
    }
}

/// The code of a finding, and what was expected and found.
fn words(
    error: &ValidationError<'_>,
    keyword: &str,
    expected: Option<&str>,
) -> (&'static str, String) {
    use ValidationErrorKind as Kind;
    let found = shown(error.instance());
    match error.kind() {
        Kind::Required { .. } => ("missing", "is missing".to_owned()),
        Kind::Type { kind } => {
            ("wrong-type", format!("is {}, expected {}", type_of(error.instance()), types(kind)))
        }
        Kind::Enum { options } => {
            ("not-in-list", format!("is {found}, expected one of {}", list(options)))
        }
        Kind::Constant { expected_value } => {
            ("not-in-list", format!("is {found}, expected {}", shown(expected_value)))
        }
        Kind::Format { format } => (
            "bad-format",
            format!("is {found}, expected {}", expected.unwrap_or(format_name(format))),
        ),
        Kind::Pattern { pattern } => match expected {
            Some(expected) => ("bad-format", format!("is {found}, expected {expected}")),
            None => ("bad-format", format!("is {found}, expected to match `{pattern}`")),
        },
        Kind::MinLength { limit: 1 } => ("empty", "is empty".to_owned()),
        Kind::MinLength { limit } => {
            ("too-short", format!("is {found}, expected at least {limit} characters"))
        }
        Kind::MaxLength { limit } => {
            let length = error.instance().as_str().unwrap_or_default().chars().count();
            ("too-long", format!("has {length} characters, at most {limit} are allowed"))
        }
        Kind::MinItems { limit } => {
            ("too-few", format!("has {}, expected at least {limit}", items(error.instance())))
        }
        Kind::MaxItems { limit } => {
            ("too-many", format!("has {}, expected at most {limit}", items(error.instance())))
        }
        Kind::Minimum { limit } => {
            ("out-of-range", format!("is {found}, expected at least {limit}"))
        }
        Kind::Maximum { limit } => {
            ("out-of-range", format!("is {found}, expected at most {limit}"))
        }
        Kind::AdditionalProperties { .. } => {
            ("unknown-member", "is not on the vendor's page".to_owned())
        }
        Kind::Custom { message, .. } if keyword == "x-max-bytes" => ("too-large", message.clone()),
        Kind::Custom { message, .. } => ("too-precise", message.clone()),
        _ => match expected {
            Some(expected) => ("rule-broken", format!("expected {expected}")),
            None => ("rule-broken", error.masked_with("the value").to_string()),
        },
    }
}

pub(super) fn format_name(format: &str) -> &str {
    match format {
        "email" => "an e-mail address",
        "date-time" => "a time after RFC 3339",
        "date" => "a day as YYYY-MM-DD",
        "uri" => "a URL",
        "uuid" => "a hyphenated UUID",
        "hostname" => "a host name",
        other => other,
    }
}

pub(super) fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// A type of a schema in words.
pub(super) fn type_name(name: &str) -> &'static str {
    match name {
        "string" => "a text",
        "number" => "a number",
        "integer" => "a whole number",
        "boolean" => "a boolean",
        "array" => "a list",
        "object" => "an object",
        _ => "null",
    }
}

fn types(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(one) => type_name(&one.to_string()).to_owned(),
        TypeKind::Multiple(set) => {
            set.iter().map(|one| type_name(&one.to_string())).collect::<Vec<_>>().join(" or ")
        }
    }
}

fn items(value: &Value) -> String {
    match value.as_array().map_or(0, Vec::len) {
        1 => "1 item".to_owned(),
        many => format!("{many} items"),
    }
}

fn list(options: &Value) -> String {
    options.as_array().map_or_else(String::new, |options| {
        options.iter().map(shown).collect::<Vec<_>>().join(", ")
    })
}

/// A value as a message repeats it: in backticks, cut where it is long.
fn shown(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let cut = text.char_indices().nth(SHOWN).map(|(end, _)| &text[..end]);
    cut.map_or_else(|| format!("`{text}`"), |cut| format!("`{cut}…`"))
}

#[derive(Clone, Copy)]
enum Rule {
    MaxBytes,
    MaxDecimals,
}

/// A rule with a number: how many bytes or decimals a value may have.
struct Limit {
    rule: Rule,
    most: usize,
}

fn limit<'a>(
    value: &'a Value,
    rule: Rule,
) -> Result<Box<dyn for<'i> Keyword<'i>>, ValidationError<'a>> {
    let most = value.as_u64().and_then(|most| usize::try_from(most).ok());
    let most = most.ok_or_else(|| ValidationError::custom("expected a whole number"))?;
    Ok(Box::new(Limit { rule, most }))
}

impl Limit {
    fn measure(&self, instance: &Value) -> usize {
        match (self.rule, instance) {
            (Rule::MaxBytes, value) => value.to_string().len(),
            (Rule::MaxDecimals, Value::Number(number)) => {
                let text = number.to_string();
                text.split_once('.').map_or(0, |(_, decimals)| decimals.trim_end_matches('0').len())
            }
            (Rule::MaxDecimals, _) => 0,
        }
    }
}

impl<'i> Keyword<'i> for Limit {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        let size = self.measure(instance);
        let unit = match self.rule {
            Rule::MaxBytes => "bytes as JSON",
            Rule::MaxDecimals => "decimals",
        };
        if size > self.most {
            return Err(ValidationError::custom(format!(
                "has {size} {unit}, at most {} are allowed",
                self.most
            )));
        }
        Ok(())
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        self.measure(instance) <= self.most
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn findings(schema: Value, document: &Value) -> Vec<(Severity, String, String)> {
        let definitions = json!({"$defs": {"name": {"type": "string", "maxLength": 3, "x-severity": "warning", "$comment": "page 7"}}});
        let documents = [("a.json".to_owned(), schema), ("defs.json".to_owned(), definitions)];
        let schema = Schema::compile("a.json", documents.into()).unwrap();
        schema.findings(document).into_iter().map(|f| (f.severity, f.code, f.pointer)).collect()
    }

    fn one(severity: Severity, code: &str, pointer: &str) -> Vec<(Severity, String, String)> {
        vec![(severity, code.to_owned(), pointer.to_owned())]
    }

    #[test]
    fn severity_and_source_come_from_beside_the_keyword_even_behind_a_reference() {
        let schema = json!({"properties": {"a": {"$ref": "defs.json#/$defs/name"}}});
        assert_eq!(
            findings(schema, &json!({"a": "long"})),
            one(Severity::Warning, "too-long", "/a")
        );
    }

    #[test]
    fn a_missing_member_is_named_by_its_own_pointer() {
        let schema = json!({"properties": {"d": {"required": ["a/b"]}}});
        assert_eq!(findings(schema, &json!({"d": {}})), one(Severity::Error, "missing", "/d/a~1b"));
    }

    #[test]
    fn one_keyword_of_several_may_be_a_warning() {
        let schema = json!({"type": "object", "properties": {"a": true}, "additionalProperties": false, "x-severity": {"additionalProperties": "warning"}});
        let expected = one(Severity::Warning, "unknown-member", "/x");
        assert_eq!(findings(schema.clone(), &json!({"x": 1})), expected);
        assert_eq!(findings(schema, &json!([])), one(Severity::Error, "wrong-type", ""));
    }

    #[test]
    fn an_empty_text_means_unset_where_the_root_says_so() {
        let fields = json!({"a": {"format": "email"}, "id": {"minLength": 1}});
        let unsets = json!({"x-empty-unsets": true, "properties": fields});
        assert_eq!(
            findings(unsets, &json!({"a": "", "id": ""})),
            one(Severity::Error, "empty", "/id")
        );
        let keeps = json!({"properties": fields});
        assert_eq!(
            findings(keeps, &json!({"a": "", "id": "x"})),
            one(Severity::Error, "bad-format", "/a")
        );
    }

    #[test]
    fn sizes_are_counted_in_bytes_of_json_and_in_decimals() {
        let schema = json!({"properties": {"m": {"x-max-bytes": 9}, "n": {"x-max-decimals": 2}}});
        assert_eq!(
            findings(schema.clone(), &json!({"m": {"a": "é"}, "n": 1.25})),
            one(Severity::Error, "too-large", "/m")
        );
        assert_eq!(
            findings(schema, &json!({"m": {}, "n": 1.255})),
            one(Severity::Error, "too-precise", "/n")
        );
    }

    #[test]
    fn a_value_of_the_wrong_type_is_said_once() {
        let schema = json!({"properties": {"a": {"type": "string", "enum": ["x"]}}});
        assert_eq!(findings(schema, &json!({"a": 1})), one(Severity::Error, "wrong-type", "/a"));
    }

    #[test]
    fn findings_are_bounded_and_that_is_said() {
        let schema = json!({"items": {"type": "string"}});
        for length in [MOST_FINDINGS + 1, MOST_VALUES + 1] {
            let found = findings(schema.clone(), &json!(vec![0; length]));
            assert!(found.len() <= MOST_FINDINGS + 1, "{length}");
            assert_eq!(found.last().unwrap().1, "more-findings", "{length}");
        }
    }

    #[test]
    fn nothing_is_fetched() {
        let schema = json!({"$ref": "https://example.com/schema.json"});
        let error = Schema::compile("a.json", [("a.json".to_owned(), schema)].into()).unwrap_err();
        assert!(error.reason.contains("nothing is fetched"), "{error}");
    }
}
