//! `leadhook send`: one synthetic event to an endpoint.

use crate::commands::Context;
use crate::commands::connection::ConnectionArgs;
use crate::commands::payload::PayloadArgs;
use crate::commands::payload::Prepared;
use crate::commands::print_form::PrintForm;
use crate::domain::delivery::Answer;
use crate::domain::delivery::Outcome;
use crate::domain::delivery::Would;
use crate::domain::event::EventRef;
use crate::domain::provider::Provider;
use crate::domain::retry::Planned;
use crate::domain::status::StatusPattern;
use crate::domain::target::Target;
use crate::domain::time::took;
use crate::error::Error;
use crate::error::Exit;
use crate::io::client::Client;
use crate::io::client::Exchange;
use crate::io::client::NoAnswer;
use crate::io::client::reason;
use crate::output::body;
use crate::output::printer::Look;
use crate::output::printer::Report;
use crate::output::sanitize;
use clap::Args;
use jiff::Timestamp;
use serde::Serialize;
use std::io;
use std::io::Write;
use std::time::Duration;

/// Send a synthetic event, signed as the provider does
///
/// Builds the payload from the provider's sample, signs it, delivers it, and says what the
/// provider would do with the answer. Exit status 0 when it would count as delivered, 1 when not,
/// 4 when no answer came. Redirects are not followed: a webhook sender does not follow them.
#[derive(Args, Debug)]
pub struct Send {
    /// Event, such as `created` or `leadpro:lead.created`; `leadhook events` lists them
    #[arg(value_name = "EVENT")]
    pub(crate) event: EventRef,

    /// Where to: `:3000`, `:3000/hooks`, `/hooks`, `localhost:3000/hooks` or a URL [default: `:9090`]
    #[arg(value_name = "URL")]
    target: Option<String>,

    /// Statuses to take for success in place of the provider's, such as `200` or `2xx,406`
    #[arg(long, value_name = "STATUS", value_delimiter = ',')]
    expect: Vec<StatusPattern>,

    /// Send nothing; show the request
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

impl Send {
    pub(super) fn run(self, context: &mut Context<'_>) -> Result<Exit, Error> {
        let (pack, _) = context.packs.of_event(&self.event, context.provider())?;
        let target = context.target(self.target.as_deref(), &pack.provider.id)?;
        let options = self.connection.options(&target)?;
        let prepared = self.payload.prepare(context, &self.event, &target)?;
        let print = self.print_form(context.printer.is_json())?;
        if let Some(form) = print {
            context.printer.raw(&form.request(&prepared.message, &target, prepared.now)?)?;
        }
        if self.dry_run {
            return Ok(Exit::Yes);
        }
        let client = Client::new(&target, &options, &prepared.message)?;
        self.connection.prepare(&target, &options, context.printer)?;
        context.printer.text(|out, look| outgoing(out, look, &prepared, &target))?;
        let result = client.send(&prepared.message);
        let mut delivery = Delivery::new(&prepared, &target, Planned::FIRST, prepared.now, &result);
        delivery.expected = (!self.expect.is_empty()).then(|| {
            delivery
                .status
                .is_some_and(|status| self.expect.iter().any(|pattern| pattern.matches(status)))
        });
        context.printer.report(&delivery)?;
        match result {
            Err(failure) => Err(no_answer(&target, &failure)),
            Ok(_) if delivery.expected.unwrap_or(delivery.outcome == Outcome::Delivered) => {
                Ok(Exit::Yes)
            }
            Ok(_) => Ok(Exit::No),
        }
    }

    /// The form in which the request is shown, if it is.
    fn print_form(&self, is_json: bool) -> Result<Option<PrintForm>, Error> {
        match self.print {
            Some(form) => form.check(is_json).map(|()| Some(form)),
            None if !self.dry_run => Ok(None),
            None => Ok(Some(if is_json { PrintForm::Json } else { PrintForm::Http })),
        }
    }
}

/// The error for an endpoint that did not answer.
pub(super) fn no_answer(target: &Target, failure: &NoAnswer) -> Error {
    Error::Transport {
        url: target.to_string(),
        reason: failure.reason.clone(),
        hint: failure.hint().map(str::to_owned),
    }
}

/// What goes out, for people, before the answer is there.
pub(super) fn outgoing(
    out: &mut dyn Write,
    look: Look,
    prepared: &Prepared,
    target: &Target,
) -> io::Result<()> {
    let Look { theme, verbose } = look;
    let what = format!("{} {}", prepared.provider.id, prepared.event);
    let id =
        prepared.message_id.as_deref().map(|id| format!("  {}", theme.dim(&sanitize::line(id))));
    writeln!(out, "--> {}{}", theme.strong(&what), id.unwrap_or_default())?;
    let signed = if prepared.signed { "signed" } else { "not signed" };
    writeln!(out, "    POST {target}  {} bytes, {signed}", prepared.message.body.len())?;
    if verbose > 0 {
        for (name, value) in prepared.message.headers.iter() {
            writeln!(out, "    {}: {}", theme.dim(name), sanitize::bytes(value))?;
        }
    }
    if verbose > 1 {
        for line in body::pretty(theme, &prepared.message.body) {
            writeln!(out, "    {line}")?;
        }
    }
    Ok(())
}

/// What became of one attempt.
#[derive(Debug, Serialize)]
pub struct Delivery {
    provider: String,
    event: String,
    message_id: Option<String>,
    url: String,
    /// Counted from 1.
    pub attempt: usize,
    at: String,
    /// The answer's status, if there was an answer.
    pub status: Option<u16>,
    /// What it means to the provider.
    pub outcome: Outcome,
    /// What the provider does next.
    pub would: Would,
    duration_ms: u64,
    error: Option<String>,
    /// Whether `--expect` held, where it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<bool>,
    #[serde(skip)]
    provider_name: String,
    #[serde(skip)]
    note: Option<String>,
    #[serde(skip)]
    body: Vec<u8>,
    /// The answer went on after what was kept of it.
    #[serde(skip)]
    truncated: bool,
    #[serde(skip)]
    took: Duration,
}

impl Delivery {
    /// Draws the outcome from the answer, after the provider's ladder.
    pub(super) fn new(
        prepared: &Prepared,
        target: &Target,
        planned: Planned,
        at: Timestamp,
        result: &Result<Exchange, NoAnswer>,
    ) -> Self {
        let Provider { id, name, retry, .. } = &prepared.provider;
        let (answer, took, body, error) = match result {
            Ok(exchange) => {
                let response = &exchange.response;
                (Answer::Status(response.status), exchange.took, response.body.clone(), None)
            }
            Err(failure) => {
                (failure.answer(), failure.took, Vec::new(), Some(failure.reason.clone()))
            }
        };
        let truncated = result.as_ref().is_ok_and(|exchange| exchange.response.truncated);
        let outcome = retry.outcome(&answer);
        Self {
            provider: id.clone(),
            event: prepared.event.clone(),
            message_id: prepared.message_id.clone(),
            url: target.to_string(),
            attempt: planned.attempt,
            at: at.to_string(),
            status: answer.status(),
            outcome,
            would: retry.would(planned.attempt, outcome),
            duration_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            error,
            expected: None,
            provider_name: name.clone(),
            note: retry.note.clone().filter(|_| !retry.documented),
            body,
            truncated,
            took,
        }
    }

    /// What the provider does next, in words.
    fn consequence(&self) -> String {
        let name = &self.provider_name;
        match (self.outcome, self.would) {
            (Outcome::Delivered, _) => "delivered".to_owned(),
            (_, Would::Retry { wait, left }) => {
                let times =
                    if left == 1 { "1 more time".to_owned() } else { format!("{left} more times") };
                format!("not delivered: {name} would try again in {wait}, {times}")
            }
            (Outcome::Stopped, _) => format!("not delivered: {name} would never send it again"),
            (_, Would::None | Would::GiveUp) => match &self.note {
                Some(note) => format!("not delivered: {note}"),
                None => format!("not delivered: {name} would give up, the lead is lost"),
            },
        }
    }
}

impl Report for Delivery {
    const KIND: &'static str = "delivery";

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let Look { theme, verbose } = look;
        if let Some(status) = self.status {
            let line = format!("{status} {}", reason(status));
            let line = if self.outcome == Outcome::Delivered {
                theme.good(line.trim())
            } else {
                theme.bad(line.trim())
            };
            writeln!(out, "<-- {line} in {}", took(self.took))?;
            if self.outcome != Outcome::Delivered || verbose > 0 {
                for line in body::plain(&self.body) {
                    writeln!(out, "    {line}")?;
                }
                if self.truncated {
                    writeln!(out, "    … and more, or it broke off")?;
                }
            }
        }
        let consequence = self.consequence();
        let consequence = match (self.outcome, self.would) {
            (Outcome::Delivered, _) => theme.good(&consequence),
            (_, Would::Retry { .. }) => theme.warn(&consequence),
            (_, Would::None | Would::GiveUp) => theme.bad(&consequence),
        };
        writeln!(out, "{consequence}")?;
        match self.expected {
            Some(true) => writeln!(out, "as expected"),
            Some(false) => writeln!(out, "{}", theme.bad("not as expected")),
            None => Ok(()),
        }
    }
}
