//! The options of `leadhook replay`.

use crate::commands::connection::ConnectionArgs;
use crate::commands::filter_args::FilterArgs;
use crate::commands::payload::EditArgs;
use crate::commands::value_parsers::now_argument;
use crate::domain::speed::Speed;
use crate::domain::status::StatusPattern;
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use std::path::PathBuf;

/// Send captured requests again, byte for byte
///
/// Reads the same inputs as `verify`, and folders of them: their files in order of name, without
/// hidden ones. Method, headers and body are sent as captured, except for headers that belong to
/// one connection, such as `Host` and `Content-Length`. Every input is opened before the first
/// request is sent: if one cannot be opened, nothing is sent. Inputs that contain no request are
/// reported, and the rest is sent.
///
/// Exit status 0 if all count as delivered (or match `--expect`), 1 if any does not, 3 if an input
/// cannot be opened or contains no request, 4 if no request got a response. With `--baseline` it is
/// 1 only if a delivery regressed, or is new and fails.
///
/// The edits are those of `send`. They change the body, so they need `--resign`; the bytes of
/// everything else in the body stay as captured. A capture to which an edit does not apply is
/// reported and left out (exit status 2).
///
/// A file with one request per line may have any size, with up to 128 MiB per line. Any other file
/// may have up to 256 MiB.
#[derive(Args, Debug)]
pub struct Replay {
    /// Captures: files, folders, or `-` for standard input
    #[arg(value_name = "CAPTURE", required = true)]
    pub(super) captures: Vec<PathBuf>,

    /// Target: `:3000`, `:3000/hooks`, `localhost:3000/hooks` or a URL [default: `:9090`]
    ///
    /// Without a path, each request is sent to the path and query it was captured with; with a
    /// path, all requests are sent there.
    #[arg(long, value_name = "URL")]
    pub(super) to: Option<String>,

    /// Print the requests that would be sent, and send nothing
    #[arg(long, conflicts_with_all = ["baseline", "expect", "speed"])]
    pub(super) dry_run: bool,

    /// Send the captured `Host` header instead of that of the target
    #[arg(long, conflicts_with_all = ["resolve", "connect_to"])]
    pub(super) keep_host: bool,

    /// Order of sending; any but `original` keeps all captures in memory, up to 256 MiB
    #[arg(long, value_name = "ORDER", value_enum, default_value = "original")]
    pub(super) order: Order,

    /// Seed for `--order shuffle`: the same seed gives the same order
    #[arg(long, value_name = "N")]
    pub(super) seed: Option<u64>,

    /// Waits between requests: none (`instant`), as captured (`real`), or N times shorter (`60x`)
    #[arg(long, value_name = "SPEED", default_value = "instant")]
    pub(super) speed: Speed,

    /// Sign each request again, with the configured secret and the current time
    #[arg(long)]
    pub(super) resign: bool,

    /// Time at which requests are signed and verified: RFC 3339, or `@` and Unix seconds
    #[arg(long, value_name = "TIME", value_parser = now_argument)]
    pub(super) now: Option<Timestamp>,

    /// Statuses that count as success, such as `200` or `2xx,406` [default: the provider's]
    #[arg(long, value_name = "STATUS", value_delimiter = ',')]
    pub(super) expect: Vec<StatusPattern>,

    /// Compare with an earlier run: the output of `replay --format json`
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,

    #[command(flatten, next_help_heading = "Edits")]
    pub(super) edits: EditArgs,

    #[command(flatten)]
    pub(super) filters: FilterArgs,

    #[command(flatten)]
    pub(super) connection: ConnectionArgs,
}

/// The order in which captures are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Order {
    /// In the order of the inputs.
    Original,
    /// Last one first.
    Reverse,
    /// In random order.
    Shuffle,
}
