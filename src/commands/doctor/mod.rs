//! `leadhook doctor`: checks the installation and the configuration, each part by itself.

mod check_result;
mod configuration;
mod machine;
mod network;
mod packs;
mod secrets;

use crate::commands::context::Context;
use crate::commands::global_options::GlobalOptions;
use crate::commands::option_sources::{ExplicitOptions, TypedOption};
use crate::commands::settings::Settings;
use crate::error::{Error, Exit};
use crate::io::environment::Environment;
use crate::output::printer::{Look, Printer, Report};
use crate::output::sanitize;
use crate::output::theme::Theme;
use crate::output::wrap::{columns_beside, wrap};
use check_result::{CheckResult, Status};
use clap::Args;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::io::Write;

/// Check the configuration, secrets, target, port and clock, and name what to fix
///
/// Every check reports by itself, also if a configuration file is invalid. Nothing is sent: the
/// target is only connected to. Secrets are never printed, only where they come from and their
/// length. Exit status 1 if something must be fixed.
#[derive(Args, Debug)]
pub struct Doctor {
    /// Target to connect to: `:3000`, `localhost:3000/hooks` or a URL [default: the configured one]
    #[arg(value_name = "URL")]
    target: Option<String>,
}

/// The inputs of a run that diagnoses them.
pub(super) struct Run {
    pub(super) global: GlobalOptions,
    pub(super) explicit: ExplicitOptions,
    pub(super) typed: Vec<TypedOption>,
    /// The configuration files that are valid.
    pub(super) settings: Settings,
    /// The errors of the others, and of variables.
    pub(super) errors: Vec<Error>,
    pub(super) root: fn() -> clap::Command,
}

/// The results of all checks.
#[derive(Debug, Serialize)]
struct DoctorReport {
    version: &'static str,
    checks: Vec<CheckResult>,
    problems: usize,
    notes: usize,
}

impl Doctor {
    /// Runs every check, and prints the results.
    pub(super) fn run(
        self,
        run: Run,
        env: &Environment,
        printer: &mut Printer,
    ) -> Result<Exit, Error> {
        // The functions that read packs and secrets print notes, which the results contain.
        let discarding = env.clone().with_stdout(io::sink()).with_stderr(io::sink());
        let mut discarded = Printer::new(&discarding, &run.global.output_options());
        let mut checks = vec![machine::check_version()];
        checks.extend(configuration::check_files(&run.settings, &run.errors, env));
        let (usable, pack_checks) = packs::read(&run.global.pack, &run.settings, &mut discarded)?;
        let (packs, pack_origins) = usable;
        let mut context = Context {
            global: run.global,
            env,
            printer: &mut discarded,
            packs,
            pack_origins,
            settings: run.settings,
            explicit: run.explicit,
            typed: run.typed,
            secret_notes: BTreeSet::new(),
            secret_origins: BTreeMap::new(),
            root: run.root,
        };
        checks.extend(configuration::check_variables(&context));
        checks.extend(pack_checks);
        checks.extend(configuration::check_providers(&context));
        checks.extend(secrets::check(&mut context));
        checks.extend(network::check_targets(&context, self.target.as_deref()));
        checks.extend([
            network::check_port(),
            network::check_proxy(env),
            machine::check_clock(env),
            machine::check_completions(env),
            machine::check_terminal(env, &context.global),
        ]);
        let count = |status| checks.iter().filter(|check| check.status == status).count();
        let (problems, notes) = (count(Status::Problem), count(Status::Note));
        let report = DoctorReport { version: machine::VERSION, checks, problems, notes };
        printer.report(&report)?;
        Ok(if problems == 0 { Exit::Success } else { Exit::Failure })
    }
}

impl Report for DoctorReport {
    const KIND: &'static str = "doctor";

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let theme = look.theme;
        let names = self.checks.iter().map(|check| check.check.len());
        let name_width = names.max().unwrap_or(0);
        let indent = STATUS_WIDTH + name_width + 4;
        let text_width = columns_beside(look.columns, indent);
        for check in &self.checks {
            let status = check.status.word();
            let gap = STATUS_WIDTH.saturating_sub(status.len());
            let status = styled(theme, check.status, status);
            let lines = wrap(&sanitize::message(&check.message), text_width);
            let mut lines = lines.iter();
            let first = lines.next().map_or("", String::as_str);
            writeln!(out, "{status}{:gap$}  {:<name_width$}  {first}", "", check.check)?;
            for line in lines {
                writeln!(out, "{:indent$}{line}", "")?;
            }
            let Some(hint) = &check.hint else { continue };
            let lines = wrap(&format!("hint: {}", sanitize::message(hint)), text_width);
            for (index, line) in lines.iter().enumerate() {
                let line = match line.strip_prefix("hint:") {
                    Some(rest) if index == 0 => format!("{}{rest}", theme.hint("hint:")),
                    _ => line.clone(),
                };
                writeln!(out, "{:indent$}{line}", "")?;
            }
        }
        writeln!(out)?;
        writeln!(out, "{}", self.summary(theme))
    }
}

/// The width of the longest status.
const STATUS_WIDTH: usize = "problem".len();

fn styled(theme: Theme, status: Status, word: &str) -> String {
    match status {
        Status::Ok => theme.good(word),
        Status::Note => theme.warn(word),
        Status::Problem => theme.bad(word),
    }
}

impl DoctorReport {
    fn summary(&self, theme: Theme) -> String {
        let counted = |count: usize, one: &str| match count {
            0 => format!("no {one}s"),
            1 => format!("1 {one}"),
            _ => format!("{count} {one}s"),
        };
        let problems = counted(self.problems, "problem");
        let status = if self.problems == 0 { Status::Ok } else { Status::Problem };
        format!("{}, {}", styled(theme, status, &problems), counted(self.notes, "note"))
    }
}
