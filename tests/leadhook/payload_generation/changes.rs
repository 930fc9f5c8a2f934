//! `--set`, `--unset`, `--add`, `--merge`: edits of a payload.

use crate::support::{Leadhook, Outcome};
use serde_json::{Value, json};

const BASE: [&str; 8] =
    ["send", "created", "--dry-run", "--print", "json", "--unsigned", "--now", "@1767323045"];

/// Builds a run with these edits, this file `patch.json`, and this standard input.
fn run(more: &[&str], patch: &str, stdin: &str) -> Outcome {
    Leadhook::new(BASE).args(more).file("patch.json", patch).stdin(stdin).run()
}

/// Returns the edited body.
fn body(more: &[&str], patch: &str, stdin: &str) -> Value {
    let printed = run(more, patch, stdin).exits(0, "changes").object();
    serde_json::from_str(printed["body"].as_str().unwrap()).unwrap()
}

#[test]
fn a_patch_adds_replaces_and_removes() {
    let patch = r#"{"email": null, "first_name": "Ada", "extra": {"a": [1, null]}}"#;
    let edited = body(&["--merge", "patch.json"], patch, "");
    assert_eq!(edited.get("email"), None);
    assert_eq!(
        (&edited["first_name"], &edited["extra"]),
        (&json!("Ada"), &json!({"a": [1, null]}))
    );
    assert_eq!(edited["last_name"], "Thorsby", "other fields are unchanged");
    assert_eq!(body(&["--merge", "-"], "", patch), edited, "from standard input");
    assert_eq!(
        body(&["--merge", "patch.json"], "[1]", ""),
        json!([1]),
        "what is no object replaces"
    );
}

#[test]
fn a_merge_is_applied_in_the_given_order() {
    let patch = r#"{"first_name": "Merged", "new": {"a": 1}}"#;
    let after = ["--merge", "patch.json", "--set", "first_name=Set", "--unset", "new.a"];
    let edited = body(&after, patch, "");
    assert_eq!((&edited["first_name"], &edited["new"]), (&json!("Set"), &json!({})));
    let before = ["--set", "first_name=Set", "--merge", "patch.json"];
    assert_eq!(body(&before, patch, "")["first_name"], "Merged");
    let twice = ["--merge", "patch.json", "--merge", "-"];
    assert_eq!(body(&twice, patch, r#"{"new": {"a": 2}}"#)["new"], json!({"a": 2}));
    let seeded = ["--seed", "7", "--variant", "minimal", "--merge", "patch.json"];
    assert_eq!(body(&seeded, patch, "")["first_name"], "Merged", "changes are applied last");
}

#[test]
fn a_patch_that_is_not_json_is_rejected_with_its_position() {
    for (patch, message) in [
        ("{\"a\": 1,\n  oops}", "line 2, column 3"),
        ("", "line 1, column 1"),
        ("{} {}", "line 1, column 4"),
    ] {
        let outcome = run(&["--merge", "patch.json"], patch, "").exits(3, patch);
        let error = outcome.stderr_line("error: ");
        assert!(
            error.contains("merge patch `patch.json` is not JSON") && error.contains(message),
            "{error}"
        );
        assert!(outcome.stderr_line("hint: ").contains("fix the file"), "{outcome:?}");
    }
    let absent = run(&["--merge", "nowhere.json"], "", "").exits(3, "absent");
    assert!(
        absent.stderr_line("error: ").contains("cannot read merge patch `nowhere.json`"),
        "{absent:?}"
    );
    let error = Leadhook::new(BASE)
        .args(["--merge", "patch.json", "--format", "json"])
        .file("patch.json", "[")
        .run()
        .exits(3, "as JSON");
    let object: Value = serde_json::from_str(&error.stderr).unwrap();
    assert_eq!((&object["code"], &object["exit"]), (&json!("not-json"), &json!(3)));
}

#[test]
fn standard_input_is_read_once() {
    for twice in [["--merge", "-", "--merge", "-"], ["--merge", "-", "--secret-file", "-"]] {
        let outcome = leadhook!("send created --dry-run")
            .args(twice)
            .stdin("{}")
            .in_process()
            .exits(2, "twice");
        assert!(
            outcome.stderr_line("error: ").contains("standard input is used twice"),
            "{outcome:?}"
        );
    }
    run(&["--merge", "patch.json", "--data", "-"], "{}", "{}")
        .exits(2, "`--data` excludes changes");
}

#[test]
fn an_unknown_path_suggests_the_nearest_names() {
    for (path, near) in [
        ("first_nam", "`first_name`"),
        ("activities[9].type", "`activities[0].type`"),
        ("activities.9.type", "`activities[0].type`"),
        ("activities[2].property.citty", "`activities[2].property.city`"),
        ("/activities/2/property/citty", "`activities[2].property.city`"),
        ("tags[3]", "`tags[0]`"),
    ] {
        for change in [["--set", &format!("{path}=x")], ["--unset", path]] {
            let outcome = run(&change, "", "").exits(2, path);
            let message = format!("no `{path}` in the payload");
            assert!(outcome.stderr_line("error: ").contains(&message), "{outcome:?}");
            let hint = outcome.stderr_line("hint: ");
            assert!(hint.contains(near), "{path}: {hint}");
        }
    }
}

#[test]
fn an_index_can_be_written_in_three_ways() {
    for path in ["activities[0].type", "activities.0.type", "/activities/0/type"] {
        let edited = body(&["--set", &format!("{path}=called")], "", "");
        assert_eq!(edited["activities"][0]["type"], "called", "{path}");
    }
}

#[test]
fn values_keep_their_typed_json_types() {
    let edited = body(
        &[
            "--set",
            "zip=01701",
            "--set-json",
            "phone=null",
            "--set-json",
            "city=12.50",
            "--set-json",
            "tags=[true,{\"a\":1}]",
            "--add",
            "tags[2]=last",
        ],
        "",
        "",
    );
    assert_eq!(
        (&edited["zip"], &edited["phone"], &edited["city"]),
        (&json!("01701"), &json!(null), &json!(12.5))
    );
    assert_eq!(edited["tags"], json!([true, {"a": 1}, "last"]));
    let grown =
        body(&["--add-json", "extra={}", "--add", "extra.note=x", "--add", "/tags/-=new"], "", "");
    assert_eq!(grown["extra"], json!({"note": "x"}));
    assert_eq!(grown["tags"].as_array().unwrap().last(), Some(&json!("new")));
    let wrong = run(&["--set-json", "zip=01701"], "", "").exits(2, "not JSON");
    assert!(wrong.stderr_line("error: ").contains("expected JSON after `=`"), "{wrong:?}");
}

#[test]
fn the_help_says_that_a_merge_adds() {
    let help = leadhook!("send --help").in_process().exits(0, "help").stdout;
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    let (_, merge) = help.split_once("--merge <FILE>").unwrap();
    assert!(merge.contains("New fields are added"), "{merge}");
}
