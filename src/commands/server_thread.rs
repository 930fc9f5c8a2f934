//! Threads that serve HTTP until they are told to stop.

use crate::error::Error;
use crate::io::error::Error as IoError;
use std::io;
use std::thread::{Builder, JoinHandle};

/// Starts a server thread. Fails if the system cannot create one.
pub(super) fn spawn_server(
    name: &str,
    serve: impl FnOnce() -> Result<(), IoError> + Send + 'static,
) -> Result<JoinHandle<Result<(), IoError>>, IoError> {
    Builder::new().name(name.to_owned()).spawn(serve).map_err(IoError::Serve)
}

/// Waits for a server thread and returns its result.
pub(super) fn join_server(server: JoinHandle<Result<(), IoError>>) -> Result<(), Error> {
    let panicked = |_| Err(IoError::Serve(io::Error::other("the server thread panicked")));
    Ok(server.join().unwrap_or_else(panicked)?)
}
