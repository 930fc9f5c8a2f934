//! The servers of a run of `listen`: that of the deliveries, and that of `--admin`.

use crate::commands::listen::admin::AdminHandler;
use crate::commands::listen::respond_control::RespondControl;
use crate::commands::listen::service::WebhookService;
use crate::commands::server_thread::{join_server, spawn_server};
use crate::error::Error;
use crate::io::error::Error as IoError;
use crate::io::listener::{HttpListener, StopSignal};
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;

/// The running servers.
#[derive(Debug)]
pub(super) struct Servers {
    address: SocketAddr,
    admin_address: Option<SocketAddr>,
    stop: StopSignal,
    deliveries: JoinHandle<Result<(), IoError>>,
    admin: Option<JoinHandle<Result<(), IoError>>>,
    /// The URL of the server of `--fetch`, if there is one.
    pub(super) fetch_url: Option<String>,
}

impl Servers {
    /// Starts a thread for each server.
    pub(super) fn start(
        listener: HttpListener,
        admin: Option<HttpListener>,
        service: &Arc<WebhookService>,
        respond_control: RespondControl,
    ) -> Result<Self, Error> {
        let stop = StopSignal::new();
        let address = listener.local_addr();
        let admin_address = admin.as_ref().map(HttpListener::local_addr);
        let (handler, signal) = (Arc::clone(service), stop.clone());
        let deliveries = spawn_server("listener", move || listener.serve(handler, signal))?;
        let admin = admin.map(|admin| {
            let (service, signal) = (Arc::clone(service), stop.clone());
            let handler = Arc::new(AdminHandler { service, respond_control });
            spawn_server("admin", move || admin.serve(handler, signal))
        });
        let admin = admin.transpose()?;
        Ok(Self { address, admin_address, stop, deliveries, admin, fetch_url: None })
    }

    /// Returns the address that receives deliveries.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the URL that receives deliveries.
    pub(super) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Returns the URL of the admin endpoints, if they have a separate port.
    pub(super) fn admin_url(&self) -> Option<String> {
        self.admin_address.map(|address| format!("http://{address}/"))
    }

    /// Returns `true` if no delivery can arrive any more.
    pub(super) fn is_finished(&self) -> bool {
        self.deliveries.is_finished()
    }

    /// Finishes the requests in flight and stops. Returns the error of a server that failed.
    pub(super) fn stop(self) -> Result<(), Error> {
        self.stop.stop();
        let deliveries = join_server(self.deliveries);
        let admin = self.admin.map_or(Ok(()), join_server);
        deliveries.and(admin)
    }
}
