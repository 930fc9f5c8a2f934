//! `leadhook convert`: captured requests in another form, byte for byte.

use crate::commands::context::Context;
use crate::commands::print_form::PrintForm;
use crate::domain::capture::Capture;
use crate::error::{Error, Exit};
use crate::io::error::Error as IoError;
use crate::io::lines::Lines;
use crate::io::{captures, input};
use crate::protocols::requests;
use crate::protocols::requests::{FoundRequest, RequestError, har};
use clap::Args;
use std::path::{Path, PathBuf};

/// Most bytes of one archive, which is written as a whole.
const MAX_ARCHIVE: u64 = 64 << 20;

/// Print captured requests in another form
///
/// Reads what `verify` reads: captures and JSON Lines of them, the JSON of request inspectors, HAR,
/// HTTP/1.1 messages, `curl` commands. No byte of a body changes; method, target and headers are
/// kept. Where a form must have a `Host` or a `Content-Length`, a missing one is added. Exit status
/// 0 when all were printed, 3 when an input holds no request or one that the form cannot hold; the
/// others are printed all the same.
///
/// A file with one request a line may have any size, and each line 128 MiB. Every other file may have
/// 256 MiB, and all bodies and headers of one archive 64 MiB.
#[derive(Args, Debug)]
pub struct Convert {
    /// Files to read, `-` for standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// Form to print: `json` is a capture a line, `har` one archive of all
    #[arg(long, value_name = "FORM", value_enum)]
    print: PrintForm,
}

/// What was printed so far, and what is left for the end.
#[derive(Default)]
struct Progress {
    /// An archive is one document: its requests wait for the last.
    archived: Vec<Capture>,
    /// Bytes of those.
    archived_bytes: u64,
    failed: bool,
}

impl Progress {
    /// Returns `true` if no archive holds what is to be printed.
    fn is_full(&self) -> bool {
        self.archived_bytes > MAX_ARCHIVE
    }
}

impl Convert {
    pub(super) fn run(self, context: &mut Context<'_>) -> Result<Exit, Error> {
        self.print.check(context.printer.is_json())?;
        context.check_stdin(&self.files)?;
        let mut progress = Progress::default();
        for path in &self.files {
            match self.convert_file(context, path, &mut progress) {
                Err(error) if error.is_of_one_input() => {
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
        Ok(if progress.failed { Exit::Input } else { Exit::Yes })
    }

    fn convert_file(
        &self,
        context: &mut Context<'_>,
        path: &Path,
        progress: &mut Progress,
    ) -> Result<(), Error> {
        let mut lines = Lines::open(context.env.stdin(), "request", path)?;
        if captures::is_one_a_line(&mut lines)? {
            return lines.into_iter().try_for_each(|piece| {
                self.convert_all(context, path, captures::read(&piece?), progress)
            });
        }
        let bytes = lines.whole(input::MAX_INPUT)?;
        let found = requests::read(&bytes)
            .map_err(|source| IoError::NotARequest { path: path.to_owned(), source })?;
        self.convert_all(context, path, found, progress)
    }

    fn convert_all(
        &self,
        context: &mut Context<'_>,
        path: &Path,
        all: Vec<Result<FoundRequest, RequestError>>,
        progress: &mut Progress,
    ) -> Result<(), Error> {
        let wrong = |source| Error::from(IoError::NotARequest { path: path.to_owned(), source });
        for found in all {
            let shown =
                found.map_err(wrong).and_then(|found| self.shown(context, path, found, progress));
            match shown {
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

    /// The bytes to print of one request, which are none where it waits for the last.
    fn shown(
        &self,
        context: &mut Context<'_>,
        path: &Path,
        found: FoundRequest,
        progress: &mut Progress,
    ) -> Result<Vec<u8>, Error> {
        let source = found.place.in_file(&path.display().to_string());
        if found.bytes_were_lost {
            context.printer.note(&format!(
                "the body in `{source}` is a value, not the text that was sent: it was printed again, \
                 and a signature over the raw bytes does not hold for that"
            ));
        }
        if self.print == PrintForm::Har {
            progress.archived_bytes += found.capture.message.size_in_memory() as u64;
            if progress.is_full() {
                let (what, limit) = ("archive of", MAX_ARCHIVE);
                return Err(IoError::TooLarge { what, path: path.to_owned(), limit }.into());
            }
            progress.archived.push(found.capture);
            return Ok(Vec::new());
        }
        self.print.shown(&format!("`{source}`"), &found.capture, None)
    }
}
