//! Golden screens: command lines and their complete output, in `tests/screens`.
//!
//! A row of [`SCREENS`] is one command; its snapshot shows the command line, the exit status and
//! both streams. A snapshot that differs fails; `INSTA_UPDATE=always cargo test screens` writes
//! the current output, and the diff shows what users will see differently.

mod rows;

use crate::support::{
    DeadPort, Endpoint, Leadhook, Outcome, ROOT, Running, address_of, in_threads, kill,
};
use rows::SCREENS;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::Stdio;
use std::{fs, panic};
use tempfile::TempDir;

/// The address of the endpoint in the command lines and snapshots; a run gets a free port.
const ENDPOINT: &str = ":3000";

/// The address on which a command listens, likewise.
const LISTENER: &str = ":9090";

/// The exit status of a command that only ends when it is interrupted.
const INTERRUPTED: i32 = 130;

/// One screen.
pub(crate) struct Screen {
    /// The name of its snapshot.
    name: &'static str,
    /// The exit status.
    exit: i32,
    /// The command line without `leadhook`.
    line: &'static str,
    /// The width of the terminal.
    columns: u16,
    /// The files in its folder.
    files: &'static [(&'static str, &'static str)],
    /// Its standard input.
    stdin: &'static str,
    /// Commands that run in the folder before; `> FILE` saves their standard output.
    before: &'static [&'static str],
    /// The server that listens on [`ENDPOINT`].
    endpoint: Server,
    /// Commands that are run while this one listens.
    visits: &'static [&'static str],
    /// The number of lines of standard output to show.
    lines: usize,
}

/// The server on [`ENDPOINT`].
enum Server {
    /// Nothing; no row connects.
    Unused,
    /// Nothing: connections are refused.
    Dead,
    /// An endpoint that answers with these statuses, and repeats the last one.
    Responds(&'static [u16]),
    /// `leadhook practice` with these arguments.
    Practice(&'static str),
}

/// A running server, which stops on drop.
enum RunningServer {
    Unused,
    Dead(DeadPort),
    Responds(Endpoint),
    Practice(Running),
}

impl Server {
    fn start(&self) -> RunningServer {
        match self {
            Self::Unused => RunningServer::Unused,
            Self::Dead => RunningServer::Dead(DeadPort::new()),
            Self::Responds(statuses) => RunningServer::Responds(Endpoint::new(statuses)),
            Self::Practice(args) => {
                let run = leadhook!("practice :0 --format json").args(args.split_whitespace());
                RunningServer::Practice(run.start())
            }
        }
    }

    /// Describes it, as a comment of the snapshot.
    fn comment(&self) -> Option<String> {
        match self {
            Self::Unused => None,
            Self::Dead => Some(format!("nothing listens on {ENDPOINT}")),
            Self::Responds(statuses) => Some(format!("{ENDPOINT} answers {statuses:?}")),
            Self::Practice(args) => Some(format!("{ENDPOINT} is leadhook practice {args}")),
        }
    }
}

impl RunningServer {
    fn port(&self) -> Option<u16> {
        match self {
            Self::Unused => None,
            Self::Dead(port) => Some(port.port()),
            Self::Responds(endpoint) => Some(endpoint.address().port()),
            Self::Practice(running) => Some(running.address().port()),
        }
    }
}

/// A folder and the addresses that its commands use.
struct ScreenRun {
    folder: TempDir,
    /// The addresses in the command lines, and the real ones.
    addresses: Vec<(&'static str, String)>,
}

impl ScreenRun {
    /// Builds the run of a command line.
    fn run(&self, line: &str, columns: u16) -> Leadhook {
        let line = self
            .addresses
            .iter()
            .fold(line.to_owned(), |line, (typed, real)| line.replace(typed, real));
        Leadhook::new(shlex::split(&line).unwrap())
            .in_folder(self.folder.path())
            .env("COLUMNS", &columns.to_string())
    }

    /// Runs a command line to its end, with exit 0 or 1; `> FILE` saves its output.
    fn prepare(&self, line: &str) -> Result<(), String> {
        let (line, file) = line.split_once(" > ").unwrap_or((line, ""));
        let outcome = self.run(line, 80).run();
        if !file.is_empty() {
            fs::write(self.folder.path().join(file), &outcome.stdout).unwrap();
        }
        let is_done = [0, 1].contains(&outcome.exit);
        is_done.then_some(()).ok_or_else(|| format!("`{line}`: {outcome:#?}"))
    }

    /// Runs a command that listens, and the visits while it does.
    fn listen(&mut self, screen: &Screen) -> Result<Outcome, String> {
        let line = screen.line.replace(LISTENER, ":0");
        let (mut command, _own) = self.run(&line, screen.columns).command();
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut reader = BufReader::new(child.stdout.take().unwrap());
        let mut stdout = String::new();
        reader.read_line(&mut stdout).unwrap();
        let visited = match stdout.split_once("http://") {
            None => Err(format!("no address: {stdout}")),
            Some((_, url)) => {
                let address = address_of(url.split_once('/').unwrap().0);
                self.addresses.push((LISTENER, format!(":{}", address.port())));
                screen.visits.iter().try_for_each(|visit| self.prepare(visit))
            }
        };
        if visited.is_err() {
            child.kill().unwrap();
        } else if screen.exit == INTERRUPTED {
            assert!(kill("INT", &child.id().to_string()));
        }
        reader.read_to_string(&mut stdout).unwrap();
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        let exit = child.wait().unwrap().code().unwrap_or(-1);
        visited.map(|()| Outcome { exit, stdout, stderr })
    }

    /// Replaces the real addresses with the typed ones and makes invisible characters visible.
    fn shown(&self, text: &str) -> String {
        let folder = self.folder.path().display().to_string();
        let text =
            self.addresses.iter().fold(text.replace(&folder, "[folder]"), |text, (typed, real)| {
                text.replace(real, typed)
            });
        text.replace('\u{1b}', "\\e").replace('\r', "\\r").replace('\t', "\\t")
    }
}

impl Screen {
    /// Runs the command and returns its snapshot.
    fn take(&self) -> Result<String, String> {
        let serving = self.endpoint.start();
        let port = serving.port().map(|port| (ENDPOINT, format!(":{port}")));
        let mut stage = ScreenRun {
            folder: tempfile::tempdir().unwrap(),
            addresses: port.into_iter().collect(),
        };
        for (name, content) in self.files {
            fs::write(stage.folder.path().join(name), content).unwrap();
        }
        self.before.iter().try_for_each(|line| stage.prepare(line))?;
        let outcome = if self.visits.is_empty() {
            stage.run(self.line, self.columns).stdin(self.stdin).run()
        } else {
            stage.listen(self)?
        };
        if outcome.exit == self.exit {
            Ok(self.snapshot(&stage, &outcome))
        } else {
            Err(format!("expected exit {}: {outcome:#?}", self.exit))
        }
    }

    fn snapshot(&self, stage: &ScreenRun, outcome: &Outcome) -> String {
        let mut text = String::new();
        let mut add = |line: &str| writeln!(text, "{line}").unwrap();
        if let Some(comment) = self.endpoint.comment() {
            add(&format!("# {comment}"));
        }
        for (name, content) in self.files {
            if content.len() < 500 {
                add(&format!("# {name}: {}", content.trim_end().replace('\n', "\n#   ")));
            }
        }
        for line in self.before {
            add(&format!("$ leadhook {line}"));
        }
        if !self.stdin.is_empty() {
            add(&format!("# standard input: {}", self.stdin));
        }
        let listens = if self.visits.is_empty() { "" } else { " &" };
        add(format!("$ leadhook {}{listens}", self.line).trim_end());
        for line in self.visits {
            add(&format!("$ leadhook {line}"));
        }
        add(&format!("# {} columns, exit {}", self.columns, self.exit));
        for (name, stream) in [("stdout", &outcome.stdout), ("stderr", &outcome.stderr)] {
            let shown = stage.shown(stream);
            add(&format!("{:-<1$}", format!("--- {name} "), usize::from(self.columns)));
            for line in shown.split_terminator('\n').take(self.lines) {
                add(line);
            }
            let left = shown.lines().count().saturating_sub(self.lines);
            if left > 0 {
                add("[…]");
            }
        }
        text
    }
}

/// Returns the patterns of values that differ from run to run, and their replacements.
const FILTERS: &[(&str, &str)] = &[
    (r"(?m)^(\\e\[2m)?\d\d:\d\d:\d\d", "${1}hh:mm:ss"),
    (r"\b(in|p50|p90|p95|p99|max) (under 1 ms|\d+ ms|\d+\.\d s)", "$1 [time]"),
    (r#""duration_ms":\d+"#, r#""duration_ms":0"#),
    // Ids that no option set, in the first line of a delivery.
    (r"(?m)^(--> .*  (?:\\e\[2m)?)(?:evt_[0-9a-f]{24}|[0-9a-f-]{36})", "$1[id]"),
    // The free ports of `demo`, and the digest of its generated secret.
    (r":[3-6]\d{4}\b", ":[port]"),
    (r"(--mine|computed) [0-9a-f]{8}…", "$1 [digest]…"),
    (r"\(os error \d+\)", "(os error [number])"),
    (r"\bleadhook \d+\.\d+\.\d+", "leadhook [version]"),
    // The machine of `doctor`: another process may listen on the default port.
    (r"\[version\], \w+ build for \w+ \w+", "[version], [build] for [system]"),
    (r"127\.0\.0\.1:9090 is (free for `leadhook listen`|in use by[^\n]*\n[^\n]*)", "[port]"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ is plausible", "[time] is plausible"),
    (r"\d+ notes?$", "[notes]"),
];

#[test]
fn every_screen_matches_its_snapshot() {
    let numbers: Vec<_> = (0..SCREENS.len()).collect();
    let mut snapshots = in_threads(&numbers, |&number| Some((number, SCREENS[number].take())));
    snapshots.sort();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(Path::new(ROOT).join("tests/screens"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_filters(FILTERS.to_vec());
    let problem = |(number, snapshot): (usize, Result<String, String>)| {
        let name = SCREENS[number].name;
        let compare = |text| settings.bind(|| insta::assert_snapshot!(name, text));
        match snapshot {
            Err(problem) => Some(format!("{name}: {problem}")),
            Ok(text) => {
                let compared = panic::catch_unwind(panic::AssertUnwindSafe(|| compare(text)));
                compared.is_err().then(|| format!("{name}: differs from its snapshot"))
            }
        }
    };
    let failures: Vec<_> = snapshots.into_iter().filter_map(problem).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_snapshot_belongs_to_a_screen() {
    let files = fs::read_dir(Path::new(ROOT).join("tests/screens")).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    // A run that differed leaves `.snap.new` for `cargo insta review`.
    let found: BTreeSet<_> = names.filter(|name| name.strip_suffix(".new").is_none()).collect();
    let known: BTreeSet<_> = SCREENS.iter().map(|screen| format!("{}.snap", screen.name)).collect();
    assert_eq!(found, known);
    assert_eq!(known.len(), SCREENS.len(), "each name once");
}

/// Returns the commands that a help text lists.
fn commands(help: &str) -> Vec<String> {
    let (_, listed) = help.split_once("\nCommands:\n").unwrap();
    let lines = listed.lines().take_while(|line| !line.is_empty());
    // A line with more indentation is a continuation.
    let names =
        lines.filter_map(|line| line.strip_prefix("  ").filter(|rest| !rest.starts_with(' ')));
    names.map(|rest| rest.split_whitespace().next().unwrap().to_owned()).collect()
}

#[test]
fn every_command_has_a_success_screen_and_a_failure_screen() {
    let exits = |command: &str| -> Vec<i32> {
        let start = format!("{command} ");
        let of = SCREENS.iter().filter(|screen| format!("{} ", screen.line).starts_with(&start));
        of.map(|screen| screen.exit).collect()
    };
    let verbs = commands(&leadhook!("--help").run().stdout);
    assert!(verbs.len() >= 15, "{verbs:?}");
    for verb in &verbs {
        let exits = exits(verb);
        assert!(exits.iter().any(|exit| [0, INTERRUPTED].contains(exit)), "{verb}: no success");
        assert!(exits.iter().any(|exit| ![0, INTERRUPTED].contains(exit)), "{verb}: no failure");
    }
    for verb in ["events", "config"] {
        for command in commands(&leadhook!("{} --help", verb).run().stdout) {
            assert!(!exits(&format!("{verb} {command}")).is_empty(), "{verb} {command}");
        }
    }
}

#[test]
fn every_width_and_both_colours_have_a_screen() {
    for columns in [60, 80, 120] {
        let of: Vec<_> = SCREENS.iter().filter(|screen| screen.columns == columns).collect();
        assert!(of.len() >= 4, "{columns} columns: {}", of.len());
    }
    for option in ["--color always", "--color never", "--format json"] {
        let of = SCREENS.iter().filter(|screen| screen.line.contains(option));
        assert!(of.count() >= 3, "{option}");
    }
}
