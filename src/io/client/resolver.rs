//! Host name resolution by the system, without link-local addresses.

use crate::domain::target::is_link_local;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::SocketAddr;
use std::{fmt, io};

/// Resolves host names for reqwest, and marks failures as [`DnsError`].
pub(super) struct SystemResolver;

/// A host name without a usable address.
#[derive(Debug)]
pub(super) struct DnsError(io::Error);

impl fmt::Display for DnsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl std::error::Error for DnsError {}

impl Resolve for SystemResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = resolve(name.as_str(), 0).await?;
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// Returns the addresses of a host name, of which there is at least one.
pub(super) async fn resolve(host: &str, port: u16) -> Result<Vec<SocketAddr>, DnsError> {
    let found: Vec<_> = tokio::net::lookup_host((host, port)).await.map_err(DnsError)?.collect();
    // Any host name can resolve to a metadata service.
    if found.iter().any(|address| is_link_local(address.ip())) {
        return Err(DnsError(io::Error::other("one of its addresses is link-local")));
    }
    if found.is_empty() {
        return Err(DnsError(io::Error::other("no address found")));
    }
    Ok(found)
}
