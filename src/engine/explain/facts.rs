//! What can be seen of a request that no hypothesis explains: facts, and no guesses.

use crate::domain::message::Message;
use crate::domain::verdict::Explanation;
use crate::protocols::json;
use crate::protocols::json::{Found, JsonErrorKind};

/// Lengths at which tools cut what they capture: ngrok's inspector, then the powers of two.
const CUTS: [usize; 2] = [10_000, 10_240];

/// The most bytes of a letter in UTF-8, which may have been cut as well.
const LETTER: usize = 4;

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
            JsonErrorKind::Unexpected { found: Found::End, .. } => true,
            JsonErrorKind::InvalidUtf8 { .. } => error.offset + LETTER >= length,
            _ => false,
        };
        let text = match (length, round) {
            (0, _) => "The body is empty: it was not captured, or was read before.".to_owned(),
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
    ("replaced-letters", |message| {
        let text = std::str::from_utf8(&message.body).ok().filter(|text| text.contains('\u{fffd}'));
        text.map(|_| {
            let said = "The body holds U+FFFD: bytes that were no UTF-8 have been replaced, and \
                        cannot be brought back.";
            (said.to_owned(), "hash the bytes before anything decodes them")
        })
    }),
];

/// The codes of the explanations.
pub(super) fn codes() -> impl Iterator<Item = &'static str> {
    ROWS.iter().map(|(code, _)| *code)
}

/// Every fact there is.
pub(super) fn all(message: &Message) -> Vec<Explanation> {
    let seen = ROWS.iter().filter_map(|(code, see)| Some((*code, see(message)?)));
    seen.map(|(code, (text, fix))| Explanation::new(code, text, fix)).collect()
}
