//! Runs the console blocks of the documentation and compares their output.
//!
//! In a block, `$ ` starts a command; ` &` at its end runs it in the background until the end of
//! the block. The lines after it are its output, both streams together, of which a line `...`
//! stands for any lines. `# exit 1` after the output, or `$ echo $?` and `1`, is the exit status,
//! which otherwise is 0; other lines that start with `# ` are comments. `$ export NAME=value …`
//! applies to the rest of the block. Words after `console` are programs: without them, the block is
//! SKIPPED. A block such as `js app.js` is a file of the blocks after it. The folder `packs` is
//! that of the book.
//!
//! Readers see real values: ports 9090, 9091 and 3000 are replaced with free ones in commands and
//! files, and back in the output, `LEADHOOK_SEED` is 7, and what differs in every run is not compared
//! (`compare`). `UPDATE=1` writes the output of a run into the document, if it differs.

mod blocks;
mod compare;
mod programs;

use crate::support::{PATIENCE, ROOT, kill, skipped};
use blocks::{Block, NewOutput, Step};
use regex::{Captures, Regex};
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{LazyLock, Mutex};
use tempfile::TempDir;

/// The number of blocks of a document that run at the same time: most of them wait.
const BLOCKS_AT_ONCE: usize = 3;

/// More than the steps of any block.
const UPDATE_ROUNDS: usize = 20;

/// The ports of the documents, as whole numbers.
static DOCUMENT_PORT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(^|[^\w.,])(9090|9091|3000)\b").unwrap());

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

/// The session of one block: its folder, its ports, and its background processes.
struct Session {
    dir: TempDir,
    /// The `export` lines so far.
    exports: String,
    ports: [(&'static str, String); 3],
    background: Vec<(Child, Receiver<String>)>,
}

impl Session {
    fn new(block: &Block) -> Self {
        let ports = ["9090", "9091", "3000"].map(|port| (port, free_port().to_string()));
        let dir = TempDir::new().unwrap();
        copy(&Path::new(ROOT).join("docs/book/src/packs"), &dir.path().join("packs"));
        let session = Self { dir, exports: String::new(), ports, background: Vec::new() };
        for (name, content) in &block.files {
            let path = session.dir.path().join(name);
            // Of a pack, the document quotes a part; the complete file is already there.
            if !path.exists() {
                fs::write(path, session.with_session_ports(content)).unwrap();
            }
        }
        session
    }

    /// Returns the text with the ports of this session.
    fn with_session_ports(&self, text: &str) -> String {
        let replace = |found: &Captures<'_>| {
            let (_, port) = self.ports.iter().find(|(port, _)| *port == &found[2]).unwrap();
            format!("{}{port}", &found[1])
        };
        DOCUMENT_PORT.replace_all(text, replace).into_owned()
    }

    /// Returns the line with the ports of the document.
    fn with_document_ports(&self, line: &str) -> String {
        self.ports.iter().fold(line.to_owned(), |line, (to, from)| line.replace(&**from, to))
    }

    fn shell(&self, command: &str) -> Command {
        let mut shell = Command::new("sh");
        shell
            .args([
                "-c",
                &format!("exec 2>&1\n{}{}", self.exports, self.with_session_ports(command)),
            ])
            .env_clear()
            .current_dir(self.dir.path());
        shell.env("HOME", self.dir.path()).env("LEADHOOK_SEED", "7").env("PATH", programs::path());
        shell.stdin(Stdio::null()).stdout(Stdio::piped());
        shell
    }

    /// Runs a step and returns its difference from the document, if any.
    fn run(&mut self, step: &Step) -> Option<Difference> {
        if step.command.starts_with("export ") {
            self.exports = format!("{}{}\n", self.exports, step.command);
        }
        let (printed, exit) =
            if step.background { (self.start(step), 0) } else { self.finish(step) };
        let printed = printed.iter().filter(|line| !compare::depends_on_the_speed(line));
        let printed: Vec<_> = printed.map(|line| self.with_document_ports(line)).collect();
        if compare::matches(&step.output, &printed) && exit == step.exit {
            return None;
        }
        let description = format!(
            "$ {}\n--- expected, exit {}\n{}\n--- printed, exit {exit}\n{}",
            step.command,
            step.exit,
            step.output.join("\n"),
            printed.join("\n")
        );
        Some(Difference { description, new: NewOutput::new(step, printed, exit) })
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
    fn start(&mut self, step: &Step) -> Vec<String> {
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
        let more = step
            .output
            .iter()
            .skip(1)
            .take_while(|line| line.trim() != "...")
            .map_while(|_| lines.recv_timeout(PATIENCE).ok());
        let printed: Vec<_> = first.into_iter().chain(more).collect();
        self.background.push((child, lines));
        if step.output.is_empty() { Vec::new() } else { printed }
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

/// A step whose run differs from the document.
struct Difference {
    description: String,
    new: NewOutput,
}

/// Runs the steps of a block up to the first difference.
fn run_block(block: &Block) -> Option<Difference> {
    if let Some(missing) = block.needs.iter().find(|program| !programs::is_installed(program)) {
        skipped("console_blocks", &format!("block at line {}: no `{missing}`", block.line));
        return None;
    }
    let mut session = Session::new(block);
    let difference = block.steps.iter().find_map(|step| session.run(step))?;
    let description = format!("block at line {}: {}", block.line, difference.description);
    Some(Difference { description, ..difference })
}

/// Runs every block of a document and returns their number and the differences.
fn run(document: &str) -> (usize, Vec<Difference>) {
    let blocks = blocks::parse(document);
    let (next, differences) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..BLOCKS_AT_ONCE.min(blocks.len()) {
            scope.spawn(|| {
                while let Some(block) = blocks.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let difference = run_block(block);
                    differences.lock().unwrap().extend(difference);
                }
            });
        }
    });
    (blocks.len(), differences.into_inner().unwrap())
}

/// Runs every console block of a file of the project, and returns their number.
///
/// # Panics
///
/// If the output of a command differs from the document, or the document has wildcards. With
/// `UPDATE=1`, the output is written into the document instead.
#[expect(clippy::disallowed_methods, reason = "the user who runs the tests asks for the update")]
pub fn check_file(name: &str) -> usize {
    let path = Path::new(ROOT).join(name);
    let read = || fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut document = read();
    let (mut count, mut differences) = run(&document);
    if std::env::var_os("UPDATE").is_some() {
        // A round changes the first difference of every block.
        for _ in 0..UPDATE_ROUNDS {
            if differences.is_empty() {
                break;
            }
            let outputs = differences.into_iter().map(|difference| difference.new).collect();
            fs::write(&path, blocks::rewrite(&document, outputs)).unwrap();
            document = read();
            (count, differences) = run(&document);
        }
    }
    let descriptions: Vec<_> = differences.iter().map(|it| &*it.description).collect();
    assert!(descriptions.is_empty(), "{name}: {}", descriptions.join("\n\n"));
    assert!(!document.contains("[..]"), "{name}: readers see real values, not `[..]`");
    count
}

#[test]
fn a_block_runs_on_free_ports_and_wrong_lines_are_found() {
    let good = "text\n```console\n$ leadhook listen :9090 --secret s3cret &\nlistening on http://127.0.0.1:9090/\n...\n\
        # in another terminal\n$ leadhook send created :9090 --secret s3cret\n--> realgeeks created  7ca66bef-c704-47f2-b46e-0638291bae85\n...\ndelivered\n\
        $ leadhook send created :9090 --secret wrong | \\\n  tail -1\nnot delivered: Real Geeks would try again in 10 min, 7 more times\n\
        $ leadhook verify nothing.json\nerror: cannot read request `nothing.json`: No such file or directory (os error 2)\n# exit 3\n```\n";
    let (count, differences) = run(good);
    let descriptions: Vec<_> = differences.iter().map(|it| &*it.description).collect();
    assert_eq!((count, descriptions), (1, vec![]));
    for (from, to) in [
        ("delivered\n$", "declined\n$"),
        ("# exit 3", "# exit 1"),
        ("# exit 3\n", ""),
        ("listening on", "talking on"),
        ("7 more times\n", "7 more times\nand a line\n"),
    ] {
        let (count, differences) = run(&good.replacen(from, to, 1));
        assert_eq!((count, differences.len()), (1, 1), "{from:?} to {to:?}");
    }
}
