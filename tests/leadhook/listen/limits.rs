//! Limits of `listen`: sizes, times, connections, and invalid requests.

use crate::listen::{SECRET, listen, next_saved};
use crate::support::{captures, send};
use crate::wire::{connect, exchange, exchange_and_end, genuine, post, read_reply};
use serde_json::Value;
use std::fs;
use std::io::{BufReader, Write};

const MIB: usize = 1 << 20;

/// Returns a body of `size` bytes that is one JSON string.
fn body_of(size: usize) -> Vec<u8> {
    let mut body = vec![b'x'; size];
    body[0] = b'"';
    body[size - 1] = b'"';
    body
}

#[test]
fn a_body_of_16_mib_is_accepted_and_one_of_17_is_rejected() {
    let mut listener = listen(&["--unverified", "warn", "--save", "caps"]);
    let action = [("X-Lead-Router-Action", "created")];
    let reply = exchange(listener.address(), &post(&action, &body_of(16 * MIB))).unwrap();
    assert_eq!(reply.status, 200, "16 MiB");
    let saved = next_saved(&mut listener);
    let capture: Value = serde_json::from_slice(&fs::read(saved).unwrap()).unwrap();
    assert!(
        capture["body"].as_str().unwrap().as_bytes() == body_of(16 * MIB),
        "every byte of 16 MiB"
    );
    for size in [16 * MIB + 1, 17 * MIB] {
        let reply = exchange(listener.address(), &post(&action, &body_of(size))).unwrap();
        assert_eq!(reply.status, 413, "{size} bytes");
    }
    listener.signal("TERM");
    let (_, objects, stderr) = listener.wait();
    assert_eq!(objects.last().unwrap()["requests"], 1);
    assert_eq!(stderr.matches("body over the limit of 16777216 bytes").count(), 2, "{stderr}");
}

#[test]
fn a_body_in_chunks_has_the_same_limit() {
    let mut listener = listen(&["--unverified", "warn", "--max-body", "1KiB", "--save", "caps"]);
    for (size, status) in [(1024, 200), (1025, 413)] {
        let mut request =
            b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
        for chunk in body_of(size).chunks(100) {
            request.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
            request.extend_from_slice(chunk);
            request.extend_from_slice(b"\r\n");
        }
        request.extend_from_slice(b"0\r\n\r\n");
        assert_eq!(exchange(listener.address(), &request).unwrap().status, status, "{size} bytes");
    }
    let saved = next_saved(&mut listener);
    let capture: Value = serde_json::from_slice(&fs::read(saved).unwrap()).unwrap();
    assert_eq!(capture["body"].as_str().unwrap().as_bytes(), body_of(1024));
}

#[test]
fn a_header_of_200_kib_is_accepted_and_one_of_300_is_rejected() {
    let mut listener = listen(&["--unverified", "warn", "--save", "caps"]);
    let long = "t".repeat(200 << 10);
    let reply = exchange(listener.address(), &post(&[("Authorization", &long)], b"{}")).unwrap();
    assert_eq!(reply.status, 200, "200 KiB");
    let saved = next_saved(&mut listener);
    let capture: Value = serde_json::from_slice(&fs::read(saved).unwrap()).unwrap();
    assert!(capture["headers"][2][1].as_str() == Some(&long), "every byte of 200 KiB");
    let reply =
        exchange(listener.address(), &post(&[("Authorization", &"t".repeat(300 << 10))], b"{}"));
    assert_eq!(reply.unwrap().status, 431, "300 KiB");
    listener.signal("TERM");
    let (_, objects, stderr) = listener.wait();
    assert_eq!(objects.last().unwrap()["requests"], 1);
    assert!(stderr.contains("headers over the limit of 262144 bytes"), "{stderr}");
}

#[test]
fn limits_can_be_set() {
    let listener = listen(&["--unverified", "warn", "--max-body", "2KiB", "--max-header", "8KiB"]);
    let long = "t".repeat(9 << 10);
    for (headers, size, status) in
        [(&[][..], 2048, 200), (&[], 2049, 413), (&[("X-Long", long.as_str())], 2, 431)]
    {
        let reply = exchange(listener.address(), &post(headers, &body_of(size))).unwrap();
        assert_eq!(reply.status, status, "{} headers, {size} bytes", headers.len());
    }
}

#[test]
fn a_burst_of_64_connections_with_5_requests_each_is_served() {
    let listener = listen(&["--save", "caps"]);
    let (address, request) = (listener.address(), genuine("created", &[]));
    let talk = |request: Vec<u8>| {
        let stream = connect(address);
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut read_next = || {
            (&stream).write_all(&request).unwrap();
            read_reply(&mut reader).map(|reply| reply.status)
        };
        std::iter::repeat_with(&mut read_next).take(5).collect::<Vec<_>>()
    };
    std::thread::scope(|scope| {
        let senders: Vec<_> = (0..64).map(|_| scope.spawn(|| talk(request.clone()))).collect();
        for (number, sender) in senders.into_iter().enumerate() {
            assert_eq!(sender.join().unwrap(), [Some(200); 5], "connection {number}");
        }
    });
    assert_eq!(captures(&listener.dir().join("caps")).len(), 320, "each was saved");
    listener.signal("TERM");
    let stopped = listener.wait().1.pop().unwrap();
    assert_eq!(
        (&stopped["requests"], &stopped["valid"], &stopped["repeats"]),
        (&320.into(), &320.into(), &319.into())
    );
}

#[test]
fn a_body_that_is_cut_off_is_never_a_request() {
    let listener = listen(&["--save", "caps", "--unverified", "warn"]);
    let complete = genuine("created", &[]);
    let head = complete.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
    for keep in [head, head + 1, complete.len() - 1, head - 1, 20] {
        if let Some(reply) = exchange_and_end(listener.address(), &complete[..keep]) {
            assert_eq!(reply.status, 400, "cut off after {keep} bytes");
        }
    }
    let chunked = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n";
    if let Some(reply) = exchange_and_end(listener.address(), chunked) {
        assert_eq!(reply.status, 400, "no last chunk");
    }
    let (exit, _) = send("created", &listener.url, &SECRET);
    assert_eq!(exit, 0, "a complete one is accepted");
    assert_eq!(captures(&listener.dir().join("caps")).len(), 1, "nothing else was saved");
    listener.signal("TERM");
    let (_, objects, stderr) = listener.wait();
    assert_eq!(objects.last().unwrap()["requests"], 1);
    assert_eq!(stderr.matches("sender disconnected in the body").count(), 4, "{stderr}");
}

/// Invalid or ambiguous requests, each with its name and the allowed responses.
const HOSTILE: &[(&str, &[u8], &[u16])] = &[
    ("a TLS hello", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03abcdefghijklmnopqrstuvwxyz012345\r\n\r\n", &[400]),
    ("the preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", &[400]),
    ("an SSH greeting", b"SSH-2.0-OpenSSH_9.6\r\n", &[400]),
    ("a length and a coding", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", &[400]),
    ("lines without CR", b"POST / HTTP/1.1\nHost: x\nContent-Length: 2\n\n{}", &[400]),
    ("two hosts", b"POST / HTTP/1.1\r\nHost: x\r\nHost: y\r\nContent-Length: 2\r\n\r\n{}", &[400]),
    ("no host", b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}", &[400]),
    ("two lengths", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}}", &[400]),
    ("a signed length", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +2\r\n\r\n{}", &[400]),
    ("a length of 64 GiB", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 68719476736\r\n\r\n{}", &[413]),
    // hyper reserves the two largest numbers and answers them with 431.
    ("a length of 2^64-1", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 18446744073709551615\r\n\r\n{}", &[400, 413, 431]),
    ("a length of 2^64", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 18446744073709551616\r\n\r\n{}", &[400]),
    ("an unknown coding", b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", &[400, 501]),
    ("a folded header", b"POST / HTTP/1.1\r\nHost: x\r\nX-A: b\r\n c\r\nContent-Length: 2\r\n\r\n{}", &[400]),
    ("a space before the colon", b"POST / HTTP/1.1\r\nHost : x\r\nContent-Length: 2\r\n\r\n{}", &[400]),
    ("a NUL in a header", b"POST / HTTP/1.1\r\nHost: x\r\nX-A: \0\r\nContent-Length: 2\r\n\r\n{}", &[400]),
    ("a wrong chunk", b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n", &[400]),
    ("HTTP/0.9", b"POST /\r\n\r\n", &[400]),
    ("noise", b"\x00\x01\x02\xff\xfe\r\n\r\n\r\n", &[400]),
];

#[test]
fn invalid_requests_are_rejected_and_deliveries_still_accepted() {
    let mut listener = listen(&["--save", "caps", "--unverified", "warn"]);
    for (name, bytes, expected) in HOSTILE {
        let reply = exchange_and_end(listener.address(), bytes);
        let status = reply.as_ref().map(|reply| reply.status);
        assert!(status.is_none_or(|status| expected.contains(&status)), "{name}: {reply:?}");
        let (exit, delivery) = send("created", &listener.url, &SECRET);
        assert_eq!(exit, 0, "after {name}: {delivery}");
        assert_eq!(listener.next()["message_id"], delivery["message_id"], "after {name}");
    }
    assert_eq!(
        captures(&listener.dir().join("caps")).len(),
        HOSTILE.len(),
        "only the genuine ones were kept"
    );
    listener.signal("TERM");
    let (_, objects, stderr) = listener.wait();
    assert_eq!(objects.last().unwrap()["valid"], HOSTILE.len());
    assert!(stderr.contains("TLS handshake on a plain HTTP port"), "{stderr}");
    assert!(stderr.contains("HTTP/2"), "{stderr}");
    assert!(!stderr.contains('\u{1b}') && !stderr.contains('\0'), "{stderr:?}");
}

#[test]
fn bytes_after_a_bad_request_are_never_parsed_as_a_request() {
    let listener = listen(&["--save", "caps", "--unverified", "warn"]);
    let hidden = genuine("created", &[]);
    let bad = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    let reply = exchange_and_end(listener.address(), &[bad.as_slice(), &hidden].concat()).unwrap();
    assert_eq!(reply.status, 400);
    assert_eq!(captures(&listener.dir().join("caps")).len(), 0);
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let listener = listen(&[]);
    let ask = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
    let requests =
        [&genuine("created", &[])[..], ask, &genuine("created", &["--tamper", "body"]), ask];
    let stream = connect(listener.address());
    (&stream).write_all(&requests.concat()).unwrap();
    let mut reader = BufReader::new(&stream);
    let statuses = requests.map(|_| read_reply(&mut reader).unwrap().status);
    assert_eq!(statuses, [200, 200, 401, 200]);
}

#[test]
fn unusual_but_valid_requests_are_accepted() {
    let mut listener = listen(&["--save", "caps", "--unverified", "warn"]);
    for (name, request, version) in [
        ("HTTP/1.0", &b"POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}"[..], "HTTP/1.0"),
        ("a wait for 100", b"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n{}", "HTTP/1.1"),
        ("an upgrade", b"POST / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 2\r\n\r\n{}", "HTTP/1.1"),
        ("a name for a target", b"POST http://example.com/a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}", "HTTP/1.1"),
        ("an empty line before", b"\r\nPOST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}", "HTTP/1.1"),
    ] {
        let reply = exchange(listener.address(), request).unwrap();
        assert_eq!(reply.status, 200, "{name}");
        let saved: Value = serde_json::from_slice(&fs::read(next_saved(&mut listener)).unwrap()).unwrap();
        assert_eq!((&saved["http_version"], &saved["body"]), (&version.into(), &"{}".into()), "{name}: {saved}");
    }
}

#[test]
fn a_slow_sender_gets_408_and_the_operator_a_note() {
    let listener = listen(&["--read-timeout", "100ms", "--save", "caps", "--unverified", "warn"]);
    let complete = genuine("created", &[]);
    for keep in [10, complete.len() - 1] {
        let reply = exchange(listener.address(), &complete[..keep]).unwrap();
        assert_eq!(reply.status, 408, "silent after {keep} bytes");
    }
    assert_eq!(captures(&listener.dir().join("caps")).len(), 0);
    listener.signal("TERM");
    let (_, _, stderr) = listener.wait();
    for part in ["headers", "body"] {
        assert!(
            stderr.contains(&format!("sender was too slow with the {part}")),
            "{part}: {stderr}"
        );
    }
}

#[test]
fn an_idle_connection_is_evicted_for_a_new_one() {
    let listener = listen(&["--max-connections", "2"]);
    let idle =
        [connect(listener.address()), connect(listener.address()), connect(listener.address())];
    for number in 1..=3 {
        let (exit, delivery) = send("created", &listener.url, &SECRET);
        assert_eq!(exit, 0, "new connection {number}: {delivery}");
    }
    drop(idle);
}
