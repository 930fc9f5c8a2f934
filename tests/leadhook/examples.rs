//! Runs every example of the help and the manual as a shell would.
#![cfg(unix)]

use crate::support::{Leadhook, Running, captures, in_threads, objects};
use leadhook::commands::manual::examples::{self, Example, Needs};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// The secret in the examples.
const SECRET: &str = "s3cret";

/// The address of the app in the examples; a run gets a free port.
const APP: &str = ":3000";

/// The address of the listener in the examples, likewise.
const LISTENER: &str = ":9090";

/// The examples whose result is negative or incomplete, by a part of their line.
const EXITS: &[(&str, i32)] = &[
    ("verify deliveries.jsonl", 1),
    ("verify capture.json --secret old", 1),
    ("diff ", 1),
    // Without a probe, the check of the first example of `leadhook --help` is incomplete.
    ("check :3000/hooks --secret s3cret$", 5),
];

/// The examples that must find something in the files, by a part of their line, and a part of what
/// they print.
const FINDS: &[(&str, &str)] = &[
    ("--mine", "Your code hashed `json.dumps(data)` (Python)"),
    ("--candidates .env", "the one in line 2 of `.env`"),
    ("diff sent.json received.json", "newline"),
    ("verify deliveries.jsonl", "INVALID"),
    ("--outage 30m..3h", "no lead is lost"),
];

/// The exit status of a command that only ends when it is interrupted.
const INTERRUPTED: i32 = 130;

/// Returns the standard output of a run that must succeed.
fn output(args: &[&str]) -> String {
    Leadhook::new(args).run().exits(0, &args.join(" ")).stdout
}

/// Returns the capture of a request that is not sent.
fn capture(event: &str, more: &[&str]) -> Value {
    let args = ["send", event, "--secret", SECRET, "--dry-run", "--print", "json"];
    objects(&output(&[&args[..], more].concat())).remove(0)
}

/// Writes the files that the examples name.
fn write_files(folder: &Path) {
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
    // The example of `--mine` has a digest of these bytes.
    let fixed = ["--message-id", "m-1", "--seed", "7", "--now", "2026-01-02T03:04:05Z"];
    let created = capture("created", &fixed);
    let lead = capture("leadpro:lead.created", &[]);
    let forged = capture("updated", &["--tamper", "body"]);
    let body = created["body"].as_str().unwrap();
    fs::create_dir(folder.join("caps")).unwrap();
    write("caps/1.json", &created.to_string());
    write("caps/2.json", &lead.to_string());
    write("capture.json", &created.to_string());
    write("deliveries.jsonl", &format!("{created}\n{lead}\n{forged}\n"));
    write("sent.json", &created.to_string());
    let mut received = created.clone();
    received["body"] = json!(format!("{body}\n"));
    write("received.json", &received.to_string());
    let headers: serde_json::Map<_, _> = created["headers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|header| (header[0].as_str().unwrap().to_owned(), header[1].clone()))
        .collect();
    let logged = json!({ "headers": headers, "body": body });
    write("app.log", &format!("INFO started\nINFO {logged}\n"));
    let token =
        lead["headers"].as_array().unwrap().iter().find(|header| header[0] == "Authorization");
    write("token.txt", token.unwrap()[1].as_str().unwrap());
    write("body.json", r#"{"test":"data"}"#);
    write("created.json", &output(&["events", "show", "created"]));
    write("lead.json", &output(&["events", "show", "leadpro:lead.created"]));
    write(".secret", SECRET);
    write(".env", &format!("DATABASE_URL=postgres://db.example.com\nWEBHOOK_SECRET={SECRET}\n"));
    write(
        "retry.toml",
        "[retry]\nwaits = [\"1m\", \"5m\", \"30m\", \"2h\", \"6h\"]\nsuccess = [\"2xx\"]\n",
    );
    write("ci.toml", "timeout = \"5s\"\n");
    let new_pack = leadhook!("events new providers/globex").in_folder(folder);
    new_pack.run().exits(0, "a pack");
    let app = app();
    let baseline = leadhook!("replay caps/ --to {} --format json", app.url).in_folder(folder);
    write("before.ndjson", &baseline.run().exits(0, "a baseline").stdout);
}

/// Starts a receiver.
fn app() -> Running {
    leadhook!("practice :0 --secret {} --format json", SECRET).start()
}

/// Copies a folder and its content.
fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            fs::create_dir(&target).unwrap();
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// Returns the expected exit status.
fn expected_exit(line: &str) -> i32 {
    let line = format!("{line}$");
    EXITS.iter().find(|(part, _)| line.contains(part)).map_or(0, |(_, exit)| *exit)
}

/// Runs an example in a copy of the folder.
fn run(example: &Example, files: &Path) {
    let folder = TempDir::new().unwrap();
    copy(files, folder.path());
    let is_server = ["leadhook listen", "leadhook practice"]
        .iter()
        .any(|start| example.line.starts_with(start) && !example.line.contains("--list-faults"));
    if is_server {
        return run_server(example.line, folder.path());
    }
    let app = example.line.contains(APP).then(app);
    let listener = leadhook!("listen :0 --format json");
    let listener = example.line.contains(LISTENER).then(|| listener.start());
    let mut line = example.line.to_owned();
    for (address, server) in [(APP, &app), (LISTENER, &listener)] {
        if let Some(server) = server {
            line = line.replace(address, &format!(":{}", server.address().port()));
        }
    }
    // The shell has the path of the binary in `$0`.
    let script = format!("leadhook() {{ \"$0\" \"$@\"; }}\n{line}");
    let none: [&str; 0] = [];
    let shell = Leadhook::new(none).through("sh", &["-c", &script]).in_folder(folder.path());
    let outcome = shell.run().exits(expected_exit(example.line), example.line);
    let writes_file = [" > ", " -o ", " --output "].iter().any(|mark| line.contains(mark));
    assert!(writes_file || !outcome.stdout.is_empty(), "{}: {outcome:?}", example.line);
    for (_, found) in FINDS.iter().filter(|(part, _)| example.line.contains(part)) {
        assert!(outcome.stdout.contains(found), "{}: {outcome:?}", example.line);
    }
}

/// Starts a server, and interrupts it once it is ready.
fn run_server(line: &str, folder: &Path) {
    let app = app();
    let words = shlex::split(line).unwrap();
    let words = words.iter().skip(1).enumerate().map(|(index, word)| match word.as_str() {
        // The first argument is the address to listen on.
        LISTENER | APP if index == 1 => ":0".to_owned(),
        word => word.replace(APP, &format!(":{}", app.address().port())),
    });
    let mut run = Leadhook::new(words);
    if !line.contains("--format json") {
        run = run.args(["--format", "json"]);
    }
    let running = run.in_folder(folder).start();
    running.signal("INT");
    let (exit, _, errors) = running.wait();
    assert_eq!(exit, INTERRUPTED, "{line}: {errors}");
}

#[test]
fn every_example_runs() {
    let files = TempDir::new().unwrap();
    write_files(files.path());
    assert_eq!(captures(&files.path().join("caps")).len(), 2);
    let all: Vec<_> = examples::all()
        .flat_map(|row| row.examples)
        .filter(|example| example.needs == Needs::Nothing)
        .collect();
    assert!(all.len() > 60, "{}", all.len());
    let failures = in_threads(&all, |example| {
        let ran = std::panic::AssertUnwindSafe(|| run(example, files.path()));
        std::panic::catch_unwind(ran).is_err().then_some(example.line)
    });
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn a_signed_body_can_be_piped_to_curl() {
    let files = TempDir::new().unwrap();
    write_files(files.path());
    let mut found = examples::of("sign").iter().filter(|example| example.line.contains("| curl"));
    let example = found.next().unwrap();
    let has_curl = std::process::Command::new("curl").arg("--version").output().is_ok();
    if has_curl {
        run(example, files.path());
    } else {
        crate::support::skipped("a_signed_body_can_be_piped_to_curl", "curl is not installed");
    }
}
