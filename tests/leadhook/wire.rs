//! Raw exchanges over a socket: bytes that no regular client would write, and the responses.

use crate::support::{PATIENCE, first_header};
use std::io::{BufRead, BufReader, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};

/// A response as received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reply {
    /// The status.
    pub(crate) status: u16,
    /// The headers as written.
    pub(crate) headers: Vec<(String, String)>,
    /// The body.
    pub(crate) body: Vec<u8>,
}

impl Reply {
    /// Returns the first value of a header, case-insensitively.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        first_header(&self.headers, name)
    }
}

/// Opens a connection with timeouts.
pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_write_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Writes a request and reads the response; `None` if the connection is closed without one.
pub(crate) fn exchange(address: SocketAddr, request: &[u8]) -> Option<Reply> {
    let stream = connect(address);
    let mut writer = stream.try_clone().unwrap();
    let request = request.to_vec();
    let thread = std::thread::spawn(move || {
        // A server that rejects early does not read the rest.
        let _ = writer.write_all(&request);
    });
    let reply = read_reply(&mut BufReader::new(&stream));
    // Unblocks the writer thread; the connection may already be closed.
    let _ = stream.shutdown(Shutdown::Both);
    thread.join().unwrap();
    reply
}

/// Writes a request, shuts down the write side, and reads the response.
pub(crate) fn exchange_and_end(address: SocketAddr, request: &[u8]) -> Option<Reply> {
    let mut stream = connect(address);
    // The connection may be closed at the first byte.
    let _ = stream.write_all(request);
    let _ = stream.shutdown(Shutdown::Write);
    read_reply(&mut BufReader::new(&stream))
}

/// Reads one response.
pub(crate) fn read_reply(reader: &mut impl BufRead) -> Option<Reply> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let status: u16 = line.split(' ').nth(1)?.trim_end().parse().ok()?;
    let mut headers = Vec::new();
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.push((name.to_owned(), value.to_owned()));
    }
    if (100..200).contains(&status) {
        // An interim response has no body and is followed by the final one.
        return read_reply(reader);
    }
    let mut reply = Reply { status, headers, body: Vec::new() };
    match reply.header("content-length").map(|length| length.parse().unwrap()) {
        Some(length) => {
            reply.body = vec![0; length];
            reader.read_exact(&mut reply.body).ok()?;
        }
        None => drop(reader.read_to_end(&mut reply.body).ok()?),
    }
    Some(reply)
}

/// Returns the bytes of a `POST` with these headers after `Host` and `Content-Length`.
pub(crate) fn post(headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut request = Vec::new();
    write!(request, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n", body.len()).unwrap();
    for (name, value) in headers {
        write!(request, "{name}: {value}\r\n").unwrap();
    }
    request.extend_from_slice(b"\r\n");
    request.extend_from_slice(body);
    request
}

/// Returns the bytes that `leadhook send` would write.
pub(crate) fn genuine(event: &str, args: &[&str]) -> Vec<u8> {
    let run = leadhook!("send {} --secret s3cret --dry-run --print http", event).args(args);
    run.run().exits(0, &format!("{event} {args:?}")).stdout.into_bytes()
}
