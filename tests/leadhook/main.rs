//! The integration tests: one binary, sealed runs of `leadhook`, loopback and port 0 only.
#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "a test that cannot go on fails, and a skipped one says so")]
#![expect(unreachable_pub, reason = "a test binary exports nothing: `pub` says what other modules use")]

mod connect;
mod guards;
mod hostile;
mod known_answers;
mod properties;
mod readme;
mod send;
mod sign;
mod simulate;
mod support;
mod usage;
mod verify;
