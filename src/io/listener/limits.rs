//! The limits of a listener.

use std::time::Duration;

/// What a sender may ask of the listener.
///
/// Besides these, a head has at most 256 header lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one body.
    pub max_body: u64,
    /// Bytes of all heads and bodies held at once, and of what handlers keep of them. Unfinished
    /// heads get at most a quarter; the first 32 KiB that a connection buffers are not counted.
    pub max_memory: u64,
    /// Bytes of a request line with its headers.
    pub max_header: usize,
    /// Bytes of a request target; hyper's own limit is 65,534.
    pub max_target: usize,
    /// Connections; one more makes the oldest idle one leave.
    pub max_connections: usize,
    /// Requests of one connection; the answer to the last one closes it.
    pub max_requests: u64,
    /// The time to the first byte of a request, from the connection or the last answer on.
    pub idle_timeout: Duration,
    /// The time between two parts of a request.
    pub read_timeout: Duration,
    /// The time from the first byte of a request to the last.
    pub request_timeout: Duration,
    /// The time for a sender to take a part of the answer; three times as long in all.
    pub write_timeout: Duration,
    /// The time to answer what is in flight after the stop signal.
    pub drain_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_body: 16 * 1024 * 1024,
            max_memory: 256 * 1024 * 1024,
            // A LeadPro token of 131 KB is one header.
            max_header: 256 * 1024,
            // RFC 9110, section 4.1, asks for 8000 at least.
            max_target: 8 * 1024,
            max_connections: 1024,
            max_requests: 10_000,
            idle_timeout: Duration::from_secs(15),
            read_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_secs(30),
            write_timeout: Duration::from_secs(10),
            drain_timeout: Duration::from_secs(5),
        }
    }
}
