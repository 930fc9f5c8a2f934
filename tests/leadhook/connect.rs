//! Connection options of `send`: how an endpoint is reached, and the errors if it cannot be.

use crate::support::{DeadPort, Endpoint, Outcome, PATIENCE, signed_send, skipped};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tempfile::TempDir;

fn send(target: &str, more: &[&str]) -> Outcome {
    signed_send("created", target).args(more).run()
}

/// Returns the error objects on standard error, without the notes.
fn errors(outcome: &Outcome) -> Vec<Value> {
    outcome.stderr.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// Asserts exit 4, a delivery with this outcome, and one error object that names the address.
#[track_caller]
fn no_response(outcome: &Outcome, kind: &str, address: &str) -> Value {
    let outcome = outcome.clone().exits(4, kind);
    let delivery = outcome.object();
    assert_eq!(
        (&delivery["status"], &delivery["outcome"]),
        (&Value::Null, &json!(kind)),
        "{delivery}"
    );
    assert!(delivery["error"].is_string(), "{delivery}");
    let errors = errors(&outcome);
    assert_eq!(errors.len(), 1, "{outcome:?}");
    let message = errors[0]["message"].as_str().unwrap();
    assert!(message.contains(address), "`{address}` is not in: {message}");
    assert_eq!(errors[0]["exit"], 4, "{errors:?}");
    errors[0].clone()
}

/// Accepts one connection, reads its first bytes, then calls `serve`; returns the address.
fn serve_once(serve: impl FnOnce(TcpStream) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let target = format!(":{}", listener.local_addr().unwrap().port());
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        assert!(stream.read(&mut [0; 8_192]).unwrap() > 0);
        serve(stream);
    });
    target
}

#[test]
fn an_endpoint_that_never_responds_is_a_timeout() {
    // Held open and never read: connected, but without a response.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap().to_string();
    let error = no_response(&send(&address, &["--timeout", "200ms"]), "timeout", &address);
    assert!(error["message"].as_str().unwrap().contains("200ms"), "{error}");
    assert!(error["hint"].as_str().unwrap().contains("--timeout"), "{error}");
}

#[test]
fn a_slow_response_body_ends_at_the_deadline_and_its_status_counts() {
    let target = serve_once(|mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nx");
        // Waits for the client to disconnect.
        let _ = stream.read_to_end(&mut Vec::new());
    });
    // Long enough for the response head to arrive on a busy machine.
    let delivery = send(&target, &["--timeout", "2s"]).exits(0, "the status arrived").object();
    assert_eq!((&delivery["status"], &delivery["outcome"]), (&json!(200), &json!("delivered")));
}

#[test]
fn a_slow_response_head_ends_at_the_deadline() {
    let target = serve_once(|mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Le");
        // Waits for the client to disconnect.
        let _ = stream.read_to_end(&mut Vec::new());
    });
    no_response(&send(&target, &["--timeout", "200ms"]), "timeout", &target);
}

#[test]
fn a_refused_connection_is_named() {
    let dead_port = DeadPort::new();
    let error = no_response(
        &send(&dead_port.target(), &[]),
        "unreachable",
        &format!("127.0.0.1:{}", dead_port.port()),
    );
    assert!(error["message"].as_str().unwrap().contains("refused"), "{error}");
    assert!(error["hint"].as_str().unwrap().contains("--wait"), "{error}");
    let human = leadhook!("send created {} --secret s3cret", dead_port.target())
        .run()
        .exits(4, "text output");
    assert!(human.stderr_line("error: ").contains(&dead_port.target()), "{human:?}");
    assert!(human.stderr_line("hint: ").contains("--wait"), "{human:?}");
}

#[test]
fn a_host_that_does_not_resolve_is_named() {
    // `invalid` never resolves (RFC 6761, section 6.4), so no packet leaves the machine.
    let error = no_response(
        &send("http://nonexistent.invalid/", &[]),
        "unreachable",
        "nonexistent.invalid",
    );
    assert!(error["hint"].as_str().unwrap().contains("--resolve"), "{error}");
}

#[test]
fn a_response_that_is_not_http_is_no_response() {
    for response in ["SSH-2.0-OpenSSH_9.6\r\n", "HTTP/1.1 two hundred\r\n\r\n", "\x1b[2J", ""] {
        let endpoint = Endpoint::raw(vec![response.to_owned()]);
        let outcome = send(&endpoint.target(), &["--timeout", "20s"]);
        no_response(&outcome, "unreachable", &endpoint.address().to_string());
        assert_eq!(endpoint.arrived().len(), 1, "{response:?}: it is sent once");
    }
}

#[test]
fn an_endless_response_body_is_truncated() {
    let written = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&written);
    let target = serve_once(move |mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
        while let Ok(more) = stream.write(&[b'x'; 4096]) {
            count.fetch_add(more, Ordering::SeqCst);
        }
    });
    let sent = send(&target, &[]).exits(0, "the status arrived").object();
    assert_eq!(sent["outcome"], "delivered");
    // The socket buffers of both sides are lost: far less than a client that kept reading would
    // take.
    let written = written.load(Ordering::SeqCst);
    assert!(written < 32 * 1024 * 1024, "{written} bytes were read");
}

#[test]
fn a_large_response_is_shown_in_part() {
    let body = "x".repeat(100_000);
    let response = format!("HTTP/1.1 500 X\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let endpoint = Endpoint::raw(vec![response]);
    let shown =
        leadhook!("send created {} --secret s", endpoint.target()).run().exits(1, "500").stdout;
    assert!(shown.len() < 10_000 && shown.contains("bytes more"), "{} bytes", shown.len());
}

#[test]
fn it_waits_until_the_endpoint_accepts_connections() {
    // Bound and not listening: connections are refused, and no other process can use the port.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = socket.local_addr().unwrap().to_string();
    let unavailable = send(&address, &["--wait", "120ms"]).exits(4, "never up");
    assert!(
        errors(&unavailable)[0]["message"].as_str().unwrap().contains(&address),
        "{unavailable:?}"
    );
    assert_eq!(errors(&unavailable)[0]["code"], "not-up");
    assert_eq!(unavailable.stdout, "", "nothing was sent");

    let waiting = signed_send("created", &address).args(["--wait", "60s", "-v"]);
    let (mut command, _dir) = waiting.command();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut talk = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    talk.read_line(&mut line).unwrap();
    assert!(line.contains("target: "), "{line}");
    let _in_runtime = runtime.enter();
    let listener = socket.listen(16).unwrap().into_std().unwrap();
    listener.set_nonblocking(false).unwrap();
    // The first connection is that of `--wait`, which sends nothing.
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            stream.set_read_timeout(Some(PATIENCE)).unwrap();
            if stream.read(&mut [0; 8_192]).is_ok_and(|read| read > 0) {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            }
        }
    });
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{:?}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn a_host_can_be_resolved_to_another_address_and_keeps_its_name() {
    let endpoint = Endpoint::new(&[200]);
    let port = endpoint.address().port();
    let (resolve, connect) = (
        format!("leads.example.com:{port}:127.0.0.1"),
        format!("leads.example.com:80:127.0.0.1:{port}"),
    );
    let url = format!("http://leads.example.com:{port}/hooks");
    send(&url, &["--resolve", &resolve]).exits(0, "--resolve");
    send("http://leads.example.com/hooks", &["--connect-to", &connect]).exits(0, "--connect-to");
    let hosts: Vec<_> = endpoint
        .arrived()
        .iter()
        .map(|request| request.header("Host").unwrap().to_owned())
        .collect();
    assert_eq!(hosts, [format!("leads.example.com:{port}"), "leads.example.com".to_owned()]);
    assert!(endpoint.arrived().iter().all(|request| request.line == "POST /hooks HTTP/1.1"));
    let wrong =
        send(&url, &["--resolve", "leads.example.com"]).exits(2, "--resolve without an address");
    assert!(wrong.stderr.contains("HOST:PORT:ADDRESS"), "{wrong:?}");
}

#[test]
fn environment_proxies_are_ignored_and_an_explicit_one_is_used() {
    let (endpoint, proxy, dead_port) =
        (Endpoint::new(&[200]), Endpoint::new(&[200]), DeadPort::new());
    let target = endpoint.target();
    let mut run = signed_send("created", &target);
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"] {
        run = run.env(name, &format!("http://127.0.0.1:{}", dead_port.port()));
    }
    run.run().exits(0, "the variables");
    assert_eq!(endpoint.arrived().len(), 1);
    let url = format!("http://{}", proxy.address());
    send("http://leads.example.com/hooks", &["--proxy", &url]).exits(0, "--proxy");
    assert_eq!(proxy.only().line, "POST http://leads.example.com/hooks HTTP/1.1");
}

#[test]
fn leads_are_not_sent_to_link_local_addresses() {
    for target in ["http://169.254.169.254/latest", "http://[fe80::1]/"] {
        let outcome = send(target, &[]).exits(2, target);
        assert_eq!(errors(&outcome)[0]["code"], "link-local-target", "{outcome:?}");
    }
}

/// Creates a self-signed certificate in `dir`; returns `None` if openssl is not installed.
pub(crate) fn certificate(dir: &Path, name: &str) -> bool {
    let names =
        format!("[req]\ndistinguished_name=dn\nx509_extensions=ext\nprompt=no\n[dn]\nCN={name}\n");
    let uses =
        "[ext]\nbasicConstraints=critical,CA:FALSE\nsubjectAltName=DNS:localhost,IP:127.0.0.1\n";
    fs::write(dir.join("config"), names + uses).unwrap();
    let line = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -config config -keyout key.pem -out cert.pem";
    let made = Command::new("openssl").args(line.split(' ')).current_dir(dir).output();
    made.is_ok_and(|output| output.status.success())
}

/// Starts a TLS endpoint that answers 200 to every request, or ends the handshake if the client
/// does not offer a protocol that it requires.
pub(crate) fn tls_endpoint(dir: &Path, protocol: Option<&str>) -> u16 {
    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    let cert = CertificateDer::from_pem_file(dir.join("cert.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(dir.join("key.pem")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap();
    let mut config = builder.with_no_client_auth().with_single_cert(vec![cert], key).unwrap();
    config.alpn_protocols.extend(protocol.map(|protocol| protocol.as_bytes().to_vec()));
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut connection = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut tls = rustls::Stream::new(&mut connection, &mut stream);
            // A client that does not trust the certificate disconnects here.
            if tls.read(&mut [0; 8_192]).is_ok_and(|read| read > 0) {
                let _ = tls.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                let _ = tls.flush();
            }
        }
    });
    port
}

#[test]
fn a_certificate_is_verified_against_the_given_ca_bundle() {
    let dir = TempDir::new().unwrap();
    if !certificate(dir.path(), "endpoint") {
        return skipped(
            "a_certificate_is_verified_against_the_given_ca_bundle",
            "there is no openssl to make one",
        );
    }
    let port = tls_endpoint(dir.path(), None);
    let cacert = dir.path().join("cert.pem").display().to_string();
    let other = TempDir::new().unwrap();
    assert!(certificate(other.path(), "stranger"), "a second certificate");
    let untrusted = other.path().join("cert.pem").display().to_string();
    for host in ["localhost", "127.0.0.1"] {
        let url = format!("https://{host}:{port}/");
        send(&url, &["--cacert", &cacert]).exits(0, host);
        let insecure = send(&url, &["--insecure"]).exits(0, host);
        assert!(insecure.stderr.contains("--insecure"), "{insecure:?}");
        let error = no_response(&send(&url, &["--cacert", &untrusted]), "unreachable", host);
        assert!(error["message"].as_str().unwrap().contains("TLS failed"), "{error}");
        assert!(error["hint"].as_str().unwrap().contains("--cacert"), "{error}");
    }
    let url = format!("https://leads.example.com:{port}/");
    let resolve = format!("leads.example.com:{port}:127.0.0.1");
    let error = no_response(
        &send(&url, &["--cacert", &cacert, "--resolve", &resolve]),
        "unreachable",
        "leads.example.com",
    );
    assert!(error["message"].as_str().unwrap().contains("TLS failed"), "another name: {error}");
}

#[test]
fn an_invalid_certificate_file_is_named() {
    for content in ["", "hello", "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"] {
        let run = signed_send("created", "https://127.0.0.1:1/")
            .args(["--cacert", "ca.pem"])
            .file("ca.pem", content);
        let outcome = run.run().exits(3, content);
        assert!(outcome.stderr.contains("ca.pem"), "{content:?}: {outcome:?}");
    }
    let absent = send("https://127.0.0.1:1/", &["--cacert", "nowhere.pem"]).exits(3, "absent");
    assert!(absent.stderr.contains("nowhere.pem"), "{absent:?}");
}
