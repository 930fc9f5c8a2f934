//! Body hypotheses: changes to the bytes of the body after it was signed, and how to undo them.
//!
//! Each kind of change has a file with one table. They are tried in the order of [`TABLES`].

mod characters;
mod dates;
mod ends;
mod escapes;
mod missing_fields;
mod quoting;
mod received_body;
mod rounded_numbers;
mod signed_forms;
mod surroundings;
mod transfer;
mod value_edits;
mod values;
mod wrappers;

use crate::protocols::schemes::hypothesis::{
    Edit, Edited, Hypothesis, HypothesisKind, HypothesisText,
};
pub(in crate::engine::explain) use received_body::{
    BodyContext, ReceivedBody, RestoreBody, is_json_document, one,
};
pub(in crate::engine::explain) use rounded_numbers::first_rounded;
pub(in crate::engine::explain) use value_edits::shown;

/// The tables, the likeliest first.
static TABLES: &[&[Hypothesis<RestoreBody>]] = &[
    ends::ROWS,
    transfer::ROWS,
    characters::ROWS,
    quoting::ROWS,
    wrappers::ROWS,
    surroundings::ROWS,
    signed_forms::ROWS,
];

/// The number of tables at the start of [`TABLES`] whose edits are likelier than another JSON
/// library: those of the ends.
const USUAL_TABLES: usize = 1;

/// The tables whose rows decode a body: their result can be recognised without a signature, and
/// one of them may follow another.
static DECODING: &[&[Hypothesis<RestoreBody>]] =
    &[transfer::ROWS, quoting::ROWS, wrappers::ROWS, surroundings::ROWS];

/// The codes that are also tried after another edit: changes that can happen to any string.
const COMBINABLE: &[&str] = &[
    "final-newline-added",
    "final-newline-removed",
    "crlf-to-lf",
    "lf-to-crlf",
    "bom-added",
    "bom-removed",
    "signed-stringified-twice",
];

/// Returns the messages of the hypotheses, for the documentation.
pub(super) fn texts() -> impl Iterator<Item = HypothesisText> {
    TABLES.iter().copied().chain([values::ROWS]).flatten().map(|row| row.text(HypothesisKind::Body))
}

/// Returns the bodies that are one edit away from the received one, without changed values.
pub(super) fn forms<'r>(
    body: &'r ReceivedBody<'_>,
    is_wanted: &'r dyn Fn(&str) -> bool,
) -> impl Iterator<Item = Edited<Vec<u8>>> {
    usual_forms(body, is_wanted).chain(other_forms(body, is_wanted))
}

/// Returns the bodies of the edits that are likelier than another JSON library.
pub(super) fn usual_forms<'r>(
    body: &'r ReceivedBody<'_>,
    is_wanted: &'r dyn Fn(&str) -> bool,
) -> impl Iterator<Item = Edited<Vec<u8>>> {
    let rows = TABLES.iter().copied().take(USUAL_TABLES).flatten();
    apply_rows(body, &[], rows.filter(|row| is_wanted(row.code)))
}

/// Returns the bodies of the other edits.
pub(super) fn other_forms<'r>(
    body: &'r ReceivedBody<'_>,
    is_wanted: &'r dyn Fn(&str) -> bool,
) -> impl Iterator<Item = Edited<Vec<u8>>> {
    let rows = TABLES.iter().copied().skip(USUAL_TABLES).flatten();
    apply_rows(body, &[], rows.filter(|row| is_wanted(row.code)))
}

/// Returns the bodies with other values that a framework may have changed to those received.
pub(super) fn value_forms<'r>(
    body: &'r ReceivedBody<'_>,
    is_wanted: &'r dyn Fn(&str) -> bool,
) -> impl Iterator<Item = Edited<Vec<u8>>> {
    apply_rows(body, &[], values::ROWS.iter().filter(|row| is_wanted(row.code)))
}

/// Applies `rows`, lazily, to a body that is the result of `edits`.
pub(super) fn apply_rows<'r>(
    body: &'r ReceivedBody<'_>,
    edits: &'r [Edit],
    rows: impl Iterator<Item = &'r Hypothesis<RestoreBody>> + 'r,
) -> impl Iterator<Item = Edited<Vec<u8>>> {
    rows.flat_map(move |row| {
        let forms = (row.apply)(body).into_iter();
        forms.map(move |(body, detail)| Edited::with_edit(edits, row.edit(&detail), body))
    })
}

/// Returns the bodies that are one more edit away from the received one.
pub(super) fn second_edits(form: &Edited<Vec<u8>>) -> Vec<Edited<Vec<u8>>> {
    let rows = TABLES.iter().copied().flatten().filter(|row| COMBINABLE.contains(&row.code));
    let body = ReceivedBody::new(&form.value, BodyContext::default());
    apply_rows(&body, &form.edits, rows).collect()
}

/// Returns `true` if the body is the result of an edit that is also tried after another one.
pub(super) fn is_combinable(form: &Edited<Vec<u8>>) -> bool {
    form.edits.iter().all(|edit| COMBINABLE.contains(&edit.code))
}

/// Returns the bodies that are decoded once more, such as gzip in base64; empty unless the form was
/// decoded.
pub(super) fn decoded_again(form: &Edited<Vec<u8>>) -> Vec<Edited<Vec<u8>>> {
    let [edit] = form.edits.as_slice() else { return Vec::new() };
    if !is_decoding(edit) {
        return Vec::new();
    }
    let body =
        ReceivedBody::new(&form.value, BodyContext { is_decoded: true, ..BodyContext::default() });
    let rows = DECODING.iter().copied().chain([characters::ROWS]).flatten();
    apply_rows(&body, &form.edits, rows).collect()
}

/// Returns `true` if the edit decodes the body or takes it out of a wrapper.
pub(super) fn is_decoding(edit: &Edit) -> bool {
    DECODING.iter().copied().flatten().any(|row| row.code == edit.code)
}

/// Returns `true` if the edit changes values of the body.
pub(super) fn is_value_edit(edit: &Edit) -> bool {
    values::ROWS.iter().any(|row| row.code == edit.code)
}

/// Returns the edits, one or two, that turn the body into a JSON object or array.
///
/// The caller has found that it is neither as received.
pub(super) fn edits_to_json(body: &ReceivedBody<'_>) -> Option<Vec<Edit>> {
    let is_json = |form: &Edited<Vec<u8>>| is_json_document(&form.value);
    // Decoding twice takes less memory than keeping every form of a long body.
    let decoded = || apply_rows(body, &[], DECODING.iter().copied().flatten()).take(MAX_DECODED);
    let once = decoded().find(is_json);
    let form =
        once.or_else(|| decoded().find_map(|form| decoded_again(&form).into_iter().find(is_json)))?;
    Some(form.edits)
}

/// Returns the edit that turns a body into JSON which is JSON already: a list of bytes, such as
/// Node's `{"type":"Buffer",…}`.
pub(super) fn bytes_to_json(body: &ReceivedBody<'_>) -> Option<Vec<Edit>> {
    let rows = quoting::ROWS.iter().filter(|row| row.code == quoting::LIST_OF_BYTES);
    let form = apply_rows(body, &[], rows).find(|form| is_json_document(&form.value))?;
    Some(form.edits)
}

/// Returns the name of the wide encoding in which the body is a JSON object or array.
pub(super) fn wide_json(body: &[u8]) -> Option<String> {
    let forms = characters::from_wide(body).into_iter();
    forms.filter(|(bytes, _)| is_json_document(bytes)).map(|(_, name)| name).next()
}

/// The maximum number of decoded forms that are examined for a fact.
const MAX_DECODED: usize = 32;
