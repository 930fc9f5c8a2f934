//! Options for the limits of the listener.

use crate::commands::value_parsers::{positive_duration_argument, size_argument};
use crate::io::listener::Limits;
use clap::Args;
use std::time::Duration;

/// The limits on connections and requests.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Limits")]
pub(super) struct LimitArgs {
    /// Maximum size of a body
    #[arg(long, value_name = "SIZE", default_value = "16MiB", value_parser = size_argument)]
    max_body: u64,

    /// Maximum size of the headers of a request
    #[arg(long, value_name = "SIZE", default_value = "256KiB", value_parser = size_argument)]
    max_header: u64,

    /// Maximum memory for heads, bodies, queued output and queued deliveries; beyond it, 503
    ///
    /// An eighth is reserved for output, at least 1 MiB: events that do not fit while the output is
    /// not read are dropped and counted. With `--save` an eighth is reserved for captures being
    /// written, for which deliveries wait in turn. Incomplete heads get at most a quarter of the
    /// rest, and the oldest of them is evicted for a new one. Deliveries queued for a further
    /// `--forward` get at most half of the rest. The first 32 KiB that a connection buffers are not
    /// counted. Bodies over 64 KiB are judged in turn: parsed documents take up to a quarter in
    /// addition, or more for a single large one.
    #[arg(long, value_name = "SIZE", default_value = "256MiB", value_parser = size_argument)]
    max_memory: u64,

    /// Maximum number of concurrent connections; a further one evicts the oldest idle one
    #[arg(long, value_name = "N", default_value = "1024", value_parser = clap::value_parser!(u16).range(1..))]
    max_connections: u16,

    /// Maximum number of requests of one connection
    #[arg(long, value_name = "N", default_value = "10000", value_parser = clap::value_parser!(u64).range(1..))]
    max_requests: u64,

    /// Maximum time until the first byte of a request
    #[arg(long, value_name = "TIME", default_value = "15s", value_parser = positive_duration_argument)]
    idle_timeout: Duration,

    /// Maximum time between two parts of a request
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = positive_duration_argument)]
    read_timeout: Duration,

    /// Maximum time for a whole request
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = positive_duration_argument)]
    request_timeout: Duration,
}

impl LimitArgs {
    /// Returns `--max-memory` in bytes.
    pub(super) fn max_memory(&self) -> u64 {
        self.max_memory
    }

    /// Returns the limits of the listener.
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
