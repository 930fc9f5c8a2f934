//! Sentences about code that computed a digest: the content that it hashed, and the fix.
//!
//! The hypotheses of the search are worded for a signature; here the digest is that of the reader's
//! own code. Most need no words of their own: the condition says what the code did.

use crate::engine::explain::own_digest::contents;
use crate::engine::explain::{hypothesis_texts, languages, reserialised};
use crate::protocols::json::Json;
use crate::protocols::json_print;
use crate::protocols::json_print::Style;
use crate::protocols::schemes::hypothesis::{Edit, HypothesisKind};

/// The fix for code that hashes an edited body.
const RAW_BODY_FIX: &str =
    "hash the bytes of the body as they arrive, before anything parses, trims or decodes them";

/// The fix for another key, if the configured secret verifies the request.
const CONFIGURED_KEY_FIX: &str =
    "use the secret in your code as it is configured here: with it, this request is valid";

/// The fix for another key, if it is not known which one is right.
const SAME_KEY_FIX: &str = "copy the secret from the provider once more, and use the same characters in your code and here";

/// The maximum number of languages whose fixes are listed, each for one framework.
const MAX_LANGUAGES: usize = 3;

/// The sentences about bodies, by the code of the hypothesis.
pub(in crate::engine::explain) static BODIES: &[(&str, &str)] = &[
    ("final-newline-added", "Your code hashed the body without its final newline."),
    ("final-newline-removed", "Your code hashed the body with a newline at its end."),
    ("crlf-to-lf", "Your code hashed the body with CR LF instead of LF."),
    ("lf-to-crlf", "Your code hashed the body with LF instead of CR LF."),
    ("bom-added", "Your code hashed the body without its byte order mark."),
    ("bom-removed", "Your code hashed the body with a byte order mark before it."),
    ("outer-white-space", "Your code hashed the body without the whitespace around it."),
    (
        "empty-body",
        "Your code hashed an empty body: another body parser had read the request before, or the \
         body was not passed to the MAC.",
    ),
    ("stringified-twice", "Your code hashed the string that the JSON of the body contains."),
    (
        "signed-stringified-twice",
        "Your code hashed `JSON.stringify` of the body as a string, with quotes and escapes.",
    ),
    ("percent-encoded", "Your code hashed the percent-decoded body."),
    ("signed-percent-encoded", "Your code hashed the body percent-encoded, as a form has it."),
    ("nul-added", "Your code hashed the body without its final NUL."),
];

/// The match of a digest: the edits, and what is known about the request.
pub(in crate::engine::explain) struct ContentMatch<'m> {
    pub(in crate::engine::explain) edits: &'m [Edit],
    /// The content that gives the digest.
    pub(in crate::engine::explain) hashed: &'m [u8],
    /// The body as JSON, if it is.
    pub(in crate::engine::explain) json: Option<&'m Json>,
    /// `true` if the signature of the request is valid.
    pub(in crate::engine::explain) is_valid: bool,
    /// `true` if the signature is that of a token, which does not cover the body.
    pub(in crate::engine::explain) is_token: bool,
}

/// The description of a match.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::engine::explain) struct MatchDescription {
    pub(in crate::engine::explain) code: &'static str,
    pub(in crate::engine::explain) message: String,
    pub(in crate::engine::explain) fix: String,
}

/// The description of one edit.
struct EditDescription {
    code: &'static str,
    kind: HypothesisKind,
    /// A sentence of its own, if it has one.
    sentence: Option<String>,
    condition: String,
    fix: String,
}

/// Describes what the code hashed and with which key, and the fixes.
pub(in crate::engine::explain) fn describe(found: &ContentMatch<'_>) -> Option<MatchDescription> {
    let mut described: Vec<_> = found.edits.iter().map(|edit| describe_edit(edit, found)).collect();
    // The content is named first, then the key.
    described.sort_by_key(|described| (described.sentence.is_none(), described.kind));
    let (first, rest) = described.split_first()?;
    let conditions = |described: &[EditDescription]| {
        described
            .iter()
            .map(|described| described.condition.clone())
            .collect::<Vec<_>>()
            .join(", and ")
    };
    let message = match (&first.sentence, rest) {
        (Some(sentence), []) => sentence.clone(),
        (Some(sentence), rest) => {
            format!("{sentence} The digest matches if, in addition, {}.", conditions(rest))
        }
        (None, _) => {
            format!("{}: its digest matches if {}.", lead(first.kind), conditions(&described))
        }
    };
    let mut fixes: Vec<_> = described.iter().map(|described| described.fix.as_str()).collect();
    fixes.dedup();
    Some(MatchDescription { code: first.code, message, fix: fixes.join("; ") })
}

/// Returns the beginning of the sentence about edits of one kind.
fn lead(kind: HypothesisKind) -> &'static str {
    match kind {
        HypothesisKind::Body
        | HypothesisKind::PrintedAgain
        | HypothesisKind::OwnDigest
        | HypothesisKind::Fact => "Your code hashed another body than it received",
        HypothesisKind::Secret => "Your code hashed the right content with another key",
        HypothesisKind::SignedContent => {
            "Your code signed other content than this provider, or not with an HMAC"
        }
        HypothesisKind::Signature | HypothesisKind::Token => {
            "Your code computed another kind of digest"
        }
    }
}

/// Describes one edit.
fn describe_edit(edit: &Edit, found: &ContentMatch<'_>) -> EditDescription {
    let described = if let Some(style) = json_print::style(edit.key) {
        describe_style(style, found)
    } else if is_content(edit.code) {
        EditDescription {
            code: edit.code,
            kind: HypothesisKind::Body,
            sentence: Some(edit.evidence.to_string()),
            condition: edit.condition.to_string(),
            fix: edit.fix.to_string(),
        }
    } else {
        describe_known(edit, found)
    };
    let is_about_body =
        matches!(described.kind, HypothesisKind::Body | HypothesisKind::PrintedAgain);
    if found.is_token && is_about_body {
        return EditDescription { fix: contents::TOKEN_FIX.to_owned(), ..described };
    }
    described
}

/// Returns `true` if the code is that of a content which only receivers hash.
fn is_content(code: &str) -> bool {
    contents::ROWS.iter().any(|row| row.code == code) || code == contents::BODY_NOT_TOKEN.code
}

/// Describes a hypothesis of the search.
fn describe_known(edit: &Edit, found: &ContentMatch<'_>) -> EditDescription {
    let texts = hypothesis_texts::texts();
    let kind = texts
        .iter()
        .find(|text| text.code == edit.code)
        .map_or(HypothesisKind::SignedContent, |text| text.kind);
    let sentence = BODIES.iter().find(|(code, _)| *code == edit.code);
    let fix = match kind {
        HypothesisKind::Body | HypothesisKind::PrintedAgain => RAW_BODY_FIX,
        HypothesisKind::Secret if found.is_valid => CONFIGURED_KEY_FIX,
        HypothesisKind::Secret => SAME_KEY_FIX,
        _ => &edit.fix,
    };
    EditDescription {
        code: edit.code,
        kind,
        sentence: sentence.map(|(_, sentence)| (*sentence).to_owned()),
        condition: edit.condition.to_string(),
        fix: fix.to_owned(),
    }
}

/// Describes a body that was printed again.
///
/// Several libraries may print these bytes: the code is known to use one of them.
fn describe_style(style: &'static Style, found: &ContentMatch<'_>) -> EditDescription {
    let styles = found.json.map(|json| reserialised::printers(json, found.hashed));
    let styles = styles.filter(|styles| !styles.is_empty()).unwrap_or_else(|| vec![style]);
    let style = styles.first().copied().unwrap_or(style);
    let known: Vec<_> = styles.iter().filter_map(|style| languages::find(style.language)).collect();
    let fix = match known.as_slice() {
        [] => RAW_BODY_FIX.to_owned(),
        [language] => language.receiver_fix(),
        several => {
            let ways = several.iter().filter_map(|row| row.raw_body.first().copied());
            let ways: Vec<_> = ways.take(MAX_LANGUAGES).collect();
            format!("hash the raw body: {}", ways.join(", "))
        }
    };
    let others = reserialised::other_languages(style, &styles);
    let sentence =
        format!("Your code hashed {} ({}) of the parsed body.", style.call, style.language);
    let others = reserialised::list_after(" Libraries of ", "and", &others);
    let others = if others.is_empty() { others } else { format!("{others} print the same.") };
    EditDescription {
        code: known.first().map_or("reserialised", |language| language.code),
        kind: HypothesisKind::PrintedAgain,
        sentence: Some(format!("{sentence}{others}")),
        condition: format!("the body is printed by {} ({})", style.call, style.language),
        fix,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_belongs_to_a_hypothesis_about_the_body() {
        let texts = hypothesis_texts::texts();
        for (code, sentence) in BODIES {
            let text = texts.iter().find(|text| text.code == *code);
            assert!(text.is_some_and(|text| text.kind == HypothesisKind::Body), "{code}");
            assert!(sentence.starts_with("Your code hashed ") && sentence.ends_with('.'));
        }
        for row in contents::ROWS {
            assert!(row.evidence.starts_with("Your code hashed "), "{}", row.code);
            assert!(!texts.iter().any(|text| text.code == row.code), "{}", row.code);
        }
    }
}
