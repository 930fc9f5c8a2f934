//! The reports of a check: files, annotations and the step summary of GitHub Actions.

use crate::commands::check::options::{CheckArgs, ReportFormat};
use crate::commands::check::summary::ConformanceSummary;
use crate::commands::context::Context;
use crate::error::Error;
use crate::io::append_file::AppendFile;
use crate::io::output_file::OutputFile;
use crate::output::error::Error as OutputError;
use crate::output::printer::ErrorReport;
use crate::output::report::{Suite, github, html, json, junit, step_summary, tap};
use std::io;
use std::path::Path;

/// The variable with the path of the step summary.
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// The maximum size of a step summary: GitHub rejects one of more than 1 MiB.
const MAX_STEP_SUMMARY: u64 = (1 << 20) - 1;

/// The requested reports, whose files are open.
pub(super) struct ReportFiles {
    files: Vec<(ReportFormat, OutputFile)>,
    annotates: bool,
    step_summary: Option<AppendFile>,
}

impl ReportFiles {
    /// Opens every file before anything is sent, so that an invalid path fails early.
    pub(super) fn open(args: &CheckArgs, context: &Context<'_>) -> Result<Self, Error> {
        let mut files: Vec<(ReportFormat, OutputFile)> = Vec::new();
        for (to, path) in args.report_files() {
            context.check_output("--report", path)?;
            let file = OutputFile::create("report", path)?;
            if files.iter().any(|(_, other)| other.is_same_file(&file)) {
                return Err(Error::Option {
                    message: format!("two reports are written to `{}`", path.display()),
                    hint: "use a different file for each report: \
                           `--report junit=a.xml,json=b.json`"
                        .to_owned(),
                });
            }
            files.push((to, file));
        }
        let path = context.env.var_os(STEP_SUMMARY).filter(|_| args.annotates()).map(Path::new);
        if let Some(path) = path {
            context.check_output(STEP_SUMMARY, path)?;
        }
        let step_summary = path.map(|path| AppendFile::open("step summary", path)).transpose()?;
        Ok(Self { files, annotates: args.annotates(), step_summary })
    }

    /// Writes the error of a check that could not run to every report, so that the report of an
    /// earlier check is not taken for its result.
    ///
    /// A report that cannot be written is left as it is: the error may be about that.
    pub(super) fn write_error(args: &CheckArgs, context: &mut Context<'_>, error: &Error) {
        let error = ErrorReport::from(error);
        let Ok(Self { files, annotates, step_summary }) = Self::open(args, context) else { return };
        for (to, file) in files {
            let _ = to.render_error(&error).map(|bytes| file.write(&bytes));
        }
        if annotates {
            context.printer.annotate(&github::write_error(&error));
        }
        if let Some(file) = step_summary {
            let _ = file.append(step_summary::write_error(&error).as_bytes());
        }
    }

    /// Writes every report.
    pub(super) fn write(
        self,
        context: &mut Context<'_>,
        suite: &Suite<'_>,
        summary: &ConformanceSummary,
    ) -> Result<(), Error> {
        for (to, file) in self.files {
            file.write(&to.render(suite, summary).map_err(OutputError::Write)?)?;
        }
        if self.annotates {
            context.printer.annotate(&github::write(suite));
        }
        if let Some(file) = self.step_summary {
            // Earlier commands of the step may have written to the file.
            let limit = MAX_STEP_SUMMARY.saturating_sub(file.size()?);
            let limit = usize::try_from(limit).unwrap_or(usize::MAX);
            file.append(step_summary::write(suite, limit).as_bytes())?;
        }
        Ok(())
    }
}

impl ReportFormat {
    /// Renders a report in this format.
    fn render(self, suite: &Suite<'_>, summary: &ConformanceSummary) -> io::Result<Vec<u8>> {
        match self {
            Self::Junit => junit::write(suite),
            Self::Tap => Ok(tap::write(suite)),
            Self::Json => json::document(suite, summary),
            Self::Ndjson => json::lines(suite, summary),
            Self::Html => html::write(suite),
        }
    }
    /// Renders the error of a check that could not run in this format.
    fn render_error(self, error: &ErrorReport) -> io::Result<Vec<u8>> {
        match self {
            Self::Junit => junit::write_error(error),
            Self::Tap => Ok(tap::write_error(error)),
            Self::Json | Self::Ndjson => json::error(error),
            Self::Html => html::write_error(error),
        }
    }
}
