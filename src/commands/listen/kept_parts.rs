//! The parts of a request that its event keeps, to be printed later.

use crate::domain::message::{Headers, Message};
use crate::output::printer::Printer;
use bytes::Bytes;

/// The maximum number of bytes of a body that are kept.
const MAX_BODY: usize = 64 * 1024;

/// The maximum number of bytes of any other string that are kept; the printer shows fewer.
const MAX_STRING: usize = 4 * 1024;

/// The parts of a request that are kept to be printed.
///
/// Events may wait for a slow reader of the output, so that only the parts that `-v` asks for are
/// kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KeptParts {
    has_requests: bool,
    has_headers: bool,
    /// The maximum number of bytes of a body.
    max_body: usize,
    /// The maximum number of bytes of any other string or header value.
    pub(super) max_string: usize,
}

impl KeptParts {
    /// Keeps whole requests.
    pub(crate) const ALL: Self = Self {
        has_requests: true,
        has_headers: true,
        max_body: usize::MAX,
        max_string: usize::MAX,
    };

    /// Returns the parts that the printer prints: headers with `-v`, the body as well with `-vv`,
    /// no deliveries with `-q`. JSON output always has deliveries, and neither headers nor bodies.
    pub(crate) fn for_printer(printer: &Printer) -> Self {
        let verbose = printer.verbose();
        let requests = printer.is_json() || !printer.is_quiet();
        let verbose = if printer.is_json() { 0 } else { verbose };
        let body = if verbose > 1 { MAX_BODY } else { 0 };
        Self {
            has_requests: requests,
            has_headers: verbose > 0,
            max_body: body,
            max_string: MAX_STRING,
        }
    }

    /// Returns `true` if deliveries are printed at all.
    pub(super) fn prints_requests(self) -> bool {
        self.has_requests
    }

    /// Returns a copy of a request with the parts that are kept.
    pub(super) fn excerpt(self, message: &Message) -> Message {
        let string = |value: &String| if self.has_requests { value.clone() } else { String::new() };
        Message {
            method: string(&message.method),
            target: string(&message.target),
            http_version: string(&message.http_version),
            headers: if self.has_headers { message.headers.clone() } else { Headers::new() },
            body: self.body_prefix(&message.body),
        }
    }

    /// Returns the beginning of a body. Only a body that fits is shared: the beginning of a larger
    /// one is copied, so that it does not keep the whole body in memory.
    fn body_prefix(self, body: &Bytes) -> Bytes {
        if body.len() <= self.max_body {
            return body.clone();
        }
        Bytes::copy_from_slice(&body[..self.max_body])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_shared_if_it_fits_and_otherwise_its_beginning_is_copied() {
        let shown =
            KeptParts { has_requests: true, has_headers: false, max_body: 4, max_string: 10 };
        for (body, expected, is_shared) in [("abcd", "abcd", true), ("abcde", "abcd", false)] {
            let message = Message::post("/", Headers::new(), body.as_bytes().to_vec());
            let excerpt = shown.excerpt(&message);
            assert_eq!(excerpt.body, expected);
            let received = message.body.as_ptr_range();
            assert_eq!(received.contains(&excerpt.body.as_ptr()), is_shared, "{body}");
        }
        let message = Message::post("/", Headers::new(), vec![b'x'; 1 << 20]);
        let nothing = KeptParts { has_requests: false, max_body: 0, ..shown }.excerpt(&message);
        assert_eq!(nothing.size_in_memory(), size_of::<Message>());
    }
}
