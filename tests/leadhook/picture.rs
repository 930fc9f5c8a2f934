//! `docs/picture`: the moving picture of the README shows what the binary prints today.

use crate::support::{PYTHON3, ROOT, skipped};
use regex::Regex;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

const THEMES: [&str; 2] = ["light.svg", "dark.svg"];

fn committed(name: &str) -> PathBuf {
    Path::new(ROOT).join("docs/picture").join(name)
}

/// Returns a picture without what differs from run to run: durations, and the width of their lines.
fn normalized(picture: &str) -> String {
    let duration = Regex::new(r"\bin [0-9.]+ (?:ms|s)\b").unwrap();
    let width = Regex::new(r#"textLength="[0-9.]+""#).unwrap();
    let picture = duration.replace_all(picture, "in 1 ms");
    width.replace_all(&picture, "textLength=\"1\"").into_owned()
}

/// Returns the text of a picture, one line for each element.
fn shown(picture: &str) -> String {
    let tags = Regex::new("<[^>]*>").unwrap();
    let rows = picture.lines().filter(|line| line.contains("<text"));
    let text: Vec<_> = rows.map(|row| tags.replace_all(row, "").into_owned()).collect();
    text.join("\n").replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
}

#[test]
#[expect(clippy::disallowed_methods, reason = "`UPDATE=1` is set by the user who runs the tests")]
fn the_picture_is_what_the_binary_prints() {
    let python = PYTHON3.program();
    if Command::new(&python).arg("--version").stdout(Stdio::null()).status().is_err() {
        return skipped("the_picture_is_what_the_binary_prints", "there is no Python");
    }
    let dir = TempDir::new().unwrap();
    let drawn = Command::new(&python)
        .arg(committed("make.py"))
        .args([Path::new(env!("CARGO_BIN_EXE_leadhook")), dir.path()])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(drawn.status.success(), "{}", String::from_utf8_lossy(&drawn.stderr));
    for name in THEMES {
        let today = fs::read_to_string(dir.path().join(name)).unwrap();
        let same = fs::read_to_string(committed(name))
            .is_ok_and(|before| normalized(&before) == normalized(&today));
        // A picture whose text is the same keeps its durations.
        if !same && std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
            fs::write(committed(name), &today).unwrap();
            continue;
        }
        let before = fs::read_to_string(committed(name)).unwrap_or_default();
        assert!(
            same,
            "docs/picture/{name} is not current: `UPDATE=1 cargo test picture` writes it\n--- shown\n{}\n--- printed\n{}",
            shown(&before),
            shown(&today)
        );
    }
}

#[test]
fn the_pictures_are_small_and_need_nothing_from_elsewhere() {
    let texts = THEMES.map(|name| {
        let picture = fs::read_to_string(committed(name)).unwrap();
        assert!(picture.len() < 60_000, "{name} has {} bytes", picture.len());
        let body = picture.replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
        for external in ["<script", "<image", "href", "@import", "@font-face", "url(h", "onload"] {
            assert!(!body.contains(external), "{name} contains `{external}`");
        }
        assert!(body.contains("prefers-reduced-motion:no-preference"), "{name} always moves");
        shown(&picture)
    });
    assert_eq!(texts[0], texts[1], "both themes show the same");
    for part in ["$ leadhook check ", "$ leadhook verify ", "JSON.stringify", "express.raw("] {
        assert!(texts[0].contains(part), "the picture does not show `{part}`:\n{}", texts[0]);
    }
}

#[test]
fn a_picture_with_another_text_is_not_current() {
    let picture = "<text x=\"2\" textLength=\"453.6\">3 failed in 285 ms</text>";
    let slower = "<text x=\"2\" textLength=\"445.2\">3 failed in 1.2 s</text>";
    assert_eq!(normalized(picture), normalized(slower));
    assert_ne!(normalized(picture), normalized(&picture.replace("3 failed", "2 failed")));
    assert_eq!(shown(picture), "3 failed in 285 ms");
}
