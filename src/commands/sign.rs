//! `leadhook sign`: prints the headers that a provider would send with a body.

use crate::commands::context::{Context, check_signs};
use crate::commands::payload::check_message_id;
use crate::commands::print_form::PrintForm;
use crate::commands::secrets::UnsignedOption;
use crate::commands::value_parsers::{message_id_argument, now_argument};
use crate::domain::event_ref::EventRef;
use crate::domain::message::{Headers, Message};
use crate::engine::compose::{RequestDraft, compose};
use crate::engine::seeded_rng::SeededRng;
use crate::engine::{generate, recognise};
use crate::error::{Error, Exit};
use crate::io::input;
use crate::output::printer::{Look, Report};
use crate::output::sanitize;
use crate::protocols::json;
use crate::providers::pack::Pack;
use bytes::Bytes;
use clap::Args;
use jiff::Timestamp;
use serde::{Serialize, Serializer};
use std::io;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

/// Print the headers the provider would send with a body
///
/// The body is signed byte for byte and may have up to 64 MiB. The output can be piped to
/// `curl -H @-`.
#[derive(Args, Debug)]
pub struct Sign {
    /// File that contains the body, `-` for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Event for the event header, if the provider has one
    #[arg(long, value_name = "NAME")]
    pub(crate) event: Option<EventRef>,

    /// Message id for the id header, if the provider has one
    #[arg(long, value_name = "ID", value_parser = message_id_argument)]
    message_id: Option<String>,

    /// Time of sending: RFC 3339, or `@` and Unix seconds
    #[arg(long, value_name = "TIME", value_parser = now_argument)]
    now: Option<Timestamp>,

    /// Show the whole request in this form, as `send` would send it
    #[arg(long, value_name = "FORM", value_enum)]
    print: Option<PrintForm>,
}

/// The report with the headers, in wire order.
#[derive(Debug, Serialize)]
struct SignedHeaders {
    provider: String,
    #[serde(serialize_with = "pairs")]
    headers: Headers,
}

/// Serializes headers as pairs, because a name can occur more than once.
fn pairs<S: Serializer>(headers: &Headers, serializer: S) -> Result<S::Ok, S::Error> {
    serializer
        .collect_seq(headers.iter().map(|(name, value)| (name, String::from_utf8_lossy(value))))
}

impl Sign {
    pub(super) fn run(self, context: &mut Context<'_>) -> Result<Exit, Error> {
        context.check_stdin([&self.file])?;
        let body = input::read(context.env.stdin(), "body", &self.file, input::MAX_BODY)?;
        let body = Bytes::from(body);
        let pack = self.pack(context, &body)?;
        check_signs(&pack.provider, "sign")?;
        let secret = context.signing_secret(
            &pack.provider,
            self.event.as_ref(),
            UnsignedOption::Unavailable,
        )?;
        check_message_id(&pack.provider, self.message_id.as_deref())?;
        let now = context.now(self.now);
        let (target, origin) = context.target_or_configured(None, Some(&pack.provider.id))?;
        let event = self.event.as_ref().map(|event| event.name.as_str());
        // With an event the result is a complete request, which has a message id. Without one it is
        // the headers that depend on the body, or that are signed with it.
        let needs_id = event.is_some() || pack.provider.signature.signs_message_id();
        let mut rng = SeededRng::new(context.env.random_u64(), "message-id");
        let new_id = || needs_id.then(|| generate::message_id(&pack.provider, &mut rng)).flatten();
        let id = self.message_id.clone().or_else(new_id);
        let path = target.path_and_query();
        let draft = RequestDraft {
            event,
            message_id: id.as_deref(),
            now,
            path: &path,
            body,
            as_of: None,
            extra_headers: &[],
        };
        let composed = compose(&pack.provider, draft, Some(&secret), None)?;
        composed.notes.iter().for_each(|note| context.printer.note(note));
        if let Some(form) = self.print {
            form.check(context.printer.is_json())?;
            context.report_target_origin(&target, &origin);
            context.printer.exact(&form.render_request(
                &composed.message,
                &target,
                now,
                None,
            )?)?;
            return Ok(Exit::Success);
        }
        let headers = composed.message.headers;
        context.printer.report(&SignedHeaders { provider: pack.provider.id.clone(), headers })?;
        Ok(Exit::Success)
    }

    /// Returns the pack of the named provider, or else of the one that is detected from the body.
    fn pack(&self, context: &Context<'_>, body: &Bytes) -> Result<Arc<Pack>, Error> {
        if let Some(event) = &self.event {
            return Ok(Arc::clone(context.packs.find_event(event, context.provider())?.0));
        }
        if let Some(id) = context.provider() {
            return Ok(Arc::clone(context.packs.find(id)?));
        }
        let message = Message::post("/", Headers::new(), body.clone());
        let json = json::read(body).ok();
        let known = || context.packs.iter().map(|pack| pack.provider.id.clone()).collect();
        let detected = recognise::recognise(&context.packs, &[], &message, json.as_ref());
        detected.cloned().ok_or_else(|| Error::NoProvider { known: known() })
    }
}

impl Report for SignedHeaders {
    const KIND: &'static str = "signed";
    const IS_EXACT: bool = true;

    fn human(&self, out: &mut dyn Write, _look: Look) -> io::Result<()> {
        self.headers
            .iter()
            .try_for_each(|(name, value)| writeln!(out, "{name}: {}", sanitize::whole_bytes(value)))
    }
}
