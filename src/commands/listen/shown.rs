//! How much of a delivery is kept until it is shown.

use crate::output::printer::Printer;

/// How much of a body is kept to be shown.
const SHOWN_BODY: usize = 64 * 1024;

/// How much of any other string waits to be shown; the printer shows less.
const LONGEST_TEXT: usize = 4 * 1024;

/// What of a request is kept to be shown: lines may wait for a slow reader, so as little as
/// was asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown {
    requests: bool,
    pub(super) headers: bool,
    /// The maximum number of bytes of a body.
    pub(super) body: usize,
    /// The maximum number of bytes of any other string or header value.
    pub(super) text: usize,
}

impl Shown {
    /// Keeps whole requests, for a reader that keeps up.
    pub(crate) const WHOLE: Self =
        Self { requests: true, headers: true, body: usize::MAX, text: usize::MAX };

    /// `-v` asks for the headers, `-vv` for the body as well, `-q` for no deliveries at all; JSON
    /// has deliveries in any case, and neither headers nor bodies.
    pub(crate) fn of(printer: &Printer) -> Self {
        let verbose = printer.verbose();
        let requests = printer.is_json() || !printer.is_quiet();
        let verbose = if printer.is_json() { 0 } else { verbose };
        let body = if verbose > 1 { SHOWN_BODY } else { 0 };
        Self { requests, headers: verbose > 0, body, text: LONGEST_TEXT }
    }

    /// Whether deliveries are shown at all.
    pub(super) fn requests(self) -> bool {
        self.requests
    }
}
