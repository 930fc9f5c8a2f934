//! The decision on a delivery: made once, in one place, and then performed.

use crate::domain::message::Response;
use crate::engine::fault_injection::{FaultEffect, InjectedFault};
use crate::io::forward::QueuePlace;
use std::io;

/// The one thing that is done with a delivery.
#[derive(Debug)]
pub(super) enum Decision {
    /// It could not be saved: 503, and the sender tries again.
    NotSaved(io::Error),
    /// It is not accepted.
    Reject(Rejection),
    /// It is not worked on: 500.
    Fail,
    /// It is not worked on, and its connection is closed without a response.
    Drop,
    /// The targets get it. The response is that of the script, if there is one, whatever the first
    /// target says.
    Forward { first: QueuePlace, others: Vec<QueuePlace>, scripted: Option<u16> },
    /// No target gets it. The response has this status.
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
    /// The response of the script.
    pub(super) scripted: Option<u16>,
    /// Its places in the queues of the targets.
    pub(super) places: Vec<QueuePlace>,
}

impl Decision {
    /// Decides. `unsaved` is the reason why the delivery could not be saved: what is not on disk is
    /// neither acknowledged nor forwarded, and a rejection would tell the sender not to try again.
    ///
    /// Places in the queues of targets that get nothing are given up here.
    pub(super) fn of(directives: Directives, unsaved: Option<io::Error>) -> Self {
        let Directives { rejection, fault, scripted, places } = directives;
        let mut places = places.into_iter();
        match (unsaved, rejection) {
            (Some(error), _) => Self::NotSaved(error),
            (None, Some(rejection)) => Self::Reject(rejection),
            (None, None) => match (fault.ending, places.next()) {
                (FaultEffect::Fail, _) => Self::Fail,
                (FaultEffect::Drop, _) => Self::Drop,
                (FaultEffect::Answer, Some(first)) => {
                    Self::Forward { first, others: places.collect(), scripted }
                }
                (FaultEffect::Answer, None) => Self::Respond(scripted.unwrap_or(200)),
            },
        }
    }
}

impl Rejection {
    /// Returns the response. The reason goes to the operator and never on the wire: it would teach a
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

    fn decided(rejection: Option<Rejection>, ending: FaultEffect, unsaved: bool) -> Decision {
        let fault = InjectedFault { wait: Duration::ZERO, ending };
        let directives = Directives { rejection, fault, scripted: Some(406), places: Vec::new() };
        Decision::of(directives, unsaved.then(|| io::Error::other("full")))
    }

    #[test]
    fn what_is_not_on_disk_counts_first_then_a_rejection_then_a_fault_then_the_script() {
        let rejection = Some(Rejection::Invalid);
        for (rejection, ending, unsaved, expected) in [
            (rejection, FaultEffect::Drop, true, "NotSaved("),
            (rejection, FaultEffect::Fail, false, "Reject(Invalid)"),
            (None, FaultEffect::Fail, false, "Fail"),
            (None, FaultEffect::Drop, false, "Drop"),
            (None, FaultEffect::Answer, false, "Respond(406)"),
        ] {
            let found = format!("{:?}", decided(rejection, ending, unsaved));
            assert!(found.starts_with(expected), "{found}");
        }
    }
}
