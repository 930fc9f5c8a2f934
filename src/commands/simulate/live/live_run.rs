//! One run against a real endpoint: sends each attempt when it is due and schedules the next one
//! according to the response.

use crate::commands::context::Context;
use crate::commands::delivery::{DeliveryReport, no_response_error};
use crate::commands::pacer::Pacer;
use crate::commands::payload::PreparedDelivery;
use crate::commands::simulate::live::clock::after;
use crate::commands::simulate::live::message_cache::MessageCache;
use crate::commands::simulate::live::report::{AttemptReport, RunSummary};
use crate::domain::delivery::{AttemptResult, Outcome};
use crate::domain::retry::{PlannedAttempt, RetryPolicy};
use crate::domain::target::Target;
use crate::domain::time::{Moment, Wait};
use crate::engine::simulate::arrivals::{Arrivals, LeadStream};
use crate::engine::simulate::event_queue::{CompletedAttempt, EventQueue};
use crate::engine::simulate::scheduled::ScheduledAttempt;
use crate::engine::simulate::totals::TotalsCounter;
use crate::error::{Error, Exit};
use crate::io::client::{Client, ConnectOptions, Exchange, NoResponse};
use crate::io::journal::JournalFile;
use crate::protocols::journal_file::{AttemptNumber, JournalEntry};
use jiff::Timestamp;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

/// Sends the attempts of one run.
///
/// The event queue is the one that `simulate` uses without an endpoint; only the responses come
/// from the network. Therefore a journal can be resumed by feeding its responses into a new queue:
/// the queue yields the same attempts in the same order.
pub(super) struct LiveRun<'p, 'c> {
    context: &'p mut Context<'c>,
    target: &'p Target,
    options: ConnectOptions,
    messages: MessageCache,
    queue: EventQueue<'p>,
    policy: &'p RetryPolicy,
    totals: TotalsCounter,
    summary: RunSummary,
    pacer: Pacer,
    is_stream: bool,
    /// The maximum number of attempts in progress at once.
    concurrency: usize,
    journal: Option<JournalFile>,
}

impl<'p, 'c> LiveRun<'p, 'c> {
    pub(super) fn new(
        context: &'p mut Context<'c>,
        target: &'p Target,
        options: ConnectOptions,
        messages: MessageCache,
        policy: &'p RetryPolicy,
        stream: &LeadStream,
        pacer: Pacer,
    ) -> Self {
        let event = messages.events.first().map_or("", |event| event.name.as_str());
        let summary = RunSummary::new(&messages.pack.provider, event);
        Self {
            queue: EventQueue::new(
                policy,
                Arrivals::new(stream, messages.seed),
                stream,
                messages.seed,
            ),
            totals: TotalsCounter::new(stream, []),
            context,
            target,
            options,
            messages,
            policy,
            summary,
            pacer,
            is_stream: !stream.is_single_message(),
            concurrency: 1,
            journal: None,
        }
    }

    /// Sets the maximum number of attempts in progress at once.
    pub(super) fn set_concurrency(&mut self, concurrency: u16) {
        self.concurrency = concurrency.into();
    }

    /// Resumes the run of a journal, and appends to the journal from there on.
    ///
    /// The entries drive the event queue as responses would. An entry that the queue does not
    /// expect belongs to another run, and is an error.
    pub(super) fn resume(
        &mut self,
        journal: JournalFile,
        entries: &[JournalEntry],
        torn: usize,
    ) -> Result<(), Error> {
        let path = journal.path().to_owned();
        if torn > 0 {
            self.note(&format!(
                "`{}` ended in an incomplete line: {torn} bytes were removed",
                path.display()
            ));
        }
        self.journal = Some(journal);
        let mut begun = VecDeque::new();
        for entry in entries {
            let is_expected = match *entry {
                JournalEntry::Started(number) => {
                    let due = self.queue.next().filter(|due| has_number(due, number));
                    begun.extend(due);
                    due.is_some()
                }
                JournalEntry::Completed { number, result: answer, completed_us: known_us } => {
                    let due = begun.pop_front().filter(|due| has_number(due, number));
                    due.map(|due| self.settle(due, answer, Moment(known_us), None)).is_some()
                }
            };
            if !is_expected {
                return Err(Error::AnotherRun { path });
            }
        }
        if !entries.is_empty() {
            let (attempts, path) = (self.summary.attempts(), path.display());
            let plural = if attempts == 1 { " was" } else { "s were" };
            let state = if self.queue.peek().is_none() && begun.is_empty() {
                "the run is complete"
            } else {
                "the run continues"
            };
            self.note(&format!("`{path}`: {attempts} attempt{plural} made before, {state}"));
        }
        begun.into_iter().try_for_each(|due| self.settle_without_response(due))
    }

    /// Settles an attempt of which the journal has the start but not the result, as one without a
    /// response: it may have been sent, and must not be sent twice.
    fn settle_without_response(&mut self, due: ScheduledAttempt) -> Result<(), Error> {
        self.note(&format!(
            "{} was started, and its result is unknown: it counts as unanswered",
            attempt_name_with_lead(&due)
        ));
        let now = self.messages.clock.moment(self.context.env.now()).unwrap_or(due.at);
        self.finish_attempt(due, AttemptResult::Unreachable, now.max(due.at), None).map(drop)
    }

    /// Sends the remaining attempts, prints the summary, and returns the exit status.
    pub(super) fn run(mut self) -> Result<Exit, Error> {
        self.send_all()?;
        let run = self.pacer.finish();
        let totals = self.totals.finish().totals;
        self.summary.complete(&totals, run.elapsed());
        self.context.printer.report(&self.summary)?;
        if let Some(exit) = run.interrupted {
            if self.journal.is_some() {
                self.context.printer.note("run the same command again to continue");
            }
            return Ok(exit);
        }
        match run.no_response {
            _ if self.summary.all_delivered() => Ok(Exit::Success),
            Some(error) if !self.summary.any_response() => Err(error),
            _ => Ok(Exit::Failure),
        }
    }

    /// Sends the remaining attempts until a signal arrives.
    pub(super) fn send_all(&mut self) -> Result<(), Error> {
        while let Some(next) = self.queue.peek() {
            if !self.wait(&next) {
                break;
            }
            let due = self.take_due(next.at);
            self.send_attempts(&due)?;
        }
        Ok(())
    }

    /// Ends the run, and returns the outcome of its last attempt.
    pub(super) fn last_outcome(self) -> Option<Outcome> {
        self.pacer.finish();
        self.summary.outcome
    }

    /// Waits until an attempt is due. Returns `false` if a signal has arrived.
    fn wait(&mut self, next: &ScheduledAttempt) -> bool {
        let (clock, env) = (self.messages.clock, self.context.env);
        let name = if self.is_stream { attempt_name_with_lead(next) } else { attempt_name(next) };
        self.pacer.wait_until(|| clock.wait(next.at, env.now()), &name)
    }

    /// Takes the attempts that are due now, up to the concurrency limit.
    fn take_due(&mut self, at: Moment) -> Vec<ScheduledAttempt> {
        let now = self.messages.clock.moment(self.context.env.now()).unwrap_or(at).max(at);
        let mut due = Vec::new();
        while due.len() < self.concurrency && self.queue.peek().is_some_and(|next| next.at <= now) {
            due.extend(self.queue.next());
        }
        due
    }

    /// Sends the requests of due attempts, concurrently if there are several.
    fn send_attempts(&mut self, due: &[ScheduledAttempt]) -> Result<(), Error> {
        let mut prepared = Vec::new();
        for due in due {
            let (messages, context) = (&mut self.messages, &mut *self.context);
            let target = self.target;
            prepared.push(self.pacer.suspend(|| messages.get_or_create(context, target, due))?);
        }
        let Some(first) = prepared.first() else { return Ok(()) };
        // Each attempt uses a new connection: an endpoint may close a reused one just as the
        // request arrives, and the attempt would fail for a reason of our own.
        let address = self.target.at_path(&first.message.target);
        let client = Arc::new(Client::new(&address, &self.options, &first.message)?);
        // Written before the request is sent: after a crash, an attempt that may have been sent is
        // known and is not sent again.
        if let Some(journal) = &mut self.journal {
            due.iter().try_for_each(|due| {
                journal.append_entry(&JournalEntry::Started(attempt_number(due)))
            })?;
        }
        let began = self.context.env.now();
        let results = match prepared.as_slice() {
            [only] => vec![client.send(&only.message)],
            several if several.iter().any(|it| it.message.target != first.message.target) => {
                let send = |prepared: &Rc<PreparedDelivery>| {
                    let address = self.target.at_path(&prepared.message.target);
                    let client = Client::new(&address, &self.options, &prepared.message)?;
                    Ok(client.send(&prepared.message))
                };
                several.iter().map(send).collect::<Result<Vec<_>, Error>>()?
            }
            several => {
                let messages: Vec<_> = several.iter().map(|it| it.message.clone()).collect();
                client.send_all(&messages)
            }
        };
        let completed = due.iter().zip(&prepared).zip(&results);
        completed.into_iter().try_for_each(|((due, prepared), result)| {
            self.handle_result(*due, prepared, began, result)
        })
    }

    /// Settles an attempt with the result of its request, and prints it.
    fn handle_result(
        &mut self,
        due: ScheduledAttempt,
        prepared: &PreparedDelivery,
        began: Timestamp,
        result: &Result<Exchange, NoResponse>,
    ) -> Result<(), Error> {
        let (attempt_result, took) = match result {
            Ok(exchange) => (AttemptResult::Status(exchange.response.status), exchange.took),
            Err(failure) => (failure.attempt_result(), failure.took),
        };
        let clock = self.messages.clock;
        let at = match clock.moment(began) {
            Some(_) => began,
            None => clock.virtual_timestamp(due.at),
        };
        let known_at = clock.moment(after(began, took)).unwrap_or(due.at).max(due.at);
        let wait = self.policy.waits.get((due.attempt as usize).wrapping_sub(2)).copied();
        let planned = PlannedAttempt {
            attempt: due.attempt as usize,
            wait,
            at: Wait(due.at.since_start().as_secs()),
        };
        let address = self.target.at_path(&prepared.message.target);
        let delivery = DeliveryReport::new(prepared, &address, planned, at, result);
        let took = attempt_result.status().map(|_| took);
        let completed = self.finish_attempt(due, attempt_result, known_at, took)?;
        self.summary.message_id.clone_from(&prepared.message_id);
        let report = AttemptReport { delivery, completed, is_numbered: self.is_stream };
        let printer = &mut *self.context.printer;
        self.pacer.suspend(|| printer.report(&report))?;
        if let Err(failure) = result {
            let shown = prepared.shown_target(&address);
            self.pacer.run.no_response = Some(no_response_error(&shown, failure));
        }
        Ok(())
    }

    /// Records the result of an attempt in the journal, then settles it.
    fn finish_attempt(
        &mut self,
        due: ScheduledAttempt,
        attempt_result: AttemptResult,
        known_at: Moment,
        took: Option<Duration>,
    ) -> Result<CompletedAttempt, Error> {
        if let Some(journal) = &mut self.journal {
            journal.append_entry(&JournalEntry::Completed {
                number: attempt_number(&due),
                result: attempt_result,
                completed_us: known_at.0,
            })?;
        }
        Ok(self.settle(due, attempt_result, known_at, took))
    }

    /// Feeds the result of an attempt into the event queue and the totals.
    fn settle(
        &mut self,
        due: ScheduledAttempt,
        attempt_result: AttemptResult,
        known_at: Moment,
        took: Option<Duration>,
    ) -> CompletedAttempt {
        let response = self.queue.result_of_real_endpoint(attempt_result, known_at);
        let completed = self.queue.settle(due, response);
        self.totals.count(&completed);
        self.summary.count(&completed, took);
        if completed.next_at.is_none() {
            self.messages.remove(due.message);
        }
        if !self.is_stream || completed.next_at.is_none() {
            self.pacer.step("");
        }
        completed
    }

    fn note(&mut self, text: &str) {
        let printer = &mut *self.context.printer;
        self.pacer.suspend(|| printer.note(text));
    }
}

fn attempt_name(due: &ScheduledAttempt) -> String {
    format!("attempt {}", due.attempt)
}

fn attempt_name_with_lead(due: &ScheduledAttempt) -> String {
    format!("{} of lead #{}", attempt_name(due), u64::from(due.message.lead) + 1)
}

fn attempt_number(due: &ScheduledAttempt) -> AttemptNumber {
    AttemptNumber { lead: due.message.lead, message_index: due.message.index, attempt: due.attempt }
}

fn has_number(due: &ScheduledAttempt, expected: AttemptNumber) -> bool {
    attempt_number(due) == expected
}
