//! The effect of each signal on a waiting command.

use crate::durability::{on_disk, saving_to, status};
use crate::support::{Leadhook, PYTHON3, eventually, send, skipped};
use crate::wire::{exchange, post};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs a command on a new terminal, which ends when standard input does. Standard output and error
/// are unchanged.
const ON_A_TERMINAL: &str = r"
import os, pty, signal, sys
out, err = os.dup(1), os.dup(2)
child, master = pty.fork()
if child == 0:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.execv(sys.argv[1], sys.argv[1:])
sys.stdin.read()
os.close(master)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
";

fn runs(program: &str, args: &[&str]) -> bool {
    let run = Command::new(program).args(args).stdin(Stdio::null()).stdout(Stdio::null()).status();
    run.is_ok_and(|status| status.success())
}

fn listening_at(store: &Path) -> Leadhook {
    leadhook!("listen :0 --format json --save {}", store.display())
}

#[test]
fn a_hangup_without_a_terminal_reopens_the_file() {
    for (program, args) in [("nohup", &[][..]), ("setsid", &[][..])] {
        if !runs(program, &["true"]) {
            skipped("a_hangup_without_a_terminal", &format!("`{program}` is not installed"));
            continue;
        }
        let dir = tempfile::tempdir().unwrap();
        let (store, rotated) = (dir.path().join("caps.jsonl"), dir.path().join("caps.1"));
        let listener = listening_at(&store).through(program, args).start();
        assert_eq!(status(listener.address(), "\"one\""), 200, "{program}");
        fs::rename(&store, &rotated).unwrap();
        listener.signal("HUP");
        // Even without a delivery.
        eventually("the file", || store.exists().then_some(()));
        assert_eq!(status(listener.address(), "\"two\""), 200, "{program}");
        assert_eq!(on_disk(&store), ["\"two\"".to_owned()].into(), "{program}");
        assert_eq!(on_disk(&rotated), ["\"one\"".to_owned()].into(), "{program}");
        listener.signal("TERM");
        let (exit, _, stderr) = listener.wait();
        assert_eq!(exit, 143, "{program}: {stderr}");
        assert!(stderr.contains("reopened"), "{program}: {stderr}");
    }
}

#[test]
fn a_listener_without_a_store_ignores_a_hangup_without_a_terminal() {
    if !runs("nohup", &["true"]) {
        return skipped("a_listener_without_a_store", "`nohup` is not installed");
    }
    let listener = leadhook!("listen :0 --format json").through("nohup", &[]).start();
    listener.signal("HUP");
    assert_eq!(exchange(listener.address(), &post(&[], b"{}")).unwrap().status, 200);
    listener.signal("TERM");
    assert_eq!(listener.wait().0, 143);
}

#[test]
fn the_end_of_the_terminal_ends_a_command_as_sigterm_does() {
    let python = PYTHON3.program();
    if !runs(&python, &["-c", "import os, pty; os.waitstatus_to_exitcode"]) {
        return skipped("the_end_of_the_terminal", "Python 3.9 with `pty` is not installed");
    }
    for command in ["listen", "practice"] {
        let run = leadhook!("{} :0 --format json", command);
        let mut running = run.through(&python, &["-c", ON_A_TERMINAL]).start_with_input();
        let (exit, _) = send("created", &running.url, &["--secret", "s3cret"]);
        assert_eq!(exit, 0, "{command}");
        running.close_input();
        let (exit, objects, stderr) = running.wait();
        assert_eq!(exit, 129, "{command}: {stderr}");
        let last = objects.last().unwrap()["kind"].as_str().unwrap();
        assert_eq!(last == "stopped", command == "listen", "{command}: {objects:?}");
    }
}

#[test]
fn quit_and_user_signals_end_with_a_summary_and_their_status() {
    let user = if cfg!(target_os = "linux") { 138 } else { 158 };
    for (signal, expected) in [("QUIT", 131), ("USR1", user)] {
        let dir = tempfile::tempdir().unwrap();
        let store = dir.path().join("caps.jsonl");
        let mut listener = saving_to(&store);
        assert_eq!(status(listener.address(), "\"one\""), 200, "{signal}");
        assert_eq!(listener.next()["kind"], "request", "{signal}");
        listener.signal(signal);
        let (exit, objects, stderr) = listener.wait();
        assert_eq!(
            (exit, &objects[0]["kind"]),
            (expected, &"stopped".into()),
            "{signal}: {stderr}"
        );
    }
}

#[test]
fn a_file_size_limit_is_503_and_the_listener_continues() {
    let dir = tempfile::tempdir().unwrap();
    let store = dir.path().join("caps.jsonl");
    // In blocks of 512 bytes.
    let limited = ["-c", "ulimit -f 8; exec \"$@\"", "sh"];
    let listener = listening_at(&store).through("sh", &limited).start();
    let body = format!("\"{}\"", "x".repeat(1500));
    let statuses: Vec<_> = (0..8).map(|_| status(listener.address(), &body)).collect();
    let saved = statuses.iter().filter(|status| **status == 200).count();
    assert!(saved > 0 && statuses.last() == Some(&503), "{statuses:?}");
    assert_eq!(
        fs::read_to_string(&store).unwrap().lines().count(),
        saved,
        "every line is complete"
    );
    listener.signal("TERM");
    assert_eq!(listener.wait().0, 143);
}
