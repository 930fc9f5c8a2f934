//! Observed faults of a request, which are reported if no hypothesis explains the signature.

use crate::domain::message::Message;
use crate::domain::verdict::Explanation;
use crate::protocols::json;
use crate::protocols::json::{FoundToken, JsonErrorKind};

/// The lengths at which tools truncate captures, besides powers of two: ngrok's inspector.
const CAPTURE_LIMITS: [usize; 2] = [10_000, 10_240];

/// Returns the message about the fault and its fix, if the request has it.
type Observe = fn(&Message) -> Option<(String, &'static str)>;

/// The faults by code.
static ROWS: &[(&str, Observe)] = &[
    ("length-differs", |message| {
        let declared: usize = message.headers.get_str("Content-Length")?.trim().parse().ok()?;
        let actual = message.body.len();
        let text = format!(
            "The body has {actual} bytes, but `Content-Length` says {declared}: bytes were {} \
             before the body was saved to this file.",
            if actual < declared { "lost" } else { "added" }
        );
        // A tool that decompressed the body saves another length than was sent.
        let is_encoded = message.headers.contains("Content-Encoding");
        (actual != declared && !is_encoded)
            .then_some((text, "capture the request where it arrives, byte for byte"))
    }),
    ("body-cut-off", |message| {
        let length = message.body.len();
        let is_usual_limit =
            CAPTURE_LIMITS.contains(&length) || (length >= 1024 && length.is_power_of_two());
        let error = json::read(&message.body).err()?;
        let is_truncated = match error.kind {
            JsonErrorKind::Unexpected { found: FoundToken::End, .. } => true,
            // The input ends within a character; for an invalid byte, `error_len` is `Some`.
            JsonErrorKind::InvalidUtf8 { .. } => {
                std::str::from_utf8(&message.body).is_err_and(|error| {
                    // If the JSON is complete before it, nothing was truncated.
                    let before = &message.body[..error.valid_up_to()];
                    error.error_len().is_none() && json::read(before).is_err()
                })
            }
            _ => false,
        };
        let is_empty = message.body.trim_ascii().is_empty();
        let text = match (is_empty, is_usual_limit) {
            (true, _) => {
                "The body is empty: it was not captured, or had already been read.".to_owned()
            }
            (_, true) => format!(
                "The body ends in the middle of its JSON, after exactly {length} bytes: \
                 the tool that captured it has that limit."
            ),
            (_, false) => format!("The body ends in the middle of its JSON, after {length} bytes."),
        };
        let fix = "raise the limit of the tool that captured it, or use `leadhook listen --save`";
        is_truncated.then_some((text, fix))
    }),
    ("other-encoding", |message| {
        let body = &message.body;
        let offset = std::str::from_utf8(body).err()?.valid_up_to();
        let is_utf16 = body.starts_with(&[0xff, 0xfe]) || body.starts_with(&[0xfe, 0xff]);
        let text = if is_utf16 {
            "The body begins with the byte order mark of UTF-16.".to_owned()
        } else if is_latin1(body) {
            let byte = body.get(offset)?;
            format!(
                "The body is JSON in Latin-1 or Windows-1252 instead of UTF-8: the byte at offset \
                 {offset} is 0x{byte:02x}."
            )
        } else {
            return None;
        };
        Some((text, "keep the bytes as they arrive: JSON is UTF-8 (RFC 8259, section 8.1)"))
    }),
    ("replaced-letters", |message| {
        let text = std::str::from_utf8(&message.body).ok().filter(|text| text.contains('\u{fffd}'));
        text.map(|_| {
            let message = "The body contains U+FFFD: decoders replace invalid UTF-8 with it, and the \
                           original bytes are not in this file.";
            (message.to_owned(), "hash the bytes before anything decodes them")
        })
    }),
];

/// Returns `true` if the bytes are valid JSON when decoded as Latin-1.
fn is_latin1(body: &[u8]) -> bool {
    let text: String = body.iter().copied().map(char::from).collect();
    json::read(text.as_bytes()).is_ok()
}

/// Returns the codes of the explanations.
pub(super) fn codes() -> impl Iterator<Item = &'static str> {
    ROWS.iter().map(|(code, _)| *code)
}

/// Returns an explanation for every fault of the request.
pub(super) fn all(message: &Message) -> Vec<Explanation> {
    let faults = ROWS.iter().filter_map(|(code, observe)| Some((*code, observe(message)?)));
    faults.map(|(code, (text, fix))| Explanation::new(code, text, fix)).collect()
}
