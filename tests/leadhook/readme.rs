//! Runs the console blocks of README.md and docs/packs.md and compares their output.
//!
//! In a block, `$ ` starts a command; ` &` at its end runs it in the background until the end of
//! the block. The lines after it are its output, both streams together. `[..]` matches any text
//! within a line, a line `...` any lines; `# exit 1` after the output is the exit status, which
//! otherwise is 0; other lines that start with `# ` are comments. Ports 9090 and 3000 are replaced
//! with free ones, so a command must name its target. `$ export NAME=value …` applies to the rest
//! of the block. `docs/packs` is available as in the project.

use crate::support::{PATIENCE, ROOT, kill};
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::mpsc::{Receiver, channel};
use tempfile::TempDir;

/// One command of a block and its output.
#[derive(Debug, Default, PartialEq, Eq)]
struct Step {
    command: String,
    background: bool,
    output: Vec<String>,
    exit: i32,
}

/// Returns the console blocks of a document, each with the number of its first line.
fn blocks(document: &str) -> Vec<(usize, Vec<Step>)> {
    let mut found = Vec::new();
    let mut lines = document.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        if line.trim_start() == "```console" {
            let block: Vec<_> = lines
                .by_ref()
                .map(|(_, line)| line)
                .take_while(|line| line.trim_start() != "```")
                .collect();
            found.push((number + 2, steps(&block)));
        }
    }
    found
}

fn steps(lines: &[&str]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut lines = lines.iter();
    while let Some(line) = lines.next() {
        if let Some(command) = line.strip_prefix("$ ") {
            let mut command = command.to_owned();
            // A backslash continues on the next line, as in a shell.
            while command.ends_with('\\') {
                let Some(next) = lines.next() else { break };
                command = format!("{command}\n{next}");
            }
            let background = command.ends_with(" &");
            let command = command.trim_end_matches(" &").to_owned();
            steps.push(Step { command, background, ..Step::default() });
            continue;
        }
        let step = steps.last_mut();
        match (step, line.strip_prefix("# exit ").and_then(|exit| exit.trim().parse().ok())) {
            (Some(step), Some(exit)) => step.exit = exit,
            (Some(step), None) if !line.starts_with("# ") => step.output.push((*line).to_owned()),
            _ => {}
        }
    }
    for step in &mut steps {
        while step.output.last().is_some_and(|line| line.trim().is_empty()) {
            step.output.pop();
        }
    }
    steps
}

/// Returns `true` if a line matches a pattern, in which `[..]` matches any text.
fn line_matches(pattern: &str, line: &str) -> bool {
    let parts: Vec<_> = pattern.split("[..]").collect();
    let [first, middle @ .., last] = parts.as_slice() else { return pattern == line };
    let Some(mut rest) = line.strip_prefix(first) else { return false };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// Returns `true` if lines match patterns, in which `...` matches any lines.
fn lines_match(patterns: &[String], lines: &[String]) -> bool {
    match (patterns, lines) {
        ([], []) => true,
        ([pattern, rest @ ..], lines) if pattern.trim() == "..." => {
            (0..=lines.len()).any(|skipped| lines_match(rest, &lines[skipped..]))
        }
        ([pattern, patterns @ ..], [line, lines @ ..]) => {
            line_matches(pattern.trim_end(), line.trim_end()) && lines_match(patterns, lines)
        }
        _ => false,
    }
}

/// Returns a port below the ephemeral range, so that no other test gets it.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let start = 20_000 + u16::try_from(std::process::id() % 10_000).unwrap_or_default();
    loop {
        let port = start + NEXT.fetch_add(1, Ordering::SeqCst) % 2_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// The session of one block: its folder, two ports, and its background processes.
struct Session {
    dir: TempDir,
    /// The `export` lines so far.
    exports: String,
    ports: [(&'static str, String); 2],
    background: Vec<(Child, Receiver<String>)>,
}

impl Session {
    fn new() -> Self {
        let ports = [":9090", ":3000"].map(|port| (port, format!(":{}", free_port())));
        let dir = TempDir::new().unwrap();
        copy(&Path::new(ROOT).join("docs/packs"), &dir.path().join("docs/packs"));
        Self { dir, exports: String::new(), ports, background: Vec::new() }
    }

    /// Returns the text with the ports of this session.
    fn with_session_ports(&self, text: &str) -> String {
        self.ports.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
    }

    fn shell(&self, command: &str) -> Command {
        let binary =
            Path::new(env!("CARGO_BIN_EXE_leadhook")).parent().unwrap().display().to_string();
        let mut shell = Command::new("sh");
        shell
            .args([
                "-c",
                &format!("exec 2>&1\n{}{}", self.exports, self.with_session_ports(command)),
            ])
            .env_clear()
            .current_dir(self.dir.path());
        shell
            .env("HOME", self.dir.path())
            .env("PATH", format!("{binary}:/usr/local/bin:/usr/bin:/bin"));
        shell.stdin(Stdio::null()).stdout(Stdio::piped());
        shell
    }

    /// Runs a step and returns its differences, if any.
    fn run(&mut self, step: &Step) -> Result<(), String> {
        if step.command.starts_with("export ") {
            self.exports = format!("{}{}\n", self.exports, step.command);
        }
        let expected: Vec<_> =
            step.output.iter().map(|line| self.with_session_ports(line)).collect();
        let (printed, exit) =
            if step.background { (self.start(step, &expected), 0) } else { self.finish(step) };
        if lines_match(&expected, &printed) && exit == step.exit {
            return Ok(());
        }
        let (expected, printed) = (expected.join("\n"), printed.join("\n"));
        Err(format!(
            "$ {}\n--- expected, exit {}\n{expected}\n--- printed, exit {exit}\n{printed}",
            self.with_session_ports(&step.command),
            step.exit
        ))
    }

    /// Runs a command to its end and returns its output and exit status.
    fn finish(&self, step: &Step) -> (Vec<String>, i32) {
        let output = self.shell(&step.command).output().unwrap();
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        let mut printed: Vec<_> = printed.lines().map(str::to_owned).collect();
        while printed.last().is_some_and(|line| line.trim().is_empty()) {
            printed.pop();
        }
        (printed, output.status.code().unwrap_or(-1))
    }

    /// Starts a command and reads as many lines as are expected, and at least one: by then a
    /// listener listens.
    fn start(&mut self, step: &Step, expected: &[String]) -> Vec<String> {
        let mut child = self.shell(&step.command).process_group(0).spawn().unwrap();
        let stdout = child.stdout.take().unwrap();
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                // A finished block no longer listens.
                let _ = sender.send(line);
            }
        });
        let first = lines.recv_timeout(PATIENCE).ok();
        let more = expected
            .iter()
            .skip(1)
            .take_while(|line| line.trim() != "...")
            .map_while(|_| lines.recv_timeout(PATIENCE).ok());
        let printed: Vec<_> = first.into_iter().chain(more).collect();
        self.background.push((child, lines));
        if expected.is_empty() { Vec::new() } else { printed }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        for (child, _) in &mut self.background {
            // The whole process group: the shell and its children.
            kill("KILL", &format!("-{}", child.id()));
            let _ = child.wait();
        }
    }
}

/// Copies a folder with everything in it.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let copied = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &copied);
        } else {
            fs::copy(&path, &copied).unwrap();
        }
    }
}

/// Runs every block of a document and returns their number and the differences.
fn run(document: &str) -> (usize, Vec<String>) {
    let blocks = blocks(document);
    let mut differences = Vec::new();
    for (line, steps) in &blocks {
        let mut session = Session::new();
        for step in steps {
            if let Err(problem) = session.run(step) {
                differences.push(format!("block at line {line}: {problem}"));
                break;
            }
        }
    }
    (blocks.len(), differences)
}

#[test]
fn the_readme_console_blocks_match_the_output() {
    let readme = fs::read_to_string(Path::new(ROOT).join("README.md"));
    let readme = readme.unwrap_or_else(|error| panic!("README.md is part of the project: {error}"));
    let (count, differences) = run(&readme);
    assert!(count > 0, "README.md has no console block");
    assert!(differences.is_empty(), "{}", differences.join("\n\n"));
}

#[test]
fn the_worked_examples_of_packs_work_from_end_to_end() {
    let document = fs::read_to_string(Path::new(ROOT).join("docs/packs.md")).unwrap();
    let (count, differences) = run(&document);
    assert!(count >= 3, "docs/packs.md has {count} console blocks");
    assert!(differences.is_empty(), "{}", differences.join("\n\n"));
}

#[test]
fn the_worked_examples_quote_the_packs_exactly() {
    let document = fs::read_to_string(Path::new(ROOT).join("docs/packs.md")).unwrap();
    let mut quoted = 0;
    for block in document.split("```toml ").skip(1) {
        let (file, rest) = block.split_once('\n').unwrap();
        let (text, _) = rest.split_once("```").unwrap();
        let pack_text = fs::read_to_string(Path::new(ROOT).join(file)).unwrap();
        assert!(pack_text.contains(text), "{file} does not contain:\n{text}");
        quoted += 1;
    }
    assert_eq!(quoted, 2, "one for each pack");
}

#[test]
fn a_block_runs_on_free_ports_and_wrong_lines_are_found() {
    let good = "text\n```console\n$ leadhook listen :9090 --secret s3cret &\nlistening on http://127.0.0.1:9090/[..]\n\
        # in another terminal\n$ leadhook send created :9090 --secret s3cret\n--> realgeeks created  [..]\n...\ndelivered\n\
        $ leadhook send created :9090 --secret wrong | \\\n  tail -1\nnot delivered: [..] 7 more times\n\
        $ leadhook verify nothing.json\nerror: [..]`nothing.json`[..]\n...\n# exit 3\n```\n";
    assert_eq!(run(good), (1, vec![]));
    for (from, to) in [
        ("delivered\n$", "declined\n$"),
        ("# exit 3", "# exit 1"),
        ("# exit 3\n", ""),
        ("listening on", "talking on"),
        ("7 more times\n", "7 more times\nand a line\n"),
    ] {
        let (count, differences) = run(&good.replacen(from, to, 1));
        assert_eq!((count, differences.len()), (1, 1), "{from:?} to {to:?}: {differences:?}");
    }
}

#[test]
fn patterns_match_any_text_and_any_lines() {
    for (pattern, line, expected) in [
        ("a", "a", true),
        ("a", "ab", false),
        ("a[..]c", "abc", true),
        ("a[..]c", "ac", true),
        ("a[..]c", "acb", false),
        ("[..]b[..]", "abc", true),
        ("[..]b[..]b", "ab", false),
        ("[..]", "", true),
    ] {
        assert_eq!(line_matches(pattern, line), expected, "{pattern:?} {line:?}");
    }
    let lines = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    for (patterns, printed, expected) in [
        ("a ... d", "a b c d", true),
        ("a ...", "a", true),
        ("... c", "a b", false),
        ("a", "a b", false),
        ("a b", "a", false),
    ] {
        assert_eq!(
            lines_match(&lines(patterns), &lines(printed)),
            expected,
            "{patterns:?} {printed:?}"
        );
    }
}
