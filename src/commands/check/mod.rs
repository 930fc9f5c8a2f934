//! `leadhook check`: tests whether a receiver handles a provider's deliveries correctly.

mod failed_requests;
mod failure_text;
mod observed_response;
mod options;
mod repeat;
mod runner;
mod summary;
mod text_report;
mod wire;

use crate::commands::check::options::{CheckArgs, ReportFormat};
use crate::commands::check::runner::Runner;
use crate::commands::check::summary::ConformanceSummary;
use crate::commands::check::text_report::{CaseList, TextReport};
use crate::commands::connection::ConnectionArgs;
use crate::commands::context::Context;
use crate::commands::value_parsers::now_argument;
use crate::domain::conformance::CaseReport;
use crate::domain::secret::Secret;
use crate::domain::target::Target;
use crate::engine::conformance;
use crate::engine::conformance::payload_builder::CaseContext;
use crate::error::{Error, Exit};
use crate::io::client;
use crate::io::output_file::OutputFile;
use crate::output::error::Error as OutputError;
use crate::output::report;
use crate::providers::pack::Pack;
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
/// generates its own leads. Exit status 0 if all is as expected, 1 if a case fails, 4 if the
/// receiver cannot be reached, 5 if nothing fails and evidence is missing: no probe was given, or
/// the receiver stopped responding.
#[derive(Args, Debug)]
pub struct Check {
    /// The receiver: `:3000`, `:3000/hooks`, `/hooks`, `localhost:3000/hooks` or a URL
    #[arg(value_name = "URL", required_unless_present = "list")]
    url: Option<String>,

    #[command(flatten)]
    cases: CheckArgs,

    /// Time at which requests are signed: RFC 3339, or `@` and Unix seconds
    #[arg(long, value_name = "TIME", value_parser = now_argument)]
    now: Option<Timestamp>,

    #[command(flatten)]
    connection: ConnectionArgs,
}

impl Check {
    pub(super) fn run(self, context: &mut Context<'_>) -> Result<Exit, Error> {
        let pack = selected_pack(context)?;
        let cases = self.cases.select(conformance::cases(&pack))?;
        let Some(url) = self.url.as_ref().filter(|_| !self.cases.list) else {
            context.printer.report(&CaseList::new(&pack, &cases))?;
            return Ok(Exit::Success);
        };
        let target = Target::parse(url)?;
        self.connection.check_remote(&target, "a check sends many forged requests")?;
        let secrets = signing_secrets(context, &pack)?;
        let probe = self.cases.probe()?;
        let reports = self.reports(context)?;
        let mut options =
            self.connection.options(context.env, &target, Some(&pack.provider.retry))?;
        options.timeout = Some(self.cases.budget(&self.connection, &pack.provider.retry));
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
        };
        let began = Instant::now();
        let seed = self.cases.seed.unwrap_or_else(|| context.env.random_u64() % RANDOM_SEEDS);
        let runner =
            Runner::new(&self.cases, context, &target, options, case_context, probe, seed)?;
        let (reports_of_cases, ended) = runner.run(&cases)?;
        let summary = ConformanceSummary::new(
            &self.cases,
            &pack.provider,
            &reports_of_cases,
            seed,
            began.elapsed(),
        );
        print_results(context, &target, &pack, &reports_of_cases, &summary)?;
        let url = target.to_string();
        for (to, file) in reports {
            let bytes = to.render(&summary.suite(&url, &pack.provider, &reports_of_cases));
            file.write(&bytes.map_err(OutputError::Write)?)?;
        }
        if self.cases.annotates() {
            context.printer.annotate(&report::github::write(&reports_of_cases));
        }
        Ok(ended.unwrap_or_else(|| summary.exit()))
    }

    /// Opens every report file before anything is sent, so that an invalid path fails early.
    fn reports(&self, context: &Context<'_>) -> Result<Vec<(ReportFormat, OutputFile)>, Error> {
        let mut reports: Vec<(ReportFormat, OutputFile)> = Vec::new();
        for (to, path) in self.cases.report_files() {
            context.check_output("--report", path)?;
            let file = OutputFile::create("report", path)?;
            if reports.iter().any(|(_, other)| other.is_same_file(&file)) {
                return Err(Error::Option {
                    message: format!("two reports are written to `{}`", path.display()),
                    hint: "use a different file for each report: \
                           `--report junit=a.xml,json=b.json`"
                        .to_owned(),
                });
            }
            reports.push((to, file));
        }
        Ok(reports)
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

/// Prints the results: as one JSON object per case and a summary, or as text.
fn print_results(
    context: &mut Context<'_>,
    target: &Target,
    pack: &Pack,
    cases: &[CaseReport],
    summary: &ConformanceSummary,
) -> Result<(), Error> {
    if context.printer.is_json() {
        for case in cases {
            context.printer.report(&report::json::Case(case))?;
        }
        return Ok(context.printer.report(summary)?);
    }
    let repeat = repeat::command(&context.typed, summary.seed, cases);
    let text_report =
        TextReport { target, provider: &pack.provider, cases, causes: &[], summary, repeat };
    Ok(context.printer.text(|out, look| text_report.human(out, look))?)
}

/// Returns the signing secrets: one, or the old and the new one during a rotation.
fn signing_secrets(context: &mut Context<'_>, pack: &Pack) -> Result<Vec<Secret>, Error> {
    let keyring = context.keyring()?;
    let mut secrets = keyring.secrets_for(&pack.provider.id).to_vec();
    if secrets.is_empty() {
        let unsigned = crate::commands::secrets::UnsignedOption::Unavailable;
        secrets.push(context.signing_secret(&pack.provider, None, unsigned)?);
    }
    Ok(secrets)
}

impl ReportFormat {
    /// Renders a report in this format.
    fn render(self, suite: &report::Suite<'_>) -> std::io::Result<Vec<u8>> {
        match self {
            Self::Junit => report::junit::write(suite),
            Self::Tap => Ok(report::tap::write(suite)),
            Self::Json => report::json::write(suite),
            Self::Html => report::html::write(suite),
        }
    }
}
