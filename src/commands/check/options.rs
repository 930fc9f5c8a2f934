//! The options of `check`.

use crate::commands::check::from_captures::FromArgs;
use crate::commands::check::probe_options::ProbeArgs;
use crate::commands::check::stop::StopArgs;
use crate::commands::connection::ConnectionArgs;
use crate::commands::value_parsers::positive_duration_argument;
use crate::domain::conformance::{CaseGroup, RequirementLevel};
use crate::domain::retry::RetryPolicy;
use crate::engine::conformance::case::ConformanceCase;
use crate::error::Error;
use crate::io::failure_folder::FailureFolder;
use clap::Args;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

/// The default time budget of a response.
const DEFAULT_BUDGET: Duration = Duration::from_secs(5);

/// The maximum time to wait for a response: longer times are cut to one day.
const MAX_WAIT: Duration = Duration::from_secs(86_400);

/// The selection of cases, the probe and the reports.
#[derive(Args, Clone, Debug)]
pub(super) struct CheckArgs {
    /// List the cases
    #[arg(long)]
    pub(super) list: bool,

    /// Run only these cases: ids, or `accepts`, `rejects`, `idempotency`, `timing`
    #[arg(long, value_name = "CASE", value_delimiter = ',')]
    only: Vec<String>,

    /// Skip these cases
    #[arg(long, value_name = "CASE", value_delimiter = ',')]
    skip: Vec<String>,

    /// Count failures of optional (`may`) cases as well
    #[arg(long, conflicts_with = "lenient")]
    strict: bool,

    /// Count only failures of mandatory (`must`) cases
    #[arg(long)]
    lenient: bool,

    #[command(flatten)]
    pub(super) stop: StopArgs,

    /// Maximum response time [default: `--timeout`, the provider's timeout, or else 5s]
    #[arg(long, value_name = "TIME", value_parser = positive_duration_argument)]
    budget: Option<Duration>,

    #[command(flatten)]
    pub(super) probe: ProbeArgs,

    /// Write reports: `junit=FILE`, `tap=FILE`, `json=FILE`, `ndjson=FILE`, `html=FILE`, `github`
    ///
    /// `json` is one document, `ndjson` one object per case and a summary. `github` prints
    /// annotations and appends a table to the file that `GITHUB_STEP_SUMMARY` names.
    ///
    /// A regular file is replaced atomically once the check is done, through a symbolic link as
    /// well. A device, a pipe or a descriptor (`/dev/stdout`, `/dev/fd/3`) is written to and keeps
    /// its name.
    #[arg(long, value_name = "FORM=FILE", value_delimiter = ',')]
    report: Vec<ReportArg>,

    /// Save the requests of failed cases as captures that `verify` and `replay` read
    ///
    /// The folder is created if a case fails. Files of the same cases from an earlier run are
    /// replaced.
    #[arg(long, value_name = "DIR")]
    save_failures: Option<PathBuf>,

    #[command(flatten)]
    pub(super) from: FromArgs,

    /// Seed for generated leads: the same seed gives the same leads, whichever cases are run
    #[arg(long, value_name = "N")]
    pub(super) seed: Option<u64>,
}

/// The value of `--report` that is not followed by a file.
const GITHUB: &str = "github";

/// The values of `--report` that are followed by a file, with a description.
const REPORT_FILES: [(&str, ReportFormat, &str); 5] = [
    ("junit=", ReportFormat::Junit, "JUnit XML, which most CI systems show"),
    ("tap=", ReportFormat::Tap, "Test Anything Protocol"),
    ("json=", ReportFormat::Json, "one JSON document"),
    ("ndjson=", ReportFormat::Ndjson, "one JSON object for each case, and a summary"),
    ("html=", ReportFormat::Html, "a page for people"),
];

/// A report requested by `--report`.
#[derive(Clone, Debug, PartialEq, Eq)]
enum ReportArg {
    /// A file in this format.
    File(ReportFormat, PathBuf),
    /// Annotations of a GitHub Actions run.
    Github,
}

/// The format of a report file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReportFormat {
    Junit,
    Tap,
    /// One JSON document.
    Json,
    /// One JSON object per line.
    Ndjson,
    Html,
}

impl FromStr for ReportArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == GITHUB {
            return Ok(Self::Github);
        }
        let file = REPORT_FILES.iter().find_map(|(form, format, _)| {
            let path = text.strip_prefix(form).filter(|path| !path.is_empty())?;
            Some(Self::File(*format, path.into()))
        });
        file.ok_or_else(|| {
            let forms: Vec<_> =
                REPORT_FILES.iter().map(|(form, ..)| format!("`{form}FILE`")).collect();
            format!("`{text}` is not a report: expected {} or `{GITHUB}`", forms.join(", "))
        })
    }
}

/// Returns the forms of a value of `--report`, each with a description. A file follows after `=`.
pub(in crate::commands) fn report_forms() -> impl Iterator<Item = (&'static str, &'static str)> {
    let files = REPORT_FILES.iter().map(|(form, _, about)| (*form, *about));
    files.chain([(GITHUB, "annotations and a summary in GitHub Actions")])
}

impl CheckArgs {
    /// Returns the cases selected by `--only` and `--skip`.
    pub(super) fn select(
        &self,
        cases: Vec<ConformanceCase>,
    ) -> Result<Vec<ConformanceCase>, Error> {
        let groups: Vec<_> = CaseGroup::ALL.into_iter().map(CaseGroup::name).collect();
        for name in self.only.iter().chain(&self.skip) {
            if !cases.iter().any(|case| matches(case, name)) {
                let mut known = groups.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
                known.extend(ids(&cases));
                return Err(Error::UnknownName { what: "case", name: name.clone(), known });
            }
        }
        let is_selected = |case: &ConformanceCase| {
            let any = |names: &[String]| names.iter().any(|name| matches(case, name));
            (self.only.is_empty() || any(&self.only)) && !any(&self.skip)
        };
        let selected: Vec<_> = cases.into_iter().filter(is_selected).collect();
        if selected.is_empty() {
            return Err(Error::Option {
                message: "`--only` and `--skip` leave no case to run".to_owned(),
                hint: "`leadhook check --list` lists the cases".to_owned(),
            });
        }
        Ok(selected)
    }

    /// Returns the lowest level whose failures count.
    pub(super) fn counts_from(&self) -> RequirementLevel {
        match (self.strict, self.lenient) {
            (true, _) => RequirementLevel::May,
            (_, true) => RequirementLevel::Must,
            _ => RequirementLevel::Should,
        }
    }

    /// Returns the maximum response time.
    pub(super) fn budget(&self, connection: &ConnectionArgs, retry: &RetryPolicy) -> Duration {
        let known = || connection.configured_timeout(Some(retry)).filter(|time| !time.is_zero());
        self.budget.or_else(known).unwrap_or(DEFAULT_BUDGET).min(MAX_WAIT)
    }

    /// Returns the folder for the requests of failed cases, if one was given.
    pub(super) fn failure_folder(&self) -> Result<Option<FailureFolder>, Error> {
        Ok(self.save_failures.as_deref().map(FailureFolder::new).transpose()?)
    }

    /// Iterates over the report files, with their formats.
    pub(super) fn report_files(&self) -> impl Iterator<Item = (ReportFormat, &Path)> {
        self.report.iter().filter_map(|report| match report {
            ReportArg::File(to, path) => Some((*to, path.as_path())),
            ReportArg::Github => None,
        })
    }

    /// Returns `true` if annotations were requested.
    pub(super) fn annotates(&self) -> bool {
        self.report.contains(&ReportArg::Github)
    }
}

/// Returns `true` if `name` is the id or the group of the case.
fn matches(case: &ConformanceCase, name: &str) -> bool {
    case.id == name || case.group.name() == name
}

/// Returns the ids of cases.
pub(super) fn ids(cases: &[ConformanceCase]) -> Vec<String> {
    cases.iter().map(|case| case.id.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_a_form_and_a_file() {
        assert_eq!(
            "junit=a=b.xml".parse(),
            Ok(ReportArg::File(ReportFormat::Junit, "a=b.xml".into()))
        );
        assert_eq!("github".parse(), Ok(ReportArg::Github));
        for invalid in ["", "junit", "junit=", "xml=a", "=a", "github=a"] {
            assert!(invalid.parse::<ReportArg>().is_err(), "{invalid}");
        }
    }
}
