//! Transport variants of a request, as a sequence of reads and writes on one connection.

use crate::domain::message::Message;
use crate::domain::target::Target;
use crate::engine::conformance::case::Transport;
use crate::io::wire_client::Turn;
use crate::protocols::http1;
use crate::protocols::http1::EncodeError;
use std::time::Duration;

/// The time that a sender waits for `100 Continue` before it sends the body anyway.
const CONTINUE: Duration = Duration::from_millis(500);

/// Returns the reads and writes of a transport variant, of which the last response is the one to
/// `message`; `None` if the request is sent by the usual client.
pub(super) fn turns(
    message: &Message,
    transport: Transport,
    target: &Target,
) -> Result<Option<Vec<Turn>>, EncodeError> {
    let host = target.authority();
    let write = |message: &Message| http1::write_request(message, &host);
    let single = |message: &Message| -> Result<_, EncodeError> {
        Ok(Some(vec![Turn::Write(write(message)?), Turn::Answer]))
    };
    match transport {
        Transport::Usual => Ok(None),
        Transport::LowerCaseNames => single(&renamed(message, str::to_ascii_lowercase)),
        Transport::UpperCaseNames => single(&renamed(message, str::to_ascii_uppercase)),
        Transport::Chunked => {
            let mut chunked = message.clone();
            chunked.headers.push("Transfer-Encoding", "chunked");
            single(&chunked)
        }
        Transport::KeptAlive => {
            let bytes = write(message)?;
            Ok(Some(vec![
                Turn::Write(bytes.clone()),
                Turn::Answer,
                Turn::Write(bytes),
                Turn::Answer,
            ]))
        }
        Transport::HungUp => Ok(Some(vec![Turn::Write(write(message)?)])),
        Transport::ExpectContinue => {
            let mut waiting = message.clone();
            waiting.headers.push("Expect", "100-continue");
            let bytes = write(&waiting)?;
            let (head, body) = bytes.split_at(bytes.len() - message.body.len());
            Ok(Some(vec![
                Turn::Write(head.to_vec()),
                Turn::Continue(CONTINUE),
                Turn::Write(body.to_vec()),
                Turn::Answer,
            ]))
        }
    }
}

/// Returns the message with renamed headers.
fn renamed(message: &Message, rename: fn(&str) -> String) -> Message {
    let headers =
        message.headers.iter().map(|(original, value)| (rename(original), value.to_vec()));
    Message { headers: headers.collect(), ..message.clone() }
}
