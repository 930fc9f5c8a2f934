//! Properties of captured requests: bounded size, and lossless conversion between formats.

use leadhook::domain::capture::Capture;
use leadhook::domain::message::{Headers, Message};
use leadhook::protocols::requests::{address, har};
use leadhook::protocols::{capture_file, curl, http1, requests};

/// The maximum growth per input byte: `1e20` in a body becomes 21 digits.
const GROWTH: usize = 16;

/// The constant overhead: a method, a version, a host, the headers that `curl` adds.
const OVERHEAD: usize = 256;

/// The maximum number of requests of one file that are converted.
const MAX_CONVERTED: usize = 8;

/// Headers that a format may add, omit or regenerate.
const REGENERATED: [&str; 5] =
    ["Host", "Content-Length", "Transfer-Encoding", "Content-Type", "Accept"];

/// Reads a file of any format, then converts its requests to every format and reads them again.
pub fn read(bytes: &[u8]) {
    let _ = requests::read_line(bytes, 1);
    let Ok(found) = requests::read(bytes) else { return };
    let count = found.len();
    let captures: Vec<_> = found.into_iter().flatten().map(|found| found.capture).collect();
    let size = |capture: &Capture| {
        let Message { method, target, headers, body, .. } = &capture.message;
        method.len() + target.len() + headers.wire_size() + body.len()
    };
    let total: usize = captures.iter().map(size).sum();
    let max = GROWTH * bytes.len() + OVERHEAD * count;
    assert!(total <= max, "{} bytes of input give {total}", bytes.len());
    captures.iter().take(MAX_CONVERTED).for_each(assert_converts);
}

/// The beginnings of texts in the formats that are not detected from a single byte.
const TEXT_STARTS: [&str; 14] = [
    "POST http://example.com/hooks\nA: 1\n\n",
    "@a = b\n### c\nPOST {{a}}\nA: {{a}}\n\n{{a}}\n",
    "Listening\nPOST / HTTP/1.1\nA: 1\n\nHTTP/1.1 100 Continue\n\n",
    "POST http://example.com/hooks\nA: 1\n`b`\nHTTP 200\n",
    "POST http://example.com/hooks\nA: 1\n",
    "meta {\n}\npost {\n  url: http://example.com/\n  body: json\n}\nbody:json {\n  ",
    "fetch(\"http://example.com/\", {method: 'POST', body: ",
    "const a = ",
    "=> Send header, 1 bytes (0x1)\n0000: POST / HTTP/1.1\n0011: \n=> Send data, 1 bytes (0x1)\n0000: ",
    "* Connected\n> POST / HTTP/1.1\n",
    "$ curl example.com -d a\n* Connected\n",
    "web-1  | POST / HTTP/1.1\nweb-1  | ",
    "[info] started\n[info] {\"headers\":{},\"body\":\"\"}\n[info] ",
    "eyJ",
];

/// Reads a text in each of the text formats that goes on with the bytes.
pub fn texts(bytes: &[u8]) {
    for start in TEXT_STARTS {
        let text = [start.as_bytes(), bytes].concat();
        let _ = requests::detect_request_per_line(&text, false);
        read(&text);
    }
}

/// Reads an HTTP message that consists of the bytes, then one with the bytes as a chunked body.
///
/// The first byte is the chunk size.
pub fn message(bytes: &[u8]) {
    read(&[b"POST / HTTP/1.1\r\n", bytes].concat());
    let Some((&first, body)) = bytes.split_first() else { return };
    let mut text = b"POST / HTTP/1.1\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    for chunk in body.chunks(usize::from(first).max(1)) {
        let extension = if first % 2 == 0 { "" } else { " ;name=\"value\"" };
        text.extend_from_slice(format!("{:X}{extension}\r\n", chunk.len()).as_bytes());
        text.extend_from_slice(chunk);
        text.extend_from_slice(b"\r\n");
    }
    text.extend_from_slice(
        b"0\r\nTrailer: 1\r\n\r\nPOST /next HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
    );
    let found = requests::read(&text).unwrap_or_else(|error| panic!("{error}"));
    let bodies: Vec<_> =
        found.into_iter().map(|found| found.map(|found| found.capture.message.body)).collect();
    assert_eq!(bodies, [Ok(body.to_vec().into()), Ok(Vec::new().into())]);
}

/// Reads a `curl` command that consists of the bytes, then one that has them in every option.
pub fn command(bytes: &[u8]) {
    read(&[b"curl ", bytes].concat());
    read(&[b"curl ^\"", bytes].concat());
    let value = bytes.trim_ascii();
    let headers = Headers::from_iter([("Host", b"example.com".as_slice()), ("X-Any", value)]);
    let valid = Message::post("/", headers, bytes.to_vec());
    let text = std::str::from_utf8(bytes).unwrap_or("/");
    let message = Message { target: format!("/{text}"), ..valid.clone() };
    for message in [valid, message] {
        assert_converts(&Capture::new(None, None, message));
    }
}

/// Asserts that writing a request in every format that supports it and reading it changes nothing.
fn assert_converts(capture: &Capture) {
    let message = &capture.message;
    let json = capture_file::write(capture);
    assert_eq!(only(json.as_bytes()), *capture, "{json}");
    let archive = har::write([(capture, None)], "0");
    assert_same("HAR", message, &only(archive.as_bytes()).message, archive.as_bytes());
    let http = http1::write_request(message, address::host(message));
    let command = curl::command(message, None, None);
    assert_eq!(http1::check_encodable(message).is_ok(), http.is_ok());
    assert_eq!(http.is_ok(), command.is_ok());
    let (Ok(http), Ok(command)) = (http, command) else { return };
    assert_same("curl", message, &only(command.as_bytes()).message, command.as_bytes());
    // Another transfer coding leaves the end of the body open, so the body could be read as a
    // request.
    if http1::is_chunked(&message.headers) || !message.headers.contains("Transfer-Encoding") {
        assert_same("HTTP", message, &only(&http).message, &http);
    }
}

/// Returns the only request of a file.
fn only(file: &[u8]) -> Capture {
    let shown = || String::from_utf8_lossy(file).into_owned();
    let found = requests::read(file).unwrap_or_else(|error| panic!("{error}: {}", shown()));
    let [Ok(found)] = found.as_slice() else { panic!("{found:?}: {}", shown()) };
    assert!(!found.bytes_were_lost, "{}", shown());
    found.capture.clone()
}

/// Asserts that a request is unchanged except for its framing headers.
fn assert_same(form: &str, before: &Message, after: &Message, file: &[u8]) {
    let shown = || format!("{form}: {}", String::from_utf8_lossy(file));
    assert_eq!(after.body, before.body, "{}", shown());
    assert_eq!((&after.method, &after.target), (&before.method, &before.target), "{}", shown());
    assert_eq!(kept_headers(after), kept_headers(before), "{}", shown());
}

/// Returns the headers that every format keeps, with trimmed values.
fn kept_headers(message: &Message) -> Vec<(&str, &[u8])> {
    // A HAR of HTTP/2 has the request line among the headers.
    let is_regenerated = |name: &str| {
        name.starts_with(':') || REGENERATED.iter().any(|header| header.eq_ignore_ascii_case(name))
    };
    let kept = message.headers.iter().filter(|(name, _)| !is_regenerated(name));
    kept.map(|(name, value)| (name, value.trim_ascii())).collect()
}
