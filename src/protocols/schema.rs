//! Validates a JSON document against a JSON Schema (2020-12) and reports findings with pointers.
//!
//! The schemas of a pack may annotate the keywords of an object with
//!
//! - `$comment`: the source of the rule, inherited from the nearest enclosing object if absent;
//! - `x-severity`: `warning`, otherwise `error`; an object sets it for each keyword;
//! - `x-code`: the code of the finding, if that of the keyword is too general;
//! - `x-expected`: a description of the expected value, if the keyword alone is not enough;
//! - `x-found`: a description of the value found, after "has", if the value alone is not enough.
//!
//! `x-max-bytes` (of compact JSON in UTF-8) and `x-max-decimals` are custom keywords. At the root,
//! `x-empty-unsets` means that an empty string stands for "unset", and `x-sources` resolves the
//! names in brackets in the `$comment`s of the pack.

mod custom_keywords;
mod expectation;
mod messages;
mod validation_limits;

pub(super) use expectation::{
    describe_format, describe_type_of, describe_types, join_alternatives,
};
pub(super) use messages::format_count;

use crate::domain::finding::{Expected, Finding, FindingMessage, Severity};
use crate::domain::pointer;
use crate::protocols::schema::custom_keywords::CustomKeyword;
use crate::protocols::schema::validation_limits::{
    MAX_FINDINGS, MAX_FULLY_CHECKED_VALUES, count_values, cut_length, has_large_strings,
    too_long_strings, too_many_findings, too_many_values, with_cut_strings,
};
use jsonschema::error::ValidationErrorKind;
use jsonschema::{Retrieve, Uri, ValidationError, Validator};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::{Map, Value};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use thiserror::Error;

/// The base URI under which the documents of a pack are resolved. Nothing is ever fetched.
const BASE_URI: &str = "leadhook:///";

/// The characters that are percent-encoded if a document name is part of a URI (RFC 3986, section
/// 2.3).
const ENCODED_IN_NAMES: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A schema that cannot be used.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("`{file}` is not a usable JSON Schema: {reason}")]
pub struct SchemaError {
    /// The name of the file in the pack.
    pub file: String,
    /// The reason.
    pub reason: String,
}

/// A compiled schema, with the documents it refers to.
#[derive(Debug)]
pub struct Schema {
    file: String,
    documents: BTreeMap<String, Value>,
    /// The names in brackets that `$comment`s may use, and the addresses that replace them.
    sources: Vec<(String, String)>,
    /// The number of bytes to which strings are cut in a document with large strings.
    cut_length: usize,
    validator: Validator,
}

/// Resolves references to the documents of one pack and nothing else.
struct PackDocuments(BTreeMap<String, Value>);

impl Retrieve for PackDocuments {
    fn retrieve(
        &self,
        uri: &Uri<String>,
    ) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        let name = uri.as_str().strip_prefix(BASE_URI).unwrap_or(uri.as_str());
        let name = percent_decode_str(name).decode_utf8_lossy();
        self.0
            .get(&*name)
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
        let options = CustomKeyword::ALL.into_iter().fold(
            validation_options(file, &documents),
            |options, limit| {
                options.with_keyword(limit.name(), move |_, max, _| limit.compile(max))
            },
        );
        let validator = options
            .should_validate_formats(true)
            .should_ignore_unknown_formats(false)
            .build(schema)
            .map_err(|invalid| error(invalid.to_string()))?;
        let sources = sources(&documents);
        let longest = cut_length(documents.values());
        Ok(Self { file: file.to_owned(), documents, sources, cut_length: longest, validator })
    }

    /// Returns the findings for `document` in the order of the schema, up to `MAX_FINDINGS`.
    ///
    /// The work is bounded because the sender controls the document. Collecting all errors makes
    /// the validator keep a copy of every offending value. Long strings are therefore cut first,
    /// and a document that is still too large is only checked for its first error. Each of these
    /// limits adds a finding.
    #[must_use]
    pub fn findings(&self, document: &Value) -> Vec<Finding> {
        // Most documents are valid, and checking only that is much cheaper than collecting errors.
        if self.validator.is_valid(document) {
            return Vec::new();
        }
        let empty_unsets =
            self.documents.get(&self.file).is_some_and(|root| root["x-empty-unsets"] == true);
        let original = document;
        let cut = with_cut_strings(document, self.cut_length);
        let document = cut.as_ref().unwrap_or(document);
        let is_large =
            count_values(document) > MAX_FULLY_CHECKED_VALUES || has_large_strings(document);
        let errors: Vec<_> = if is_large {
            self.validator.validate(document).err().into_iter().collect()
        } else {
            self.validator.iter_errors(document).collect()
        };
        let superseded = self.superseded(&errors);
        let is_superseded = |error: &ValidationError<'_>| {
            let most_severe = superseded.get(error.instance_path().as_str());
            !supersedes(error)
                && most_severe.is_some_and(|most_severe| self.severity(error) <= *most_severe)
        };
        let mut reported: Vec<_> = errors
            .iter()
            .filter(|error| !is_superseded(error))
            .filter(|error| !(empty_unsets && unset_may_break(error)))
            .collect();
        let to_findings = |reported: &[&ValidationError<'_>]| -> Vec<_> {
            let findings = reported.iter().flat_map(|error| self.describe(error, original));
            findings.take(MAX_FINDINGS + 1).collect()
        };
        let mut findings = to_findings(&reported);
        if findings.len() > MAX_FINDINGS {
            // The most severe findings come first, so that none of the omitted ones is more severe.
            reported.sort_by_cached_key(|error| Reverse(self.severity(error)));
            findings = to_findings(&reported);
            let unlisted = findings.pop().map_or(Severity::Warning, |finding| finding.severity);
            findings.push(too_many_findings(unlisted));
        } else if is_large {
            findings.push(too_many_values());
        } else if cut.is_some() {
            findings.push(too_long_strings(self.cut_length));
        }
        findings
    }

    /// Returns the pointers of values that are of the wrong type or empty, and the severity of that
    /// error.
    ///
    /// Such a value breaks other rules as well, so of those only more severe ones are reported.
    fn superseded<'e>(&self, errors: &'e [ValidationError<'_>]) -> BTreeMap<&'e str, Severity> {
        let mut superseded = BTreeMap::new();
        for error in errors.iter().filter(|error| supersedes(error)) {
            let severity = self.severity(error);
            let most_severe = superseded.entry(error.instance_path().as_str()).or_insert(severity);
            *most_severe = severity.max(*most_severe);
        }
        superseded
    }

    fn severity(&self, error: &ValidationError<'_>) -> Severity {
        // A pattern that could not be evaluated is not an error of the payload.
        if matches!(error.kind(), ValidationErrorKind::BacktrackLimitExceeded { .. }) {
            return Severity::Warning;
        }
        let rule = self.rule(error);
        let keyword = rule.as_ref().map_or("", |rule| rule.keyword.as_str());
        severity(rule.as_ref().and_then(|rule| rule.parent), keyword)
    }

    /// Converts one error into findings: one for each unknown field, otherwise a single one.
    ///
    /// `document` is the original one; the validator may have seen one with cut strings.
    fn describe(&self, error: &ValidationError<'_>, document: &Value) -> Vec<Finding> {
        let rule = self.rule(error);
        let parent = rule.as_ref().and_then(|rule| rule.parent);
        let keyword = rule.as_ref().map_or("", |rule| rule.keyword.as_str());
        let annotation =
            |name: &str| parent.and_then(|parent| parent.get(name)).and_then(Value::as_str);
        let at = error.instance_path().as_str();
        let finding = |code, message, pointer: String| {
            let code = annotation("x-code").unwrap_or(code);
            Finding::new(severity(parent, keyword), code, message, self.source(rule.as_ref()))
                .at(pointer)
                .with_rule(rule.as_ref().map(Rule::location))
        };
        match error.kind() {
            ValidationErrorKind::BacktrackLimitExceeded { .. } => {
                let message = FindingMessage::custom(
                    "could not be matched against its pattern, which takes too long",
                    "a string on which the pattern exceeds its backtracking limit",
                    "a string that can be matched within the limit",
                );
                let source = self.source(rule.as_ref());
                vec![Finding::new(Severity::Warning, "undecided", message, source).at(at)]
            }
            ValidationErrorKind::Required { property } => {
                let name = pointer::escape(property.as_str().unwrap_or_default());
                let pointer = format!("{at}/{name}");
                let by_schema = || expectation::expected_at(&self.documents, &self.file, &pointer);
                let expected = annotation("x-expected").map(Expected::from).or_else(by_schema);
                let expected = expected.unwrap_or_else(|| "a value".into());
                vec![finding("missing", FindingMessage::missing(expected), pointer)]
            }
            ValidationErrorKind::AdditionalProperties { unexpected }
            | ValidationErrorKind::UnevaluatedProperties { unexpected } => unexpected
                .iter()
                .map(|name| {
                    let message = messages::unknown_field(name, parent);
                    finding("unknown-member", message, format!("{at}/{}", pointer::escape(name)))
                })
                .collect(),
            _ => {
                let value = document.pointer(at).unwrap_or(error.instance());
                let (code, message) = messages::code_and_message(error, value, parent, keyword);
                vec![finding(code, message, at.to_owned())]
            }
        }
    }

    /// Returns the keyword of the schema that an error violates.
    fn rule(&self, error: &ValidationError<'_>) -> Option<Rule<'_>> {
        let location = error.absolute_keyword_location()?.as_str();
        let (file, fragment) = location.split_once('#')?;
        // JSON Pointers in a URI fragment are percent-encoded (RFC 6901, section 6).
        let decode = |part| percent_decode_str(part).decode_utf8_lossy();
        let (file, fragment) = (decode(file.strip_prefix(BASE_URI)?), decode(fragment));
        let (file, root) = self.documents.get_key_value(&*file)?;
        let (pointer, keyword) = fragment.rsplit_once('/')?;
        let parent = root.pointer(pointer).and_then(Value::as_object);
        Some(Rule { file, pointer: pointer.to_owned(), keyword: keyword.to_owned(), parent })
    }

    /// Returns the source of a rule: the nearest `$comment` at or above it, or else its file.
    fn source(&self, rule: Option<&Rule<'_>>) -> String {
        let comment = rule.and_then(|rule| {
            let root = self.documents.get(rule.file)?;
            let mut pointer = rule.pointer.as_str();
            loop {
                let comment = root.pointer(pointer).and_then(|schema| schema["$comment"].as_str());
                if comment.is_some() {
                    return comment;
                }
                pointer = pointer.rsplit_once('/')?.0;
            }
        });
        let file = || rule.map_or(&*self.file, |rule| rule.file);
        let source = comment.map_or_else(|| format!("`{}`", file()), str::to_owned);
        self.sources.iter().fold(source, |source, (name, address)| source.replace(name, address))
    }
}

/// A keyword of a schema and the object that contains it.
struct Rule<'s> {
    file: &'s str,
    pointer: String,
    keyword: String,
    parent: Option<&'s Map<String, Value>>,
}

impl Rule<'_> {
    /// Returns the location of the keyword in the pack.
    fn location(&self) -> String {
        format!("{}#{}/{}", self.file, self.pointer, self.keyword)
    }
}

/// Collects the entries of `x-sources` in all documents: a name in brackets and its address.
fn sources(documents: &BTreeMap<String, Value>) -> Vec<(String, String)> {
    let entries = documents.values().filter_map(|root| root["x-sources"].as_object()).flatten();
    entries
        .filter_map(|(name, address)| {
            Some((format!("[{name}]"), format!("({})", address.as_str()?)))
        })
        .collect()
}

fn validation_options(
    file: &str,
    documents: &BTreeMap<String, Value>,
) -> jsonschema::ValidationOptions<'static> {
    jsonschema::options()
        .with_base_uri(format!("{BASE_URI}{}", utf8_percent_encode(file, ENCODED_IN_NAMES)))
        .with_retriever(PackDocuments(documents.clone()))
}

/// Returns `true` if an error makes the other errors of the same value redundant.
fn supersedes(error: &ValidationError<'_>) -> bool {
    matches!(
        error.kind(),
        ValidationErrorKind::Type { .. } | ValidationErrorKind::MinLength { limit: 1 }
    )
}

/// Returns `true` if an empty string that means "unset" may break the rule of this error.
///
/// It may not break a minimum length, which means that the field can never be unset.
fn unset_may_break(error: &ValidationError<'_>) -> bool {
    error.instance().as_str() == Some("")
        && matches!(
            error.kind(),
            ValidationErrorKind::Format { .. }
                | ValidationErrorKind::Enum { .. }
                | ValidationErrorKind::Pattern { .. }
        )
}

/// Returns the severity of a keyword by `x-severity`: one for all keywords, or one for each.
pub(super) fn severity(rule: Option<&Map<String, Value>>, keyword: &str) -> Severity {
    let annotation = match rule.and_then(|rule| rule.get("x-severity")) {
        Some(Value::Object(by_keyword)) => by_keyword.get(keyword),
        other => other,
    };
    if annotation.and_then(Value::as_str) == Some("warning") {
        Severity::Warning
    } else {
        Severity::Error
    }
}

#[cfg(test)]
mod tests;
