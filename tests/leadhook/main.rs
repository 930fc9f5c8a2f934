//! The integration tests: one binary, sealed runs of `leadhook`, loopback and port 0 only.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails, and a skipped one says so")]

mod demo;
mod listen;
mod practice;
mod receivers;
mod support;
mod wire;
