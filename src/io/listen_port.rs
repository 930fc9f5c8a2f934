//! The state of a port that a listener would use.

use crate::io::port_owner::port_owner;
use std::io;
use std::net::{SocketAddr, TcpListener};

/// The state of a port.
#[derive(Debug)]
#[non_exhaustive]
pub enum PortState {
    /// A listener can use it.
    Free,
    /// Another socket listens on it.
    InUse {
        /// The process that owns the socket, if it is known.
        owner: Option<String>,
    },
    /// The system does not allow a listener there.
    Unavailable(io::Error),
}

/// Returns the state of a port, by listening on it for a moment.
#[must_use]
pub fn port_state(address: SocketAddr) -> PortState {
    match TcpListener::bind(address) {
        Ok(_) => PortState::Free,
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            PortState::InUse { owner: port_owner(address.port()) }
        }
        Err(error) => PortState::Unavailable(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_in_use_while_a_socket_listens_on_it() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let PortState::InUse { owner } = port_state(address) else { panic!("it is in use") };
        if cfg!(target_os = "linux") {
            assert!(owner.unwrap().contains(&std::process::id().to_string()));
        }
        let unavailable = port_state("192.0.2.1:9090".parse().unwrap());
        assert!(matches!(unavailable, PortState::Unavailable(_)), "not an address of this machine");
    }
}
