#![allow(clippy::unwrap_used, reason = "a test says no by panicking")]

use super::*;

const STREAM: &[u8] = b"\r\n\
    POST /a?b=1#c HTTP/1.1\r\nHOST: x\r\nx-b: 1\r\nX-A:  two \r\nx-B: 3\r\nContent-Length: 9\r\n\r\n\
    GET /\r\n\r\n\
    GET /second HTTP/1.0\r\n\r\n\
    PUT http://h/c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: Chunked\r\n\r\n\
    5 ;ext=\"1\"\r\nhello\r\n00A\r\n0123\r\n\r\n89\r\n0\r\nTrailer: no\r\nX: y\r\n\r\n\
    POST /last HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n";

fn tap(bytes: &[u8]) -> Tap {
    let mut tap = Tap::new(1024);
    tap.follow(bytes);
    tap
}

fn targets(tap: &mut Tap) -> Vec<String> {
    std::iter::from_fn(|| tap.next_head()).map(|head| head.target).collect()
}

fn check(text: &str) -> Result<(), Fault> {
    Head::parse(text.as_bytes()).map_or(Err(Fault::Target), |head| head.check())
}

#[test]
fn finds_the_same_heads_however_the_bytes_are_cut() {
    for size in 1..=STREAM.len() {
        let mut tap = Tap::new(1024);
        STREAM.chunks(size).for_each(|part| tap.follow(part));
        let expected = ["/a?b=1#c", "/second", "http://h/c", "/last"];
        assert_eq!(targets(&mut tap), expected, "in parts of {size}");
        assert_eq!(tap.begun(), None, "in parts of {size}");
    }
}

#[test]
fn keeps_names_values_and_order_as_written() {
    let head = tap(STREAM).next_head().unwrap();
    let pairs: Vec<_> = head.headers.iter().collect();
    let expected: [(&str, &[u8]); 5] =
        [("HOST", b"x"), ("x-b", b"1"), ("X-A", b"two"), ("x-B", b"3"), ("Content-Length", b"9")];
    assert_eq!(pairs, expected);
    assert_eq!((head.method.as_str(), head.http_version), ("POST", "HTTP/1.1"));
}

#[test]
fn keeps_bytes_that_are_not_ascii() {
    let head = Head::parse(b"GET / HTTP/1.1\r\nHost: x\r\nN: J\xfcrgen\r\n\r\n").unwrap();
    assert_eq!(head.headers.get("n"), Some(b"J\xfcrgen".as_slice()));
}

#[test]
fn never_keeps_more_of_a_head_than_the_limit() {
    let mut tap = Tap::new(64);
    for _ in 0..1000 {
        tap.follow(b"GET /0123456789");
    }
    assert_eq!(tap.pending().len(), 64);
    assert_eq!(tap.next_head(), None);
}

#[test]
fn follows_no_further_than_it_understands() {
    let after = "GET /after HTTP/1.1\r\nHost: x\r\n\r\n";
    let chunked = "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    for chunks in ["x\r\n", "\r\n", "5\n", "1\r\nab\r\n", "1;\n", "10000000000000000\r\n"] {
        let mut tap = tap(format!("{chunked}{chunks}{after}").as_bytes());
        assert_eq!(targets(&mut tap), ["/a"], "{chunks:?}");
    }
    let both = "POST /a HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n";
    assert_eq!(targets(&mut tap(format!("{both}{after}").as_bytes())), ["/a"]);
    let huge = "POST /a HTTP/1.1\r\nContent-Length: 18446744073709551615\r\n\r\n";
    assert_eq!(targets(&mut tap(format!("{huge}{after}").as_bytes())), ["/a"]);
}

#[test]
fn remembers_nothing_after_it_has_lost_its_way() {
    let mut tap = tap(STREAM);
    tap.lose();
    tap.follow(b"GET /after HTTP/1.1\r\n\r\n");
    assert_eq!(tap.next_head(), None);
    assert!(tap.pending().is_empty());
}

#[test]
fn names_the_fault_of_a_request_with_two_readings() {
    let post = |fields: &str| check(&format!("POST / HTTP/1.1\r\nHost: x\r\n{fields}\r\n"));
    assert_eq!(post(""), Ok(()));
    assert_eq!(post("content-length: 007\r\n"), Ok(()));
    assert_eq!(post("TRANSFER-ENCODING: CHUNKED\r\n"), Ok(()));
    for length in ["", "+5", "-1", "0x40", "5, 5", "5 5", "5,", "18446744073709551616", "\u{b2}"] {
        assert_eq!(post(&format!("Content-Length: {length}\r\n")), Err(Fault::Length), "{length}");
    }
    let coded = |coding: &str| post(&format!("Transfer-Encoding: {coding}\r\n"));
    for coding in
        ["", "gzip", "identity", "xchunked", "\"chunked\"", "chunked, gzip", "chunked;q=1"]
    {
        assert_eq!(coded(coding), Err(Fault::Coding), "{coding}");
    }
    for coding in ["gzip, chunked", "chunked,chunked", ", chunked"] {
        assert_eq!(coded(coding), Err(Fault::UnknownCoding), "{coding}");
    }
    let (length, coding) = ("Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n");
    assert_eq!(post(&length.repeat(2)), Err(Fault::SeveralLengths));
    assert_eq!(post(&coding.repeat(2)), Err(Fault::SeveralCodings));
    assert_eq!(post(&format!("{length}{coding}")), Err(Fault::LengthAndCoding));
    assert_eq!(post(&format!("{coding}{length}")), Err(Fault::LengthAndCoding));
    assert_eq!(post("Host: x\r\n"), Err(Fault::SeveralHosts));
    assert_eq!(post("A: 1\n"), Err(Fault::LineEnd));
    assert_eq!(check("GET / HTTP/1.1\r\n\r\n"), Err(Fault::NoHost));
    assert_eq!(check("GET / HTTP/1.0\r\n\r\n"), Ok(()));
    assert_eq!(check(&format!("GET / HTTP/1.0\r\n{coding}\r\n")), Err(Fault::CodingTooNew));
}
