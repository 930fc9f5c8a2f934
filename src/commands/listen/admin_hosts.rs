//! The `Host` names under which the admin endpoints respond, against DNS rebinding.

use crate::domain::message::Message;
use std::net::{Ipv4Addr, Ipv6Addr};

/// The host names under which the admin endpoints respond, besides `localhost` and IP addresses.
///
/// A web page can reach this machine through its own host name (DNS rebinding). It cannot do so
/// through an address, so that only names need to be checked.
#[derive(Debug, Default)]
pub(super) struct AdminHosts(Vec<String>);

impl AdminHosts {
    /// Creates the hosts from additional names, without ports.
    pub(super) fn new(names: Vec<String>) -> Self {
        Self(names)
    }

    /// Returns `true` if the request names a known host. HTTP/1.0 needs none, and no browser uses
    /// it.
    pub(super) fn allow(&self, message: &Message) -> bool {
        let mut hosts = message.headers.get_all("Host").peekable();
        if hosts.peek().is_none() {
            return message.http_version == "HTTP/1.0";
        }
        hosts.all(|host| str::from_utf8(host).is_ok_and(|host| self.allows(without_port(host))))
    }

    fn allows(&self, host: &str) -> bool {
        let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let is_address = match address {
            Some(address) => address.parse::<Ipv6Addr>().is_ok(),
            None => host.parse::<Ipv4Addr>().is_ok(),
        };
        let mut names = self.0.iter().map(String::as_str).chain(["localhost"]);
        is_address || names.any(|name| name.eq_ignore_ascii_case(host))
    }
}

/// Returns a host without its port.
fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        Some(_) | None => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::message::Headers;

    #[test]
    fn only_known_names_and_addresses_are_allowed() {
        let hosts = AdminHosts::new(vec!["leadhook".to_owned()]);
        for (host, is_allowed) in [
            ("127.0.0.1:9090", true),
            ("127.0.0.1", true),
            ("10.1.2.3:9090", true),
            ("[::1]:9090", true),
            ("[fd00::1]", true),
            ("localhost:9090", true),
            ("LocalHost", true),
            ("leadhook:9090", true),
            ("LEADHOOK", true),
            ("example.com", false),
            ("example.com:9090", false),
            ("leadhook.example.com", false),
            ("localhost.example.com", false),
            ("127.0.0.1.example.com", false),
            ("::1", false),
            ("[leadhook]", false),
            ("127.1", false),
            ("0x7f000001", false),
            ("", false),
        ] {
            let message =
                Message { headers: Headers::from_iter([("Host", host)]), ..Message::get() };
            assert_eq!(hosts.allow(&message), is_allowed, "{host}");
        }
        let two = Headers::from_iter([("Host", "localhost"), ("Host", "example.com")]);
        assert!(!hosts.allow(&Message { headers: two, ..Message::get() }));
        assert!(!hosts.allow(&Message::get()), "HTTP/1.1 must name its host");
        let old = Message { http_version: "HTTP/1.0".to_owned(), ..Message::get() };
        assert!(hosts.allow(&old));
    }
}
