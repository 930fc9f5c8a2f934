//! How much a sender may ask of the listener, as options.

use crate::commands::values::{limit_argument, size_argument};
use crate::io::listener::Limits;
use clap::Args;
use std::time::Duration;

/// The bounds of everything that is received.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Limits")]
pub(super) struct LimitArgs {
    /// Largest body that is taken
    #[arg(long, value_name = "SIZE", default_value = "16MiB", value_parser = size_argument)]
    max_body: u64,

    /// Largest block of headers that is taken
    #[arg(long, value_name = "SIZE", default_value = "256KiB", value_parser = size_argument)]
    max_header: u64,

    /// Most memory for heads, bodies, queued output and queued deliveries; beyond it, 503
    ///
    /// An eighth is for output, 1 MiB at least: events that find no room while nobody reads the output
    /// are dropped and counted. With `--save` an eighth is for copies that are written: a delivery
    /// waits for its turn. Unfinished heads get a quarter of the rest at most, and the oldest of them
    /// leaves for another. Deliveries that wait for a further `--forward` get half of the rest at most.
    /// The first 32 KiB that a connection buffers are not counted. A body of more than 64 KiB is judged in
    /// its turn: documents take up to a quarter in addition, or one of them what it needs.
    #[arg(long, value_name = "SIZE", default_value = "256MiB", value_parser = size_argument)]
    max_memory: u64,

    /// Connections at once; one more makes the oldest idle one leave
    #[arg(long, value_name = "N", default_value = "1024", value_parser = clap::value_parser!(u16).range(1..))]
    max_connections: u16,

    /// Requests of one connection
    #[arg(long, value_name = "N", default_value = "10000", value_parser = clap::value_parser!(u64).range(1..))]
    max_requests: u64,

    /// Time to the first byte of a request
    #[arg(long, value_name = "TIME", default_value = "15s", value_parser = limit_argument)]
    idle_timeout: Duration,

    /// Time between two parts of a request
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = limit_argument)]
    read_timeout: Duration,

    /// Time for a request in all
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = limit_argument)]
    request_timeout: Duration,
}

impl LimitArgs {
    /// Returns the bytes of `--max-memory`.
    pub(super) fn max_memory(&self) -> u64 {
        self.max_memory
    }

    /// The limits as the listener has them.
    pub(super) fn limits(&self) -> Limits {
        Limits {
            max_body: self.max_body,
            max_memory: self.max_memory,
            max_header: usize::try_from(self.max_header).unwrap_or(usize::MAX),
            max_connections: usize::from(self.max_connections),
            max_requests: self.max_requests,
            idle_timeout: self.idle_timeout,
            read_timeout: self.read_timeout,
            request_timeout: self.request_timeout,
            ..Limits::default()
        }
    }
}
