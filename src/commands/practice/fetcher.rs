//! Fetches what accepted deliveries name, as a receiver does that needs the lead.

use crate::domain::message::Message;
use crate::domain::target::Target;
use crate::error::Error;
use crate::io::client::{Client, ConnectOptions};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::Builder;
use std::time::Duration;

/// The maximum number of fetches that wait; further ones are left out.
const MAX_WAITING: usize = 1000;

/// The maximum time of one fetch.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Fetches resources one after the other, on a thread of its own.
#[derive(Debug)]
pub(super) struct Fetcher {
    paths: SyncSender<String>,
}

impl Fetcher {
    /// Starts the thread, which fetches from the host of `address`.
    pub(super) fn new(address: &str) -> Result<Self, Error> {
        let target = Target::parse(address)?;
        if !target.is_loopback() {
            return Err(Error::Option {
                message: format!("`{target}` is not this machine"),
                hint: "the practice receiver fetches from `leadhook check --fetch ADDR` or \
                       `listen --fetch ADDR`"
                    .to_owned(),
            });
        }
        let (paths, waiting) = sync_channel::<String>(MAX_WAITING);
        let fetch_all = move || {
            for path in waiting {
                let options = ConnectOptions { timeout: Some(TIMEOUT), ..Default::default() };
                let message = Message { target: path.clone(), ..Message::get() };
                // A fetch that fails has no effect, as in a receiver that gives up.
                if let Ok(client) = Client::new(&target.with_path(&path), &options, &message) {
                    let _ = client.send(&message);
                }
            }
        };
        // Not joined: it ends when this value is dropped, after the current fetch.
        let thread = Builder::new().name("fetcher".to_owned()).spawn(fetch_all);
        thread.map_err(crate::io::error::Error::Serve)?;
        Ok(Self { paths })
    }

    /// Fetches these paths, soon.
    pub(super) fn fetch(&self, paths: &[String]) {
        for path in paths {
            // A full queue means that the server does not respond.
            let _ = self.paths.try_send(path.clone());
        }
    }
}
