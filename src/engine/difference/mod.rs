//! Comparison of two requests: the cause in one sentence, then every part that differs.
//!
//! The cause comes from the rows by which `explain` searches: they are applied to one body to obtain
//! the other, in both directions.

mod body;
mod cause;
mod headers;
mod phrases;
mod spelling;
mod values;

pub use body::{BodyDifference, FirstDifference, Spot};
pub use headers::{HeaderChange, HeaderDifference};
pub use values::{ValueChange, ValueDifference};

use crate::domain::message::Message;
use crate::engine::explain::body_changes::MAX_CHANGED_LEN;
use crate::protocols::json::Json;
use crate::protocols::{byte_order_mark, json};
use serde::Serialize;

/// One of the two requests.
#[derive(Clone, Copy, Debug)]
pub struct Side<'m> {
    /// The request.
    pub message: &'m Message,
    /// `true` if its file has the body as a parsed value, so that the bytes are not known.
    pub bytes_were_lost: bool,
}

/// The parts that are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scope {
    /// Method, target, headers and body.
    Request,
    /// The body only.
    Body,
}

/// The result of a comparison.
#[derive(Clone, Debug, Serialize)]
pub struct Difference {
    /// `true` if all compared parts have the same bytes.
    pub same: bool,
    /// What happened, in one sentence.
    pub cause: Cause,
    /// The methods; `None` if only the bodies are compared.
    pub method: Option<Pair>,
    /// The request targets.
    pub target: Option<Pair>,
    /// The headers that differ.
    pub headers: Option<Vec<HeaderDifference>>,
    /// The bytes of the bodies.
    pub body: BodyDifference,
    /// The values that differ, if both bodies are JSON: at most as many as
    /// [`MAX_POINTERS`](crate::protocols::json::MAX_POINTERS).
    pub json: Option<Vec<ValueDifference>>,
}

/// The cause of a difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cause {
    /// The kind, in kebab case.
    pub code: &'static str,
    /// One sentence, without a period.
    pub message: String,
}

/// A part of the start line in both requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pair {
    /// `true` if both are the same.
    pub same: bool,
    /// That of the first request.
    pub a: String,
    /// That of the second request.
    pub b: String,
}

impl Cause {
    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

impl Pair {
    fn of(a: &str, b: &str) -> Self {
        Self { same: a == b, a: a.to_owned(), b: b.to_owned() }
    }
}

/// Compares two requests.
#[must_use]
pub fn compare(a: Side<'_>, b: Side<'_>, scope: Scope) -> Difference {
    let in_scope = |part: Pair| (scope == Scope::Request).then_some(part);
    let method = in_scope(Pair::of(&a.message.method, &b.message.method));
    let target = in_scope(Pair::of(&a.message.target, &b.message.target));
    let headers = (scope == Scope::Request)
        .then(|| headers::differences(&a.message.headers, &b.message.headers));
    let body = BodyDifference::of(&a.message.body, &b.message.body);
    let documents = parse(&a.message.body).zip(parse(&b.message.body));
    let json = documents.as_ref().map(|(a, b)| values::differences(a, b));
    let cause = cause::find(&cause::Comparison {
        a,
        b,
        method: method.as_ref(),
        target: target.as_ref(),
        headers: headers.as_deref().unwrap_or_default(),
        documents: documents.as_ref(),
        values: json.as_deref().unwrap_or_default(),
        scope,
    });
    let has_same_bytes = body.same && !a.bytes_were_lost && !b.bytes_were_lost;
    let same = has_same_bytes
        && method.iter().chain(&target).all(|part| part.same)
        && headers.as_ref().is_none_or(Vec::is_empty);
    Difference { same, cause, method, target, headers, body, json }
}

/// Parses a body that is not too long to be compared value by value.
fn parse(body: &[u8]) -> Option<Json> {
    let body = Some(body).filter(|body| body.len() <= MAX_CHANGED_LEN)?;
    json::read(byte_order_mark::strip(body)).ok()
}

#[cfg(test)]
mod tests;
