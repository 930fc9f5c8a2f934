//! Child processes with a deadline: kills a command and its child processes when time is up.
//!
//! On Unix the command leads its own process group, which is killed in every case, so that a
//! background process of a shell blocks neither the output nor the caller. On other systems only
//! the command itself is killed.

use std::io;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

/// The interval at which the command is checked.
const POLL_INTERVAL: Duration = Duration::from_millis(2);

/// The limits of one command.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// The maximum run time.
    pub(super) timeout: Duration,
    /// The maximum number of bytes of its standard output that are kept.
    pub(super) output: usize,
}

/// The reason why a command has no result.
#[derive(Debug)]
pub(super) enum ChildFailure {
    /// The command did not end in time.
    TimedOut,
    /// The caller interrupted the command.
    Interrupted,
    /// The command could not be started, or its output could not be read.
    Io(io::Error),
}

impl From<io::Error> for ChildFailure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Runs a command without input, and returns its status and standard output. Standard error is
/// dropped.
///
/// `interrupted` is polled, and the command is killed once it returns `true`.
pub(super) fn output(
    command: &mut Command,
    bounds: Bounds,
    interrupted: &dyn Fn() -> bool,
) -> Result<(ExitStatus, Vec<u8>), ChildFailure> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    system::output(command, bounds, interrupted)
}

#[cfg(unix)]
mod system {
    use super::{Bounds, ChildFailure, POLL_INTERVAL};
    use crate::io::process_group::ProcessGroup;
    use rustix::io::ioctl_fionbio;
    use std::io;
    use std::io::Read;
    use std::process::{ChildStdout, Command, ExitStatus};
    use std::thread::sleep;
    use std::time::Instant;

    /// The maximum number of bytes that are read between two checks of the deadline, because a
    /// command can write without end.
    const MAX_READ: usize = 1 << 20;

    /// The standard output of a command, read without blocking.
    struct Output {
        pipe: Option<ChildStdout>,
        kept: Vec<u8>,
        max: usize,
    }

    impl Output {
        /// Reads the available output.
        fn read_available(&mut self) -> io::Result<()> {
            let (mut read, mut buffer) = (0, [0; 8192]);
            while let Some(pipe) = self.pipe.as_mut().filter(|_| read < MAX_READ) {
                match pipe.read(&mut buffer) {
                    Ok(0) => self.pipe = None,
                    Ok(length) => {
                        read += length;
                        let room = self.max - self.kept.len();
                        self.kept.extend_from_slice(&buffer[..length.min(room)]);
                    }
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(error),
                }
            }
            Ok(())
        }
    }

    pub(super) fn output(
        command: &mut Command,
        bounds: Bounds,
        interrupted: &dyn Fn() -> bool,
    ) -> Result<(ExitStatus, Vec<u8>), ChildFailure> {
        let end = Instant::now() + bounds.timeout;
        let mut group = ProcessGroup::spawn(command)?;
        let pipe = group.take_stdout();
        if let Some(pipe) = &pipe {
            ioctl_fionbio(pipe, true).map_err(io::Error::from)?;
        }
        let mut output = Output { pipe, kept: Vec::new(), max: bounds.output };
        while !group.has_ended()? {
            output.read_available()?;
            if Instant::now() >= end {
                return Err(ChildFailure::TimedOut);
            }
            if interrupted() {
                return Err(ChildFailure::Interrupted);
            }
            sleep(POLL_INTERVAL);
        }
        group.kill();
        // All output of the command is in the pipe by now. A process that left the group may keep
        // the pipe open, so do not wait for its end.
        output.read_available()?;
        let status = group.wait()?;
        Ok((status, output.kept))
    }
}

#[cfg(not(unix))]
mod system {
    use super::{Bounds, ChildFailure, POLL_INTERVAL};
    use std::io::Read;
    use std::process::{Command, ExitStatus};
    use std::sync::mpsc::channel;
    use std::thread::{sleep, spawn};
    use std::time::Instant;

    pub(super) fn output(
        command: &mut Command,
        bounds: Bounds,
        interrupted: &dyn Fn() -> bool,
    ) -> Result<(ExitStatus, Vec<u8>), ChildFailure> {
        let end = Instant::now() + bounds.timeout;
        let mut child = command.spawn()?;
        let pipe = child.stdout.take();
        let (sender, output) = channel();
        // Not joined: a child process of the command may keep the pipe open forever.
        spawn(move || {
            let mut bytes = Vec::new();
            let max = u64::try_from(bounds.output).unwrap_or(u64::MAX);
            let read = pipe.map(|pipe| pipe.take(max).read_to_end(&mut bytes));
            let _ = sender.send(read.transpose().map(|_| bytes));
        });
        let failure = loop {
            if let Some(status) = child.try_wait()? {
                let left = end.saturating_duration_since(Instant::now());
                let bytes = output.recv_timeout(left).map_err(|_| ChildFailure::TimedOut)?;
                return Ok((status, bytes?));
            }
            if Instant::now() >= end {
                break ChildFailure::TimedOut;
            }
            if interrupted() {
                break ChildFailure::Interrupted;
            }
            sleep(POLL_INTERVAL);
        };
        // Fails if the command has already ended.
        let _ = child.kill();
        let _ = child.wait();
        Err(failure)
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::Path;
    use std::sync::mpsc::{Receiver, channel};

    /// Longer than any test takes. A process that a failed test leaves behind ends after this time.
    const LONG: Duration = Duration::from_secs(60);

    fn run(
        folder: &Path,
        script: &str,
        timeout: Duration,
    ) -> Result<(ExitStatus, String), ChildFailure> {
        let mut command = Command::new("sh");
        command.args(["-c", script]).current_dir(folder);
        let ended = output(&mut command, Bounds { timeout, output: 64 }, &|| false);
        ended.map(|(status, bytes)| (status, String::from_utf8(bytes).unwrap()))
    }

    /// Creates a FIFO, and sends a message once every process that opened it to write has ended.
    fn writers_of(fifo: &Path) -> Receiver<()> {
        assert!(Command::new("mkfifo").arg(fifo).status().unwrap().success());
        let (sender, ended) = channel();
        let fifo = fifo.to_owned();
        std::thread::spawn(move || {
            let _ = fs::read(fifo);
            let _ = sender.send(());
        });
        ended
    }

    #[test]
    fn the_children_of_an_ended_command_are_killed() {
        let dir = tempfile::tempdir().unwrap();
        let writers = writers_of(&dir.path().join("fifo"));
        let script = "exec 3> fifo; sleep 60 & (sleep 60 & sleep 60) & echo 4";
        let (status, text) = run(dir.path(), script, LONG).unwrap();
        assert!(status.success());
        assert_eq!(text, "4\n");
        writers.recv_timeout(LONG).unwrap();
    }

    #[test]
    fn a_command_is_killed_with_its_children_at_the_timeout() {
        let dir = tempfile::tempdir().unwrap();
        let writers = writers_of(&dir.path().join("fifo"));
        // The shell ignores every signal that can be ignored.
        let script = "trap '' TERM INT HUP; exec 3> fifo; sleep 60 & (sleep 60 & sleep 60)";
        let ended = run(dir.path(), script, Duration::from_millis(200));
        assert!(matches!(ended, Err(ChildFailure::TimedOut)), "{ended:?}");
        writers.recv_timeout(LONG).unwrap();
    }

    #[test]
    fn an_interrupted_command_is_killed_with_its_children() {
        let dir = tempfile::tempdir().unwrap();
        let (fifo, up) = (dir.path().join("fifo"), dir.path().join("up"));
        let writers = writers_of(&fifo);
        let mut command = Command::new("sh");
        command.args(["-c", "exec 3> fifo; sleep 60 & : > up; sleep 60"]).current_dir(&dir);
        let bounds = Bounds { timeout: LONG, output: 64 };
        let ended = output(&mut command, bounds, &|| up.exists());
        assert!(matches!(ended, Err(ChildFailure::Interrupted)), "{ended:?}");
        writers.recv_timeout(LONG).unwrap();
    }

    #[test]
    fn a_process_outside_the_group_that_holds_the_output_is_not_awaited() {
        let dir = tempfile::tempdir().unwrap();
        let has_setsid = Command::new("setsid").arg("true").status();
        if !has_setsid.is_ok_and(|status| status.success()) {
            return;
        }
        let fifo = dir.path().join("fifo");
        assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
        let script = "setsid sh -c ': > up; read line < fifo' & \
                    until [ -e up ]; do sleep 0.01; done; echo 4";
        let (_, text) = run(dir.path(), script, LONG).unwrap();
        assert_eq!(text, "4\n");
        // Lets the process end.
        fs::write(&fifo, "\n").unwrap();
    }

    #[test]
    fn endless_output_is_truncated_and_killed_at_the_timeout() {
        let dir = tempfile::tempdir().unwrap();
        let ended = run(dir.path(), "exec yes", Duration::from_millis(200));
        assert!(matches!(ended, Err(ChildFailure::TimedOut)), "{ended:?}");
        let (_, text) = run(dir.path(), "yes | head -c 1000000", LONG).unwrap();
        assert_eq!(text.len(), 64);
        let (status, text) = run(dir.path(), "echo 1; exit 3", LONG).unwrap();
        assert_eq!((status.code(), text.as_str()), (Some(3), "1\n"));
    }
}
