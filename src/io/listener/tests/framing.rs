use super::*;
use crate::protocols::http1::ProtocolError;

const CLOSE: &str = "Host: x\r\nConnection: close\r\n";

#[test]
fn keeps_a_request_byte_for_byte() {
    let rig = TestListener::new();
    let response = rig.send(
        b"POST /Hook?a=%20b&a=1#f HTTP/1.1\r\nhOST: x\r\nX-Sig: one\r\nContent-Length: 3\r\n\
          accept: */*\r\nx-sig:\ttwo \r\nX-SIG: J\xc3\xbcrgen \xff\r\nConnection: close\r\n\r\n\x00\r\n",
    );
    assert!(response.starts_with("HTTP/1.1 200 OK\r\n"), "{response}");
    assert!(response.contains("\r\nContent-Length: 2\r\n") && response.ends_with("\r\n\r\nok"));
    let message = rig.request();
    assert_eq!(message.method, "POST");
    assert_eq!(message.target, "/Hook?a=%20b&a=1#f");
    assert_eq!(message.http_version, "HTTP/1.1");
    assert_eq!(message.body, b"\x00\r\n"[..]);
    let headers: Vec<_> = message.headers.iter().collect();
    let expected: [(&str, &[u8]); 7] = [
        ("hOST", b"x"),
        ("X-Sig", b"one"),
        ("Content-Length", b"3"),
        ("accept", b"*/*"),
        ("x-sig", b"two"),
        ("X-SIG", b"J\xc3\xbcrgen \xff"),
        ("Connection", b"close"),
    ];
    assert_eq!(headers, expected);
    assert_eq!(rig.stop_and_take_calls(), []);
}

#[test]
fn responds_to_pipelined_requests_in_order() {
    let rig =
        TestListener::with(Limits::default(), |message| Response::text(200, &*message.target));
    let mut bytes = String::new();
    for number in 0..20 {
        let (host, body) = (if number % 2 == 0 { "HOST" } else { "host" }, "x".repeat(number));
        let head = format!("POST /{number} HTTP/1.1\r\n{host}: x\r\nContent-Length: {number}");
        bytes.extend([&head, "\r\n\r\n", &body]);
    }
    let response = rig.send(bytes + &format!("GET /end HTTP/1.1\r\n{CLOSE}\r\n"));
    for number in 0..20 {
        let message = rig.request();
        assert_eq!(message.target, format!("/{number}"));
        assert_eq!(message.body.len(), number);
        let host = if number % 2 == 0 { "HOST" } else { "host" };
        assert_eq!(message.headers.iter().next(), Some((host, b"x".as_slice())));
    }
    let bodies: Vec<_> = response.split("HTTP/1.1 200 OK").skip(1).collect();
    assert!(bodies.iter().take(20).zip(0..).all(|(body, n)| body.ends_with(&format!("\n/{n}"))));
    assert!(bodies[20].ends_with("/end"));
}

#[test]
fn serves_no_request_after_an_invalid_one() {
    let rig = TestListener::new();
    let valid = "GET /good HTTP/1.1\r\nHost: x\r\n\r\n";
    for invalid in
        ["GET /bad HTTP/1.1\r\nHost : x\r\n\r\n", "GET /bad HTTP/1.1\r\n\r\n", "\x01\r\n\r\n"]
    {
        let response = rig.send(format!("{valid}{invalid}{valid}"));
        assert_eq!(response.matches("HTTP/1.1 ").count(), 2, "{invalid:?}: {response}");
        assert!(response.starts_with("HTTP/1.1 200") && response.contains("HTTP/1.1 400"));
        assert_eq!(rig.request().target, "/good");
        rig.refusal();
    }
    assert_eq!(rig.stop_and_take_calls(), []);
}

#[test]
fn joins_chunks_and_drops_trailers() {
    let rig = TestListener::new();
    let response = rig.send(format!(
        "POST / HTTP/1.1\r\n{CLOSE}tRANSFER-eNCODING: chunked\r\n\r\n\
         3;x=y\r\nabc\r\n00000a\r\n0123456789\r\n0\r\nX-Late: 1\r\nHost: y\r\n\r\n"
    ));
    assert_eq!(status(&response), "200");
    let message = rig.request();
    assert_eq!(message.body, "abc0123456789");
    let names: Vec<_> = message.headers.iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["Host", "Connection", "tRANSFER-eNCODING"]);
}

#[test]
fn reads_a_request_byte_by_byte() {
    let rig = TestListener::new();
    let mut client = rig.connect();
    client.0.set_nodelay(true).unwrap();
    let bytes = "\r\nPOST /slow HTTP/1.1\r\nHOST: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n\
                 0\r\n\r\nPOST /two HTTP/1.1\r\nhoST: x\r\nContent-Length: 2\r\n\r\nok";
    bytes.bytes().for_each(|byte| client.write([byte]));
    client.shutdown_write();
    assert_eq!(client.read_to_end().matches("200 OK").count(), 2);
    for (target, name) in [("/slow", "HOST"), ("/two", "hoST")] {
        let message = rig.request();
        assert_eq!((&*message.target, &*message.body), (target, b"ok".as_slice()));
        assert_eq!(message.headers.iter().next(), Some((name, b"x".as_slice())));
    }
}

#[test]
fn serves_http_1_0() {
    let rig = TestListener::new();
    let response = rig.send("POST /old HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi");
    assert!(response.starts_with("HTTP/1.0 200 OK\r\n"), "{response}");
    let message = rig.request();
    assert_eq!((&*message.http_version, &*message.body), ("HTTP/1.0", b"hi".as_slice()));
}

#[test]
fn sends_100_continue_to_a_sender_that_expects_it() {
    let rig = TestListener::new();
    let mut client = rig.connect();
    client.write(format!(
        "POST / HTTP/1.1\r\n{CLOSE}Content-Length: 2\r\nExpect: 100-Continue\r\n\r\n"
    ));
    assert_eq!(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    client.write("hi");
    assert_eq!(status(&client.read_to_end()), "200");
    assert_eq!(rig.request().body, "hi");
}

#[test]
fn responds_after_the_sender_has_closed_its_write_side() {
    let rig = TestListener::new();
    let mut client = rig.connect();
    client.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi");
    client.shutdown_write();
    assert_eq!(status(&client.read_to_end()), "200");
    assert_eq!(rig.stop_and_take_calls().len(), 1);
}

#[test]
fn ignores_a_request_to_upgrade() {
    let rig = TestListener::new();
    let mut client = rig.connect();
    client.write(
        "POST /h2c HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\n\
         Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQ\r\nContent-Length: 2\r\n\r\nhi",
    );
    assert_eq!(status(&client.read_until("\r\n\r\nok")), "200");
    assert_eq!(status(&client.get("/next")), "200");
    assert_eq!((rig.request().body, rig.request().target), ("hi".into(), "/next".to_owned()));
}

#[test]
fn accepts_targets_of_every_form() {
    let rig = TestListener::new();
    for target in ["*", "http://x/a?b", "HTTP://X", "/{a}|\"b\"", "//", "/\u{fc}", "/?#", "/a#b"] {
        rig.send(format!("OPTIONS {target} HTTP/1.1\r\n{CLOSE}\r\n"));
        assert_eq!(rig.request().target, target);
    }
}

#[test]
fn refuses_ambiguous_requests() {
    let rig = TestListener::new();
    let cases = [
        (
            "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
            400,
            ProtocolError::LengthAndCoding,
        ),
        (
            "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
            400,
            ProtocolError::LengthAndCoding,
        ),
        ("Content-Length: 5\r\nContent-Length: 5\r\n", 400, ProtocolError::SeveralLengths),
        ("Content-Length: 5\r\nContent-Length: 6\r\n", 400, ProtocolError::SeveralLengths),
        ("Content-Length: 5, 5\r\n", 400, ProtocolError::InvalidLength),
        ("Content-Length: +5\r\n", 400, ProtocolError::InvalidLength),
        ("Transfer-Encoding: gzip\r\n", 400, ProtocolError::NotChunkedLast),
        ("Transfer-Encoding: gzip, chunked\r\n", 501, ProtocolError::UnknownCoding),
        (
            "Transfer-Encoding: a\r\nTransfer-Encoding: chunked\r\n",
            400,
            ProtocolError::SeveralCodings,
        ),
        ("Host: y\r\n", 400, ProtocolError::SeveralHosts),
        ("A: 1\nB: 2\r\n", 400, ProtocolError::BareLineFeed),
        ("A: 1\r\n folded\r\n", 400, ProtocolError::HeaderName),
        ("A : 1\r\n", 400, ProtocolError::HeaderName),
        (": 1\r\n", 400, ProtocolError::HeaderName),
        ("A: 1\0\r\n", 400, ProtocolError::HeaderValue),
        ("A: 1\rB: 2\r\n", 400, ProtocolError::HeaderValue),
    ];
    for (fields, code, error) in cases {
        let response =
            rig.send(format!("POST / HTTP/1.1\r\nHost: x\r\n{fields}\r\n0\r\n\r\nGET /smuggled"));
        assert_eq!(status(&response), code.to_string(), "{fields:?}");
        assert_eq!(response.matches("HTTP/1.1 ").count(), 1, "{fields:?}");
        assert_eq!(rig.refusal(), Refusal::Malformed { error }, "{fields:?}");
    }
    for (head, error) in [
        ("GET / HTTP/1.1\r\n\r\n", ProtocolError::NoHost),
        ("GET <a> HTTP/1.1\r\nHost: x\r\n\r\n", ProtocolError::InvalidTarget),
        ("CONNECT x:1 HTTP/1.1\r\nHost: x:1\r\n\r\n", ProtocolError::Tunnel),
        ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", ProtocolError::CodingInHttp10),
    ] {
        assert_eq!(status(&rig.send(head)), error.status().to_string(), "{head:?}");
        assert_eq!(rig.refusal(), Refusal::Malformed { error }, "{head:?}");
    }
    assert_eq!(rig.stop_and_take_calls(), []);
}

#[test]
fn refuses_invalid_chunks() {
    let rig = TestListener::new();
    for chunks in ["x\r\n", "5\r\nhello!!", "5\n", "-1\r\n", "1ffffffffffffffff\r\n", "5;\n"] {
        let head = format!("POST / HTTP/1.1\r\n{CLOSE}Transfer-Encoding: chunked\r\n\r\n");
        let response = rig.send(format!("{head}{chunks}\r\n0\r\n\r\n"));
        assert_eq!(status(&response), "400", "{chunks:?}");
        assert_eq!(
            rig.refusal(),
            Refusal::Malformed { error: ProtocolError::InvalidChunks },
            "{chunks:?}"
        );
    }
    assert_eq!(rig.stop_and_take_calls(), []);
}

#[test]
fn names_other_protocols_in_the_refusal() {
    let rig = TestListener::new();
    for (bytes, reason, tls) in [
        (&b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..], "a TLS handshake", true),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\x12\x04", "the preface of HTTP/2", false),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "an SSH greeting", false),
        (b"\x00\xff\x80\x01\r\n", "no request line", false),
        (b"GET / HTTP/2.0\r\nHost: x\r\n\r\n", "neither HTTP/1.0 nor", false),
        (b"GET /\r\n", "no request line", false),
        (b"GET  / HTTP/1.1\r\nHost: x\r\n\r\n", "no request line", false),
    ] {
        assert_eq!(status(&rig.send(bytes)), "400", "{reason}");
        match rig.refusal() {
            Refusal::NotHttp { reason: found, looks_like_tls } => {
                assert!(found.starts_with(reason) && looks_like_tls == tls, "{found}");
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(rig.stop_and_take_calls(), []);
}
