//! HTTP requests and responses, byte for byte.

use bytes::Bytes;
use std::fmt;

/// Headers in wire order, with their case and their repetitions.
///
/// Names are ASCII tokens; values are bytes, because a CDN may send Latin-1 or
/// UTF-8 there (RFC 9110, section 5.5).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, Vec<u8>)>);

impl Headers {
    /// Creates an empty list.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a header after those already there.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<Vec<u8>>) {
        self.0.push((name.into(), value.into()));
    }

    /// Removes every header called `name`, in any case.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
    }

    /// Replaces the value of the first header called `name`, in any case.
    pub fn replace(&mut self, name: &str, value: impl Into<Vec<u8>>) {
        if let Some((_, old)) =
            self.0.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name))
        {
            *old = value.into();
        }
    }

    /// Returns the first value of `name`, in any case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.get_all(name).next()
    }

    /// Returns the first value of `name` if it is UTF-8.
    #[must_use]
    pub fn get_str(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(|value| std::str::from_utf8(value).ok())
    }

    /// Returns every value of `name`, in any case, in wire order.
    pub fn get_all<'a, 'n>(
        &'a self,
        name: &'n str,
    ) -> impl Iterator<Item = &'a [u8]> + use<'a, 'n> {
        self.iter()
            .filter(move |(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// Returns `true` if there is a header called `name`, in any case.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Returns names and values in wire order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_slice()))
    }

    /// Returns the number of header lines.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns `true` if there is no header.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Truncates every value to at most `max` bytes and frees the rest.
    pub fn truncate_values(&mut self, max: usize) {
        for (_, value) in self.0.iter_mut().filter(|(_, value)| value.len() > max) {
            value.truncate(max);
            value.shrink_to_fit();
        }
    }

    /// Returns the number of bytes that the headers take in memory.
    #[must_use]
    pub fn size_in_memory(&self) -> usize {
        let heap = |(name, value): &(String, Vec<u8>)| name.capacity() + value.capacity();
        let entries = self.0.capacity() * size_of::<(String, Vec<u8>)>();
        entries + self.0.iter().map(heap).sum::<usize>()
    }

    /// Returns the size of the header block in HTTP/1.1, without the request line.
    #[must_use]
    pub fn wire_size(&self) -> usize {
        self.iter().map(|(name, value)| name.len() + value.len() + 4).sum()
    }
}

impl<N: Into<String>, V: Into<Vec<u8>>> FromIterator<(N, V)> for Headers {
    fn from_iter<T: IntoIterator<Item = (N, V)>>(pairs: T) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

/// A request, byte for byte, without the framing of its body.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// The method, `POST` for every delivery.
    pub method: String,
    /// The request target as written: a path with its query.
    pub target: String,
    /// `HTTP/1.0` or `HTTP/1.1`.
    pub http_version: String,
    /// Headers in wire order.
    pub headers: Headers,
    /// The body after transfer decoding and before content decoding. A clone shares its bytes.
    pub body: Bytes,
}

impl Message {
    /// Creates a `GET` request without headers and body.
    #[must_use]
    pub fn get() -> Self {
        Self { method: "GET".to_owned(), ..Self::post("/", Headers::new(), Bytes::new()) }
    }

    /// Creates a `POST` of `body` to `target`.
    #[must_use]
    pub fn post(target: impl Into<String>, headers: Headers, body: impl Into<Bytes>) -> Self {
        Self {
            method: "POST".to_owned(),
            target: target.into(),
            http_version: "HTTP/1.1".to_owned(),
            headers,
            body: body.into(),
        }
    }
}

impl Message {
    /// Returns the number of bytes that it takes in memory.
    #[must_use]
    pub fn size_in_memory(&self) -> usize {
        let line = self.method.capacity() + self.target.capacity() + self.http_version.capacity();
        size_of::<Self>() + line + self.headers.size_in_memory() + self.body.len()
    }
}

/// Shows sizes, not contents: a body holds personal data, and `Authorization` a token.
impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("method", &self.method)
            .field("target", &self.target)
            .field("headers", &self.headers.len())
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish_non_exhaustive()
    }
}

/// A response, with the body up to a limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Headers in wire order.
    pub headers: Headers,
    /// The body, or its beginning.
    pub body: Vec<u8>,
    /// `true` if the body was longer than the limit.
    pub truncated: bool,
}

impl Response {
    /// Creates a response of plain text.
    #[must_use]
    pub fn text(status: u16, body: impl Into<String>) -> Self {
        let headers = Headers::from_iter([("Content-Type", "text/plain; charset=utf-8")]);
        Self { status, headers, body: body.into().into_bytes(), truncated: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_keep_order_case_and_repetitions() {
        let headers = Headers::from_iter([("B", "1"), ("a", "2"), ("b", "3")]);
        let names: Vec<_> = headers.iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["B", "a", "b"]);
        assert_eq!(headers.get_all("B").collect::<Vec<_>>(), [b"1", b"3"]);
        assert_eq!(headers.get("A"), Some(b"2".as_slice()));
    }

    #[test]
    fn debug_shows_no_personal_data() {
        let headers = Headers::from_iter([("Authorization", "token")]);
        let shown = format!("{:?}", Message::post("/", headers, "jack@example.com"));
        assert!(!shown.contains("token") && !shown.contains("jack"), "{shown}");
    }
}
