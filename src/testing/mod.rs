//! Test doubles over real sockets: a webhook listener and a webhook sender.
//!
//! [`Sender`] tests a receiver: it sends an event as the provider does, and returns the outcome for
//! the provider. [`Listener`] tests a sender, or replaces a receiver: it verifies and validates
//! deliveries and hands them to the test.
//!
//! ```
//! use leadhook::testing::{Listener, Outcome, Sender};
//! use leadhook::{Event, Pack, Secret, Timestamp};
//! use std::time::Duration;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let pack = Pack::builtin("realgeeks")?;
//! let secret = Secret::new("s3cret")?;
//! let created = Event::new("created", Timestamp::UNIX_EPOCH).seed(7);
//!
//! let listener = Listener::start(&pack, &secret)?;
//! let sent = Sender::new(&pack, &secret).send(listener.url(), &created)?;
//! assert_eq!(sent.outcome, Outcome::Delivered);
//!
//! let delivery = listener.next(Duration::from_secs(5)).expect("a delivery");
//! assert!(delivery.verdict.valid);
//! assert_eq!(delivery.message.body, sent.message.body);
//! # Ok(())
//! # }
//! ```
//!
//! Both need no configuration, and the listener binds a free port of the loopback interface. Their
//! methods block the calling thread. In an async test, send to your own server with
//! `tokio::task::spawn_blocking`: on a single-threaded runtime it could not respond meanwhile.

mod blocking;
mod listener;
mod sender;

pub use crate::commands::listen::ReceivedDelivery;
pub use crate::domain::delivery::Outcome;
pub use crate::domain::message::Response;
pub use crate::domain::parse_error::ParseValueError;
pub use crate::domain::status::ResponseScript;
pub use listener::{Listener, ListenerBuilder, StartError};
pub use sender::{SendError, Sender, SentDelivery};
