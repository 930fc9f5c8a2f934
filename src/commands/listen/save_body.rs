//! `--save-body`: the part of each received body that its capture contains.

use crate::domain::capture::{BodySaved, Capture};
use crate::engine::judge::Judgement;
use crate::engine::redaction::Redactor;
use crate::engine::redaction::unsaved_body::without_body;
use crate::providers::Packs;
use clap::ValueEnum;
use jiff::Timestamp;
use std::sync::{Mutex, PoisonError};

/// The value of `--save-body`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum SaveBody {
    /// The body, byte for byte.
    #[default]
    Full,
    /// A redacted body, as `convert --redact` writes it.
    Redacted,
    /// No body.
    None,
}

/// Removes from captures what is not to be saved.
#[derive(Debug, Default)]
pub(super) enum BodyFilter {
    /// Keeps whole bodies.
    #[default]
    Full,
    /// Redacts requests. The replacements of a run are the same for the same string, so that
    /// deliveries of one person stay recognisable.
    Redacted(Box<Mutex<Redactor>>),
    /// Removes bodies.
    None,
}

impl BodyFilter {
    /// Creates the filter of a run. `seed` determines the replacements.
    pub(super) fn new(save: SaveBody, packs: &Packs, seed: u64) -> Self {
        match save {
            SaveBody::Full => Self::Full,
            SaveBody::Redacted => {
                Self::Redacted(Box::new(Mutex::new(Redactor::of_run(packs.clone(), seed))))
            }
            SaveBody::None => Self::None,
        }
    }

    /// Returns `true` if a body must be parsed before its capture is saved.
    pub(super) fn parses_bodies(&self) -> bool {
        matches!(self, Self::Redacted(_))
    }

    /// Returns the capture to save of a delivery that was judged.
    pub(super) fn apply(&self, capture: Capture, judgement: &Judgement) -> Capture {
        match self {
            Self::Full => capture,
            Self::Redacted(redactor) => {
                // Each redaction is complete in itself: a panic leaves the redactor usable.
                let mut redactor = redactor.lock().unwrap_or_else(PoisonError::into_inner);
                let now = capture.received_at.unwrap_or(Timestamp::UNIX_EPOCH);
                let redacted = redactor.redact(&capture, judgement, now);
                Capture { body_saved: BodySaved::Redacted, ..redacted.capture }
            }
            Self::None => without_body(capture, judgement.pack.as_deref()),
        }
    }
}
