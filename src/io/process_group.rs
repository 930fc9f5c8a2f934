//! Process groups: a command and its child processes, which end together.
//!
//! On Unix the command leads a process group of its own. On Windows `taskkill` finds the child
//! processes through their parents.

pub(super) use system::{ProcessGroup, kill_all};

#[cfg(unix)]
mod system {
    use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};
    use std::io;
    use std::os::unix::process::CommandExt;
    use std::process::{Child, ChildStdout, Command, ExitStatus};
    use std::sync::{Mutex, MutexGuard, PoisonError};

    /// The groups of this process that have not been reaped.
    static RUNNING: Mutex<Vec<Pid>> = Mutex::new(Vec::new());

    fn running() -> MutexGuard<'static, Vec<Pid>> {
        RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Kills every group, for an exit of this process that drops nothing.
    pub(in crate::io) fn kill_all() {
        for &id in running().iter() {
            // Fails if all of them have already ended.
            let _ = kill_process_group(id, Signal::KILL);
        }
    }

    /// A command that leads a process group, killed on drop.
    pub(in crate::io) struct ProcessGroup(Child);

    impl ProcessGroup {
        /// Starts a command as the leader of a new group.
        pub(in crate::io) fn spawn(command: &mut Command) -> io::Result<Self> {
            let group = Self(command.process_group(0).spawn()?);
            running().extend(group.id());
            Ok(group)
        }

        fn id(&self) -> Option<Pid> {
            i32::try_from(self.0.id()).ok().and_then(Pid::from_raw)
        }

        /// Takes the pipe of its standard output, if it has one.
        pub(in crate::io) fn take_stdout(&mut self) -> Option<ChildStdout> {
            self.0.stdout.take()
        }

        /// Returns `true` if the command has ended, without reaping it: until it is reaped, no
        /// other process or group can get its id.
        pub(in crate::io) fn has_ended(&mut self) -> io::Result<bool> {
            let Some(id) = self.id() else { return Ok(true) };
            let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
            match waitid(WaitId::Pid(id), options) {
                Ok(ended) => Ok(ended.is_some()),
                Err(rustix::io::Errno::INTR) => Ok(false),
                Err(error) => Err(error.into()),
            }
        }

        /// Asks every process in the group to end.
        pub(in crate::io) fn terminate(&self) {
            self.signal(Signal::TERM);
        }

        /// Kills the command if it still runs, and every process in its group.
        pub(in crate::io) fn kill(&self) {
            self.signal(Signal::KILL);
        }

        fn signal(&self, signal: Signal) {
            // Once it is reaped, its id may belong to another group.
            if let Some(id) = self.id().filter(|id| running().contains(id)) {
                // Fails if all of them have already ended.
                let _ = kill_process_group(id, signal);
            }
        }

        /// Waits for the end of the command and reaps it.
        pub(in crate::io) fn wait(&mut self) -> io::Result<ExitStatus> {
            let id = self.id();
            // Before it is reaped: afterwards its id may belong to another group.
            running().retain(|running| Some(*running) != id);
            self.0.wait()
        }
    }

    impl Drop for ProcessGroup {
        fn drop(&mut self) {
            self.kill();
            let _ = self.wait();
        }
    }
}

#[cfg(not(unix))]
mod system {
    use std::io;
    use std::process::{Child, Command, ExitStatus, Stdio};
    use std::sync::{Mutex, MutexGuard, PoisonError};

    /// The commands of this process that have not been reaped.
    static RUNNING: Mutex<Vec<u32>> = Mutex::new(Vec::new());

    fn running() -> MutexGuard<'static, Vec<u32>> {
        RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Kills every command, for an exit of this process that drops nothing.
    pub(in crate::io) fn kill_all() {
        for &id in running().iter() {
            kill_tree(id);
        }
    }

    /// Kills a process and its child processes.
    fn kill_tree(id: u32) {
        let mut taskkill = Command::new("taskkill");
        taskkill.args(["/T", "/F", "/PID", &id.to_string()]);
        taskkill.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        // Fails if all of them have already ended.
        let _ = taskkill.status();
    }

    /// A command and its child processes, killed on drop.
    pub(in crate::io) struct ProcessGroup(Child);

    impl ProcessGroup {
        /// Starts a command that does not receive the Ctrl-C of this process.
        pub(in crate::io) fn spawn(command: &mut Command) -> io::Result<Self> {
            #[cfg(windows)]
            {
                use std::os::windows::process::CommandExt;
                /// `CREATE_NEW_PROCESS_GROUP`.
                const NEW_PROCESS_GROUP: u32 = 0x200;
                command.creation_flags(NEW_PROCESS_GROUP);
            }
            let child = command.spawn()?;
            running().push(child.id());
            Ok(Self(child))
        }

        /// Returns `true` if the command has ended.
        pub(in crate::io) fn has_ended(&mut self) -> io::Result<bool> {
            Ok(self.0.try_wait()?.is_some())
        }

        /// Kills the command and its child processes: Windows has no signal that asks them to end.
        pub(in crate::io) fn terminate(&self) {
            self.kill();
        }

        /// Kills the command and its child processes.
        pub(in crate::io) fn kill(&self) {
            if running().contains(&self.0.id()) {
                kill_tree(self.0.id());
            }
        }

        /// Waits for the end of the command and reaps it.
        pub(in crate::io) fn wait(&mut self) -> io::Result<ExitStatus> {
            let id = self.0.id();
            running().retain(|running| *running != id);
            self.0.wait()
        }
    }

    impl Drop for ProcessGroup {
        fn drop(&mut self) {
            self.kill();
            let _ = self.wait();
        }
    }
}
