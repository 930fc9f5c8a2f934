//! Bodies that were parsed and printed again: the signed form, and the library that printed it.

use crate::engine::explain::languages::{self, LANGUAGES};
use crate::protocols::json::Json;
use crate::protocols::json_print::{AS_WRITTEN, STYLES, Style};
use crate::protocols::schemes::hypothesis::{Edit, Edited, HypothesisKind, HypothesisText};
use crate::protocols::{byte_order_mark, json, json_print};
use serde_json::Value;

/// The code of an edit until its language is determined; also the final code if none matches.
pub(super) const UNKNOWN_LANGUAGE_CODE: &str = "reserialised";

/// The evidence if no language matches.
const UNKNOWN_LANGUAGE_EVIDENCE: &str = "The body has changed since it was signed: it was edited, or parsed and \
                            printed in an unknown form.";

/// The fix if no language matches.
const UNKNOWN_LANGUAGE_FIX: &str = "hash the raw body, before anything parses it; a sender must print the \
                       payload once, and pass that string to the MAC and to the client";

/// The styles of the common frameworks, which are tried first.
const COMMON_STYLES: &[&str] = &[
    "javascript-stringify",
    "python-dumps",
    "python-dumps-compact",
    "python-dumps-compact-unicode",
    "php-array",
    "php-array-slashes-unicode",
    "php-object",
    "ruby-rails",
    "go-marshal-map",
    "go-marshal-struct",
];

/// Selects styles by how common they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StyleChoice {
    /// Every style.
    All,
    /// The styles of the common frameworks.
    Common,
    /// Every other style.
    Uncommon,
}

impl StyleChoice {
    fn contains(self, style: &Style) -> bool {
        self == Self::All || is_common(style.code) == (self == Self::Common)
    }
}

/// Returns `true` if the style is that of a common framework.
pub(super) fn is_common(code: &str) -> bool {
    COMMON_STYLES.contains(&code)
}

/// Returns the messages of the explanations, for the documentation.
pub(super) fn texts() -> Vec<HypothesisText> {
    let unknown = HypothesisText {
        kind: HypothesisKind::PrintedAgain,
        code: UNKNOWN_LANGUAGE_CODE,
        condition: "the body is printed by a JSON library".into(),
        evidence: UNKNOWN_LANGUAGE_EVIDENCE.into(),
        fix: UNKNOWN_LANGUAGE_FIX.into(),
    };
    LANGUAGES.iter().map(languages::Language::text).chain([unknown]).collect()
}

/// The maximum length of a body that is printed again: any webhook is far shorter.
const MAX_PRINTED: usize = 512 << 10;

/// The number of bytes by which a form may exceed four times the length of the body: enough to
/// indent a short body.
///
/// Without a limit, indenting a deeply nested body of brackets would make it 500 times as large.
const SLACK: usize = 4 << 10;

/// Returns the forms in which a library of this choice may have printed the body, of `length` bytes,
/// when it was signed. With a `sample`, also returns the forms in its field order, which is lost if
/// a library sorts the fields.
pub(super) fn forms<'j>(
    json: &'j Json,
    length: usize,
    sample: Option<&'j Value>,
    choice: StyleChoice,
    is_wanted: &'j dyn Fn(&str) -> bool,
) -> impl Iterator<Item = Edited<Vec<u8>>> + 'j {
    let limit = if length > MAX_PRINTED { 0 } else { 4 * length + SLACK };
    let is_selected = move |style: &&Style| choice.contains(style) && is_wanted(style.code);
    let styles = move || STYLES.iter().filter(move |style| limit > 0 && is_selected(style));
    let printed = move |style: &'static Style, value: &Json| {
        let edit = Edit {
            key: style.code,
            code: UNKNOWN_LANGUAGE_CODE,
            condition: "".into(),
            evidence: "".into(),
            fix: "".into(),
        };
        let printed = json_print::print_with_limit(value, style, limit)?;
        Some(Edited::with_edit(&[], edit, printed))
    };
    let reordered = move || {
        let sample = sample.filter(|_| styles().next().is_some())?;
        Some(reorder_like(json, sample)).filter(|ordered| ordered != json)
    };
    let in_received_order = styles().filter_map(move |style| printed(style, json));
    in_received_order.chain(std::iter::once_with(reordered).flatten().flat_map(move |ordered| {
        styles().filter_map(|style| printed(style, &ordered)).collect::<Vec<_>>()
    }))
}

/// Returns the JSON without whitespace, with every value as it is written.
pub(super) fn compact(json: &Json) -> Edited<Vec<u8>> {
    let edit = Edit {
        key: UNKNOWN_LANGUAGE_CODE,
        code: UNKNOWN_LANGUAGE_CODE,
        condition: "the whitespace between its values is removed".into(),
        evidence: UNKNOWN_LANGUAGE_EVIDENCE.into(),
        fix: UNKNOWN_LANGUAGE_FIX.into(),
    };
    Edited::with_edit(&[], edit, json_print::print(json, &AS_WRITTEN))
}

/// Fills in the messages of style edits: the library that printed the signed form, and the one that
/// printed the body as received.
pub(super) fn fill_in_messages(edits: &mut [Edit], signed: &[u8], body: &[u8]) {
    for edit in edits.iter_mut().filter(|edit| edit.code == UNKNOWN_LANGUAGE_CODE) {
        let Some(form) = json_print::style(edit.key) else { continue };
        let signers = other_languages(form, &printed_by(signed, signed));
        let signers = list_after(", or by ", "or", &signers);
        let condition =
            format!("the body is printed by {} ({}){signers}", form.call, form.language);
        edit.condition = condition.into();
        let printers = printed_by(signed, body);
        let printer = printers.first().copied();
        let row = printer.and_then(|style| languages::find(style.language));
        let Some((printer, row)) = printer.zip(row) else {
            edit.evidence = UNKNOWN_LANGUAGE_EVIDENCE.into();
            edit.fix = UNKNOWN_LANGUAGE_FIX.into();
            continue;
        };
        edit.code = row.code;
        edit.evidence = format!(
            "Either it was parsed and printed again after it was signed, and is now as {} ({}) \
             prints it{}; or the sender signed one printed form and sent another.",
            printer.call,
            printer.language,
            list_after(", as do ", "and", &other_languages(printer, &printers))
        )
        .into();
        // The libraries of several languages may print the signed form: the first is the likeliest.
        let sender = languages::find(form.language).map(languages::Language::sender_fix);
        edit.fix = [Some(row.receiver_fix()), sender]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join("; ")
            .into();
    }
}

/// Returns the styles that print `signed` as `body`, as [`printers`] does.
pub(super) fn printed_by<'b>(signed: &'b [u8], body: &'b [u8]) -> Vec<&'static Style> {
    // Differences at the start and the end of the body are found by other edits.
    let trimmed = |bytes: &'b [u8]| byte_order_mark::strip(bytes).trim_ascii_end();
    let Ok(json) = json::read(trimmed(signed)) else { return Vec::new() };
    // Libraries on Windows print CR LF, and a JSON string never contains a raw CR.
    let body: Vec<u8> = trimmed(body).iter().copied().filter(|byte| *byte != b'\r').collect();
    printers(&json, &body)
}

/// Returns the styles that print `json` as these bytes: one of each language, those with the fewest
/// options first, because plain calls are the likeliest.
pub(super) fn printers(json: &Json, bytes: &[u8]) -> Vec<&'static Style> {
    let option_count = |call: &str| call.matches('=').count() + call.matches("JSON_").count();
    let mut styles: Vec<_> = STYLES.iter().collect();
    styles.sort_by_cached_key(|style| option_count(style.call));
    let mut found: Vec<&'static Style> = Vec::new();
    for style in styles {
        let is_new = found.iter().all(|known| known.language != style.language);
        if is_new && json_print::prints(json, style, bytes) {
            found.push(style);
        }
    }
    found
}

/// Returns the names of the other languages whose libraries print the same bytes.
pub(super) fn other_languages(printer: &Style, styles: &[&'static Style]) -> Vec<&'static str> {
    let names = styles.iter().map(|style| style.language);
    let mut names: Vec<_> = names.filter(|name| *name != printer.language).collect();
    names.sort_unstable();
    names
}

/// Returns a phrase that lists names, such as `, or by Java, PHP or Ruby`; empty if there are none.
pub(super) fn list_after(start: &str, conjunction: &str, names: &[&str]) -> String {
    match names.split_last() {
        None => String::new(),
        Some((last, [])) => format!("{start}{last}"),
        Some((last, rest)) => format!("{start}{} {conjunction} {last}", rest.join(", ")),
    }
}

/// Returns the value with its fields in the order of `sample`, and with `.0` where the sample has a
/// decimal number: a library that sorts, or that only has doubles, loses both.
fn reorder_like(json: &Json, sample: &Value) -> Json {
    match (json, sample) {
        (Json::Object(fields), Value::Object(model)) => {
            let position = |name: &str| model.keys().position(|known| known == name);
            let mut fields: Vec<_> = fields
                .iter()
                .map(|(name, value)| {
                    let model = name.as_str().and_then(|name| model.get(name));
                    let value =
                        model.map_or_else(|| value.clone(), |model| reorder_like(value, model));
                    (name.clone(), value)
                })
                .collect();
            fields.sort_by_key(|(name, _)| name.as_str().and_then(position).unwrap_or(usize::MAX));
            Json::Object(fields)
        }
        (Json::Array(items), Value::Array(models)) => {
            let model = |index: usize| models.get(index).or(models.first());
            let items = items.iter().enumerate();
            Json::Array(
                items
                    .map(|(index, item)| {
                        model(index).map_or_else(|| item.clone(), |model| reorder_like(item, model))
                    })
                    .collect(),
            )
        }
        (Json::Number(literal), Value::Number(model)) => {
            let is_integer = literal.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
            if is_integer && model.is_f64() {
                Json::Number(format!("{literal}.0"))
            } else {
                json.clone()
            }
        }
        _ => json.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_listed_as_in_a_sentence() {
        let list = |names: &[&str]| list_after(", or by ", "or", names);
        assert_eq!(list(&[]), "");
        assert_eq!(list(&["Go"]), ", or by Go");
        assert_eq!(list(&["Go", "Java", "PHP"]), ", or by Go, Java or PHP");
    }

    #[test]
    fn the_order_and_the_decimals_of_the_sample_are_restored() {
        let sample = serde_json::json!({"b": 1.0, "a": [{"y": 1, "x": 2}], "c": 1.5});
        let sorted =
            json::read(br#"{"a":[{"x":1,"y":2},{"x":3,"y":4}],"b":75,"c":2,"z":1}"#).unwrap();
        let expected = br#"{"b":75.0,"a":[{"y":2,"x":1},{"y":4,"x":3}],"c":2.0,"z":1}"#;
        assert_eq!(reorder_like(&sorted, &sample), json::read(expected).unwrap());
    }
}
