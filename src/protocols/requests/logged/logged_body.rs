//! Extracts the body of a logged request from its most exact representation.

use crate::protocols::json;
use crate::protocols::json::Json;
use crate::protocols::json_print;
use crate::protocols::json_print::AS_WRITTEN;
use crate::protocols::requests::base64_text;
use crate::protocols::requests::logged::body_fields::{
    BASE64_FLAGS, BodyEncoding, BodyField, ENCODINGS, EXACT, PERHAPS_EXACT, VALUES, names,
};
use crate::protocols::requests::logged::body_objects;
use crate::protocols::requests::logged::field_names::{NameFilter, field, fields};
use crate::protocols::requests::parsed::BODILESS_METHODS;

/// The prefix of a body that is not UTF-8 in httpbin.
const DATA_URL_PREFIX: &str = "data:application/octet-stream;base64,";

/// The body of a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LoggedBody {
    pub(super) bytes: Vec<u8>,
    /// `true` if the bytes are those of a parsed value that was printed again.
    pub(super) bytes_were_lost: bool,
}

impl LoggedBody {
    fn exact(bytes: Vec<u8>) -> Self {
        Self { bytes, bytes_were_lost: false }
    }
}

/// The request whose body is extracted.
pub(super) struct BodyContext<'a> {
    /// The request and its wrappers, the innermost first: pino logs the body next to the request.
    pub(super) objects: &'a [&'a Json],
    pub(super) method: &'a str,
    /// The value of `Content-Length`.
    pub(super) content_length: Option<usize>,
    /// `true` if nothing but the fields of a capture of this program counts.
    pub(super) is_capture: bool,
    /// `true` if an entry of the format is known to have its body in base64.
    pub(super) is_base64: bool,
    /// `true` if the fields beside the body are headers, which the sender chooses.
    pub(super) is_spread: bool,
}

impl BodyContext<'_> {
    /// Returns the body.
    ///
    /// A string is exact, and so is a field with one of the exact names, even that of a wrapper.
    /// A parsed value counts if neither exists.
    pub(super) fn extract(&self) -> Result<LoggedBody, String> {
        let mut parsed: Option<&Json> = None;
        for (index, object) in self.objects.iter().copied().enumerate() {
            // The field that leads to the request is not its body.
            let inner = index.checked_sub(1).and_then(|inner| self.objects.get(inner)).copied();
            let filter = NameFilter::of(object);
            let find = |row: &BodyField| {
                if !filter.may_have(row.name) {
                    return None;
                }
                let found = field(object, row.name)?;
                (!inner.is_some_and(|inner| std::ptr::eq(inner, found))).then_some(found)
            };
            if let Some(body) = self.exact(object, &find)? {
                return Ok(body);
            }
            let value = VALUES
                .iter()
                .find_map(|row| Some((row, find(row)?)).filter(|(_, found)| **found != Json::Null));
            if parsed.is_none()
                && let Some((row, found)) = value
            {
                match self.decode(object, found, row)? {
                    Some(body) => return Ok(body),
                    None => parsed = Some(found),
                }
            }
            if let Some(parsed) = parsed
                && let Some(body) = self.perhaps_exact(object, &find, parsed)
            {
                return Ok(body);
            }
        }
        match parsed {
            // Express has an empty object for a request without a body.
            Some(value) if self.is_bodiless() && value.as_object().is_some_and(<[_]>::is_empty) => {
                Ok(LoggedBody::exact(Vec::new()))
            }
            Some(value) => Ok(LoggedBody {
                bytes: json_print::print(value, &AS_WRITTEN),
                bytes_were_lost: true,
            }),
            None if self.is_bodiless() || self.has_body_field() => {
                Ok(LoggedBody::exact(Vec::new()))
            }
            None => Err("`body` is missing".to_owned()),
        }
    }

    /// Returns `true` if a field has the name of a body, even if it is `null`.
    fn has_body_field(&self) -> bool {
        self.objects.iter().any(|object| names().any(|name| field(object, name).is_some()))
    }

    fn is_bodiless(&self) -> bool {
        BODILESS_METHODS.contains(&self.method)
    }

    /// Returns the body in a field with one of the exact names, the first that is not empty.
    fn exact<'j>(
        &self,
        object: &Json,
        find: &dyn Fn(&BodyField) -> Option<&'j Json>,
    ) -> Result<Option<LoggedBody>, String> {
        let rows = EXACT.iter().filter(|row| !self.is_capture || row.name == CAPTURE_BASE64);
        let mut empty = None;
        for row in rows {
            let Some(found) = find(row).filter(|found| **found != Json::Null) else { continue };
            if found.as_array().is_some() {
                if let Some(bytes) = bytes_of(found) {
                    return Ok(Some(LoggedBody::exact(bytes)));
                }
                continue;
            }
            match self.decode(object, found, row)? {
                Some(body) if body.bytes.is_empty() => empty = Some(body),
                Some(body) => return Ok(Some(body)),
                // A parsed value under the name of an exact one.
                None => {}
            }
        }
        // An empty exact body is true unless another field has one.
        let has_value = || {
            VALUES.iter().any(|row| {
                find(row).is_some_and(|found| *found != Json::Null && found.as_str() != Some(""))
            })
        };
        Ok(empty.filter(|_| !has_value()))
    }

    /// Returns a string that may be the exact body, if it agrees with the parsed one.
    fn perhaps_exact<'j>(
        &self,
        object: &Json,
        find: &dyn Fn(&BodyField) -> Option<&'j Json>,
        parsed: &Json,
    ) -> Option<LoggedBody> {
        PERHAPS_EXACT.iter().find_map(|row| {
            let found = find(row)?;
            let body = self.decode(object, found, row).ok()??;
            let value = json::read(&body.bytes).ok()?;
            // n8n has an empty object beside the binary data.
            let is_unparsed = parsed.as_object().is_some_and(<[_]>::is_empty);
            let is_same = is_unparsed || has_same_fields(&value, parsed);
            (self.is_length(body.bytes.len()) || is_same).then_some(body)
        })
    }

    /// Decodes a field, or returns `None` if it is a parsed value.
    fn decode(
        &self,
        object: &Json,
        value: &Json,
        row: &BodyField,
    ) -> Result<Option<LoggedBody>, String> {
        if let Some(described) = body_objects::find(value)
            && let Some(bytes) = field(value, described.bytes_field)
        {
            let exact = match described.encoding {
                BodyEncoding::MaybeBase64 => self.text(value, bytes, "body"),
                encoding => decode_exact(bytes, encoding),
            }?;
            let is_json =
                !described.is_json || json::read(&exact).is_ok_and(|inner| is_container(&inner));
            if is_json && !self.is_itself_the_body(value, &exact) {
                return Ok(Some(LoggedBody::exact(exact)));
            }
        }
        let exact = match (row.encoding, value) {
            (BodyEncoding::MaybeBase64, Json::Text(_)) => self.text(object, value, row.name)?,
            (BodyEncoding::DataUrl, Json::Text(text)) => {
                let encoded = text.as_str().and_then(|text| text.strip_prefix(DATA_URL_PREFIX));
                // A payload may itself begin like this. It is then kept as a string if it is not
                // base64.
                match encoded.and_then(base64_text::decode) {
                    Some(bytes) => bytes,
                    None => self.text(object, value, row.name)?,
                }
            }
            (BodyEncoding::MaybeBase64 | BodyEncoding::DataUrl, _) => {
                // Bytes as numbers are a JSON array as well; the length tells which.
                let bytes = bytes_of(value).filter(|bytes| self.is_length(bytes.len()));
                return Ok(bytes.map(LoggedBody::exact));
            }
            (encoding, _) => decode_exact(value, encoding)?,
        };
        Ok(Some(LoggedBody::exact(exact)))
    }

    /// Decodes a string, which is base64 if a field of `object` declares that, or if only its
    /// decoded form has the length of the body.
    fn text(&self, object: &Json, value: &Json, name: &str) -> Result<Vec<u8>, String> {
        let Some(text) = value.as_str().filter(|_| !self.is_capture) else {
            return decode_exact(value, BodyEncoding::Text);
        };
        let is_flagged = !self.is_spread && fields(object, BASE64_FLAGS).any(is_set);
        let is_encoding =
            |found: &Json| found.as_str().is_some_and(|found| found.eq_ignore_ascii_case("base64"));
        let is_named = !self.is_spread && fields(object, ENCODINGS).any(is_encoding);
        if is_flagged || is_named {
            return match base64_text::decode(text) {
                Some(bytes) => Ok(bytes),
                None if is_flagged && name == "body" => {
                    Err("`body` is not base64, and `isBase64Encoded` says it is".to_owned())
                }
                None => Ok(text.as_bytes().to_vec()),
            };
        }
        // Without a length, and in other formats, nothing tells that a string is base64.
        let may_be_base64 = self.content_length.is_some() || self.is_base64;
        if may_be_base64
            && !self.is_length(text.len())
            && let Some(bytes) = base64_text::decode(text)
            && (self.is_length(bytes.len())
                || self.is_base64 && self.content_length.is_none() && json::read(&bytes).is_ok())
        {
            return Ok(bytes);
        }
        Ok(text.as_bytes().to_vec())
    }

    fn is_length(&self, length: usize) -> bool {
        self.content_length == Some(length)
    }

    /// Returns `true` if the length of the body shows that an object, which looks like a
    /// description of a body, was itself sent: a sender can write such an object.
    fn is_itself_the_body(&self, object: &Json, described: &[u8]) -> bool {
        let Some(length) = self.content_length else { return false };
        length != described.len() && length >= json_print::print(object, &AS_WRITTEN).len()
    }
}

/// The field of a capture of this program whose body is not UTF-8.
const CAPTURE_BASE64: &str = "bodybase64";

/// Returns `true` for an object or an array.
fn is_container(value: &Json) -> bool {
    matches!(value, Json::Object(_) | Json::Array(_))
}

/// Returns `true` if a flag is set, be it a boolean, a string or a number.
fn is_set(flag: &Json) -> bool {
    match flag {
        Json::Bool(flag) => *flag,
        Json::Number(literal) => literal == "1",
        Json::Text(text) => text.as_str().is_some_and(|text| {
            ["true", "1", "yes", "base64"].iter().any(|word| text.eq_ignore_ascii_case(word))
        }),
        Json::Null | Json::Array(_) | Json::Object(_) => false,
    }
}

/// Returns `true` if two values are the same, or objects that have at least half of their fields
/// in common: frameworks change values and drop fields.
fn has_same_fields(left: &Json, right: &Json) -> bool {
    let (Some(lefts), Some(rights)) = (left.as_object(), right.as_object()) else {
        return json::differences(left, right).is_empty();
    };
    let names: std::collections::HashSet<_> = lefts.iter().map(|(name, _)| name).collect();
    let common = rights.iter().filter(|(name, _)| names.contains(name)).count();
    2 * common >= lefts.len().max(rights.len())
}

/// Returns the bytes of an array of numbers, or of an object that numbers them.
fn bytes_of(value: &Json) -> Option<Vec<u8>> {
    let byte = |item: &Json| match item {
        Json::Number(literal) => literal.parse::<u8>().ok(),
        _ => None,
    };
    match value {
        Json::Array(items) if !items.is_empty() => items.iter().map(byte).collect(),
        Json::Object(fields) if !fields.is_empty() => {
            let numbered = fields.iter().zip(0_usize..);
            numbered
                .map(|((name, item), index)| {
                    let is_next = name.as_str()?.parse() == Ok(index);
                    byte(item).filter(|_| is_next)
                })
                .collect()
        }
        _ => None,
    }
}

/// Decodes a representation that keeps the exact bytes.
fn decode_exact(value: &Json, encoding: BodyEncoding) -> Result<Vec<u8>, String> {
    match encoding {
        BodyEncoding::Base64 => {
            let decoded = value.as_str().and_then(base64_text::decode);
            decoded.ok_or_else(|| "`body_base64` is not base64".to_owned())
        }
        BodyEncoding::Bytes => {
            let is_empty = value.as_array().is_some_and(<[_]>::is_empty);
            let bytes = if is_empty { Some(Vec::new()) } else { bytes_of(value) };
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
