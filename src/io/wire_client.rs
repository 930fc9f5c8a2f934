//! A sender that knows what is on the wire: names of headers as they are, chunks, a body that waits.
//!
//! For the few requests that no client makes. It speaks HTTP/1.1 without TLS, and of an answer it
//! takes the status and where it ends.

use crate::domain::target::{Target, is_link_local};
use crate::io::client::{NoAnswer, NoAnswerKind};
use std::io;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

/// More than any answer to a webhook.
const MAX_ANSWER: usize = 1024 * 1024;

/// More than any head.
const MAX_HEADERS: usize = 128;

/// What is done on a connection.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Turn {
    /// Bytes are written.
    Write(Vec<u8>),
    /// `100 Continue` is waited for, no longer than this; an answer instead ends the conversation.
    Continue(Duration),
    /// An answer is waited for.
    Answer,
}

/// Takes turns with an endpoint on one connection, and gives back the statuses of its answers.
///
/// Where an answer says that the connection is closed after it, what comes next has another one.
pub fn converse(
    target: &Target,
    connect: Option<SocketAddr>,
    turns: &[Turn],
    limit: Duration,
) -> Result<Vec<u16>, NoAnswer> {
    let start = Instant::now();
    let failed = |error: &io::Error| {
        let (kind, reason) = match error.kind() {
            io::ErrorKind::ConnectionRefused => {
                (NoAnswerKind::Refused, "connection refused".to_owned())
            }
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => {
                let limit = humantime::format_duration(limit);
                (NoAnswerKind::Timeout, format!("no answer within {limit}"))
            }
            _ => (NoAnswerKind::Broken, format!("the connection broke: {error}")),
        };
        NoAnswer { kind, reason, took: start.elapsed() }
    };
    let conversation = || {
        let stream = open(target, connect, limit)?;
        let end = start + limit;
        let again = || open(target, connect, limit);
        Conversation { stream, end, read: Vec::new(), closes: false }.take(turns, again)
    };
    conversation().map_err(|error| failed(&error))
}

fn open(target: &Target, connect: Option<SocketAddr>, limit: Duration) -> io::Result<TcpStream> {
    let host = target.url().host_str().unwrap_or_default().trim_matches(['[', ']']);
    let port = target.url().port_or_known_default().unwrap_or(80);
    let addresses = match connect {
        Some(address) => vec![address],
        None => (host, port).to_socket_addrs()?.collect(),
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

struct Conversation {
    stream: TcpStream,
    end: Instant,
    /// Read, and not part of an answer yet.
    read: Vec<u8>,
    /// The last answer said that nothing comes after it.
    closes: bool,
}

impl Conversation {
    fn take(
        mut self,
        turns: &[Turn],
        again: impl Fn() -> io::Result<TcpStream>,
    ) -> io::Result<Vec<u16>> {
        let mut statuses = Vec::new();
        for turn in turns {
            match turn {
                Turn::Write(bytes) => {
                    if std::mem::take(&mut self.closes) {
                        self.stream = again()?;
                        self.read.clear();
                    }
                    self.stream.set_write_timeout(Some(self.left()?))?;
                    self.stream.write_all(bytes)?;
                }
                Turn::Answer => statuses.push(self.answer()?),
                Turn::Continue(patience) => {
                    let end = std::mem::replace(&mut self.end, Instant::now() + *patience);
                    let head = self.head();
                    self.end = end;
                    match head {
                        Ok(head) if head.status >= 200 => {
                            statuses.push(head.status);
                            return Ok(statuses);
                        }
                        // It may well not say so: then the body comes after a moment.
                        Ok(_) => {}
                        Err(error) if is_late(&error) => {}
                        Err(error) => return Err(error),
                    }
                }
            }
        }
        Ok(statuses)
    }

    fn left(&self) -> io::Result<Duration> {
        match self.end.saturating_duration_since(Instant::now()) {
            Duration::ZERO => Err(io::ErrorKind::TimedOut.into()),
            left => Ok(left),
        }
    }

    /// Reads more; nothing more is the end of the connection.
    fn more(&mut self) -> io::Result<()> {
        let mut chunk = [0; 8 * 1024];
        self.stream.set_read_timeout(Some(self.left()?))?;
        let count = self.stream.read(&mut chunk)?;
        if count == 0 || self.read.len() + count > MAX_ANSWER {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.read.extend_from_slice(&chunk[..count]);
        Ok(())
    }

    /// The next head, also that of an interim answer.
    fn head(&mut self) -> io::Result<Head> {
        loop {
            if let Some((head, length)) = Head::read(&self.read)? {
                self.read.drain(..length);
                return Ok(head);
            }
            self.more()?;
        }
    }

    /// The status of the next answer; its body is read to its end where it has one.
    fn answer(&mut self) -> io::Result<u16> {
        let head = loop {
            let head = self.head()?;
            if head.status >= 200 {
                break head;
            }
        };
        match head.body {
            Body::Length(length) => {
                while self.read.len() < length {
                    self.more()?;
                }
                self.read.drain(..length);
            }
            Body::Chunks => while self.chunk()? > 0 {},
            // It ends with the connection.
            Body::ToTheEnd => {}
        }
        self.closes = head.closes;
        Ok(head.status)
    }

    /// Reads one chunk away, and gives its length.
    fn chunk(&mut self) -> io::Result<usize> {
        let invalid = || io::Error::from(io::ErrorKind::InvalidData);
        loop {
            match httparse::parse_chunk_size(&self.read) {
                Ok(httparse::Status::Complete((start, length))) => {
                    let length = usize::try_from(length).map_err(|_| invalid())?;
                    let end = start.saturating_add(length).saturating_add(2);
                    if end > MAX_ANSWER {
                        return Err(invalid());
                    }
                    while self.read.len() < end {
                        self.more()?;
                    }
                    self.read.drain(..end);
                    return Ok(length);
                }
                Ok(httparse::Status::Partial) => self.more()?,
                Err(_) => return Err(invalid()),
            }
        }
    }
}

fn is_late(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}

/// What the head of an answer says.
struct Head {
    status: u16,
    body: Body,
    /// The connection is closed after it.
    closes: bool,
}

/// Where the body of an answer ends.
enum Body {
    Length(usize),
    Chunks,
    ToTheEnd,
}

impl Head {
    /// The head at the beginning of `bytes` and its length; none where there is more to come.
    fn read(bytes: &[u8]) -> io::Result<Option<(Self, usize)>> {
        let invalid = || io::Error::new(io::ErrorKind::InvalidData, "what came back is not HTTP");
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut response = httparse::Response::new(&mut headers);
        let length = match response.parse(bytes).map_err(|_| invalid())? {
            httparse::Status::Partial => return Ok(None),
            httparse::Status::Complete(length) => length,
        };
        let status = response.code.ok_or_else(invalid)?;
        let value = |name: &str| {
            let mut found = response.headers.iter().filter(|it| it.name.eq_ignore_ascii_case(name));
            found.next().and_then(|header| std::str::from_utf8(header.value).ok())
        };
        let body = match (status, value("Transfer-Encoding"), value("Content-Length")) {
            (100..200 | 204 | 304, ..) => Body::Length(0),
            (_, Some(coding), _) if coding.to_ascii_lowercase().contains("chunked") => Body::Chunks,
            (_, _, Some(length)) => Body::Length(length.trim().parse().map_err(|_| invalid())?),
            _ => Body::ToTheEnd,
        };
        let connection = value("Connection").unwrap_or_default().to_ascii_lowercase();
        let closes = matches!(body, Body::ToTheEnd)
            || connection.contains("close")
            || response.version == Some(0) && !connection.contains("keep-alive");
        Ok(Some((Self { status, body, closes }, length)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufRead, BufReader};
    use std::net::TcpListener;

    /// An endpoint that answers each head it reads with the next of these.
    fn endpoint(answers: &[&'static str]) -> Target {
        let answers = answers.to_vec();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            for answer in answers {
                let mut line = String::new();
                while line != "\r\n" {
                    line.clear();
                    reader.read_line(&mut line).unwrap();
                }
                stream.write_all(answer.as_bytes()).unwrap();
            }
            // Open until the other side goes.
            let _ = reader.read_line(&mut String::new());
        });
        Target::parse(&format!("http://{address}/")).unwrap()
    }

    fn statuses(answers: &[&'static str], turns: &[Turn]) -> Result<Vec<u16>, NoAnswerKind> {
        let limit = Duration::from_secs(20);
        converse(&endpoint(answers), None, turns, limit).map_err(|failure| failure.kind)
    }

    fn request() -> Turn {
        Turn::Write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n".to_vec())
    }

    #[test]
    fn answers_are_told_apart_by_their_framing() {
        let turns = [request(), Turn::Answer, request(), Turn::Answer, request(), Turn::Answer];
        let found = statuses(
            &[
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 201 X\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
                "HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 204 No\r\n\r\n",
            ],
            &turns,
        );
        assert_eq!(found, Ok(vec![200, 201, 204]));
    }

    #[test]
    fn after_a_connection_that_is_closed_comes_another() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let target = Target::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        std::thread::spawn(move || {
            for answer in ["HTTP/1.0 200 OK\r\n\r\nhello", "HTTP/1.1 201 X\r\n\r\n"] {
                let (mut stream, _) = listener.accept().unwrap();
                BufReader::new(&stream).read_line(&mut String::new()).unwrap();
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        let turns = [request(), Turn::Answer, request(), Turn::Answer];
        let found = converse(&target, None, &turns, Duration::from_secs(20));
        assert_eq!(found.map_err(|failure| failure.kind), Ok(vec![200, 201]));
    }

    #[test]
    fn a_body_waits_for_its_continue_or_for_a_moment_or_for_nothing() {
        let body = || Turn::Write(b"x\r\n\r\n".to_vec());
        let turns = |wait| [request(), Turn::Continue(wait), body(), Turn::Answer];
        let long = Duration::from_secs(20);
        let ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
        assert_eq!(statuses(&["HTTP/1.1 100 Continue\r\n\r\n", ok], &turns(long)), Ok(vec![200]));
        assert_eq!(statuses(&["", ok], &turns(Duration::from_millis(20))), Ok(vec![200]));
        let refused = "HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n";
        assert_eq!(statuses(&[refused], &turns(long)), Ok(vec![413]));
    }

    #[test]
    fn what_is_no_answer_is_said() {
        let turns = [request(), Turn::Answer];
        assert_eq!(statuses(&["hello\r\n\r\n"], &turns), Err(NoAnswerKind::Broken));
        let endless = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n";
        assert_eq!(statuses(&[endless], &turns), Err(NoAnswerKind::Broken));
        let silent = converse(&endpoint(&[""]), None, &turns, Duration::from_millis(30));
        assert_eq!(silent.unwrap_err().kind, NoAnswerKind::Timeout);
    }
}
