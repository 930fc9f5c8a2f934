//! `check --start`: a receiver that the check starts, restarts and ends.

use crate::support::{
    Endpoint, Leadhook, Outcome, PATIENCE, PYTHON3, eventually, kill, objects, skipped,
};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

/// A receiver that accepts every JSON body. Its modes: `crash` ends it on a GET and on a body that
/// is not JSON, `refuse` answers those with 500, `always` ends it on every request.
const RECEIVER: &str = r#"
import json, os, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Handler(BaseHTTPRequestHandler):
    def respond(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def fail(self, why):
        if sys.argv[2] == "refuse":
            return self.respond(500)
        print("fatal:", why, "\x1b[2J", flush=True)
        os._exit(3)

    def body(self):
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", "0")))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def do_GET(self):
        self.fail("a GET")

    def do_POST(self):
        body = self.body()
        if sys.argv[2] == "always":
            self.fail("a POST")
        try:
            json.loads(body)
        except ValueError:
            return self.fail("torn JSON")
        self.respond(200)

class Server(ThreadingHTTPServer):
    request_queue_size = 128

print("listening", flush=True)
Server(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"#;

/// Returns a port on which nothing listens.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Returns `true` if Python is installed; prints that the test is skipped otherwise.
fn has_python(test: &str) -> bool {
    let version = Command::new(PYTHON3.program()).arg("--version").output();
    let is_installed = version.is_ok_and(|output| output.status.success());
    if !is_installed {
        skipped(test, "`python3` does not run");
    }
    is_installed
}

/// Returns the command that starts the receiver, whose file is in the folder of the run.
fn python(port: u16, mode: &str) -> String {
    format!("'{}' receiver.py {port} {mode}", PYTHON3.program())
}

/// Builds a check that starts its receiver with `command`.
fn check(port: u16, command: &str, more: &[&str]) -> Leadhook {
    let run = leadhook!("check :{} --secret s3cret --seed 7 --start {}", port, command);
    run.args(more).file("receiver.py", RECEIVER)
}

/// Returns the cases of a run with `--format json`, by id.
fn cases(outcome: &Outcome) -> BTreeMap<String, Value> {
    let cases = objects(&outcome.stdout).into_iter().filter(|object| object["kind"] == "case");
    cases.map(|case| (case["id"].as_str().unwrap().to_owned(), case)).collect()
}

/// Creates a pipe and signals when every process that has opened it for writing has ended.
fn writers_of(pipe: &Path) -> Receiver<()> {
    assert!(Command::new("mkfifo").arg(pipe).status().unwrap().success());
    let (sender, ended) = channel();
    let pipe = pipe.to_owned();
    std::thread::spawn(move || {
        let _ = fs::read(pipe);
        let _ = sender.send(());
    });
    ended
}

#[test]
fn a_crash_fails_its_case_and_no_other() {
    if !has_python("start_crash") {
        return;
    }
    let run = |mode: &str| {
        let port = free_port();
        let more = ["--skip", "timing", "--format", "json"];
        cases(&check(port, &python(port, mode), &more).run().exits(1, mode))
    };
    let (crashing, refusing) = (run("crash"), run("refuse"));
    assert_eq!(crashing.len(), refusing.len());
    let ended = "the receiver ended with exit status 3 (restarted): fatal: ";
    let mut crashed = Vec::new();
    for (id, case) in &crashing {
        let observed = case["observed"].as_str().unwrap();
        if observed.contains(ended) {
            assert_eq!(case["outcome"], "fail", "{case}");
            assert!(!observed.contains('\u{1b}'), "{case}");
            crashed.push(id.as_str());
        } else {
            assert_eq!(case["outcome"], refusing[id]["outcome"], "{case} {}", refusing[id]);
            assert!(!observed.contains("not run") && !observed.contains("refused"), "{case}");
        }
    }
    for id in ["torn-json", "not-json", "get"] {
        assert!(crashed.contains(&id), "{crashed:?}");
        assert!(refusing[id]["observed"].as_str().unwrap().starts_with("500"), "{id}");
    }
}

#[test]
fn a_receiver_that_keeps_crashing_is_restarted_ten_times() {
    if !has_python("start_restarts") {
        return;
    }
    let port = free_port();
    // A HEAD gets a response.
    let more = ["--only", "rejects", "--skip", "head", "--format", "json"];
    let cases = cases(&check(port, &python(port, "always"), &more).run().exits(1, "always"));
    let count = |text: &str| {
        let observed = cases.values().map(|case| case["observed"].as_str().unwrap());
        observed.filter(|observed| observed.contains(text)).count()
    };
    assert_eq!(count("(restarted)"), 10, "{cases:#?}");
    assert_eq!(count("(not restarted: it has been restarted 10 times)"), 1, "{cases:#?}");
    assert_eq!(count("not run: the receiver stopped responding"), cases.len() - 11, "{cases:#?}");
}

#[test]
fn a_receiver_that_never_listens_is_ended_with_its_children() {
    let dir = tempfile::tempdir().unwrap();
    let writers = writers_of(&dir.path().join("pipe"));
    // Every process of it ignores the request to end.
    let command = "trap '' TERM; echo starting; exec 3> pipe; sleep 60 & sleep 60";
    let run = check(free_port(), command, &["--wait", "200ms"]).in_folder(dir.path());
    let outcome = run.run().exits(4, command);
    let message = outcome.stderr_line("error: ");
    assert!(message.ends_with("within 200ms") && message.contains("did not listen"), "{outcome:?}");
    assert_eq!(outcome.stderr_line("  | "), "starting");
    assert!(outcome.stderr_line("hint: ").contains("`--wait TIME`"), "{outcome:?}");
    writers.recv_timeout(PATIENCE).unwrap();
}

#[test]
fn the_last_lines_of_a_receiver_that_ends_are_shown_and_sanitized() {
    let command = "for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21; \
                   do echo line $n >&2; done; printf '\\033[2J::error::x'; exit 7";
    let outcome = check(free_port(), command, &[]).run().exits(4, command);
    let shown: Vec<_> =
        outcome.stderr.lines().filter_map(|line| line.strip_prefix("  | ")).collect();
    assert_eq!(shown.len(), 20, "{outcome:?}");
    assert_eq!((shown[0], shown[18]), ("line 3", "line 21"));
    assert_eq!(shown[19], r"\u{1b}[2J::error::x");
    assert!(outcome.stderr_line("error: ").contains("ended with exit status 7 before"));
    assert!(!outcome.stderr.contains("receiver: line"), "{outcome:?}");

    let outcome = check(free_port(), command, &["-v"]).run().exits(4, "-v");
    assert!(outcome.stderr.contains("receiver: line 1\n"), "{outcome:?}");
    assert!(!outcome.stderr.contains('\u{1b}'), "{outcome:?}");

    let outcome = check(free_port(), command, &["--format", "json"]).run().exits(4, "json");
    let error = &objects(&outcome.stderr)[0];
    assert_eq!(error["code"], "receiver-not-started", "{error}");
    assert_eq!(error["output"].as_array().unwrap().len(), 20, "{error}");
}

#[test]
fn a_taken_port_is_an_error_before_the_command_runs() {
    let endpoint = Endpoint::new(&[200]);
    let port = endpoint.address().port();
    let (outcome, dir) = check(port, ": > started; sleep 60", &[]).run_in();
    let outcome = outcome.exits(4, "taken");
    let message = outcome.stderr_line("error: ");
    assert!(message.starts_with(&format!("`127.0.0.1:{port}` is in use")), "{outcome:?}");
    if cfg!(target_os = "linux") {
        let owner = format!("(process {}) listens there", std::process::id());
        assert!(message.ends_with(&owner), "{outcome:?}");
    }
    assert!(!dir.path().join("started").exists());
    assert!(endpoint.arrived().is_empty());
}

#[test]
fn only_a_target_on_this_machine_is_started() {
    for more in [&[][..], &["--resolve", "app.example.com:9:192.0.2.1"]] {
        let run = leadhook!(
            "check http://app.example.com:9/ --secret s --allow-remote --start {}",
            ": > up"
        );
        let (outcome, dir) = run.args(more).run_in();
        let outcome = outcome.exits(2, "remote");
        assert!(outcome.stderr_line("error: ").contains("is not this machine"), "{outcome:?}");
        assert!(!dir.path().join("up").exists());
    }
}

#[test]
fn the_receiver_is_ended_with_its_children_after_the_last_case() {
    if !has_python("start_children") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let writers = writers_of(&dir.path().join("pipe"));
    let port = free_port();
    let command = format!("exec 3> pipe; sleep 60 & {}; true", python(port, "refuse"));
    fs::write(dir.path().join("receiver.py"), RECEIVER).unwrap();
    let run = check(port, &command, &["--only", "event-created"]).in_folder(dir.path());
    run.run().exits(0, &command);
    writers.recv_timeout(PATIENCE).unwrap();
    // The port is free again.
    TcpListener::bind(("127.0.0.1", port)).unwrap();
}

#[test]
fn a_signal_ends_a_receiver_with_its_children() {
    // The second signal exits at once, even if the receiver ignores the request to end.
    for (trap, signals) in [("", 1), ("trap '' TERM; ", 2)] {
        let dir = tempfile::tempdir().unwrap();
        let writers = writers_of(&dir.path().join("pipe"));
        let command = format!("{trap}exec 3> pipe; sleep 60 & : > up; sleep 60");
        let mut child = Command::new(env!("CARGO_BIN_EXE_leadhook"))
            .env_clear()
            .current_dir(dir.path())
            .args(["check", &format!(":{}", free_port()), "--secret", "s3cret"])
            .args(["--start", &command])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        eventually("the receiver", || dir.path().join("up").exists().then_some(()));
        for _ in 0..signals {
            assert!(kill("INT", &child.id().to_string()));
        }
        let status = eventually("its end", || child.try_wait().unwrap());
        assert_eq!(status.code(), Some(130), "{command}");
        writers.recv_timeout(PATIENCE).unwrap();
    }
}
