//! The integration tests: one binary, sealed runs of `leadhook`, loopback and port 0 only.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that cannot go on fails, and a skipped one says so"
)]
#![expect(
    unreachable_pub,
    reason = "what the modules share is public to them, and nobody links this"
)]

mod demo;
mod listen;
mod practice;
mod receivers;
mod support;
mod wire;
