//! The manual pages, and the help of all commands as text and JSON.

use crate::support::{Leadhook, keys, skipped};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

/// The sections of every page, in their order.
const SECTIONS: &[&str] = &[
    "NAME",
    "SYNOPSIS",
    "DESCRIPTION",
    "OPTIONS",
    "EXAMPLES",
    "EXIT STATUS",
    "ENVIRONMENT",
    "SEE ALSO",
];

/// Returns the document of `help --all`.
fn document() -> Value {
    leadhook!("help --all --format json").run().exits(0, "help").object()
}

/// Returns the commands of the document.
fn commands(document: &Value) -> Vec<&Value> {
    document["commands"].as_array().unwrap().iter().collect()
}

/// Returns the words of a command after the name of the program.
fn words(command: &Value) -> Vec<String> {
    command["command"].as_str().unwrap().split(' ').skip(1).map(str::to_owned).collect()
}

#[test]
fn every_command_has_a_page_without_flaws() {
    let run = leadhook!("man --output pages --format json").run_in();
    let (outcome, folder) = run;
    let written = outcome.exits(0, "pages").object();
    assert_eq!((&written["kind"], &written["path"]), (&json!("written"), &json!("pages")));
    let folder = folder.path().join("pages");
    let document = document();
    let names: BTreeSet<_> = commands(&document)
        .iter()
        .map(|command| format!("{}.1", command["command"].as_str().unwrap().replace(' ', "-")))
        .collect();
    let found: BTreeSet<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(found, names);
    assert!(names.contains("leadhook.1") && names.contains("leadhook-events-check-pack.1"));
    assert_eq!(written["pages"].as_array().unwrap().len(), names.len());
    for name in &names {
        let page = fs::read_to_string(folder.join(name)).unwrap();
        let sections: Vec<_> = page
            .lines()
            .filter_map(|line| line.strip_prefix(".SH "))
            .map(|section| section.trim_matches('"'))
            .filter(|section| !["COMMANDS", "FILES"].contains(section))
            .collect();
        assert_eq!(sections, SECTIONS, "{name}");
    }
    let lint = Command::new("mandoc")
        .args(["-T", "lint", "-W", "warning"])
        .args(&names)
        .current_dir(&folder)
        .output();
    match lint {
        Ok(lint) => {
            let messages = String::from_utf8_lossy(&lint.stdout);
            assert!(lint.status.success() && messages.is_empty(), "{messages}");
        }
        Err(error) => {
            skipped("every_command_has_a_page_without_flaws", &format!("mandoc: {error}"));
        }
    }
}

#[test]
fn a_page_has_what_belongs_to_its_command() {
    let page = |line: &str| leadhook!("man {}", line).run().exits(0, line).stdout;
    let send = page("send");
    for part in [
        "\\fBleadhook\\-send\\fR \\- ",
        ".SS Payload",
        "\\fB\\-\\-expect\\fR \\fISTATUS\\fR",
        "LEADHOOK_<PROVIDER>_SECRET",
        "LEADHOOK_TARGET",
        "./leadhook.toml",
        "\\fBleadhook\\-check\\fR(1)",
        "leadhook send created :3000/hooks",
        "128 + N",
    ] {
        assert!(send.contains(part), "{part} is not in {send}");
    }
    let demo = page("demo");
    for part in ["LEADHOOK_SECRET\\fR", "\\fI./leadhook.toml", ".SH FILES"] {
        assert!(!demo.contains(part), "{part} is in {demo}");
    }
    let root = page("");
    assert!(root.contains(".SH COMMANDS") && root.contains("leadhook\\-events\\fR(1)"));
    let show = leadhook!("man events show").run().exits(0, "a subcommand").stdout;
    assert_eq!(page("events show"), show, "one argument");
    assert!(show.contains("leadhook\\-events\\-list\\fR(1)"), "{show}");
}

#[test]
fn the_document_has_every_command_with_its_options() {
    let document = document();
    assert_eq!(
        keys(&document),
        ["schema_version", "kind", "version", "commands", "global_options", "exit_codes"]
    );
    assert_eq!(document["version"], env!("CARGO_PKG_VERSION"));
    let codes: Vec<_> = document["exit_codes"].as_array().unwrap().iter().collect();
    assert_eq!((&codes[5]["code"], &codes[5]["name"]), (&json!(5), &json!("incomplete")));
    for command in commands(&document) {
        let words = words(command);
        let help = Leadhook::new(&words).args(["--help"]).in_process().exits(0, "help").stdout;
        // An example may continue on a line that begins with an option.
        let (help, _) = help.split_once("\nExamples:\n").expect("a section of examples");
        let options = command["options"].as_array().unwrap();
        let global = document["global_options"].as_array().unwrap();
        for option in options.iter().chain(global) {
            assert!(help.contains(option["long"].as_str().unwrap()), "{words:?} {option}");
        }
        // One word per line of an option in the help.
        let listed = help.lines().filter(|line| {
            let line = line.trim_start();
            line.starts_with("--")
                || line.starts_with('-') && line[1..].starts_with(char::is_alphabetic)
        });
        assert_eq!(listed.count(), options.len() + global.len(), "{words:?} {help}");
    }
}

#[test]
fn an_option_is_described_completely() {
    let document = document();
    let option = |command: &str, long: &str| {
        let all = commands(&document);
        let found = all.iter().find(|found| found["command"] == command).unwrap();
        let options = found["options"].as_array().unwrap();
        options.iter().find(|option| option["long"] == long).unwrap().clone()
    };
    let save_body = option("leadhook listen", "--save-body");
    assert_eq!(save_body["default"], "full");
    assert_eq!(save_body["variable"], "LEADHOOK_SAVE_BODY");
    let values: Vec<_> =
        save_body["values"].as_array().unwrap().iter().map(|value| value["name"].clone()).collect();
    assert_eq!(values, [json!("full"), json!("redacted"), json!("none")]);
    assert_eq!(option("leadhook send", "--set")["repeatable"], true);
    assert_eq!(option("leadhook send", "--header")["short"], "-H");
    let dry_run = option("leadhook send", "--dry-run");
    assert_eq!((&dry_run["value_name"], &dry_run["default"]), (&Value::Null, &Value::Null));
    assert_eq!(option("leadhook send", "--connect-to")["in_short_help"], false);
    assert_eq!(option("leadhook listen", "--respond-late")["value_optional"], true);
    assert_eq!(option("leadhook convert", "--print")["required"], true);
    let none = document["commands"].to_string();
    assert!(!none.contains("[env:"), "a variable has a key of its own");
}

#[test]
fn a_part_of_the_document_can_be_selected() {
    let names = |line: &str| -> Vec<String> {
        let document = leadhook!("{}", "help")
            .args(line.split(' '))
            .args(["--format", "json"])
            .run()
            .exits(0, line)
            .object();
        commands(&document).iter().map(|command| command["command"].to_string()).collect()
    };
    assert_eq!(names("send"), ["\"leadhook send\""]);
    assert_eq!(names("events").len(), 7);
    let text = leadhook!("help events --all").env("COLUMNS", "70").run().exits(0, "text").stdout;
    assert!(text.contains("leadhook events show") && !text.contains("leadhook send"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 70), "{text}");
}

#[test]
fn help_of_a_command_is_the_same_in_every_form() {
    for (one, other) in [
        ("help send", "send --help"),
        ("help events show", "events show --help"),
        ("events help show", "events show --help"),
        ("config help", "config --help"),
        ("help help", "help --help"),
        ("help", "--help"),
    ] {
        let text = |line: &str| {
            leadhook!("--color never").args(line.split(' ')).run().exits(0, line).stdout
        };
        assert_eq!(text(one), text(other), "{one}");
    }
}
