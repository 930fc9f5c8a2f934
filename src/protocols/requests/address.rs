//! Conversion between the URL of a request and its host and target.

use crate::domain::message::Message;
use crate::domain::target::DEFAULT_TARGET;

/// Splits a URL into the value of `Host` and the path with its query.
///
/// The path is not changed; the fragment, which is never sent, is dropped. A URL without a scheme
/// is a target already.
pub(crate) fn split_url(url: &str) -> (Option<&str>, String) {
    let url = url.split_once('#').map_or(url, |(url, _)| url);
    let Some((scheme, rest)) = url.split_once("://") else {
        return (None, if url.is_empty() { "/".to_owned() } else { url.to_owned() });
    };
    if scheme.is_empty() || !scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return (None, url.to_owned());
    }
    let (authority, target) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let target = if target.starts_with('/') { target.to_owned() } else { format!("/{target}") };
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    (Some(host).filter(|host| !host.is_empty()), target)
}

/// Adds the host of the URL before the other headers, if they have no `Host`.
pub fn add_host(message: &mut Message, host: Option<&str>) {
    if let Some(host) = host.filter(|_| !message.headers.contains("Host")) {
        let headers = std::mem::take(&mut message.headers);
        message.headers.push("Host", host);
        headers.iter().for_each(|(name, value)| message.headers.push(name, value));
    }
}

/// Returns the host of a request, or that of `leadhook listen` by default.
#[must_use]
pub fn host(message: &Message) -> &str {
    let is_valid = |host: &&str| {
        let allowed =
            |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=:[]".contains(&byte);
        !host.is_empty() && host.bytes().all(allowed)
    };
    let default = || split_url(DEFAULT_TARGET).0.unwrap_or_default();
    message.headers.get_str("Host").filter(is_valid).unwrap_or_else(default)
}

/// Returns the URL that a request was sent to, as far as the request itself contains it.
///
/// If the target is not a path, it is the URL of the host.
#[must_use]
pub fn url(message: &Message) -> String {
    let path = if message.target.starts_with('/') { message.target.as_str() } else { "/" };
    format!("http://{}{path}", host(message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::message::Headers;

    #[test]
    fn a_split_url_keeps_every_byte_of_its_path() {
        for (url, host, target) in [
            ("https://example.com/a/../b?c=%zz#d", Some("example.com"), "/a/../b?c=%zz"),
            ("http://u:p@example.com:81", Some("example.com:81"), "/"),
            ("http://example.com?a=/", Some("example.com"), "/?a=/"),
            ("http:///x", None, "/x"),
            ("/x?u=http://example.com/", None, "/x?u=http://example.com/"),
            ("", None, "/"),
            ("*", None, "*"),
        ] {
            assert_eq!(split_url(url), (host, target.to_owned()), "{url}");
        }
    }

    #[test]
    fn a_url_is_built_from_the_host_and_the_target() {
        for (host, target, url) in [
            ("example.com:81", "/a?b", "http://example.com:81/a?b"),
            ("example.com", "*", "http://example.com/"),
            ("a b", "/", "http://127.0.0.1:9090/"),
            ("", "/", "http://127.0.0.1:9090/"),
        ] {
            let headers = Headers::from_iter([("host", host)]);
            assert_eq!(super::url(&Message::post(target, headers, "")), url, "{host} {target}");
        }
    }
}
