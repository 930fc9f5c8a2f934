//! Comparison of two requests: the cause in one sentence, then every part that differs.
//!
//! The cause comes from the rows by which `explain` searches: they are applied to one body to obtain
//! the other, in both directions.

mod body;
mod cause;
mod headers;
mod parts;
mod phrases;
mod spelling;
mod values;

pub use body::{BodyDifference, FirstDifference, Spot};
pub use headers::{HeaderChange, HeaderDifference};
pub use parts::{Cause, Pair, Scope, Side};
pub use values::{ValueChange, ValueDifference};

use crate::engine::explain::body_changes::MAX_CHANGED_LEN;
use crate::protocols::json::Json;
use crate::protocols::{byte_order_mark, json};
use serde::Serialize;

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
