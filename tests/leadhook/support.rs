//! Helpers of the integration tests: sealed runs of the binary, endpoints, independent signatures.

mod corpora;
mod endpoint;
mod foreign;
mod output_schemas;
#[macro_use]
mod runs;
mod signatures;
mod threads;

pub use corpora::Corpus;
pub(crate) use endpoint::read_request;
pub use endpoint::{Arrived, DeadPort, Endpoint};
pub use foreign::{ForeignReceiver, Interpreter, NODE_JS, PYTHON3};
pub use output_schemas::{assert_valid_lines, assert_valid_output};
pub use runs::{Leadhook, Outcome, Running, leadhook};
pub use signatures::{hmac_hex, token};
pub use threads::in_threads;

use serde_json::Value;
use std::fs;
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The root of the project.
pub const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The maximum time before a test gives up: far more than any step needs.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Returns how much a test does: `usual` in every run, `soak` with `LEADHOOK_SOAK=1` (`just soak`).
#[expect(clippy::disallowed_methods, reason = "the user who runs the tests chooses the tier")]
pub fn amount<T>(usual: T, soak: T) -> T {
    if std::env::var_os("LEADHOOK_SOAK").is_some_and(|value| value == "1") { soak } else { usual }
}

/// Sends a signal to a process, or to a process group if its number is preceded by `-`.
pub fn kill(signal: &str, target: &str) -> bool {
    // The shell's built-in `kill`: small systems have no other.
    let line = ["-c", "kill -s \"$0\" -- \"$1\"", signal, target];
    Command::new("sh").args(line).stderr(Stdio::null()).status().unwrap().success()
}

/// Returns the captures that a listener saved, in order.
pub fn captures(dir: &Path) -> Vec<PathBuf> {
    let mut found: Vec<_> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    // The folder contains a `.gitignore`.
    found.retain(|path| !path.ends_with(".gitignore"));
    found.sort();
    found
}

/// Returns the address in a URL that ends in `/`, as `ready` objects show it.
pub fn address_of(url: &str) -> SocketAddr {
    url.trim_start_matches("http://").trim_end_matches('/').parse().unwrap()
}

/// Returns the first value of a header, case-insensitively.
pub fn first_header<'h>(headers: &'h [(String, String)], name: &str) -> Option<&'h str> {
    let mut found = headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
    found.next().map(|(_, value)| value.as_str())
}

/// Parses every line as JSON. The objects that `leadhook` printed must be valid against the schemas
/// of their kinds.
#[track_caller]
pub fn objects(text: &str) -> Vec<Value> {
    let found = json_lines(text);
    for object in found.iter().filter(|object| object.get("kind").is_some()) {
        assert_valid_output(object);
    }
    found
}

/// Parses every line as JSON, of a file that is not output, such as a journal.
#[track_caller]
pub fn json_lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

/// Prints that a test was skipped, and why.
pub fn skipped(test: &str, why: &str) {
    // Not `eprintln!`: the test harness captures its output if the test passes.
    let _ = writeln!(std::io::stderr(), "SKIPPED {test}: {why}");
}

/// Builds a `send` that signs with `s3cret` and prints JSON.
pub(crate) fn signed_send(event: &str, target: &str) -> Leadhook {
    leadhook!("send {} {} --secret s3cret --format json", event, target)
}

/// Sends one event and returns the exit status and the `delivery` object.
pub(crate) fn send(event: &str, url: &str, args: &[&str]) -> (i32, Value) {
    let outcome = leadhook!("send {} {} --format json", event, url).args(args).in_process();
    let delivery = objects(&outcome.stdout).into_iter().next();
    (outcome.exit, delivery.unwrap_or_else(|| panic!("{event} {args:?}: {}", outcome.stderr)))
}

/// Returns every event of a provider, or of all if none is named, as `provider:event`.
pub(crate) fn events(provider: Option<&str>) -> Vec<String> {
    let outcome = leadhook!("events --format json").in_process();
    let listed = objects(&outcome.stdout).remove(0)["events"].take();
    let names = listed.as_array().unwrap().iter().filter_map(|event| {
        let (owner, name) = (event["provider"].as_str().unwrap(), event["event"].as_str().unwrap());
        provider.is_none_or(|wanted| wanted == owner).then(|| format!("{owner}:{name}"))
    });
    names.collect()
}

/// Returns the keys of an object in printed order.
pub(crate) fn keys(object: &Value) -> Vec<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

/// Prints a figure even if the test passes.
pub(crate) fn print_figure(figure: &str) {
    // Not `eprintln!`: the test harness captures its output if the test passes.
    let _ = writeln!(std::io::stderr(), "FIGURE {figure}");
}

/// Returns the resident memory of a process in bytes, if available (Linux).
pub(crate) fn resident(process: u32) -> Option<u64> {
    of_status(process, "VmRSS:")
}

/// Returns the peak memory of a process in bytes, if available (Linux).
pub(crate) fn peak(process: u32) -> Option<u64> {
    of_status(process, "VmHWM:")
}

fn of_status(process: u32, name: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let size = status.lines().find_map(|line| line.strip_prefix(name))?;
    Some(size.trim().strip_suffix(" kB")?.parse::<u64>().ok()? * 1024)
}

/// Waits until `check` returns a value.
pub(crate) fn eventually<T>(what: &str, mut check: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = check() {
            return found;
        }
        assert!(Instant::now() < end, "{what}: not within {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}
