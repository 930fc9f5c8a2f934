//! `leadhook send`: sends one synthetic event to an endpoint, or a handshake.

mod handshake;

use crate::commands::connection::ConnectionArgs;
use crate::commands::context::Context;
use crate::commands::delivery::{DeliveryReport, no_response_error, write_outgoing};
use crate::commands::handshake_args::HandshakeArgs;
use crate::commands::payload::{PayloadArgs, PreparedDelivery};
use crate::commands::print_form::PrintForm;
use crate::domain::delivery::Outcome;
use crate::domain::event_ref::EventRef;
use crate::domain::parse_error::ParseValueError;
use crate::domain::retry::PlannedAttempt;
use crate::domain::status::StatusPattern;
use crate::domain::target::Target;
use crate::engine::conformance;
use crate::engine::status_causes::RequestFacts;
use crate::engine::status_hints::{status_hint, suspects_signature};
use crate::error::{Error, Exit};
use crate::io::client::Client;
use crate::output::sanitize;
use clap::Args;

/// Send a synthetic event, signed as the provider does
///
/// Builds the payload from the provider's sample, signs it, delivers it, and reports how the
/// provider would react to the response. Redirects are not followed: a webhook sender does not
/// follow them.
///
/// Exit status 0 if the provider would count it as delivered, 1 if not, 4 without a response.
#[derive(Args, Debug)]
pub struct Send {
    /// Event, such as `created` or `leadpro:lead.created`; `leadhook events` lists them
    #[arg(value_name = "EVENT", required_unless_present = "handshake", value_parser = first_argument)]
    event: Option<FirstArgument>,

    /// Target: `:3000`, `:3000/hooks`, `localhost:3000/hooks` or a URL [default: `:9090`]
    #[arg(value_name = "URL")]
    target: Option<String>,

    /// Send the GET with which the provider confirms a URL, instead of an event
    ///
    /// The only argument is the URL. The request has a new challenge and the token of
    /// `--handshake-token`. Exit status 0 if the response is exactly the challenge, 1 if not.
    #[arg(long = "handshake", id = "handshake", conflicts_with_all = ["expect", "data", "variant", "tamper", "unsigned", "message_id", "headers"])]
    is_handshake: bool,

    #[command(flatten)]
    handshake: HandshakeArgs,

    /// Statuses that count as success, such as `200` or `2xx,406` [default: the provider's]
    #[arg(long, value_name = "STATUS", value_delimiter = ',')]
    expect: Vec<StatusPattern>,

    /// Show the request without sending it
    #[arg(long)]
    dry_run: bool,

    /// Show the request in this form
    #[arg(long, value_name = "FORM", value_enum)]
    print: Option<PrintForm>,

    #[command(flatten)]
    payload: PayloadArgs,

    #[command(flatten)]
    connection: ConnectionArgs,
}

/// The first argument: an event, or the URL of a handshake.
#[derive(Clone, Debug)]
struct FirstArgument {
    text: String,
    /// The event; `None` if it can only be a URL, such as `:3000`.
    event: Option<EventRef>,
}

/// Parses the first argument. A URL such as `:3000` is no event.
fn first_argument(text: &str) -> Result<FirstArgument, ParseValueError> {
    let event = text.parse();
    let event = if Target::looks_like_target(text) { event.ok() } else { Some(event?) };
    Ok(FirstArgument { text: text.to_owned(), event })
}

impl Send {
    /// Returns the event, if the first argument is one.
    pub(crate) fn event(&self) -> Option<&EventRef> {
        self.event.as_ref().filter(|_| !self.is_handshake)?.event.as_ref()
    }

    pub(super) fn run(self, context: &mut Context<'_>) -> Result<Exit, Error> {
        if self.is_handshake {
            return self.run_handshake(context);
        }
        let Some(named) = self.event() else {
            let text = self.event.as_ref().map_or("", |first| first.text.as_str());
            return Err(Error::Option {
                message: ParseValueError::Event(text.to_owned()).to_string(),
                hint: "the event comes before the URL: `leadhook send EVENT URL`".to_owned(),
            });
        };
        let packs = context.packs.clone();
        let (pack, event) = packs.find_event(named, context.provider())?;
        let id = &pack.provider.id;
        let (target, origin) = context.target_or_configured(self.target.as_deref(), Some(id))?;
        context.check_target(&target, &origin, self.dry_run || self.connection.allow_remote)?;
        context.check_pack_target(pack, &target, self.dry_run)?;
        let options = self.connection.options(context.env, &target, Some(&pack.provider.retry))?;
        let prepared = self.payload.prepare(context, named, (pack, event), &target)?;
        // The sender of some events calls another URL.
        let target = target.at_path(&prepared.message.target);
        let print = self.print_form(context.printer.is_json())?;
        if let Some(form) = print {
            let masking = Some(prepared.masking());
            let request = form.render_request(&prepared.message, &target, prepared.now, masking)?;
            context.printer.exact(&request)?;
            form.secret_note(masking).iter().for_each(|note| context.printer.note(note));
        }
        if self.dry_run {
            return Ok(Exit::Success);
        }
        let client = Client::new(&target, &options, &prepared.message)?;
        self.connection.prepare(&prepared.shown_target(&target), &options, context.printer)?;
        context.printer.text(|out, look| write_outgoing(out, look, &prepared, &target))?;
        let result = client.send(&prepared.message);
        let mut delivery =
            DeliveryReport::new(&prepared, &target, PlannedAttempt::FIRST, prepared.now, &result);
        delivery.check_expectation(&self.expect);
        let check = self.check_command(context, &pack.provider.id, &target);
        if !self.payload.is_tampered() && !delivery.is_success() {
            delivery.hints = hints(&delivery, &prepared, &check);
        }
        context.printer.report(&delivery)?;
        if delivery.outcome == Outcome::Delivered && context.printer.suggests_next_step() {
            let cases = conformance::cases(pack).len();
            context.printer.text(|out, look| {
                let label = look.theme.hint("next:");
                writeln!(out, "{label} `{check}` runs {cases} cases against it")
            })?;
        }
        match result {
            Err(failure) => Err(no_response_error(&prepared.shown_target(&target), &failure)),
            Ok(_) => Ok(if delivery.is_success() { Exit::Success } else { Exit::Failure }),
        }
    }

    /// Returns the command that checks the endpoint, without the options for secrets.
    fn check_command(&self, context: &Context<'_>, id: &str, target: &Target) -> String {
        let target = self.target.clone().unwrap_or_else(|| target.to_string());
        let default = context.packs.iter().next().map(|pack| pack.provider.id.as_str());
        let selected = context.provider().or(default);
        let provider = if selected == Some(id) { String::new() } else { format!(" -p {id}") };
        sanitize::line(&format!("leadhook check {target}{provider}"))
    }

    /// Returns the form in which to print the request; `None` if it is not printed.
    fn print_form(&self, is_json: bool) -> Result<Option<PrintForm>, Error> {
        match self.print {
            Some(form) => form.check(is_json).map(|()| Some(form)),
            None if !self.dry_run => Ok(None),
            None => Ok(Some(if is_json { PrintForm::Json } else { PrintForm::Http })),
        }
    }
}

/// Returns the hints on the response to a genuine delivery: its probable cause, and for a signature
/// that was not accepted, the commands that find it.
fn hints(delivery: &DeliveryReport, prepared: &PreparedDelivery, check: &str) -> Vec<String> {
    let Some(status) = delivery.status.filter(|_| delivery.outcome != Outcome::Delivered) else {
        return Vec::new();
    };
    let facts = RequestFacts { provider: &prepared.pack.provider, path: &prepared.message.target };
    let mut hints = Vec::from_iter(status_hint(status, &facts, prepared.signed));
    if suspects_signature(status, &facts, prepared.signed) {
        hints.push(format!(
            "`{check}` tests what the app hashes; `leadhook verify FILE` explains a request that it \
             logged"
        ));
    }
    hints
}
