//! Body hypotheses: changes to the bytes of the body after it was signed, and how to undo them.
//!
//! Each kind of change has a file with one table. They are tried in the order of [`TABLES`].

mod characters;
mod dates;
mod ends;
mod missing_fields;
mod quoting;
mod rounded_numbers;
mod signed_forms;
mod transfer;
mod value_edits;
mod values;
mod wrappers;

use crate::protocols::json;
use crate::protocols::json_layout::JsonLayout;
use crate::protocols::schemes::hypothesis::{
    Edit, Edited, Hypothesis, HypothesisKind, HypothesisText,
};
pub(in crate::engine::explain) use rounded_numbers::first_rounded;
use serde_json::Value;
use std::cell::OnceCell;
use std::ops::Deref;
pub(in crate::engine::explain) use value_edits::shown;

/// The maximum number of values of a body that is searched for its parts.
const MAX_VALUES: usize = 50_000;

/// The body of a request, and what else of the request some hypotheses need.
///
/// It dereferences to its bytes. What is derived from them is computed once, for all rows.
#[derive(Debug)]
pub(super) struct ReceivedBody<'b> {
    bytes: &'b [u8],
    context: BodyContext<'b>,
    text: OnceCell<Option<&'b str>>,
    layout: OnceCell<Option<JsonLayout<'b>>>,
}

/// The parts of a request, besides the body, that body hypotheses use.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct BodyContext<'b> {
    /// The value of `Content-Encoding`.
    pub(super) content_encoding: Option<&'b str>,
    /// The sample payloads of the provider, the one of this event first.
    pub(super) samples: &'b [&'b Value],
    /// `true` if the body is a form that another edit has decoded: fewer of its parts are tried.
    pub(super) is_decoded: bool,
}

/// Returns every form the body may have had when it was signed, each with a detail for `{}`.
pub(super) type RestoreBody = fn(&ReceivedBody<'_>) -> Vec<Form>;

/// A form of the body, and the detail for `{}`.
type Form = (Vec<u8>, String);

/// The tables, the likeliest first.
static TABLES: &[&[Hypothesis<RestoreBody>]] = &[
    ends::ROWS,
    transfer::ROWS,
    characters::ROWS,
    quoting::ROWS,
    wrappers::ROWS,
    signed_forms::ROWS,
];

/// The tables whose rows decode a body: their result can be recognised without a signature, and
/// one of them may follow another.
static DECODING: &[&[Hypothesis<RestoreBody>]] = &[transfer::ROWS, quoting::ROWS, wrappers::ROWS];

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

impl<'b> ReceivedBody<'b> {
    pub(super) fn new(bytes: &'b [u8], context: BodyContext<'b>) -> Self {
        Self { bytes, context, text: OnceCell::new(), layout: OnceCell::new() }
    }

    /// Returns the body as text, if it is UTF-8.
    pub(super) fn text(&self) -> Option<&'b str> {
        *self.text.get_or_init(|| std::str::from_utf8(self.bytes).ok())
    }

    /// Returns the positions of the values, if it is a JSON object or array.
    fn layout(&self) -> Option<&JsonLayout<'b>> {
        let layout = || JsonLayout::read(self.text()?, MAX_VALUES);
        self.layout.get_or_init(layout).as_ref()
    }
}

impl AsRef<[u8]> for ReceivedBody<'_> {
    fn as_ref(&self) -> &[u8] {
        self.bytes
    }
}

impl Deref for ReceivedBody<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.bytes
    }
}

/// Returns the messages of the hypotheses, for the documentation.
pub(super) fn texts() -> impl Iterator<Item = HypothesisText> {
    TABLES.iter().copied().chain([values::ROWS]).flatten().map(|row| row.text(HypothesisKind::Body))
}

/// Returns the codes of the explanations.
pub(super) fn codes() -> impl Iterator<Item = &'static str> {
    TABLES.iter().copied().chain([values::ROWS]).flatten().map(|row| row.code)
}

/// Returns the bodies that are one edit away from the received one, without changed values.
pub(super) fn forms<'r>(
    body: &'r ReceivedBody<'_>,
    is_wanted: &'r dyn Fn(&str) -> bool,
) -> impl Iterator<Item = Edited<Vec<u8>>> {
    let rows = TABLES.iter().copied().flatten().filter(|row| is_wanted(row.code));
    apply_rows(body, &[], rows)
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
    let forms: Vec<_> =
        apply_rows(body, &[], DECODING.iter().copied().flatten()).take(MAX_DECODED).collect();
    let decoded = forms.iter().find(|form| is_json(form)).cloned();
    let form = decoded.or_else(|| forms.iter().flat_map(decoded_again).find(is_json))?;
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

/// Returns `true` if the bytes are a JSON object or array.
pub(super) fn is_json_document(bytes: &[u8]) -> bool {
    matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'[')) && json::read(bytes).is_ok()
}

fn one(form: Option<Vec<u8>>) -> Vec<Form> {
    form.into_iter().map(|bytes| (bytes, String::new())).collect()
}

/// Merges forms with the same bytes into one whose detail names them all.
fn merged(forms: impl Iterator<Item = Form>) -> Vec<Form> {
    let mut distinct: Vec<(Vec<u8>, Vec<String>)> = Vec::new();
    for (bytes, detail) in forms {
        match distinct.iter_mut().find(|(known, _)| *known == bytes) {
            Some((_, details)) if details.contains(&detail) => {}
            Some((_, details)) => details.push(detail),
            None => distinct.push((bytes, vec![detail])),
        }
    }
    let joined = |details: Vec<String>| match details.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => details.concat(),
    };
    distinct.into_iter().map(|(bytes, details)| (bytes, joined(details))).collect()
}
