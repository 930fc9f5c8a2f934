//! One run: each attempt when it is due, its answer, and what that leads to.

use crate::commands::context::Context;
use crate::commands::delivery::{Delivery, no_answer};
use crate::commands::payload::Prepared;
use crate::commands::simulate::live::clock::{Clock, after};
use crate::commands::simulate::live::letters::Letters;
use crate::commands::simulate::live::report::{Rung, Summary};
use crate::domain::delivery::{Answer, Outcome};
use crate::domain::retry::{Planned, RetryPolicy};
use crate::domain::target::Target;
use crate::domain::time::{Moment, Wait, took};
use crate::engine::simulate::agenda::{Agenda, Made};
use crate::engine::simulate::arrivals::{Arrivals, Stream};
use crate::engine::simulate::due::Due;
use crate::engine::simulate::tally::Tally;
use crate::error::{Error, Exit};
use crate::io::client::{Client, ConnectOptions, Exchange, NoAnswer};
use crate::io::journal::JournalFile;
use crate::io::signals::Signal;
use crate::output::progress::Progress;
use crate::protocols::journal_file::{AttemptNumber, Entry};
use jiff::Timestamp;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// How often a wait says how long it still is.
const TICK: Duration = Duration::from_secs(1);

/// What sends the attempts of one run.
pub(super) struct Player<'p, 'c> {
    context: &'p mut Context<'c>,
    target: &'p Target,
    options: ConnectOptions,
    letters: Letters,
    clock: Clock,
    agenda: Agenda<'p>,
    policy: &'p RetryPolicy,
    tally: Tally,
    summary: Summary,
    progress: Progress,
    is_of_many: bool,
    /// How many attempts may be under way at once.
    concurrency: usize,
    journal: Option<JournalFile>,
    signals: Option<Receiver<Signal>>,
    /// The signal that ended the run.
    ended: Option<Exit>,
    /// Whether any attempt was answered, and why the last one without an answer has none.
    any_answered: bool,
    silence: Option<Error>,
    began: Instant,
}

impl<'p, 'c> Player<'p, 'c> {
    pub(super) fn new(
        context: &'p mut Context<'c>,
        target: &'p Target,
        options: ConnectOptions,
        letters: Letters,
        clock: Clock,
        policy: &'p RetryPolicy,
        stream: &Stream,
    ) -> Self {
        let messages = stream.leads.saturating_mul(1 + stream.follow_ups.len() as u64);
        let is_of_many = !stream.is_of_one();
        let steps = if is_of_many { messages } else { policy.plan().len() as u64 };
        let progress = match usize::try_from(steps) {
            Ok(steps) if stream.end.is_none() => Progress::bar(context.printer, steps),
            _ => Progress::spinner(context.printer, ""),
        };
        let event = letters.events.first().map_or("", |event| event.name.as_str());
        let summary = Summary::new(&letters.pack.provider, event);
        Self {
            agenda: Agenda::new(policy, Arrivals::new(stream, letters.seed), stream),
            tally: Tally::new(stream, []),
            context,
            target,
            options,
            letters,
            clock,
            policy,
            summary,
            progress,
            is_of_many,
            concurrency: 1,
            journal: None,
            signals: None,
            ended: None,
            any_answered: false,
            silence: None,
            began: Instant::now(),
        }
    }

    /// Stops cleanly when one of these comes.
    pub(super) fn watch_for(&mut self, signals: Receiver<Signal>) {
        self.signals = Some(signals);
    }

    /// Lets so many attempts be under way at once.
    pub(super) fn at_once(&mut self, concurrency: u16) {
        self.concurrency = concurrency.into();
    }

    /// Goes on where a journal ends, and writes it from there on.
    ///
    /// Its entries drive the same agenda as answers would: an entry that the agenda does not expect
    /// is of another run.
    pub(super) fn resume(
        &mut self,
        journal: JournalFile,
        entries: &[Entry],
        torn: usize,
    ) -> Result<(), Error> {
        let path = journal.path().to_owned();
        if torn > 0 {
            self.note(&format!(
                "`{}` ended in a torn line: {torn} bytes were cut off",
                path.display()
            ));
        }
        self.journal = Some(journal);
        let mut begun = VecDeque::new();
        for entry in entries {
            let is_expected = match *entry {
                Entry::Begun(number) => {
                    let due = self.agenda.next().filter(|due| is_of(due, number));
                    begun.extend(due);
                    due.is_some()
                }
                Entry::Made { number, answer, known_us } => {
                    let due = begun.pop_front().filter(|due| is_of(due, number));
                    due.map(|due| self.settle(due, answer, Moment(known_us), None)).is_some()
                }
            };
            if !is_expected {
                return Err(Error::AnotherRun { path });
            }
        }
        if !entries.is_empty() {
            let (attempts, path) = (self.summary.attempts(), path.display());
            let s = if attempts == 1 { " was" } else { "s were" };
            let left = if self.agenda.peek().is_none() && begun.is_empty() {
                "nothing is left"
            } else {
                "the run goes on"
            };
            self.note(&format!("`{path}`: {attempts} attempt{s} made before, {left}"));
        }
        begun.into_iter().try_for_each(|due| self.give_up_on(due))
    }

    /// Counts an attempt as unanswered that was begun and has no end in the journal: it may have
    /// been sent, and must not be sent twice.
    fn give_up_on(&mut self, due: Due) -> Result<(), Error> {
        let (lead, attempt) = (u64::from(due.message.lead) + 1, due.attempt);
        self.note(&format!(
            "attempt {attempt} of lead #{lead} was begun, and what came of it is not known: it \
             counts as unanswered"
        ));
        let now = self.clock.moment(self.context.env.now()).unwrap_or(due.at);
        self.finish_attempt(due, Answer::Unreachable, now.max(due.at), None).map(drop)
    }

    /// Sends all that is left, says what became of it, and gives the exit status.
    pub(super) fn play(mut self) -> Result<Exit, Error> {
        self.send_all()?;
        let totals = self.tally.finish().totals;
        self.summary.end(&totals, self.began.elapsed());
        self.context.printer.report(&self.summary)?;
        if let Some(exit) = self.ended {
            if self.journal.is_some() {
                self.context.printer.note("the same command goes on with what is left");
            }
            return Ok(exit);
        }
        match self.silence {
            _ if self.summary.all_delivered() => Ok(Exit::Yes),
            Some(error) if !self.any_answered => Err(error),
            _ => Ok(Exit::No),
        }
    }

    /// Sends all that is left, up to a signal.
    pub(super) fn send_all(&mut self) -> Result<(), Error> {
        while let Some(at) = self.agenda.peek() {
            self.wait(at);
            if self.ended.is_some() {
                break;
            }
            let due = self.due(at);
            self.attempt(&due)?;
        }
        self.progress.finish();
        Ok(())
    }

    /// What the last attempt came to.
    pub(super) fn last_outcome(&self) -> Option<Outcome> {
        self.summary.outcome
    }

    /// Waits until a moment, or for a signal.
    fn wait(&mut self, at: Moment) {
        loop {
            let left = self.clock.wait(at, self.context.env.now());
            if left >= TICK {
                self.progress.say(&format!("the next attempt in {}", took(left)));
            }
            match &self.signals {
                Some(signals) => match signals.recv_timeout(left.min(TICK)) {
                    Ok(signal) => {
                        self.ended = Some(signal.into());
                        return;
                    }
                    Err(RecvTimeoutError::Timeout) => {}
                    // Nobody watches for signals any more, which end the process then.
                    Err(RecvTimeoutError::Disconnected) => std::thread::sleep(left.min(TICK)),
                },
                None => std::thread::sleep(left.min(TICK)),
            }
            if left <= TICK {
                return;
            }
        }
    }

    /// What is due now, as much of it as may be under way at once.
    fn due(&mut self, at: Moment) -> Vec<Due> {
        let now = self.clock.moment(self.context.env.now()).unwrap_or(at).max(at);
        let mut due = Vec::new();
        while due.len() < self.concurrency && self.agenda.peek().is_some_and(|at| at <= now) {
            due.extend(self.agenda.next());
        }
        due
    }

    /// Makes attempts, all at once where there are several.
    fn attempt(&mut self, due: &[Due]) -> Result<(), Error> {
        let mut prepared = Vec::new();
        for due in due {
            let (letters, context) = (&mut self.letters, &mut *self.context);
            let target = self.target;
            prepared.push(self.progress.suspend(|| letters.of(context, target, due))?);
        }
        let Some(first) = prepared.first() else { return Ok(()) };
        // Connections of their own: on one that is used again, a request can meet an endpoint that
        // is just closing it.
        let client = Arc::new(Client::new(self.target, &self.options, &first.message)?);
        if let Some(journal) = &mut self.journal {
            due.iter().try_for_each(|due| journal.add(&Entry::Begun(number(due))))?;
        }
        let began = self.context.env.now();
        let results = match prepared.as_slice() {
            [only] => vec![client.send(&only.message)],
            several => {
                let messages: Vec<_> = several.iter().map(|it| it.message.clone()).collect();
                client.send_together(&messages)
            }
        };
        let made = due.iter().zip(&prepared).zip(&results);
        made.into_iter()
            .try_for_each(|((due, prepared), result)| self.answered(*due, prepared, began, result))
    }

    /// Draws from one answer what comes next, and says so.
    fn answered(
        &mut self,
        due: Due,
        prepared: &Prepared,
        began: Timestamp,
        result: &Result<Exchange, NoAnswer>,
    ) -> Result<(), Error> {
        let (answer, took) = match result {
            Ok(exchange) => (Answer::Status(exchange.response.status), exchange.took),
            Err(failure) => (failure.answer(), failure.took),
        };
        let at = match self.clock.moment(began) {
            Some(_) => began,
            None => self.clock.virtual_time(due.at),
        };
        let known = self.clock.moment(after(began, took)).unwrap_or(due.at).max(due.at);
        let wait = self.policy.waits.get((due.attempt as usize).wrapping_sub(2)).copied();
        let planned =
            Planned { attempt: due.attempt as usize, wait, at: Wait(due.at.span().as_secs()) };
        let delivery = Delivery::new(prepared, self.target, planned, at, result);
        let took = answer.status().map(|_| took);
        let made = self.finish_attempt(due, answer, known, took)?;
        self.summary.message_id.clone_from(&prepared.message_id);
        let rung = Rung { delivery, made, is_numbered: self.is_of_many };
        let printer = &mut *self.context.printer;
        self.progress.suspend(|| printer.report(&rung))?;
        if let Err(failure) = result {
            self.silence = Some(no_answer(self.target, failure));
        }
        Ok(())
    }

    /// Settles an attempt that was made, and writes it down.
    fn finish_attempt(
        &mut self,
        due: Due,
        answer: Answer,
        known: Moment,
        took: Option<Duration>,
    ) -> Result<Made, Error> {
        if let Some(journal) = &mut self.journal {
            journal.add(&Entry::Made { number: number(&due), answer, known_us: known.0 })?;
        }
        Ok(self.settle(due, answer, known, took))
    }

    fn settle(&mut self, due: Due, answer: Answer, known: Moment, took: Option<Duration>) -> Made {
        let answered = self.agenda.answered(answer, known);
        let made = self.agenda.settle(due, answered);
        self.any_answered |= answer.status().is_some();
        self.tally.count(&made);
        self.summary.count(&made, took);
        if made.next.is_none() {
            self.letters.settle(due.message);
        }
        if !self.is_of_many || made.next.is_none() {
            self.progress.step("");
        }
        made
    }

    fn note(&mut self, text: &str) {
        let printer = &mut *self.context.printer;
        self.progress.suspend(|| printer.note(text));
    }
}

fn number(due: &Due) -> AttemptNumber {
    AttemptNumber { lead: due.message.lead, place: due.message.place, attempt: due.attempt }
}

fn is_of(due: &Due, wanted: AttemptNumber) -> bool {
    number(due) == wanted
}
