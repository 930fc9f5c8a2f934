//! Transport variants of a request, as a sequence of reads and writes on one connection.

use crate::domain::message::Message;
use crate::domain::target::Target;
use crate::engine::conformance::case::Transport;
use crate::io::wire_client::WireStep;
use crate::protocols::http1;
use crate::protocols::http1::EncodeError;
use std::time::Duration;

/// The time that a sender waits for `100 Continue` before it sends the body anyway.
const CONTINUE_TIMEOUT: Duration = Duration::from_millis(500);

/// Returns the reads and writes of a transport variant, of which the last response is the one to
/// `message`; `None` if the request is sent by the usual client.
pub(super) fn wire_steps(
    message: &Message,
    transport: Transport,
    target: &Target,
) -> Result<Option<Vec<WireStep>>, EncodeError> {
    let host = target.authority();
    let write = |message: &Message| http1::write_request(message, &host);
    let single = |message: &Message| -> Result<_, EncodeError> {
        Ok(Some(vec![WireStep::Write(write(message)?), WireStep::AwaitResponse]))
    };
    let sent = with_transport(message, transport);
    match transport {
        Transport::Usual => Ok(None),
        Transport::LowerCaseNames | Transport::UpperCaseNames | Transport::Chunked => single(&sent),
        Transport::KeepAlive => {
            let bytes = write(message)?;
            Ok(Some(vec![
                WireStep::Write(bytes.clone()),
                WireStep::AwaitResponse,
                WireStep::Write(bytes),
                WireStep::AwaitResponse,
            ]))
        }
        Transport::HangUp => Ok(Some(vec![WireStep::Write(write(message)?)])),
        Transport::ExpectContinue => {
            let bytes = write(&sent)?;
            let (head, body) = bytes.split_at(bytes.len() - message.body.len());
            Ok(Some(vec![
                WireStep::Write(head.to_vec()),
                WireStep::AwaitContinue(CONTINUE_TIMEOUT),
                WireStep::Write(body.to_vec()),
                WireStep::AwaitResponse,
            ]))
        }
    }
}

/// Returns the message with the headers of a transport variant.
pub(super) fn with_transport(message: &Message, transport: Transport) -> Message {
    let with_header = |name: &str, value: &str| {
        let mut changed = message.clone();
        changed.headers.push(name, value);
        changed
    };
    match transport {
        Transport::LowerCaseNames => rename_headers(message, str::to_ascii_lowercase),
        Transport::UpperCaseNames => rename_headers(message, str::to_ascii_uppercase),
        Transport::Chunked => with_header("Transfer-Encoding", "chunked"),
        Transport::ExpectContinue => with_header("Expect", "100-continue"),
        Transport::Usual | Transport::KeepAlive | Transport::HangUp => message.clone(),
    }
}

/// Returns the message with renamed headers.
fn rename_headers(message: &Message, rename: fn(&str) -> String) -> Message {
    let headers =
        message.headers.iter().map(|(original, value)| (rename(original), value.to_vec()));
    Message { headers: headers.collect(), ..message.clone() }
}
