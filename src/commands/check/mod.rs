//! `leadhook check`: tests whether a receiver handles a provider's deliveries correctly.

mod effect_judgement;
mod effects;
mod failed_requests;
mod failure_text;
mod fetches;
mod from_captures;
mod limits;
mod measured_cases;
mod observed_response;
mod options;
mod probe_options;
mod probe_stability;
mod repeat;
mod report_files;
mod result_stream;
mod runner;
mod sending;
mod signature_questions;
mod size_limit;
mod started_receiver;
mod stop;
mod summary;
mod text_report;
mod timing;
mod wire;

pub(super) use options::report_forms;

use crate::commands::check::from_captures::CaptureCounts;
use crate::commands::check::options::CheckArgs;
use crate::commands::check::report_files::ReportFiles;
use crate::commands::check::result_stream::ResultStream;
use crate::commands::check::runner::Runner;
use crate::commands::check::started_receiver::{OutputUse, StartArgs};
use crate::commands::check::stop::{RunEnd, Stop};
use crate::commands::check::summary::{ConformanceSummary, RunFacts};
use crate::commands::check::text_report::{CaseList, TextReport, write_end};
use crate::commands::connection::ConnectionArgs;
use crate::commands::context::Context;
use crate::commands::fetch_server::FetchArgs;
use crate::commands::handshake_args::HandshakeArgs;
use crate::commands::redaction::Redaction;
use crate::commands::value_parsers::now_argument;
use crate::domain::conformance::CaseReport;
use crate::domain::secret::{Keyring, Secret};
use crate::domain::target::Target;
use crate::domain::verdict::Proof;
use crate::engine::conformance;
use crate::engine::conformance::payload_builder::CaseContext;
use crate::error::{Error, Exit};
use crate::io::client;
use crate::providers::Packs;
use crate::providers::pack::Pack;
use crate::providers::provider::Provider;
use clap::Args;
use jiff::Timestamp;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The time to wait for the endpoint to accept a connection before the first case.
const STARTUP_TIMEOUT: Duration = Duration::from_millis(500);

/// The number of seeds from which one is drawn without `--seed`: short enough to be typed.
const RANDOM_SEEDS: u64 = 1_000_000_000;

/// Test a receiver with everything the provider may send it
///
/// Sends valid requests in every shape, forged, broken, repeated and out-of-order ones, and reports
/// for each what was expected, what was observed, and what the provider would do next. Every case
/// generates its own leads. If the first genuine deliveries all fail for one cause, such as a wrong
/// path, the check stops and names it.
///
/// Exit status 0 if all is as expected, 1 if a case fails, 4 if the receiver cannot be reached, 5
/// if nothing fails and evidence is missing: no probe was given, the receiver stopped responding,
/// or the deadline was reached.
#[derive(Args, Debug)]
pub struct Check {
    /// Receiver: `:3000`, `:3000/hooks`, `localhost:3000/hooks` or a URL [default: `:9090`]
    #[arg(value_name = "URL")]
    target: Option<String>,

    #[command(flatten)]
    start: StartArgs,

    #[command(flatten)]
    cases: CheckArgs,

    /// Time at which requests are signed: RFC 3339, or `@` and Unix seconds
    #[arg(long, value_name = "TIME", value_parser = now_argument)]
    now: Option<Timestamp>,

    #[command(flatten)]
    handshake: HandshakeArgs,

    #[command(flatten)]
    fetch: FetchArgs,

    #[command(flatten)]
    connection: ConnectionArgs,
}

impl Check {
    pub(super) fn run(self, context: &mut Context<'_>) -> Result<Exit, Error> {
        let result = self.run_cases(context);
        if let Err(error) = &result {
            ReportFiles::write_error(&self.cases, context, error);
        }
        result
    }

    fn run_cases(&self, context: &mut Context<'_>) -> Result<Exit, Error> {
        let pack = selected_pack(context)?;
        let cases = self.cases.select(conformance::cases(&pack))?;
        if self.cases.list {
            context.printer.report(&CaseList::new(&pack, &cases))?;
            return Ok(Exit::Success);
        }
        let target = self.target(context, &pack)?;
        context.check_stdin(self.cases.from.paths())?;
        let secrets = signing_secrets(context, &pack)?;
        let captures = self.cases.from.read(context, &pack, Keyring::for_any(secrets.clone()))?;
        // A seed that others know, such as that of the leads, would let them find the originals.
        let redaction = captures.as_ref().map(|_| {
            Redaction::new(context, context.env.random_u64(), vec![pack.provider.id.clone()])
        });
        let handshake_token = self.handshake.token(context, &pack.provider.id)?;
        let fetch = self.fetch.start(&Packs::from_iter([(*pack).clone()]), context.env, |_| {})?;
        if let Some(server) = &fetch {
            context.printer.note(&server.note());
        }
        let probe = self.cases.probe.probe()?;
        let reports = ReportFiles::open(&self.cases, context)?;
        let mut options =
            self.connection.options(context.env, &target, Some(&pack.provider.retry))?;
        let budget = self.cases.budget(&self.connection, &pack.provider.retry);
        options.timeout = Some(budget);
        let shown = if captures.is_some() { OutputUse::Hidden } else { OutputUse::Shown };
        let started =
            self.start.start(context, &target, options.connect, &self.connection, shown)?;
        // Ended with its children when this function returns, on an error as well.
        let mut receiver = match started {
            Ok(receiver) => receiver,
            Err(signal) => return Ok(signal.into()),
        };
        self.connection.prepare(&target, &options, context.printer)?;
        // A connection to a proxy says nothing about the receiver behind it.
        if options.proxy.is_none() {
            client::wait_until_up(&target, options.connect, STARTUP_TIMEOUT)?;
        }
        let case_context = CaseContext {
            pack: &pack,
            secrets: &secrets,
            path: &target.path_and_query(),
            now: context.now(self.now),
            seed: 0,
            captured: captures.as_ref().map(|captures| &captures.deliveries),
            handshake_token: handshake_token.as_ref(),
        };
        let counts = captures.as_ref().map(|captures| &captures.counts);
        let began = Instant::now();
        let seed = self.cases.seed.unwrap_or_else(|| context.env.random_u64() % RANDOM_SEEDS);
        let runner =
            Runner::new(&self.cases, context.env, &target, options, case_context, probe, seed)?;
        let runner = runner.with_receiver(receiver.as_mut()).with_redaction(redaction);
        let runner = runner.with_fetch(fetch.as_ref().map(|server| &**server.service()));
        if let Some(change) = runner.probe_change() {
            context.printer.note(&change.to_string());
        }
        let counts_from = self.cases.counts_from();
        let text =
            TextReport { target: &target, provider: &pack.provider, seed, counts_from, counts };
        let mut results = ResultStream::new(text, cases.len(), context.printer)?;
        let end = runner.run(&cases, &mut results, context.printer)?;
        let finished = FinishedRun {
            target: &target,
            provider: &pack.provider,
            cases: results.finish(context.printer)?,
            end,
            seed,
            duration: began.elapsed(),
            captures: counts,
            started: case_context.now,
            budget,
            secrets: &secrets,
        };
        self.report(context, &finished, reports)
    }

    /// Prints the summary, writes the report files, and returns the exit status.
    fn report(
        &self,
        context: &mut Context<'_>,
        finished: &FinishedRun<'_>,
        reports: ReportFiles,
    ) -> Result<Exit, Error> {
        let FinishedRun { provider, cases, end, seed, .. } = finished;
        let summary =
            ConformanceSummary::new(&self.cases, provider, cases, end, *seed, finished.duration)
                .with_captures(finished.captures);
        if context.printer.is_json() {
            context.printer.report(&summary)?;
        }
        if let Some(saved) = &end.saved {
            context.printer.note(saved);
        }
        if let Some(redaction) = &end.redaction {
            redaction.report_signatures(context.printer);
        }
        let run = cases.get(..end.ran).unwrap_or_default();
        // After a stop for a cause, the command is the one that was just run.
        let is_of_use = !matches!(end.stop, Some(Stop::Cause(_)));
        let repeat = is_of_use.then(|| repeat::command(&context.typed, *seed, run)).flatten();
        let repeat = repeat.as_deref();
        context.printer.text(|out, look| write_end(out, look, run, &summary, repeat))?;
        let facts = finished.facts(context);
        let suite = summary.suite(provider, cases, &facts);
        reports.write(context, &suite, &summary)?;
        Ok(end.exit.unwrap_or_else(|| summary.exit()))
    }

    /// Returns the receiver: the one of the command line, or else the configured one. One on
    /// another machine needs `--allow-remote`.
    fn target(&self, context: &mut Context<'_>, pack: &Pack) -> Result<Target, Error> {
        let provider = Some(pack.provider.id.as_str());
        let (target, origin) = context.target_or_configured(self.target.as_deref(), provider)?;
        context.check_target(&target, &origin, self.connection.allow_remote)?;
        context.check_pack_target(pack, &target, false)?;
        self.connection.check_remote(&target, "a check sends many forged requests")?;
        Ok(target)
    }
}

/// A run of cases that has ended.
struct FinishedRun<'r> {
    target: &'r Target,
    provider: &'r Provider,
    /// The reports of all cases.
    cases: Vec<CaseReport>,
    end: RunEnd,
    seed: u64,
    duration: Duration,
    /// The captures that took the place of samples, if `--from` is given.
    captures: Option<&'r CaptureCounts>,
    /// The time at which the run started, or that of `--now`.
    started: Timestamp,
    /// The maximum response time.
    budget: Duration,
    /// The secrets that the requests are signed with.
    secrets: &'r [Secret],
}

impl FinishedRun<'_> {
    /// Returns the facts that only report files contain.
    fn facts(&self, context: &Context<'_>) -> RunFacts {
        RunFacts {
            url: self.target.to_string(),
            started: self.started,
            stopped: self.end.stop.as_ref().map(Stop::message_without_cause),
            budget: self.budget,
            secret_origin: context.describe_secret_origin(&self.provider.id),
            command: repeat::whole_command(&context.typed, self.seed, self.secrets),
        }
    }
}

/// Returns the pack whose deliveries are sent: the one of `--provider`, or else the first one.
fn selected_pack(context: &Context<'_>) -> Result<Arc<Pack>, Error> {
    if let Some(id) = context.provider() {
        return Ok(Arc::clone(context.packs.find(id)?));
    }
    let known = || context.packs.iter().map(|pack| pack.provider.id.clone()).collect();
    context.packs.iter().next().cloned().ok_or_else(|| Error::NoProvider { known: known() })
}

/// Returns the signing secrets: one, or the old and the new one during a rotation.
fn signing_secrets(context: &mut Context<'_>, pack: &Pack) -> Result<Vec<Secret>, Error> {
    let keyring = context.keyring()?;
    let mut secrets = keyring.secrets_for(&pack.provider.id).to_vec();
    if secrets.is_empty() && pack.provider.signature.proof() != Proof::None {
        let unsigned = crate::commands::secrets::UnsignedOption::Unavailable;
        secrets.push(context.signing_secret(&pack.provider, None, unsigned)?);
    }
    Ok(secrets)
}
