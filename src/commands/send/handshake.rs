//! `send --handshake`: sends the GET with which a provider confirms a URL, and judges the answer.

use super::Send;
use crate::commands::context::Context;
use crate::commands::delivery::{no_response_error, write_contents};
use crate::commands::handshake_args::handshake_variable;
use crate::commands::redirect::redirect_target;
use crate::domain::secret::Secret;
use crate::domain::time::{format_duration, milliseconds};
use crate::engine::handshake;
use crate::error::{Error, Exit};
use crate::io::client::{Client, Exchange, NoResponse, reason_phrase};
use crate::output::printer::{Look, Report};
use crate::output::sanitize;
use crate::output::wrap::{columns_beside, wrap};
use crate::protocols::schemes::masking;
use crate::providers::pack::Pack;
use serde::Serialize;
use std::io;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

/// The text that takes the place of the token where a request is shown.
const SHOWN_TOKEN: &[u8] = b"TOKEN";

/// The report on the answer to a handshake.
#[derive(Debug, Serialize)]
struct HandshakeReport {
    provider: String,
    url: String,
    status: Option<u16>,
    /// `true` if the response is exactly the challenge.
    confirmed: bool,
    /// The reason why the URL is not confirmed.
    problem: Option<String>,
    duration_ms: u64,
    error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<String>,
    #[serde(skip)]
    provider_name: String,
    #[serde(skip)]
    duration: Duration,
}

impl Send {
    /// Sends the handshake of a provider, or shows it.
    pub(super) fn run_handshake(&self, context: &mut Context<'_>) -> Result<Exit, Error> {
        let pack = handshake_pack(context)?;
        let Some(facts) = &pack.provider.handshake else {
            return Err(no_handshake(&pack.provider.id));
        };
        let id = &pack.provider.id;
        let (target, origin) = context.target_or_configured(self.handshake_url()?, Some(id))?;
        context.check_target(&target, &origin, self.dry_run || self.connection.allow_remote)?;
        let options = self.connection.options(context.env, &target, Some(&pack.provider.retry))?;
        let token = self.handshake.token(context, id)?.ok_or_else(|| Error::Option {
            message: format!("the handshake of `{id}` needs a token, and none is configured"),
            hint: format!("use `--handshake-token TEXT`, or set `{}`", handshake_variable(id)),
        })?;
        let seed = self.payload.seed().unwrap_or_else(|| context.env.random_u64());
        let challenge = handshake::challenge(seed);
        let path = target.path_and_query();
        let request =
            |token: &Secret| handshake::request(&pack, facts, &path, &challenge, Some(token));
        let shown = request(&Secret::derived(SHOWN_TOKEN.to_vec()));
        if let Some(form) = self.print_form(context.printer.is_json())? {
            let address = target.with_path(&shown.target);
            let now = context.now(self.payload.now());
            context.printer.exact(&form.render_request(&shown, &address, now, None)?)?;
            context.printer.note("the token is shown as `TOKEN`");
        }
        if self.dry_run {
            return Ok(Exit::Success);
        }
        let message = request(&token);
        let client = Client::new(&target.with_path(&message.target), &options, &message)?;
        self.connection.prepare(&target, &options, context.printer)?;
        context.printer.text(|out, look| {
            writeln!(out, "--> {}", look.theme.strong(&format!("{id} handshake")))?;
            writeln!(out, "    GET {target}  challenge {challenge}")?;
            write_contents(out, look, &shown)
        })?;
        let result = client.send(&message);
        let report = HandshakeReport::new(&pack, target.to_string(), (&challenge, &token), &result);
        context.printer.report(&report)?;
        match result {
            Err(failure) => Err(no_response_error(&target, &failure)),
            Ok(_) => Ok(if report.confirmed { Exit::Success } else { Exit::Failure }),
        }
    }

    /// Returns the URL of the command line. Without an event it is the first argument.
    fn handshake_url(&self) -> Result<Option<&str>, Error> {
        match (&self.event, &self.target) {
            (Some(_), Some(_)) => Err(Error::Option {
                message: "`--handshake` sends no event: expected only a URL".to_owned(),
                hint: "for example `leadhook send --handshake :3000/hooks`".to_owned(),
            }),
            (first, _) => Ok(first.as_ref().map(|first| first.text.as_str())),
        }
    }
}

/// Returns the pack whose handshake is sent: the named one, or else the only one that has one.
fn handshake_pack(context: &Context<'_>) -> Result<Arc<Pack>, Error> {
    if let Some(id) = context.provider() {
        return Ok(Arc::clone(context.packs.find(id)?));
    }
    let packs = context.packs.iter().filter(|pack| pack.provider.handshake.is_some());
    let packs: Vec<_> = packs.collect();
    match packs.as_slice() {
        [only] => Ok(Arc::clone(only)),
        [] => Err(Error::Option {
            message: "no provider confirms a URL with a handshake".to_owned(),
            hint: "a pack with `[handshake]` does: `--pack DIR`".to_owned(),
        }),
        several => {
            let ids: Vec<_> =
                several.iter().map(|pack| format!("`{}`", pack.provider.id)).collect();
            Err(Error::Option {
                message: format!("several providers have a handshake: {}", ids.join(", ")),
                hint: "name one with `-p`".to_owned(),
            })
        }
    }
}

fn no_handshake(id: &str) -> Error {
    Error::Option {
        message: format!("`{id}` confirms no URL with a handshake"),
        hint: format!("`leadhook docs {id}` describes its requests"),
    }
}

impl HandshakeReport {
    fn new(
        pack: &Pack,
        url: String,
        (challenge, token): (&str, &Secret),
        result: &Result<Exchange, NoResponse>,
    ) -> Self {
        let response = result.as_ref().ok().map(|exchange| &exchange.response);
        let problem = response.and_then(|response| handshake::problem(response, challenge));
        let duration = match result {
            Ok(exchange) => exchange.took,
            Err(failure) => failure.took,
        };
        Self {
            provider: pack.provider.id.clone(),
            url,
            status: response.map(|response| response.status),
            confirmed: response.is_some() && problem.is_none(),
            problem,
            duration_ms: milliseconds(duration),
            error: result.as_ref().err().map(|failure| failure.reason.clone()),
            location: response.and_then(|response| {
                redirect_target(response, |text| {
                    masking::without(std::slice::from_ref(token), text)
                })
            }),
            provider_name: pack.provider.name.clone(),
            duration,
        }
    }
}

impl Report for HandshakeReport {
    const KIND: &'static str = "confirmation";

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        // Without a response, the error has the reason.
        let Some(status) = self.status else { return Ok(()) };
        let theme = look.theme;
        let text = format!("{status} {}", reason_phrase(status));
        let text = if self.confirmed { theme.good(text.trim()) } else { theme.bad(text.trim()) };
        writeln!(out, "<-- {text}  in {}", format_duration(self.duration))?;
        if let Some(location) = &self.location {
            writeln!(out, "    Location: {}", sanitize::line(location))?;
        }
        let name = sanitize::line(&self.provider_name);
        let sentence = match &self.problem {
            None => format!("{name} confirms the URL: the response is exactly the challenge"),
            Some(problem) => format!("{name} does not confirm the URL: {problem}"),
        };
        for line in wrap(&sentence, columns_beside(look.text_columns(), 4)) {
            writeln!(out, "    {line}")?;
        }
        Ok(())
    }
}
