//! Failures: the length of their blocks, commands that repeat them, and saved requests.

use crate::check::{SECRETS, practice};
use crate::formats::only;
use crate::support::{Leadhook, PATIENCE, eventually, leadhook, objects, skipped};
use leadhook::domain::message::Message;
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

const PROVIDERS: [&str; 3] = ["realgeeks", "leadpro", "realtorbot"];

/// A server that records every request byte for byte, and answers all with one status.
struct Recorder {
    port: u16,
    requests: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Recorder {
    fn new(status: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let recorded = Arc::clone(&requests);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let Some(request) = read_request(&mut stream) else { continue };
                recorded.lock().unwrap().push(request);
                let response = format!(
                    "HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                );
                // The sender may have hung up.
                let _ = stream.write_all(response.as_bytes());
            }
        });
        Self { port, requests }
    }

    fn url(&self) -> String {
        format!(":{}", self.port)
    }

    /// Waits for this number of requests, and removes them.
    fn take(&self, count: usize) -> Vec<Vec<u8>> {
        eventually("requests", || (self.requests.lock().unwrap().len() >= count).then_some(()));
        std::mem::take(&mut *self.requests.lock().unwrap())
    }
}

/// Reads one request; `None` if the connection has none.
fn read_request(stream: &mut TcpStream) -> Option<Vec<u8>> {
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let (mut bytes, mut block, mut has_continued) = (Vec::new(), [0; 8_192], false);
    loop {
        let head = bytes.windows(4).position(|four| four == b"\r\n\r\n").map(|end| end + 4);
        if let Some(end) = head {
            let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
            let value = |name: &str| {
                let line = head.lines().find_map(|line| line.strip_prefix(name))?;
                Some(line.trim().to_owned())
            };
            let is_complete = match value("content-length:") {
                Some(length) => bytes.len() >= end + length.parse::<usize>().unwrap(),
                None => value("transfer-encoding:").is_none() || bytes.ends_with(b"0\r\n\r\n"),
            };
            if is_complete {
                return Some(bytes);
            }
            if value("expect:").is_some() && !has_continued {
                has_continued = true;
                stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").ok()?;
            }
        }
        match stream.read(&mut block).ok()? {
            0 => return None,
            count => bytes.extend_from_slice(&block[..count]),
        }
    }
}

/// Returns a request in the form in which a repeated one must be equal, with its headers sorted.
fn parts(request: &[u8]) -> Message {
    let message = only(request).message;
    // The client writes all names in lower case if one of them is; `curl` always writes these so.
    let own = |name: &str| ["host", "content-length"].contains(&name.to_lowercase().as_str());
    let name = |name: &str| if own(name) { name.to_lowercase() } else { name.to_owned() };
    let mut headers: Vec<_> =
        message.headers.iter().map(|(known, value)| (name(known), value.to_vec())).collect();
    headers.sort();
    Message { headers: headers.into_iter().collect(), ..message }
}

/// Returns `true` if a program is installed.
fn is_installed(program: &str) -> bool {
    let version = Command::new(program).arg("--version").stdout(Stdio::null()).status();
    version.is_ok_and(|status| status.success())
}

/// Runs commands in a shell, with a `curl` that reads no configuration.
fn run_in_shell(shell: &str, folder: &Path, commands: &str) {
    let script = folder.join("script");
    let curl = "curl() { command curl -q -sS --max-time 30 --noproxy '*' \"$@\"; }";
    fs::write(&script, format!("{curl}\n{commands}\n")).unwrap();
    let output =
        Command::new(shell).arg(&script).current_dir(folder).stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{commands}: {output:?}");
}

/// Returns the shells to test.
fn shells(test: &str) -> Vec<&'static str> {
    if !is_installed("curl") {
        skipped(test, "`curl` is not installed");
        return Vec::new();
    }
    let (shells, missing): (Vec<_>, Vec<_>) =
        ["bash", "zsh"].into_iter().partition(|shell| is_installed(shell));
    for shell in missing {
        skipped(test, &format!("`{shell}` is not installed"));
    }
    shells
}

/// Checks that the command of a failed case sends what the check sent. Returns `false` if there is
/// no command.
fn assert_command_repeats(
    recorder: &Recorder,
    provider: &str,
    case: &str,
    more: &[&str],
    shells: &[&str],
) -> bool {
    let dir = tempfile::tempdir().unwrap();
    let outcome =
        leadhook!("check {} -p {} --only {} --format json", recorder.url(), provider, case)
            .args([
                "--secret",
                SECRETS[0],
                "--secret",
                SECRETS[1],
                "--save-failures",
                "failed requests",
            ])
            .args(more)
            .in_folder(dir.path())
            .run();
    let report = &objects(&outcome.stdout)[0];
    assert_eq!(report["outcome"], "fail", "{provider} {case}: {outcome:?}");
    let mut sent = recorder.take(1);
    if case == "size-limit" {
        // The command sends the smallest refused body only, which is the last one.
        sent.drain(..sent.len() - 1);
    }
    let Some(commands) = report["curl"].as_str() else { return false };
    for shell in shells {
        run_in_shell(shell, dir.path(), commands);
        let repeated = recorder.take(sent.len());
        let parts =
            |requests: &[Vec<u8>]| requests.iter().map(|one| parts(one)).collect::<Vec<_>>();
        assert!(parts(&repeated) == parts(&sent), "{provider} {case}:\n{commands}");
    }
    true
}

#[test]
fn the_command_of_every_case_sends_what_check_sent() {
    let shells = shells("the_command_of_every_case_sends_what_check_sent");
    for provider in PROVIDERS {
        let recorder = Recorder::new(500);
        let list = leadhook!("check --list -p {} --format json", provider).in_process();
        let listed = objects(&list.stdout).remove(0)["cases"].take();
        let without: Vec<_> = listed
            .as_array()
            .unwrap()
            .iter()
            .map(|case| case["id"].as_str().unwrap())
            .filter(|case| !assert_command_repeats(&recorder, provider, case, &[], &shells))
            .collect();
        // `idle` ends after three failures.
        let raw = ["keep-alive", "repeat-at-once", "retry-after-late-answer", "50-at-once"];
        // A burst of one message, for a provider without later events, has a command.
        let without: Vec<_> =
            without.into_iter().filter(|case| *case != "reversed-burst").collect();
        assert_eq!(without, raw, "{provider}");
    }
}

#[test]
fn the_commands_of_a_case_with_several_requests_send_all_of_them() {
    let shells = shells("the_commands_of_a_case_with_several_requests_send_all_of_them");
    let recorder = Recorder::new(200);
    let probe = ["--probe-cmd", "echo 1", "--settle", "0"];
    for case in ["repeat", "same-id-other-body"] {
        assert!(assert_command_repeats(&recorder, "realgeeks", case, &probe, &shells));
    }
}

#[test]
fn a_failure_is_a_block_of_at_most_eight_lines() {
    for (provider, group) in PROVIDERS
        .into_iter()
        .flat_map(|provider| ["accepts", "rejects", "idempotency"].map(|group| (provider, group)))
    {
        let recorder = Recorder::new(500);
        let run = |more: &[&str]| {
            leadhook!("check {} -p {} --only {} --seed 4711", recorder.url(), provider, group)
                .args(["--keep-going"])
                .args(["--secret", SECRETS[0]])
                .args(more)
                .in_process()
                .exits(1, group)
                .stdout
        };
        let shown = run(&[]);
        assert!(shown.lines().next().unwrap().ends_with("(seed 4711)"), "{shown}");
        let mut lines = 0;
        for line in shown.lines() {
            lines = match line {
                line if line.starts_with("  FAIL") => 1,
                line if line.starts_with("        ") => lines + 1,
                _ => 0,
            };
            assert!(lines <= 8, "{shown}");
            assert!(line.chars().count() <= 79 || line.starts_with("repeat with: "), "{line}");
        }
        assert!(!shown.contains("curl -g"), "{shown}");
        let verbose = run(&["-v"]);
        assert!(verbose.lines().any(|line| line.starts_with("curl -g -X POST ")), "{verbose}");
    }
}

#[test]
fn a_case_without_a_command_says_why() {
    let recorder = Recorder::new(500);
    let cases = "keep-alive,2-mib,repeat-at-once,50-at-once";
    let shown = leadhook!("check {} --only {} -v", recorder.url(), cases)
        .args(["--secret", SECRETS[0]])
        .in_process()
        .stdout;
    for reason in [
        "it sends two requests on one connection",
        "add `--save-failures DIR`",
        "it sends 8 requests at once",
        "it sends 50 requests at once",
    ] {
        assert!(shown.contains(reason), "{reason} is not in {shown}");
    }
}

#[test]
fn the_repeat_command_sends_the_same_bytes() {
    let recorder = Recorder::new(500);
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("the secret"), SECRETS[0]).unwrap();
    let run = |args: &[String]| {
        let outcome = leadhook(args.iter().map(String::as_str).collect::<Vec<_>>().as_slice());
        outcome.exits(1, &args.join(" "))
    };
    let secret = dir.path().join("the secret").display().to_string();
    let url = recorder.url();
    let only = "pretty-printed,not-json,repeat";
    let args = ["check", &url, "--secret-file", &secret, "--now", "@1767323045", "--only", only];
    let first = run(&args.map(str::to_owned));
    let sent = recorder.take(3);
    assert_eq!(sent.len(), 3);
    let line = first.stdout.lines().last().unwrap();
    let command = line.strip_prefix("repeat with: leadhook ").unwrap_or_else(|| panic!("{line}"));
    let mut words = shlex::split(command).unwrap();
    run(&words);
    assert!(recorder.take(3) == sent, "{line}");
    // A case sends the same bytes alone.
    for word in &mut words {
        if word.as_str() == only {
            "not-json".clone_into(word);
        }
    }
    run(&words);
    assert!(recorder.take(1) == sent[1..2], "{line}");
}

#[test]
fn saved_requests_are_read_by_verify_and_replay() {
    let recorder = Recorder::new(500);
    let dir = tempfile::tempdir().unwrap();
    let cases = "event-created,64-kib,truncated,repeat-at-once";
    let outcome = leadhook!("check {} --only {} --save-failures out", recorder.url(), cases)
        .args(["--secret", SECRETS[0]])
        .in_folder(dir.path())
        .run()
        .exits(1, "the receiver answers 500");
    assert!(outcome.stderr.contains("saved 11 requests of failed cases in `out`"), "{outcome:?}");
    let sent = recorder.take(11);
    let run = |line: &str| Leadhook::new(line.split(' ')).in_folder(dir.path()).run();
    let secret = format!("--secret {}", SECRETS[0]);
    for (file, exit) in
        [("event-created-1", 0), ("64-kib-1", 0), ("truncated-1", 1), ("repeat-at-once-8", 0)]
    {
        run(&format!("verify out/{file}.json {secret}")).exits(exit, file);
    }
    let saved = fs::read(dir.path().join("out/event-created-1.json")).unwrap();
    assert_eq!(only(&saved).message.body, only(&sent[0]).message.body);
    let verified = run(&format!("verify out {secret} --format json")).exits(1, "one is forged");
    assert_eq!(objects(&verified.stdout).last().unwrap()["invalid"], 1, "{verified:?}");
    run(&format!("replay out --to {} --format json", recorder.url()));
    assert_eq!(recorder.take(11).len(), 11);
}

#[test]
fn nothing_is_saved_if_nothing_fails() {
    let running = practice("realgeeks", "none");
    let url = format!(":{}", running.address().port());
    let (outcome, dir) = leadhook!("check {} --only event-created --save-failures out", url)
        .args(["--secret", SECRETS[0]])
        .run_in();
    assert_eq!((outcome.exit, dir.path().join("out").exists()), (0, false), "{outcome:?}");
    assert!(!outcome.stdout.contains("repeat with"), "{outcome:?}");
    let file = dir.path().join("file");
    fs::write(&file, "").unwrap();
    leadhook!("check {} --secret s --save-failures {}", url, file.display())
        .run()
        .exits(3, "a file");
}
