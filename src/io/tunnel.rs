//! Tunnels: installed programs that give the listener a public URL, which is read from their output.
//!
//! Nothing is downloaded. Everything that such a program prints is untrusted: it is read up to a
//! limit, and only a URL with `https` and a public host is taken from it.

mod programs;

pub use programs::TunnelProgram;

use crate::domain::config::OWN_VARIABLES;
use crate::domain::target::Target;
use crate::io::environment::Environment;
use crate::io::error::Error;
use crate::io::output_tail::LineSink;
use crate::io::receiver_process::StartFailure;
use crate::io::started_command::{POLL_INTERVAL, StartedCommand, ending};
use programs::UrlPattern;
use std::ffi::OsString;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The maximum number of bytes of output in which the URL is looked for.
const MAX_OUTPUT: usize = 1 << 20;

/// A running tunnel program, ended with its child processes on drop.
pub struct Tunnel {
    program: TunnelProgram,
    /// `None` once it was ended.
    running: Option<StartedCommand>,
    url: Target,
}

impl Tunnel {
    /// Starts a program and waits up to `wait` for its public URL. Each line of its output is passed
    /// to `show`.
    ///
    /// `interrupted` is polled, and the program is ended once it returns `true`.
    pub fn start(
        env: &Environment,
        program: TunnelProgram,
        local: SocketAddr,
        wait: Duration,
        show: Option<LineSink>,
        interrupted: &mut dyn FnMut() -> bool,
    ) -> Result<Self, StartFailure> {
        let found = Arc::new(FoundUrl::default());
        let sink = found.sink(program.url_pattern(), show);
        let vars = env.vars().filter(|(name, _)| !is_own_variable(name));
        let vars: Vec<(OsString, OsString)> =
            vars.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let mut running = StartedCommand::spawn(program.command(local), &vars, Some(sink))
            .map_err(|error| not_run(&program, &error))?;
        let began = Instant::now();
        let problem = loop {
            // In this order: a program that ended has printed everything.
            let has_ended = running.has_ended();
            if let Some(url) = found.url.get().filter(|_| !has_ended) {
                return Ok(Self { program, running: Some(running), url: url.clone() });
            }
            if interrupted() {
                running.end();
                return Err(StartFailure::Interrupted);
            }
            if has_ended {
                break None;
            }
            if found.is_exhausted() {
                break Some(format!("printed {MAX_OUTPUT} bytes without a public URL"));
            }
            if began.elapsed() >= wait {
                let wait = humantime::format_duration(wait);
                break Some(format!("printed no public URL within {wait}"));
            }
            sleep(POLL_INTERVAL);
        };
        let before = if found.url.get().is_some() { "" } else { " before it printed a public URL" };
        Err(failure(&program, running, problem, before).into())
    }

    /// Returns the public URL.
    #[must_use]
    pub fn url(&self) -> &Target {
        &self.url
    }

    /// Returns the name of the program, or its command line.
    #[must_use]
    pub fn name(&self) -> &str {
        self.program.name()
    }

    /// Returns the error with the last lines of its output if the program has ended by itself.
    pub fn failure(&mut self) -> Option<Error> {
        if !self.running.as_mut()?.has_ended() {
            return None;
        }
        Some(failure(&self.program, self.running.take()?, None, ""))
    }
}

impl Drop for Tunnel {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            running.end();
        }
    }
}

/// Ends a program, and returns the error that says why. Without a `problem`, it had ended by itself.
fn failure(
    program: &TunnelProgram,
    running: StartedCommand,
    problem: Option<String>,
    before: &str,
) -> Error {
    let (status, output) = running.end();
    let problem = problem.unwrap_or_else(|| {
        format!("{}{before}", status.map_or_else(|| "ended".to_owned(), ending))
    });
    Error::Tunnel {
        program: program.name().to_owned(),
        problem,
        hint: "run it alone to see what it needs, such as an account or a login",
        output,
    }
}

/// Returns the error about a program that cannot be started.
fn not_run(program: &TunnelProgram, error: &io::Error) -> StartFailure {
    let problem = if error.kind() == io::ErrorKind::NotFound {
        "is not installed: it was not found in `PATH`".to_owned()
    } else {
        format!("could not be run: {error}")
    };
    let hint = "leadhook downloads nothing: install it, or use another program with \
                `--tunnel 'CMD {port}'`";
    let program = program.name().to_owned();
    Error::Tunnel { program, problem, hint, output: Vec::new() }.into()
}

/// Returns `true` for a variable that is for `leadhook` only: the secrets are among them.
fn is_own_variable(name: &std::ffi::OsStr) -> bool {
    let bytes = name.as_encoded_bytes();
    bytes
        .get(..OWN_VARIABLES.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(OWN_VARIABLES.as_bytes()))
}

/// The URL that was found in the output, which another thread reads.
#[derive(Debug, Default)]
struct FoundUrl {
    url: OnceLock<Target>,
    read: AtomicUsize,
}

impl FoundUrl {
    /// Returns a sink that looks for the URL in each line, and passes it on to `show`.
    fn sink(self: &Arc<Self>, pattern: UrlPattern, show: Option<LineSink>) -> LineSink {
        let found = Arc::clone(self);
        Arc::new(move |line| {
            let read = found.read.fetch_add(line.len() + 1, Ordering::Relaxed);
            if read < MAX_OUTPUT
                && found.url.get().is_none()
                && let Some(url) = pattern.find(line)
            {
                // Set once: only this thread does.
                let _ = found.url.set(url);
            }
            if let Some(show) = &show {
                show(line);
            }
        })
    }

    /// Returns `true` if too much was printed without a URL.
    fn is_exhausted(&self) -> bool {
        self.read.load(Ordering::Relaxed) >= MAX_OUTPUT && self.url.get().is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_passed_on() {
        for (name, is_own) in
            [("LEADHOOK_SECRET", true), ("leadhook_x", true), ("PATH", false), ("LEADHOOK", false)]
        {
            assert_eq!(is_own_variable(name.as_ref()), is_own, "{name}");
        }
    }

    #[cfg(unix)]
    mod processes {
        use super::super::*;
        use jiff::Timestamp;
        use std::path::Path;

        const LONG: Duration = Duration::from_secs(60);

        fn start(command: &str, wait: Duration) -> Result<Tunnel, StartFailure> {
            let env = Environment::fixed(&[], Timestamp::UNIX_EPOCH);
            let program = TunnelProgram::parse(command).unwrap();
            let local = SocketAddr::from(([127, 0, 0, 1], 9090));
            Tunnel::start(&env, program, local, wait, None, &mut || false)
        }

        fn problem(result: Result<Tunnel, StartFailure>) -> (String, Vec<String>) {
            match result {
                Err(StartFailure::Failed(Error::Tunnel { problem, output, .. })) => {
                    (problem, output)
                }
                Err(other) => panic!("{other:?}"),
                Ok(tunnel) => panic!("it started: {}", tunnel.url()),
            }
        }

        #[test]
        fn a_program_without_a_url_is_ended() {
            let late = start("echo no url {port}; exec sleep 60", Duration::from_millis(200));
            let (reason, output) = problem(late);
            assert!(reason.starts_with("printed no public URL within"), "{reason}");
            assert_eq!(output, ["no url 9090"]);
            let (reason, _) = problem(start("yes no url {port}", LONG));
            assert_eq!(reason, "printed 1048576 bytes without a public URL");
            let (reason, output) = problem(start("echo login first {port}; exit 3", LONG));
            assert_eq!(reason, "ended with exit status 3 before it printed a public URL");
            assert_eq!(output, ["login first 9090"]);
        }

        #[test]
        fn a_program_that_ends_later_is_an_error_with_its_last_lines() {
            let dir = tempfile::tempdir().unwrap();
            let go = dir.path().join("go");
            let script = |go: &Path| {
                format!(
                    "echo https://a.example.com {{port}}; until [ -e '{}' ]; do sleep 0.01; done; \
                     echo lost; exit 1",
                    go.display()
                )
            };
            let mut tunnel = start(&script(&go), LONG).unwrap();
            assert_eq!(tunnel.url().to_string(), "https://a.example.com/");
            assert!(tunnel.failure().is_none());
            std::fs::write(&go, "").unwrap();
            let end = Instant::now() + LONG;
            let error = loop {
                if let Some(error) = tunnel.failure() {
                    break error;
                }
                assert!(Instant::now() < end, "it did not end");
                sleep(POLL_INTERVAL);
            };
            assert!(error.to_string().ends_with("ended with exit status 1"), "{error}");
            let Error::Tunnel { output, .. } = error else { panic!("{error}") };
            assert_eq!(output.last().unwrap(), "lost");
            assert!(tunnel.failure().is_none(), "it is reported once");
        }
    }
}
