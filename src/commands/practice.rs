//! `leadhook practice`: a small receiver to practise with, correct or with one named fault.

mod fetcher;

use crate::commands::context::Context;
use crate::commands::fetch_server::{FetchArgs, FetchEvent, FetchServer};
use crate::commands::handshake_args::HandshakeArgs;
use crate::commands::practice::fetcher::Fetcher;
use crate::commands::value_parsers::address_argument;
use crate::domain::message::Message;
use crate::domain::parse_error::ParseValueError;
use crate::domain::verdict::SignatureVerdict;
use crate::engine::judge::{Judge, Strictness};
use crate::engine::receiver::{FAULTS, Fault, HandledRequest, PracticeReceiver};
use crate::error::{Error, Exit};
use crate::io::output_file;
use crate::io::output_file::PendingPipeWrite;
use crate::io::practice::{PracticeReply, PracticeServer};
use crate::output::printer::{Look, Report};
use crate::output::wrap::{columns_beside, wrap};
use crate::output::{sanitize, verdict};
use clap::Args;
use serde::Serialize;
use std::cell::RefCell;
use std::io;
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, sync_channel};

/// The maximum number of requests to the server of `--fetch` that wait to be printed.
const MAX_FETCH_EVENTS: usize = 1000;

/// Run a small receiver to practise with, correct or with one named fault
///
/// Verifies as the provider documents, keeps accepted deliveries in memory, and returns their
/// number at `GET /count`. Listens on loopback only, for a few connections at a time.
#[derive(Args, Debug)]
pub struct Practice {
    /// Address to listen on; with port 0 on a free port
    #[arg(value_name = "ADDR", default_value = ":3000", value_parser = address_argument)]
    address: SocketAddr,

    /// Fault of the receiver; `--list-faults` lists them
    #[arg(long, value_name = "NAME")]
    fault: Option<String>,

    /// List the faults
    #[arg(long)]
    list_faults: bool,

    #[command(flatten)]
    handshake: HandshakeArgs,

    #[command(flatten)]
    fetch: FetchArgs,

    /// Fetch what an accepted delivery only names by its id, from this address
    ///
    /// For example that of `check --fetch`. It is fetched after the response.
    #[arg(long, value_name = "URL")]
    fetch_from: Option<String>,

    /// Write the URL to this file once the socket accepts
    ///
    /// A regular file is replaced atomically. A named pipe gets the URL once it has a reader, for
    /// which the receiver does not wait.
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,
}

/// The output of `--list-faults`.
#[derive(Debug, Serialize)]
struct FaultList {
    faults: Vec<FaultSummary>,
}

/// A fault and its description.
#[derive(Debug, Serialize)]
struct FaultSummary {
    name: &'static str,
    about: &'static str,
}

/// The report that the receiver accepts connections.
#[derive(Debug, Serialize)]
struct Ready<'a> {
    url: &'a str,
    fault: Option<&'a str>,
    /// The URL of what receivers fetch, if it is served.
    #[serde(skip_serializing_if = "Option::is_none")]
    fetch: Option<String>,
}

/// The report on one request and its response.
#[derive(Debug, Serialize)]
struct RequestReport<'a> {
    method: &'a str,
    path: &'a str,
    provider: Option<&'a str>,
    event: Option<&'a str>,
    signature: Option<&'a SignatureVerdict>,
    status: u16,
}

impl Practice {
    pub(super) fn run(self, context: &mut Context<'_>) -> Result<Exit, Error> {
        if self.list_faults {
            let faults =
                FAULTS.iter().map(|fault| FaultSummary { name: fault.name, about: fault.about });
            context.printer.report(&FaultList { faults: faults.collect() })?;
            return Ok(Exit::Success);
        }
        let fault = self.fault.as_deref().map(find_fault).transpose()?;
        if let Some(path) = &self.ready_file {
            context.check_output("--ready-file", path)?;
        }
        if !self.address.ip().is_loopback() {
            return Err(Error::Option {
                message: format!(
                    "`{}` is not this machine: the practice receiver listens on loopback only",
                    self.address
                ),
                hint: "use `leadhook listen` to receive from a network".to_owned(),
            });
        }
        let keyring = context.keyring()?;
        context.note_unverifiable(&keyring);
        let named = context.providers().to_vec();
        let judge = Judge::new(context.packs.clone(), keyring, named, Strictness::default());
        let tokens = self.handshake.tokens(context)?;
        let mut receiver = PracticeReceiver::new(judge, fault).with_handshake_tokens(tokens);
        let fetcher = self.fetch_from.as_deref().map(Fetcher::new).transpose()?;
        let (sender, fetch_events) = sync_channel(MAX_FETCH_EVENTS);
        let fetch = self.fetch.start(
            &context.packs.of(context.providers()),
            context.env,
            move |event| {
                // A full queue drops the line: the request is answered all the same.
                let _ = sender.try_send(event);
            },
        )?;
        let server = PracticeServer::bind(self.address)?;
        let signals = context.env.watch_signals()?;
        let url = format!("http://{}/", server.local_addr());
        context.printer.report(&Ready {
            url: &url,
            fault: self.fault.as_deref(),
            fetch: fetch.as_ref().map(FetchServer::url),
        })?;
        // Dropped at the end: a pipe without a reader must not delay the receiver.
        let _pending_write = self.write_ready_file(&url)?;
        if let Some(server) = &fetch {
            context.printer.note(&server.note());
        }
        // Both closures below end the run, the first one at a signal, the second one if the output
        // cannot be written. Therefore they share the result.
        let result = RefCell::new(None);
        let should_stop = || {
            if let Ok(signal) = signals.try_recv() {
                result.replace(Some(Ok(Exit::from(signal))));
            }
            result.borrow().is_some()
        };
        let serve_result = server.serve(should_stop, |message| {
            let handled = receiver.handle(message, context.env.now());
            if let Some(server) = &fetch {
                server.service().learn(handled.named.iter().cloned());
            }
            if let Some(fetcher) = &fetcher {
                fetcher.fetch(&handled.fetches);
            }
            let (reply, printed) = report_request(context, handled, message);
            let printed = printed.and_then(|()| report_fetches(context, &fetch_events));
            if let Err(error) = printed {
                result.replace(Some(Err(error)));
            }
            reply
        });
        serve_result?;
        result.into_inner().unwrap_or(Ok(Exit::Success))
    }

    /// Writes the URL to the ready file, if one was requested.
    fn write_ready_file(&self, url: &str) -> Result<Option<PendingPipeWrite>, Error> {
        let Some(path) = &self.ready_file else { return Ok(None) };
        let line = format!("{url}\n").into_bytes();
        Ok(output_file::write_or_wait_for_reader("ready file", path, line)?)
    }
}

/// Prints the requests to the server of `--fetch`.
fn report_fetches(context: &mut Context<'_>, events: &Receiver<FetchEvent>) -> Result<(), Error> {
    events.try_iter().try_for_each(|event| context.printer.report(&event).map_err(Error::from))
}

/// Prints a line about a request, and returns the reply to it.
fn report_request(
    context: &mut Context<'_>,
    handled: HandledRequest,
    message: &Message,
) -> (PracticeReply, Result<(), Error>) {
    // The query of a handshake contains a secret.
    let path = if handled.is_handshake {
        message.target.split('?').next().unwrap_or_default()
    } else {
        &message.target
    };
    let verdict = handled.verdict.as_ref();
    let printed = context.printer.report(&RequestReport {
        method: &message.method,
        path,
        provider: verdict.and_then(|verdict| verdict.provider.as_deref()),
        event: verdict.and_then(|verdict| verdict.event.as_deref()),
        signature: verdict.map(|verdict| &verdict.signature),
        status: handled.response.status,
    });
    let HandledRequest { response, processing_time: takes_time, blocks, .. } = handled;
    (
        PracticeReply { response, delay: takes_time, blocks_others: blocks },
        printed.map_err(Error::from),
    )
}

fn find_fault(name: &str) -> Result<Fault, Error> {
    if let Some(fault) = Fault::find(name) {
        return Ok(fault);
    }
    if let Some((fault, time)) = name.split_once(':')
        && Fault::find(fault).is_some()
    {
        let example = format!("{fault}:500ms");
        let takes_time = Fault::find(&example).is_some();
        return Err(Error::Option {
            message: if takes_time {
                format!("`--fault {name}`: {}", ParseValueError::Duration(time.to_owned()))
            } else {
                format!("`--fault {name}`: `{fault}` takes no time")
            },
            hint: format!("for example `--fault {}`", if takes_time { &example } else { fault }),
        });
    }
    Err(Error::UnknownName {
        what: "fault",
        name: name.to_owned(),
        known: FAULTS.iter().map(|fault| fault.name.to_owned()).collect(),
    })
}

impl Report for FaultList {
    const KIND: &'static str = "faults";

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let width = self.faults.iter().map(|fault| fault.name.len()).max().unwrap_or(0);
        self.faults.iter().try_for_each(|FaultSummary { name, about }| {
            let mut label = look.theme.strong(&format!("{name:<width$}"));
            for line in wrap(about, columns_beside(look.text_columns(), width + 2)) {
                writeln!(out, "{label}  {line}")?;
                label = " ".repeat(width);
            }
            Ok(())
        })
    }
}

impl Report for Ready<'_> {
    const KIND: &'static str = "ready";

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let fault =
            self.fault.map_or_else(|| "correct".to_owned(), |name| format!("fault: {name}"));
        writeln!(out, "practising on {}  ({})", self.url, look.theme.warn(&fault))
    }
}

impl Report for RequestReport<'_> {
    const KIND: &'static str = "answered";

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let theme = look.theme;
        let title = match (self.provider, self.event) {
            (Some(provider), event) => {
                format!("{provider} {}", event.unwrap_or("without an event"))
            }
            (None, _) => format!("{} {}", self.method, self.path),
        };
        let signature = self
            .signature
            .map(|signature| format!("  signature {}", verdict::signature_label(theme, signature)));
        let status = self.status.to_string();
        let status = if self.status == 200 { theme.good(&status) } else { theme.bad(&status) };
        writeln!(out, "{}{}  {status}", sanitize::line(&title), signature.unwrap_or_default())
    }
}
