//! Scheduled attempts and the messages they belong to.

use crate::domain::time::Moment;
use std::time::Duration;

/// The number of a message in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageNumber {
    /// The lead, counted from 0.
    pub lead: u32,
    /// 0 for the lead's own message, and from 1 on for its follow-ups.
    pub index: u32,
}

/// A scheduled attempt. Attempts are ordered by time, then by message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ScheduledAttempt {
    /// The time at which it is due.
    pub at: Moment,
    /// The message.
    pub message: MessageNumber,
    /// Counted from 1.
    pub attempt: u32,
    /// The number of times that the endpoint has processed the message so far.
    pub effects: u32,
    /// The time at which the first attempt of the message was due.
    pub arrived: Moment,
}

impl ScheduledAttempt {
    /// The first attempt of the first message.
    pub const FIRST: Self = Self {
        at: Moment(0),
        message: MessageNumber { lead: 0, index: 0 },
        attempt: 1,
        effects: 0,
        arrived: Moment(0),
    };

    /// Returns the first attempts of a lead's message and of its follow-ups.
    pub fn of_lead(lead: u32, at: Moment, gaps: &[Duration]) -> impl Iterator<Item = Self> {
        let moments = std::iter::once(at).chain(gaps.iter().map(move |gap| at.after(*gap)));
        (0..).zip(moments).map(move |(index, at)| Self {
            at,
            arrived: at,
            message: MessageNumber { lead, index },
            ..Self::FIRST
        })
    }
}
