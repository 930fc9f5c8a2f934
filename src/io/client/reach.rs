//! Connections to a target: the addresses to try, in order, and the reason if none accepts.

use super::no_response::{CONNECT_TIMEOUT, Failure, NoResponseKind};
use super::resolver::resolve;
use crate::domain::target::{Target, is_link_local};
use crate::io::error::Error;
use std::io;
use std::net::{IpAddr, SocketAddr, TcpStream as StdTcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio::runtime::Builder;
use tokio::time::timeout;
use url::Host;

/// The interval between the attempts of [`wait_until_up`].
const WAIT_INTERVAL: Duration = Duration::from_millis(50);

/// The maximum time to look for the app on the other loopback address.
const OTHER_LOOPBACK_TIMEOUT: Duration = Duration::from_millis(500);

/// Connects to the first address of the target that accepts, or to `instead` of them.
pub(super) async fn connect(
    target: &Target,
    instead: Option<SocketAddr>,
) -> Result<TcpStream, Failure> {
    let addresses = match instead {
        Some(address) => vec![address],
        None => async_addresses(target).await?,
    };
    if addresses.iter().any(|address| is_link_local(address.ip())) {
        return Err((NoResponseKind::Dns, "the address is link-local".to_owned()));
    }
    let end = Instant::now() + CONNECT_TIMEOUT;
    let mut failed: Option<(SocketAddr, io::Error)> = None;
    for (index, address) in addresses.iter().enumerate() {
        // One address that does not respond must leave time for the others.
        let left = end.saturating_duration_since(Instant::now());
        let share = left / u32::try_from(addresses.len() - index).unwrap_or(u32::MAX);
        let error = match timeout(share, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                // Without it, a small request may wait for an acknowledgement. A socket that does
                // not support it can be used all the same.
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Ok(Err(error)) => error,
            Err(_) => io::Error::from(io::ErrorKind::TimedOut),
        };
        // A refusal says more than the lack of a route to another address.
        let is_refusal = error.kind() == io::ErrorKind::ConnectionRefused;
        let has_refusal =
            |(_, known): &(SocketAddr, io::Error)| known.kind() == io::ErrorKind::ConnectionRefused;
        if failed.is_none() || (is_refusal && !failed.as_ref().is_some_and(has_refusal)) {
            failed = Some((*address, error));
        }
    }
    Err(match failed {
        Some((address, error)) => describe(address, &error),
        None => (NoResponseKind::Dns, "the host name has no address".to_owned()),
    })
}

/// Returns the addresses of a target, the preferred one first.
async fn async_addresses(target: &Target) -> Result<Vec<SocketAddr>, Failure> {
    let port = target.url().port_or_known_default().unwrap_or(80);
    let ip = |address: IpAddr| {
        let first = SocketAddr::from((address, port));
        [first].into_iter().chain(target.second_address()).collect()
    };
    match target.url().host() {
        Some(Host::Ipv4(address)) => Ok(ip(address.into())),
        Some(Host::Ipv6(address)) => Ok(ip(address.into())),
        Some(Host::Domain(name)) => resolve(name, port).await.map_err(|error| {
            (NoResponseKind::Dns, format!("the host name has no usable address: {error}"))
        }),
        None => Err((NoResponseKind::Dns, "the target has no host".to_owned())),
    }
}

fn describe(address: SocketAddr, error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => {
            (NoResponseKind::Refused, "connection refused".to_owned())
        }
        io::ErrorKind::TimedOut => {
            let limit = humantime::format_duration(CONNECT_TIMEOUT);
            (NoResponseKind::Refused, format!("no connection within {limit}"))
        }
        _ if address.is_ipv6() => {
            (NoResponseKind::Broken, format!("cannot connect to {address} over IPv6: {error}"))
        }
        _ => (NoResponseKind::Broken, format!("cannot connect to {address}: {error}")),
    }
}

/// Returns what a refused connection means, if the app accepts connections on the loopback address
/// of the other IP version.
pub(super) async fn explain_refusal(target: &Target) -> Option<Failure> {
    let other = target.other_loopback().filter(|_| target.second_address().is_none())?;
    let connected = timeout(OTHER_LOOPBACK_TIMEOUT, TcpStream::connect(other)).await;
    connected.ok()?.ok()?;
    let version = if other.is_ipv6() { "IPv6" } else { "IPv4" };
    let reason = format!("connection refused: the app accepts {version} only, on {other}");
    Some((NoResponseKind::OtherLoopback, reason))
}

/// Returns `true` if the target accepts a connection before the timeout.
///
/// Must be awaited on the runtime of the listener.
pub async fn is_up(target: &Target, limit: Duration) -> bool {
    timeout(limit, connect(target, None)).await.is_ok_and(|connected| connected.is_ok())
}

/// Connects to a target once, and sends nothing. Returns the reason if it accepts no connection
/// before the timeout.
pub fn try_connect(target: &Target, limit: Duration) -> Result<(), String> {
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("no connection can be opened: {error}"))?;
    let connected = runtime.block_on(async {
        match timeout(limit, connect(target, None)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err((NoResponseKind::Refused, reason))) => {
                Err(explain_refusal(target).await.map_or(reason, |(_, reason)| reason))
            }
            Ok(Err((_, reason))) => Err(reason),
            Err(_) => Err(format!("no connection within {}", humantime::format_duration(limit))),
        }
    });
    // The resolver of the system may still be waiting for a name server.
    runtime.shutdown_background();
    connected
}

/// Returns the addresses of a target, or the address to connect to instead.
pub(in crate::io) fn addresses(target: &Target, connect: Option<SocketAddr>) -> Vec<SocketAddr> {
    if let Some(address) = connect {
        return vec![address];
    }
    let host = target.url().host_str().unwrap_or_default().trim_matches(['[', ']']);
    let port = target.url().port_or_known_default().unwrap_or(80);
    let found = (host, port).to_socket_addrs().into_iter().flatten();
    found.chain(target.second_address()).collect()
}

/// Waits up to `limit` until the target accepts a connection.
pub fn wait_until_up(
    target: &Target,
    connect: Option<SocketAddr>,
    limit: Duration,
) -> Result<(), Error> {
    let start = Instant::now();
    loop {
        let left = limit.saturating_sub(start.elapsed());
        let accepts = |address: SocketAddr| {
            !is_link_local(address.ip())
                && StdTcpStream::connect_timeout(&address, left.max(WAIT_INTERVAL)).is_ok()
        };
        if addresses(target, connect).into_iter().any(accepts) {
            return Ok(());
        }
        if left.is_zero() {
            return Err(Error::NotUp { url: target.to_string(), waited: limit });
        }
        std::thread::sleep(WAIT_INTERVAL.min(left));
    }
}
