//! The shell script of this repository's GitHub action.

use crate::check::{SECRETS, practice};
use crate::support::{ROOT, skipped};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// Returns the script of the last step.
fn script() -> String {
    let action = fs::read_to_string(format!("{ROOT}/action.yml")).unwrap();
    let (_, block) = action.rsplit_once("      run: |\n").unwrap();
    block.lines().map(|line| line.trim_start().to_owned() + "\n").collect()
}

/// Returns the names of the inputs.
fn inputs() -> Vec<String> {
    let action = fs::read_to_string(format!("{ROOT}/action.yml")).unwrap();
    let (_, rest) = action.split_once("\ninputs:\n").unwrap();
    let (inputs, _) = rest.split_once("\noutputs:\n").unwrap();
    let name = |line: &str| {
        let name = line.strip_prefix("  ").and_then(|line| line.strip_suffix(':'));
        name.filter(|name| !name.starts_with(' ')).map(str::to_owned)
    };
    inputs.lines().filter_map(name).collect()
}

/// Returns the variable in which the script reads an input.
fn variable(input: &str) -> String {
    match input {
        "args" => "MORE".to_owned(),
        _ => input.replace('-', "_").to_uppercase(),
    }
}

/// Runs the script with these inputs in a folder. Returns `None` if there is no bash.
fn run(dir: &Path, given: &[(&str, &str)]) -> Option<Output> {
    let mut bash = Command::new("bash");
    bash.args(["-euc", &script()]).env_clear().current_dir(dir);
    bash.env("BINARY", env!("CARGO_BIN_EXE_leadhook")).env("HOME", dir);
    bash.env("LEADHOOK_SECRET", SECRETS[0]).env("PATH", "/usr/bin:/bin");
    for input in inputs() {
        let value = given.iter().find(|(name, _)| *name == input).map_or("", |(_, value)| value);
        bash.env(variable(&input), value);
    }
    let output = bash.output().ok();
    if output.is_none() {
        skipped("action.yml", "there is no bash");
    }
    output
}

#[test]
fn the_script_of_the_action_checks_a_receiver_and_writes_reports() {
    for (fault, more, exit) in [("none", "", 0), ("no-dedupe", "--only repeat", 1)] {
        let running = practice("realgeeks", fault);
        let port = running.address().port();
        let dir = tempfile::tempdir().unwrap();
        let (url, probe) = (format!(":{port}"), format!(":{port}/count"));
        let given = [
            ("url", url.as_str()),
            ("provider", "realgeeks"),
            ("wait", "30s"),
            ("probe-url", &probe),
            ("args", more),
        ];
        let Some(output) = run(dir.path(), &given) else { return };
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(exit), "{stderr}");
        for file in ["leadhook-junit.xml", "leadhook-report.html"] {
            assert!(fs::metadata(dir.path().join(file)).unwrap().len() > 500, "{file}");
        }
        assert_eq!(stderr.contains("::error title=repeat"), exit == 1, "{stderr}");
    }
}

#[test]
fn the_inputs_of_the_action_are_options_that_the_commands_of_the_user_do_not_see() {
    let running = practice("realgeeks", "no-dedupe");
    let port = running.address().port();
    let dir = tempfile::tempdir().unwrap();
    let url = format!(":{port}");
    let count = "env > variables; echo 0";
    let given = [
        ("url", url.as_str()),
        ("provider", "realgeeks"),
        ("deadline", "90s"),
        ("keep-going", "true"),
        ("fail-fast", "false"),
        ("only", "event-created,repeat,body"),
        ("skip", "body"),
        ("strict", "true"),
        ("budget", "30s"),
        ("probe-cmd", count),
        ("probe-quiet", "0"),
        ("settle", "0s"),
        ("seed", "7"),
        ("save-failures", "failures of a run"),
    ];
    let Some(output) = run(dir.path(), &given) else { return };
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(stdout.contains("seed 7"), "{output:?}");
    // The number of the probe does not grow, so that `repeat` fails.
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(dir.path().join("failures of a run").is_dir(), "{output:?}");
    let variables = fs::read_to_string(dir.path().join("variables")).unwrap();
    for input in inputs() {
        let start = format!("{}=", variable(&input));
        assert!(!variables.lines().any(|line| line.starts_with(&start)), "{variables}");
    }
    let wrong = [("url", url.as_str()), ("provider", "realgeeks"), ("strict", "yes; exit 0")];
    let wrong = run(dir.path(), &wrong).unwrap();
    assert_eq!(wrong.status.code(), Some(2), "{wrong:?}");
    let error = "::error::the input strict is neither true nor false\n";
    assert_eq!(String::from_utf8_lossy(&wrong.stdout), error);
}

#[test]
fn every_input_of_the_action_is_an_option_and_read_by_its_script() {
    let action = fs::read_to_string(format!("{ROOT}/action.yml")).unwrap();
    let help = leadhook!("check --help").run().exits(0, "help").stdout;
    let inputs = inputs();
    assert!(inputs.len() > 20, "{inputs:?}");
    let script = script();
    for input in &inputs {
        let line = format!("{}: ${{{{ inputs.{input} }}}}\n", variable(input));
        assert!(action.contains(&line), "{input}");
        assert!(script.contains(&format!("\"${}\"", variable(input))), "{input}");
        let is_option = help.contains(&format!("--{input}"));
        assert!(is_option || ["url", "args"].contains(&input.as_str()), "{input}");
    }
    // User input must never be interpolated into a script.
    assert!(!script.contains("${{"), "{script}");
}
