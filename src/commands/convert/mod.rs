//! `leadhook convert`: prints captured requests in another form, byte for byte or redacted.

mod output;
mod redaction;

use crate::commands::context::Context;
use crate::commands::convert::output::ConvertOutput;
use crate::commands::convert::redaction::{RedactionArgs, SeededRedaction};
use crate::commands::filter_args::{FilterArgs, SelectedCaptures, describe_skipped_lines};
use crate::commands::lost_bytes;
use crate::commands::print_form::PrintForm;
use crate::domain::capture::Capture;
use crate::domain::secret::Keyring;
use crate::domain::verdict::Proof;
use crate::engine::judge::{Judge, PayloadScope, Strictness};
use crate::engine::recognise;
use crate::error::{Error, Exit};
use crate::io::captures::{CapturedRequest, Captures};
use crate::io::error::Error as IoError;
use crate::protocols::json;
use crate::protocols::requests::har;
use crate::protocols::schemes::masking::Masking;
use crate::providers::pack::Pack;
use clap::Args;
use std::path::PathBuf;

/// The maximum size of the bodies and headers of one archive, which is kept in memory until the
/// end.
const MAX_ARCHIVE: u64 = 64 << 20;

/// Print captured requests as `curl` commands, HTTP, HAR or JSON
///
/// Reads what `verify` reads: captures and JSON Lines of them, the JSON of request inspectors, HAR,
/// HTTP/1.1 messages, `curl` commands. No byte of a body changes; method, target and headers are
/// kept. A body of which a file has only the JSON value is printed as the bytes that its signature
/// covers, if a secret shows which these are, or else as it is in the file, with a note. If a form
/// requires a `Host` or a `Content-Length`, a missing one is added.
///
/// Exit status 0 if all were printed, 3 if an input contains no request or one that the form cannot
/// represent, or if the filters exclude all; the others are still printed. With `--failed` it is 5
/// if a request could not be verified.
///
/// A file with one request per line may have any size, with up to 128 MiB per line. Any other file
/// may have up to 256 MiB, and all bodies and headers of one archive up to 64 MiB.
#[derive(Args, Debug)]
pub struct Convert {
    /// Files to read, `-` for standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// Form to print: `json` is one capture per line, `har` a single archive
    #[arg(long, value_name = "FORM", value_enum)]
    print: PrintForm,

    /// File to write, which only its owner can read if it is new; `-` for standard output
    ///
    /// An existing file is replaced at the end, and only if a request was converted.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    #[command(flatten)]
    redaction: RedactionArgs,

    #[command(flatten)]
    filters: FilterArgs,
}

/// The state of the conversion.
struct ConvertRun {
    print: PrintForm,
    output: ConvertOutput,
    redaction: Option<SeededRedaction>,
    /// The judge of bodies of which a file has only the JSON value, once there was one.
    restorer: Option<Judge>,
    /// The requests of the HAR archive. It is one document, so it is printed at the end.
    archived: Vec<Capture>,
    /// The size of those requests in bytes.
    archived_bytes: u64,
    failed: bool,
    /// The note that the output contains secrets, or how it gets them.
    secret_note: Option<&'static str>,
}

impl Convert {
    pub(super) fn run(self, context: &mut Context<'_>) -> Result<Exit, Error> {
        self.print.check(context.printer.is_json())?;
        context.check_stdin(&self.files)?;
        let output = ConvertOutput::open(context, self.output.as_deref(), &self.files)?;
        // Without `--failed`, nothing is verified, and no secret is asked for.
        let keyring =
            if self.filters.needs_secrets() { context.keyring()? } else { Keyring::default() };
        let selection = self.filters.selection(context, &keyring, context.env.now())?;
        // Only a capture can say that its body is not the received one.
        let captures = Captures::new(context.env.stdin(), self.files.iter().cloned())
            .with_missing_bodies(self.print == PrintForm::Json);
        let mut selected = SelectedCaptures::new(context, captures, selection, keyring, None);
        let mut run = ConvertRun {
            print: self.print,
            output,
            redaction: self.redaction.start(context),
            restorer: None,
            archived: Vec::new(),
            archived_bytes: 0,
            failed: false,
            secret_note: None,
        };
        for result in &mut selected {
            match result.and_then(|captured| run.convert(context, captured)) {
                Err(error)
                    if error.concerns_one_input() || matches!(error, Error::Print { .. }) =>
                {
                    context.printer.error(&error);
                    run.failed = true;
                }
                result => result?,
            }
            if run.is_full() {
                break;
            }
        }
        let exit = run.finish(context)?;
        if let Some(skipped) = describe_skipped_lines(selected.skipped_lines()) {
            context.printer.note(&skipped);
        }
        Ok(selected.result.finish(context, selected.selected, exit))
    }
}

impl ConvertRun {
    /// Returns `true` if the requests exceed the maximum size of an archive.
    fn is_full(&self) -> bool {
        self.archived_bytes > MAX_ARCHIVE
    }

    /// Prints a request, or adds it to the archive.
    fn convert(
        &mut self,
        context: &mut Context<'_>,
        mut captured: CapturedRequest,
    ) -> Result<(), Error> {
        if captured.found.bytes_were_lost && self.redaction.is_none() {
            self.restore(context, &mut captured)?;
        }
        let CapturedRequest { source, found, .. } = captured;
        let capture = match &mut self.redaction {
            Some(redaction) => redaction.redact(&found.capture, context.env.now()),
            None => found.capture,
        };
        if self.print != PrintForm::Har {
            let pack = carrier(context, &capture).filter(|_| self.redaction.is_none());
            let masking =
                pack.map(|pack| Masking { scheme: &*pack.provider.signature, secrets: &[] });
            let what = format!("`{source}`");
            let rendered = self.print.render(&what, &capture, None, masking)?;
            self.secret_note = self.secret_note.or(self.print.secret_note(masking));
            return self.output.write(context, &rendered);
        }
        if self.redaction.is_none()
            && let Some(pack) = carrier(context, &capture)
        {
            let masking = Masking { scheme: &*pack.provider.signature, secrets: &[] };
            self.secret_note = self.secret_note.or(self.print.secret_note(Some(masking)));
        }
        self.archived_bytes += capture.message.size_in_memory() as u64;
        if self.is_full() {
            let path = source.into();
            return Err(IoError::TooLarge { what: "archive of", path, limit: MAX_ARCHIVE }.into());
        }
        self.archived.push(capture);
        Ok(())
    }

    /// Restores a body of which the file has only the JSON value, if a secret shows which bytes were
    /// signed, and says which bytes are printed.
    fn restore(
        &mut self,
        context: &mut Context<'_>,
        captured: &mut CapturedRequest,
    ) -> Result<(), Error> {
        if self.restorer.is_none() {
            let (keyring, named) = (context.keyring()?, context.providers().to_vec());
            let strictness = Strictness { strict: false, payloads: PayloadScope::None };
            self.restorer = Some(Judge::new(context.packs.clone(), keyring, named, strictness));
        }
        if let Some(judge) = &self.restorer {
            lost_bytes::restore(judge, captured, context.env.now());
        }
        let CapturedRequest { source, restored_as, .. } = captured;
        let result = match restored_as {
            Some(origin) => format!("{origin}, and the signature verifies over that"),
            None => "it was serialised again, and a signature over the raw bytes does not verify \
                     unless a secret shows which bytes were signed"
                .to_owned(),
        };
        context.printer.note(&format!(
            "the body in `{source}` is a JSON value, not the bytes that were sent: {result}"
        ));
        Ok(())
    }

    /// Prints the archive, completes the output and returns the exit status.
    fn finish(mut self, context: &mut Context<'_>) -> Result<Exit, Error> {
        if !self.archived.is_empty() {
            let captures = self.archived.iter().map(|capture| (capture, None));
            let archive = har::write(captures, env!("CARGO_PKG_VERSION"));
            self.output.write(context, format!("{archive}\n").as_bytes())?;
        }
        self.output.finish()?;
        self.secret_note.iter().for_each(|note| context.printer.note(note));
        if let Some(redaction) = &self.redaction {
            redaction.report(context);
        }
        Ok(if self.failed { Exit::Input } else { Exit::Success })
    }
}

/// Returns the pack of a request that carries the secret of its provider, which the user named.
fn carrier<'c>(context: &'c Context<'_>, capture: &Capture) -> Option<&'c Pack> {
    let named = context.providers();
    if named.is_empty() {
        return None;
    }
    let message = &capture.message;
    let json = json::read(&message.body).ok();
    let pack = recognise::recognise(&context.packs, named, message, json.as_ref())?;
    (pack.provider.signature.proof() == Proof::SharedSecret).then_some(&**pack)
}
