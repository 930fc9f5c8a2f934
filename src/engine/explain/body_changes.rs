//! Known changes between two bodies: the edits and the JSON libraries of the search, applied to one
//! body to obtain the other.

use crate::engine::explain::body_edits::{BodyContext, ReceivedBody};
use crate::engine::explain::{body_edits, reserialised};
use crate::protocols::json_print::Style;
use crate::protocols::schemes::hypothesis::Edit;

/// The maximum length of a body to which two edits are applied, or an edit and a library: any
/// webhook is far shorter, and the number of combinations is in the hundreds.
const MAX_COMBINED_LEN: usize = 512 << 10;

/// The maximum length of a body to which one edit is applied.
pub(in crate::engine) const MAX_CHANGED_LEN: usize = 16 << 20;

/// A change that turns one body into another.
#[derive(Debug)]
pub(in crate::engine) struct BodyChange {
    /// The edits that restore the original bytes, or what the library printed; at most two.
    pub(in crate::engine) edits: Vec<Edit>,
    /// The library that printed the original, if it was printed again.
    pub(in crate::engine) printer: Option<Printer>,
}

/// A JSON library that prints the original exactly as it was found.
#[derive(Debug)]
pub(in crate::engine) struct Printer {
    pub(in crate::engine) style: &'static Style,
    /// A phrase that names the other languages that print the same bytes; may be empty.
    pub(in crate::engine) others: String,
}

/// Returns the smallest known change that turned `original` into `changed`: one edit, a library, or
/// two of these together.
pub(in crate::engine) fn find(original: &[u8], changed: &[u8]) -> Option<BodyChange> {
    if original.len().max(changed.len()) > MAX_CHANGED_LEN {
        return None;
    }
    let edited = |edits: Vec<Edit>| BodyChange { edits, printer: None };
    let body = ReceivedBody::new(changed, BodyContext::default());
    // The caller names a wrapper itself, with the field that holds the other body.
    let is_wanted = |code: &str| code != "body-is-wrapped";
    let forms = || body_edits::forms(&body, &is_wanted);
    if let Some(form) = forms().find(|form| form.value == original) {
        return Some(edited(form.edits));
    }
    if let Some(printer) = printer(original, changed) {
        return Some(BodyChange { edits: Vec::new(), printer: Some(printer) });
    }
    if original.len().max(changed.len()) > MAX_COMBINED_LEN {
        return None;
    }
    let combined = forms().find_map(|form| {
        let mut second = body_edits::second_edits(&form).into_iter();
        second.find(|form| form.value == original).map(|form| edited(form.edits))
    });
    combined.or_else(|| {
        forms().find_map(|form| {
            let printer = printer(original, &form.value)?;
            Some(BodyChange { edits: form.edits, printer: Some(printer) })
        })
    })
}

/// Returns the library with the fewest options that prints `original` as `printed`. Newlines around
/// either are ignored.
fn printer(original: &[u8], printed: &[u8]) -> Option<Printer> {
    let styles = reserialised::printed_by(original, printed);
    let style = *styles.first()?;
    let others = reserialised::other_languages(style, &styles);
    let others = reserialised::list_after(", or by ", "or", &others);
    Some(Printer { style, others })
}
