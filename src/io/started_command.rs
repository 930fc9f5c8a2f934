//! Commands that run beside `leadhook`: started with their output read, and ended with their child
//! processes.

use crate::io::output_tail::{LineSink, OutputTail};
use crate::io::process_group::ProcessGroup;
use std::ffi::OsString;
use std::io;
use std::process::{Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The time between the request to end and the kill.
const GRACE: Duration = Duration::from_secs(5);

/// The time in which the output of an ended command must be complete. It is at once, unless a
/// process that left the group keeps it open.
const DRAIN: Duration = Duration::from_millis(500);

/// The interval between two checks of a command, and of what it is to provide.
pub(super) const POLL_INTERVAL: Duration = Duration::from_millis(5);

/// A started command, its child processes and its output.
pub(super) struct StartedCommand {
    group: ProcessGroup,
    output: OutputTail,
}

impl StartedCommand {
    /// Starts a command with these variables only. Each line of its output is passed to `show`.
    pub(super) fn spawn(
        mut command: Command,
        vars: &[(OsString, OsString)],
        show: Option<LineSink>,
    ) -> io::Result<Self> {
        // One pipe for both, so that their lines stay in order.
        let (reader, writer) = io::pipe()?;
        command.env_clear().envs(vars.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
        let group = ProcessGroup::spawn(&mut command)?;
        // It holds ends of the pipe, whose output would never be complete.
        drop(command);
        Ok(Self { group, output: OutputTail::read(reader, show)? })
    }

    /// Returns `true` if the command has ended, which its child processes may have outlived.
    pub(super) fn has_ended(&mut self) -> bool {
        self.group.has_ended().unwrap_or(true)
    }

    /// Waits up to `watch` for the end of the command.
    pub(super) fn ends_within(&mut self, watch: Duration) -> bool {
        let began = Instant::now();
        loop {
            if self.has_ended() {
                return true;
            }
            if began.elapsed() >= watch {
                return false;
            }
            sleep(POLL_INTERVAL);
        }
    }

    /// Asks the processes to end, kills those that still run after [`GRACE`], and returns the exit
    /// status and the last lines of the output.
    ///
    /// A child process that outlives the command and still writes to its output is waited for. One
    /// that writes elsewhere cannot be noticed, and is killed as soon as the command has ended.
    pub(super) fn end(mut self) -> (Option<ExitStatus>, Vec<String>) {
        self.group.terminate();
        let began = Instant::now();
        while !(self.has_ended() && self.output.is_complete()) && began.elapsed() < GRACE {
            sleep(POLL_INTERVAL);
        }
        self.group.kill();
        let status = self.group.wait().ok();
        self.output.wait_until_complete(DRAIN);
        (status, self.output.lines())
    }
}

/// Returns the shell with a command line.
#[cfg(not(windows))]
pub(super) fn shell(command: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", command]);
    shell
}

/// Returns the shell with a command line, which it reads without the quoting of other programs.
#[cfg(windows)]
pub(super) fn shell(command: &str) -> Command {
    use std::os::windows::process::CommandExt;
    let mut shell = Command::new("cmd");
    shell.args(["/D", "/S", "/C"]).raw_arg(format!("\"{command}\""));
    shell
}

/// Describes the end of a command: `ended with exit status 1`, `ended with signal 9 (SIGKILL)`.
pub(super) fn ending(status: ExitStatus) -> String {
    format!("ended with {}", status.to_string().replacen(": ", " ", 1))
}
