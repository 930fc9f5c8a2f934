//! Extracts the body of a logged request from its most exact representation.

use crate::protocols::json::Json;
use crate::protocols::json_print;
use crate::protocols::json_print::AS_WRITTEN;
use crate::protocols::requests::logged::field_names::{field, non_null_field};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The representation of the body's bytes in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BodyEncoding {
    Base64,
    /// A string, or base64 if another field declares that.
    MaybeBase64,
    /// A string, or a `data:` URL if the bytes are not UTF-8.
    DataUrl,
    Bytes,
    Text,
}

/// The names of fields with the body, the most exact first: `WireMock`, AWS, Node, `webhook.site`,
/// httpbin.
const BODY_FIELDS: &[(&str, BodyEncoding)] = &[
    ("bodybase64", BodyEncoding::Base64),
    ("bodyasbase64", BodyEncoding::Base64),
    ("rawbodybase64", BodyEncoding::Base64),
    ("rawbody", BodyEncoding::MaybeBase64),
    ("body", BodyEncoding::MaybeBase64),
    ("content", BodyEncoding::MaybeBase64),
    ("data", BodyEncoding::DataUrl),
    ("payload", BodyEncoding::MaybeBase64),
];

/// Fields that state that the body is base64 (AWS API Gateway and load balancers).
const BASE64_FLAGS: &[&str] = &["isbase64encoded", "base64encoded"];

/// An object that represents a body, with metadata about it.
struct BodyObject {
    /// The field that identifies such an object, and its value.
    discriminator: (&'static str, &'static str),
    /// The field with the bytes.
    bytes_field: &'static str,
    encoding: BodyEncoding,
    /// The other fields of such an object. With any further field, the object is itself the
    /// payload.
    other_fields: &'static [&'static str],
}

/// The objects that represent a body: Node's `Buffer`, Postman, and `MockServer`.
const BODY_OBJECTS: &[BodyObject] = &[
    BodyObject {
        discriminator: ("type", "Buffer"),
        bytes_field: "data",
        encoding: BodyEncoding::Bytes,
        other_fields: &[],
    },
    BodyObject {
        discriminator: ("mode", "raw"),
        bytes_field: "raw",
        encoding: BodyEncoding::Text,
        other_fields: &["options"],
    },
    BodyObject {
        discriminator: ("type", "BINARY"),
        bytes_field: "base64Bytes",
        encoding: BodyEncoding::Base64,
        other_fields: &["contentType", "not"],
    },
    BodyObject {
        discriminator: ("type", "STRING"),
        bytes_field: "rawBytes",
        encoding: BodyEncoding::Base64,
        other_fields: &["string", "contentType", "not", "subString"],
    },
    BodyObject {
        discriminator: ("type", "STRING"),
        bytes_field: "string",
        encoding: BodyEncoding::Text,
        other_fields: &["contentType", "not", "subString"],
    },
    BodyObject {
        discriminator: ("type", "JSON"),
        bytes_field: "rawBytes",
        encoding: BodyEncoding::Base64,
        other_fields: &["json", "contentType", "not", "matchType"],
    },
];

/// The prefix of a body that is not UTF-8 in httpbin.
const DATA_URL_PREFIX: &str = "data:application/octet-stream;base64,";

/// The methods that usually have no body, so that it may be missing.
pub(crate) const BODILESS_METHODS: [&str; 3] = ["GET", "HEAD", "OPTIONS"];

/// Returns the body, and `true` if its original bytes were lost.
///
/// `objects` are the request and its wrappers, the innermost first: pino logs the body next to the
/// request.
pub(super) fn extract(objects: &[&Json], method: &str) -> Result<(Vec<u8>, bool), String> {
    for object in objects {
        let found = BODY_FIELDS
            .iter()
            .find_map(|(name, encoding)| Some((*encoding, non_null_field(object, name)?)));
        if let Some((encoding, found)) = found {
            let is_base64 =
                BASE64_FLAGS.iter().any(|name| field(object, name) == Some(&Json::Bool(true)));
            return decode(found, encoding, is_base64);
        }
    }
    let is_null =
        |object: &&Json| BODY_FIELDS.iter().any(|(name, _)| field(object, name).is_some());
    if objects.iter().any(is_null) || BODILESS_METHODS.contains(&method) {
        return Ok((Vec::new(), false));
    }
    Err("`body` is missing".to_owned())
}

fn decode(
    value: &Json,
    encoding: BodyEncoding,
    is_base64: bool,
) -> Result<(Vec<u8>, bool), String> {
    if let Some(described) = BODY_OBJECTS.iter().find(|described| described.matches(value)) {
        let bytes = field(value, described.bytes_field).ok_or("`body` has no bytes")?;
        return decode_exact(bytes, described.encoding).map(|bytes| (bytes, false));
    }
    let encoding = match (encoding, value) {
        (BodyEncoding::MaybeBase64, Json::Text(_)) if is_base64 => {
            return decode_exact(value, BodyEncoding::Base64)
                .map(|bytes| (bytes, false))
                .map_err(|_| "`body` is not base64, and `isBase64Encoded` says it is".to_owned());
        }
        (BodyEncoding::MaybeBase64, Json::Text(_)) => BodyEncoding::Text,
        (BodyEncoding::DataUrl, Json::Text(text)) => {
            let encoded = text.as_str().and_then(|text| text.strip_prefix(DATA_URL_PREFIX));
            // A payload may itself begin like this. It is then kept as a string if it is not
            // base64.
            if let Some(bytes) = encoded.and_then(|encoded| STANDARD.decode(encoded).ok()) {
                return Ok((bytes, false));
            }
            BodyEncoding::Text
        }
        (BodyEncoding::MaybeBase64 | BodyEncoding::DataUrl, value) => {
            return Ok((json_print::print(value, &AS_WRITTEN), true));
        }
        (encoding, _) => encoding,
    };
    decode_exact(value, encoding).map(|bytes| (bytes, false))
}

/// Decodes a representation that keeps the exact bytes.
fn decode_exact(value: &Json, encoding: BodyEncoding) -> Result<Vec<u8>, String> {
    match encoding {
        BodyEncoding::Base64 => {
            let decoded = value.as_str().and_then(|text| STANDARD.decode(text).ok());
            decoded.ok_or_else(|| "`body_base64` is not base64".to_owned())
        }
        BodyEncoding::Bytes => {
            let byte = |item: &Json| match item {
                Json::Number(literal) => literal.parse().ok(),
                _ => None,
            };
            let bytes = value.as_array().and_then(|items| items.iter().map(byte).collect());
            bytes.ok_or_else(|| "`body` is a buffer with an item that is not a byte".to_owned())
        }
        BodyEncoding::MaybeBase64 | BodyEncoding::DataUrl | BodyEncoding::Text => match value {
            Json::Text(text) => {
                let text = text.as_str().ok_or("`body` holds half a surrogate pair")?;
                Ok(text.as_bytes().to_vec())
            }
            _ => Err("`body` is not a string".to_owned()),
        },
    }
}

impl BodyObject {
    fn matches(&self, value: &Json) -> bool {
        let (name, expected) = self.discriminator;
        let known =
            |key: &str| key == name || key == self.bytes_field || self.other_fields.contains(&key);
        value.get(name).and_then(Json::as_str) == Some(expected)
            && value.get(self.bytes_field).is_some()
            && value
                .as_object()
                .is_some_and(|fields| fields.iter().all(|(key, _)| key.as_str().is_some_and(known)))
    }
}
