//! A complete HTTP/1.1 message in base64 beside the parsed request, as ngrok's agent adds it.

use crate::domain::message::{Headers, Message};
use crate::protocols::json::Json;
use crate::protocols::requests::logged::body_fields;
use crate::protocols::requests::logged::field_names::{field, non_null_field};
use crate::protocols::requests::{base64_text, http_text};

/// The field with the message.
const RAW: &str = "raw";

/// Headers that the list of the parsed request may lack.
const FRAMING: &[&str] = &["Host", "Content-Length", "Transfer-Encoding", "Connection"];

/// Returns the message, if the request has one.
///
/// A field of this name may as well hold the body, which a sender can write like a message. So its
/// headers must be those beside it, and no other field may hold a body.
pub(super) fn read(request: &Json, headers: &Headers) -> Option<Message> {
    let text = non_null_field(request, RAW)?.as_str()?;
    let has_body =
        body_fields::names().filter(|name| *name != RAW).any(|name| field(request, name).is_some());
    if has_body {
        return None;
    }
    let message = http_text::read_first(&base64_text::decode(text)?)?;
    let is_in =
        |all: &Headers, name: &str, value: &[u8]| all.get_all(name).any(|known| known == value);
    let is_framing = |name: &str| FRAMING.iter().any(|known| known.eq_ignore_ascii_case(name));
    let agrees = headers.iter().all(|(name, value)| is_in(&message.headers, name, value))
        && message
            .headers
            .iter()
            .all(|(name, value)| is_framing(name) || is_in(headers, name, value));
    agrees.then_some(message)
}
