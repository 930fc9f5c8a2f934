//! The malformed and unusual requests, each with its allowed responses.

/// The allowed responses.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Allowed {
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
pub(crate) type Row = (&'static str, &'static str, Allowed);

/// Framing: the end of a body, and bytes that must not be parsed as a second request.
pub(crate) const FRAMING: &[Row] = &[
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
pub(crate) const HEADS: &[Row] = &[
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
pub(crate) const CONNECTIONS: &[Row] = &[
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
