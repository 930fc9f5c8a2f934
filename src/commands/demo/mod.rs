//! `leadhook demo`: finds the most common signature bug in a practice receiver, names it, checks the
//! fixed receiver, and runs a retry schedule; all with real requests on loopback.

mod app;
mod command_run;

use crate::commands::check::Check;
use crate::commands::context::Context;
use crate::commands::demo::app::PracticeApp;
use crate::commands::demo::command_run::CommandRun;
use crate::commands::listen::{EmbeddedListener, EmbeddedParts, KeptParts};
use crate::commands::payload::PayloadArgs;
use crate::commands::simulate::run_schedule;
use crate::commands::verify::Verify;
use crate::domain::delivery::Outcome;
use crate::domain::parse_error::ParseValueError;
use crate::domain::secret::{Keyring, Secret};
use crate::engine::judge::{Judge, Strictness};
use crate::engine::receiver::Fault;
use crate::error::{Error, Exit};
use crate::io::client::ConnectOptions;
use crate::output::printer::Look;
use crate::output::sanitize;
use crate::output::wrap::wrap;
use crate::protocols::requests;
use crate::providers::pack::Pack;
use crate::providers::provider::{EventFacts, ShapeConfidence};
use clap::Args;
use std::io;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

/// The deadline of an exchange over loopback.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The fault of the first receiver: the most common one.
const FAULT: &str = "hash-parsed-body";

/// The responses of the endpoint of the retry schedule: down twice, then up.
const RETRY_SCRIPT: &str = "503x2,200";

/// The number of characters of a digest that are shown.
const SHOWN_DIGEST: usize = 8;

/// Find a signature bug, name it, fix it, and survive an outage: in one second
///
/// A practice receiver on a free port of this machine acts as the application. It has the most
/// common bug: it hashes the parsed body instead of the bytes that it received. `check` finds the
/// bug, `verify` names it, `check` passes on the fixed receiver, and a retry schedule delivers to an
/// endpoint that is down at first. Secrets and leads are generated. Exit status 0 if everything went
/// as expected.
#[derive(Args, Debug)]
pub struct Demo {}

/// The provider whose deliveries are sent, with a generated secret.
struct Sender {
    pack: Arc<Pack>,
    event: EventFacts,
    secret: Secret,
    /// The same secret as the value of an option.
    secret_text: String,
}

impl Demo {
    #[expect(clippy::unused_self, reason = "every command is run the same way")]
    pub(super) fn run(self, context: &mut Context<'_>) -> Result<Exit, Error> {
        let Some(sender) = Sender::new(context)? else {
            return Err(Error::NoProvider { known: Vec::new() });
        };
        context.printer.text(|out, look| {
            let text =
                "Real requests on free ports of this machine; secrets and leads are generated.";
            write_note(out, look, text)
        })?;
        let mut is_as_expected = find_bug(context, &sender)?;
        is_as_expected &= check_fixed(context, &sender)?;
        is_as_expected &= run_retries(context, &sender)?;
        context.printer.text(|out, look| {
            writeln!(out, "\n{}", look.theme.strong("Now your own receiver:"))?;
            writeln!(out, "  leadhook check :3000/hooks --secret s3cret")?;
            writeln!(out, "  leadhook listen :9090 --secret s3cret --save captures")?;
            writeln!(out, "  leadhook --help")
        })?;
        Ok(if is_as_expected { Exit::Success } else { Exit::Failure })
    }
}

impl Sender {
    /// Returns the first provider with a documented event; `None` if there is none.
    fn new(context: &Context<'_>) -> Result<Option<Self>, Error> {
        let documented = |pack: &Arc<Pack>| {
            let mut events = pack.provider.events.iter();
            let event = events.find(|event| event.shape == ShapeConfidence::Documented)?;
            Some((Arc::clone(pack), event.clone()))
        };
        let Some((pack, event)) = context.packs.iter().find_map(documented) else {
            return Ok(None);
        };
        // 32 hex digits are base64 too, for a scheme that decodes its secrets.
        let secret_text =
            format!("{:016x}{:016x}", context.env.random_u64(), context.env.random_u64());
        let secret = Secret::new(secret_text.clone())
            .map_err(|source| Error::Secret { origin: "the demo".to_owned(), source })?;
        Ok(Some(Self { pack, event, secret, secret_text }))
    }

    fn keyring(&self) -> Keyring {
        Keyring::for_any(vec![self.secret.clone()])
    }

    /// Returns a judge of the deliveries of this sender.
    fn judge(&self, context: &Context<'_>) -> Judge {
        Judge::new(context.packs.clone(), self.keyring(), None, Strictness::default())
    }
}

/// Checks a receiver with the most common bug, and verifies a request that it refused. Returns
/// `true` if both commands name the bug.
fn find_bug(context: &mut Context<'_>, sender: &Sender) -> Result<bool, Error> {
    let fault = Fault::find(FAULT);
    let about = fault.map(|fault| fault.about).unwrap_or_default();
    let app = PracticeApp::start(context, sender.judge(context), fault)?;
    let address = app.address();
    write_command(context, &format!("practice {address} --fault {FAULT}"))?;
    context.printer.text(|out, look| {
        write_note(out, look, &format!("A receiver with the most common bug: it {about}."))
    })?;
    let typed = format!("check {address}/hooks");
    write_command(context, &typed)?;
    let words = [format!("{address}/hooks")];
    let run = CommandRun::of(context, &sender.secret_text, &words, &[], Check::run)?;
    context.printer.raw_json(&run.output)?;
    let (code, message) = cause(&run);
    let failed = run.objects.iter().find(|object| object["outcome"] == "fail");
    let refused = failed.and_then(|case| case["curl"].as_str()).unwrap_or_default().to_owned();
    let counts = |name: &str| run.last()[name].as_u64().unwrap_or(0);
    let (failures, not_run) = (counts("failed"), counts("not_run"));
    context.printer.text(|out, look| {
        let text =
            format!("{failures} genuine requests refused, {not_run} cases not run: one cause.");
        write_bad(out, look, &text)?;
        write_text(out, look, &message)
    })?;
    // What the receiver computed for this request, as its own log would show it.
    let message =
        requests::read(refused.as_bytes()).ok().and_then(|found| found.into_iter().next());
    let computed = message
        .and_then(Result::ok)
        .and_then(|found| {
            app.computed_signature(&sender.secret, &found.capture.message, context.env.now())
        })
        .unwrap_or_default();
    app.stop();
    let named = verify_own_digest(context, sender, &computed, &refused)?;
    Ok(run.exit == Exit::Failure && !code.is_empty() && named == code)
}

/// Verifies a request with the digest that the receiver computed. Returns the code of the mistake
/// that `verify` names, if the request is genuine.
fn verify_own_digest(
    context: &mut Context<'_>,
    sender: &Sender,
    digest: &str,
    request: &str,
) -> Result<String, Error> {
    let shown: String = digest.chars().take(SHOWN_DIGEST).collect();
    write_command(context, &format!("verify refused-request --mine {shown}…"))?;
    let words = ["-".to_owned(), "--mine".to_owned(), digest.to_owned()];
    let stdin = request.as_bytes();
    let run = CommandRun::of(context, &sender.secret_text, &words, stdin, Verify::run)?;
    context.printer.raw_json(&run.output)?;
    let verdict = run.last();
    let mine = |name: &str| verdict["mine"][name].as_str().unwrap_or_default().to_owned();
    let status = verdict["signature"]["status"].as_str().unwrap_or_default();
    context.printer.text(|out, look| {
        let theme = look.theme;
        let status = if status == "valid" { theme.good(status) } else { theme.bad(status) };
        writeln!(out, "  signature {status}, but your code computed {shown}… instead:")?;
        write_text(out, look, &mine("message"))?;
        write_hint(out, look, &format!("Fix: {}", mine("fix")))
    })?;
    Ok(if status == "valid" { mine("code") } else { String::new() })
}

/// Checks a receiver without a bug. Returns `true` if it passes.
fn check_fixed(context: &mut Context<'_>, sender: &Sender) -> Result<bool, Error> {
    let app = PracticeApp::start(context, sender.judge(context), None)?;
    let address = app.address();
    let words = [format!("{address}/hooks"), "--probe-url".into(), format!("{address}/count")];
    write_command(context, &format!("check {}", words.join(" ")))?;
    let run = CommandRun::of(context, &sender.secret_text, &words, &[], Check::run)?;
    context.printer.raw_json(&run.output)?;
    app.stop();
    let summary = run.last();
    let is_passed = run.exit == Exit::Success;
    context.printer.text(|out, look| {
        let count = |name: &str| summary[name].as_u64().unwrap_or(0);
        let counts = format!("{} passed, {} failed", count("passed"), count("failed"));
        let theme = look.theme;
        let counts = if is_passed { theme.good(&counts) } else { theme.bad(&counts) };
        writeln!(out, "  The fixed receiver: {counts}")
    })?;
    Ok(is_passed)
}

/// Runs the retry schedule of the provider against an endpoint that is down twice. Returns `true` if
/// it delivers.
fn run_retries(context: &mut Context<'_>, sender: &Sender) -> Result<bool, Error> {
    let script = RETRY_SCRIPT.parse().map_err(|error: ParseValueError| Error::Option {
        message: error.to_string(),
        hint: String::new(),
    })?;
    let endpoint = EmbeddedListener::start(EmbeddedParts {
        judge: sender.judge(context),
        env: context.env,
        kept_parts: KeptParts::for_printer(context.printer),
        forward: None,
        respond: Some(script),
    })?;
    let port = endpoint.url().url().port_or_known_default().unwrap_or(0);
    write_command(context, &format!("simulate {} :{port}", sender.event.name))?;
    context.printer.text(|out, look| {
        let name = &sender.pack.provider.name;
        let text =
            format!("The endpoint is down at first. {name} tries again; the waits are skipped.");
        write_note(out, look, &text)
    })?;
    let secret = Some(&sender.secret);
    let prepared = PayloadArgs::default().prepare_with(
        context,
        &sender.pack,
        &sender.event,
        endpoint.url(),
        secret,
    )?;
    let options = ConnectOptions { timeout: Some(TIMEOUT), ..ConnectOptions::default() };
    let outcome = run_schedule(context, prepared, endpoint.url(), options)?;
    endpoint.stop()?;
    Ok(outcome == Some(Outcome::Delivered))
}

/// Returns the code and the message of the only cause that a check found.
fn cause(run: &CommandRun) -> (String, String) {
    let causes = run.last()["causes"].as_array().map(Vec::as_slice).unwrap_or_default();
    let [cause] = causes else { return Default::default() };
    let part = |name: &str| cause[name].as_str().unwrap_or_default().to_owned();
    (part("code"), part("message"))
}

/// Prints a command line as it would be typed.
fn write_command(context: &mut Context<'_>, typed: &str) -> Result<(), Error> {
    let line = format!("$ leadhook {typed}");
    Ok(context.printer.text(|out, look| writeln!(out, "\n{}", look.theme.strong(&line)))?)
}

/// Prints an indented text in a style.
fn write_styled(
    out: &mut dyn Write,
    look: Look,
    text: &str,
    style: impl Fn(&str) -> String,
) -> io::Result<()> {
    let lines = wrap(&sanitize::message(text), look.text_columns() - 2);
    lines.iter().try_for_each(|line| writeln!(out, "  {}", style(line)))
}

fn write_note(out: &mut dyn Write, look: Look, text: &str) -> io::Result<()> {
    write_styled(out, look, text, |line| look.theme.dim(line))
}

fn write_text(out: &mut dyn Write, look: Look, text: &str) -> io::Result<()> {
    write_styled(out, look, text, str::to_owned)
}

fn write_bad(out: &mut dyn Write, look: Look, text: &str) -> io::Result<()> {
    write_styled(out, look, text, |line| look.theme.bad(line))
}

fn write_hint(out: &mut dyn Write, look: Look, text: &str) -> io::Result<()> {
    write_styled(out, look, text, |line| look.theme.hint(line))
}
