//! Options of `listen` for forwarding deliveries to targets.

use crate::commands::connection::transport_notes;
use crate::commands::context::Context;
use crate::commands::listen::memory;
use crate::commands::option_sources;
use crate::commands::tls_args::{TLS_OPTIONS, TlsArgs};
use crate::commands::value_parsers::duration_argument;
use crate::domain::route::Route;
use crate::domain::target::Target;
use crate::error::Error;
use crate::io::client::ConnectOptions;
use crate::io::forward::ForwardOptions;
use crate::io::memory::MemoryBudget;
use clap::Args;
use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs, UdpSocket};
use std::num::NonZeroU16;
use std::time::Duration;

/// The targets of forwarding and its settings.
#[derive(Args, Debug)]
pub(super) struct ForwardArgs {
    /// Forward every delivery, byte for byte, or those of one event (can be repeated)
    ///
    /// A URL without a path keeps path and query of the request; one with a path replaces the path
    /// and keeps the query. The sender gets the response of the first target, or 502 if that target
    /// does not respond. The deliveries of one lead keep their order, as do those without a lead
    /// among themselves. If a further target is too slow, deliveries beyond a queue of 10,000, or of
    /// its share of `--max-memory`, are not forwarded to it, and a warning is printed. At the start,
    /// each target is connected to once, and one that does not respond is named.
    #[arg(long, value_name = "[EVENT=]URL")]
    forward: Vec<String>,

    /// Forward the `Host` header of the sender instead of that of the target
    #[arg(long, requires = "forward")]
    keep_host: bool,

    /// Deadline of a forwarded delivery; 0 waits forever
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = duration_argument)]
    forward_timeout: Duration,

    /// Maximum number of concurrent deliveries to each target, of different leads; 1 keeps the order
    /// of arrival of all
    #[arg(long, value_name = "N", default_value = "8", requires = "forward", value_parser = clap::value_parser!(u16).range(1..))]
    forward_concurrency: u16,

    #[command(flatten)]
    tls: TlsArgs,

    /// Allow a target on another machine that `./leadhook.toml` names
    #[arg(long)]
    allow_remote: bool,
}

impl ForwardArgs {
    /// Returns the options of forwarding, for a listener with this memory for requests.
    pub(super) fn options(&self, requests: &MemoryBudget) -> ForwardOptions {
        let timeout = (!self.forward_timeout.is_zero()).then_some(self.forward_timeout);
        let max_waiting = memory::max_forward_queue(requests);
        let concurrency = NonZeroU16::new(self.forward_concurrency).unwrap_or(NonZeroU16::MIN);
        ForwardOptions { timeout, keep_host: self.keep_host, max_waiting, concurrency }
    }

    /// Returns the options of the connections to the targets.
    pub(super) fn connect_options(
        &self,
        context: &Context<'_>,
        routes: &[Route],
    ) -> Result<ConnectOptions, Error> {
        let given = |id: &&&str| context.explicit.contains_key(**id);
        if let Some(option) = TLS_OPTIONS.iter().find(given).filter(|_| routes.is_empty()) {
            return Err(Error::Option {
                message: format!(
                    "`--{option}` is for the targets of `--forward`, without which it has no effect"
                ),
                hint: "add `--forward URL`".to_owned(),
            });
        }
        let stdin = context.env.stdin().clone();
        Ok(self.tls.apply(ConnectOptions { stdin, ..ConnectOptions::default() }))
    }

    /// Returns notes on connections to targets that are not protected.
    pub(super) fn transport_notes(&self, routes: &[Route]) -> BTreeSet<&'static str> {
        let notes = |route: &Route| transport_notes(&route.target, self.tls.is_insecure());
        routes.iter().flat_map(notes).collect()
    }

    /// Returns the targets as given; `None` if nothing is forwarded.
    pub(super) fn target_list(&self) -> Option<String> {
        (!self.forward.is_empty()).then(|| self.forward.join(", "))
    }

    /// Parses the routes. Fails if one is not allowed or leads back to the listener at `local`.
    pub(super) fn routes(
        &self,
        context: &mut Context<'_>,
        local: SocketAddr,
    ) -> Result<Vec<Route>, Error> {
        let routes = self.forward.iter().map(|text| Route::parse(text));
        let routes = routes.collect::<Result<Vec<_>, _>>()?;
        for event in routes.iter().filter_map(|route| route.event.as_ref()) {
            context.packs.find_event(event, context.provider())?;
        }
        let setting =
            || option_sources::configured_value("forward", &context.settings, context.env);
        let is_explicit = context.explicit.contains_key("forward");
        if let Some((_, origin)) = (!is_explicit).then(setting).flatten() {
            for route in &routes {
                context.check_target(&route.target, &origin, self.allow_remote)?;
            }
        }
        if routes.iter().any(|route| leads_to(&route.target, local)) {
            return Err(Error::Option {
                message: "`--forward` leads back to this listener".to_owned(),
                hint: "name the port of the app, such as `--forward :3000/hooks`".to_owned(),
            });
        }
        Ok(routes)
    }
}

/// Returns `true` if the target is the listener itself, under any name of this machine.
fn leads_to(target: &Target, local: SocketAddr) -> bool {
    let port = target.url().port_or_known_default();
    if port != Some(local.port()) {
        return false;
    }
    // The name is resolved only if the port is the same: a lookup may be slow.
    let host = target.url().host_str().unwrap_or_default();
    let addresses = (host.trim_matches(['[', ']']), local.port()).to_socket_addrs();
    target.is_loopback()
        || addresses.into_iter().flatten().any(|address| reaches(address.ip(), local.ip()))
}

/// Returns `true` if a connection to `address` arrives at a socket that is bound to `bound`.
fn reaches(address: IpAddr, bound: IpAddr) -> bool {
    let (address, bound) = (address.to_canonical(), bound.to_canonical());
    // An unspecified address leads to this machine, at the loopback interface.
    let is_loopback = address.is_loopback() || address.is_unspecified();
    if bound.is_unspecified() {
        return is_loopback || is_local(address);
    }
    address == bound || (is_loopback && bound.is_loopback())
}

/// Returns `true` for an address of an interface of this machine: only those can be bound.
fn is_local(address: IpAddr) -> bool {
    UdpSocket::bind((address, 0)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_this_machine_leads_to_its_listener() {
        let is_listener =
            |url: &str, local: &str| leads_to(&Target::parse(url).unwrap(), local.parse().unwrap());
        for name in ["localhost", "127.0.0.1", "[::ffff:127.0.0.1]", "0.0.0.0", "[::1]", "[::]"] {
            for local in ["127.0.0.1:9090", "0.0.0.0:9090", "[::]:9090"] {
                assert!(is_listener(&format!("http://{name}:9090/x"), local), "{name} {local}");
            }
            assert!(!is_listener(&format!("http://{name}:9091/x"), "127.0.0.1:9090"), "{name}");
        }
        assert!(
            is_listener("http://192.0.2.1:9090/", "192.0.2.1:9090"),
            "the address it is bound to"
        );
        assert!(!is_listener("http://192.0.2.1:9090/", "0.0.0.0:9090"), "another machine");
        assert!(!is_listener("http://192.0.2.1:9090/", "127.0.0.1:9090"), "another machine");
    }
}
