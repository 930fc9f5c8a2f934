//! The options of `leadhook replay`.

use crate::commands::connection::ConnectionArgs;
use crate::commands::values::now_argument;
use crate::domain::speed::Speed;
use crate::domain::status::StatusPattern;
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use std::path::PathBuf;

/// Send captured requests again, byte for byte
///
/// Reads what `verify` reads, and folders of it: their files in the order of their names, without
/// hidden ones. Method, headers and body go out as they were captured, except for the headers that
/// belong to one connection, such as `Host` and `Content-Length`. What cannot be read is said, and
/// the rest is sent. Exit status 0 when all would count as delivered (or `--expect` held), 1 when
/// any would not, 3 when an input holds no request, 4 when no answer came to any. With
/// `--baseline` it is 1 only where something regressed, or is new and fails.
///
/// A file with one request a line may have any size, and each line 128 MiB. Every other file may have
/// 256 MiB.
#[derive(Args, Debug)]
pub struct Replay {
    /// Captures: files, folders of them, `-` for standard input
    #[arg(value_name = "CAPTURE", required = true)]
    pub(super) captures: Vec<PathBuf>,

    /// Where to: `:3000`, `:3000/hooks`, `/hooks`, `localhost:3000/hooks` or a URL [default: `:9090`]
    ///
    /// Where it names no path, each request goes to the path and the query that it was captured
    /// with; where it names one, all of them go there.
    #[arg(long, value_name = "URL")]
    pub(super) to: Option<String>,

    /// Order in which they are sent; any but the original keeps all of them in memory, up to 256 MiB
    #[arg(long, value_name = "ORDER", value_enum, default_value = "original")]
    pub(super) order: Order,

    /// Shuffle in the same way as the run that named this seed
    #[arg(long, value_name = "N")]
    pub(super) seed: Option<u64>,

    /// Waits between them: none, those at which they came (`real`), or so many times shorter (`60x`)
    #[arg(long, value_name = "SPEED", default_value = "instant")]
    pub(super) speed: Speed,

    /// Sign each anew, with the secret at hand and as of now
    #[arg(long)]
    pub(super) resign: bool,

    /// Time as of which they are signed and signatures judged: RFC 3339, or `@` and Unix seconds
    #[arg(long, value_name = "TIME", value_parser = now_argument)]
    pub(super) now: Option<Timestamp>,

    /// Statuses to take for success in place of the provider's, such as `200` or `2xx,406`
    #[arg(long, value_name = "STATUS", value_delimiter = ',')]
    pub(super) expect: Vec<StatusPattern>,

    /// Compare with an earlier run: what `replay --format json` printed
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,

    #[command(flatten)]
    pub(super) connection: ConnectionArgs,
}

/// In which order captures are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Order {
    /// That of the inputs.
    Original,
    /// The last one first.
    Reverse,
    /// Any, by chance.
    Shuffle,
}
