//! `--secret-file` and `--candidates` with the files that people have.

use super::capture;
use crate::support::Leadhook;

/// Verifies a genuine capture with these files in the folder.
fn run(args: &[&str], files: &[(&str, &[u8])]) -> Leadhook {
    let run = Leadhook::new(["verify", "r.json", "--no-payload"]).args(args);
    let run = run.file("r.json", capture("updated", &[]));
    files.iter().fold(run, |run, (name, content)| run.file(name, content))
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn a_secret_file_is_decoded_with_a_note() {
    for (content, note) in [
        (b"\xef\xbb\xbfs3cret\n".to_vec(), "its byte order mark was removed"),
        (utf16("\u{feff}s3cret\r\n"), "it was decoded from UTF-16"),
        (utf16("s3cret"), "it was decoded from UTF-16"),
    ] {
        let outcome = run(&["--secret-file", "s"], &[("s", &content)]).run().exits(0, note);
        let line = outcome.stderr_line("note: `--secret-file s`: ");
        assert!(line.contains(note) && line.contains("uses another key"), "{line}");
    }
    let plain = run(&["--secret-file", "s"], &[("s", b"s3cret\n")]).run().exits(0, "plain");
    assert_eq!(plain.stderr, "");
    // A file that a configuration file names is decoded as well.
    let settings = b"secret-file = 's'\n".as_slice();
    let files = [("s", utf16("\u{feff}s3cret")), ("leadhook.toml", settings.to_vec())];
    let files: Vec<_> = files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    let outcome = run(&[], &files).run().exits(0, "a configuration file");
    assert!(outcome.stderr.contains("it was decoded from UTF-16"), "{}", outcome.stderr);
}

#[test]
fn candidates_are_read_from_utf16_and_limited_in_number() {
    let args = ["--secret", "other", "--candidates", "c"];
    let listed = utf16("\u{feff}A=1\r\nexport X=\"s3cret\" # of the shop\r\n");
    let outcome = run(&args, &[("c", &listed)]).run().exits(1, "UTF-16");
    let said = outcome.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("the secret is the one in line 2 of `c`"), "{said}");
    assert!(!said.contains("s3cret"), "{said}");
    let many = "a=b\n".repeat(20_001);
    let outcome = run(&args, &[("c", many.as_bytes())]).run().exits(1, "many");
    let note = outcome.stderr_line("note: `c` has more values than are tried");
    assert!(note.ends_with("only the first 20000 are"), "{note}");
}
