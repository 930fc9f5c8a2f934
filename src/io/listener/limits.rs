//! Limits of a listener on sizes, counts and times.

use std::time::Duration;

/// The limits on the requests and connections of a listener.
///
/// In addition, a head has at most 256 header lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The maximum number of bytes of one body.
    pub max_body: u64,
    /// The maximum number of bytes of all heads and bodies in memory, including those that handlers
    /// hold. Unfinished heads get at most a quarter of it; the first 32 KiB that a connection
    /// buffers are not counted.
    pub max_memory: u64,
    /// The maximum number of bytes of a request line with its headers.
    pub max_header: usize,
    /// The maximum number of bytes of a request target; hyper's own limit is 65,534.
    pub max_target: usize,
    /// The maximum number of connections; one more evicts the oldest idle connection.
    pub max_connections: usize,
    /// The maximum number of requests of one connection; the last response closes it.
    pub max_requests: u64,
    /// The maximum time to the first byte of a request, from the connection or the last response.
    pub idle_timeout: Duration,
    /// The maximum time between two reads of a request.
    pub read_timeout: Duration,
    /// The maximum time from the first byte of a request to the last.
    pub request_timeout: Duration,
    /// The maximum time for the sender to read a part of the response; three times that for all.
    pub write_timeout: Duration,
    /// The maximum time to respond to requests in flight after the stop signal.
    pub drain_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_body: 16 * 1024 * 1024,
            max_memory: 256 * 1024 * 1024,
            // A LeadPro token of 131 KB is one header.
            max_header: 256 * 1024,
            // RFC 9110, section 4.1, recommends at least 8000.
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
