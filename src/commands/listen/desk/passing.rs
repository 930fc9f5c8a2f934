//! Passing deliveries on to the targets behind the listener.

use super::Desk;
use crate::commands::listen::event_queue::News;
use crate::commands::listen::metrics::Trouble;
use crate::commands::listen::report::Forwarded;
use crate::domain::message::{Message, Response};
use crate::domain::time::Wait;
use crate::domain::verdict::Verdict;
use crate::io::forward::{Change, Passed, Place};
use crate::io::memory::Counted;
use crate::io::task;
use std::sync::Arc;

impl Desk {
    /// Passes the raw request on to every target that has a place for it, and waits for the first
    /// of them: its answer is the sender's, or 502.
    pub(super) async fn pass_on(
        self: &Arc<Self>,
        places: Vec<Place>,
        seq: u64,
        verdict: &Verdict,
        message: &Arc<Counted<Message>>,
    ) -> Option<(Response, Forwarded)> {
        let mut passing = self.forwards.send(places, message);
        for other in passing.drain(1.min(passing.len())..) {
            let (desk, verdict) = (Arc::clone(self), verdict.clone());
            task::aside(async move {
                let (_, forwarded) = desk.passed(other.done().await, seq, &verdict);
                desk.tell(News::Forwarded(seq, forwarded));
            });
        }
        let first = passing.pop()?.done().await;
        Some(self.passed(first, seq, verdict))
    }

    /// What came of passing a delivery on, counted, and said where a target went or came back.
    fn passed(&self, passed: Passed, seq: u64, verdict: &Verdict) -> (Response, Forwarded) {
        let Passed { url, took, status, result, change } = passed;
        let outcome = if result.is_ok() { "answered" } else { "failed" };
        self.metrics.forwarded(&place_of(&url), outcome, took);
        match change {
            None => {}
            Some(Change::Down) => self.tell(News::Trouble(format!(
                "{url} does not answer, from #{seq} on; its deliveries are answered 502"
            ))),
            Some(Change::Back { after, missed }) => self.tell(News::Trouble(format!(
                "{url} is back after {}; it missed {missed}",
                Wait(after.as_secs())
            ))),
        }
        let url = url.to_string();
        match result {
            Ok(response) => (response, Forwarded { url, status, error: None }),
            Err(error) => {
                self.metrics.trouble(verdict, Trouble::NotForwarded);
                let response = Response::text(502, "the target did not answer\n");
                (response, Forwarded { url, status, error: Some(error) })
            }
        }
    }
}

/// An address without what may be private in it.
pub(super) fn place_of(url: &str) -> String {
    url.split(['?', '#']).next().unwrap_or_default().to_owned()
}
