//! HTTP endpoints for `leadhook` to talk to.

use super::{PATIENCE, first_header};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// One request as received by an endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrived {
    /// The request line.
    pub line: String,
    /// The headers as written.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Arrived {
    /// Returns the first value of a header, case-insensitively.
    pub fn header(&self, name: &str) -> Option<&str> {
        first_header(&self.headers, name)
    }
}

/// An HTTP endpoint on a free port with scripted responses, which records its requests.
pub struct Endpoint {
    address: SocketAddr,
    arrived: Arc<Mutex<Vec<Arrived>>>,
    /// The same port of the other loopback address.
    _other: Option<DeadPort>,
}

impl Endpoint {
    /// Starts an endpoint that answers with these statuses in order and repeats the last one.
    pub fn new(statuses: &[u16]) -> Self {
        let responses: Vec<_> = statuses
            .iter()
            .map(|status| {
                format!("HTTP/1.1 {status} X\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
            })
            .collect();
        Self::raw(responses)
    }

    /// Starts an endpoint that answers with these bytes in order and repeats the last ones.
    pub fn raw(responses: Vec<String>) -> Self {
        Self::serve(TcpListener::bind("127.0.0.1:0").unwrap(), responses)
    }

    /// Starts an endpoint on `::1` that answers 200, and reserves its port on 127.0.0.1, where
    /// another test could listen; `None` if IPv6 is not available.
    pub fn on_ipv6() -> Option<Self> {
        let response = "HTTP/1.1 200 X\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
        TcpListener::bind("[::1]:0").ok()?;
        let (other, listener) = std::iter::repeat_with(DeadPort::new)
            .find_map(|other| {
                let listener = TcpListener::bind((Ipv6Addr::LOCALHOST, other.port())).ok()?;
                Some((other, listener))
            })
            .unwrap();
        Some(Self { _other: Some(other), ..Self::serve(listener, vec![response.to_owned()]) })
    }

    fn serve(listener: TcpListener, responses: Vec<String>) -> Self {
        let address = listener.local_addr().unwrap();
        let arrived = Arc::new(Mutex::new(Vec::new()));
        let recorded = Arc::clone(&arrived);
        std::thread::spawn(move || {
            let mut index = 0;
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                // A probe connects and sends no request.
                let Some(request) = read_request(&stream) else { continue };
                recorded.lock().unwrap().push(request);
                let response = responses.get(index).or(responses.last()).unwrap();
                // The sender may have disconnected, which is not an error here.
                let _ = stream.write_all(response.as_bytes());
                index += 1;
            }
        });
        Self { address, arrived, _other: None }
    }

    /// The URL on which it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns `:PORT`, as users type it.
    pub fn target(&self) -> String {
        format!(":{}", self.address.port())
    }

    /// Returns the requests received so far.
    pub fn arrived(&self) -> Vec<Arrived> {
        self.arrived.lock().unwrap().clone()
    }

    /// Returns the only request that was received.
    #[track_caller]
    pub fn only(&self) -> Arrived {
        let arrived = self.arrived();
        assert_eq!(arrived.len(), 1, "expected one request: {arrived:#?}");
        arrived.into_iter().next().unwrap_or_default()
    }
}

/// Reads one request with a `Content-Length`.
pub(crate) fn read_request(stream: &TcpStream) -> Option<Arrived> {
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut reader = BufReader::new(stream);
    let mut line = || {
        let mut text = String::new();
        let read = reader.read_line(&mut text).ok()?;
        (read > 0).then(|| text.trim_end().to_owned())
    };
    let mut request = Arrived { line: line()?, ..Arrived::default() };
    while let Some((name, value)) = line()?.split_once(": ") {
        request.headers.push((name.to_owned(), value.to_owned()));
    }
    let length = request.header("content-length").map_or(0, |length| length.parse().unwrap());
    request.body = vec![0; length];
    reader.read_exact(&mut request.body).ok()?;
    Some(request)
}

/// A port without a listener, reserved as long as this value lives.
pub struct DeadPort {
    port: u16,
    _held: (TcpListener, TcpStream),
}

impl DeadPort {
    /// The local end of a connection: it has a port but no listener.
    pub fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        Self { port: stream.local_addr().unwrap().port(), _held: (listener, stream) }
    }

    /// Returns `:PORT`, as users type it.
    pub fn target(&self) -> String {
        format!(":{}", self.port)
    }

    /// Returns its number.
    pub fn port(&self) -> u16 {
        self.port
    }
}
