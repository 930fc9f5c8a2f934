//! `leadhook demo`: shows sending, verification and retries with real requests on loopback.

use crate::commands::context::Context;
use crate::commands::delivery::{DeliveryReport, no_response_error, write_outgoing};
use crate::commands::listen::{EmbeddedListener, EmbeddedParts, KeptParts};
use crate::commands::payload::{PayloadArgs, PreparedDelivery};
use crate::commands::simulate::run_schedule;
use crate::domain::delivery::Outcome;
use crate::domain::event_ref::EventRef;
use crate::domain::parse_error::ParseValueError;
use crate::domain::retry::PlannedAttempt;
use crate::domain::secret::{Keyring, Secret};
use crate::domain::status::ResponseScript;
use crate::domain::target::Target;
use crate::engine::judge::{Judge, Strictness};
use crate::engine::receiver::PracticeReceiver;
use crate::error::{Error, Exit};
use crate::io::client::{Client, ConnectOptions};
use crate::io::practice::{PracticeReply, PracticeServer};
use crate::providers::pack::Pack;
use crate::providers::provider::ShapeConfidence;
use clap::Args;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// The deadline of an exchange over loopback.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The responses of the endpoint of the retry schedule: down twice, then up.
const RETRY_SCRIPT: &str = "503x2,200";

/// Show sending, verification and retries, on free ports of this machine
///
/// A practice receiver acts as the application, with a listener in front of it. One event of each
/// provider is sent, then a forged one, then a retry schedule is run. Exit status 0 if everything
/// went as expected.
#[derive(Args, Debug)]
pub struct Demo {}

impl Demo {
    #[expect(clippy::unused_self, reason = "every command is run the same way")]
    pub(super) fn run(self, context: &mut Context<'_>) -> Result<Exit, Error> {
        let keyring = generated_secrets(context)?;
        let app = PracticeApp::start(context, keyring.clone())?;
        let listener = start_listener(context, keyring.clone(), Some(&app.target), None)?;
        let (app_url, listener_url) = (app.target.to_string(), listener.url().to_string());
        context.printer.text(|out, look| {
            writeln!(out, "your app       {app_url}  (a practice receiver)")?;
            writeln!(out, "the listener   {listener_url}  (leadhook listen --forward)")?;
            writeln!(
                out,
                "{}\n",
                look.theme.dim("Secrets and leads are generated; nothing leaves this machine.")
            )
        })?;
        let mut is_as_expected = true;
        let events = first_events(context);
        for event in &events {
            is_as_expected &=
                deliver(context, event, None, &keyring, &listener)? == Outcome::Delivered;
        }
        if let Some(event) = events.first() {
            let forged = deliver(context, event, Some("wrong-secret"), &keyring, &listener)?;
            is_as_expected &= forged == Outcome::Refused;
        }
        let accepted = app.stop();
        listener.stop()?;
        is_as_expected &= accepted == events.len() as u64;
        if let Some(event) = events.first() {
            is_as_expected &= run_retries(context, event, &keyring)? == Outcome::Delivered;
        }
        context.printer.text(|out, look| {
            let theme = look.theme;
            writeln!(out, "\nThe app accepted {accepted} deliveries and no forgery.\n")?;
            writeln!(out, "{}", theme.strong("Now try it yourself:"))?;
            writeln!(out, "  leadhook listen :9090 --secret s3cret")?;
            writeln!(out, "  leadhook send created :9090 --secret s3cret")?;
            writeln!(out, "  leadhook --help")
        })?;
        Ok(if is_as_expected { Exit::Success } else { Exit::Failure })
    }
}

/// Returns the first event with a documented payload of each provider.
fn first_events(context: &Context<'_>) -> Vec<EventRef> {
    let documented = |pack: &Arc<Pack>| {
        let event =
            pack.provider.events.iter().find(|event| event.shape == ShapeConfidence::Documented)?;
        Some(EventRef { provider: Some(pack.provider.id.clone()), name: event.name.clone() })
    };
    context.packs.iter().filter_map(documented).collect()
}

/// Returns a random secret for every provider.
fn generated_secrets(context: &Context<'_>) -> Result<Keyring, Error> {
    let mut keyring = Keyring::default();
    for pack in context.packs.iter() {
        // 32 hex digits are base64 too, for a scheme that decodes its secrets.
        let text = format!("{:016x}{:016x}", context.env.random_u64(), context.env.random_u64());
        let secret = Secret::new(text)
            .map_err(|source| Error::Secret { origin: "the demo".to_owned(), source })?;
        keyring.insert(&pack.provider.id, secret);
    }
    Ok(keyring)
}

/// Sends one event to the listener, and shows both sides.
fn deliver(
    context: &mut Context<'_>,
    event: &EventRef,
    tamper: Option<&str>,
    keyring: &Keyring,
    listener: &EmbeddedListener,
) -> Result<Outcome, Error> {
    let command = match tamper {
        Some(kind) => format!("$ leadhook send {event} --tamper {kind}"),
        None => format!("$ leadhook send {event}"),
    };
    context.printer.text(|out, look| writeln!(out, "{}", look.theme.strong(&command)))?;
    let prepared = prepare(context, event, tamper, keyring, listener.url())?;
    context.printer.text(|out, look| write_outgoing(out, look, &prepared, listener.url()))?;
    let client = Client::new(listener.url(), &connect_options(), &prepared.message)?;
    let result = client.send(&prepared.message);
    let delivery = DeliveryReport::new(
        &prepared,
        listener.url(),
        PlannedAttempt::FIRST,
        prepared.now,
        &result,
    );
    let outcome = delivery.outcome;
    context.printer.report(&delivery)?;
    if let Err(failure) = result {
        return Err(no_response_error(listener.url(), &failure));
    }
    context
        .printer
        .text(|out, look| writeln!(out, "{}", look.theme.dim("the listener received")))?;
    listener.print_events(context.printer)?;
    context.printer.text(|out, _| writeln!(out))?;
    Ok(outcome)
}

/// Runs the retry schedule of the provider of `event` against an endpoint that is down twice.
fn run_retries(
    context: &mut Context<'_>,
    event: &EventRef,
    keyring: &Keyring,
) -> Result<Outcome, Error> {
    let script = RETRY_SCRIPT.parse().map_err(|error: ParseValueError| Error::Option {
        message: error.to_string(),
        hint: String::new(),
    })?;
    let endpoint = start_listener(context, keyring.clone(), None, Some(script))?;
    context.printer.text(|out, look| {
        let command = format!("$ leadhook simulate {event} :PORT");
        let comment = "   (an endpoint that is down twice)";
        writeln!(out, "{}{}", look.theme.strong(&command), look.theme.dim(comment))
    })?;
    let prepared = prepare(context, event, None, keyring, endpoint.url())?;
    let outcome = run_schedule(context, prepared, endpoint.url(), connect_options())?;
    endpoint.stop()?;
    Ok(outcome.unwrap_or(Outcome::Unreachable))
}

/// Starts a listener that forwards to `forward`, or else responds as in the script `respond`.
fn start_listener(
    context: &Context<'_>,
    keyring: Keyring,
    forward: Option<&Target>,
    respond: Option<ResponseScript>,
) -> Result<EmbeddedListener, Error> {
    let judge = Judge::new(context.packs.clone(), keyring, None, Strictness::default());
    let shown = KeptParts::for_printer(context.printer);
    EmbeddedListener::start(EmbeddedParts {
        judge,
        env: context.env,
        kept_parts: shown,
        forward,
        respond,
    })
}

/// Creates the delivery of an event, with the secret of its provider and one defect, if named.
fn prepare(
    context: &mut Context<'_>,
    event: &EventRef,
    tamper: Option<&str>,
    keyring: &Keyring,
    target: &Target,
) -> Result<PreparedDelivery, Error> {
    let packs = context.packs.clone();
    let (pack, event) = packs.find_event(event, None)?;
    let secret = keyring.secrets_for(&pack.provider.id).first();
    PayloadArgs::with_tamper(tamper).prepare_with(context, pack, event, target, secret)
}

fn connect_options() -> ConnectOptions {
    ConnectOptions { timeout: Some(TIMEOUT), ..ConnectOptions::default() }
}

/// The practice receiver that plays the user's application, on a separate thread.
struct PracticeApp {
    target: Target,
    stop: Arc<AtomicBool>,
    thread: JoinHandle<u64>,
}

impl PracticeApp {
    fn start(context: &Context<'_>, keyring: Keyring) -> Result<Self, Error> {
        let judge = Judge::new(context.packs.clone(), keyring, None, Strictness::default());
        let mut receiver = PracticeReceiver::new(judge, None);
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let server = PracticeServer::bind(address)?;
        let target = Target::parse(&format!("http://{}/hooks", server.local_addr()))?;
        let stop = Arc::new(AtomicBool::new(false));
        let (flag, env) = (Arc::clone(&stop), context.env.clone());
        let thread = std::thread::spawn(move || {
            // If the socket fails, the app ends early, and the deliveries report the failure.
            let is_stopped = || flag.load(Ordering::Relaxed);
            let _ = server.serve(is_stopped, |message| {
                PracticeReply::at_once(receiver.handle(message, env.now()).response)
            });
            receiver.count()
        });
        Ok(Self { target, stop, thread })
    }

    /// Stops the receiver and returns the number of deliveries that it accepted.
    fn stop(self) -> u64 {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().unwrap_or_default()
    }
}
