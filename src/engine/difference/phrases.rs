//! Sentences about edits of a body: what one of the two bodies has that the other lacks.

use crate::protocols::schemes::hypothesis::Edit;

/// A sentence about one kind of edit. `{x}` is the changed body, `{y}` the original one.
struct Phrase {
    /// The code of the edit.
    code: &'static str,
    /// A part of its condition, if there are several edits with this code.
    condition: &'static str,
    text: &'static str,
}

const fn phrase(code: &'static str, text: &'static str) -> Phrase {
    Phrase { code, condition: "", text }
}

/// The sentences; an edit without one is described by its condition.
static PHRASES: &[Phrase] = &[
    phrase("final-newline-added", "{x} has a final newline"),
    Phrase {
        code: "final-newline-removed",
        condition: "CR LF",
        text: "{x} lost the final newline (CR LF) of {y}",
    },
    phrase("final-newline-removed", "{x} lost the final newline of {y}"),
    phrase("crlf-to-lf", "{x} has Unix newlines (LF) where {y} has Windows newlines (CR LF)"),
    phrase("lf-to-crlf", "{x} has Windows newlines (CR LF) where {y} has Unix newlines (LF)"),
    Phrase {
        code: "bom-added",
        condition: "whitespace",
        text: "{x} begins with a byte order mark (EF BB BF) and has whitespace around it",
    },
    phrase("bom-added", "{x} begins with a byte order mark (EF BB BF)"),
    phrase("bom-removed", "{x} lost the byte order mark (EF BB BF) of {y}"),
    phrase("outer-white-space", "{x} has whitespace around it"),
    phrase("stringified-twice", "{x} is {y} as one JSON string: it was stringified twice"),
    phrase("signed-stringified-twice", "{y} is {x} as one JSON string: it was stringified twice"),
    phrase("not-composed", "{x} is not in Unicode form NFC, and {y} is"),
    phrase("decoded-as-code-page", "{x} is {y} read in a code page and encoded as UTF-8 again"),
    phrase("body-in-code-page", "{x} is {y} in a code page instead of UTF-8"),
    phrase("percent-encoded", "{x} is {y} percent-encoded"),
    phrase("signed-percent-encoded", "{y} is {x} percent-encoded"),
    phrase("nul-added", "{x} ends in a zero byte (NUL)"),
];

/// Returns a sentence about the edit that restores `original` from `changed`, which are the names of
/// two bodies.
pub(super) fn describe(edit: &Edit, changed: &str, original: &str) -> String {
    let applies =
        |phrase: &&Phrase| phrase.code == edit.code && edit.condition.contains(phrase.condition);
    if let Some(phrase) = PHRASES.iter().find(applies) {
        return phrase.text.replace("{x}", changed).replace("{y}", original);
    }
    let condition = edit.condition.replacen("the body", &format!("the body of {changed}"), 1);
    format!("{changed} equals {original} if {condition}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::explain::codes;

    #[test]
    fn every_phrase_belongs_to_an_edit() {
        let codes = codes();
        for phrase in PHRASES {
            assert!(codes.contains(phrase.code), "{}", phrase.code);
        }
    }
}
