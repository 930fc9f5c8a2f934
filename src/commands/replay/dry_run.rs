//! The output of `replay --dry-run`: the requests that would be sent.

use crate::commands::delivery::write_contents;
use crate::commands::replay::report::Outgoing;
use crate::domain::capture::Capture;
use crate::domain::message::Message;
use crate::io::client;
use crate::output::printer::{Look, Report};
use crate::output::shown_body;
use crate::protocols::capture_file;
use jiff::Timestamp;
use serde::{Serialize, Serializer};
use std::io;
use std::io::Write;

/// A request that would be sent.
#[derive(Serialize)]
pub(super) struct PlannedRequest<'a> {
    #[serde(flatten)]
    outgoing: &'a Outgoing<'a>,
    url: String,
    /// The request with all headers, in the form of a capture.
    #[serde(serialize_with = "as_capture")]
    request: Capture,
}

fn as_capture<S: Serializer>(capture: &Capture, serializer: S) -> Result<S::Ok, S::Error> {
    capture_file::object(capture).serialize(serializer)
}

impl<'a> PlannedRequest<'a> {
    /// Describes a request that would be sent at the time `at`.
    pub(super) fn new(outgoing: &'a Outgoing<'a>, at: Timestamp) -> Self {
        let host = outgoing.address.authority();
        let message = with_connection_headers(outgoing.message, &host);
        let request = Capture::new(Some(at), None, message);
        Self { outgoing, url: outgoing.address.to_string(), request }
    }
}

/// Returns the request with the headers that the client adds, `Host` and `Content-Length` among
/// them.
fn with_connection_headers(message: &Message, host: &str) -> Message {
    let mut message = client::with_client_headers(message);
    // The client writes all names in the same case.
    let is_lower = |name: &str| !name.bytes().any(|byte| byte.is_ascii_uppercase());
    let is_lower = message.headers.iter().all(|(name, _)| is_lower(name));
    let written = |name: &str| if is_lower { name.to_ascii_lowercase() } else { name.to_owned() };
    if !message.headers.contains("Host") {
        message.headers.push(written("Host"), host);
    }
    message.headers.push(written("Content-Length"), message.body.len().to_string());
    message
}

impl Report for PlannedRequest<'_> {
    const KIND: &'static str = "dry-run";
    const IS_EXACT: bool = true;

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let shown = Look { verbose: look.verbose.max(1), ..look };
        self.outgoing.human(out, shown)?;
        write_contents(out, shown, &self.request.message)?;
        if shown.verbose == 1 && !self.request.message.body.is_empty() {
            writeln!(out)?;
            for line in shown_body::plain(&self.request.message.body) {
                writeln!(out, "    {line}")?;
            }
        }
        Ok(())
    }
}
