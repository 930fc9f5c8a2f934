//! Objects that represent a body, with metadata about it.

use crate::protocols::json::Json;
use crate::protocols::requests::logged::body_fields::BodyEncoding;
use crate::protocols::requests::logged::field_names::{field, matches_name};

/// An object that represents a body.
pub(super) struct BodyObject {
    /// The field that identifies such an object by its value.
    discriminator: Option<(&'static str, &'static str)>,
    /// The field with the bytes.
    pub(super) bytes_field: &'static str,
    pub(super) encoding: BodyEncoding,
    /// Further fields, of which at least one identifies such an object without a discriminator.
    identifying: &'static [&'static str],
    /// The other fields of such an object. With any further field, the object is itself the
    /// payload.
    others: &'static [&'static str],
    /// `true` if the bytes must be JSON, because the names alone do not identify such an object.
    pub(super) is_json: bool,
}

const fn typed(
    discriminator: (&'static str, &'static str),
    bytes_field: &'static str,
    encoding: BodyEncoding,
    others: &'static [&'static str],
) -> BodyObject {
    BodyObject {
        discriminator: Some(discriminator),
        bytes_field,
        encoding,
        identifying: &[],
        others,
        is_json: false,
    }
}

const fn untyped(
    bytes_field: &'static str,
    encoding: BodyEncoding,
    identifying: &'static [&'static str],
    others: &'static [&'static str],
) -> BodyObject {
    BodyObject { discriminator: None, bytes_field, encoding, identifying, others, is_json: false }
}

/// Further fields that describe a body.
const METADATA: &[&str] = &[
    "bytes",
    "size",
    "length",
    "contentLength",
    "contentType",
    "mimeType",
    "type",
    "truncated",
    "encoding",
];

const fn plain(bytes_field: &'static str) -> BodyObject {
    let encoding = BodyEncoding::MaybeBase64;
    BodyObject { is_json: true, ..untyped(bytes_field, encoding, &[], METADATA) }
}

/// The objects that represent a body: Node's `Buffer`, Postman, `MockServer`, Envoy, `MongoDB`,
/// Charles, Insomnia and archives, request bins, clients that name the language of the body, and
/// Elasticsearch.
const BODY_OBJECTS: &[BodyObject] = &[
    typed(("type", "Buffer"), "data", BodyEncoding::Bytes, &[]),
    typed(("mode", "raw"), "raw", BodyEncoding::Text, &["options"]),
    typed(("type", "BINARY"), "base64Bytes", BodyEncoding::Base64, &["contentType", "not"]),
    typed(
        ("type", "STRING"),
        "rawBytes",
        BodyEncoding::Base64,
        &["string", "contentType", "not", "subString"],
    ),
    typed(("type", "STRING"), "string", BodyEncoding::Text, &["contentType", "not", "subString"]),
    typed(
        ("type", "JSON"),
        "rawBytes",
        BodyEncoding::Base64,
        &["json", "contentType", "not", "matchType"],
    ),
    typed(("mode", "json"), "json", BodyEncoding::Text, &[]),
    typed(("type", "json"), "raw", BodyEncoding::Text, &["form"]),
    typed(("type", "text"), "raw", BodyEncoding::Text, &["form"]),
    untyped("asbytes", BodyEncoding::Base64, &["asbytes"], &["truncated"]),
    untyped("asstring", BodyEncoding::Text, &["asstring"], &["truncated"]),
    untyped("$binary/base64", BodyEncoding::Base64, &["$binary"], &[]),
    untyped("$binary", BodyEncoding::Base64, &["$type"], &[]),
    untyped("encoded", BodyEncoding::Base64, &["encoding", "charset"], &["contentEncoding"]),
    untyped(
        "text",
        BodyEncoding::MaybeBase64,
        &["mimeType", "charset", "encoding"],
        &["params", "comment", "size", "contentType", "fileName"],
    ),
    untyped(
        "raw",
        BodyEncoding::MaybeBase64,
        &["contentType", "mimeType", "encoding"],
        &["data", "json", "parsed", "size", "length", "type"],
    ),
    untyped(
        "body",
        BodyEncoding::MaybeBase64,
        &["contentType", "mimeType", "isBase64Encoded"],
        &["encoding", "size"],
    ),
    untyped(
        "data",
        BodyEncoding::MaybeBase64,
        &["inputTruncated", "contentType", "mimeType"],
        &["encoding", "size", "inputTruncatedSize", "action"],
    ),
    plain("content"),
    plain("text"),
    plain("raw"),
    plain("data"),
];

/// Returns the representation that a value has, if it is one.
pub(super) fn find(value: &Json) -> Option<&'static BodyObject> {
    BODY_OBJECTS.iter().find(|described| described.matches(value))
}

impl BodyObject {
    fn matches(&self, value: &Json) -> bool {
        let Some(fields) = value.as_object().filter(|fields| fields.len() <= MAX_FIELDS) else {
            return false;
        };
        let top = self.bytes_field.split('/').next().unwrap_or_default();
        let is_identified = match self.discriminator {
            Some((name, expected)) => value.get(name).and_then(Json::as_str) == Some(expected),
            None => {
                self.is_json || self.identifying.iter().any(|name| field(value, name).is_some())
            }
        };
        let discriminator = self.discriminator.map_or(top, |(name, _)| name);
        let is_known = |key: &str| {
            let mut others = self.identifying.iter().chain(self.others);
            matches_name(key, top)
                || matches_name(key, discriminator)
                || others.any(|name| matches_name(key, name))
        };
        is_identified
            && field(value, self.bytes_field).is_some_and(|bytes| match self.encoding {
                BodyEncoding::Bytes => bytes.as_array().is_some(),
                _ => bytes.as_str().is_some(),
            })
            && fields.iter().all(|(key, _)| key.as_str().is_some_and(is_known))
    }
}

/// The maximum number of fields of such an object.
const MAX_FIELDS: usize = 12;
