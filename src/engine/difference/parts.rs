//! The two requests of a comparison, the parts that are compared, and the cause of a difference.

use crate::domain::message::Message;
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
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

impl Pair {
    pub(super) fn of(a: &str, b: &str) -> Self {
        Self { same: a == b, a: a.to_owned(), b: b.to_owned() }
    }
}
