//! HTTP/1.1 client on a raw socket, for requests that an HTTP client cannot send.
//!
//! It writes bytes unchanged and without TLS. It returns only the statuses of the responses; their
//! bodies are read only to find the beginning of the next response.

use crate::domain::target::{Target, is_link_local};
use crate::io::client::{NoResponse, NoResponseKind};
use crate::protocols::http1::{ChunkDecoder, Framing, HeadError, ResponseHead};
use std::io;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

/// The maximum size of a response.
const MAX_RESPONSE: usize = 1024 * 1024;

/// One step of an exchange on a raw connection.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum WireStep {
    /// Writes bytes.
    Write(Vec<u8>),
    /// Waits up to this time for `100 Continue`; a final response ends the exchange.
    AwaitContinue(Duration),
    /// Waits for a final response, and records its status.
    AwaitResponse,
}

/// Runs the steps on a connection to the target, and returns the statuses of its responses.
///
/// If a response closes the connection, the next step opens a new one.
pub fn run_steps(
    target: &Target,
    connect: Option<SocketAddr>,
    steps: &[WireStep],
    limit: Duration,
) -> Result<Vec<u16>, NoResponse> {
    let start = Instant::now();
    let failed = |error: &io::Error| {
        let (kind, reason) = match error.kind() {
            io::ErrorKind::ConnectionRefused => {
                (NoResponseKind::Refused, "connection refused".to_owned())
            }
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => {
                let limit = humantime::format_duration(limit);
                (NoResponseKind::Timeout, format!("no response within {limit}"))
            }
            _ => (NoResponseKind::Broken, format!("the connection broke: {error}")),
        };
        NoResponse { kind, reason, took: start.elapsed() }
    };
    let run = || {
        let stream = open(target, connect, limit)?;
        let end = start + limit;
        let reconnect = || open(target, connect, limit);
        RawConnection { stream, deadline: end, unparsed: Vec::new(), closes: false }
            .run(steps, reconnect)
    };
    run().map_err(|error| failed(&error))
}

fn open(target: &Target, connect: Option<SocketAddr>, limit: Duration) -> io::Result<TcpStream> {
    let host = target.url().host_str().unwrap_or_default().trim_matches(['[', ']']);
    let port = target.url().port_or_known_default().unwrap_or(80);
    let addresses: Vec<_> = match connect {
        Some(address) => vec![address],
        None => (host, port).to_socket_addrs()?.chain(target.second_address()).collect(),
    };
    let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for address in addresses.into_iter().filter(|address| !is_link_local(address.ip())) {
        match TcpStream::connect_timeout(&address, limit) {
            Ok(stream) => {
                stream.set_nodelay(true)?;
                return Ok(stream);
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// A connection on which steps are run.
struct RawConnection {
    stream: TcpStream,
    /// The deadline of the whole exchange, or of the current wait for `100 Continue`.
    deadline: Instant,
    /// Bytes that were read and not parsed yet.
    unparsed: Vec<u8>,
    /// `true` if the last response closes the connection.
    closes: bool,
}

impl RawConnection {
    /// Runs the steps in order, and connects again before a write if the last response closed the
    /// connection.
    fn run(
        mut self,
        steps: &[WireStep],
        reconnect: impl Fn() -> io::Result<TcpStream>,
    ) -> io::Result<Vec<u16>> {
        let mut statuses = Vec::new();
        for step in steps {
            match step {
                WireStep::Write(bytes) => {
                    if std::mem::take(&mut self.closes) {
                        self.stream = reconnect()?;
                        self.unparsed.clear();
                    }
                    self.stream.set_write_timeout(Some(self.time_left()?))?;
                    self.stream.write_all(bytes)?;
                }
                WireStep::AwaitResponse => statuses.push(self.read_response()?),
                WireStep::AwaitContinue(limit) => {
                    let end = std::mem::replace(&mut self.deadline, Instant::now() + *limit);
                    let head = self.read_head();
                    self.deadline = end;
                    match head {
                        Ok((head, _)) if head.status >= 200 => {
                            statuses.push(head.status);
                            return Ok(statuses);
                        }
                        // An endpoint need not send `100 Continue`; the body is then sent after the
                        // wait.
                        Ok(_) => {}
                        Err(error) if is_timeout(&error) => {}
                        Err(error) => return Err(error),
                    }
                }
            }
        }
        Ok(statuses)
    }

    /// Returns the time until the deadline, which is an error once it has passed.
    fn time_left(&self) -> io::Result<Duration> {
        match self.deadline.saturating_duration_since(Instant::now()) {
            Duration::ZERO => Err(io::ErrorKind::TimedOut.into()),
            left => Ok(left),
        }
    }

    /// Reads more bytes. The end of the connection is an error.
    fn read_more(&mut self) -> io::Result<()> {
        let mut chunk = [0; 8 * 1024];
        self.stream.set_read_timeout(Some(self.time_left()?))?;
        let count = self.stream.read(&mut chunk)?;
        if count == 0 || self.unparsed.len() + count > MAX_RESPONSE {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.unparsed.extend_from_slice(&chunk[..count]);
        Ok(())
    }

    /// Reads the next head, also that of an interim response, and determines the framing of its
    /// body.
    fn read_head(&mut self) -> io::Result<(ResponseHead, Framing)> {
        loop {
            match ResponseHead::parse(&self.unparsed) {
                Ok((head, length)) => {
                    self.unparsed.drain(..length);
                    let framing = head.framing().map_err(|_| not_http())?;
                    return Ok((head, framing));
                }
                Err(HeadError::Incomplete) => self.read_more()?,
                Err(_) => return Err(not_http()),
            }
        }
    }

    /// Returns the status of the next response, after reading its body if it has a delimited one.
    fn read_response(&mut self) -> io::Result<u16> {
        let (head, framing) = loop {
            let (head, framing) = self.read_head()?;
            if head.status >= 200 {
                break (head, framing);
            }
        };
        match framing {
            Framing::Length(length) => {
                let length = usize::try_from(length).map_err(|_| not_http())?;
                while self.unparsed.len() < length {
                    self.read_more()?;
                }
                self.unparsed.drain(..length);
            }
            Framing::Chunked => self.skip_chunked_body()?,
            Framing::UntilEnd => {}
        }
        self.closes = head.closes_connection(framing);
        Ok(head.status)
    }

    /// Reads a chunked body to its end and discards it.
    fn skip_chunked_body(&mut self) -> io::Result<()> {
        let mut decoder = ChunkDecoder::strict(MAX_RESPONSE as u64);
        loop {
            let progress = decoder
                .decode(&self.unparsed, |_| {})
                .map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
            self.unparsed.drain(..progress.consumed);
            if progress.is_done {
                return Ok(());
            }
            self.read_more()?;
        }
    }
}

fn not_http() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the response is not HTTP")
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufRead, BufReader};
    use std::net::TcpListener;

    /// Starts an endpoint that responds to each head with the next of these responses.
    fn endpoint(responses: &[&'static str]) -> Target {
        let responses = responses.to_vec();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            for response in responses {
                let mut line = String::new();
                while line != "\r\n" {
                    line.clear();
                    reader.read_line(&mut line).unwrap();
                }
                stream.write_all(response.as_bytes()).unwrap();
            }
            // Keeps the connection open until the client closes it.
            let _ = reader.read_line(&mut String::new());
        });
        Target::parse(&format!("http://{address}/")).unwrap()
    }

    fn statuses(
        responses: &[&'static str],
        steps: &[WireStep],
    ) -> Result<Vec<u16>, NoResponseKind> {
        let limit = Duration::from_secs(20);
        run_steps(&endpoint(responses), None, steps, limit).map_err(|failure| failure.kind)
    }

    fn request() -> WireStep {
        WireStep::Write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n".to_vec())
    }

    #[test]
    fn responses_are_separated_by_their_framing() {
        let steps = [
            request(),
            WireStep::AwaitResponse,
            request(),
            WireStep::AwaitResponse,
            request(),
            WireStep::AwaitResponse,
        ];
        let found = statuses(
            &[
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 201 X\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nA: b\r\n\r\n",
                "HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 204 No\r\n\r\n",
            ],
            &steps,
        );
        assert_eq!(found, Ok(vec![200, 201, 204]));
    }

    #[test]
    fn a_closed_connection_is_replaced_by_a_new_one() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let target = Target::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        std::thread::spawn(move || {
            for response in ["HTTP/1.0 200 OK\r\n\r\nhello", "HTTP/1.1 201 X\r\n\r\n"] {
                let (mut stream, _) = listener.accept().unwrap();
                BufReader::new(&stream).read_line(&mut String::new()).unwrap();
                stream.write_all(response.as_bytes()).unwrap();
            }
        });
        let steps = [request(), WireStep::AwaitResponse, request(), WireStep::AwaitResponse];
        let found = run_steps(&target, None, &steps, Duration::from_secs(20));
        assert_eq!(found.map_err(|failure| failure.kind), Ok(vec![200, 201]));
    }

    #[test]
    fn a_body_is_sent_after_100_continue_or_a_timeout_but_not_after_413() {
        let body = || WireStep::Write(b"x\r\n\r\n".to_vec());
        let steps =
            |wait| [request(), WireStep::AwaitContinue(wait), body(), WireStep::AwaitResponse];
        let long = Duration::from_secs(20);
        let ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
        assert_eq!(statuses(&["HTTP/1.1 100 Continue\r\n\r\n", ok], &steps(long)), Ok(vec![200]));
        assert_eq!(statuses(&["", ok], &steps(Duration::from_millis(20))), Ok(vec![200]));
        let refused = "HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n";
        assert_eq!(statuses(&[refused], &steps(long)), Ok(vec![413]));
    }

    #[test]
    fn an_invalid_or_missing_response_is_an_error() {
        let steps = [request(), WireStep::AwaitResponse];
        assert_eq!(statuses(&["hello\r\n\r\n"], &steps), Err(NoResponseKind::Broken));
        let endless = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n";
        assert_eq!(statuses(&[endless], &steps), Err(NoResponseKind::Broken));
        let silent = run_steps(&endpoint(&[""]), None, &steps, Duration::from_millis(30));
        assert_eq!(silent.unwrap_err().kind, NoResponseKind::Timeout);
    }
}
