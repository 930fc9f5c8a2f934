//! The printer: results go to standard output, notes and errors to standard error.

use crate::domain::ci_command;
use crate::domain::excerpt::MAX_MESSAGE_BYTES;
use crate::domain::unsafe_char::is_unsafe;
use crate::io::environment::{Environment, OutputStream};
use crate::output::error::Error;
use crate::output::json_formatter::SafeFormatter;
use crate::output::sanitize;
use crate::output::theme::Theme;
use crate::output::wrap::{MAX_TEXT_COLUMNS, report_columns};
use crate::protocols::capture_file::SCHEMA_VERSION;
use clap::ValueEnum;
use console::is_dumb;
use serde::Serialize;
use serde_json::Serializer;
use std::io;
use std::io::Write;

/// The format of results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[non_exhaustive]
pub enum Format {
    /// Text for people.
    Human,
    /// One JSON object per line.
    Json,
}

/// The condition under which output is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[non_exhaustive]
pub enum ColorWhen {
    /// On a terminal, unless `NO_COLOR` is set; anywhere, if `CLICOLOR_FORCE` is.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The output options of a command line.
#[derive(Clone, Copy, Debug)]
pub struct OutputOptions {
    /// The format of results.
    pub format: Format,
    /// The condition under which output is coloured.
    pub color: ColorWhen,
    /// `true` if notes are not printed.
    pub quiet: bool,
    /// The level of detail: the number of `-v`.
    pub verbose: u8,
}

/// A result that can be printed as text and as JSON.
///
/// The JSON form is the `Serialize` form, after `schema_version` and `kind`, so that the text
/// cannot contain anything that the JSON lacks.
pub trait Report: Serialize {
    /// The `kind` of the JSON object.
    const KIND: &'static str;

    /// `true` if no string of the JSON is cut, because the strings are the requested result, such
    /// as signed headers, and not data from outside.
    const IS_EXACT: bool = false;

    /// Writes the text for people.
    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()>;
}

/// The style, the width and the level of detail of text for people.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// The styles.
    pub theme: Theme,
    /// The level of detail: the number of `-v`.
    pub verbose: u8,
    /// The maximum number of columns of a line.
    pub columns: usize,
    /// `true` if the reader has a terminal of that width. Otherwise a line that programs may read,
    /// such as one per request, is not folded.
    pub folds: bool,
}

impl Look {
    /// Returns the maximum number of columns of running text.
    #[must_use]
    pub fn text_columns(self) -> usize {
        self.columns.min(MAX_TEXT_COLUMNS)
    }

    /// Returns the width to which lines that programs may read are folded, if they are.
    #[must_use]
    pub fn fold_columns(self) -> Option<usize> {
        self.folds.then_some(self.columns)
    }
}

/// Renders results as the printer would write them. It can be copied to any thread.
#[derive(Clone, Copy, Debug)]
pub struct Renderer {
    format: Format,
    look: Look,
}

impl Renderer {
    /// Appends a result to `out`: one line of JSON, or the text for people.
    ///
    /// # Errors
    ///
    /// Returns the error of the report's own `human` or `Serialize`; the buffer cannot fail.
    pub fn render<R: Report>(self, report: &R, out: &mut Vec<u8>) -> Result<(), Error> {
        let rendered = match self.format {
            Format::Json => json_report(out, report),
            Format::Human => safe_lines(out, |out| report.human(out, self.look)),
        };
        rendered.map_err(Error::Write)
    }
}

/// A report as JSON.
#[derive(Serialize)]
struct Document<'r, R> {
    schema_version: u64,
    kind: &'static str,
    #[serde(flatten)]
    report: &'r R,
}

/// An error as the printer prints it. The layers above convert their errors to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ErrorReport {
    /// The machine-readable name.
    pub code: &'static str,
    /// The error and its causes in one line.
    pub message: String,
    /// The last lines of the output of a command that failed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub output: Vec<String>,
    /// The next step for the user, if one is known.
    pub hint: Option<String>,
    /// The exit status of a command that ends with this error.
    pub exit: u8,
}

impl Report for ErrorReport {
    const KIND: &'static str = "error";

    fn human(&self, out: &mut dyn Write, _: Look) -> io::Result<()> {
        writeln!(out, "error: {}", sanitize::message(&self.message))
    }
}

/// Prints results, notes and errors of one run. It owns both streams.
pub struct Printer {
    options: OutputOptions,
    out: OutputStream,
    out_is_terminal: bool,
    out_theme: Theme,
    out_columns: Option<usize>,
    err: OutputStream,
    err_theme: Theme,
    err_is_terminal: bool,
}

impl Printer {
    /// Creates a printer for the streams of `env`, and decides for each of them whether to colour.
    #[must_use]
    pub fn new(env: &Environment, options: &OutputOptions) -> Self {
        let theme = |is_terminal: bool| {
            if uses_colour(env, options.color, is_terminal).0 {
                Theme::COLOURED
            } else {
                Theme::PLAIN
            }
        };
        let (out_theme, err_theme) = (theme(env.stdout_is_terminal), theme(env.stderr_is_terminal));
        // `colored` would decide for both streams by the state of standard output.
        colored::control::set_override(true);
        Self {
            options: *options,
            out: env.stdout(),
            out_is_terminal: env.stdout_is_terminal,
            out_theme,
            out_columns: env.output_columns(),
            err: env.stderr(),
            err_theme,
            err_is_terminal: env.stderr_is_terminal,
        }
    }

    /// Replaces the streams, and returns the previous ones. Colours stay as they are.
    pub fn redirect(
        &mut self,
        out: OutputStream,
        err: OutputStream,
    ) -> (OutputStream, OutputStream) {
        (std::mem::replace(&mut self.out, out), std::mem::replace(&mut self.err, err))
    }

    /// Returns `true` if results are printed as JSON.
    #[must_use]
    pub fn is_json(&self) -> bool {
        self.options.format == Format::Json
    }

    /// Returns the level of detail: the number of `-v`.
    #[must_use]
    pub fn verbose(&self) -> u8 {
        self.options.verbose
    }

    /// Returns `true` if notes are not printed.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.options.quiet
    }

    /// Returns `true` if a progress bar may be drawn: on a terminal, without `--quiet` or JSON.
    ///
    /// A bar changes with time, so it is drawn on the terminal of the process only, never into a
    /// stream that a caller supplies.
    #[must_use]
    pub fn shows_progress(&self) -> bool {
        let is_on_terminal = self.err_is_terminal && self.err.is_of_process();
        is_on_terminal && !self.options.quiet && !self.is_json()
    }

    /// Returns `true` if the next step may be suggested after a result: to a person who reads it on
    /// a terminal, without `--quiet`.
    #[must_use]
    pub fn suggests_next_step(&self) -> bool {
        self.out_is_terminal && !self.options.quiet && !self.is_json()
    }

    /// Returns the style of text for people on standard output.
    #[must_use]
    pub fn look(&self) -> Look {
        Look {
            theme: self.out_theme,
            verbose: self.options.verbose,
            // The last column stays empty: some terminals wrap a line that ends in it.
            columns: report_columns(self.out_columns) - 1,
            folds: self.out_columns.is_some(),
        }
    }

    /// Returns a renderer of results, for threads that do not own the streams.
    #[must_use]
    pub fn renderer(&self) -> Renderer {
        Renderer { format: self.options.format, look: self.look() }
    }

    /// Writes a result to standard output, in one write, so that no other line interrupts it.
    pub fn report<R: Report>(&mut self, report: &R) -> Result<(), Error> {
        let mut line = Vec::new();
        self.renderer().render(report, &mut line)?;
        self.raw(&line)
    }

    /// Writes text for people to standard output, before or between results. JSON output omits it.
    pub fn text(
        &mut self,
        write: impl FnOnce(&mut dyn Write, Look) -> io::Result<()>,
    ) -> Result<(), Error> {
        if self.is_json() {
            return Ok(());
        }
        let look = self.look();
        let mut text = Vec::new();
        safe_lines(&mut text, |out| write(out, look)).map_err(Error::Write)?;
        self.raw(&text)
    }

    /// Writes the exact bytes of a request to standard output.
    ///
    /// If standard output is not a terminal, a note warns of commands that a CI system would
    /// execute.
    ///
    /// # Errors
    ///
    /// Returns [`Error::UnsafeForTerminal`] if a terminal would interpret a part of it.
    pub fn exact(&mut self, bytes: &[u8]) -> Result<(), Error> {
        if self.out_is_terminal && !is_safe_for_terminal(bytes) {
            return Err(Error::UnsafeForTerminal);
        }
        let text = String::from_utf8_lossy(bytes);
        if !self.out_is_terminal && ci_command::command_offsets(&text).next().is_some() {
            self.warning(
                "the request contains a workflow command, which a CI system would execute if it \
                 prints this; `--print json` is safe",
            );
        }
        self.raw(bytes)
    }

    /// Writes bytes to standard output as they are: a completion script, the output of a
    /// [`Renderer`].
    pub fn raw(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let result = self.out.write_all(bytes).and_then(|()| self.out.flush());
        match result {
            // The reader has closed the pipe, as `head` does. That is no error, but it must not
            // turn a failure into a success either: the command continues to its own exit status.
            Err(error) if self.is_reader_gone(&error) => Ok(()),
            result => result.map_err(Error::Write),
        }
    }

    /// Writes JSON lines that another printer has written, if results are printed as JSON.
    pub fn raw_json(&mut self, lines: &[u8]) -> Result<(), Error> {
        if self.is_json() { self.raw(lines) } else { Ok(()) }
    }

    /// Ends the line on which the terminal has echoed `^C`, so that the next result is not on it.
    pub fn end_echo(&mut self) -> Result<(), Error> {
        if self.out_is_terminal && !self.is_json() { self.raw(b"\n") } else { Ok(()) }
    }

    /// Returns `true` if an error of standard output means that its reader is gone: the pipe or the
    /// terminal was closed.
    #[must_use]
    pub fn is_reader_gone(&self, error: &io::Error) -> bool {
        /// `EIO`, for which there is no [`io::ErrorKind`].
        const INPUT_OUTPUT: i32 = 5;
        let is_terminal = cfg!(unix) && self.out_is_terminal;
        error.kind() == io::ErrorKind::BrokenPipe
            || (is_terminal && error.raw_os_error() == Some(INPUT_OUTPUT))
    }

    /// Writes a note to standard error, unless `--quiet` is set.
    pub fn note(&mut self, text: &str) {
        if !self.options.quiet {
            self.warning(text);
        }
    }

    /// Writes a note about a danger to the user, which `--quiet` does not suppress.
    pub fn warning(&mut self, text: &str) {
        let theme = self.err_theme;
        self.write_err(&format!("{} {}", theme.warn("note:"), sanitize::message(text)));
    }

    /// Writes commands for a CI system, which the user requested. In all other output, such
    /// commands are escaped.
    pub fn annotate(&mut self, commands: &str) {
        // If standard error is closed, the failure cannot be reported.
        let _ = self.err.write_all(commands.as_bytes());
    }

    /// Writes a detail to standard error, if `-v` is set.
    pub fn detail(&mut self, text: &str) {
        if self.options.verbose > 0 {
            let text = self.err_theme.dim(&sanitize::message(text));
            self.write_err(&text);
        }
    }

    /// Returns a function that writes a line of a command's output to standard error from any
    /// thread, if `-v` is set. `source` names the command.
    #[must_use]
    pub fn line_writer(&self, source: &str) -> Option<impl Fn(&[u8]) + Send + Sync + use<>> {
        // A progress bar leaves the cursor in its line, which it draws again below.
        let clear = if self.shows_progress() && !is_dumb() { "\r\u{1b}[2K" } else { "" };
        let (err, theme, source) = (self.err.clone(), self.err_theme, source.to_owned());
        let write = move |line: &[u8]| {
            let line = theme.dim(&format!("{source}: {}", sanitize::bytes(line)));
            let line = sanitize::without_ci_commands(format!("{line}\n"));
            // If standard error is closed, the failure cannot be reported.
            let _ = err.clone().write_all(format!("{clear}{line}").as_bytes());
        };
        (self.options.verbose > 0).then_some(write)
    }

    /// Writes an error, its causes, the output of its command and its hint to standard error.
    pub fn error(&mut self, error: impl Into<ErrorReport>) {
        let ErrorReport { code, message, output, hint, exit } = error.into();
        let message = sanitize::message(&message);
        let output: Vec<_> = output.iter().map(|line| sanitize::line(line)).collect();
        let hint = hint.map(|hint| sanitize::message(&hint));
        if self.is_json() {
            let report = ErrorReport { code, message, output, hint, exit };
            // In one write, so that no other line interrupts it. If standard error is closed, the
            // failure cannot be reported.
            let mut line = Vec::new();
            let formatter = SafeFormatter::with_limit(MAX_MESSAGE_BYTES);
            let written = json_line(&mut line, "error", &report, formatter);
            let _ = written.and_then(|()| self.err.write_all(&line));
            return;
        }
        let theme = self.err_theme;
        self.write_err(&format!("{} {message}", theme.bad("error:")));
        for line in output {
            self.write_err(&format!("  {} {line}", theme.dim("|")));
        }
        if let Some(hint) = hint {
            self.write_err(&format!("{} {hint}", theme.hint("hint:")));
        }
    }

    /// Writes a line to standard error in one write. If that fails, the failure cannot be reported.
    fn write_err(&mut self, line: &str) {
        let line = sanitize::without_ci_commands(format!("{line}\n"));
        let _ = self.err.write_all(line.as_bytes());
    }
}

/// Returns `true` if the bytes are UTF-8 without characters that a terminal interprets.
fn is_safe_for_terminal(bytes: &[u8]) -> bool {
    let is_safe = |c| matches!(c, '\r' | '\n' | '\t') || !is_unsafe(c);
    str::from_utf8(bytes).is_ok_and(|text| text.chars().all(is_safe))
}

/// Appends lines for people to `out`, with commands for CI systems escaped.
fn safe_lines(
    out: &mut Vec<u8>,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut lines = Vec::new();
    write(&mut lines)?;
    // Reports write only strings, so that the lossy conversion loses nothing.
    let lines = String::from_utf8(lines)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    out.extend_from_slice(sanitize::without_ci_commands(lines).as_bytes());
    Ok(())
}

/// Writes a report as one object on one line.
pub(super) fn json_report<R: Report>(out: impl Write, report: &R) -> io::Result<()> {
    let formatter = if R::IS_EXACT {
        SafeFormatter::exact()
    } else {
        SafeFormatter::with_limit(MAX_MESSAGE_BYTES)
    };
    json_line(out, R::KIND, report, formatter)
}

fn json_line<R: Serialize>(
    mut out: impl Write,
    kind: &'static str,
    report: &R,
    formatter: SafeFormatter,
) -> io::Result<()> {
    let document = Document { schema_version: SCHEMA_VERSION, kind, report };
    document.serialize(&mut Serializer::with_formatter(&mut out, formatter))?;
    writeln!(out)
}

/// Returns `true` if a stream is coloured, and the reason. `--color` takes precedence, then
/// `NO_COLOR` and `CLICOLOR_FORCE`; otherwise it depends on whether the stream is a terminal that
/// supports colour.
///
/// An empty `NO_COLOR` counts as unset (no-color.org).
#[must_use]
pub fn uses_colour(env: &Environment, when: ColorWhen, is_terminal: bool) -> (bool, &'static str) {
    let is_set = |name: &str| env.var(name).is_some_and(|value| value != "0");
    match when {
        ColorWhen::Always => (true, "`--color always`"),
        ColorWhen::Never => (false, "`--color never`"),
        ColorWhen::Auto if env.var("NO_COLOR").is_some() => (false, "NO_COLOR is set"),
        ColorWhen::Auto if is_set("CLICOLOR_FORCE") => (true, "CLICOLOR_FORCE is set"),
        ColorWhen::Auto if !is_terminal => (false, "it is not a terminal"),
        ColorWhen::Auto if env.var("TERM") == Some("dumb") => (false, "TERM is `dumb`"),
        ColorWhen::Auto => (true, "it is a terminal"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(vars: &[(&str, &str)]) -> Environment {
        Environment::fixed(vars, jiff::Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn colour_is_decided_by_flag_then_variables_then_terminal() {
        use ColorWhen::{Always, Auto, Never};
        for (vars, when, is_terminal, is_coloured) in [
            (vec![], Auto, true, true),
            (vec![], Auto, false, false),
            (vec![("NO_COLOR", "1")], Auto, true, false),
            (vec![("NO_COLOR", "")], Auto, true, true),
            (vec![("CLICOLOR_FORCE", "1")], Auto, false, true),
            (vec![("CLICOLOR_FORCE", "0")], Auto, false, false),
            (vec![("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")], Auto, true, false),
            (vec![("TERM", "dumb")], Auto, true, false),
            (vec![("NO_COLOR", "1")], Always, false, true),
            (vec![], Never, true, false),
        ] {
            assert_eq!(
                uses_colour(&env(&vars), when, is_terminal).0,
                is_coloured,
                "{vars:?} {when:?} {is_terminal}"
            );
        }
    }
}
