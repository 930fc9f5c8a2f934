//! In-process runs of `leadhook`, which are cheaper than starting a process.

use crate::support::{Leadhook, Outcome, PATIENCE, assert_valid_output, hmac_hex};
use jiff::Timestamp;
use leadhook::error::Exit;
use leadhook::io::environment::{Environment, SharedBuffer, Signal, SignalHandle};
use serde_json::Value;
use std::ffi::OsString;
use std::io;
use std::io::Write;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::thread::JoinHandle;

/// Runs `leadhook` to its end with these arguments, these variables alone, and this input.
///
/// The clock runs, nothing is a terminal, and relative paths start at the root of the project: name
/// files by absolute paths.
pub fn run_in_process(args: &[&str], vars: &[(&str, &str)], stdin: impl Into<Vec<u8>>) -> Outcome {
    run_in(sealed(vars).with_stdin(stdin), args)
}

/// Returns the environment of an in-process run: these variables only.
pub fn sealed(vars: &[(&str, &str)]) -> Environment {
    Environment::fixed(vars, Timestamp::UNIX_EPOCH).with_running_clock()
}

/// Runs `leadhook` to its end in this environment, except for its output streams.
pub fn run_in(env: Environment, args: &[&str]) -> Outcome {
    let (stdout, stderr) = (SharedBuffer::default(), SharedBuffer::default());
    let env = env.with_stdout(stdout.clone()).with_stderr(stderr.clone());
    let exit = i32::from(leadhook::run(command_line(args), &env).code());
    let text = |buffer: &SharedBuffer| String::from_utf8(buffer.bytes()).unwrap();
    Outcome { exit, stdout: text(&stdout), stderr: text(&stderr) }
}

/// Runs `leadhook` to its end as if its standard output were a terminal.
pub fn run_in_terminal(args: &[&str]) -> Outcome {
    run_in_terminal_with(&[], args)
}

/// Runs it in the same way, with these variables only.
pub fn run_in_terminal_with(vars: &[(&str, &str)], args: &[&str]) -> Outcome {
    let (stdout, stderr) = (SharedBuffer::default(), SharedBuffer::default());
    let mut env = sealed(vars).with_stdout(stdout.clone()).with_stderr(stderr.clone());
    env.stdout_is_terminal = true;
    let exit = i32::from(leadhook::run(command_line(args), &env).code());
    let text = |buffer: &SharedBuffer| String::from_utf8(buffer.bytes()).unwrap();
    Outcome { exit, stdout: text(&stdout), stderr: text(&stderr) }
}

/// Returns the command line: the program name and the arguments.
fn command_line(args: &[&str]) -> Vec<OsString> {
    ["leadhook"].iter().chain(args).map(OsString::from).collect()
}

/// A `listen` or `practice` command that runs in process.
pub struct RunningInProcess {
    thread: JoinHandle<Exit>,
    lines: Receiver<Value>,
    stderr: SharedBuffer,
    signals: SignalHandle,
    /// The URL on which it listens.
    pub url: String,
}

impl RunningInProcess {
    /// Starts a command that prints a `ready` object and keeps running. The arguments must contain
    /// `--format json`.
    pub fn start(args: &[&str], vars: &[(&str, &str)]) -> Self {
        Self::start_in(sealed(vars), args)
    }

    /// Starts it in this environment, except for its output streams and its signals.
    pub fn start_in(env: Environment, args: &[&str]) -> Self {
        let (sender, lines) = channel();
        let (stderr, signals) = (SharedBuffer::default(), SignalHandle::default());
        let env = env
            .with_stdout(Objects { sender, line: Vec::new() })
            .with_stderr(stderr.clone())
            .with_signals(&signals);
        let args = command_line(args);
        let thread = thread::spawn(move || leadhook::run(args, &env));
        let mut running = Self { thread, lines, stderr, signals, url: String::new() };
        let ready = running.next();
        assert_eq!(ready["kind"], "ready", "{ready}");
        ready["url"].as_str().unwrap().clone_into(&mut running.url);
        running
    }

    /// Waits for the next object it prints.
    #[track_caller]
    pub fn next(&self) -> Value {
        let next = self.lines.recv_timeout(PATIENCE);
        let object = next.unwrap_or_else(|_| panic!("nothing was printed"));
        assert_valid_output(&object);
        object
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) {
        self.signals.send(signal);
    }

    /// Waits for its end and returns the exit status, the unread objects and standard error.
    pub fn wait(self) -> (i32, Vec<Value>, String) {
        let exit = self.thread.join().unwrap();
        let stderr = String::from_utf8(self.stderr.bytes()).unwrap();
        (exit.code().into(), self.lines.try_iter().collect(), stderr)
    }
}

/// A writer that sends each line, as JSON, to a channel.
struct Objects {
    sender: Sender<Value>,
    line: Vec<u8>,
}

impl Write for Objects {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for &byte in bytes {
            if byte == b'\n' {
                let object = serde_json::from_slice(&std::mem::take(&mut self.line))?;
                // A test that has finished no longer reads.
                let _ = self.sender.send(object);
            } else {
                self.line.push(byte);
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

const SECRET: &str = "s3cret-s3cret-s3cret-s3cret-s3cret";

/// A run with deterministic output.
struct Case {
    args: Vec<&'static str>,
    vars: Vec<(&'static str, &'static str)>,
    stdin: String,
}

impl Case {
    fn new(args: &[&[&'static str]]) -> Self {
        Self { args: args.concat(), vars: Vec::new(), stdin: String::new() }
    }

    fn var(mut self, name: &'static str, value: &'static str) -> Self {
        self.vars.push((name, value));
        self
    }

    fn stdin(self, text: &str) -> Self {
        Self { stdin: text.to_owned(), ..self }
    }
}

/// Returns runs of many commands.
fn cases() -> Vec<Case> {
    let signed = |signature: &str| {
        let headers = format!(r#"{{"X-Lead-Router-Signature":"{signature}"}}"#);
        format!(r#"{{"received_at":"2026-01-01T00:00:00Z","headers":{headers},"body":"{{}}"}}"#)
    };
    let (genuine, forged) = (signed(&hmac_hex(SECRET.as_bytes(), b"{}")), signed(&"0".repeat(64)));
    let verify = ["verify", "-", "-p", "realgeeks", "--no-payload", "--secret", SECRET];
    let send = ["send", "realgeeks:created", ":1", "--now", "@1767225600", "--seed", "7"];
    let json = ["--format", "json"];
    vec![
        Case::new(&[&["--help"]]).var("COLUMNS", "60"),
        Case::new(&[&["send", "--help"]]).var("COLUMNS", "0"),
        Case::new(&[&["listen", "-h"]]).var("COLUMNS", "80").var("CLICOLOR_FORCE", "1"),
        Case::new(&[&["--version"]]),
        Case::new(&[&["snd"]]),
        Case::new(&[&["snd", "--color", "always"], &json]),
        Case::new(&[&["events"]]),
        Case::new(&[&["events"]]).var("LEADHOOK_FORMAT", "json"),
        Case::new(&[&["events"]]).var("CLICOLOR_FORCE", "1"),
        Case::new(&[&["completions", "bash"]]),
        Case::new(&[&["man"]]),
        Case::new(&[&verify, &json]).stdin(&genuine),
        Case::new(&[&verify, &["--now", "@1767225600"]]).stdin(&forged),
        Case::new(&[&verify, &json]).stdin("[torn"),
        Case::new(&[&["verify", "missing.json"], &json]),
        Case::new(&[&send, &["--secret-file", "-", "--print", "json"]]).stdin("a\n"),
        Case::new(&[&send, &["--print", "curl"]]).var("LEADHOOK_REALGEEKS_SECRET", SECRET),
        Case::new(&[&send, &["--data", "-", "--secret-file", "-"]]),
        Case::new(&[&send, &["--cacert", "-", "--secret", SECRET]]).stdin("no PEM"),
        Case::new(&[&["send", "realgeeks:created", "169.254.1.1", "--unsigned"]]),
    ]
}

#[test]
fn concurrent_in_process_runs_print_the_bytes_of_the_binary() {
    let cases = cases();
    let expected: Vec<_> = cases
        .iter()
        .map(|case| {
            let run = Leadhook::new(&case.args).stdin(case.stdin.as_str());
            case.vars.iter().fold(run, |run, (name, value)| run.env(name, value)).run()
        })
        .collect();
    let exits: Vec<_> = expected.iter().map(|outcome| outcome.exit).collect();
    for exit in [0, 1, 2, 3] {
        assert!(exits.contains(&exit), "no case ends with {exit}: {exits:?}");
    }
    thread::scope(|scope| {
        for first in 0..4 {
            let (cases, expected) = (&cases, &expected);
            scope.spawn(move || {
                // Each thread starts at another command, so that different ones run concurrently.
                let order = (0..cases.len()).map(|at| (at + first * 5) % cases.len());
                for (case, expected) in order.map(|at| (&cases[at], &expected[at])) {
                    let outcome = run_in_process(&case.args, &case.vars, case.stdin.as_str());
                    assert_eq!(&outcome, expected, "{:?} {:?}", case.args, case.vars);
                }
            });
        }
    });
}

#[test]
fn two_listeners_in_one_process_end_with_their_own_signals() {
    let args = ["listen", ":0", "--format", "json"];
    let vars = [("LEADHOOK_REALGEEKS_SECRET", SECRET)];
    let (interrupted, terminated) =
        (RunningInProcess::start(&args, &vars), RunningInProcess::start(&args, &vars));
    for listener in [&interrupted, &terminated] {
        let sent = run_in_process(&["send", "realgeeks:created", &listener.url], &vars, "");
        assert_eq!(sent.exit, 0, "{sent:#?}");
        let request = listener.next();
        assert_eq!(request["signature"]["status"], "valid", "{request}");
    }
    interrupted.signal(Signal::Interrupt);
    let (exit, objects, _) = interrupted.wait();
    assert_eq!((exit, objects.len()), (130, 1), "{objects:?}");
    terminated.signal(Signal::Terminate);
    let (exit, objects, _) = terminated.wait();
    assert_eq!((exit, objects.len()), (143, 1), "{objects:?}");
}

#[test]
fn a_secret_is_prompted_on_stderr_and_read_from_stdin() {
    let (stdout, stderr) = (SharedBuffer::default(), SharedBuffer::default());
    let mut env = sealed(&[])
        .with_stdin(format!("{SECRET}\nanother line\n"))
        .with_stdout(stdout.clone())
        .with_stderr(stderr.clone());
    (env.stdin_is_terminal, env.stderr_is_terminal) = (true, true);
    let body = tempfile::NamedTempFile::new().unwrap();
    let body = body.path().to_str().unwrap();
    let args = ["sign", body, "-p", "realgeeks", "--now", "@0", "--secret"];
    let exit = leadhook::run(command_line(&args), &env);
    assert_eq!((exit, &*stderr.bytes()), (Exit::Success, &b"signing secret of Real Geeks: \n"[..]));
    let signature = hmac_hex(SECRET.as_bytes(), b"");
    let printed = String::from_utf8(stdout.bytes()).unwrap();
    assert!(printed.contains(&signature), "{printed}");
}

/// A stream whose writes fail.
struct Failing(io::ErrorKind);

impl Write for Failing {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_closed_reader_keeps_the_exit_status_and_a_full_disk_does_not() {
    for (kind, exit) in [(io::ErrorKind::BrokenPipe, 0), (io::ErrorKind::StorageFull, 3)] {
        let stderr = SharedBuffer::default();
        let env = sealed(&[]).with_stdout(Failing(kind)).with_stderr(stderr.clone());
        assert_eq!(leadhook::run(command_line(&["events"]), &env).code(), exit, "{kind}");
        let stderr_text = String::from_utf8(stderr.bytes()).unwrap();
        assert_eq!(stderr_text.contains("cannot write the result"), exit == 3, "{stderr_text}");
    }
}

#[test]
fn an_environment_shows_no_value_of_a_variable() {
    let shown = format!("{:?}", sealed(&[("LEADHOOK_SECRET", SECRET)]));
    assert!(shown.contains("LEADHOOK_SECRET") && !shown.contains(SECRET), "{shown}");
}

#[test]
fn a_supplied_stream_is_not_a_terminal() {
    let env = Environment::capture()
        .with_stdin("")
        .with_stdout(SharedBuffer::default())
        .with_stderr(SharedBuffer::default());
    assert!(!env.stdin_is_terminal && !env.stdout_is_terminal && !env.stderr_is_terminal);
}
