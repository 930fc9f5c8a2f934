#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;

const STREAM: &[u8] = b"\r\n\
    POST /a?b=1#c HTTP/1.1\r\nHOST: x\r\nx-b: 1\r\nX-A:  two \r\nx-B: 3\r\nContent-Length: 9\r\n\r\n\
    GET /\r\n\r\n\
    GET /second HTTP/1.0\r\n\r\n\
    PUT http://h/c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: Chunked\r\n\r\n\
    5 ;ext=\"1\"\r\nhello\r\n00A\r\n0123\r\n\r\n89\r\n0\r\nTrailer: no\r\nX: y\r\n\r\n\
    POST /last HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n";

fn recorder(bytes: &[u8]) -> HeadRecorder {
    let mut recorder = HeadRecorder::new(1024);
    recorder.follow(bytes);
    recorder
}

fn targets(recorder: &mut HeadRecorder) -> Vec<String> {
    std::iter::from_fn(|| recorder.next_head()).map(|head| head.target).collect()
}

#[test]
fn finds_the_same_heads_for_every_split_of_the_bytes() {
    for size in 1..=STREAM.len() {
        let mut recorder = HeadRecorder::new(1024);
        STREAM.chunks(size).for_each(|part| recorder.follow(part));
        let expected = ["/a?b=1#c", "/second", "http://h/c", "/last"];
        assert_eq!(targets(&mut recorder), expected, "in parts of {size}");
        assert_eq!(recorder.unfinished_head(), None, "in parts of {size}");
    }
}

#[test]
fn keeps_names_values_and_order_as_written() {
    let head = recorder(STREAM).next_head().unwrap();
    let pairs: Vec<_> = head.headers.iter().collect();
    let expected: [(&str, &[u8]); 5] =
        [("HOST", b"x"), ("x-b", b"1"), ("X-A", b"two"), ("x-B", b"3"), ("Content-Length", b"9")];
    assert_eq!(pairs, expected);
    assert_eq!((head.method.as_str(), head.http_version), ("POST", "HTTP/1.1"));
}

#[test]
fn never_keeps_more_of_a_head_than_the_limit() {
    let mut recorder = HeadRecorder::new(64);
    for _ in 0..1000 {
        recorder.follow(b"GET /0123456789");
    }
    assert_eq!(recorder.pending_head().len(), 64);
    assert_eq!(recorder.next_head(), None);
}

#[test]
fn stops_at_bytes_that_it_cannot_parse() {
    let after = "GET /after HTTP/1.1\r\nHost: x\r\n\r\n";
    let chunked = "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    for chunks in ["x\r\n", "\r\n", "5\n", "1\r\nab\r\n", "1;\n", "10000000000000000\r\n"] {
        let mut recorder = recorder(format!("{chunked}{chunks}{after}").as_bytes());
        assert_eq!(targets(&mut recorder), ["/a"], "{chunks:?}");
    }
    let both = "POST /a HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n";
    assert_eq!(targets(&mut recorder(format!("{both}{after}").as_bytes())), ["/a"]);
    let huge = "POST /a HTTP/1.1\r\nContent-Length: 18446744073709551615\r\n\r\n";
    assert_eq!(targets(&mut recorder(format!("{huge}{after}").as_bytes())), ["/a"]);
}

#[test]
fn keeps_nothing_after_it_has_stopped() {
    let mut recorder = recorder(STREAM);
    recorder.stop();
    recorder.follow(b"GET /after HTTP/1.1\r\n\r\n");
    assert_eq!(recorder.next_head(), None);
    assert!(recorder.pending_head().is_empty());
}
