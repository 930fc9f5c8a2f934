//! Malformed and unusual HTTP requests, each followed by a genuine delivery (black box).
//!
//! A row has the bytes to write and the allowed responses. After every row, a genuine delivery is
//! answered with 200, and only deliveries answered with 200 are captured.

use crate::listen::listen;
use crate::support::{amount, captures};
use crate::wire::{connect, exchange, genuine};
use std::io::{Read, Write};
use std::net::Shutdown;

/// The allowed responses.
#[derive(Clone, Copy, Debug)]
enum Allowed {
    /// It is served: this many responses of 200.
    Served(usize),
    /// One of these statuses, after this many responses of 200, and the connection is closed.
    Rejected(&'static [u16]),
    /// It is served or rejected: RFC 9112 allows both.
    Either(&'static [u16]),
    /// The connection is closed, with any response or none.
    Closed,
}

use Allowed::{Closed, Either, Rejected, Served};

const BAD: Allowed = Rejected(&[400]);

/// The name of a row, the bytes to write, and the allowed responses. `{S}` is replaced with the
/// headers of a genuine delivery without `Content-Length`, `{N}` with its length, `{B}` with its
/// body.
type Row = (&'static str, &'static str, Allowed);

/// Framing: the end of a body, and bytes that must not be parsed as a second request.
const FRAMING: &[Row] = &[
    ("length-garbage", "POST / HTTP/1.1\r\n{S}Content-Length: abc\r\n\r\n{B}", BAD),
    ("length-negative", "POST / HTTP/1.1\r\n{S}Content-Length: -1\r\n\r\n{B}", BAD),
    ("length-plus", "POST / HTTP/1.1\r\n{S}Content-Length: +5\r\n\r\n{B}", BAD),
    ("length-hex", "POST / HTTP/1.1\r\n{S}Content-Length: 0x40\r\n\r\n{B}", BAD),
    ("length-list", "POST / HTTP/1.1\r\n{S}Content-Length: {N}, {N}\r\n\r\n{B}", BAD),
    ("length-empty", "POST / HTTP/1.1\r\n{S}Content-Length: \r\n\r\n{B}", BAD),
    ("length-float", "POST / HTTP/1.1\r\n{S}Content-Length: 5.0\r\n\r\n{B}", BAD),
    ("length-inner-space", "POST / HTTP/1.1\r\n{S}Content-Length: 1 2\r\n\r\n{B}", BAD),
    (
        "lengths-that-differ",
        "POST / HTTP/1.1\r\n{S}Content-Length: 1\r\nContent-Length: {N}\r\n\r\n{B}",
        BAD,
    ),
    (
        "lengths-that-agree",
        "POST / HTTP/1.1\r\n{S}Content-Length: {N}\r\nContent-Length: {N}\r\n\r\n{B}",
        BAD,
    ),
    (
        "length-64-gib",
        "POST / HTTP/1.1\r\n{S}Content-Length: 68719476736\r\n\r\n{B}",
        Rejected(&[413]),
    ),
    (
        "length-2-63",
        "POST / HTTP/1.1\r\n{S}Content-Length: 9223372036854775808\r\n\r\n{B}",
        Rejected(&[413]),
    ),
    (
        "length-2-64",
        "POST / HTTP/1.1\r\n{S}Content-Length: 18446744073709551616\r\n\r\n{B}",
        Rejected(&[400, 413]),
    ),
    (
        "length-of-30-digits",
        "POST / HTTP/1.1\r\n{S}Content-Length: 999999999999999999999999999999\r\n\r\n",
        Rejected(&[400, 413]),
    ),
    (
        "length-and-coding",
        "POST / HTTP/1.1\r\n{S}Content-Length: {N}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        BAD,
    ),
    (
        "coding-and-length",
        "POST / HTTP/1.1\r\n{S}Transfer-Encoding: chunked\r\nContent-Length: {N}\r\n\r\n0\r\n\r\n",
        BAD,
    ),
    (
        "coding-twice",
        "POST / HTTP/1.1\r\n{S}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        BAD,
    ),
    (
        "coding-identity",
        "POST / HTTP/1.1\r\n{S}Transfer-Encoding: identity\r\n\r\n{B}",
        Rejected(&[400, 501]),
    ),
    (
        "coding-gzip",
        "POST / HTTP/1.1\r\n{S}Transfer-Encoding: gzip\r\n\r\n{B}",
        Rejected(&[400, 501]),
    ),
    (
        "coding-gzip-chunked",
        "POST / HTTP/1.1\r\n{S}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        Rejected(&[400, 501]),
    ),
    (
        "coding-chunked-gzip",
        "POST / HTTP/1.1\r\n{S}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
        Rejected(&[400, 501]),
    ),
    (
        "coding-chunked-chunked",
        "POST / HTTP/1.1\r\n{S}Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
        Rejected(&[400, 501]),
    ),
    (
        "coding-unknown",
        "POST / HTTP/1.1\r\n{S}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        Rejected(&[400, 501]),
    ),
    (
        "coding-empty",
        "POST / HTTP/1.1\r\n{S}Transfer-Encoding: \r\n\r\n0\r\n\r\n",
        Rejected(&[400, 501]),
    ),
    (
        "coding-in-http-1-0",
        "POST / HTTP/1.0\r\n{S}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        BAD,
    ),
    (
        "coding-in-capitals",
        "POST / HTTP/1.1\r\n{S}Transfer-Encoding: CHUNKED\r\n\r\n{H}\r\n{B}\r\n0\r\n\r\n",
        Served(1),
    ),
    (
        "chunks-in-order",
        "POST / HTTP/1.1\r\n{S}Transfer-Encoding: chunked\r\n\r\n{H}\r\n{B}\r\n0\r\n\r\n",
        Served(1),
    ),
    (
        "chunk-extension",
        "POST / HTTP/1.1\r\n{S}Transfer-Encoding: chunked\r\n\r\n{H};a=b\r\n{B}\r\n0\r\n\r\n",
        Served(1),
    ),
    (
        "chunk-size-with-zeros",
        "POST / HTTP/1.1\r\n{S}Transfer-Encoding: chunked\r\n\r\n000{H}\r\n{B}\r\n0\r\n\r\n",
        Served(1),
    ),
    (
        "trailer-that-names-a-length",
        "POST / HTTP/1.1\r\n{S}Transfer-Encoding: chunked\r\n\r\n{H}\r\n{B}\r\n0\r\nContent-Length: 5\r\n\r\n",
        Served(1),
    ),
    (
        "trailer-that-names-a-signature",
        "POST / HTTP/1.1\r\n{S}Transfer-Encoding: chunked\r\n\r\n{H}\r\n{B}\r\n0\r\nX-Lead-Router-Signature: 00\r\n\r\n",
        Served(1),
    ),
    (
        "chunk-size-garbage",
        "POST / HTTP/1.1\r\n{S}Transfer-Encoding: chunked\r\n\r\nzz\r\n{B}\r\n0\r\n\r\n",
        BAD,
    ),
    (
        "chunk-size-negative",
        "POST / HTTP/1.1\r\n{S}Transfer-Encoding: chunked\r\n\r\n-5\r\n{B}\r\n0\r\n\r\n",
        BAD,
    ),
    (
        "chunk-size-0x",
        "POST / HTTP/1.1\r\n{S}Transfer-Encoding: chunked\r\n\r\n0x5\r\n{B}\r\n0\r\n\r\n",
        BAD,
    ),
    (
        "chunk-size-2-63",
        "POST / HTTP/1.1\r\n{S}Transfer-Encoding: chunked\r\n\r\n8000000000000000\r\n{B}",
        Rejected(&[400, 413]),
    ),
    (
        "chunk-size-17-digits",
        "POST / HTTP/1.1\r\n{S}Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n{B}",
        Rejected(&[400, 413]),
    ),
    (
        "chunk-size-empty",
        "POST / HTTP/1.1\r\n{S}Transfer-Encoding: chunked\r\n\r\n\r\n{B}\r\n0\r\n\r\n",
        BAD,
    ),
    (
        "chunk-without-line-end",
        "POST / HTTP/1.1\r\n{S}Transfer-Encoding: chunked\r\n\r\n{H}\r\n{B}0\r\n\r\n",
        BAD,
    ),
    (
        "chunk-line-in-lf",
        "POST / HTTP/1.1\r\n{S}Transfer-Encoding: chunked\r\n\r\n{H}\n{B}\n0\n\n",
        BAD,
    ),
    ("chunks-cut", "POST / HTTP/1.1\r\n{S}Transfer-Encoding: chunked\r\n\r\n{H}\r\n{B}", BAD),
    (
        "chunks-without-the-last",
        "POST / HTTP/1.1\r\n{S}Transfer-Encoding: chunked\r\n\r\n{H}\r\n{B}\r\n",
        BAD,
    ),
    ("body-cut", "POST / HTTP/1.1\r\n{S}Content-Length: 99999\r\n\r\n{B}", BAD),
    ("body-after-no-length", "POST / HTTP/1.1\r\n{S}\r\n{B}", Closed),
];

/// Heads: lines, names, values, targets, methods, versions.
const HEADS: &[Row] = &[
    (
        "folded-line",
        "POST / HTTP/1.1\r\n{S}X-A: 1\r\n folded\r\nContent-Length: {N}\r\n\r\n{B}",
        BAD,
    ),
    ("folded-first-line", "POST / HTTP/1.1\r\n Host: y\r\n{S}Content-Length: {N}\r\n\r\n{B}", BAD),
    (
        "folded-by-tab",
        "POST / HTTP/1.1\r\n{S}X-A: 1\r\n\tfolded\r\nContent-Length: {N}\r\n\r\n{B}",
        BAD,
    ),
    ("lf-in-a-header", "POST / HTTP/1.1\r\n{S}X-A: 1\nContent-Length: {N}\r\n\r\n{B}", BAD),
    ("lf-after-the-request-line", "POST / HTTP/1.1\n{S}Content-Length: {N}\r\n\r\n{B}", BAD),
    ("lf-alone-everywhere", "POST / HTTP/1.1\nHost: x\nContent-Length: 0\n\n", BAD),
    ("cr-alone", "POST / HTTP/1.1\r\n{S}X-A: 1\rX-B: 2\r\nContent-Length: {N}\r\n\r\n{B}", BAD),
    ("nul-in-a-value", "POST / HTTP/1.1\r\n{S}X-A: 1\x002\r\nContent-Length: {N}\r\n\r\n{B}", BAD),
    ("nul-in-a-name", "POST / HTTP/1.1\r\n{S}X\0A: 1\r\nContent-Length: {N}\r\n\r\n{B}", BAD),
    (
        "escape-in-a-value",
        "POST / HTTP/1.1\r\n{S}X-A: \x1b[31m\r\nContent-Length: {N}\r\n\r\n{B}",
        BAD,
    ),
    ("delete-in-a-value", "POST / HTTP/1.1\r\n{S}X-A: \x7f\r\nContent-Length: {N}\r\n\r\n{B}", BAD),
    (
        "space-before-the-colon",
        "POST / HTTP/1.1\r\n{S}X-A : 1\r\nContent-Length: {N}\r\n\r\n{B}",
        BAD,
    ),
    ("empty-name", "POST / HTTP/1.1\r\n{S}: 1\r\nContent-Length: {N}\r\n\r\n{B}", BAD),
    (
        "line-without-a-colon",
        "POST / HTTP/1.1\r\n{S}nonsense\r\nContent-Length: {N}\r\n\r\n{B}",
        BAD,
    ),
    ("name-in-brackets", "POST / HTTP/1.1\r\n{S}X(A): 1\r\nContent-Length: {N}\r\n\r\n{B}", BAD),
    (
        "utf-8-in-a-value",
        "POST / HTTP/1.1\r\n{S}X-A: caf\u{e9}\r\nContent-Length: {N}\r\n\r\n{B}",
        Served(1),
    ),
    ("empty-value", "POST / HTTP/1.1\r\n{S}X-A:\r\nContent-Length: {N}\r\n\r\n{B}", Served(1)),
    (
        "empty-lines-before",
        "\r\n\r\nPOST / HTTP/1.1\r\n{S}Content-Length: {N}\r\n\r\n{B}",
        Served(1),
    ),
    ("space-before-the-method", " POST / HTTP/1.1\r\n{S}Content-Length: {N}\r\n\r\n{B}", BAD),
    ("two-spaces", "POST  / HTTP/1.1\r\n{S}Content-Length: {N}\r\n\r\n{B}", BAD),
    ("tab-for-a-space", "POST\t/\tHTTP/1.1\r\n{S}Content-Length: {N}\r\n\r\n{B}", BAD),
    ("no-target", "POST HTTP/1.1\r\n{S}Content-Length: {N}\r\n\r\n{B}", BAD),
    (
        "absolute-target",
        "POST http://x/hooks HTTP/1.1\r\n{S}Content-Length: {N}\r\n\r\n{B}",
        Served(1),
    ),
    (
        "target-with-a-query",
        "POST /a?b=c&d=%00 HTTP/1.1\r\n{S}Content-Length: {N}\r\n\r\n{B}",
        Served(1),
    ),
    (
        "target-with-dot-segments",
        "POST /../../etc/passwd HTTP/1.1\r\n{S}Content-Length: {N}\r\n\r\n{B}",
        Served(1),
    ),
    (
        "target-of-a-tunnel",
        "CONNECT x:443 HTTP/1.1\r\nHost: x:443\r\n\r\n",
        Rejected(&[400, 405, 501]),
    ),
    ("http-0-9", "GET /\r\n\r\n", Closed),
    ("http-1-2", "POST / HTTP/1.2\r\n{S}Content-Length: {N}\r\n\r\n{B}", Either(&[400, 505])),
    ("http-2-0", "POST / HTTP/2.0\r\n{S}Content-Length: {N}\r\n\r\n{B}", Rejected(&[400, 505])),
    ("http-9-9", "POST / HTTP/9.9\r\n{S}Content-Length: {N}\r\n\r\n{B}", Rejected(&[400, 505])),
    ("lower-case-http", "POST / http/1.1\r\n{S}Content-Length: {N}\r\n\r\n{B}", BAD),
    ("http-without-version", "POST / HTTP/\r\n{S}Content-Length: {N}\r\n\r\n{B}", BAD),
    ("http-1-0", "POST / HTTP/1.0\r\n{S}Content-Length: {N}\r\n\r\n{B}", Served(1)),
    (
        "lower-case-method",
        "post / HTTP/1.1\r\n{S}Content-Length: {N}\r\n\r\n{B}",
        Rejected(&[400, 405, 501]),
    ),
    (
        "method-nobody-knows",
        "BREW / HTTP/1.1\r\n{S}Content-Length: {N}\r\n\r\n{B}",
        Rejected(&[405, 501]),
    ),
    (
        "method-get-with-a-body",
        "GET / HTTP/1.1\r\n{S}Content-Length: {N}\r\n\r\n{B}",
        Rejected(&[405]),
    ),
    ("method-put", "PUT / HTTP/1.1\r\n{S}Content-Length: {N}\r\n\r\n{B}", Rejected(&[405])),
    ("method-trace", "TRACE / HTTP/1.1\r\nHost: x\r\n\r\n", Rejected(&[405, 501])),
    ("method-options-of-all", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", Rejected(&[400, 405])),
    ("host-missing", "POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}", BAD),
    ("host-twice", "POST / HTTP/1.1\r\n{S}Host: y\r\nContent-Length: {N}\r\n\r\n{B}", BAD),
    (
        "expect-100",
        "POST / HTTP/1.1\r\n{S}Expect: 100-continue\r\nContent-Length: {N}\r\n\r\n{B}",
        Served(1),
    ),
    (
        "expect-100-in-capitals",
        "POST / HTTP/1.1\r\n{S}Expect: 100-CONTINUE\r\nContent-Length: {N}\r\n\r\n{B}",
        Served(1),
    ),
    (
        "expect-something-else",
        "POST / HTTP/1.1\r\n{S}Expect: the-unexpected\r\nContent-Length: {N}\r\n\r\n{B}",
        Either(&[417]),
    ),
    (
        "signature-twice",
        "POST / HTTP/1.1\r\n{S}X-Lead-Router-Signature: 00\r\nContent-Length: {N}\r\n\r\n{B}",
        Rejected(&[401]),
    ),
];

/// Connections: several requests on one, other protocols, noise.
const CONNECTIONS: &[Row] = &[
    ("two-at-once", "{R}{R}", Served(2)),
    ("five-at-once", "{R}{R}{R}{R}{R}", Served(5)),
    ("good-then-bad", "{R}GARBAGE\r\n\r\n", Rejected(&[400])),
    (
        "good-bad-good",
        "{R}POST / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n{R}",
        Rejected(&[400]),
    ),
    (
        "request-behind-a-bad-length",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0x2\r\n\r\n{R}",
        BAD,
    ),
    (
        "request-in-the-body-of-two-framings",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{R}",
        BAD,
    ),
    (
        "request-behind-a-bad-chunk",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n{R}",
        BAD,
    ),
    (
        "closes-when-asked",
        "POST / HTTP/1.1\r\n{S}Connection: close\r\nContent-Length: {N}\r\n\r\n{B}{R}",
        Served(1),
    ),
    (
        "offer-of-h2c",
        "POST / HTTP/1.1\r\n{S}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\nContent-Length: {N}\r\n\r\n{B}",
        Served(1),
    ),
    (
        "offer-of-a-websocket",
        "GET /chat HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
        Rejected(&[405]),
    ),
    ("http-2-preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0", Closed),
    ("ssh-greeting", "SSH-2.0-OpenSSH_9.2\r\n", Closed),
    ("smtp-greeting", "EHLO example.com\r\nMAIL FROM:<a@example.com>\r\n", Closed),
    ("nuls", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", Closed),
    ("line-ends-alone", "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n", Closed),
    ("nothing", "", Closed),
    ("half-a-line", "POST / HT", Closed),
    ("half-a-head", "POST / HTTP/1.1\r\nHost: x\r\nX-A", Closed),
];

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
