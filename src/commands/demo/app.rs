//! The application of the demo: a practice receiver on a thread of its own.

use crate::commands::context::Context;
use crate::domain::message::Message;
use crate::domain::secret::Secret;
use crate::engine::judge::Judge;
use crate::engine::receiver::{Fault, PracticeReceiver};
use crate::error::Error;
use crate::io::practice::{PracticeReply, PracticeServer};
use jiff::Timestamp;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

/// A running practice receiver.
pub(super) struct PracticeApp {
    port: u16,
    receiver: Arc<Mutex<PracticeReceiver>>,
    stop: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl PracticeApp {
    /// Starts a receiver with a fault, or a correct one, on a free port.
    pub(super) fn start(
        context: &Context<'_>,
        judge: Judge,
        fault: Option<Fault>,
    ) -> Result<Self, Error> {
        let receiver = Arc::new(Mutex::new(PracticeReceiver::new(judge, fault)));
        let server = PracticeServer::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
        let port = server.local_addr().port();
        let stop = Arc::new(AtomicBool::new(false));
        let (flag, env, shared) = (Arc::clone(&stop), context.env.clone(), Arc::clone(&receiver));
        let thread = std::thread::spawn(move || {
            // If the socket fails, the app ends early, and the check reports the failure.
            let is_stopped = || flag.load(Ordering::Relaxed);
            let _ = server.serve(is_stopped, |message| {
                let mut receiver = shared.lock().unwrap_or_else(PoisonError::into_inner);
                PracticeReply::at_once(receiver.handle(message, env.now()).response)
            });
        });
        Ok(Self { port, receiver, stop, thread })
    }

    /// Returns the address as it is typed: `:3000`.
    pub(super) fn address(&self) -> String {
        format!(":{}", self.port)
    }

    /// Returns the signature that the receiver computes for a message.
    pub(super) fn computed_signature(
        &self,
        secret: &Secret,
        message: &Message,
        at: Timestamp,
    ) -> Option<String> {
        let receiver = self.receiver.lock().unwrap_or_else(PoisonError::into_inner);
        receiver.computed_signature(secret, message, at)
    }

    /// Stops the receiver.
    pub(super) fn stop(self) {
        self.stop.store(true, Ordering::Relaxed);
        // A panic of the thread has been reported by the check already.
        let _ = self.thread.join();
    }
}
