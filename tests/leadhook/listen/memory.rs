//! Bounded memory under hostile traffic, and signals that end a listener with a blocked output.
//!
//! Every run checks the listener's own counters; `just soak` sends the amounts of an attack and
//! checks the memory of the process (Linux).

use crate::listen::{SECRET, listen};
use crate::support::{
    Endpoint, Running, address_of, amount, eventually, kill, objects, print_figure, resident, send,
};
use crate::wire::{Reply, connect, exchange, genuine, post, read_reply};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Child, Stdio};
use std::time::Duration;
use std::{fs, thread};
use tempfile::TempDir;

const MIB: u64 = 1 << 20;

/// A command whose output is only read by the test.
struct UnreadOutput {
    child: Child,
    address: SocketAddr,
    _dir: TempDir,
}

impl UnreadOutput {
    /// Starts `listen` with these arguments and waits until it accepts.
    fn listen(args: &[&str]) -> Self {
        let ready = tempfile::tempdir().unwrap();
        let path = ready.path().join("url").display().to_string();
        let run = leadhook!("listen :0 --ready-file {}", path).args(SECRET).args(args);
        let (mut command, dir) = run.command();
        let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().unwrap();
        let url = eventually("a ready file", || {
            fs::read_to_string(&path).ok()?.strip_suffix('\n').map(str::to_owned)
        });
        Self { child, address: address_of(&url), _dir: dir }
    }

    fn signal(&self, name: &str) {
        assert!(kill(name, &self.child.id().to_string()));
    }

    /// Returns the exit status if it ends although its output is not read.
    fn wait(&mut self) -> i32 {
        let status = eventually("its end", || self.child.try_wait().unwrap());
        status.code().unwrap_or(-1)
    }

    fn rest_of_stderr(&mut self) -> String {
        let mut text = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut text).unwrap();
        text
    }
}

impl Drop for UnreadOutput {
    fn drop(&mut self) {
        // It has already ended if the test waited for it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns a gauge or counter of `/metrics`.
fn metric(address: SocketAddr, name: &str) -> u64 {
    let reply = exchange(address, b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let text = String::from_utf8(reply.body).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(&format!("leadhook_{name} ")));
    line.unwrap_or_else(|| panic!("no {name}: {text}")).parse().unwrap()
}

/// Asserts, in the soak tier, that the memory of a process grew by at most this much.
#[track_caller]
fn assert_growth(process: u32, before: Option<u64>, bytes: u64, case: &str) {
    let (Some(before), Some(after)) = (before, resident(process)) else { return };
    let grown = after.saturating_sub(before);
    if amount(false, true) {
        print_figure(&format!("{case}: grew by {} MiB", grown / MIB));
        assert!(grown <= bytes, "{case}: from {before} to {after}");
    }
}

/// Returns a forged delivery whose message id has `bytes` bytes.
fn forged(bytes: usize) -> Vec<u8> {
    let id = "i".repeat(bytes);
    let headers = [
        ("X-Lead-Router-Action", "created"),
        ("X-Lead-Router-Message-Id", id.as_str()),
        ("X-Lead-Router-Signature", "00ff"),
    ];
    post(&headers, b"{}")
}

/// Sends a request several times on one connection and returns the statuses of the responses.
fn send_often(address: SocketAddr, request: &[u8], times: usize) -> Vec<u16> {
    let mut stream = connect(address);
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut ask = || {
        stream.write_all(request).unwrap();
        read_reply(&mut reader).unwrap().status
    };
    let mut statuses: Vec<_> = std::iter::repeat_with(&mut ask).take(times).collect();
    statuses.dedup();
    statuses
}

#[test]
fn a_blocked_reader_uses_no_memory_and_ends_on_a_signal() {
    let request = forged(200_000);
    thread::scope(|scope| {
        for args in [&[][..], &["-v"], &["--format", "json"], &["--format", "json", "-v"]] {
            let request = &request;
            scope.spawn(move || {
                let case = format!("{args:?}");
                let limit = amount(&["--max-memory", "8MiB"][..], &[]);
                let mut listener = UnreadOutput::listen(&[args, limit].concat());
                let process = listener.child.id();
                // Memory that any such request needs does not count as growth.
                assert_eq!(send_often(listener.address, request, 10), [401], "{case}");
                let before = resident(process);
                let many = amount(500, 10_000);
                assert_eq!(send_often(listener.address, request, many), [401], "{case}");
                let held = metric(listener.address, "bodies_held_bytes");
                assert!(held <= amount(8, 256) * MIB, "{case}: {held} bytes held");
                // Text output has no ids without `-v`, so all of it may fit.
                let is_long = amount(!args.is_empty(), true);
                let not_shown = metric(listener.address, "lines_not_shown");
                assert!(not_shown > 0 || !is_long, "{case}: no output was dropped");
                assert_growth(process, before, 100 * MIB, &case);
                listener.signal("TERM");
                assert_eq!(listener.wait(), 128 + 15, "{case}");
                let stderr = listener.rest_of_stderr();
                let is_reported = stderr.contains("lines were not shown");
                assert!(is_reported || !is_long, "{case}: {stderr}");
            });
        }
    });
}

#[test]
fn a_blocked_stderr_ends_on_a_signal_after_in_flight_deliveries() {
    let app = TcpListener::bind("127.0.0.1:0").unwrap();
    let target = format!(":{}", app.local_addr().unwrap().port());
    let mut listener = UnreadOutput::listen(&["-v", "--forward", &target]);
    let process = listener.child.id();
    let visit =
        format!("PUT /{} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", "p".repeat(4000));
    // Each is a line on standard error; a pipe buffers about 64 KiB.
    assert_eq!(send_often(listener.address, visit.as_bytes(), 100), [405]);
    let request = genuine("created", &[]);
    let mut sender = connect(listener.address);
    sender.write_all(&request).unwrap();
    let mut at_app = loop {
        let (stream, _) = app.accept().unwrap();
        // The listener probes its target with a connection without a request.
        if stream.peek(&mut [0]).unwrap() > 0 {
            break stream;
        }
    };
    listener.signal("TERM");
    eventually("the listener stops", || TcpStream::connect(listener.address).err());
    at_app.write_all(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n").unwrap();
    let reply = read_reply(&mut BufReader::new(&sender));
    assert_eq!(reply.map(|Reply { status, .. }| status), Some(202), "{process}");
    assert_eq!(listener.wait(), 128 + 15);
}

#[test]
fn a_slow_reader_gets_all_output_after_a_signal() {
    let mut listener = UnreadOutput::listen(&["--format", "json"]);
    assert_eq!(send_often(listener.address, &forged(1000), 300), [401]);
    let stdout = listener.child.stdout.take().unwrap();
    listener.signal("TERM");
    eventually("the listener stops", || TcpStream::connect(listener.address).err());
    let mut text = String::new();
    let mut reader = BufReader::with_capacity(4096, stdout);
    while let Ok(part) = reader.fill_buf()
        && !part.is_empty()
    {
        text.push_str(std::str::from_utf8(part).unwrap());
        let read = part.len();
        reader.consume(read);
        // The reader is slow, but 100 times faster than the rate at which it is abandoned.
        thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(listener.wait(), 128 + 15);
    let shown = objects(&text);
    let requests = shown.iter().filter(|object| object["kind"] == "request").count();
    let stopped = shown.last().unwrap();
    assert_eq!(
        (requests, &stopped["requests"], &stopped["not_shown"]),
        (300, &300.into(), &0.into())
    );
}

/// Returns a full pipe, and its other end, which keeps it open.
fn full_output() -> (Stdio, UnixStream) {
    let (mut output, reader) = UnixStream::pair().unwrap();
    output.set_nonblocking(true).unwrap();
    while output.write(&[b'x'; 4096]).is_ok() {}
    while output.write(b"x").is_ok() {}
    output.set_nonblocking(false).unwrap();
    (OwnedFd::from(output).into(), reader)
}

#[test]
fn a_command_with_a_blocked_output_ends_on_a_signal() {
    let dry_run = leadhook!("send created --secret x --dry-run --print json").run();
    let folder = tempfile::tempdir().unwrap();
    let captures = folder.path().join("caps.jsonl");
    fs::write(&captures, dry_run.stdout).unwrap();
    let path = captures.display();
    let app = Endpoint::new(&[200]);
    let target = app.target();
    let replay = leadhook!("replay {} --to {} --secret s3cret --format json", path, target);
    thread::scope(|scope| {
        for (run, watches, exit) in [
            // By the signal itself: no handler is installed.
            (leadhook!("verify {} --secret s3cret", path), false, None),
            (leadhook!("convert {} --print http", path), false, None),
            // The handler is installed, but the command is blocked on its reader after the
            // delivery.
            (replay, true, Some(128 + 15)),
        ] {
            let app = &app;
            scope.spawn(move || {
                let (mut command, _dir) = run.command();
                let (output, _reader) = full_output();
                let command = command.stdin(Stdio::null()).stdout(output).stderr(Stdio::null());
                let mut child = command.spawn().unwrap();
                if watches {
                    eventually("a delivery", || app.arrived().pop());
                }
                assert!(kill("TERM", &child.id().to_string()));
                let status = eventually("its end", || child.try_wait().unwrap());
                assert_eq!(status.code(), exit, "{command:?}");
            });
        }
    });
}

/// A target that accepts connections and never responds.
struct HangingTarget {
    target: String,
}

impl HangingTarget {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let target = format!(":{}", listener.local_addr().unwrap().port());
        thread::spawn(move || {
            let mut held = Vec::new();
            for stream in listener.incoming() {
                // Read, so that the TCP window stays open; never answered.
                let stream = stream.unwrap();
                let mut reader = stream.try_clone().unwrap();
                held.push(stream);
                thread::spawn(move || drop(std::io::copy(&mut reader, &mut std::io::sink())));
            }
        });
        Self { target }
    }
}

#[test]
fn a_second_target_that_hangs_uses_at_most_its_share_of_memory() {
    let app = Endpoint::new(&[200]);
    let hanging = HangingTarget::new();
    let limit = amount(&["--max-memory", "8MiB"][..], &[]);
    let targets =
        ["--forward", &app.target(), "--forward", &hanging.target, "--unverified", "warn"];
    let mut listener = listen(&[&targets[..], limit].concat());
    let process = listener.id();
    let body = vec![b'x'; usize::try_from(amount(MIB, 15 * MIB)).unwrap()];
    let request = post(&[("X-Lead-Router-Action", "created")], &body);
    let before = resident(process);
    let many = amount(10, 55);
    for number in 0..many {
        let reply = exchange(listener.address(), &request).unwrap();
        assert_eq!(reply.status, 200, "delivery {number}");
        let held = metric(listener.address(), "bodies_held_bytes");
        assert!(held <= amount(8, 256) * MIB, "{held} bytes held after {number}");
    }
    assert_growth(process, before, 256 * MIB, "a target that hangs");
    // Half of seven eighths of the limit, in complete bodies.
    let fitting = amount(3, 7);
    let missed = next_of_kind(&mut listener, "forward", many - fitting);
    for forward in missed {
        assert_eq!(forward["error"], "too many bytes are queued for further targets", "{forward}");
    }
}

/// Waits for the next `count` objects of one kind.
fn next_of_kind(listener: &mut Running, kind: &str, many: usize) -> Vec<serde_json::Value> {
    let all = std::iter::repeat_with(|| listener.next());
    all.filter(|object| object["kind"] == kind).take(many).collect()
}

#[test]
fn endless_request_heads_stay_within_the_memory_limit() {
    let limit = amount(&["--max-memory", "4MiB"][..], &[]);
    let listener =
        listen(&[&["--request-timeout", "60s", "--read-timeout", "60s"], limit].concat());
    let (address, process) = (listener.address(), listener.id());
    let partial_head = format!("POST / HTTP/1.1\r\nHost: x\r\nX-Long: {}", "x".repeat(250_000));
    let before = resident(process);
    let mut crowd = Vec::new();
    for number in 0..amount(40, 1000) {
        let mut stream = connect(address);
        // It may be evicted before it has finished.
        let _ = stream.write_all(partial_head.as_bytes());
        crowd.push(stream);
        if number % 10 == 0 {
            let (exit, delivery) = send("created", &listener.url, &SECRET);
            assert_eq!(exit, 0, "after {number}: {delivery}");
        }
    }
    // Evicted connections release their bytes as soon as they are closed.
    eventually("the bytes are within the limit", || {
        (metric(address, "bodies_held_bytes") <= amount(4, 256) * MIB).then_some(())
    });
    // While attackers are still being read, the newest of them may win; a provider retries.
    let request = post(&[("Authorization", &"t".repeat(131_000))], b"{}");
    eventually("a long head that ends is read", || {
        exchange(address, &request).filter(|reply| reply.status == 401)
    });
    assert_growth(process, before, 256 * MIB, "heads that never end");
    drop(crowd);
    eventually("the bytes are given back", || {
        // Only this request for the metrics remains.
        (metric(address, "bodies_held_bytes") < 4096).then_some(())
    });
    assert_growth(process, before, 100 * MIB, "after the heads were evicted");
    listener.signal("TERM");
    let (_, _, stderr) = listener.wait();
    assert!(stderr.contains("connection was evicted for a newer one"), "{stderr}");
}

#[test]
fn large_json_documents_are_processed_in_turn() {
    let listener = listen(&["-q"]);
    let (address, process) = (listener.address(), listener.id());
    let before = resident(process);
    let values = amount(40_000, 490_000);
    let body = format!("[{}1]", "{},".repeat(values));
    let request = post(&[("X-RealtorBot-Signature", &"0".repeat(64))], body.as_bytes());
    std::thread::scope(|scope| {
        for _ in 0..amount(4, 40) {
            scope.spawn(|| assert_eq!(exchange(address, &request).unwrap().status, 401));
        }
    });
    assert_growth(process, before, 384 * MIB, "documents of many values");
    let (exit, delivery) = send("created", &listener.url, &SECRET);
    assert_eq!(exit, 0, "{delivery}");
}
