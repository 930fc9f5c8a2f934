//! A run against a real endpoint: every attempt is sent, and its response decides what follows.

mod clock;
mod identity;
mod live_run;
mod message_cache;
mod report;

use crate::commands::connection::ConnectionArgs;
use crate::commands::context::Context;
use crate::commands::delivery::write_outgoing;
use crate::commands::pacer::Pacer;
use crate::commands::payload::{PayloadArgs, PreparedDelivery};
use crate::commands::secrets::UnsignedOption;
use crate::commands::simulate::live::clock::Clock;
use crate::commands::simulate::live::live_run::LiveRun;
use crate::commands::simulate::live::message_cache::MessageCache;
use crate::commands::simulate::options::RunArgs;
use crate::domain::delivery::Outcome;
use crate::domain::event_ref::EventRef;
use crate::domain::retry::RetryPolicy;
use crate::domain::speed::Speed;
use crate::domain::target::Target;
use crate::domain::verdict::Proof;
use crate::engine::simulate::arrivals::{ArrivalPattern, LeadStream};
use crate::engine::simulate::scheduled::ScheduledAttempt;
use crate::error::{Error, Exit};
use crate::io::client::ConnectOptions;
use crate::io::journal::{JournalFile, OpenedJournal};
use crate::output::progress::Progress;
use crate::protocols::journal_file::Header;
use crate::providers::pack::Pack;
use crate::providers::provider::EventFacts;
use std::sync::Arc;
use std::sync::mpsc::channel;

/// The options of a run.
pub(super) struct RunOptions<'o> {
    pub(super) payload: &'o PayloadArgs,
    pub(super) connection: &'o ConnectionArgs,
    pub(super) run: &'o RunArgs,
    pub(super) stream: LeadStream,
    /// The event as given on the command line.
    pub(super) event: &'o EventRef,
}

/// Sends every attempt of every message, in the order of virtual time.
pub(super) fn run(
    options: RunOptions<'_>,
    context: &mut Context<'_>,
    target: &Target,
    pack: Arc<Pack>,
    events: Vec<EventFacts>,
) -> Result<Exit, Error> {
    let RunOptions { payload, connection, run, stream, event } = options;
    if !stream.is_single_message() {
        payload.check_for_several()?;
    }
    payload.check_stdin(context)?;
    let connect = connection.options(context.env, target, Some(&pack.provider.retry))?;
    context.check_pack_target(&pack, target, false)?;
    let is_unsigned = payload.is_unsigned() || pack.provider.signature.proof() == Proof::None;
    let secret = if is_unsigned {
        None
    } else {
        Some(context.signing_secret(&pack.provider, Some(event), UnsignedOption::Available)?)
    };
    let found_journal = run.journal.as_deref().map(JournalFile::open).transpose()?;
    let existing = found_journal.as_ref().and_then(|found| found.journal.as_ref());
    let header = header(context, payload, run.speed, existing.map(|journal| &journal.header));
    let clock = Clock::new(header.started_at, run.speed);
    let seeding = (payload.seed().unwrap_or(header.seed), stream.leads != 1);
    let policy = pack.provider.retry.clone();
    let mut messages = MessageCache::new(payload.clone(), pack, events, secret, seeding, clock);
    let mut entries = Vec::new();
    let mut digest = String::new();
    if let Some(path) = &run.journal {
        digest = identity::digest(&mut messages, context, target, &policy, &stream, run.speed)?;
        if let Some(journal) = existing {
            if journal.header.digest != digest {
                return Err(Error::AnotherRun { path: path.clone() });
            }
            entries.clone_from(&journal.entries);
        }
    }
    connection.prepare(target, &connect, context.printer)?;
    announce(context, &mut messages, target, &stream)?;
    let env = context.env;
    let pacer = Pacer::new(progress(context, &policy, &stream), env.watch_signals()?);
    let mut live_run = LiveRun::new(context, target, connect, messages, &policy, &stream, pacer);
    live_run.set_concurrency(run.concurrency);
    if let Some(found) = found_journal {
        let OpenedJournal { mut file, journal, torn } = found;
        if journal.is_none() {
            file.write_header(&Header { digest, ..header })?;
        }
        live_run.resume(file, &entries, torn)?;
    }
    live_run.run()
}

/// Creates a progress bar of messages, or of attempts if there is one message; a spinner if the
/// stream ends at a time, so that the number of leads is not known.
fn progress(context: &Context<'_>, policy: &RetryPolicy, stream: &LeadStream) -> Progress {
    let messages = stream.leads.saturating_mul(1 + stream.follow_ups.len() as u64);
    let steps = if stream.is_single_message() { policy.plan().len() as u64 } else { messages };
    match usize::try_from(steps) {
        Ok(steps) if stream.end.is_none() => Progress::bar(context.printer, steps),
        _ => Progress::spinner(context.printer, ""),
    }
}

/// Returns the header of an existing journal, or else a new one, whose digest is not known yet.
fn header(
    context: &Context<'_>,
    payload: &PayloadArgs,
    speed: Speed,
    existing: Option<&Header>,
) -> Header {
    existing.cloned().unwrap_or_else(|| Header {
        digest: String::new(),
        seed: context.env.random_u64(),
        started_at: match speed {
            Speed::Immediate => context.now(payload.now()),
            Speed::Factor(_) => context.env.now(),
        },
    })
}

/// Prints what is about to be sent.
fn announce(
    context: &mut Context<'_>,
    messages: &mut MessageCache,
    target: &Target,
    stream: &LeadStream,
) -> Result<(), Error> {
    if stream.is_single_message() {
        let prepared = messages.get_or_create(context, target, &ScheduledAttempt::FIRST)?;
        let address = target.at_path(&prepared.message.target);
        let printer = &mut *context.printer;
        return Ok(printer.text(|out, look| write_outgoing(out, look, &prepared, &address))?);
    }
    let provider = messages.pack.provider.id.clone();
    let events: Vec<_> = messages.events.iter().map(|event| event.name.clone()).collect();
    let rate = match (stream.frequency, stream.pattern) {
        (Some(frequency), ArrivalPattern::Even) => format!("{frequency}, evenly"),
        (Some(frequency), ArrivalPattern::Poisson) => frequency.to_string(),
        (None, _) => format!("{} at once", stream.leads),
    };
    context.printer.text(|out, look| {
        let title = format!("{provider} {}", events.join(", "));
        writeln!(out, "--> {}  {rate}", look.theme.strong(&title))?;
        writeln!(out, "    POST {target}")
    })?;
    Ok(())
}

/// Runs the retry schedule of a prepared message, prints every attempt, and returns the outcome of
/// the last one.
pub(in crate::commands) fn run_schedule(
    context: &mut Context<'_>,
    prepared: PreparedDelivery,
    target: &Target,
    options: ConnectOptions,
) -> Result<Option<Outcome>, Error> {
    let pack = Arc::clone(&prepared.pack);
    let policy: RetryPolicy = pack.provider.retry.clone();
    let stream = LeadStream::ONE;
    let clock = Clock::new(prepared.now, Speed::Immediate);
    let payload = PayloadArgs::default();
    let mut messages = MessageCache::new(payload, pack, Vec::new(), None, (0, false), clock);
    messages.insert(ScheduledAttempt::FIRST.message, prepared);
    // A disconnected channel: signals are not handled here and end the process.
    let (_, signals) = channel();
    let pacer = Pacer::new(progress(context, &policy, &stream), signals);
    let mut live_run = LiveRun::new(context, target, options, messages, &policy, &stream, pacer);
    live_run.send_all()?;
    Ok(live_run.last_outcome())
}
