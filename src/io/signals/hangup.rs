//! SIGHUP detection: distinguishes a closed terminal from a request to reopen files.

use std::fs;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// Returns `true` if this process ignored SIGHUP when it started, for example because of `nohup`.
///
/// The first call must precede the first handler for SIGHUP; its result is cached.
pub(super) fn is_ignored_at_start() -> bool {
    static IGNORED: OnceLock<bool> = OnceLock::new();
    *IGNORED.get_or_init(|| ignored_in_proc().or_else(ignored_by_child).unwrap_or(false))
}

/// Returns `true` if this process has a controlling terminal, which sends SIGHUP when it closes.
pub(super) fn has_controlling_terminal() -> bool {
    // Without a controlling terminal, this fails with ENXIO.
    fs::File::open("/dev/tty").is_ok()
}

/// Reads the signal mask from `/proc`; `None` on systems other than Linux.
fn ignored_in_proc() -> Option<bool> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"))?;
    // Signal 1 is the lowest bit.
    Some(u64::from_str_radix(mask.trim(), 16).ok()? & 1 == 1)
}

/// Sends SIGHUP to a child process, which inherits ignored signals. `None` without a shell.
fn ignored_by_child() -> Option<bool> {
    let mut child = Command::new("/bin/sh");
    child.args(["-c", "kill -HUP $$"]).env_clear();
    child.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // A child that ignores the signal exits with a code.
    Some(child.status().ok()?.code().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_detection_agree() {
        let by_child = ignored_by_child();
        if let Some(in_proc) = ignored_in_proc() {
            assert_eq!(by_child, Some(in_proc));
        }
        assert!(by_child.is_some(), "no shell was found");
    }
}
