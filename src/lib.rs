//! Send, sign, verify and receive lead-delivery webhooks, offline.
//!
//! The binary is a thin shell over `run`. The library is for the Rust tests of a
//! webhook receiver: it generates the requests that a provider sends, verifies which of them the receiver must
//! accept, and explains why a signature does not verify.
//!
//! A [`Pack`] describes one provider: its events, its signature, its schemas. An [`Event`] names an
//! event and its time. From both follow the request and the verdict:
//!
//! ```
//! use leadhook::{Event, Pack, Secret, Timestamp, explain, sample, sign, verify};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let pack = Pack::builtin("realgeeks")?;
//! let secret = Secret::new("s3cret")?;
//! let now: Timestamp = "2026-01-02T03:04:05Z".parse()?;
//!
//! // A request as Real Geeks sends it. Seed 7 is one generated lead, the same in every run.
//! let created = Event::new("created", now).seed(7);
//! let body = sample(&pack, &created)?;
//! let request = sign(&pack, &secret, &created, body)?;
//! assert!(request.headers.contains("X-Lead-Router-Signature"));
//!
//! // Hand `request.headers` and `request.body` to the receiver; it has to accept what is valid.
//! assert!(verify(&pack, &secret, &request, now).valid);
//!
//! // A forgery, and the reason why its signature does not verify.
//! let forged = sign(&pack, &Secret::new("guess")?, &created, request.body.clone())?;
//! assert!(!verify(&pack, &secret, &forged, now).valid);
//! for reason in explain(&pack, &secret, &forged, now) {
//!     println!("{}: {} fix: {:?}", reason.code, reason.message, reason.fix);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Nothing here opens a file or a socket, or reads the clock: [`Timestamp`] and the seed are
//! arguments, so that a test gets the same bytes in every run. A request that was received becomes
//! a [`Message`] with [`Message::post`]; [`Headers`] are collected from names and values. [`Judge`]
//! verifies for several providers or secrets. [`Pack::read`] reads a pack of your own.
//!
//! The default feature `cli` adds the command line, and `leadhook::testing`: a listener and a
//! sender over real sockets, in the process of the test. To avoid its dependencies:
//!
//! ```toml
//! [dev-dependencies]
//! leadhook = { path = "../leadhook", default-features = false }
//! ```
//!
//! The interface of the library consists of the exports at the root and in `testing`. The other
//! modules are public for the tests and benchmarks of the project, and change without notice.
//!
//! ```text
//! main.rs ─▶ lib.rs::run ─▶ cli/                     arguments, environment, configuration
//!                              ▼
//!                           commands/ ─▶ output/     text, colour, JSON
//!                              │  └────▶ io/         files, sockets, clock, environment
//!                              ▼
//!                           engine/                  explain, generate, simulate, conformance
//!                              ▼
//!                           protocols/               bytes to values and back
//!                              ▼
//!                           domain/  ◀── providers/  types            packs as data
//! ```

mod api;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cli")]
pub mod commands;
pub mod domain;
pub mod engine;
#[cfg(feature = "cli")]
pub mod error;
#[cfg(feature = "cli")]
pub mod io;
#[cfg(feature = "cli")]
pub mod output;
pub mod protocols;
pub mod providers;
#[cfg(feature = "cli")]
pub mod testing;

pub use api::{Event, EventError, explain, sample, sign, verify};
pub use bytes::Bytes;
pub use domain::finding::{Finding, Severity};
pub use domain::message::{Headers, Message};
pub use domain::secret::{Keyring, Secret, SecretError};
pub use domain::verdict::{
    Explanation, PayloadStatus, PayloadVerdict, SignatureStatus, SignatureVerdict, Verdict,
};
pub use engine::judge::{Judge, Judgement, PayloadScope, Strictness};
pub use jiff::Timestamp;
pub use providers::Packs;
pub use providers::pack::Pack;

#[cfg(feature = "cli")]
pub use cli::run;
#[cfg(feature = "cli")]
pub use error::Exit;
#[cfg(feature = "cli")]
pub use io::environment::Environment;

/// Tests the examples of the page about Rust tests.
#[cfg(all(doctest, feature = "cli"))]
#[doc = include_str!("../docs/book/src/rust-tests.md")]
mod rust_tests_page {}
