//! `curl` commands, compared with the real `curl`: parsed ones and printed ones.

use crate::formats::only;
use crate::support::{eventually, skipped};
use leadhook::domain::message::{Headers, Message};
use leadhook::protocols::curl;
use std::io::{Read, Write as _};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::time::Duration;
use tempfile::NamedTempFile;

/// Returns the request that arrives when a shell runs a command; `PORT` is the listener's port.
fn received_request(command: &str) -> Option<Vec<u8>> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let command = &command.replace("PORT", &port).replacen(
        "curl ",
        "curl -q -sS --max-time 30 --noproxy '*' ",
        1,
    );
    // A file, because the command may exceed the maximum length of an argument.
    let mut script = NamedTempFile::new().unwrap();
    script.write_all(command.as_bytes()).unwrap();
    let mut child = Command::new("bash")
        .arg(script.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    listener.set_nonblocking(true).unwrap();
    let (mut stream, _) = eventually(command, || listener.accept().ok());
    stream.set_nonblocking(false).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let mut bytes = Vec::new();
    let mut block = [0; 8_192];
    while !is_complete(&bytes) {
        let count = stream.read(&mut block).unwrap();
        assert!(count > 0, "{command} broke off after {}", String::from_utf8_lossy(&bytes));
        bytes.extend_from_slice(&block[..count]);
    }
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
    drop(stream);
    let status = child.wait().unwrap();
    assert!(status.success(), "{command}");
    Some(bytes)
}

/// Returns `true` if a request that `curl` sent is complete.
fn is_complete(bytes: &[u8]) -> bool {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
    let body = &bytes[end + 4..];
    if head.contains("transfer-encoding: chunked") {
        return body.ends_with(b"0\r\n\r\n");
    }
    let length = head.split("content-length:").nth(1).and_then(|rest| rest.lines().next());
    body.len() >= length.map_or(0, |length| length.trim().parse().unwrap())
}

fn has_curl() -> bool {
    Command::new("bash")
        .args(["-c", "curl --version"])
        .output()
        .is_ok_and(|output| output.status.success())
}

#[test]
fn a_parsed_command_is_what_curl_sends() {
    if !has_curl() {
        return skipped("a_parsed_command_is_what_curl_sends", "`curl` or `bash` is not installed");
    }
    for options in [
        "",
        "-d a",
        "-d 'a\nb\r\n'",
        "-d a -d '' -d b",
        "-d ''",
        "--json '{\"a\":' --json '1}'",
        "--json 1 -H 'accept: text/plain'",
        "-d a --json b -d c",
        "--data-raw @a",
        "--data-urlencode 'a b&c=d ~'",
        "--data-urlencode '=a='",
        "--data-urlencode 'a b=c d+' --data-urlencode é",
        "-G -d a=1 -d b=2",
        "-G --data-urlencode 'a=b c'",
        "-X PUT --data-binary $'\\x41\\u00e9\\102'",
        "-sSX DELETE",
        "-I",
        "-d a -H 'Content-Type:'",
        "-d a -H 'content-type: text/plain'",
        "-H 'A;' -H 'B: ' -H C -H D:1 -H 'D:  2' -H D:",
        "-u a:b -A me -e you -b 'a=1; b=2' -b c=3",
        "--oauth2-bearer token",
        "--http1.0",
        "--request-target '/a/../b?' -d x",
        "-H 'Host: example.com'",
        "-H 'Transfer-Encoding: chunked' -d abc",
        "--data-raw --next -d -:",
        "-d @- -d @-",
        "-d @- -d c --json @-",
        "--data-urlencode @- --data-urlencode x@-",
    ] {
        let pipe = if options.contains("@-") { "printf %s 'a b' | " } else { "" };
        let command = format!("{pipe}curl http://127.0.0.1:PORT/x?y {options}");
        let sent = only(&received_request(&command).unwrap()).message;
        let port = sent
            .headers
            .get_str("Host")
            .unwrap_or_default()
            .rsplit(':')
            .next()
            .unwrap_or_default()
            .to_owned();
        let read = only(command.replace("PORT", &port).as_bytes()).message;
        assert_eq!(
            (&read.method, &read.target, &read.http_version),
            (&sent.method, &sent.target, &sent.http_version),
            "{command}"
        );
        assert_eq!(
            String::from_utf8_lossy(&read.body),
            String::from_utf8_lossy(&sent.body),
            "{command}"
        );
        // Headers that `curl` adds itself.
        let own = |name: &str| {
            ["content-length", "user-agent", "accept"].contains(&name.to_lowercase().as_str())
                && !read.headers.contains(name)
        };
        let sorted = |headers: &Headers| {
            let mut lines: Vec<_> = headers
                .iter()
                .filter(|(name, _)| !own(name))
                .map(|(name, value)| (name.to_owned(), value.to_vec()))
                .collect();
            if !options.contains("Host:") {
                lines.retain(|(name, _)| name != "Host");
            }
            lines.sort();
            lines
        };
        assert_eq!(sorted(&read.headers), sorted(&sent.headers), "{command}");
    }
}

#[test]
fn a_printed_command_sends_exactly_the_request() {
    if !has_curl() {
        return skipped(
            "a_printed_command_sends_exactly_the_request",
            "`curl` or `bash` is not installed",
        );
    }
    let plain = [("Host", b"example.com:81".as_slice()), ("Accept", b"*/*"), ("User-Agent", b"x")];
    let with = |more: &[(&str, &[u8])]| {
        plain.iter().chain(more).map(|(name, value)| (*name, value.to_vec())).collect::<Headers>()
    };
    let messages = [
        Message::post(
            "/hooks?a=1&b=[2]{3}",
            with(&[("Content-Type", b"application/json")]),
            "{\"it's\": \"$HOME `x` \\\\ !\"}\n",
        ),
        Message::post("/", with(&[]), "no type"),
        Message::post(
            "/a/../b/./c?",
            with(&[("X", b"\xe9'\\\xff"), ("Empty", b""), ("X", b"2")]),
            b"\0\xff\r\n".as_slice(),
        ),
        Message::post("/*|'~^", with(&[]), "@file"),
        Message::post("*", with(&[("Transfer-Encoding", b"chunked")]), "chunked"),
        Message::post("/", with(&[("Content-Length", b"3")]), "wrong before"),
        Message::post("/", with(&[]), "a".repeat(150_000)),
        Message { method: "GET".to_owned(), ..Message::post("/?", with(&[]), "") },
        Message { method: "HEAD".to_owned(), ..Message::post("/", with(&[]), "") },
        Message { method: "M'&|$".to_owned(), ..Message::post("/\\#", with(&[]), "") },
    ];
    for message in messages {
        let command = curl::command(&message, Some("http://127.0.0.1:PORT/"), None).unwrap();
        // The path of the URL differs from the request target, which must be the one requested.
        let direct = curl::command(&message, None, None).unwrap().replacen(
            "http://example.com:81",
            "http://127.0.0.1:PORT",
            1,
        );
        for command in [command, direct] {
            let sent = only(&received_request(&command).unwrap()).message;
            let length = message.body.len().to_string();
            let expected: Vec<_> = message
                .headers
                .iter()
                .map(|(name, value)| {
                    (name, if name == "Content-Length" { length.as_bytes() } else { value })
                })
                .collect();
            let found: Vec<_> = sent
                .headers
                .iter()
                .filter(|(name, _)| *name != "Content-Length" || message.headers.contains(name))
                .collect();
            assert_eq!(found, expected, "{command}");
            assert_eq!(
                (&sent.method, &sent.target),
                (&message.method, &message.target),
                "{command}"
            );
            assert_eq!(sent.body, message.body, "{command}");
        }
    }
}
