//! `leadhook listen`, over real sockets.

mod arrival;
mod broken_targets;
mod captures;
mod faults;
mod forward_order;
mod forwarding;
mod lifecycle;
mod limits;
#[cfg(unix)]
mod memory;
mod privacy;
mod respond_control;
mod responses;
mod save_body;
mod state;
mod text;
#[cfg(unix)]
mod tunnel;
mod until;

use crate::support::{Outcome, Running, eventually};
use std::fs;
use std::path::PathBuf;

const SECRET: [&str; 2] = ["--secret", "s3cret"];

/// Starts a listener on a free port that knows the secret and prints JSON.
pub(crate) fn listen(args: &[&str]) -> Running {
    leadhook!("listen :0 --format json").args(SECRET).args(args).start()
}

/// Returns the path of the next saved delivery.
fn next_saved(listener: &mut Running) -> PathBuf {
    let request = listener.next();
    let saved = request["saved"].as_str().unwrap_or_else(|| panic!("not saved: {request}"));
    listener.dir().join(saved)
}

/// Runs a listener with text output while `visit` runs with its URL. `args` must end it.
fn listen_as_text(args: &[&str], visit: impl FnOnce(&str)) -> Outcome {
    let dir = tempfile::tempdir().unwrap();
    let ready = dir.path().join("ready").display().to_string();
    let run = leadhook!("listen :0 --ready-file {} --timeout 60s", ready).args(args);
    let listener = std::thread::spawn(|| run.run());
    let url = eventually("a ready file", || {
        let text = fs::read_to_string(&ready).ok()?;
        text.strip_suffix('\n').map(str::to_owned)
    });
    visit(&url);
    listener.join().unwrap()
}
