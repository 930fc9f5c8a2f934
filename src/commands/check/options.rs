//! The options of `check`.

use crate::commands::connection::ConnectionArgs;
use crate::commands::values::{limit_argument, span_argument};
use crate::domain::conformance::{Group, Level};
use crate::domain::retry::RetryPolicy;
use crate::domain::target::Target;
use crate::engine::conformance::case::Case;
use crate::error::Error;
use crate::io::probe::Probe;
use clap::Args;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

/// How long an answer may take where nothing says.
const USUAL_BUDGET: Duration = Duration::from_secs(5);

/// The longest that anything is waited for: what is longer is for ever.
const LONGEST: Duration = Duration::from_secs(86_400);

/// What is tried, and what is said of it.
#[derive(Args, Clone, Debug)]
pub(super) struct CheckArgs {
    /// List the cases
    #[arg(long)]
    pub(super) list: bool,

    /// Try these cases alone: ids, or `accepts`, `refuses`, `means`, `keeps-time`
    #[arg(long, value_name = "CASE", value_delimiter = ',')]
    only: Vec<String>,

    /// Leave these cases out
    #[arg(long, value_name = "CASE", value_delimiter = ',')]
    skip: Vec<String>,

    /// Let what a receiver may do count as well
    #[arg(long, conflicts_with = "lenient")]
    strict: bool,

    /// Let nothing count but what a receiver must do
    #[arg(long)]
    lenient: bool,

    /// The longest that an answer may take [default: `--timeout`, the provider's own time, or else 5s]
    #[arg(long, value_name = "TIME", value_parser = limit_argument)]
    budget: Option<Duration>,

    /// Where a GET gives a number that grows with what the receiver takes in
    #[arg(long, value_name = "URL", conflicts_with = "probe_cmd")]
    probe_url: Option<String>,

    /// A command that prints such a number; `LEADHOOK_CASE` and `LEADHOOK_PROVIDER` are set for it
    ///
    /// `sh` runs it. When it ends, after 10 s, or when the check is interrupted, it is killed with
    /// every process that it has started and that is still in its process group. On Windows only the
    /// command itself is killed.
    #[arg(long, value_name = "CMD")]
    probe_cmd: Option<String>,

    /// Wait so long for the number to grow, where a receiver does its work after the answer
    #[arg(long, value_name = "TIME", default_value = "1s", value_parser = span_argument)]
    settle: Duration,

    /// Write reports: `junit=FILE`, `tap=FILE`, `json=FILE`, `html=FILE`, or `github` for annotations
    ///
    /// A regular file is replaced atomically once the check is done, through a symbolic link as well.
    /// A device, a pipe or a descriptor (`/dev/stdout`, `/dev/fd/3`) is written to and keeps its name.
    #[arg(long, value_name = "FORM=FILE", value_delimiter = ',')]
    report: Vec<Report>,

    /// The leads that are made up: the same for the same number
    #[arg(long, value_name = "N")]
    pub(super) seed: Option<u64>,
}

/// A report that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Report {
    /// Into a file.
    To(ReportTo, PathBuf),
    /// As annotations of a run of GitHub Actions.
    Github,
}

/// The form of a report in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReportTo {
    Junit,
    Tap,
    Json,
    Html,
}

impl FromStr for Report {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let expected = || {
            format!(
                "`{text}` is no report: expected `junit=FILE`, `tap=FILE`, `json=FILE`, \
                 `html=FILE` or `github`"
            )
        };
        if text == "github" {
            return Ok(Self::Github);
        }
        let (form, path) = text.split_once('=').ok_or_else(expected)?;
        let form = match form {
            "junit" => ReportTo::Junit,
            "tap" => ReportTo::Tap,
            "json" => ReportTo::Json,
            "html" => ReportTo::Html,
            _ => return Err(expected()),
        };
        if path.is_empty() { Err(expected()) } else { Ok(Self::To(form, path.into())) }
    }
}

impl CheckArgs {
    /// The cases that were asked for.
    pub(super) fn select(&self, cases: Vec<Case>) -> Result<Vec<Case>, Error> {
        let known: Vec<_> = Group::ALL.into_iter().map(group_name).collect();
        for name in self.only.iter().chain(&self.skip) {
            if !cases.iter().any(|case| fits(case, name)) {
                let mut known = known.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
                known.extend(ids(&cases));
                return Err(Error::UnknownName { what: "case", name: name.clone(), known });
            }
        }
        let wanted = |case: &Case| {
            let any = |names: &[String]| names.iter().any(|name| fits(case, name));
            (self.only.is_empty() || any(&self.only)) && !any(&self.skip)
        };
        let selected: Vec<_> = cases.into_iter().filter(wanted).collect();
        if selected.is_empty() {
            return Err(Error::Option {
                message: "`--only` and `--skip` leave no case".to_owned(),
                hint: "`leadhook check --list` lists them".to_owned(),
            });
        }
        Ok(selected)
    }

    /// The least that counts.
    pub(super) fn counts_from(&self) -> Level {
        match (self.strict, self.lenient) {
            (true, _) => Level::May,
            (_, true) => Level::Must,
            _ => Level::Should,
        }
    }

    /// The longest that an answer may take.
    pub(super) fn budget(&self, connection: &ConnectionArgs, retry: &RetryPolicy) -> Duration {
        let known = || connection.known_timeout(Some(retry)).filter(|time| !time.is_zero());
        self.budget.or_else(known).unwrap_or(USUAL_BUDGET).min(LONGEST)
    }

    /// What tells how much the receiver has taken in.
    pub(super) fn probe(&self) -> Result<Option<Probe>, Error> {
        match (&self.probe_url, &self.probe_cmd) {
            (Some(url), _) => Ok(Some(Probe::of_url(&Target::parse(url)?)?)),
            (None, Some(command)) => Ok(Some(Probe::Command(command.clone()))),
            (None, None) => Ok(None),
        }
    }

    /// How long the number is given to grow.
    pub(super) fn settle(&self) -> Duration {
        self.settle.min(LONGEST)
    }

    /// Every report that goes into a file.
    pub(super) fn files(&self) -> impl Iterator<Item = (ReportTo, &Path)> {
        self.report.iter().filter_map(|report| match report {
            Report::To(to, path) => Some((*to, path.as_path())),
            Report::Github => None,
        })
    }

    /// Whether annotations were asked for.
    pub(super) fn annotates(&self) -> bool {
        self.report.contains(&Report::Github)
    }
}

fn fits(case: &Case, name: &str) -> bool {
    case.id == name || group_name(case.group) == name
}

/// The name of a group, as it is typed.
fn group_name(group: Group) -> &'static str {
    match group {
        Group::Accepts => "accepts",
        Group::Refuses => "refuses",
        Group::Means => "means",
        Group::KeepsTime => "keeps-time",
    }
}

/// The names of cases, for errors.
pub(super) fn ids(cases: &[Case]) -> Vec<String> {
    cases.iter().map(|case| case.id.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_a_form_and_a_file() {
        assert_eq!("junit=a=b.xml".parse(), Ok(Report::To(ReportTo::Junit, "a=b.xml".into())));
        assert_eq!("github".parse(), Ok(Report::Github));
        for wrong in ["", "junit", "junit=", "xml=a", "=a", "github=a"] {
            assert!(wrong.parse::<Report>().is_err(), "{wrong}");
        }
    }
}
