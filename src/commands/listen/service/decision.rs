//! The decision on a delivery: reject, fail, drop, forward or respond.

use crate::domain::message::Response;
use crate::engine::fault_injection::{FaultEffect, InjectedFault};
use crate::io::forward::QueueReservation;
use std::io;

/// The single action taken on a delivery.
#[derive(Debug)]
pub(super) enum Decision {
    /// It could not be saved: 503, so that the sender retries.
    NotSaved(io::Error),
    /// It is rejected: 401 or 422.
    Reject(Rejection),
    /// It is not processed because of an injected fault: 500.
    Fail,
    /// It is not processed because of an injected fault, and its connection is closed without a
    /// response.
    Drop,
    /// It is forwarded to the targets. A scripted response takes precedence over that of the first
    /// target.
    Forward { first: QueueReservation, others: Vec<QueueReservation>, scripted: Option<u16> },
    /// It is accepted and not forwarded. The response has this status.
    Respond(u16),
}

/// The reason not to accept a delivery.
#[derive(Clone, Copy, Debug)]
pub(super) enum Rejection {
    Unverified,
    Invalid,
}

/// The effects of the options on one delivery, drawn and reserved in the order of arrival.
#[derive(Debug)]
pub(super) struct Directives {
    pub(super) rejection: Option<Rejection>,
    pub(super) fault: InjectedFault,
    /// The status that the script gives it.
    pub(super) scripted: Option<u16>,
    /// Its reserved positions in the queues of the targets.
    pub(super) reservations: Vec<QueueReservation>,
}

impl Decision {
    /// Decides on a delivery. `save_error` is the reason why it could not be saved, if any.
    ///
    /// A failed save takes precedence: a delivery that is not on disk is neither acknowledged nor
    /// forwarded, and a rejection would tell the sender not to retry. A rejection comes next, then
    /// the injected fault, then the script. Positions in the queues of targets that get nothing
    /// are released.
    pub(super) fn new(directives: Directives, save_error: Option<io::Error>) -> Self {
        let Directives { rejection, fault, scripted, reservations } = directives;
        let mut reservations = reservations.into_iter();
        match (save_error, rejection) {
            (Some(error), _) => Self::NotSaved(error),
            (None, Some(rejection)) => Self::Reject(rejection),
            (None, None) => match (fault.effect, reservations.next()) {
                (FaultEffect::Fail, _) => Self::Fail,
                (FaultEffect::Drop, _) => Self::Drop,
                (FaultEffect::Respond, Some(first)) => {
                    Self::Forward { first, others: reservations.collect(), scripted }
                }
                (FaultEffect::Respond, None) => Self::Respond(scripted.unwrap_or(200)),
            },
        }
    }
}

impl Rejection {
    /// Returns the response. The exact reason is shown to the operator only: it would help a
    /// forger.
    pub(super) fn response(self) -> Response {
        match self {
            Self::Unverified => Response::text(401, "not verified\n"),
            Self::Invalid => Response::text(422, "not valid\n"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn decide(rejection: Option<Rejection>, effect: FaultEffect, unsaved: bool) -> Decision {
        let fault = InjectedFault { wait: Duration::ZERO, effect };
        let directives =
            Directives { rejection, fault, scripted: Some(406), reservations: Vec::new() };
        Decision::new(directives, unsaved.then(|| io::Error::other("full")))
    }

    #[test]
    fn a_failed_save_takes_precedence_then_a_rejection_a_fault_a_script() {
        let rejection = Some(Rejection::Invalid);
        for (rejection, effect, unsaved, expected) in [
            (rejection, FaultEffect::Drop, true, "NotSaved("),
            (rejection, FaultEffect::Fail, false, "Reject(Invalid)"),
            (None, FaultEffect::Fail, false, "Fail"),
            (None, FaultEffect::Drop, false, "Drop"),
            (None, FaultEffect::Respond, false, "Respond(406)"),
        ] {
            let found = format!("{:?}", decide(rejection, effect, unsaved));
            assert!(found.starts_with(expected), "{found}");
        }
    }
}
