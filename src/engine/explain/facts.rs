//! What can be seen of a request that no hypothesis explains: facts, and no guesses.

use crate::domain::message::Message;
use crate::domain::verdict::Explanation;
use crate::protocols::json;
use crate::protocols::json::{FoundToken, JsonErrorKind};

/// Lengths at which tools cut what they capture: ngrok's inspector, then the powers of two.
const CUTS: [usize; 2] = [10_000, 10_240];

/// Sees something in a request, and says what.
type See = fn(&Message) -> Option<(String, &'static str)>;

/// The rows, each a code and what it looks for.
static ROWS: &[(&str, See)] = &[
    ("length-differs", |message| {
        let said: usize = message.headers.text("Content-Length")?.trim().parse().ok()?;
        let there = message.body.len();
        let text = format!(
            "The body has {there} bytes, and `Content-Length` says {said}: bytes were {} on the \
             way into this file.",
            if there < said { "lost" } else { "added" }
        );
        // A tool that undid a coding of the body shows another length than was sent.
        let coded = message.headers.contains("Content-Encoding");
        (there != said && !coded)
            .then_some((text, "capture the request where it arrives, byte for byte"))
    }),
    ("body-cut-off", |message| {
        let length = message.body.len();
        let round = CUTS.contains(&length) || (length >= 1024 && length.is_power_of_two());
        let error = json::read(&message.body).err()?;
        let cut = match error.kind {
            JsonErrorKind::Unexpected { found: FoundToken::End, .. } => true,
            // The end of the input within a character: a wrong byte has a length of its own.
            JsonErrorKind::InvalidUtf8 { .. } => {
                std::str::from_utf8(&message.body).is_err_and(|error| {
                    // Behind JSON that is complete there is nothing to be cut.
                    let before = &message.body[..error.valid_up_to()];
                    error.error_len().is_none() && json::read(before).is_err()
                })
            }
            _ => false,
        };
        let blank = message.body.trim_ascii().is_empty();
        let text = match (blank, round) {
            (true, _) => "The body is empty: it was not captured, or was read before.".to_owned(),
            (_, true) => format!(
                "The body ends in the middle of its JSON, after exactly {length} bytes: what \
                 captured it keeps no more."
            ),
            (_, false) => format!("The body ends in the middle of its JSON, after {length} bytes."),
        };
        let fix =
            "raise the limit of the tool that captured it, or let `leadhook listen --save` do it";
        cut.then_some((text, fix))
    }),
    ("other-encoding", |message| {
        let body = &message.body;
        let at = std::str::from_utf8(body).err()?.valid_up_to();
        let utf16 = body.starts_with(&[0xff, 0xfe]) || body.starts_with(&[0xfe, 0xff]);
        let text = if utf16 {
            "The body begins with the byte order mark of UTF-16.".to_owned()
        } else if is_latin1(body) {
            let byte = body.get(at)?;
            format!(
                "The body is JSON in Latin-1 or Windows-1252 and not in UTF-8: the byte at offset \
                 {at} is 0x{byte:02x}."
            )
        } else {
            return None;
        };
        Some((text, "keep the bytes as they arrive: JSON is UTF-8 (RFC 8259, section 8.1)"))
    }),
    ("replaced-letters", |message| {
        let text = std::str::from_utf8(&message.body).ok().filter(|text| text.contains('\u{fffd}'));
        text.map(|_| {
            let said = "The body holds U+FFFD: decoders write it in place of bytes that are not \
                        UTF-8, and those bytes cannot be restored.";
            (said.to_owned(), "hash the bytes before anything decodes them")
        })
    }),
];

/// Returns `true` if the bytes are a whole JSON text once each is read as a character of Latin-1.
fn is_latin1(body: &[u8]) -> bool {
    let text: String = body.iter().copied().map(char::from).collect();
    json::read(text.as_bytes()).is_ok()
}

/// The codes of the explanations.
pub(super) fn codes() -> impl Iterator<Item = &'static str> {
    ROWS.iter().map(|(code, _)| *code)
}

/// Every fact there is.
pub(super) fn all(message: &Message) -> Vec<Explanation> {
    let seen = ROWS.iter().filter_map(|(code, see)| Some((*code, see(message)?)));
    seen.map(|(code, (text, fix))| Explanation::new(code, text, fix)).collect()
}
