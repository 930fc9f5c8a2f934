//! No output contains a command that a CI system would execute, whatever its origin.

use crate::support::{Endpoint, Leadhook, Outcome, captures, leadhook};
use serde_json::json;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Stdio;

/// A command for each CI system, after a newline and in the middle of a line.
const COMMANDS: &str = "x ##[set-output name=a]b ##vso[task.setvariable variable=PATH]/evil \
    ##teamcity[buildStatus text='x']\n::add-mask::x\n \u{3000}::stop-commands::x";

/// The same commands without newlines, for headers, names and arguments.
const LINE: &str = "::error::x ##[set-output name=a]b ##vso[task.complete]##TeamCity[x]";

/// Returns the lines that a CI system would execute. The rules are those of the runners and are not
/// shared with the code under test.
fn executed_lines(text: &str) -> Vec<&str> {
    let is_obeyed = |line: &&str| {
        let lower = line.to_ascii_lowercase();
        line.trim_start().starts_with("::")
            || ["##[", "##vso[", "##teamcity["].iter().any(|command| lower.contains(command))
    };
    text.split(['\n', '\r']).filter(is_obeyed).collect()
}

#[track_caller]
fn has_no_command(case: &str, outcome: &Outcome) {
    assert_eq!(executed_lines(&outcome.stdout), [""; 0], "{case}: standard output");
    assert_eq!(executed_lines(&outcome.stderr), [""; 0], "{case}: standard error");
}

/// A captured request in which every string is hostile.
fn capture(action: &str) -> String {
    let body = json!({
        "id": COMMANDS, "first_name": COMMANDS, "email": COMMANDS, "role": COMMANDS, COMMANDS: 1e300,
        "activities": [{"type": COMMANDS}],
    });
    let capture = json!({
        "headers": {
            "X-Lead-Router-Action": action, "X-Lead-Router-Message-Id": LINE,
            "X-Lead-Router-Signature": LINE, "X-Other": LINE,
        },
        "method": "POST", "target": "/?##[x]", "remote": LINE, "body": body.to_string(),
    });
    capture.to_string()
}

#[test]
fn captured_requests_contain_no_command_when_displayed() {
    for action in ["created", LINE] {
        let captured = capture(action);
        let forms = ["human", "json"]
            .into_iter()
            .flat_map(|format| ["", "-vv"].map(|more| format!("--format {format} {more}")));
        for form in forms {
            for command in [
                "verify - --secret s --show-expected",
                "verify - -p realgeeks --secret s",
                "events check -",
                "convert --print json -",
                "convert --print har -",
            ] {
                let case = format!("{command} {form}");
                let args: Vec<_> = case.split_whitespace().collect();
                has_no_command(&case, &Leadhook::new(&args).stdin(captured.clone()).run());
            }
        }
        let curl = leadhook!("convert --print curl -").stdin(captured.clone()).run();
        has_no_command("curl", &curl.clone().exits(0, "curl"));
        let read = leadhook!("convert --print json -").stdin(curl.stdout).run().exits(0, "read");
        let body = |text: &str| {
            let capture: serde_json::Value = serde_json::from_str(text).unwrap();
            capture["body"].as_str().unwrap().to_owned()
        };
        assert_eq!(body(&read.stdout), body(&captured), "every format contains the same bytes");
    }
}

#[test]
fn exact_bytes_keep_a_command_after_a_warning_note() {
    let outcome = leadhook!("convert --print http -").stdin(capture("created")).run();
    let outcome = outcome.exits(0, "http");
    assert!(outcome.stdout.contains("##[set-output"), "{outcome:#?}");
    assert!(outcome.stderr.contains("workflow command"), "{outcome:#?}");
    assert_eq!(executed_lines(&outcome.stderr), [""; 0]);
    for body in ["a\r::stop-commands::x", "##[x]"] {
        let capture = json!({"headers": {}, "body": body}).to_string();
        let quiet = leadhook!("convert --print http -q -").stdin(capture).run().exits(0, "quiet");
        assert!(quiet.stderr.contains("workflow command"), "{body:?}: {quiet:#?}");
    }
    let plain = leadhook!("send created --secret s --dry-run --print http").run().exits(0, "plain");
    assert_eq!(plain.stderr, "");
}

#[test]
fn responses_contain_no_command_when_displayed() {
    for content_type in ["text/plain", "application/json"] {
        let response = format!(
            "HTTP/1.1 500 {LINE}\r\nContent-Type: {content_type}\r\nX-Y: {LINE}\r\nContent-Length: {}\r\n\r\n{COMMANDS}",
            COMMANDS.len()
        );
        for form in ["human", "json"] {
            for command in [
                "send created TARGET --secret s",
                "simulate created TARGET --secret s --attempts 2",
                "check TARGET -p realgeeks --secret s --only accepts-sample",
                "check TARGET -p realgeeks --secret s --report tap=/dev/stderr",
                "replay capture.json --to TARGET",
            ] {
                let endpoint = Endpoint::raw(vec![response.clone()]);
                let case = format!("{command} --format {form} -vv");
                let case = case.replace("TARGET", &endpoint.target());
                let args: Vec<_> = case.split_whitespace().collect();
                let run = Leadhook::new(&args).file("capture.json", capture(LINE)).run();
                has_no_command(&case, &run);
            }
        }
    }
}

#[test]
fn errors_about_arguments_and_configuration_contain_no_command() {
    for args in [
        ["send", LINE, "--secret", "s"].as_slice(),
        &["send", "created", LINE, "--secret", "s"],
        &["send", "created", "--secret", "s", "--set", LINE],
        &["send", "created", "--secret", "s", "--variant", LINE],
        &["send", "created", "--secret-file", LINE],
        &["verify", LINE],
        &["listen", ":0", "--respond", LINE],
        &["events", "-p", LINE],
        &["config", "show", "--profile", LINE],
        &[LINE],
    ] {
        for format in ["human", "json"] {
            let args = [&["--format", format], args].concat();
            has_no_command(&format!("{args:?}"), &leadhook(&args));
        }
    }
    for line in [
        format!("\"{LINE}\" = 1"),
        format!("target = \"{LINE}\""),
        format!("provider = \"{LINE}\""),
        format!("secret-file = \"{LINE}\""),
        format!("[providers]\n\"{LINE}\" = \"x\""),
        format!("[profiles.\"{LINE}\"]\ntarget = \":1\""),
    ] {
        for args in ["config show", "send created", "listen :0 --timeout 1ms"] {
            for format in ["human", "json"] {
                let case = format!("{args} --format {format}");
                let args: Vec<_> = case.split_whitespace().collect();
                has_no_command(&case, &Leadhook::new(&args).file("leadhook.toml", &line).run());
            }
        }
    }
}

#[test]
fn received_requests_contain_no_command_when_displayed_or_saved() {
    for form in ["human", "json"] {
        let (mut command, dir) =
            leadhook!("listen :0 --secret s -vv --count 1 --save saved --format {}", form)
                .command();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut shown = String::new();
        stdout.read_line(&mut shown).unwrap();
        let address = shown.split("http://").nth(1).unwrap().split('/').next().unwrap().to_owned();
        let body = json!({"id": COMMANDS, "email": COMMANDS, COMMANDS: COMMANDS}).to_string();
        let mut stream = TcpStream::connect(address).unwrap();
        write!(
            stream,
            "POST /?##[x] HTTP/1.1\r\nHost: x\r\nX-Lead-Router-Action: {LINE}\r\n\
             X-Lead-Router-Message-Id: {LINE}\r\nX-Lead-Router-Signature: {LINE}\r\n\
             Connection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut response = Vec::new();
        stream.read_to_end(&mut response).unwrap();
        stdout.read_to_string(&mut shown).unwrap();
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        has_no_command(form, &Outcome { exit: 0, stdout: shown, stderr });
        let saved = captures(&dir.path().join("saved"));
        let saved = fs::read_to_string(&saved[0]).unwrap();
        assert!(saved.contains("set-output"), "{form}: {saved}");
        assert_eq!(executed_lines(&saved), [""; 0], "{form}: the capture");
    }
}
