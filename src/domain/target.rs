//! Endpoint addresses: complete URLs and short forms such as `:3000/hooks`.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use thiserror::Error;
use url::{Host, Url};

/// The default address: `leadhook listen` listens on it, and `send` sends to it.
pub const DEFAULT_TARGET: &str = "http://127.0.0.1:9090/";

/// An endpoint to send to: always `http` or `https`, always with a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    url: Url,
    /// The path and query of [`Target::with_path`] as given. `url` contains them normalised: a URL
    /// has no `/../`, for example.
    exact_path: Option<String>,
    /// `true` if only a port was given, or not even that: the app on this machine may listen on
    /// 127.0.0.1 or on `::1`.
    is_any_loopback: bool,
}

/// An error in an address.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum TargetError {
    /// It has none of the supported forms.
    #[error("`{0}` is not a target: expected `:3000`, `/hooks`, `localhost:3000/hooks` or a URL")]
    Malformed(String),
    /// It names a Unix socket.
    #[error("`{0}` is not a target: Unix sockets are not supported, expected `:3000` or a URL")]
    UnixSocket(String),
    /// Its port is a number outside of the range of ports.
    #[error("`{0}` is not a target: the port must be 1 to 65535")]
    Port(String),
    /// Its scheme is neither `http` nor `https`.
    #[error("cannot send to `{0}`: expected `http` or `https`")]
    Scheme(String),
    /// It has a user name or password, which would end up in logs.
    #[error("the target contains a user name or password: give it as a header instead")]
    Userinfo,
}

impl Target {
    /// Parses `3000`, `:3000`, `:3000/hooks`, `/hooks`, `localhost:3000/hooks` or a complete URL.
    pub fn parse(text: &str) -> Result<Self, TargetError> {
        let invalid = || TargetError::Malformed(text.to_owned());
        if text.starts_with("unix:") {
            return Err(TargetError::UnixSocket(text.to_owned()));
        }
        if is_repaired_silently(text) {
            return Err(invalid());
        }
        let is_any_loopback = text.starts_with(['/', ':']) || begins_with_port(text);
        let expanded = if after_scheme(text).is_some() {
            text.to_owned()
        } else if text.starts_with('/') {
            format!("{}{}", DEFAULT_TARGET.trim_end_matches('/'), text)
        } else if let Some(rest) = text.strip_prefix(':') {
            if !rest.starts_with(|first: char| first.is_ascii_digit()) {
                return Err(invalid());
            }
            format!("http://127.0.0.1:{rest}")
        } else if begins_with_port(text) {
            format!("http://127.0.0.1:{text}")
        } else if text.contains([':', '.', '/']) || text == "localhost" {
            format!("http://{text}")
        } else {
            return Err(invalid());
        };
        let url = Url::parse(&expanded).map_err(|error| match error {
            url::ParseError::InvalidPort if has_numeric_port(&expanded) => {
                TargetError::Port(text.to_owned())
            }
            _ => invalid(),
        })?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(TargetError::Scheme(format!("{}:", url.scheme())));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(TargetError::Userinfo);
        }
        if url.port() == Some(0) {
            return Err(TargetError::Port(text.to_owned()));
        }
        if url.host().is_none() {
            return Err(invalid());
        }
        Ok(Self { url, exact_path: None, is_any_loopback })
    }

    /// Returns `true` if `text` looks like a target: given as a secret, it is probably misplaced.
    #[must_use]
    pub fn looks_like_target(text: &str) -> bool {
        let starts_with_port = |rest: &str| {
            let digits = rest.split('/').next().unwrap_or_default();
            !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
        };
        text.starts_with("http://")
            || text.starts_with("https://")
            || text.strip_prefix(':').is_some_and(starts_with_port)
            || text.strip_prefix("localhost:").is_some_and(starts_with_port)
    }

    /// Returns the complete URL.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Returns the path and the query, as in a request line.
    #[must_use]
    pub fn path_and_query(&self) -> String {
        match (&self.exact_path, self.url.query()) {
            (Some(exact), _) => exact.clone(),
            (None, Some(query)) => format!("{}?{query}", self.url.path()),
            (None, None) => self.url.path().to_owned(),
        }
    }

    /// Returns `true` if it has a path other than `/`, or a query.
    #[must_use]
    pub fn has_path(&self) -> bool {
        self.url.path() != "/" || self.url.query().is_some()
    }

    /// Returns the same host with the path and the query of a request line, which begins with `/`.
    ///
    /// They are kept as they are if a request line can contain them and the connection is not
    /// encrypted. Otherwise, characters that are invalid in a URL are percent-encoded, and segments
    /// such as `/../` are resolved: the HTTP client for TLS only sends URLs.
    #[must_use]
    pub fn with_path(&self, path_and_query: &str) -> Self {
        let mut url = self.url.clone();
        let (path, query) = match path_and_query.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (path_and_query, None),
        };
        url.set_path(path);
        url.set_query(query);
        let is_exact = !self.is_tls() && fits_request_line(path_and_query);
        Self { url, exact_path: is_exact.then(|| path_and_query.to_owned()), ..*self }
    }

    /// Returns the same with the path and the query as the URL standard spells them, which is what a
    /// client sends that only takes URLs.
    #[must_use]
    pub fn spelled_as_url(self) -> Self {
        Self { exact_path: None, ..self }
    }

    /// Returns the address for a request that is forwarded here, from the path and the query of its
    /// request line.
    ///
    /// A target without a path keeps both. One with a path replaces the path and keeps the query,
    /// after that of the target if both have one.
    #[must_use]
    pub fn for_request(&self, path_and_query: &str) -> Self {
        if !self.has_path() {
            return self.with_path(path_and_query);
        }
        match path_and_query.split_once('?') {
            None => self.clone(),
            Some((_, query)) => {
                let own = self.path_and_query();
                let separator = if self.url.query().is_some() { '&' } else { '?' };
                self.with_path(&format!("{own}{separator}{query}"))
            }
        }
    }

    /// Returns the same with this path and query, and exactly the same if it has them already.
    #[must_use]
    pub fn at_path(&self, path_and_query: &str) -> Self {
        if path_and_query == self.path_and_query() {
            return self.clone();
        }
        self.with_path(path_and_query)
    }

    /// Returns host and port as in the `Host` header.
    #[must_use]
    pub fn authority(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        self.url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// Returns `true` if it is reached over TLS.
    #[must_use]
    pub fn is_tls(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Returns `true` if the host is this machine, by name or by address.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        match self.url.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        }
    }

    /// Returns the address to try if the app does not accept connections on that of the URL: `::1`
    /// for a target that only names a port of this machine.
    #[must_use]
    pub fn second_address(&self) -> Option<SocketAddr> {
        let port = self.url.port_or_known_default()?;
        self.is_any_loopback.then(|| SocketAddr::from((Ipv6Addr::LOCALHOST, port)))
    }

    /// Returns the loopback address of the other IP version, if the host is a loopback address.
    #[must_use]
    pub fn other_loopback(&self) -> Option<SocketAddr> {
        let port = self.url.port_or_known_default()?;
        match self.url.host() {
            Some(Host::Ipv4(ip)) if ip.is_loopback() => {
                Some(SocketAddr::from((Ipv6Addr::LOCALHOST, port)))
            }
            Some(Host::Ipv6(ip)) if ip.is_loopback() => {
                Some(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
            }
            _ => None,
        }
    }

    /// Returns `true` if the host is a link-local address. A name may still resolve to one:
    /// the resolver has to check [`is_link_local`] again.
    #[must_use]
    pub fn is_link_local(&self) -> bool {
        match self.url.host() {
            Some(Host::Ipv4(ip)) => is_link_local(ip.into()),
            Some(Host::Ipv6(ip)) => is_link_local(ip.into()),
            Some(Host::Domain(_)) | None => false,
        }
    }
}

/// Returns `true` if a target without a host begins with a port: `3000`, `3000/hooks`.
fn begins_with_port(text: &str) -> bool {
    let port = text.split(['/', '?']).next().unwrap_or_default();
    !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns `true` if a path and query can be written into a request line unchanged.
fn fits_request_line(path_and_query: &str) -> bool {
    let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
    // These are the characters that the HTTP library refuses. It also cuts off a fragment.
    let has_any = |text: &str, excluded: &[u8]| {
        text.bytes().any(|byte| byte <= b' ' || byte == 0x7f || excluded.contains(&byte))
    };
    path.starts_with('/') && !has_any(path, b"#<>`") && !has_any(query, b"#<>\"")
}

/// Returns the part of a complete URL after `://`. A query may contain another URL.
fn after_scheme(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once("://")?;
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    (!scheme.is_empty() && scheme.bytes().all(is_allowed)).then_some(rest)
}

/// Returns `true` if the URL parser would accept a typing error and read something else: it skips
/// white space, and reads `http:///hooks` as the host `hooks`. After the prefix `http://`, it would
/// read `http:3000` as the host `http`.
fn is_repaired_silently(text: &str) -> bool {
    let after_scheme = after_scheme(text);
    let (has_scheme, rest) = (after_scheme.is_some(), after_scheme.unwrap_or(text));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let lacks_slashes = text.starts_with("http:") || text.starts_with("https:");
    (lacks_slashes && !has_scheme)
        || text.contains(|c: char| c.is_whitespace() || c.is_control())
        || authority.contains('\\')
        || authority.ends_with(':')
        || (has_scheme && authority.is_empty())
}

/// Returns `true` if the port of a URL is a number, in the range of ports or not.
fn has_numeric_port(url: &str) -> bool {
    let authority = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = authority.split(['/', '?', '#']).next().unwrap_or_default();
    authority.rsplit_once(':').is_some_and(|(_, port)| begins_with_port(port))
}

/// Returns the URL without user name and password.
#[must_use]
pub fn without_userinfo(text: &str) -> String {
    let start = text.find("://").map_or(0, |at| at + "://".len());
    let end = text[start..].find(['/', '?', '#']).map_or(text.len(), |at| start + at);
    match text[start..end].rsplit_once('@') {
        Some((_, host)) => format!("{}…@{host}{}", &text[..start], &text[end..]),
        None => text.to_owned(),
    }
}

/// Returns `true` if an address is link-local: cloud metadata services have such addresses.
#[must_use]
pub fn is_link_local(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(ip) => ip.is_link_local(),
        // AWS has its IPv6 metadata service at this address, outside the link-local range.
        IpAddr::V6(ip) => {
            ip.is_unicast_link_local() || ip == Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.url.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_name_and_password_are_removed_from_any_address() {
        for (text, expected) in [
            ("http://jo:pw@host:1/a@b", "http://…@host:1/a@b"),
            ("jo:pw@host:1", "…@host:1"),
            ("http://u:pw@[bad", "http://…@[bad"),
            (":3000/hooks", ":3000/hooks"),
            ("http://host/?a=b@c", "http://host/?a=b@c"),
        ] {
            assert_eq!(without_userinfo(text), expected, "{text}");
        }
    }

    #[test]
    fn short_forms_are_expanded() {
        for (text, url) in [
            (":3000", "http://127.0.0.1:3000/"),
            (":3000/hooks", "http://127.0.0.1:3000/hooks"),
            ("3000", "http://127.0.0.1:3000/"),
            ("3000/hooks?a=1", "http://127.0.0.1:3000/hooks?a=1"),
            ("1.2.3.4", "http://1.2.3.4/"),
            ("/hooks?a=1", "http://127.0.0.1:9090/hooks?a=1"),
            ("localhost:3000/hooks", "http://localhost:3000/hooks"),
            ("localhost", "http://localhost/"),
            ("app.example.com", "http://app.example.com/"),
            ("https://app.example.com/x", "https://app.example.com/x"),
            ("[::1]:3000", "http://[::1]:3000/"),
            (":3000/in?to=http://x/", "http://127.0.0.1:3000/in?to=http://x/"),
            ("localhost/in?to=http://x", "http://localhost/in?to=http://x"),
        ] {
            assert_eq!(Target::parse(text).unwrap().to_string(), url, "{text}");
        }
    }

    #[test]
    fn an_invalid_target_is_rejected() {
        for text in [
            "",
            ":",
            ":abc",
            "hooks",
            "http://",
            "a b:3000",
            "://x",
            "localhost:3a",
            ":3000 ",
            "http:/hooks",
            "http:3000",
            "http:///hooks",
            "http://?a",
            "localhost:/hooks",
            "http://exa\nmple.com",
            "http:\\\\example.com",
            "http://[::1:3000",
            "::1",
        ] {
            assert!(matches!(Target::parse(text), Err(TargetError::Malformed(_))), "{text}");
        }
        for text in ["unix:/run/app.sock", "unix:app.sock", "unix:///run/app.sock"] {
            assert_eq!(Target::parse(text), Err(TargetError::UnixSocket(text.to_owned())));
        }
        for text in [":99999", ":0", "0", "65536/x", "localhost:70000", "http://[::1]:99999/a:b"] {
            assert_eq!(Target::parse(text), Err(TargetError::Port(text.to_owned())));
        }
        assert!(matches!(Target::parse("ftp://example.com"), Err(TargetError::Scheme(_))));
        assert_eq!(Target::parse("http://u:p@example.com"), Err(TargetError::Userinfo));
    }

    #[test]
    fn a_target_without_a_path_keeps_that_of_the_request_and_any_keeps_the_query() {
        for (target, request, forwarded) in [
            (":3000", "/in?a=1", "/in?a=1"),
            (":3000/", "/a/../b%2f?q='%zz", "/a/../b%2f?q='%zz"),
            (":3000", "/?", "/?"),
            (":3000/hooks", "/in?a=1", "/hooks?a=1"),
            (":3000/hooks", "/in", "/hooks"),
            (":3000/hooks?key=1", "/in", "/hooks?key=1"),
            (":3000/hooks?key=1", "/in?a=1&b", "/hooks?key=1&a=1&b"),
            (":3000?key=1", "/in?a", "/?key=1&a"),
        ] {
            let target = Target::parse(target).unwrap().for_request(request);
            assert_eq!(target.path_and_query(), forwarded, "{target} {request}");
            assert_eq!(target.authority(), "127.0.0.1:3000");
        }
    }

    #[test]
    fn a_path_is_exact_if_a_request_line_can_contain_it_and_without_tls() {
        for (target, path, sent) in [
            ("http://a.test", "/a/../b\"?q='`{}", "/a/../b\"?q='`{}"),
            ("http://a.test", "/a`?q=\"", "/a%60?q=%22"),
            ("http://a.test", "/é", "/é"),
            ("http://a.test", "/a b\r\nc", "/a%20bc"),
            ("http://a.test", "/a/../b#c", "/b%23c"),
            ("https://a.test", "/a/../b?q='", "/b?q=%27"),
        ] {
            let target = Target::parse(target).unwrap().with_path(path);
            assert_eq!(target.path_and_query(), sent, "{target} {path}");
        }
        let exact = Target::parse(":3000").unwrap().with_path("/a/../b?q='");
        assert_eq!(exact.spelled_as_url().path_and_query(), "/b?q=%27");
    }

    #[test]
    fn a_port_means_either_loopback_address() {
        let second = |text: &str| Target::parse(text).unwrap().second_address();
        let ipv6 = SocketAddr::from((Ipv6Addr::LOCALHOST, 3000));
        for text in [":3000", "3000", ":3000/hooks", "3000/hooks"] {
            assert_eq!(second(text), Some(ipv6), "{text}");
        }
        assert_eq!(second("/hooks").map(|address| address.port()), Some(9090));
        assert_eq!(Target::parse(":3000").unwrap().with_path("/x").second_address(), Some(ipv6));
        for text in ["http://127.0.0.1:3000", "localhost:3000", "[::1]:3000"] {
            assert_eq!(second(text), None, "{text}");
        }
    }

    #[test]
    fn a_path_never_leads_to_another_host() {
        let target = Target::parse(":3000").unwrap();
        for (path, url) in [
            ("/hooks?a=1&b=%zz", "http://127.0.0.1:3000/hooks?a=1&b=%zz"),
            ("//example.com/x", "http://127.0.0.1:3000//example.com/x"),
            ("/@example.com", "http://127.0.0.1:3000/@example.com"),
            ("/a#b?c#d", "http://127.0.0.1:3000/a%23b?c%23d"),
            ("/?", "http://127.0.0.1:3000/?"),
        ] {
            assert_eq!(target.with_path(path).to_string(), url, "{path}");
        }
        for (text, has_path) in
            [(":3000", false), (":3000/", false), (":3000/hooks", true), (":3000/?a", true)]
        {
            assert_eq!(Target::parse(text).unwrap().has_path(), has_path, "{text}");
        }
    }

    #[test]
    fn a_link_local_address_is_detected_in_every_notation() {
        for host in [
            "169.254.169.254",
            "[::ffff:169.254.169.254]",
            "[fe80::1]",
            "[fd00:ec2::254]",
            "2852039166",
        ] {
            assert!(Target::parse(&format!("http://{host}/")).unwrap().is_link_local(), "{host}");
        }
        for host in ["127.0.0.1", "10.0.0.1", "[::1]", "example.com"] {
            assert!(!Target::parse(&format!("http://{host}/")).unwrap().is_link_local(), "{host}");
        }
    }

    #[test]
    fn a_target_given_as_a_secret_is_detected() {
        for text in ["http://x", "https://x", ":3000", ":3000/hooks", "localhost:3000"] {
            assert!(Target::looks_like_target(text), "{text}");
        }
        for text in ["s3cret", ":", ":a", "localhost", "12345"] {
            assert!(!Target::looks_like_target(text), "{text}");
        }
    }
}
