//! The body of a logged request, in the most exact form that was kept of it.

use crate::protocols::json::Json;
use crate::protocols::json_print;
use crate::protocols::json_print::AS_WRITTEN;
use crate::protocols::requests::logged::field_names::{member, present};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// How the bytes are kept under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kept {
    Base64,
    /// A text, or base64 where a member beside it says so.
    Told,
    /// A text, or a `data:` URL where the bytes are no text.
    DataUrl,
    Bytes,
    Text,
}

/// Names of the body, the most exact first: `WireMock`, AWS, Node, `webhook.site`, httpbin.
const BODIES: &[(&str, Kept)] = &[
    ("bodybase64", Kept::Base64),
    ("bodyasbase64", Kept::Base64),
    ("rawbodybase64", Kept::Base64),
    ("rawbody", Kept::Told),
    ("body", Kept::Told),
    ("content", Kept::Told),
    ("data", Kept::DataUrl),
    ("payload", Kept::Told),
];

/// Members that say that the one beside them is base64 (AWS, API Gateway and load balancers).
const IS_BASE64: &[&str] = &["isbase64encoded", "base64encoded"];

/// A body kept as an object about it.
struct Described {
    /// The member that tells it, and what it says.
    mark: (&'static str, &'static str),
    /// The member with the bytes.
    bytes: &'static str,
    kept: Kept,
    /// What else stands there. With any other member the object is itself the payload.
    beside: &'static [&'static str],
}

/// Objects about a body: Node's `Buffer`, Postman, and `MockServer`.
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

/// How httpbin begins a body that is no text.
const DATA_URL: &str = "data:application/octet-stream;base64,";

/// Methods of requests that mostly have no body, so that none need be kept.
pub(crate) const BODILESS: [&str; 3] = ["GET", "HEAD", "OPTIONS"];

/// The bytes of the body, and whether they had to be made again.
///
/// What is around the request is searched after the request: pino logs the body beside it.
pub(super) fn of(around: &[&Json], method: &str) -> Result<(Vec<u8>, bool), String> {
    for object in around {
        let found = BODIES.iter().find_map(|(name, kept)| Some((*kept, present(object, name)?)));
        if let Some((kept, found)) = found {
            let is_base64 =
                IS_BASE64.iter().any(|name| member(object, name) == Some(&Json::Bool(true)));
            return read(found, kept, is_base64);
        }
    }
    let is_null = |object: &&Json| BODIES.iter().any(|(name, _)| member(object, name).is_some());
    if around.iter().any(is_null) || BODILESS.contains(&method) {
        return Ok((Vec::new(), false));
    }
    Err("`body` is missing".to_owned())
}

fn read(value: &Json, kept: Kept, is_base64: bool) -> Result<(Vec<u8>, bool), String> {
    if let Some(described) = DESCRIBED.iter().find(|described| described.fits(value)) {
        let bytes = member(value, described.bytes).ok_or("`body` has no bytes")?;
        return exact(bytes, described.kept).map(|bytes| (bytes, false));
    }
    let kept = match (kept, value) {
        (Kept::Told, Json::Text(_)) if is_base64 => {
            return exact(value, Kept::Base64)
                .map(|bytes| (bytes, false))
                .map_err(|_| "`body` is not base64, and `isBase64Encoded` says it is".to_owned());
        }
        (Kept::Told, Json::Text(_)) => Kept::Text,
        (Kept::DataUrl, Json::Text(text)) => {
            let encoded = text.as_str().and_then(|text| text.strip_prefix(DATA_URL));
            // The payload itself may be such a text; then it is no base64, or that is its body.
            if let Some(bytes) = encoded.and_then(|encoded| STANDARD.decode(encoded).ok()) {
                return Ok((bytes, false));
            }
            Kept::Text
        }
        (Kept::Told | Kept::DataUrl, value) => {
            return Ok((json_print::print(value, &AS_WRITTEN), true));
        }
        (kept, _) => kept,
    };
    exact(value, kept).map(|bytes| (bytes, false))
}

/// The bytes that were kept as they were.
fn exact(value: &Json, kept: Kept) -> Result<Vec<u8>, String> {
    match kept {
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
            bytes.ok_or_else(|| "`body` is a buffer, and not one of bytes from 0 to 255".to_owned())
        }
        Kept::Told | Kept::DataUrl | Kept::Text => match value {
            Json::Text(text) => {
                let text = text.as_str().ok_or("`body` holds half a surrogate pair")?;
                Ok(text.as_bytes().to_vec())
            }
            _ => Err("`body` is not a text".to_owned()),
        },
    }
}

impl Described {
    fn fits(&self, value: &Json) -> bool {
        let (mark, said) = self.mark;
        let known = |key: &str| key == mark || key == self.bytes || self.beside.contains(&key);
        value.get(mark).and_then(Json::as_str) == Some(said)
            && value.get(self.bytes).is_some()
            && value.as_object().is_some_and(|members| {
                members.iter().all(|(key, _)| key.as_str().is_some_and(known))
            })
    }
}
