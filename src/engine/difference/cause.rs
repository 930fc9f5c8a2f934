//! The cause of a difference in one sentence: the first of several questions that has an answer.

use crate::engine::difference::headers::{HeaderChange, HeaderDifference};
use crate::engine::difference::parts::{Cause, Pair, Scope, Side};
use crate::engine::difference::values::{ValueChange, ValueDifference};
use crate::engine::difference::{phrases, spelling};
use crate::engine::explain::body_changes;
use crate::engine::explain::body_changes::Printer;
use crate::protocols::json;
use crate::protocols::json::{Json, MAX_POINTERS};
use crate::protocols::schemes::hypothesis::Edit;

/// The maximum number of fields named in one sentence.
const MAX_NAMED: usize = 3;

/// The maximum number of characters of a pointer in a sentence.
const MAX_POINTER_CHARACTERS: usize = 80;

/// Everything that was compared.
pub(super) struct Comparison<'c> {
    pub(super) a: Side<'c>,
    pub(super) b: Side<'c>,
    pub(super) method: Option<&'c Pair>,
    pub(super) target: Option<&'c Pair>,
    pub(super) headers: &'c [HeaderDifference],
    /// Both bodies, if they are JSON.
    pub(super) documents: Option<&'c (Json, Json)>,
    pub(super) values: &'c [ValueDifference],
    pub(super) scope: Scope,
}

/// Answers one question, or returns `None` if the cause is another one.
type Question = fn(&Comparison<'_>) -> Option<Cause>;

/// The questions, in the order in which they are asked: the smallest change first.
static QUESTIONS: &[Question] = &[
    lost_bytes,
    same_body,
    empty_body,
    cut_off,
    known_change,
    prefixed,
    other_spelling,
    wrapped,
    other_values,
    only_one_is_json,
];

/// Returns the cause.
pub(super) fn find(comparison: &Comparison<'_>) -> Cause {
    let answered = QUESTIONS.iter().find_map(|question| question(comparison));
    answered.unwrap_or_else(|| Cause::new("other-bytes", "the bodies have different bytes"))
}

impl Comparison<'_> {
    fn bodies(&self) -> (&[u8], &[u8]) {
        (&self.a.message.body, &self.b.message.body)
    }

    /// Returns `true` if both bodies are the same JSON.
    fn is_same_json(&self) -> bool {
        self.documents.is_some() && self.values.is_empty()
    }
}

/// A file with a parsed body does not show what was sent, so nothing can be said about its bytes.
fn lost_bytes(comparison: &Comparison<'_>) -> Option<Cause> {
    let sides = [(comparison.a, "A"), (comparison.b, "B")];
    let lost: Vec<_> =
        sides.iter().filter(|(side, _)| side.bytes_were_lost).map(|(_, name)| *name).collect();
    if lost.is_empty() || !comparison.is_same_json() {
        return None;
    }
    let message = format!(
        "same JSON, but the bytes of {} are not known: the file has the body as a parsed value",
        lost.join(" and ")
    );
    Some(Cause::new("bytes-not-known", message))
}

fn same_body(comparison: &Comparison<'_>) -> Option<Cause> {
    let (a, b) = comparison.bodies();
    if a != b {
        return None;
    }
    if comparison.scope == Scope::Body {
        return Some(Cause::new("same", "same bytes"));
    }
    let mut parts: Vec<String> = Vec::new();
    for (part, name) in [(comparison.method, "method"), (comparison.target, "target")] {
        if part.is_some_and(|part| !part.same) {
            parts.push(name.to_owned());
        }
    }
    let of = |change: HeaderChange| comparison.headers.iter().filter(move |h| h.change == change);
    let content = comparison
        .headers
        .iter()
        .filter(|header| !matches!(header.change, HeaderChange::Case | HeaderChange::Order));
    match content.count() {
        0 if of(HeaderChange::Case).next().is_some() => {
            parts.push("case of the header names".to_owned());
        }
        0 if of(HeaderChange::Order).next().is_some() => {
            parts.push("order of the headers".to_owned());
        }
        0 => {}
        1 => parts.push("header".to_owned()),
        many => parts.push(format!("{many} headers")),
    }
    let Some((last, rest)) = parts.split_last() else {
        return Some(Cause::new("same", "same bytes"));
    };
    let parts =
        if rest.is_empty() { last.clone() } else { format!("{} and {last}", rest.join(", ")) };
    let (other, parts) = match parts.strip_prefix(|c: char| c.is_ascii_digit()) {
        Some(_) => ("", format!("{parts} differ")),
        None => ("other ", parts),
    };
    Some(Cause::new("same-body", format!("same body, {other}{parts}")))
}

fn empty_body(comparison: &Comparison<'_>) -> Option<Cause> {
    let (a, b) = comparison.bodies();
    let name = match (a.is_empty(), b.is_empty()) {
        (true, false) => "A",
        (false, true) => "B",
        _ => return None,
    };
    let message = format!("{name} has no body: it was not captured, or had already been read");
    Some(Cause::new("empty-body", message))
}

/// One body is the beginning of the other one. Whitespace at the end is left to the edits.
fn cut_off(comparison: &Comparison<'_>) -> Option<Cause> {
    let (a, b) = comparison.bodies();
    let (short, name, long, other) =
        if b.len() < a.len() { (b, "B", a, "A") } else { (a, "A", b, "B") };
    let is_blank = |rest: &[u8]| rest.iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0);
    if let Some(rest) = long.strip_prefix(short) {
        if is_blank(rest) {
            return None;
        }
        if json::read(short).is_ok() {
            let bytes = count(rest.len(), "more byte");
            let message = format!("{other} is {name} and {bytes} behind it");
            return Some(Cause::new("continued", message));
        }
        let message = format!("{name} is cut off after {}", count(short.len(), "byte"));
        return Some(Cause::new("cut-off", message));
    }
    None
}

/// One body is the end of the other one.
fn prefixed(comparison: &Comparison<'_>) -> Option<Cause> {
    let (a, b) = comparison.bodies();
    let (short, name, long, other) =
        if b.len() < a.len() { (b, "B", a, "A") } else { (a, "A", b, "B") };
    let rest = long.strip_suffix(short).filter(|rest| !rest.is_empty())?;
    let bytes = count(rest.len(), "byte");
    Some(Cause::new("prefixed", format!("{other} has {bytes} in front of {name}")))
}

/// The change is an edit or a library that the search for explanations knows.
fn known_change(comparison: &Comparison<'_>) -> Option<Cause> {
    let (a, b) = comparison.bodies();
    if let Some(change) = body_changes::find(a, b) {
        let edits = sentences(&change.edits, "B", "A");
        return match change.printer {
            Some(library) => printed_again(comparison, &library, edits),
            None => Some(Cause::new(change.edits.first()?.code, edits.join(", and "))),
        };
    }
    // A library that printed B as A says little: most libraries print a short document so.
    let change = body_changes::find(b, a).filter(|change| change.printer.is_none())?;
    let edits = sentences(&change.edits, "A", "B");
    Some(Cause::new(change.edits.first()?.code, edits.join(", and ")))
}

fn sentences(edits: &[Edit], changed: &str, original: &str) -> Vec<String> {
    edits.iter().map(|edit| phrases::describe(edit, changed, original)).collect()
}

/// A library printed the JSON of the first body as the second one, apart from these edits.
fn printed_again(
    comparison: &Comparison<'_>,
    library: &Printer,
    edits: Vec<String>,
) -> Option<Cause> {
    let (a, b) = comparison.bodies();
    let style = library.style;
    let of_original = other_library(a, b);
    let by =
        format!("printed by {}'s {}{}{of_original}", style.language, style.call, library.others);
    let sentence = if comparison.is_same_json() {
        let (left, right) = comparison.documents?;
        let kinds = spelling::differences((a, left), (b, right)).join(", ");
        format!("same JSON, B was {by} ({kinds})")
    } else if comparison.documents.is_some() {
        let values = count(comparison.values.len(), "value");
        format!("B was parsed and {by}, which changed {values}: {}", named(comparison))
    } else {
        format!("B contains the JSON of A, {by}")
    };
    let message = [vec![sentence], edits].concat().join(", and ");
    Some(Cause::new("printed-again", message))
}

/// Names the library that printed the first body, if only one language prints it so.
fn other_library(a: &[u8], b: &[u8]) -> String {
    let change = body_changes::find(b, a).filter(|change| change.edits.is_empty());
    let library = change.and_then(|change| change.printer);
    match library.filter(|library| library.others.is_empty()) {
        Some(Printer { style, .. }) => format!(", and A by {}'s {}", style.language, style.call),
        None => String::new(),
    }
}

fn other_spelling(comparison: &Comparison<'_>) -> Option<Cause> {
    let (left, right) = comparison.documents.filter(|_| comparison.is_same_json())?;
    let (a, b) = comparison.bodies();
    let kinds = spelling::differences((a, left), (b, right));
    Some(Cause::new("other-spelling", format!("same JSON, {}", kinds.join(" and "))))
}

/// One body is a field of the other one, at the top level.
fn wrapped(comparison: &Comparison<'_>) -> Option<Cause> {
    let (a, b) = comparison.documents?;
    let (pointer, inner, outer) = field_with(a, b)
        .map(|pointer| (pointer, "B", "A"))
        .or_else(|| field_with(b, a).map(|pointer| (pointer, "A", "B")))?;
    let message = match inner {
        "B" => format!("{inner} is only the field {} of {outer}", shown(&pointer)),
        _ => format!("{outer} wraps {inner}: {inner} is its field {}", shown(&pointer)),
    };
    Some(Cause::new("part", message))
}

/// Returns the pointer to the field of an object that has this value. Only an object or an array is
/// distinctive enough.
fn field_with(outer: &Json, inner: &Json) -> Option<String> {
    let is_empty = match inner {
        Json::Object(fields) => fields.is_empty(),
        Json::Array(items) => items.is_empty(),
        _ => true,
    };
    if is_empty {
        return None;
    }
    let mut fields = outer.as_object()?.iter();
    let (name, _) =
        fields.find(|(_, value)| value == inner || json::differences(value, inner).is_empty())?;
    Some(crate::domain::pointer::join(&[name.to_string_lossy()]))
}

fn other_values(comparison: &Comparison<'_>) -> Option<Cause> {
    comparison.documents?;
    let values = comparison.values;
    let are_all = |change: ValueChange| values.iter().all(|value| value.change == change);
    let fields = if values.len() == 1 { "the field" } else { "the fields" };
    let names = named(comparison);
    Some(match values {
        [] => return None,
        _ if values.len() <= MAX_NAMED && are_all(ValueChange::Removed) => {
            Cause::new("fields-removed", format!("B lost {fields} {names}"))
        }
        _ if values.len() <= MAX_NAMED && are_all(ValueChange::Added) => {
            Cause::new("fields-added", format!("A does not have {fields} {names} of B"))
        }
        [only] if only.change == ValueChange::Repeated => {
            Cause::new("field-repeated", format!("{names} occurs more than once in one of them"))
        }
        [only] => {
            let note = only.note.map(|note| format!(": {note}")).unwrap_or_default();
            let place = if only.pointer.is_empty() { "the document".to_owned() } else { names };
            let message = format!("bodies are different JSON: the value of {place} differs{note}");
            Cause::new("values-differ", message)
        }
        _ => {
            let at_least = if values.len() >= MAX_POINTERS { "at least " } else { "" };
            let message =
                format!("bodies are different JSON: {at_least}{} values differ", values.len());
            Cause::new("values-differ", message)
        }
    })
}

fn only_one_is_json(comparison: &Comparison<'_>) -> Option<Cause> {
    let (a, b) = comparison.bodies();
    let name = match (json::read(a), json::read(b)) {
        (Ok(_), Err(error)) => format!("A is JSON, B is not: {error}"),
        (Err(error), Ok(_)) => format!("B is JSON, A is not: {error}"),
        _ => return None,
    };
    Some(Cause::new("not-json", name))
}

/// Names the first fields that differ.
fn named(comparison: &Comparison<'_>) -> String {
    let values = comparison.values.iter().take(MAX_NAMED);
    let mut names: Vec<_> = values.map(|value| shown(&value.pointer)).collect();
    if comparison.values.len() > MAX_NAMED {
        names.push("…".to_owned());
    }
    names.join(", ")
}

/// Formats a pointer for a sentence.
fn shown(pointer: &str) -> String {
    format!("`{}`", pointer.chars().take(MAX_POINTER_CHARACTERS).collect::<String>())
}

/// Formats a number of things: `1 byte`, `2 bytes`.
fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
