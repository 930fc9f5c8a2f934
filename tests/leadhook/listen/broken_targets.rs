//! `--forward` to targets that do not work: each fault has its own sentence.

use crate::connect::{certificate, tls_endpoint};
use crate::listen::{SECRET, listen};
use crate::support::{DeadPort, Endpoint, eventually, send, skipped};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use tempfile::TempDir;

/// One target, the options for it, and the sentence about it.
struct BrokenTarget {
    target: String,
    options: Vec<String>,
    sentence: String,
}

fn broken(target: impl Into<String>, sentence: impl Into<String>) -> BrokenTarget {
    BrokenTarget { target: target.into(), options: Vec::new(), sentence: sentence.into() }
}

/// Starts a server that handles each connection with `serve`, and returns its port.
fn server(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let serve = Arc::new(serve);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (stream, serve) = (stream.unwrap(), Arc::clone(&serve));
            std::thread::spawn(move || serve(stream));
        }
    });
    port
}

/// Reads what was sent so far, so that the connection is closed and not reset.
fn read_some(mut stream: &TcpStream) {
    let _ = stream.read(&mut [0; 8_192]);
}

/// A server that closes each connection with unread data, which resets it.
fn resetting() -> u16 {
    server(|stream| drop(stream.peek(&mut [0])))
}

/// A server that speaks HTTP/2 without TLS and nothing else.
fn http2_only() -> u16 {
    server(|mut stream| {
        // An empty frame SETTINGS.
        let _ = stream.write_all(&[0, 0, 0, 4, 0, 0, 0, 0, 0]);
        read_some(&stream);
    })
}

/// A server that expects TLS and closes every other connection without a byte, as Node.js does.
fn silent_tls() -> u16 {
    server(|mut stream| {
        let mut first = [0];
        let is_handshake = stream.peek(&mut first).is_ok() && first == [0x16];
        read_some(&stream);
        if is_handshake {
            // A fatal alert is enough to show that it speaks TLS.
            let _ = stream.write_all(&[0x15, 3, 3, 0, 2, 2, 40]);
        }
    })
}

fn over_tcp(dead_port: &DeadPort) -> Vec<BrokenTarget> {
    let local = |port: u16| format!("http://127.0.0.1:{port}/");
    vec![
        broken(dead_port.target(), "connection refused"),
        broken(local(resetting()), "the connection was reset without a response"),
        broken(
            local(server(|stream| read_some(&stream))),
            "the connection was closed without a response",
        ),
        broken("http://nonexistent.invalid/", "the host name has no usable address: "),
        broken(local(http2_only()), "the target speaks HTTP/2 only; enable HTTP/1.1 there"),
        broken(
            local(silent_tls()),
            "the target expects TLS on this port; use `https://` for this port",
        ),
        broken(
            Endpoint::raw(vec!["SSH-2.0-OpenSSH_9.6\r\n".to_owned()]).target(),
            "the response is not HTTP/1: ",
        ),
    ]
}

fn over_tls(dir: &TempDir, other: &TempDir) -> Vec<BrokenTarget> {
    let trusting = |dir: &TempDir, target: String, sentence: &str| BrokenTarget {
        target,
        options: vec!["--cacert".to_owned(), dir.path().join("cert.pem").display().to_string()],
        sentence: sentence.to_owned(),
    };
    let port = tls_endpoint(dir.path(), None);
    let http2 = tls_endpoint(dir.path(), Some("h2"));
    let plain = server(|mut stream| {
        read_some(&stream);
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    });
    let closing = server(|stream| read_some(&stream));
    vec![
        broken(
            format!("http://127.0.0.1:{port}/"),
            "the target expects TLS on this port; use `https://` for this port",
        ),
        trusting(
            other,
            format!("https://127.0.0.1:{port}/"),
            "TLS failed: the certificate is self-signed, or its issuer is not trusted; trust it \
             with `--cacert FILE`",
        ),
        trusting(
            dir,
            format!("https://127.0.0.1:{http2}/"),
            "TLS failed: the target does not speak HTTP/1.1 over TLS; enable HTTP/1.1 there",
        ),
        trusting(
            dir,
            format!("https://127.0.0.1:{plain}/"),
            "TLS failed: the target does not speak TLS on this port; use `http://` for this port",
        ),
        trusting(
            dir,
            format!("https://127.0.0.1:{closing}/"),
            "TLS failed: the connection was closed during the handshake; use `http://` for this \
             port",
        ),
    ]
}

#[test]
fn each_broken_target_is_named_as_what_it_is() {
    let dead_port = DeadPort::new();
    let mut targets = over_tcp(&dead_port);
    let (dir, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    if certificate(dir.path(), "endpoint") && certificate(other.path(), "stranger") {
        targets.extend(over_tls(&dir, &other));
    } else {
        skipped("each_broken_target_is_named_as_what_it_is", "there is no openssl for TLS");
    }
    let ipv6 = Endpoint::on_ipv6();
    if let Some(app) = &ipv6 {
        targets.push(broken(
            format!("http://127.0.0.1{}/", app.target()),
            format!(
                "connection refused: the app accepts IPv6 only, on {}; give the port alone",
                app.address()
            ),
        ));
    }
    for BrokenTarget { target, options, sentence } in targets {
        let mut listener =
            leadhook!("listen :0 --format json --secret s3cret --forward {}", target)
                .args(options)
                .start();
        let (_, delivery) = send("created", &listener.url, &SECRET);
        assert_eq!(delivery["status"], 502, "{target}");
        let forward = listener.next()["forward"].take();
        let error = forward["error"].as_str().unwrap_or_else(|| panic!("{target}: {forward}"));
        assert!(error.starts_with(&sentence), "{target}: {error}");
    }
}

#[test]
fn a_target_that_cannot_be_written_is_a_usage_error() {
    let expected = "expected `:3000`, `/hooks`, `localhost:3000/hooks` or a URL";
    for (target, sentence) in [
        ("http:/hooks", format!("`http:/hooks` is not a target: {expected}")),
        ("http:///hooks", format!("`http:///hooks` is not a target: {expected}")),
        (":3000 ", format!("`:3000 ` is not a target: {expected}")),
        (":99999", "`:99999` is not a target: the port must be 1 to 65535".to_owned()),
        (
            "unix:/run/app.sock",
            "`unix:/run/app.sock` is not a target: Unix sockets are not supported, expected \
             `:3000` or a URL"
                .to_owned(),
        ),
    ] {
        for outcome in [
            leadhook!("listen :0 --timeout 60s --forward {}", target).run(),
            leadhook!("send created {} --secret s3cret", target).in_process(),
        ] {
            let outcome = outcome.exits(2, target);
            assert_eq!(outcome.stderr_line("error: "), sentence);
        }
    }
}

#[test]
fn a_dead_target_is_named_at_the_start() {
    let dead_port = DeadPort::new();
    let (app, url) = (Endpoint::new(&[200]), format!("http://127.0.0.1{}/", dead_port.target()));
    let target = format!("{}?token=t0ken", dead_port.target());
    let listener = listen(&["--forward", &app.target(), "--forward", &target]);
    eventually("the probe", || {
        let metrics = crate::wire::exchange(
            listener.address(),
            b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        );
        let text = String::from_utf8(metrics?.body).unwrap();
        let is_down = |line: &str| line.contains(&dead_port.target()) && line.ends_with(" 0");
        text.lines()
            .any(|line| line.starts_with("leadhook_forward_up{") && is_down(line))
            .then_some(())
    });
    listener.signal("TERM");
    let stderr = listener.wait().2;
    let named = format!("{url} does not respond: connection refused");
    assert_eq!(stderr.matches("does not respond").count(), 1, "{stderr}");
    assert!(stderr.contains(&named) && !stderr.contains("t0ken"), "{stderr}");
    assert_eq!(app.arrived(), [], "a probe sends no request");
}

#[test]
fn a_self_signed_target_is_reached_with_its_certificate_or_without_verification() {
    let dir = TempDir::new().unwrap();
    if !certificate(dir.path(), "endpoint") {
        return skipped("a_self_signed_target_is_reached", "there is no openssl to make one");
    }
    let target = format!("https://127.0.0.1:{}/", tls_endpoint(dir.path(), None));
    let cacert = dir.path().join("cert.pem").display().to_string();
    for options in [&["--cacert", &cacert][..], &["--insecure"]] {
        let listener = listen(&[&["--forward", &target], options].concat());
        assert_eq!(send("created", &listener.url, &SECRET).1["status"], 200, "{options:?}");
        listener.signal("TERM");
        let stderr = listener.wait().2;
        assert_eq!(stderr.contains("--insecure: "), options == ["--insecure"], "{stderr}");
    }
    let unused = leadhook!("listen :0 --timeout 60s --insecure").run().exits(2, "no target");
    assert!(unused.stderr.contains("`--insecure` is for the targets of `--forward`"), "{unused:?}");
}
