//! Tunnels: installed programs that give the listener a public URL, which is read from their output.
//!
//! Nothing is downloaded. Everything that such a program prints is untrusted: it is read up to a
//! limit, and only a URL with `https` and a public host is taken from it.

use crate::domain::target::Target;
use crate::io::environment::Environment;
use crate::io::error::Error;
use crate::io::output_tail::LineSink;
use crate::io::receiver_process::StartFailure;
use crate::io::started_command::{self, StartedCommand, ending};
use std::ffi::OsString;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The placeholders in arguments and commands.
const PORT: &str = "{port}";
const URL: &str = "{url}";

/// The maximum number of bytes of output in which the URL is looked for.
const MAX_OUTPUT: usize = 1 << 20;

/// The maximum length of a URL.
const MAX_URL: usize = 2048;

/// The interval between two checks for the URL.
const POLL_INTERVAL: Duration = Duration::from_millis(5);

/// The variables that are not passed to a tunnel program: the secrets are among them.
const OWN_VARIABLES: &str = "LEADHOOK_";

const SCHEME: &str = "https://";

/// A tunnel program that is known by its name.
#[derive(Debug)]
struct KnownProgram {
    name: &'static str,
    arguments: &'static [&'static str],
    url: UrlPattern,
}

/// The place of the public URL in an output.
#[derive(Clone, Copy, Debug)]
struct UrlPattern {
    /// The text directly before the URL.
    after: &'static str,
    /// The end of its host.
    host_suffix: &'static str,
    /// A host with this end that is not the public one.
    not_host: &'static str,
}

/// The URL of a program that the user wrote: the first one with `https`.
const ANY_URL: UrlPattern = UrlPattern { after: "", host_suffix: "", not_host: "" };

/// The known programs.
const PROGRAMS: [KnownProgram; 3] = [
    KnownProgram {
        name: "cloudflared",
        arguments: &["tunnel", "--no-autoupdate", "--url", URL],
        // An error message names the host of its API.
        url: UrlPattern {
            host_suffix: ".trycloudflare.com",
            not_host: "api.trycloudflare.com",
            ..ANY_URL
        },
    },
    KnownProgram {
        name: "tailscale",
        arguments: &["funnel", URL],
        // Before it is enabled, it prints the URL of a page at `login.tailscale.com`.
        url: UrlPattern { host_suffix: ".ts.net", ..ANY_URL },
    },
    KnownProgram {
        name: "ngrok",
        arguments: &["http", URL, "--log", "stdout", "--log-format", "logfmt"],
        // A domain of the user has any name.
        url: UrlPattern { after: "url=", ..ANY_URL },
    },
];

/// A tunnel program, as `--tunnel` names it.
#[derive(Clone, Debug)]
pub struct TunnelProgram(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Known(&'static KnownProgram),
    /// A command line for the shell.
    Custom(String),
}

impl TunnelProgram {
    /// Returns the names of the known programs.
    pub fn names() -> impl Iterator<Item = &'static str> {
        PROGRAMS.iter().map(|program| program.name)
    }

    /// Parses the name of a known program, or a command line with `{port}`.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is neither.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Some(known) = PROGRAMS.iter().find(|program| program.name == text) {
            return Ok(Self(Kind::Known(known)));
        }
        if text.contains(PORT) {
            return Ok(Self(Kind::Custom(text.to_owned())));
        }
        let names: Vec<_> = Self::names().map(|name| format!("`{name}`")).collect();
        Err(format!("expected {}, or a command line with `{PORT}`", names.join(", ")))
    }

    /// Returns the name or the command line.
    #[must_use]
    pub fn name(&self) -> &str {
        match &self.0 {
            Kind::Known(known) => known.name,
            Kind::Custom(command) => command,
        }
    }

    /// Returns the command to run for the listener at `local`.
    fn command(&self, local: SocketAddr) -> Command {
        let local = reachable(local);
        let fill = |text: &str| {
            text.replace(URL, &format!("http://{local}")).replace(PORT, &local.port().to_string())
        };
        match &self.0 {
            Kind::Known(known) => {
                let mut command = Command::new(known.name);
                command.args(known.arguments.iter().copied().map(fill));
                command
            }
            // A shell would read `{url}` of the user in its own way.
            Kind::Custom(text) => {
                started_command::shell(&text.replace(PORT, &local.port().to_string()))
            }
        }
    }

    fn url_pattern(&self) -> UrlPattern {
        match &self.0 {
            Kind::Known(known) => known.url,
            Kind::Custom(_) => ANY_URL,
        }
    }
}

/// Returns the address at which this machine reaches a listener on all interfaces.
fn reachable(local: SocketAddr) -> SocketAddr {
    let ip = match local.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, local.port())
}

impl UrlPattern {
    /// Returns the public URL in a line of output.
    fn find(self, line: &[u8]) -> Option<Target> {
        let line = String::from_utf8_lossy(line);
        let start = format!("{}{SCHEME}", self.after);
        line.match_indices(&start).find_map(|(index, _)| {
            let rest = line.get(index + self.after.len()..)?;
            self.accept(url_prefix(rest))
        })
    }

    /// Returns a URL if it is public and has the right host.
    fn accept(self, text: &str) -> Option<Target> {
        let url = Target::parse(text).ok().filter(|_| text.len() <= MAX_URL)?;
        let host = url.url().host_str().unwrap_or_default();
        let is_own = host.ends_with(self.host_suffix) && host != self.not_host;
        (is_own && url.is_tls() && !url.is_loopback()).then_some(url)
    }
}

/// Returns the URL at the beginning of a text: what follows it in a log, in a frame or in JSON is no
/// part of it.
fn url_prefix(text: &str) -> &str {
    let is_end = |c: char| !c.is_ascii_graphic() || "\"'`<>|\\^{}()[],;".contains(c);
    let url = text.find(is_end).and_then(|end| text.get(..end)).unwrap_or(text);
    url.trim_end_matches(['.', ':', '!'])
}

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

/// Returns `true` for a variable that is for `leadhook` only.
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

    fn found(program: &str, line: &str) -> Option<String> {
        let program = TunnelProgram::parse(program).unwrap();
        program.url_pattern().find(line.as_bytes()).map(|url| url.to_string())
    }

    fn words(program: &str, local: &str) -> Vec<String> {
        let command = TunnelProgram::parse(program).unwrap().command(local.parse().unwrap());
        let words = std::iter::once(command.get_program()).chain(command.get_args());
        words.map(|word| word.to_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn the_public_url_of_each_known_program_is_found() {
        for (program, line, expected) in [
            (
                "cloudflared",
                "INF |  https://four-plain-words-here.trycloudflare.com                 |",
                Some("https://four-plain-words-here.trycloudflare.com/"),
            ),
            ("cloudflared", "see https://developers.cloudflare.com/cloudflare-one/", None),
            ("cloudflared", "Post \"https://api.trycloudflare.com/tunnel\": no such host", None),
            ("cloudflared", "https://trycloudflare.com.example.com", None),
            ("tailscale", "https://box.tail1234.ts.net/", Some("https://box.tail1234.ts.net/")),
            ("tailscale", "  https://login.tailscale.com/f/funnel?node=n1", None),
            ("tailscale", "|-- proxy http://127.0.0.1:9090", None),
            (
                "ngrok",
                "lvl=info msg=\"started tunnel\" addr=http://localhost:9090 url=https://a.example.com",
                Some("https://a.example.com/"),
            ),
            ("ngrok", "lvl=info msg=\"see https://ngrok.com/docs\"", None),
        ] {
            assert_eq!(found(program, line).as_deref(), expected, "{program}: {line}");
        }
    }

    #[test]
    fn of_another_program_it_is_the_first_public_https_url() {
        for (line, expected) in [
            ("your url is: https://abc.example.com", Some("https://abc.example.com/")),
            ("{\"url\":\"https://abc.example.com/p\"}", Some("https://abc.example.com/p")),
            ("<https://abc.example.com>.", Some("https://abc.example.com/")),
            ("\u{1b}[32mhttps://abc.example.com\u{1b}[0m", Some("https://abc.example.com/")),
            ("https://127.0.0.1:1 https://abc.example.com.", Some("https://abc.example.com/")),
            ("http://abc.example.com", None),
            ("https://user:pw@abc.example.com", None),
            ("https://", None),
            ("https://a b", Some("https://a/")),
            ("https://abc.example.com\u{202e}x", Some("https://abc.example.com/")),
        ] {
            assert_eq!(found("tunnel {port}", line).as_deref(), expected, "{line}");
        }
        assert_eq!(
            found("tunnel {port}", &format!("https://a.example.com/{}", "x".repeat(3000))),
            None
        );
        let bytes = [b"https://a.example.com".as_slice(), &[0xff, b'x']].concat();
        let pattern = TunnelProgram::parse("t {port}").unwrap().url_pattern();
        assert_eq!(pattern.find(&bytes).unwrap().to_string(), "https://a.example.com/");
    }

    #[test]
    fn the_command_gets_the_address_that_reaches_the_listener() {
        let url = "http://127.0.0.1:9090";
        assert_eq!(
            words("cloudflared", "0.0.0.0:9090"),
            ["cloudflared", "tunnel", "--no-autoupdate", "--url", url]
        );
        assert_eq!(words("tailscale", "127.0.0.1:9090"), ["tailscale", "funnel", url]);
        assert_eq!(words("ngrok", "[::]:9090")[2], "http://[::1]:9090");
        let custom = words("ssh -R 80:localhost:{port} host", "127.0.0.1:9090");
        assert_eq!(custom.last().unwrap(), "ssh -R 80:localhost:9090 host");
        for wrong in ["", "localtunnel", "cloudflared tunnel", "lt --port 9090"] {
            let error = TunnelProgram::parse(wrong).unwrap_err();
            assert!(error.contains("`cloudflared`") && error.contains("`{port}`"), "{error}");
        }
    }

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
