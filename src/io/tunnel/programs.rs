//! The tunnel programs: how each is started, and where its output has the public URL.

use crate::domain::target::Target;
use crate::io::started_command;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::process::Command;

/// The placeholders in arguments and commands.
const PORT: &str = "{port}";
const URL: &str = "{url}";

/// The maximum length of a URL.
const MAX_URL: usize = 2048;

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
pub(super) struct UrlPattern {
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
    pub(super) fn command(&self, local: SocketAddr) -> Command {
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

    pub(super) fn url_pattern(&self) -> UrlPattern {
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
    pub(super) fn find(self, line: &[u8]) -> Option<Target> {
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
}
