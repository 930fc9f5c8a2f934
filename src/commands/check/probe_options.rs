//! The options of the probe, which counts what the receiver has processed.

use crate::commands::value_parsers::duration_argument;
use crate::domain::pointer::parse_name;
use crate::domain::target::Target;
use crate::error::Error;
use crate::io::probe::{NumberLocation, Probe};
use crate::protocols::http1;
use clap::Args;
use std::time::Duration;

/// The maximum time to wait for the number of the probe: longer times are cut to one day.
const MAX_SETTLE: Duration = Duration::from_secs(86_400);

/// The maximum time in which the number must not change before the first case.
const MAX_QUIET: Duration = Duration::from_secs(600);

/// The source of the number, and the times to wait for it.
#[derive(Args, Clone, Debug)]
pub(super) struct ProbeArgs {
    /// URL whose GET response is a number that grows with each processed lead
    #[arg(long, value_name = "URL", conflicts_with = "probe_cmd")]
    probe_url: Option<String>,

    /// JSON pointer (RFC 6901) to the number in the response of `--probe-url`; of an array the
    /// items are counted
    ///
    /// For example `/count`, `/data/leads`, or `''` for the whole response. A string of digits
    /// counts as a number.
    #[arg(
        long,
        value_name = "POINTER",
        requires = "probe_url",
        conflicts_with = "probe_cmd",
        value_parser = pointer_argument
    )]
    probe_json: Option<String>,

    /// Header with the number in the response of `--probe-url`, such as `X-Total-Count`
    #[arg(
        long,
        value_name = "NAME",
        requires = "probe_url",
        conflicts_with_all = ["probe_json", "probe_cmd"],
        value_parser = header_name_argument
    )]
    probe_header: Option<String>,

    /// Command that prints such a number; `LEADHOOK_CASE` and `LEADHOOK_PROVIDER` are set for it
    ///
    /// It runs in `sh`. When it ends, after 10 s, or when the check is interrupted, it is killed
    /// together with every process it has started that is still in its process group. On Windows
    /// only the command itself is killed.
    #[arg(long, value_name = "CMD")]
    probe_cmd: Option<String>,

    /// Time before the first case in which the number must not change; `0` skips this test
    ///
    /// If it changes while nothing is sent, something else is counted as well, so that it proves
    /// nothing: the cases that need it are incomplete (exit status 5).
    #[arg(long, value_name = "TIME", default_value = "100ms", value_parser = duration_argument)]
    probe_quiet: Duration,

    /// Wait up to this time for the number to grow [default: 1s, longer for a slower receiver]
    ///
    /// For a receiver that does its work after responding. Without the option, a number that has
    /// not grown yet is waited for up to 5 s, once, and each case then waits as long as the
    /// receiver needs.
    #[arg(long, value_name = "TIME", value_parser = duration_argument)]
    settle: Option<Duration>,
}

impl ProbeArgs {
    /// Returns the probe that counts what the receiver has processed, if one was given.
    pub(super) fn probe(&self) -> Result<Option<Probe>, Error> {
        match (&self.probe_url, &self.probe_cmd) {
            (Some(url), _) => Ok(Some(Probe::of_url(&Target::parse(url)?, self.location())?)),
            (None, Some(command)) => Ok(Some(Probe::Command(command.clone()))),
            (None, None) => Ok(None),
        }
    }

    /// Returns the time to wait for the number of the probe to grow, if it was given.
    pub(super) fn settle(&self) -> Option<Duration> {
        self.settle.map(|settle| settle.min(MAX_SETTLE))
    }

    /// Returns the time between the two readings before the first case.
    pub(super) fn quiet(&self) -> Duration {
        self.probe_quiet.min(MAX_QUIET)
    }

    /// Returns the location of the number in the response of `--probe-url`.
    fn location(&self) -> NumberLocation {
        match (&self.probe_json, &self.probe_header) {
            (Some(pointer), _) => NumberLocation::Pointer(pointer.clone()),
            (None, Some(name)) => NumberLocation::Header(name.clone()),
            (None, None) => NumberLocation::Body,
        }
    }
}

/// Parses a JSON pointer: empty, or segments that each begin with `/`.
fn pointer_argument(text: &str) -> Result<String, String> {
    let is_pointer = |rest: &str| rest.split('/').all(|segment| parse_name(segment).is_some());
    if text.is_empty() || text.strip_prefix('/').is_some_and(is_pointer) {
        return Ok(text.to_owned());
    }
    Err("expected a JSON pointer such as `/count` or `/data/leads`, in which `~` is `~0` and a `/` \
         in a name is `~1`"
        .to_owned())
}

/// Parses the name of a header.
fn header_name_argument(text: &str) -> Result<String, String> {
    if !text.is_empty() && text.bytes().all(http1::is_token_byte) {
        return Ok(text.to_owned());
    }
    Err("expected the name of a header, such as `X-Total-Count`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_is_empty_or_begins_with_a_slash() {
        for pointer in ["", "/", "/count", "/a~1b/0/~0"] {
            assert_eq!(pointer_argument(pointer), Ok(pointer.to_owned()));
        }
        for invalid in ["count", "a/b", "/a~", "/~2", "#/count", "$.count"] {
            assert!(pointer_argument(invalid).is_err(), "{invalid}");
        }
    }

    #[test]
    fn a_header_name_is_a_token() {
        assert_eq!(header_name_argument("X-Total"), Ok("X-Total".to_owned()));
        for invalid in ["", "X Total", "X-Total:", "X\r\n"] {
            assert!(header_name_argument(invalid).is_err(), "{invalid:?}");
        }
    }
}
