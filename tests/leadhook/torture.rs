//! Malformed and unusual HTTP requests, each followed by a genuine delivery (black box).
//!
//! A row has the bytes to write and the allowed responses. After every row, a genuine delivery is
//! answered with 200, and only deliveries answered with 200 are captured.

mod rows;

use crate::listen::listen;
use crate::support::{amount, captures};
use crate::torture::rows::Allowed::{self, Closed, Either, Rejected, Served};
use crate::torture::rows::{CONNECTIONS, FRAMING, HEADS};
use crate::wire::{connect, exchange, genuine};
use std::io::{Read, Write};
use std::net::Shutdown;

/// The parts of a genuine delivery.
struct Genuine {
    request: String,
    /// Its headers as lines, without `Content-Length`.
    headers: String,
    body: String,
}

impl Genuine {
    fn new() -> Self {
        let request = String::from_utf8(genuine("created", &["--seed", "7"])).unwrap();
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        let lines = head.lines().skip(1);
        let others = lines.filter(|line| !line.to_ascii_lowercase().starts_with("content-length"));
        let headers = others.flat_map(|line| [line, "\r\n"]).collect();
        Self { headers, body: body.to_owned(), request }
    }

    fn fill(&self, template: &str) -> Vec<u8> {
        let length = self.body.len();
        template
            .replace("{S}", &self.headers)
            .replace("{N}", &length.to_string())
            .replace("{H}", &format!("{length:x}"))
            .replace("{B}", &self.body)
            .replace("{R}", &self.request)
            .into_bytes()
    }
}

/// Generated rows that are too long for the tables: names, bytes, and allowed responses.
fn generated_rows() -> Vec<(&'static str, Vec<u8>, Allowed)> {
    let head = |lines: &str| format!("POST / HTTP/1.1\r\nHost: x\r\n{lines}\r\n").into_bytes();
    let mut tls_hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec();
    tls_hello.extend((0..=255).cycle().take(500));
    let noise = (0..4096_u32).map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[1]).collect();
    vec![
        ("tls-hello", tls_hello, Closed),
        ("noise", noise, Closed),
        ("300-headers", head(&"X-A: 1\r\n".repeat(300)), Rejected(&[431])),
        ("20000-headers", head(&"X-A: 1\r\n".repeat(20_000)), Rejected(&[431])),
        (
            "300-kib-of-value",
            head(&format!("X-A: {}\r\n", "x".repeat(300 << 10))),
            Rejected(&[431]),
        ),
        ("endless-line", "x".repeat(1 << 20).into_bytes(), Closed),
        (
            "target-of-a-mebibyte",
            format!("POST /{} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(1 << 20)).into_bytes(),
            Rejected(&[414, 431]),
        ),
        (
            "chunk-size-line-of-a-mebibyte",
            format!(
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{}",
                "0".repeat(1 << 20)
            )
            .into_bytes(),
            Rejected(&[400, 413]),
        ),
        (
            "chunk-extension-of-a-mebibyte",
            format!(
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;{}",
                "e".repeat(1 << 20)
            )
            .into_bytes(),
            Rejected(&[400, 413]),
        ),
        ("line-ends-for-ever", "\r\n".repeat(200_000).into_bytes(), Closed),
    ]
}

/// Returns the statuses of all responses until the connection is closed.
fn statuses(address: std::net::SocketAddr, bytes: &[u8]) -> Vec<u16> {
    let mut stream = connect(address);
    let mut writer = stream.try_clone().unwrap();
    let bytes = bytes.to_vec();
    let thread = std::thread::spawn(move || {
        // The listener may have closed the connection early.
        let _ = writer.write_all(&bytes);
        let _ = writer.shutdown(Shutdown::Write);
    });
    let mut response = Vec::new();
    // A reset after the response also ends the connection.
    let _ = stream.read_to_end(&mut response);
    thread.join().unwrap();
    let text = String::from_utf8_lossy(&response);
    let lines = text.split("HTTP/1.").skip(1).filter_map(|line| line.get(2..));
    lines.filter_map(|line| line.get(..3)?.parse().ok()).filter(|status| *status != 100).collect()
}

fn is_allowed(allowed: Allowed, statuses: &[u16]) -> bool {
    let all_served = statuses.iter().all(|status| *status == 200);
    let refused = |allowed: &[u16]| {
        let Some((last, before)) = statuses.split_last() else { return false };
        allowed.contains(last) && before.iter().all(|status| *status == 200)
    };
    match allowed {
        Served(count) => all_served && statuses.len() == count,
        Rejected(allowed) => refused(allowed),
        Either(allowed) => all_served && statuses.len() == 1 || refused(allowed),
        Closed => !statuses.contains(&200),
    }
}

#[test]
fn after_each_row_a_delivery_is_accepted_and_nothing_is_smuggled() {
    let listener = listen(&["--save", "caps", "--read-timeout", "5s"]);
    let address = listener.address();
    let genuine = Genuine::new();
    let rows = [FRAMING, HEADS, CONNECTIONS].concat();
    let rows = rows.iter().map(|(name, text, allowed)| (*name, genuine.fill(text), *allowed));
    let rows: Vec<_> = rows.chain(generated_rows()).collect();
    assert!(rows.len() >= 110, "{}", rows.len());
    let (mut failures, mut accepted) = (Vec::new(), 0);
    for (name, bytes, allowed) in &rows {
        let statuses = statuses(address, bytes);
        accepted += statuses.iter().filter(|status| **status == 200).count();
        // Rejected deliveries are saved too, because they were complete requests.
        let refused = statuses.iter().filter(|status| **status == 401).count();
        if !is_allowed(*allowed, &statuses) {
            failures.push(format!("{name}: expected {allowed:?}, got {statuses:?}"));
        }
        accepted += refused;
        let reply = exchange(address, genuine.request.as_bytes());
        let status = reply.map(|reply| reply.status);
        accepted += usize::from(status == Some(200));
        if status != Some(200) {
            failures.push(format!("after {name} a genuine delivery got {status:?}"));
        }
        let saved = captures(&listener.dir().join("caps")).len();
        if saved != accepted {
            failures.push(format!("{name}: {saved} captures, {accepted} answered"));
            accepted = saved;
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {} rows:\n{}",
        failures.len(),
        rows.len(),
        failures.join("\n")
    );
}

#[test]
fn idle_and_slow_connections_do_not_block_deliveries() {
    let head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nx";
    let crowds = [("idle", ""), ("half a head", "POST / HTTP/1.1\r\nHo"), ("half a body", head)];
    for (name, bytes) in crowds {
        let listener = listen(&["--max-connections", "128", "-q"]);
        let request = genuine("created", &[]);
        // More than the listener accepts; with `just soak`, as many as a process may open on small
        // systems.
        let crowd: Vec<_> = (0..amount(200, 800))
            .map(|_| {
                let mut stream = connect(listener.address());
                // An evicted connection serves as well as one that stays.
                let _ = stream.write_all(bytes.as_bytes());
                stream
            })
            .collect();
        for _ in 0..3 {
            let reply = exchange(listener.address(), &request).unwrap();
            assert_eq!(reply.status, 200, "{name}");
        }
        drop(crowd);
    }
}
