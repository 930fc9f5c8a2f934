//! Sealed runs of the binary.

use super::{PATIENCE, address_of, assert_valid_lines, assert_valid_output, kill, objects};
use crate::in_process::run_in_process;
use serde_json::Value;
use std::ffi::OsStr;
use std::fmt::Display;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Builds a run of `leadhook` from a command line without the program name.
///
/// The line is split at white space; quotes group words as in a shell. Each `{}` is replaced by
/// the next value, which may contain spaces and still is part of one argument:
///
/// ```ignore
/// leadhook!("verify {} --secret {} --format json", path.display(), SECRET).run()
/// ```
macro_rules! leadhook {
    ($line:literal $(, $value:expr)* $(,)?) => {
        $crate::support::Leadhook::from_line($line, &[$(&$value),*])
    };
}

/// Splits a command line into arguments and fills in the values.
#[track_caller]
fn split_line(line: &str, values: &[&dyn Display]) -> Vec<String> {
    let arguments = shlex::split(line).unwrap_or_else(|| panic!("a quote is not closed: {line}"));
    let mut remaining = values.iter();
    let mut fill = |word: String| {
        let mut parts = word.split("{}");
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let value =
                remaining.next().unwrap_or_else(|| panic!("more `{{}}` than values: {line}"));
            filled += &value.to_string();
            filled += part;
        }
        filled
    };
    let arguments = arguments.into_iter().map(&mut fill).collect();
    assert_eq!(remaining.len(), 0, "fewer `{{}}` than values: {line}");
    arguments
}

/// One run of `leadhook` in an empty folder, with an empty environment.
pub struct Leadhook {
    dir: TempDir,
    command: Command,
    stdin: Vec<u8>,
}

/// The result of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The exit status.
    pub exit: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Leadhook {
    /// Builds a run with these arguments, for arguments that a test computes.
    pub fn new<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_leadhook"));
        command.env_clear().env("HOME", dir.path()).current_dir(dir.path()).args(args);
        Self { dir, command, stdin: Vec::new() }
    }

    /// Builds a run from a command line in the syntax of `leadhook!`.
    #[track_caller]
    pub fn from_line(line: &str, values: &[&dyn Display]) -> Self {
        Self::new(split_line(line, values))
    }

    /// Appends arguments.
    pub fn args<S: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.command.args(args);
        self
    }

    /// Adds a file to the folder of the run, or to a folder in it.
    pub fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    /// Creates a folder in the folder of the run.
    pub fn folder(self, name: &str) -> Self {
        fs::create_dir_all(self.dir.path().join(name)).unwrap();
        self
    }

    /// Runs it in this folder, which outlives the run; the caller adds files to it.
    pub fn in_folder(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder).env("HOME", folder);
        self
    }

    /// Sets a variable.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Sets its standard input.
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = bytes.into();
        self
    }

    /// Runs it to its end.
    pub fn run(self) -> Outcome {
        self.run_in().0
    }

    /// Runs it to its end and keeps its folder.
    pub fn run_in(mut self) -> (Outcome, TempDir) {
        let mut child = self
            .command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let bytes = self.stdin;
        let writer = std::thread::spawn(move || {
            // A run that does not read its input may have closed it.
            let _ = stdin.write_all(&bytes);
        });
        let watchdog = Watchdog::watch(&child);
        let output = child.wait_with_output().unwrap();
        watchdog.end();
        writer.join().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let outcome = Outcome {
            exit: output.status.code().unwrap_or(-1),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        };
        outcome.assert_valid();
        (outcome, self.dir)
    }

    /// Runs it to its end in the process of the test, which costs less: for runs without files at
    /// relative paths.
    pub fn in_process(self) -> Outcome {
        let text = |text: &OsStr| text.to_str().unwrap().to_owned();
        let args: Vec<_> = self.command.get_args().map(text).collect();
        let vars: Vec<_> = self
            .command
            .get_envs()
            .filter_map(|(name, value)| Some((text(name), text(value?))))
            .collect();
        let args: Vec<_> = args.iter().map(String::as_str).collect();
        let vars: Vec<_> = vars.iter().map(|(name, value)| (&**name, &**value)).collect();
        let outcome = run_in_process(&args, &vars, self.stdin);
        outcome.assert_valid();
        outcome
    }

    /// Starts a command that prints a `ready` object and keeps running: `listen` or `practice`.
    ///
    /// The arguments must contain `--format json`.
    pub fn start(self) -> Running {
        self.start_with(Stdio::null())
    }

    /// Starts such a command with a standard input that is open until [`Running::close_input`].
    pub fn start_with_input(self) -> Running {
        self.start_with(Stdio::piped())
    }

    fn start_with(mut self, stdin: Stdio) -> Running {
        let mut child = self
            .command
            .stdin(stdin)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = child.stdout.take().unwrap();
        let (sender, lines) = channel();
        let reader = std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines() {
                let object: Value = serde_json::from_str(&line.unwrap()).unwrap();
                // A finished test no longer listens.
                let _ = sender.send(object);
            }
        });
        let mut stderr = child.stderr.take().unwrap();
        let errors = std::thread::spawn(move || {
            let mut text = String::new();
            stderr.read_to_string(&mut text).unwrap();
            text
        });
        let mut running = Running {
            dir: self.dir,
            child,
            lines,
            url: String::new(),
            fetch_url: String::new(),
            threads: Some((reader, errors)),
        };
        let ready = running.next();
        assert_eq!(ready["kind"], "ready", "{ready}");
        ready["url"].as_str().unwrap().clone_into(&mut running.url);
        ready["fetch"].as_str().unwrap_or_default().clone_into(&mut running.fetch_url);
        running
    }

    /// Runs it through another program, such as `nohup`, with these arguments before it.
    pub fn through(mut self, program: &str, args: &[&str]) -> Self {
        let mut command = Command::new(program);
        command.env_clear().env("HOME", self.dir.path()).current_dir(self.dir.path());
        command.args(args).arg(self.command.get_program()).args(self.command.get_args());
        self.command = command;
        self
    }

    /// Returns the command for the caller to run, and its folder.
    pub fn command(self) -> (Command, TempDir) {
        (self.command, self.dir)
    }
}

/// Kills a run that does not end, so that a test fails instead of waiting forever.
struct Watchdog {
    ended: Sender<()>,
    thread: JoinHandle<bool>,
}

impl Watchdog {
    fn watch(child: &Child) -> Self {
        let (ended, end) = channel();
        let process = child.id().to_string();
        let thread = std::thread::spawn(move || {
            let is_late = end.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout);
            is_late && kill("KILL", &process)
        });
        Self { ended, thread }
    }

    /// Stops watching, and fails if the run had to be killed.
    fn end(self) {
        drop(self.ended);
        assert!(!self.thread.join().unwrap(), "it did not end within {PATIENCE:?}");
    }
}

impl Outcome {
    /// Asserts the exit status; the message names the case and shows the run.
    #[track_caller]
    pub fn exits(self, exit: i32, case: &str) -> Self {
        assert_eq!(self.exit, exit, "{case}: {self:#?}");
        self
    }

    /// Asserts that every object in the output is valid against the schema of its kind.
    #[track_caller]
    fn assert_valid(&self) {
        assert_valid_lines(&self.stdout);
        assert_valid_lines(&self.stderr);
    }

    /// Returns the only object on standard output.
    #[track_caller]
    pub fn object(&self) -> Value {
        let found = objects(&self.stdout);
        assert_eq!(found.len(), 1, "expected one object: {self:#?}");
        found.into_iter().next().unwrap_or_default()
    }

    /// Returns the first line of standard error that starts with `start`, without that prefix.
    #[track_caller]
    pub fn stderr_line(&self, start: &str) -> &str {
        let mut found = self.stderr.lines().filter_map(|line| line.strip_prefix(start));
        found.next().unwrap_or_else(|| panic!("no `{start}` line: {self:#?}"))
    }
}

/// Runs `leadhook` with these arguments, in an empty folder.
pub fn leadhook(args: &[&str]) -> Outcome {
    Leadhook::new(args).run()
}

/// A running `listen` or `practice`.
pub struct Running {
    dir: TempDir,
    child: Child,
    lines: Receiver<Value>,
    /// The URL on which it listens.
    pub url: String,
    /// The URL of its `--fetch`; empty without that.
    pub fetch_url: String,
    threads: Option<(JoinHandle<()>, JoinHandle<String>)>,
}

impl Running {
    /// Waits for the next object it prints.
    #[track_caller]
    pub fn next(&mut self) -> Value {
        let next = self.lines.recv_timeout(PATIENCE);
        let object = next.unwrap_or_else(|_| panic!("nothing was printed"));
        assert_valid_output(&object);
        object
    }

    /// Returns its folder.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Returns its address.
    pub fn address(&self) -> SocketAddr {
        address_of(&self.url)
    }

    /// Returns its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends it a signal by name, such as `INT`.
    pub fn signal(&self, name: &str) {
        assert!(kill(name, &self.child.id().to_string()));
    }

    /// Closes its standard input.
    pub fn close_input(&mut self) {
        drop(self.child.stdin.take());
    }

    /// Waits for its end and returns its exit status, or -1 if a signal ended it.
    pub fn exit_status(&mut self) -> i32 {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code().unwrap_or(-1);
            }
            assert!(Instant::now() < end, "it did not end");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits for its end and returns the exit status, the unread objects and standard error.
    pub fn wait(mut self) -> (i32, Vec<Value>, String) {
        let status = self.exit_status();
        let (reader, errors) = self.threads.take().unwrap();
        reader.join().unwrap();
        let (objects, errors) = (self.lines.try_iter().collect::<Vec<_>>(), errors.join().unwrap());
        objects.iter().for_each(assert_valid_output);
        assert_valid_lines(&errors);
        (status, objects, errors)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has already ended if the test waited for it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_command_line_is_split_as_in_a_shell() {
    let value = "a b {}";
    assert_eq!(
        split_line(
            "send 'lead created' \
         :{}/x --set /note={} -v",
            &[&8080, &value]
        ),
        ["send", "lead created", ":8080/x", "--set", "/note=a b {}", "-v"]
    );
    for (line, values) in [("{} {}", &[&1 as &dyn Display][..]), ("{}", &[]), ("", &[&1])] {
        let split =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| split_line(line, values)));
        assert!(split.is_err(), "{line}: {} values", values.len());
    }
}
