//! The body of a request as hypotheses read it, and the forms that they return.

use crate::protocols::json;
use crate::protocols::json_layout::JsonLayout;
use serde_json::Value;
use std::cell::OnceCell;
use std::ops::Deref;

/// The maximum number of values of a body that is searched for its parts.
const MAX_VALUES: usize = 50_000;

/// The body of a request, and what else of the request some hypotheses need.
///
/// It dereferences to its bytes. What is derived from them is computed once, for all rows.
#[derive(Debug)]
pub(in crate::engine::explain) struct ReceivedBody<'b> {
    pub(in crate::engine::explain) bytes: &'b [u8],
    pub(in crate::engine::explain) context: BodyContext<'b>,
    text: OnceCell<Option<&'b str>>,
    layout: OnceCell<Option<JsonLayout<'b>>>,
}

/// The parts of a request, besides the body, that body hypotheses use.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::engine::explain) struct BodyContext<'b> {
    /// The value of `Content-Encoding`.
    pub(in crate::engine::explain) content_encoding: Option<&'b str>,
    /// The sample payloads of the provider, the one of this event first.
    pub(in crate::engine::explain) samples: &'b [&'b Value],
    /// `true` if the body is a form that another edit has decoded: fewer of its parts are tried.
    pub(in crate::engine::explain) is_decoded: bool,
}

/// Returns every form the body may have had when it was signed, each with a detail for `{}`.
pub(in crate::engine::explain) type RestoreBody = fn(&ReceivedBody<'_>) -> Vec<Form>;

/// A form of the body, and the detail for `{}`.
pub(in crate::engine::explain) type Form = (Vec<u8>, String);

impl<'b> ReceivedBody<'b> {
    pub(in crate::engine::explain) fn new(bytes: &'b [u8], context: BodyContext<'b>) -> Self {
        Self { bytes, context, text: OnceCell::new(), layout: OnceCell::new() }
    }

    /// Returns the body as text, if it is UTF-8.
    pub(in crate::engine::explain) fn text(&self) -> Option<&'b str> {
        *self.text.get_or_init(|| std::str::from_utf8(self.bytes).ok())
    }

    /// Returns the positions of the values, if it is a JSON object or array.
    pub(in crate::engine::explain) fn layout(&self) -> Option<&JsonLayout<'b>> {
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

/// Returns `true` if the bytes are a JSON object or array.
pub(in crate::engine::explain) fn is_json_document(bytes: &[u8]) -> bool {
    matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'[')) && json::read(bytes).is_ok()
}

/// Returns the form without a detail, if there is one.
pub(in crate::engine::explain) fn one(form: Option<Vec<u8>>) -> Vec<Form> {
    form.into_iter().map(|bytes| (bytes, String::new())).collect()
}

/// Merges forms with the same bytes into one whose detail names them all.
pub(in crate::engine::explain) fn merged(forms: impl Iterator<Item = Form>) -> Vec<Form> {
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
