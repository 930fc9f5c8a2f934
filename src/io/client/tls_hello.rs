//! The question whether a port expects TLS: the first message of a TLS handshake, and the response.

use super::reach::connect;
use crate::domain::target::Target;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

/// The maximum time for the response.
const TIMEOUT: Duration = Duration::from_secs(1);

/// Returns `true` if the target responds to the first message of a handshake with one of TLS.
pub(super) async fn is_answered(target: &Target, instead: Option<SocketAddr>) -> bool {
    let Some(hello) = hello(target) else { return false };
    let ask = async {
        let mut stream = connect(target, instead).await.ok()?;
        stream.write_all(&hello).await.ok()?;
        let mut record = [0; 2];
        stream.read_exact(&mut record).await.ok()?;
        Some(record)
    };
    // A handshake message or an alert, of any version.
    matches!(timeout(TIMEOUT, ask).await, Ok(Some([0x15 | 0x16, 0x03])))
}

/// Returns the first message of a handshake. No certificate is trusted: it goes no further.
fn hello(target: &Target) -> Option<Vec<u8>> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .ok()?
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    let host = target.url().host_str()?.trim_matches(['[', ']']).to_owned();
    let name = ServerName::try_from(host).ok()?;
    let mut connection = ClientConnection::new(Arc::new(config), name).ok()?;
    let mut hello = Vec::new();
    connection.write_tls(&mut hello).ok()?;
    Some(hello)
}
