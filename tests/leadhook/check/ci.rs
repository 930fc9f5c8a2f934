//! The shell script of this repository's GitHub action.

use crate::check::{SECRETS, practice};
use crate::support::{ROOT, skipped};
use std::fs;
use std::process::Command;

/// Returns the script of the last step.
fn script() -> String {
    let action = fs::read_to_string(format!("{ROOT}/action.yml")).unwrap();
    let (_, block) = action.rsplit_once("      run: |\n").unwrap();
    block.lines().map(|line| line.trim_start().to_owned() + "\n").collect()
}

#[test]
fn the_script_of_the_action_checks_a_receiver_and_writes_reports() {
    for (fault, more, exit) in [("none", "", 0), ("no-dedupe", "--only repeat", 1)] {
        let running = practice("realgeeks", fault);
        let port = running.address().port();
        let dir = tempfile::tempdir().unwrap();
        let mut bash = Command::new("bash");
        bash.args(["-euc", &script()]).env_clear().current_dir(dir.path());
        bash.env("BINARY", env!("CARGO_BIN_EXE_leadhook")).env("HOME", dir.path());
        bash.env("URL", format!(":{port}")).env("PROVIDER", "realgeeks").env("WAIT", "30s");
        bash.env("START", "");
        bash.env("PROBE_URL", format!(":{port}/count")).env("PROBE_CMD", "").env("MORE", more);
        let Ok(output) = bash.env("LEADHOOK_SECRET", SECRETS[0]).output() else {
            return skipped("action.yml", "there is no bash");
        };
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(exit), "{stderr}");
        for file in ["leadhook-junit.xml", "leadhook-report.html"] {
            assert!(fs::metadata(dir.path().join(file)).unwrap().len() > 500, "{file}");
        }
        assert_eq!(stderr.contains("::error title=repeat"), exit == 1, "{stderr}");
    }
}

#[test]
fn the_action_names_every_input_that_its_script_reads() {
    let action = fs::read_to_string(format!("{ROOT}/action.yml")).unwrap();
    for input in ["url", "provider", "start", "probe-url", "probe-cmd", "wait", "args"] {
        assert!(action.contains(&format!("\n  {input}:\n")), "{input}");
        assert!(action.contains(&format!("${{{{ inputs.{input} }}}}")), "{input}");
    }
    // User input must never be interpolated into a script.
    assert!(!script().contains("${{"), "{}", script());
}
