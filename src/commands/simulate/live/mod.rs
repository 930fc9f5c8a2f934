//! A run against a real endpoint: every attempt is sent, and its answer says what comes next.

mod clock;
mod identity;
mod live_run;
mod message_cache;
mod report;

use crate::commands::connection::ConnectionArgs;
use crate::commands::context::Context;
use crate::commands::delivery::outgoing;
use crate::commands::pacer::Pacer;
use crate::commands::payload::{PayloadArgs, Prepared};
use crate::commands::secrets::Unsigned;
use crate::commands::simulate::live::clock::Clock;
use crate::commands::simulate::live::live_run::LiveRun;
use crate::commands::simulate::live::message_cache::MessageCache;
use crate::commands::simulate::options::RunArgs;
use crate::domain::delivery::Outcome;
use crate::domain::event::EventRef;
use crate::domain::retry::RetryPolicy;
use crate::domain::speed::Speed;
use crate::domain::target::Target;
use crate::engine::simulate::arrivals::{Pattern, Stream};
use crate::engine::simulate::scheduled::Scheduled;
use crate::error::{Error, Exit};
use crate::io::client::ConnectOptions;
use crate::io::journal::{FoundJournal, JournalFile};
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
    pub(super) stream: Stream,
    /// The event as it was typed.
    pub(super) event: &'o EventRef,
}

/// Sends every attempt of every message, in the order of the ladder's clock.
pub(super) fn play(
    options: RunOptions<'_>,
    context: &mut Context<'_>,
    target: &Target,
    pack: Arc<Pack>,
    events: Vec<EventFacts>,
) -> Result<Exit, Error> {
    let RunOptions { payload, connection, run, stream, event } = options;
    if !stream.is_of_one() {
        payload.check_for_several()?;
    }
    payload.check_stdin(context)?;
    let connect = connection.options(context.env, target, Some(&pack.provider.retry))?;
    let secret = if payload.is_unsigned() {
        None
    } else {
        Some(context.signing_secret(&pack.provider, Some(event), Unsigned::Possible)?)
    };
    let found = run.journal.as_deref().map(JournalFile::open).transpose()?;
    let known = found.as_ref().and_then(|found| found.journal.as_ref());
    let header = header(context, payload, run.speed, known.map(|journal| &journal.header));
    let clock = Clock::new(header.started_at, run.speed);
    let chance = (payload.seed().unwrap_or(header.seed), stream.leads != 1);
    let policy = pack.provider.retry.clone();
    let mut letters = MessageCache::new(payload.clone(), pack, events, secret, chance, clock);
    let mut entries = Vec::new();
    let mut digest = String::new();
    if let Some(path) = &run.journal {
        digest = identity::digest(&mut letters, context, target, &policy, &stream, run.speed)?;
        if let Some(journal) = known {
            if journal.header.digest != digest {
                return Err(Error::AnotherRun { path: path.clone() });
            }
            entries.clone_from(&journal.entries);
        }
    }
    connection.prepare(target, &connect, context.printer)?;
    announce(context, &mut letters, target, &stream)?;
    let env = context.env;
    let pacer = Pacer::new(progress(context, &policy, &stream), env.watch_signals()?);
    let mut player = LiveRun::new(context, target, connect, letters, &policy, &stream, pacer);
    player.at_once(run.concurrency);
    if let Some(found) = found {
        let FoundJournal { mut file, journal, torn } = found;
        if journal.is_none() {
            file.begin(&Header { digest, ..header })?;
        }
        player.resume(file, &entries, torn)?;
    }
    player.play()
}

/// Creates a bar of messages, or of the attempts of a single one; a spinner if the stream ends at a time
/// and not after a number of leads.
fn progress(context: &Context<'_>, policy: &RetryPolicy, stream: &Stream) -> Progress {
    let messages = stream.leads.saturating_mul(1 + stream.follow_ups.len() as u64);
    let steps = if stream.is_of_one() { policy.plan().len() as u64 } else { messages };
    match usize::try_from(steps) {
        Ok(steps) if stream.end.is_none() => Progress::bar(context.printer, steps),
        _ => Progress::spinner(context.printer, ""),
    }
}

/// Which run it is: that of the journal, or a new one. Its digest is not known yet.
fn header(
    context: &Context<'_>,
    payload: &PayloadArgs,
    speed: Speed,
    known: Option<&Header>,
) -> Header {
    known.cloned().unwrap_or_else(|| Header {
        digest: String::new(),
        seed: context.env.random_u64(),
        started_at: match speed {
            Speed::AtOnce => context.now(payload.now()),
            Speed::Times(_) => context.env.now(),
        },
    })
}

fn announce(
    context: &mut Context<'_>,
    letters: &mut MessageCache,
    target: &Target,
    stream: &Stream,
) -> Result<(), Error> {
    if stream.is_of_one() {
        let due = Scheduled::FIRST;
        let prepared = letters.of(context, target, &due)?;
        return Ok(context.printer.text(|out, look| outgoing(out, look, &prepared, target))?);
    }
    let provider = letters.pack.provider.id.clone();
    let events: Vec<_> = letters.events.iter().map(|event| event.name.clone()).collect();
    let often = match (stream.frequency, stream.pattern) {
        (Some(frequency), Pattern::Even) => format!("{frequency}, evenly"),
        (Some(frequency), Pattern::Poisson) => frequency.to_string(),
        (None, _) => format!("{} at once", stream.leads),
    };
    context.printer.text(|out, look| {
        let what = format!("{provider} {}", events.join(", "));
        writeln!(out, "--> {}  {often}", look.theme.strong(&what))?;
        writeln!(out, "    POST {target}")
    })?;
    Ok(())
}

/// Climbs the ladder of one message that is ready, prints every attempt, and gives back what the
/// last one came to.
pub(in crate::commands) fn run_schedule(
    context: &mut Context<'_>,
    prepared: Prepared,
    target: &Target,
    options: ConnectOptions,
) -> Result<Option<Outcome>, Error> {
    let pack = Arc::clone(&prepared.pack);
    let policy: RetryPolicy = pack.provider.retry.clone();
    let stream = Stream::ONE;
    let clock = Clock::new(prepared.now, Speed::AtOnce);
    let payload = PayloadArgs::default();
    let mut letters = MessageCache::new(payload, pack, Vec::new(), None, (0, false), clock);
    letters.keep(Scheduled::FIRST.message, prepared);
    // No signals are watched for here: they end the process.
    let (_, signals) = channel();
    let pacer = Pacer::new(progress(context, &policy, &stream), signals);
    let mut player = LiveRun::new(context, target, options, letters, &policy, &stream, pacer);
    player.send_all()?;
    Ok(player.last_outcome())
}
