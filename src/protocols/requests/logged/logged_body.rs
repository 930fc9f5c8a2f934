//! Extracts the body of a logged request from its most exact representation.

use crate::protocols::json::Json;
use crate::protocols::json_print;
use crate::protocols::json_print::AS_WRITTEN;
use crate::protocols::requests::logged::field_names::{field, present};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The representation of the body's bytes in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kept {
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
const BODIES: &[(&str, Kept)] = &[
    ("bodybase64", Kept::Base64),
    ("bodyasbase64", Kept::Base64),
    ("rawbodybase64", Kept::Base64),
    ("rawbody", Kept::MaybeBase64),
    ("body", Kept::MaybeBase64),
    ("content", Kept::MaybeBase64),
    ("data", Kept::DataUrl),
    ("payload", Kept::MaybeBase64),
];

/// Fields that state that the body is base64 (AWS API Gateway and load balancers).
const IS_BASE64: &[&str] = &["isbase64encoded", "base64encoded"];

/// An object that represents a body, with metadata about it.
struct Described {
    /// The field that identifies such an object, and its value.
    mark: (&'static str, &'static str),
    /// The field with the bytes.
    bytes: &'static str,
    kept: Kept,
    /// The other fields of such an object. With any further field, the object is itself the
    /// payload.
    beside: &'static [&'static str],
}

/// The objects that represent a body: Node's `Buffer`, Postman, and `MockServer`.
const DESCRIBED: &[Described] = &[
    Described { mark: ("type", "Buffer"), bytes: "data", kept: Kept::Bytes, beside: &[] },
    Described { mark: ("mode", "raw"), bytes: "raw", kept: Kept::Text, beside: &["options"] },
    Described {
        mark: ("type", "BINARY"),
        bytes: "base64Bytes",
        kept: Kept::Base64,
        beside: &["contentType", "not"],
    },
    Described {
        mark: ("type", "STRING"),
        bytes: "rawBytes",
        kept: Kept::Base64,
        beside: &["string", "contentType", "not", "subString"],
    },
    Described {
        mark: ("type", "STRING"),
        bytes: "string",
        kept: Kept::Text,
        beside: &["contentType", "not", "subString"],
    },
    Described {
        mark: ("type", "JSON"),
        bytes: "rawBytes",
        kept: Kept::Base64,
        beside: &["json", "contentType", "not", "matchType"],
    },
];

/// The prefix of a body that is not UTF-8 in httpbin.
const DATA_URL: &str = "data:application/octet-stream;base64,";

/// The methods that usually have no body, so that it may be missing.
pub(crate) const BODILESS: [&str; 3] = ["GET", "HEAD", "OPTIONS"];

/// Returns the body, and `true` if its original bytes were lost.
///
/// `objects` are the request and its wrappers, the innermost first: pino logs the body next to the
/// request.
pub(super) fn of(objects: &[&Json], method: &str) -> Result<(Vec<u8>, bool), String> {
    for object in objects {
        let found =
            BODIES.iter().find_map(|(name, encoding)| Some((*encoding, present(object, name)?)));
        if let Some((encoding, found)) = found {
            let is_base64 =
                IS_BASE64.iter().any(|name| field(object, name) == Some(&Json::Bool(true)));
            return read(found, encoding, is_base64);
        }
    }
    let is_null = |object: &&Json| BODIES.iter().any(|(name, _)| field(object, name).is_some());
    if objects.iter().any(is_null) || BODILESS.contains(&method) {
        return Ok((Vec::new(), false));
    }
    Err("`body` is missing".to_owned())
}

fn read(value: &Json, encoding: Kept, is_base64: bool) -> Result<(Vec<u8>, bool), String> {
    if let Some(described) = DESCRIBED.iter().find(|described| described.fits(value)) {
        let bytes = field(value, described.bytes).ok_or("`body` has no bytes")?;
        return exact(bytes, described.kept).map(|bytes| (bytes, false));
    }
    let encoding = match (encoding, value) {
        (Kept::MaybeBase64, Json::Text(_)) if is_base64 => {
            return exact(value, Kept::Base64)
                .map(|bytes| (bytes, false))
                .map_err(|_| "`body` is not base64, and `isBase64Encoded` says it is".to_owned());
        }
        (Kept::MaybeBase64, Json::Text(_)) => Kept::Text,
        (Kept::DataUrl, Json::Text(text)) => {
            let encoded = text.as_str().and_then(|text| text.strip_prefix(DATA_URL));
            // A payload may itself begin like this. It is then kept as a string if it is not
            // base64.
            if let Some(bytes) = encoded.and_then(|encoded| STANDARD.decode(encoded).ok()) {
                return Ok((bytes, false));
            }
            Kept::Text
        }
        (Kept::MaybeBase64 | Kept::DataUrl, value) => {
            return Ok((json_print::print(value, &AS_WRITTEN), true));
        }
        (encoding, _) => encoding,
    };
    exact(value, encoding).map(|bytes| (bytes, false))
}

/// Decodes a representation that keeps the exact bytes.
fn exact(value: &Json, encoding: Kept) -> Result<Vec<u8>, String> {
    match encoding {
        Kept::Base64 => {
            let decoded = value.as_str().and_then(|text| STANDARD.decode(text).ok());
            decoded.ok_or_else(|| "`body_base64` is not base64".to_owned())
        }
        Kept::Bytes => {
            let byte = |item: &Json| match item {
                Json::Number(literal) => literal.parse().ok(),
                _ => None,
            };
            let bytes = value.as_array().and_then(|items| items.iter().map(byte).collect());
            bytes.ok_or_else(|| "`body` is a buffer with an item that is not a byte".to_owned())
        }
        Kept::MaybeBase64 | Kept::DataUrl | Kept::Text => match value {
            Json::Text(text) => {
                let text = text.as_str().ok_or("`body` holds half a surrogate pair")?;
                Ok(text.as_bytes().to_vec())
            }
            _ => Err("`body` is not a string".to_owned()),
        },
    }
}

impl Described {
    fn fits(&self, value: &Json) -> bool {
        let (name, expected) = self.mark;
        let known = |key: &str| key == name || key == self.bytes || self.beside.contains(&key);
        value.get(name).and_then(Json::as_str) == Some(expected)
            && value.get(self.bytes).is_some()
            && value
                .as_object()
                .is_some_and(|fields| fields.iter().all(|(key, _)| key.as_str().is_some_and(known)))
    }
}
