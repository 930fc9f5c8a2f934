//! Start and end of a listener.

use crate::listen::{SECRET, listen, listen_as_text};
use crate::support::{PATIENCE, Running, captures, eventually, read_request, send, skipped};
use crate::wire::{Reply, exchange, genuine};
use std::fs;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

/// An application that delays its response until told to send it.
struct SlowApp {
    url: String,
    arrived: Receiver<()>,
    release: Sender<()>,
}

impl SlowApp {
    fn start() -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", socket.local_addr().unwrap());
        let (sender, arrived) = channel();
        let (release, wait) = channel();
        std::thread::spawn(move || {
            let mut stream = loop {
                let (stream, _) = socket.accept().unwrap();
                // The listener probes its target with a connection without a request.
                if read_request(&stream).is_some() {
                    break stream;
                }
            };
            sender.send(()).unwrap();
            if wait.recv_timeout(PATIENCE).is_ok() {
                stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate").unwrap();
            }
        });
        Self { url, arrived, release }
    }
}

/// Runs a listener that forwards one delivery to `app` and gets `signal` meanwhile.
fn stop_in_flight(app: &SlowApp, signal: &str) -> (Running, JoinHandle<Option<Reply>>) {
    let listener = listen(&["--forward", &app.url]);
    let (address, request) = (listener.address(), genuine("created", &[]));
    let sender = std::thread::spawn(move || exchange(address, &request));
    app.arrived.recv_timeout(PATIENCE).unwrap();
    listener.signal(signal);
    eventually("the socket closed", || TcpStream::connect(address).is_err().then_some(()));
    (listener, sender)
}

#[test]
fn a_signal_ends_it_after_in_flight_requests() {
    for (signal, status) in [("INT", 130), ("TERM", 143)] {
        let app = SlowApp::start();
        let (listener, sender) = stop_in_flight(&app, signal);
        app.release.send(()).unwrap();
        let reply = sender.join().unwrap().unwrap();
        assert_eq!((reply.status, reply.body.as_slice()), (200, b"late".as_slice()), "{signal}");
        let (exit, objects, _) = listener.wait();
        assert_eq!(exit, status, "{signal}");
        let kinds: Vec<_> = objects.iter().map(|object| object["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["request", "stopped"], "{signal}");
        assert_eq!(
            (&objects[1]["requests"], &objects[1]["valid"]),
            (&1.into(), &1.into()),
            "{signal}"
        );
    }
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let app = SlowApp::start();
    let (listener, sender) = stop_in_flight(&app, "INT");
    listener.signal("TERM");
    let (exit, objects, _) = listener.wait();
    assert_eq!(exit, 143);
    assert!(objects.is_empty(), "it did not wait for the response or print a summary: {objects:?}");
    assert_eq!(sender.join().unwrap(), None);
}

#[test]
fn a_signal_ends_an_idle_listener_although_a_connection_is_open() {
    let listener = listen(&[]);
    let idle = TcpStream::connect(listener.address()).unwrap();
    assert_eq!(
        exchange(listener.address(), b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").unwrap().status,
        200
    );
    listener.signal("TERM");
    let (exit, objects, _) = listener.wait();
    drop(idle);
    assert_eq!((exit, &objects[0]["kind"], objects.len()), (143, &"stopped".into(), 1));
}

#[test]
fn a_count_ends_it_with_the_exit_status_of_the_deliveries() {
    for (secrets, exit) in
        [(["s3cret", "s3cret"], 0), (["s3cret", "wrong"], 1), (["wrong", "s3cret"], 1)]
    {
        let listener = listen(&["--count", "2", "--timeout", "60s"]);
        for secret in secrets {
            send("created", &listener.url, &["--secret", secret]);
        }
        let (found, objects, _) = listener.wait();
        assert_eq!(found, exit, "{secrets:?}");
        assert_eq!(objects.last().unwrap()["requests"], 2, "{secrets:?}");
    }
}

#[test]
fn an_invalid_payload_makes_a_counted_run_fail() {
    let listener = listen(&["--count", "1", "--timeout", "60s"]);
    send("created", &listener.url, &[&SECRET[..], &["--set-json", "id=7"]].concat());
    assert_eq!(listener.wait().0, 1);
}

#[test]
fn too_few_deliveries_before_the_timeout_is_incomplete() {
    let outcome = leadhook!("listen :0 --count 1 --timeout 100ms --secret s3cret").run();
    assert_eq!(outcome.exit, 5, "{outcome:?}");
    let reason = "incomplete: expected 1 delivery, received 0 in 100 ms";
    assert!(outcome.stdout.ends_with(&format!("0 requests: 0 valid\n{reason}\n")), "{outcome:?}");
    let listener = listen(&["--count", "2", "--timeout", "3s"]);
    send("created", &listener.url, &SECRET);
    let (exit, objects, _) = listener.wait();
    let reason = &objects.last().unwrap()["reason"];
    assert_eq!((exit, reason), (5, &"expected 2 deliveries, received 1 in 3 s".into()));
}

#[test]
fn a_delivery_that_cannot_be_verified_is_incomplete_and_explained() {
    let listener = leadhook!("listen :0 --format json --count 1 --timeout 60s").start();
    send("created", &listener.url, &SECRET);
    let (exit, objects, _) = listener.wait();
    let reason = objects.last().unwrap()["reason"].as_str().unwrap_or_default();
    assert_eq!(exit, 5, "{objects:?}");
    assert!(reason.starts_with("the signature of 1 delivery could not be verified"), "{reason}");
}

#[test]
fn a_timeout_without_a_count_ends_it_successfully() {
    let outcome = leadhook!("listen :0 --timeout 100ms --secret s3cret").run();
    assert_eq!(outcome.exit, 0, "{outcome:?}");
}

#[test]
fn the_ready_file_contains_the_listening_address() {
    let run = leadhook!("listen :0 --format json --secret s3cret --ready-file ready").start();
    let text = eventually("a ready file", || {
        fs::read_to_string(run.dir().join("ready")).ok().filter(|text| text.ends_with('\n'))
    });
    assert_eq!(text, format!("{}\n", run.url));
    assert!(run.address().ip().is_loopback() && run.address().port() != 0, "{}", run.url);
    let outcome = leadhook!("listen :0 --timeout 60s --ready-file no/such/folder").run();
    assert_eq!(outcome.exit, 3, "{outcome:?}");
    assert!(outcome.stderr.contains("no/such/folder"), "{outcome:?}");
}

#[test]
fn a_port_in_use_is_named_with_a_hint() {
    let in_use = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = in_use.local_addr().unwrap().to_string();
    for command in ["listen", "practice"] {
        let outcome = leadhook!("{} {} --secret s3cret", command, address).run();
        assert_eq!(outcome.exit, 4, "{command}: {outcome:?}");
        assert!(outcome.stderr.contains(&address), "{command}: {}", outcome.stderr);
        assert!(outcome.stderr.contains("\nhint: "), "{command}: {}", outcome.stderr);
        assert_eq!(outcome.stdout, "", "{command}");
    }
}

#[test]
fn an_invalid_address_is_a_usage_error() {
    for address in ["nonsense", ":99999", "http://127.0.0.1:1/"] {
        let outcome = leadhook!("listen {} --timeout 60s", address).run();
        assert_eq!(outcome.exit, 2, "{address}: {outcome:?}");
        assert!(outcome.stderr.contains(address), "{address}: {}", outcome.stderr);
    }
}

#[test]
fn an_invalid_option_is_a_usage_error_that_names_it() {
    for (option, value) in [
        ("--respond", "2OO"),
        ("--respond", "503x0"),
        ("--respond", ""),
        ("--max-body", "0"),
        ("--max-header", "many"),
        ("--count", "0"),
        ("--timeout", "soon"),
        ("--unverified", "maybe"),
        ("--forward", "ftp://127.0.0.1/"),
        ("--forward", "http://169.254.169.254/"),
        ("--provider", "realgeek"),
    ] {
        let outcome = leadhook!("listen :0 --timeout 60s {} {}", option, value).run();
        assert_eq!(
            (outcome.exit, outcome.stdout.as_str()),
            (2, ""),
            "{option} {value}: {}",
            outcome.stderr
        );
        let start = value.split('/').next().unwrap();
        let names =
            outcome.stderr.contains(option) || outcome.stderr.contains(&format!("`{start}"));
        assert!(
            names && outcome.stderr.starts_with("error: "),
            "{option} {value}: {}",
            outcome.stderr
        );
    }
}

#[test]
fn another_interface_of_this_machine_can_be_named() {
    if TcpListener::bind("[::1]:0").is_err() {
        return skipped("another_interface_of_this_machine_can_be_named", "IPv6 is not available");
    }
    let listener = leadhook!("listen [::1]:0 --format json --secret s3cret").start();
    assert!(listener.url.starts_with("http://[::1]:"), "{}", listener.url);
    assert_eq!(send("created", &listener.url, &SECRET).0, 0);
}

#[test]
fn the_listener_continues_if_the_reader_of_its_output_leaves() {
    for format in ["json", "human"] {
        let dir = tempfile::tempdir().unwrap();
        let ready = dir.path().join("ready");
        let mut command = Command::new(env!("CARGO_BIN_EXE_leadhook"));
        command
            .env_clear()
            .current_dir(dir.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        command.args([
            "listen",
            ":0",
            "--save",
            "caps",
            "--count",
            "3",
            "--timeout",
            "60s",
            "--format",
            format,
        ]);
        let mut child = command.args(SECRET).arg("--ready-file").arg(&ready).spawn().unwrap();
        let url = eventually("a ready file", || {
            fs::read_to_string(&ready).ok()?.strip_suffix('\n').map(str::to_owned)
        });
        drop(child.stdout.take());
        for number in 1..=3 {
            let secret = if number == 3 { "wrong" } else { "s3cret" };
            let (_, delivery) = send("created", &url, &["--secret", secret]);
            assert_eq!(
                delivery["status"],
                if number == 3 { 401 } else { 200 },
                "{format}, delivery {number}"
            );
        }
        assert_eq!(
            child.wait().unwrap().code(),
            Some(1),
            "{format}: the verdict's own exit status"
        );
        assert_eq!(captures(&dir.path().join("caps")).len(), 3, "{format}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_listener_continues_if_its_output_cannot_be_written() {
    let dir = tempfile::tempdir().unwrap();
    let ready = dir.path().join("ready");
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_leadhook"));
    command
        .env_clear()
        .current_dir(dir.path())
        .stdin(Stdio::null())
        .stdout(full)
        .stderr(Stdio::piped());
    command.args([
        "listen",
        ":0",
        "--save",
        "caps",
        "--count",
        "2",
        "--timeout",
        "60s",
        "--secret",
        "s3cret",
    ]);
    let child = command.arg("--ready-file").arg(&ready).spawn().unwrap();
    let url = eventually("a ready file", || {
        fs::read_to_string(&ready).ok()?.strip_suffix('\n').map(str::to_owned)
    });
    for number in 1..=2 {
        let (exit, _) = send("created", &url, &SECRET);
        assert_eq!(exit, 0, "delivery {number}");
    }
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "a response that could not be written: {stderr}");
    assert_eq!(stderr.matches("cannot write").count(), 1, "reported once: {stderr}");
    assert_eq!(captures(&dir.path().join("caps")).len(), 2);
}

#[test]
fn the_text_summary_counts_the_deliveries() {
    let outcome = listen_as_text(&["--count", "3", "--secret", "s3cret"], |url| {
        for (id, secret) in [("one", "s3cret"), ("one", "s3cret"), ("two", "wrong")] {
            send("created", url, &["--secret", secret, "--message-id", id]);
        }
    });
    assert_eq!(outcome.exit, 1, "{outcome:?}");
    assert!(
        outcome.stdout.ends_with("3 requests: 2 valid, 1 refused, 1 repeat\n"),
        "{}",
        outcome.stdout
    );
}
