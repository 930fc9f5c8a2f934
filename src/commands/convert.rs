//! `leadhook convert`: prints captured requests in another form, byte for byte.

use crate::commands::context::Context;
use crate::commands::print_form::PrintForm;
use crate::domain::capture::Capture;
use crate::error::{Error, Exit};
use crate::io::captures::LineRequests;
use crate::io::error::Error as IoError;
use crate::io::lines::Lines;
use crate::io::{captures, input};
use crate::protocols::requests;
use crate::protocols::requests::{FoundRequest, RequestError, har};
use clap::Args;
use std::path::{Path, PathBuf};

/// The maximum size of the bodies and headers of one archive, which is kept in memory until the
/// end.
const MAX_ARCHIVE: u64 = 64 << 20;

/// Print captured requests in another form
///
/// Reads what `verify` reads: captures and JSON Lines of them, the JSON of request inspectors, HAR,
/// HTTP/1.1 messages, `.http` files, `curl` commands, calls of `fetch`, logs, and folders of them.
/// No byte of a body changes; method, target and headers are
/// kept. If a form requires a `Host` or a `Content-Length`, a missing one is added. Exit status 0
/// if all were printed, 3 if an input contains no request or one that the form cannot represent;
/// the others are still printed.
///
/// A file with one request per line may have any size, with up to 128 MiB per line. Any other file
/// may have up to 256 MiB, and all bodies and headers of one archive up to 64 MiB.
#[derive(Args, Debug)]
pub struct Convert {
    /// Files or folders to read, `-` for standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// Form to print: `json` is one capture per line, `har` a single archive
    #[arg(long, value_name = "FORM", value_enum)]
    print: PrintForm,
}

/// The state of the conversion.
#[derive(Default)]
struct ConvertState {
    /// The requests of the HAR archive. It is one document, so it is printed at the end.
    archived: Vec<Capture>,
    /// The size of those requests in bytes.
    archived_bytes: u64,
    failed: bool,
}

impl ConvertState {
    /// Returns `true` if the requests exceed the maximum size of an archive.
    fn is_full(&self) -> bool {
        self.archived_bytes > MAX_ARCHIVE
    }
}

impl Convert {
    pub(super) fn run(self, context: &mut Context<'_>) -> Result<Exit, Error> {
        self.print.check(context.printer.is_json())?;
        context.check_stdin(&self.files)?;
        let files = captures::expand_folders(&self.files);
        let mut progress = ConvertState::default();
        for path in files {
            let result = path
                .map_err(Error::from)
                .and_then(|path| self.convert_file(context, &path, &mut progress));
            match result {
                Err(error) if error.concerns_one_input() => {
                    context.printer.error(&error);
                    progress.failed = true;
                }
                other => other?,
            }
        }
        if !progress.archived.is_empty() {
            let captures = progress.archived.iter().map(|capture| (capture, None));
            let archive = har::write(captures, env!("CARGO_PKG_VERSION"));
            context.printer.exact(format!("{archive}\n").as_bytes())?;
        }
        Ok(if progress.failed { Exit::Input } else { Exit::Success })
    }

    fn convert_file(
        &self,
        context: &mut Context<'_>,
        path: &Path,
        progress: &mut ConvertState,
    ) -> Result<(), Error> {
        let mut lines = Lines::open(context.env.stdin(), "request", path)?;
        if captures::has_one_request_per_line(&mut lines)? {
            return self.convert_lines(context, path, lines, progress);
        }
        let bytes = lines.read_to_end(input::MAX_INPUT)?;
        let found = requests::read(&bytes)
            .map_err(|source| IoError::NotARequest { path: path.to_owned(), source })?;
        self.convert_all(context, path, found, progress)
    }

    /// Converts the requests of an input with at most one on each line.
    fn convert_lines(
        &self,
        context: &mut Context<'_>,
        path: &Path,
        lines: Lines,
        progress: &mut ConvertState,
    ) -> Result<(), Error> {
        let (mut all_skipped, mut has_any) = (0, false);
        for piece in lines {
            let LineRequests { requests, skipped } = captures::parse_piece(&piece?);
            all_skipped += skipped;
            has_any |= !requests.is_empty();
            self.convert_all(context, path, requests, progress)?;
        }
        if !has_any {
            let source = RequestError::NoRequest { lines: all_skipped };
            return Err(IoError::NotARequest { path: path.to_owned(), source }.into());
        }
        if all_skipped > 0 {
            let (noun, verb) = if all_skipped == 1 { ("line", "was") } else { ("lines", "were") };
            context.printer.note(&format!(
                "{all_skipped} {noun} of `{}` without a request {verb} skipped",
                path.display()
            ));
        }
        Ok(())
    }

    fn convert_all(
        &self,
        context: &mut Context<'_>,
        path: &Path,
        all: Vec<Result<FoundRequest, RequestError>>,
        progress: &mut ConvertState,
    ) -> Result<(), Error> {
        let not_a_request =
            |source| Error::from(IoError::NotARequest { path: path.to_owned(), source });
        for found in all {
            let rendered = found
                .map_err(not_a_request)
                .and_then(|found| self.render(context, path, found, progress));
            match rendered {
                Ok(bytes) => context.printer.exact(&bytes)?,
                Err(error) if progress.is_full() => return Err(error),
                Err(error) => {
                    context.printer.error(&error);
                    progress.failed = true;
                }
            }
        }
        Ok(())
    }

    /// Returns the bytes to print of one request; they are empty if it is added to the archive.
    fn render(
        &self,
        context: &mut Context<'_>,
        path: &Path,
        found: FoundRequest,
        progress: &mut ConvertState,
    ) -> Result<Vec<u8>, Error> {
        let source = found.location.in_file(&path.display().to_string());
        if found.bytes_were_lost {
            context.printer.note(&format!(
                "the body in `{source}` is a JSON value, not the bytes that were sent: it was \
                 serialised again, and a signature over the raw bytes does not verify"
            ));
        }
        if self.print == PrintForm::Har {
            progress.archived_bytes += found.capture.message.size_in_memory() as u64;
            if progress.is_full() {
                return Err(IoError::TooLarge {
                    what: "archive of",
                    path: path.to_owned(),
                    limit: MAX_ARCHIVE,
                }
                .into());
            }
            progress.archived.push(found.capture);
            return Ok(Vec::new());
        }
        self.print.render(&format!("`{source}`"), &found.capture, None)
    }
}
