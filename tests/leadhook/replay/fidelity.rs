//! Fidelity of a replay: what a recording server behind it receives is what arrived at the listener.

use crate::replay::{BODY, capture, lines};
use crate::support::{PATIENCE, captures};
use crate::wire::exchange;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A request as bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Recorded {
    method: String,
    /// The path and the query.
    target: String,
    /// For each name in lower case, its values in order.
    headers: BTreeMap<String, Vec<Vec<u8>>>,
    body: Vec<u8>,
}

/// The headers that the documentation of `replay` excepts: those of one connection, and those that
/// frame the body.
const EXCEPTED: &[&str] = &[
    "host",
    "content-length",
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "expect",
];

impl Recorded {
    /// Reads a request with a `Content-Length`; `None` at the end of the connection.
    fn read(stream: &TcpStream) -> Option<Self> {
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut reader = BufReader::new(stream);
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            (reader.read_until(b'\n', &mut head).ok()? > 0).then_some(())?;
        }
        let mut recorded = Self::of_head(&head);
        let length = recorded.headers.get("content-length");
        let length = length.map_or(0, |values| text(&values[0]).parse().unwrap());
        recorded.body = vec![0; length];
        reader.read_exact(&mut recorded.body).ok()?;
        Some(recorded)
    }

    fn of_head(head: &[u8]) -> Self {
        let mut lines = head.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
        let line = text(lines.next().unwrap());
        let parts: Vec<_> = line.split(' ').collect();
        let mut headers = BTreeMap::<_, Vec<_>>::new();
        for line in lines.filter(|line| !line.is_empty()) {
            let colon = line.iter().position(|&byte| byte == b':').unwrap();
            let (name, value) = (text(&line[..colon]), line[colon + 1..].trim_ascii());
            headers.entry(name.to_lowercase()).or_default().push(value.to_vec());
        }
        let (method, target) = (parts[0].to_owned(), parts[1].to_owned());
        Self { method, target, headers, body: Vec::new() }
    }

    /// Removes the headers that may differ, and returns the rest. An `Accept: */*` is one of them
    /// if the sender had no `Accept`.
    fn comparable(mut self, sent: &Self) -> Self {
        self.headers.retain(|name, _| !EXCEPTED.contains(&name.as_str()));
        let any = self.headers.get("accept").is_some_and(|values| *values == [b"*/*"]);
        if any && !sent.headers.contains_key("accept") {
            self.headers.remove("accept");
        }
        self
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Starts a server that records every request. Returns `:PORT` and the records.
fn recorder() -> (String, Arc<Mutex<Vec<Recorded>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let target = format!(":{}", listener.local_addr().unwrap().port());
    let records = Arc::new(Mutex::new(Vec::new()));
    let shared = Arc::clone(&records);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let Some(recorded) = Recorded::read(&stream) else { continue };
            shared.lock().unwrap().push(recorded);
            let response = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            // The sender may have disconnected, which is not an error here.
            let _ = stream.write_all(response.as_bytes());
        }
    });
    (target, records)
}

/// The heads of requests without `Host` and `Content-Length`, and their bodies.
const REQUESTS: &[(&[u8], &[u8])] = &[
    (b"POST / HTTP/1.1\r\n", b""),
    (b"POST /hooks HTTP/1.1\r\nContent-Type: application/json\r\n", BODY.as_bytes()),
    (b"POST /hooks?a=1&b=%20&a=2&c HTTP/1.1\r\nAccept: */*\r\n", b"{ \"a\" : 1.0 }\r\n"),
    (b"POST /a%2Fb/%C3%A9//c;d=1/?q=a+b%26c&e=%zz HTTP/1.1\r\nAccept: text/plain\r\n", b"\0\xff\xfe"),
    (b"POST /? HTTP/1.1\r\nAccept:\r\nX-Empty:\r\n", b"\xef\xbb\xbf{}"),
    (
        b"POST /order HTTP/1.1\r\nX-Twice: 1\r\nX-Other: a\r\nx-twice: 2\r\nX-TWICE:\r\nX-Twice: 1\r\n",
        b"x",
    ),
    (
        b"POST /bytes HTTP/1.1\r\nX-Latin: caf\xe9\r\nX-Utf: caf\xc3\xa9\r\nX-Tab: a\tb  c\r\n",
        b"x",
    ),
    (
        b"POST /hop HTTP/1.1\r\nConnection: keep-alive, X-Named\r\nX-Named: 1\r\nTE: trailers\r\n\
          Keep-Alive: timeout=5\r\nForwarded: for=192.0.2.1\r\nVia: 1.1 proxy\r\n",
        b"x",
    ),
    (
        b"POST /names HTTP/1.1\r\nuser-agent: sender/1.0\r\nCookie: a=b; c=d\r\nCookie: e=f\r\n\
          Authorization: Bearer x.y.z\r\nX_Under-score.d: 1\r\nContent-Encoding: gzip\r\n\
          Accept-Encoding: gzip, br\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n",
        b"\x1f\x8b",
    ),
];

/// Returns the bytes of a request, and what a recorder is to receive of it.
fn request(head: &[u8], body: &[u8]) -> (Vec<u8>, Recorded) {
    let mut bytes = head.to_vec();
    write!(bytes, "Host: leads.example.com\r\nContent-Length: {}\r\n\r\n", body.len()).unwrap();
    let recorded = Recorded { body: body.to_vec(), ..Recorded::of_head(&bytes) };
    bytes.extend_from_slice(body);
    (bytes, recorded)
}

#[test]
fn a_server_behind_a_replay_receives_what_arrived_at_the_listener() {
    let listener = leadhook!("listen :0 --format json --save caps").start();
    let mut sent = Vec::new();
    for (head, body) in REQUESTS {
        let (bytes, recorded) = request(head, body);
        assert_eq!(exchange(listener.address(), &bytes).unwrap().status, 200, "{recorded:?}");
        sent.push(recorded);
    }
    let folder = listener.dir().join("caps");
    assert_eq!(captures(&folder).len(), sent.len());
    for options in [&[][..], &["--keep-host"]] {
        let (target, records) = recorder();
        leadhook!("replay {} --to {}", folder.display(), target)
            .args(options)
            .run()
            .exits(0, "delivered");
        let records = records.lock().unwrap().clone();
        assert_eq!(records.len(), sent.len());
        for (sent, arrived) in sent.iter().zip(records) {
            let own = format!("127.0.0.1{target}");
            let host = if options.is_empty() { own.as_str() } else { "leads.example.com" };
            assert_eq!(arrived.headers["host"], [host.as_bytes()]);
            assert_eq!(arrived.comparable(sent), sent.clone().comparable(sent));
        }
    }
}

#[test]
fn a_path_that_the_url_standard_spells_otherwise_is_noted() {
    let targets = ["/a/../b", "/q?name=O'Brien", "/a?b=c"];
    let requests = targets.map(|target| capture(target, &[], BODY));
    let (target, records) = recorder();
    let outcome = leadhook!("replay c.jsonl --to {}", target)
        .file("c.jsonl", lines(&requests))
        .run()
        .exits(0, "delivered");
    let records = records.lock().unwrap().clone();
    let found: Vec<_> = records.iter().map(|request| request.target.as_str()).collect();
    assert_eq!(found, targets);
    assert_eq!(outcome.stderr, "");
    // Through a proxy, the client only sends URLs.
    let outcome = leadhook!("replay c.jsonl --to {} --proxy http://127.0.0.1:9 --dry-run", target)
        .file("c.jsonl", lines(&requests))
        .run()
        .exits(0, "/q?name=O%27Brien");
    let note = "its path or query is sent in the spelling of the URL standard";
    let expected = format!("note: `c.jsonl:1`: {note}\nnote: `c.jsonl:2`: {note}\n");
    assert_eq!(outcome.stderr, expected);
}

#[test]
fn every_method_and_a_body_with_any_of_them_is_sent() {
    let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "X-OTHER", "post"];
    let requests = methods.map(|method| {
        let mut captured =
            capture("/m?x=1", &[("X-A", "1")], if method == "GET" { "" } else { BODY });
        captured["method"] = method.into();
        captured
    });
    let (target, records) = recorder();
    leadhook!("replay c.jsonl --to {}", target)
        .file("c.jsonl", lines(&requests))
        .run()
        .exits(0, "delivered");
    let records = records.lock().unwrap().clone();
    let found: Vec<_> = records
        .iter()
        .map(|request| (request.method.as_str(), request.target.as_str(), text(&request.body)))
        .collect();
    let expected = methods
        .map(|method| (method, "/m?x=1", if method == "GET" { "" } else { BODY }.to_owned()));
    assert_eq!(found, expected);
}
