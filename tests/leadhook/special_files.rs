//! Pipes, sockets, devices and links in place of a file: none blocks a run, and none is replaced.

use crate::check::practice;
use crate::support::{Endpoint, Leadhook, Outcome, PATIENCE, eventually, kill, objects};
use serde_json::json;
use std::fs;
use std::os::unix::fs::{FileTypeExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

const CREATED: &str = "send realgeeks:created :1 --dry-run --print json";

fn make_pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// Runs a line in a shell, in which `leadhook` is the binary.
fn shell(program: &str, folder: &Path, line: &str) -> Outcome {
    let line = format!("leadhook() {{ {} \"$@\"; }}\n{line}", env!("CARGO_BIN_EXE_leadhook"));
    let output = Command::new(program)
        .args(["-c", &line])
        .env_clear()
        .env("HOME", folder)
        .env("PATH", "/usr/bin:/bin")
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let exit = output.status.code().unwrap_or(-1);
    Outcome { exit, stdout: text(output.stdout), stderr: text(output.stderr) }
}

fn has_bash(test: &str) -> bool {
    let found = Command::new("bash").args(["-c", "true"]).status();
    let is_there = found.is_ok_and(|status| status.success());
    if !is_there {
        crate::support::skipped(test, "no bash");
    }
    is_there
}

#[test]
fn a_pipe_as_a_configuration_file_is_rejected() {
    let dir = tempfile::tempdir().unwrap();
    let run = |line: &str| Leadhook::from_line(line, &[]).in_folder(dir.path()).run();
    let refused = |outcome: Outcome, case: &str| {
        let outcome = outcome.exits(3, case);
        assert!(outcome.stderr.contains("it is a pipe, expected a regular file"), "{outcome:?}");
        assert!(outcome.stderr.contains("hint: use a regular file"), "{outcome:?}");
    };
    make_pipe(&dir.path().join("pipe"));
    refused(run(&format!("{CREATED} --unsigned --config pipe")), "--config");
    fs::create_dir_all(dir.path().join(".config/leadhook")).unwrap();
    symlink("../../pipe", dir.path().join(".config/leadhook/leadhook.toml")).unwrap();
    refused(run(&format!("{CREATED} --unsigned")), "the user's file");
    fs::remove_dir_all(dir.path().join(".config")).unwrap();
    make_pipe(&dir.path().join("leadhook.toml"));
    refused(run(&format!("{CREATED} --unsigned")), "the project's file");
    refused(run("verify x"), "another command");
    fs::remove_file(dir.path().join("leadhook.toml")).unwrap();
    // The way to specify no file.
    run(&format!("{CREATED} --unsigned --config /dev/null")).exits(0, "/dev/null");
    fs::write(dir.path().join("leadhook.toml"), "secret-file = 'pipe'").unwrap();
    refused(run(CREATED), "a secret");
    // Candidates of an inactive profile are searched as well.
    let text = "secret-env = 'NONE'\n[profile.other]\nsecret-file = 'pipe'\n";
    fs::write(dir.path().join("leadhook.toml"), text).unwrap();
    let capture = r#"{"headers":{"X-Lead-Router-Signature":"00"},"body":"{}"}"#;
    fs::write(dir.path().join("c.json"), capture).unwrap();
    run("verify c.json -p realgeeks --secret s").exits(1, "candidates");
}

#[test]
fn a_pipe_in_a_pack_is_rejected() {
    let dir = tempfile::tempdir().unwrap();
    let run = |line: &str| Leadhook::from_line(line, &[]).in_folder(dir.path()).run();
    run("events new acme").exits(0, "a pack");
    make_pipe(&dir.path().join("acme/more.json"));
    let outcome = run("events --pack acme").exits(3, "a pipe");
    assert!(outcome.stderr.contains("`acme/more.json`: it is a pipe"), "{outcome:?}");
    fs::remove_file(dir.path().join("acme/more.json")).unwrap();
    fs::create_dir(dir.path().join("acme/more.json")).unwrap();
    run("events --pack acme").exits(0, "a folder is skipped");
}

#[test]
fn a_pipe_given_as_an_argument_is_read() {
    if !has_bash("a_pipe_given_as_an_argument_is_read") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let signed = "leadhook send realgeeks:created :1 --dry-run --print json --secret s3cret";
    let plain = shell("bash", dir.path(), signed).exits(0, "given by option").stdout;
    fs::write(dir.path().join("c.json"), &plain).unwrap();
    for line in [
        "leadhook verify c.json --secret-file <(echo s3cret)",
        "echo s3cret | leadhook verify c.json --secret-file /dev/stdin",
        "echo s3cret | leadhook verify c.json --secret-file -",
        "LEADHOOK_SECRET_FILE=<(echo s3cret) leadhook verify c.json",
        "leadhook verify <(cat c.json) --secret s3cret",
        "leadhook verify /dev/stdin --secret s3cret < c.json",
        "cat c.json | leadhook verify /dev/stdin --secret s3cret",
        "leadhook verify c.json --secret other --candidates <(echo s3cret) | grep -q candidate-secret",
        "leadhook convert <(cat c.json) --print curl | grep -q curl",
        "leadhook convert /dev/stdin --print http < c.json | grep -q POST",
        "leadhook send realgeeks:created :1 --dry-run --unsigned --data <(echo '{}')",
        "leadhook send realgeeks:created :1 --dry-run --unsigned --merge <(echo '{}')",
        "mkfifo p; (echo s3cret > p &); leadhook verify c.json --secret-file p; s=$?; rm p; exit $s",
    ] {
        let line = line.replace("grep -q candidate-secret", "grep -q 'line 1'");
        shell("bash", dir.path(), &line).exits(0, &line);
    }
    let endpoint = Endpoint::new(&[200]);
    let line = format!("leadhook replay <(cat c.json) --to {}", endpoint.target());
    shell("bash", dir.path(), &line).exits(0, &line);
    // Failures are explained with their neighbours, and a pipe cannot be read twice.
    fs::write(dir.path().join("two.json"), plain.repeat(2)).unwrap();
    let line = "mkfifo q; (cat two.json > q &); leadhook verify q --secret other";
    shell("bash", dir.path(), line).exits(1, line);
}

#[test]
fn reports_keep_devices_links_and_the_files_of_others() {
    let running = practice("realgeeks", "none");
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    let url = format!(":{}", running.address().port());
    let check = |more: &str| {
        let line = format!("check {url} --secret s3cret --only truncated --report {more}");
        Leadhook::from_line(&line, &[]).in_folder(dir.path()).run()
    };
    fs::write(at("real.xml"), "former").unwrap();
    symlink("real.xml", at("link.xml")).unwrap();
    symlink("/dev/null", at("null")).unwrap();
    check("junit=link.xml,tap=null,json=/dev/null,html=new.html").exits(0, "every request");
    for link in ["link.xml", "null"] {
        assert!(fs::symlink_metadata(at(link)).unwrap().file_type().is_symlink(), "{link}");
    }
    assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    assert!(fs::read_to_string(at("real.xml")).unwrap().contains("<testsuites"));
    assert!(fs::read_to_string(at("new.html")).unwrap().contains("<html"));
    let outcome = check("json=/dev/stdout").exits(0, "after the other option");
    let (_, report) = outcome.stdout.split_once("\n{").unwrap();
    serde_json::from_str::<serde_json::Value>(&format!("{{{report}")).unwrap();
    // The same if standard output is a file, whose content is preserved.
    let line = format!(
        "{{ echo before; leadhook check {url} --secret s3cret --only truncated -q --report tap=/dev/stdout; }} > out"
    );
    shell("sh", dir.path(), &line).exits(0, &line);
    let out = fs::read_to_string(at("out")).unwrap();
    assert!(out.starts_with("before\n") && out.contains("TAP version"), "{out}");
    let before = fs::read_to_string(at("real.xml")).unwrap();
    for twice in [
        "junit=real.xml,json=real.xml",
        "junit=real.xml,json=./real.xml",
        "junit=real.xml,json=link.xml",
        "junit=fresh.xml,html=./fresh.xml",
    ] {
        let outcome = check(twice).exits(2, twice);
        assert!(outcome.stderr.contains("two reports are written to"), "{outcome:?}");
        assert!(
            outcome.stderr.contains("hint: use a different file for each report"),
            "{outcome:?}"
        );
    }
    assert_eq!(fs::read_to_string(at("real.xml")).unwrap(), before);
    assert!(!at("fresh.xml").exists());
}

#[test]
fn replacing_a_drawing_keeps_its_symlink() {
    let dir = tempfile::tempdir().unwrap();
    symlink("real.svg", dir.path().join("link.svg")).unwrap();
    let line = "simulate realgeeks:created --events 9/h --for 2h --outage 1h..2h --plot link.svg";
    Leadhook::from_line(line, &[]).in_folder(dir.path()).run().exits(0, line);
    assert!(fs::symlink_metadata(dir.path().join("link.svg")).unwrap().file_type().is_symlink());
    assert!(fs::read_to_string(dir.path().join("real.svg")).unwrap().contains("<svg"));
}

/// Starts `listen` with a ready file in a temporary folder.
fn listen(folder: &Path, ready: &str) -> std::process::Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_leadhook"));
    command.env_clear().current_dir(folder).stdin(Stdio::null()).stderr(Stdio::null());
    command.args(["listen", ":0", "--format", "json", "--secret", "s3cret", "--ready-file", ready]);
    command.stdout(Stdio::piped()).spawn().unwrap()
}

#[test]
fn a_ready_file_may_be_a_pipe_that_is_read_late_or_never() {
    let dir = tempfile::tempdir().unwrap();
    let pipe = dir.path().join("ready");
    make_pipe(&pipe);
    for is_read in [false, true] {
        let mut child = listen(dir.path(), "ready");
        let mut lines =
            std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().unwrap()));
        let ready = objects(&lines.next().unwrap().unwrap()).remove(0);
        assert_eq!(ready["kind"], json!("ready"));
        if is_read {
            let url = fs::read_to_string(&pipe).unwrap();
            assert_eq!(url.trim_end(), ready["url"].as_str().unwrap());
        }
        assert!(kill("TERM", &child.id().to_string()));
        let status = eventually("its end", || child.try_wait().unwrap());
        assert_eq!(status.code(), Some(143), "read: {is_read}");
        assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
    }
}

#[test]
fn a_ready_file_replaces_no_captures() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("caps.jsonl"), "").unwrap();
    symlink("caps.jsonl", dir.path().join("link")).unwrap();
    for ready in ["caps.jsonl", "./caps.jsonl", "link"] {
        let line = format!("listen :0 --timeout 1ms --save caps.jsonl --ready-file {ready}");
        let outcome = Leadhook::from_line(&line, &[]).in_folder(dir.path()).run().exits(2, ready);
        assert!(outcome.stderr.contains("`--ready-file` and `--save` both name"), "{outcome:?}");
    }
}

/// Creates a pipe and signals when every process that has opened it for writing has ended.
fn writers_of(pipe: &Path) -> Receiver<()> {
    make_pipe(pipe);
    let (sender, ended) = channel();
    let pipe = pipe.to_owned();
    std::thread::spawn(move || {
        let _ = fs::read(pipe);
        let _ = sender.send(());
    });
    ended
}

#[test]
fn a_probe_leaves_no_child_at_its_end_or_on_a_signal() {
    let running = practice("realgeeks", "none");
    let url = format!(":{}", running.address().port());
    let dir = tempfile::tempdir().unwrap();
    let writers = writers_of(&dir.path().join("pipe"));
    // The first probe leaves a child that keeps its output open; `-e` makes the others simple.
    let probe = "[ -e asked ] || { : > asked; exec 3> pipe; sleep 60 & }; echo 1";
    let outcome = Leadhook::from_line(
        "check {} --secret s3cret --only truncated --settle 0 --probe-cmd {}",
        &[&url, &probe],
    );
    outcome.in_folder(dir.path()).run().exits(0, probe);
    writers.recv_timeout(PATIENCE).unwrap();

    let dir = tempfile::tempdir().unwrap();
    let writers = writers_of(&dir.path().join("pipe"));
    let probe = "exec 3> pipe; sleep 60 & : > up; sleep 60";
    let mut child = Command::new(env!("CARGO_BIN_EXE_leadhook"))
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .current_dir(dir.path())
        .args(["check", &url, "--secret", "s3cret", "--probe-cmd", probe])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    eventually("the probe", || dir.path().join("up").exists().then_some(()));
    assert!(kill("TERM", &child.id().to_string()));
    let status = eventually("its end", || child.try_wait().unwrap());
    assert_eq!(status.code(), Some(143));
    writers.recv_timeout(PATIENCE).unwrap();
}
