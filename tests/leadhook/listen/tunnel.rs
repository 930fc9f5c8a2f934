//! `listen --tunnel`, with shell scripts that stand in for the programs.

use crate::support::{Leadhook, PATIENCE, eventually, kill, objects, send};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Stdio;

/// A command that prints its arguments into `args` and a public URL, and runs until it is ended.
const STAND_IN: &str = "echo {port} > args; echo 'https://public.example.com/x is ready'; \
                        sleep 60 & exec sleep 60";

fn listen(args: &[&str]) -> Leadhook {
    leadhook!("listen :0 --format json --secret s3cret").args(args)
}

/// Writes an executable script.
fn script(folder: &Path, name: &str, text: &str) {
    use std::os::unix::fs::PermissionsExt;
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// Runs a listener whose programs are the stand-ins in `folder`. Returns its first object, its exit
/// status and its standard error, after `visit`.
fn run_with(
    folder: &Path,
    args: &[&str],
    visit: impl FnOnce(&Value),
) -> (Option<Value>, i32, String) {
    let path = format!("{}:/usr/bin:/bin", folder.display());
    let (mut command, _dir) = listen(args).env("PATH", &path).command();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().unwrap()));
    let first = lines.next().map(|line| objects(&line.unwrap()).remove(0));
    if let Some(ready) = &first {
        visit(ready);
    }
    kill("TERM", &child.id().to_string());
    lines.for_each(drop);
    let output = child.wait_with_output().unwrap();
    (first, output.status.code().unwrap_or(-1), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn the_public_url_is_printed_and_the_program_ends_with_the_listener() {
    let run = listen(&["--tunnel", STAND_IN, "--ready-file", "ready"]);
    let (mut command, dir) = run.command();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().unwrap()));
    let ready = objects(&lines.next().unwrap().unwrap()).remove(0);
    assert_eq!(ready["public_url"], "https://public.example.com/x", "{ready}");
    let url = ready["url"].as_str().unwrap();
    let port = url.trim_end_matches('/').rsplit(':').next().unwrap();
    assert_eq!(fs::read_to_string(dir.path().join("args")).unwrap().trim(), port);
    let file = eventually("the ready file", || fs::read_to_string(dir.path().join("ready")).ok());
    assert_eq!(file, "https://public.example.com/x\n");
    assert_eq!(send("created", url, &["--secret", "s3cret"]).0, 0);
    // The programs inherit the pipe of standard error only through leadhook: none may outlive it.
    kill("TERM", &child.id().to_string());
    let status = child.wait().unwrap();
    assert_eq!(status.code(), Some(143));
    let rest: Vec<_> = lines.map(Result::unwrap).collect();
    assert!(rest.last().unwrap().contains("\"stopped\""), "{rest:?}");
}

#[test]
fn its_children_end_with_it() {
    let dir = tempfile::tempdir().unwrap();
    let fifo = dir.path().join("fifo");
    assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let (sender, ended) = std::sync::mpsc::channel();
    let pipe = fifo.clone();
    std::thread::spawn(move || {
        // Ends once every process that opened it to write has ended.
        let _ = fs::read(pipe);
        let _ = sender.send(());
    });
    let command = format!(
        "exec 3> '{}'; echo https://public.example.com {{port}}; sleep 60 & (sleep 60 & sleep 60)",
        fifo.display()
    );
    let args = ["--tunnel", &*command, "--timeout", "1s"];
    let outcome = listen(&args).run();
    assert_eq!(outcome.exit, 0, "{outcome:?}");
    ended.recv_timeout(PATIENCE).unwrap();
}

#[test]
fn known_programs_are_found_in_the_path_and_get_the_address() {
    for (name, line, expected) in [
        (
            "cloudflared",
            "echo 'see https://developers.cloudflare.com/x' >&2; \
             echo 'INF |  https://a-b-c.trycloudflare.com  |' >&2",
            "https://a-b-c.trycloudflare.com/",
        ),
        ("tailscale", "echo https://box.tail1.ts.net/", "https://box.tail1.ts.net/"),
        ("ngrok", "echo msg=started url=https://a.example.com", "https://a.example.com/"),
    ] {
        let bin = tempfile::tempdir().unwrap();
        let args = bin.path().join("args");
        let text =
            format!("echo \"$@\" > '{}'; env > '{0}.env'\n{line}\nexec sleep 60", args.display());
        script(bin.path(), name, &text);
        let (ready, exit, stderr) = run_with(bin.path(), &["--tunnel", name], |ready| {
            let given = fs::read_to_string(&args).unwrap();
            let url = ready["url"].as_str().unwrap().trim_end_matches('/');
            assert!(given.split_whitespace().any(|word| word == url), "{name}: {given}");
            let env = fs::read_to_string(bin.path().join("args.env")).unwrap();
            assert!(!env.contains("LEADHOOK_"), "{name}: {env}");
        });
        assert_eq!(ready.unwrap()["public_url"], expected, "{name}: {stderr}");
        assert_eq!(exit, 143, "{name}");
    }
}

#[test]
fn a_tunnel_needs_a_secret_and_a_known_name() {
    for (args, expected) in [
        (&["--tunnel", "cloudflared"][..], "`--tunnel` needs a secret"),
        (&["--tunnel", "lt --port 80", "--secret", "s"], "expected `cloudflared`, `tailscale`"),
    ] {
        let outcome = leadhook!("listen :0 --timeout 60s").args(args).run();
        assert_eq!(outcome.exit, 2, "{args:?}: {outcome:?}");
        assert!(outcome.stderr.contains(expected), "{}", outcome.stderr);
    }
}

#[test]
fn a_missing_program_is_named() {
    let bin = tempfile::tempdir().unwrap();
    let (first, exit, stderr) = run_with(bin.path(), &["--tunnel", "cloudflared"], |_| ());
    let error = objects(&stderr).remove(0);
    assert_eq!((first, exit), (None, 4), "{error}");
    assert_eq!(error["code"], "tunnel-failed", "{error}");
    let message = "the tunnel `cloudflared` is not installed: it was not found in `PATH`";
    assert_eq!(error["message"], message);
    assert!(error["hint"].as_str().unwrap().contains("downloads nothing"), "{error}");
}

#[test]
fn a_program_that_ends_is_an_error_with_its_last_lines() {
    let outcome = listen(&["--tunnel", "echo log in first {port}; exit 3"]).run();
    let error = objects(&outcome.stderr).remove(0);
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (4, ""), "{error}");
    let message = error["message"].as_str().unwrap();
    assert!(
        message.ends_with("ended with exit status 3 before it printed a public URL"),
        "{error}"
    );
    assert!(error["output"][0].as_str().unwrap().starts_with("log in first"), "{error}");
    let dir = tempfile::tempdir().unwrap();
    let go = dir.path().join("go");
    let command = format!(
        "echo https://public.example.com {{port}}; until [ -e '{}' ]; do sleep 0.01; done; \
         printf 'lost\\033[2J\\n'; exit 1",
        go.display()
    );
    let mut listener = listen(&["--tunnel", &command]).start();
    fs::write(&go, "").unwrap();
    assert_eq!(listener.exit_status(), 4);
    let (_, lines, stderr) = listener.wait();
    assert_eq!(lines.last().unwrap()["kind"], "stopped");
    let error = objects(&stderr).remove(0);
    let output = error["output"].as_array().unwrap().last().unwrap().as_str().unwrap();
    assert!(output.starts_with("lost") && !output.contains('\u{1b}'), "{error}");
}

#[test]
fn a_signal_ends_it_while_the_program_starts() {
    let command = "echo {port} > up; exec sleep 60";
    let (mut command, dir) = listen(&["--tunnel", command, "--ready-file", "ready"]).command();
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    eventually("the program", || dir.path().join("up").exists().then_some(()));
    kill("INT", &child.id().to_string());
    let output = child.wait_with_output().unwrap();
    let lines = objects(&String::from_utf8(output.stdout).unwrap());
    let kinds: Vec<_> = lines.iter().map(|line| line["kind"].as_str().unwrap()).collect();
    assert_eq!((output.status.code(), kinds), (Some(130), vec!["stopped"]));
    assert!(!dir.path().join("ready").exists(), "nothing was ready");
}

#[test]
fn neither_a_variable_nor_a_file_starts_a_program() {
    let run = leadhook!("listen :0 --format json --secret s3cret --timeout 1s");
    let outcome = run.env("LEADHOOK_TUNNEL", STAND_IN).run();
    assert_eq!(outcome.exit, 0, "{outcome:?}");
    assert!(!outcome.stdout.contains("public_url"), "{outcome:?}");
    let run = leadhook!("listen :0 --secret s3cret --timeout 1s");
    let outcome = run.file("leadhook.toml", "tunnel = \"cloudflared\"\n").run();
    assert_eq!(outcome.exit, 2, "{outcome:?}");
}
