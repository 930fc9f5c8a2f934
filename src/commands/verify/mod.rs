//! `leadhook verify`: verifies the signatures of captured requests and validates their payloads.

mod batch;
mod failure_explainer;
mod pipeline;
mod report;
mod selected_results;
mod verify_run;

use crate::commands::context::Context;
use crate::commands::filter_args::FilterArgs;
use crate::commands::value_parsers::{now_argument, own_digest_argument, received_header_argument};
use crate::commands::verify::failure_explainer::FailureExplainer;
use crate::commands::verify::selected_results::SelectedResults;
use crate::commands::verify::verify_run::{RunOptions, VerifyRun, several_requests};
use crate::domain::secret::Secret;
use crate::engine::explain::Explainer;
use crate::engine::explain::own_digest::OwnDigest;
use crate::engine::judge::{Judge, PayloadScope, Strictness};
use crate::error::{Error, Exit};
use crate::io::captures;
use clap::Args;
use jiff::Timestamp;
use std::path::PathBuf;
use std::time::Instant;

/// Verify captured requests: signature, then payload
///
/// Reads captures of `leadhook listen --save`, JSON Lines of them, `{"headers": …, "body": …}` and
/// other JSON of request inspectors, HAR, HTTP/1.1 messages, `.http` files, `curl` commands, calls
/// of `fetch`, Hurl and Bruno files, logs, and tokens, detected from their content; folders of
/// them; or a body with its headers. In a log, a line without a request is skipped and counted. If
/// a signature does not verify, the command looks for the reason and a fix. A signature covers the
/// body (or the claims of the token) and nothing else: not the time, the id or the address.
///
/// Exit status 0 if all are valid, 1 if any is not, 3 if a file contains no request, 5 if no secret
/// was available to verify with.
///
/// A file with one request per line may have any size, with up to 128 MiB per line. Any other file
/// may have up to 256 MiB, and a file of candidates up to 1 MiB.
#[derive(Args, Debug)]
pub struct Verify {
    /// Files or folders to verify, `-` for standard input [default: `-`, unless it is a terminal]
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,

    /// File with only a body, byte for byte
    #[arg(long, value_name = "FILE", conflicts_with = "files")]
    body: Option<PathBuf>,

    /// Header of that body (can be repeated)
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE", value_parser = received_header_argument, requires = "body")]
    headers: Vec<(String, String)>,

    /// Warnings make a request invalid: those on its payload, and those on a valid signature
    #[arg(long)]
    strict: bool,

    /// Verify the signature only
    #[arg(long, conflicts_with = "strict")]
    no_payload: bool,

    /// Time at which tokens are checked, instead of that of the capture
    #[arg(long, value_name = "TIME", value_parser = now_argument)]
    now: Option<Timestamp>,

    /// Try each value of this file as the secret if a signature does not verify
    ///
    /// The file may be a list, an `.env` file, YAML, JSON, TOML, properties, or a Kubernetes Secret
    /// (whose values are decoded from base64), in UTF-8 or UTF-16. A value that verifies is
    /// reported by its line or JSON pointer, and never shown. At most 20,000 values are tried.
    #[arg(long, value_name = "FILE")]
    candidates: Option<PathBuf>,

    /// Find what your own code hashed to get this digest, with the fix
    ///
    /// The digest is in hex or base64, with or without a prefix such as `sha256=`. The input must
    /// contain exactly one request: the one over which your code computed it. If the digest is the
    /// right one, its comparison with the header is explained instead.
    #[arg(long, value_name = "DIGEST", value_parser = own_digest_argument)]
    mine: Option<OwnDigest>,

    /// Show the signature that the first secret would produce
    #[arg(long)]
    show_expected: bool,

    #[command(flatten)]
    filters: FilterArgs,
}

impl Verify {
    pub(super) fn run(self, context: &mut Context<'_>) -> Result<Exit, Error> {
        let start = Instant::now();
        let inputs = self.inputs(context)?;
        context.check_stdin(inputs.iter().chain(&self.body).chain(&self.candidates))?;
        let files = captures::expand_folders(&inputs);
        let paths: Vec<_> = files.iter().flatten().cloned().collect();
        self.check_one_file(&paths)?;
        let keyring = context.keyring()?;
        let selection = self.filters.selection(context, &keyring, context.now(self.now))?;
        if self.show_expected {
            context.check_named_sign("--show-expected")?;
        }
        if self.mine.is_some() {
            context.check_named_sign("--mine")?;
        }
        let strictness = Strictness {
            strict: self.strict,
            payloads: if self.no_payload { PayloadScope::None } else { PayloadScope::All },
        };
        let named = context.providers().to_vec();
        let judge = Judge::new(context.packs.clone(), keyring, named, strictness);
        if context.printer.verbose() > 0 && judge.keyring().all().any(Secret::is_weak) {
            context.printer.detail("a secret is shorter than the 32 bytes that RFC 7518 requires");
        }
        let candidates = context.candidates(self.candidates.as_deref())?;
        let own_explainer = Explainer::new(candidates.clone());
        let file = self.candidates.as_ref().map(|path| path.display().to_string());
        let explainer = Explainer::new(candidates).with_candidate_file(file.as_deref());
        let explainer = FailureExplainer::new(&judge, explainer, &paths);
        let results = SelectedResults::new(selection);
        let options = RunOptions {
            headers: self.headers.iter().cloned().collect(),
            mine: self.mine,
            now: self.now,
            strict: self.strict,
            show_expected: self.show_expected,
        };
        let mut run = VerifyRun::new(&options, &judge, &own_explainer, explainer, results);
        if let Some(path) = &self.body {
            run.verify_body(context, path)?;
        }
        for path in files {
            match path.map_err(Error::from).and_then(|path| run.verify_file(context, &path)) {
                Err(error) if error.concerns_one_input() => run.report_unreadable(context, &error),
                result => result?,
            }
        }
        run.finish(context, start)
    }

    /// Returns the inputs: those given, or else standard input if it is not a terminal.
    fn inputs(&self, context: &Context<'_>) -> Result<Vec<PathBuf>, Error> {
        if !self.files.is_empty() || self.body.is_some() {
            return Ok(self.files.clone());
        }
        if context.env.stdin_is_terminal {
            return Err(Error::Option {
                message: "no file was given, and standard input is a terminal".to_owned(),
                hint: "name a file or a folder, or pipe a request into `leadhook verify`"
                    .to_owned(),
            });
        }
        Ok(vec![PathBuf::from("-")])
    }

    /// Rejects `--mine` with several files: a digest belongs to one request.
    fn check_one_file(&self, paths: &[PathBuf]) -> Result<(), Error> {
        match (&self.mine, paths.len()) {
            (Some(_), 2..) => Err(several_requests(&format!("{} files", paths.len()))),
            _ => Ok(()),
        }
    }
}
