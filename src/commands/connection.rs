//! Options of every command that connects to an endpoint, with the names that curl uses.

use crate::commands::tls_args::TlsArgs;
use crate::commands::value_parsers::{duration_argument, positive_duration_argument};
use crate::domain::retry::RetryPolicy;
use crate::domain::target::{Target, is_link_local};
use crate::domain::time::Wait;
use crate::error::Error;
use crate::io::client;
use crate::io::client::ConnectOptions;
use crate::io::environment::Environment;
use crate::io::error::Error as IoError;
use crate::output::printer::Printer;
use crate::output::progress::Progress;
use clap::Args;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::time::Duration;

/// The connection options.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Connection")]
pub struct ConnectionArgs {
    /// Deadline of a whole exchange; 0 waits forever [default: the provider's, or else 30s]
    #[arg(long, value_name = "TIME", value_parser = duration_argument)]
    timeout: Option<Duration>,

    /// Wait up to TIME for the endpoint to accept connections
    #[arg(long, value_name = "TIME", value_parser = positive_duration_argument)]
    wait: Option<Duration>,

    #[command(flatten)]
    tls: TlsArgs,

    /// Proxy to use; proxy environment variables are ignored
    #[arg(long, value_name = "URL")]
    proxy: Option<String>,

    /// Allow a target on another machine: one from `./leadhook.toml`, any target of `check`, or
    /// more than 100 leads of `simulate`
    #[arg(long)]
    pub(super) allow_remote: bool,

    /// Address to use for a host (can be repeated)
    #[arg(long, value_name = "HOST:PORT:ADDRESS", value_parser = resolve_argument)]
    resolve: Vec<(String, u16, IpAddr)>,

    /// Connect to the second host and port instead of the first (can be repeated)
    #[arg(long, value_name = "HOST1:PORT1:HOST2:PORT2", value_parser = connect_to_argument)]
    connect_to: Vec<(String, u16, String, u16)>,
}

/// The deadline of an exchange if neither the user nor the provider sets one.
pub(crate) const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

impl ConnectionArgs {
    /// Returns `true` if requests go through a proxy.
    pub(super) fn has_proxy(&self) -> bool {
        self.proxy.is_some()
    }

    /// Rejects a target on another machine unless `--allow-remote` is given. `why` names the load
    /// or the data that the machine would get.
    pub(super) fn check_remote(&self, target: &Target, why: &str) -> Result<(), Error> {
        if self.allow_remote || target.is_loopback() {
            return Ok(());
        }
        Err(Error::Option {
            message: format!("`{target}` is not this machine, and {why}"),
            hint: "add `--allow-remote` if it is yours".to_owned(),
        })
    }

    /// Returns the deadline of an exchange, or `None` if it is unlimited: that of the user, or else
    /// that of the provider, or else the default.
    pub(super) fn timeout(&self, retry: Option<&RetryPolicy>) -> Option<Duration> {
        let timeout = self.configured_timeout(retry).unwrap_or(DEFAULT_TIMEOUT);
        (!timeout.is_zero()).then_some(timeout)
    }

    /// Returns the deadline of the user, or else of the provider; zero stands for no limit.
    pub(super) fn configured_timeout(&self, retry: Option<&RetryPolicy>) -> Option<Duration> {
        let known = || retry.and_then(|retry| retry.timeout).map(Wait::duration);
        self.timeout.or_else(known)
    }

    /// Returns the maximum time to wait for the endpoint, if `--wait` was given.
    pub(super) fn wait(&self) -> Option<Duration> {
        self.wait
    }

    /// Returns the options of the client for this target and for a sender with this retry schedule.
    pub(super) fn options(
        &self,
        env: &Environment,
        target: &Target,
        retry: Option<&RetryPolicy>,
    ) -> Result<ConnectOptions, Error> {
        if target.is_link_local() {
            return Err(IoError::LinkLocal { url: target.to_string() }.into());
        }
        let host = target.url().host_str().unwrap_or_default();
        let port = target.url().port_or_known_default().unwrap_or(80);
        let applies = |from_host: &str, from_port: u16| {
            from_host.eq_ignore_ascii_case(host) && from_port == port
        };
        let resolved = self.resolve.iter().find(|(host, port, _)| applies(host, *port));
        let mut connect = resolved.map(|(_, port, address)| SocketAddr::new(*address, *port));
        if let Some((.., to_host, to_port)) =
            self.connect_to.iter().find(|(host, port, ..)| applies(host, *port))
        {
            let address = (to_host.as_str(), *to_port)
                .to_socket_addrs()
                .ok()
                .and_then(|mut addresses| addresses.next());
            connect = Some(address.ok_or_else(|| Error::Transport {
                url: format!("{to_host}:{to_port}"),
                reason: "the host name has no address".to_owned(),
                hint: None,
            })?);
        }
        if connect.is_some_and(|address| is_link_local(address.ip())) {
            return Err(IoError::LinkLocal { url: target.to_string() }.into());
        }
        Ok(self.tls.apply(ConnectOptions {
            timeout: self.timeout(retry),
            proxy: self.proxy.clone(),
            connect,
            stdin: env.stdin().clone(),
            ..ConnectOptions::default()
        }))
    }

    /// Waits for the endpoint if `--wait` was given, and warns if leads would be sent unencrypted.
    pub(super) fn prepare(
        &self,
        target: &Target,
        options: &ConnectOptions,
        printer: &mut Printer,
    ) -> Result<(), Error> {
        printer.detail(&format!("target: {target}"));
        for note in transport_notes(target, self.tls.is_insecure()) {
            printer.note(note);
        }
        if let Some(limit) = self.wait {
            let spinner = Progress::spinner(printer, &format!("waiting for {target}"));
            let reached = client::wait_until_up(target, options.connect, limit);
            spinner.finish();
            reached?;
        }
        Ok(())
    }
}

/// Returns notes on a target whose connection is not protected.
pub(super) fn transport_notes(target: &Target, is_insecure: bool) -> Vec<&'static str> {
    let mut notes = Vec::new();
    if !target.is_tls() && !target.is_loopback() {
        notes.push("the target is not this machine and not https: the payload is sent unencrypted");
    }
    if is_insecure && target.is_tls() {
        notes.push("--insecure: the certificate of the endpoint is not verified");
    }
    notes
}

/// Splits at colons, except those of an IPv6 address in brackets.
fn split_at_colons(text: &str) -> Vec<&str> {
    let mut in_brackets = false;
    let split = text.split(move |c| {
        in_brackets = (in_brackets || c == '[') && c != ']';
        c == ':' && !in_brackets
    });
    split.map(|part| part.trim_matches(['[', ']'])).collect()
}

fn resolve_argument(text: &str) -> Result<(String, u16, IpAddr), String> {
    let expected =
        || "expected HOST:PORT:ADDRESS, such as `app.example.com:443:127.0.0.1`".to_owned();
    let &[host, port, address] = split_at_colons(text).as_slice() else { return Err(expected()) };
    match (port.parse(), address.parse()) {
        (Ok(port), Ok(address)) => Ok((host.to_owned(), port, address)),
        _ => Err(expected()),
    }
}

fn connect_to_argument(text: &str) -> Result<(String, u16, String, u16), String> {
    let expected = || {
        "expected HOST1:PORT1:HOST2:PORT2, such as `app.example.com:443:localhost:8443`".to_owned()
    };
    let &[from, from_port, to, to_port] = split_at_colons(text).as_slice() else {
        return Err(expected());
    };
    match (from_port.parse(), to_port.parse()) {
        (Ok(from_port), Ok(to_port)) => Ok((from.to_owned(), from_port, to.to_owned(), to_port)),
        _ => Err(expected()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ipv6_addresses_are_in_brackets() {
        let expected = ("a.test".to_owned(), 80, "::1".to_owned(), 3000);
        assert_eq!(connect_to_argument("a.test:80:[::1]:3000"), Ok(expected));
        let expected = ("a.test".to_owned(), 80, "::1".parse().unwrap());
        assert_eq!(resolve_argument("a.test:80:[::1]"), Ok(expected));
        for invalid in ["", "a:80", "a:80:b", "a:x:127.0.0.1", "a:80:127.0.0.1:1"] {
            assert!(resolve_argument(invalid).is_err(), "{invalid}");
        }
        for invalid in ["", "a:80:b", "a:80:b:c", "a:80:b:1:2"] {
            assert!(connect_to_argument(invalid).is_err(), "{invalid}");
        }
    }
}
