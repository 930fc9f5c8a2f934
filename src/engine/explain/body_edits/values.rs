//! Hypotheses about values: what frameworks, models and databases do to them between parsing a body
//! and printing it.
//!
//! The received text is kept but for the values, so that its layout and the spelling of the others
//! do not matter.

use crate::engine::explain::body_edits::dates::date_spellings;
use crate::engine::explain::body_edits::missing_fields::{
    restored as with_dropped_fields, without_nulls,
};
use crate::engine::explain::body_edits::received_body::RestoreBody;
use crate::engine::explain::body_edits::rounded_numbers::restored as with_exact_numbers;
use crate::engine::explain::body_edits::value_edits::{Spelled, respelled};
use crate::protocols::json_layout::Kind;
use crate::protocols::schemes::hypothesis::Hypothesis;

/// The maximum length of a string in which spaces are doubled, and of the spaces.
const MAX_SPACED_LEN: usize = 120;
const MAX_SPACES: usize = 6;

/// The fix that all of these have in common.
const HASH_RAW: &str =
    "hash the raw body, before a framework, a model or a database changes its values";

/// The hypotheses, the likeliest first.
pub(super) static ROWS: &[Hypothesis<RestoreBody>] = &[
    Hypothesis {
        code: "empty-string-to-null",
        condition: "`null` is changed back: {}",
        evidence: "An empty string became `null` after the body was signed: Laravel's \
                   `ConvertEmptyStringsToNull` and many databases do that.",
        fix: HASH_RAW,
        apply: |body| respelled(body, |value| only(value.text == "null", "\"\"")),
    },
    Hypothesis {
        code: "null-to-empty-string",
        condition: "`null` is restored: {}",
        evidence: "A `null` became a string after the body was signed: an empty one, or the name \
                   of the value.",
        fix: HASH_RAW,
        apply: |body| {
            respelled(body, |value| {
                let names = ["\"\"", "\"null\"", "\"None\"", "\"nil\"", "\"undefined\""];
                only(names.contains(&value.text), "null")
            })
        },
    },
    Hypothesis {
        code: "decimals-dropped",
        condition: "the decimals of numbers are restored: {}",
        evidence: "A number lost zeros after its point after the body was signed: JavaScript, PHP \
                   and most databases print `136` for `136.0`, and `2.5` for `2.50`.",
        fix: HASH_RAW,
        apply: |body| respelled(body, with_decimals),
    },
    Hypothesis {
        code: "decimals-added",
        condition: "the decimals of numbers are removed: {}",
        evidence: "A number got zeros after its point after the body was signed: it was parsed as a \
                   decimal number of a fixed form.",
        fix: HASH_RAW,
        apply: |body| respelled(body, without_decimals),
    },
    Hypothesis {
        code: "rounded-number",
        condition: "a number beyond 2^53 has the digits {}",
        evidence: "A number beyond 2^53 was rounded: a double, as in JavaScript and in `jq` before \
                   1.7, does not have enough digits for it.",
        fix: "hash the raw body; parse such numbers as 64-bit or big integers, or send them as \
              strings",
        apply: with_exact_numbers,
    },
    Hypothesis {
        code: "date-format-changed",
        condition: "the form of its dates is changed: {}",
        evidence: "A date was parsed and printed in another form after the body was signed: with \
                   other fractions of a second, another name of UTC, or another separator.",
        fix: HASH_RAW,
        apply: |body| {
            respelled(body, |value| {
                let dates = value.content().map(date_spellings).unwrap_or_default();
                dates.into_iter().map(|date| format!("\"{date}\"")).collect()
            })
        },
    },
    Hypothesis {
        code: "number-and-string",
        condition: "numbers and strings are exchanged: {}",
        evidence: "A number became a string, or a string a number, after the body was signed: forms, \
                   query strings, XML and some databases have only strings.",
        fix: HASH_RAW,
        apply: |body| respelled(body, unquoted_number),
    },
    Hypothesis {
        code: "number-and-string",
        condition: "numbers and strings are exchanged: {}",
        evidence: "A string of digits became a number after the body was signed: a library guesses \
                   the type of values.",
        fix: HASH_RAW,
        apply: |body| {
            respelled(body, |value| {
                let quoted = format!("\"{}\"", value.text);
                only(value.kind == Kind::Number, &quoted)
            })
        },
    },
    Hypothesis {
        code: "boolean-changed",
        condition: "`true` and `false` are restored: {}",
        evidence: "A boolean became a number or a string after the body was signed, as in MySQL, \
                   SQLite and PHP, which have no other.",
        fix: HASH_RAW,
        apply: |body| respelled(body, as_boolean),
    },
    Hypothesis {
        code: "boolean-changed",
        condition: "`true` and `false` are changed back to what was signed: {}",
        evidence: "A number or a string became `true` or `false` after the body was signed.",
        fix: HASH_RAW,
        apply: |body| respelled(body, from_boolean),
    },
    Hypothesis {
        code: "empty-array-and-object",
        condition: "empty arrays and objects are exchanged: {}",
        evidence: "An empty object became an empty array, or the other way round, after the body was \
                   signed: arrays and objects are the same type in PHP and Lua.",
        fix: HASH_RAW,
        apply: |body| respelled(body, other_container),
    },
    Hypothesis {
        code: "null-fields-dropped",
        condition: "{}",
        evidence: "Fields without a value were dropped after the body was signed: Go's `omitempty`, \
                   Jackson's `NON_NULL`, Pydantic's `exclude_none` and Ruby's `compact` do that.",
        fix: HASH_RAW,
        apply: with_dropped_fields,
    },
    Hypothesis {
        code: "null-fields-added",
        condition: "the fields that are `null` are removed: {}",
        evidence: "Fields that were not signed are `null`: a model adds all the fields that it \
                   knows.",
        fix: HASH_RAW,
        apply: without_nulls,
    },
    Hypothesis {
        code: "strings-trimmed",
        condition: "the whitespace of a string is put back: {}",
        evidence: "Whitespace at the end or the start of a string was trimmed after the body was \
                   signed: Laravel's `TrimStrings` and many form libraries do that.",
        fix: HASH_RAW,
        apply: |body| respelled(body, untrimmed),
    },
    Hypothesis {
        code: "spaces-collapsed",
        condition: "the second of two spaces inside a string is put back: {}",
        evidence: "Two spaces inside a string became one after the body was signed, as in HTML.",
        fix: HASH_RAW,
        apply: |body| respelled(body, with_double_spaces),
    },
    Hypothesis {
        code: "typographic-characters",
        condition: "the typographic characters of strings are changed back: {}",
        evidence: "Quotes, apostrophes or dashes became typographic ones (’ “ ” – …) after the body \
                   was signed, as editors and content management systems do.",
        fix: HASH_RAW,
        apply: |body| respelled(body, plain_punctuation),
    },
    Hypothesis {
        code: "plus-lost",
        condition: "the `+` of a string is put back: {}",
        evidence: "The `+` at the beginning of a string, as in a phone number, was lost after the \
                   body was signed, as in a form, which decodes it to a space.",
        fix: HASH_RAW,
        apply: |body| respelled(body, with_plus),
    },
    Hypothesis {
        code: "newlines-in-strings",
        condition: "the newlines inside strings are changed back: {}",
        evidence: "Newlines inside strings were changed between CR LF and LF after the body was \
                   signed: HTML forms and some databases do that.",
        fix: HASH_RAW,
        apply: |body| respelled(body, other_newlines),
    },
];

/// Returns the spelling if the value may have had it.
fn only(applies: bool, spelling: &str) -> Vec<String> {
    if applies { vec![spelling.to_owned()] } else { Vec::new() }
}

fn with_decimals(value: &Spelled<'_>) -> Vec<String> {
    if value.kind != Kind::Number || value.text.contains(['e', 'E']) {
        return Vec::new();
    }
    match value.text.split_once('.') {
        None => vec![format!("{}.0", value.text), format!("{}.00", value.text)],
        Some((_, fraction)) if fraction.len() == 1 => vec![format!("{}0", value.text)],
        Some(_) => Vec::new(),
    }
}

fn without_decimals(value: &Spelled<'_>) -> Vec<String> {
    if value.kind != Kind::Number || value.text.contains(['e', 'E']) || !value.text.contains('.') {
        return Vec::new();
    }
    let trimmed = value.text.trim_end_matches('0');
    let whole = trimmed.strip_suffix('.');
    // `136.00` may have been `136`, `136.0`; `2.50` may have been `2.5`.
    let forms = match whole {
        Some(whole) => vec![whole.to_owned(), format!("{whole}.0")],
        None => vec![trimmed.to_owned()],
    };
    forms.into_iter().filter(|form| form != value.text).collect()
}

fn unquoted_number(value: &Spelled<'_>) -> Vec<String> {
    let is_number = |text: &&str| {
        text.len() <= 40
            && text.starts_with(|c: char| c.is_ascii_digit() || c == '-')
            && crate::protocols::json::read(text.as_bytes()).is_ok()
    };
    value.content().filter(is_number).map(str::to_owned).into_iter().collect()
}

fn as_boolean(value: &Spelled<'_>) -> Vec<String> {
    let boolean = match value.text {
        "1" | "\"1\"" | "\"true\"" | "\"True\"" | "\"t\"" => "true",
        "0" | "\"0\"" | "\"false\"" | "\"False\"" | "\"f\"" | "\"\"" => "false",
        _ => return Vec::new(),
    };
    vec![boolean.to_owned()]
}

fn from_boolean(value: &Spelled<'_>) -> Vec<String> {
    let spellings: &[&str] = match value.text {
        "true" => &["1", "\"true\"", "\"1\""],
        "false" => &["0", "\"false\"", "\"0\""],
        _ => &[],
    };
    spellings.iter().map(|spelling| (*spelling).to_owned()).collect()
}

fn other_container(value: &Spelled<'_>) -> Vec<String> {
    let other = if value.kind == Kind::Array { "{}" } else { "[]" };
    only(value.is_empty_container, other)
}

fn untrimmed(value: &Spelled<'_>) -> Vec<String> {
    let content = value.content().filter(|content| !content.is_empty());
    let spellings = |content: &str| {
        [
            (" ", ""),
            ("", " "),
            ("", "\\n"),
            ("", "  "),
            ("  ", ""),
            (" ", " "),
            ("", "\\r\\n"),
            ("", "\\t"),
        ]
        .map(|(before, after)| format!("\"{before}{content}{after}\""))
        .to_vec()
    };
    content.map(spellings).unwrap_or_default()
}

fn with_double_spaces(value: &Spelled<'_>) -> Vec<String> {
    let content = value.content().filter(|content| content.len() <= MAX_SPACED_LEN);
    let Some(content) = content else { return Vec::new() };
    let spaces = content.match_indices(' ').take(MAX_SPACES);
    let doubled = spaces.filter_map(|(index, _)| {
        let (before, after) = content.split_at_checked(index)?;
        Some(format!("\"{before} {after}\""))
    });
    doubled.collect()
}

fn plain_punctuation(value: &Spelled<'_>) -> Vec<String> {
    let Some(content) = value.content().filter(|content| !content.is_ascii()) else {
        return Vec::new();
    };
    let plain = |dash: &str| {
        content
            .replace(['\u{2018}', '\u{2019}'], "'")
            .replace(['\u{201c}', '\u{201d}'], "\\\"")
            .replace(['\u{2013}', '\u{2014}'], dash)
            .replace('\u{2026}', "...")
    };
    let forms = [plain("-"), plain("--")].into_iter();
    forms.filter(|form| form != content).map(|form| format!("\"{form}\"")).collect()
}

fn with_plus(value: &Spelled<'_>) -> Vec<String> {
    let digits = value.content().map(|content| content.strip_prefix(' ').unwrap_or(content));
    let number = digits.filter(|text| text.starts_with(|c: char| c.is_ascii_digit()));
    number.map(|text| format!("\"+{text}\"")).into_iter().collect()
}

fn other_newlines(value: &Spelled<'_>) -> Vec<String> {
    let Some(content) = value.content().filter(|content| content.contains("\\n")) else {
        return Vec::new();
    };
    let unix = content.replace("\\r\\n", "\\n");
    let windows = unix.replace("\\n", "\\r\\n");
    let other = if unix == content { windows } else { unix };
    vec![format!("\"{other}\"")]
}
