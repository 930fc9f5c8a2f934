//! The receiver of `check --start`: the option, and the crashes that belong to a case.

use crate::commands::connection::ConnectionArgs;
use crate::commands::context::Context;
use crate::domain::conformance::{CaseOutcome, CaseReport};
use crate::domain::target::Target;
use crate::error::Error;
use crate::io::receiver_process::{
    Crash, LineSink, ReceiverCommand, ReceiverProcess, StartFailure,
};
use crate::io::signals::Signal;
use crate::output::progress::Progress;
use crate::output::sanitize;
use clap::Args;
use std::cell::Cell;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Duration;

/// The default time until the receiver must listen.
const DEFAULT_WAIT: Duration = Duration::from_secs(30);

/// The time in which a receiver that closed a connection must not end, to count as running.
const WATCH_AFTER_FAILURE: Duration = Duration::from_millis(100);

/// The time in which a receiver must not end after the last response of a case: one that responds
/// before it processes a delivery crashes afterwards, and the next case must not fail for it.
const WATCH_AFTER_CASE: Duration = Duration::from_millis(20);

/// The replacement for the last line of the output.
const OUTPUT_HIDDEN: &str = "(output not shown: --from)";

/// The use of the receiver's output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OutputUse {
    /// It is shown with `-v`, and its last line after a crash.
    Shown,
    /// It is not shown: it may contain the personal data of captures.
    Hidden,
}

/// The option that starts the receiver.
#[derive(Args, Clone, Debug)]
pub(super) struct StartArgs {
    /// Start the receiver with this command, restart it after a crash, and end it with its children
    ///
    /// The command runs in `sh` (`cmd` on Windows) and must stay in the foreground. Nothing else
    /// may listen on the port of the target, which must be on this machine. The cases begin once
    /// the receiver accepts connections, at most `--wait` later (30 s by default). A crash fails
    /// its case and no other; the receiver is restarted at most 10 times. Its output is shown with
    /// `-v`, and the last 20 lines if it does not start.
    #[arg(long, value_name = "CMD")]
    start: Option<String>,
}

impl StartArgs {
    /// Starts the receiver, if `--start` was given, and waits until it listens. Returns the signal
    /// if one interrupted this.
    pub(super) fn start(
        &self,
        context: &Context<'_>,
        target: &Target,
        connect: Option<SocketAddr>,
        connection: &ConnectionArgs,
        output: OutputUse,
    ) -> Result<Result<Option<StartedReceiver>, Signal>, Error> {
        let Some(command) = self.start.clone() else { return Ok(Ok(None)) };
        let is_local = connect.map_or(target.is_loopback(), |address| address.ip().is_loopback());
        if !is_local {
            return Err(Error::Option {
                message: format!(
                    "`--start` starts the receiver here, and `{target}` is not this machine"
                ),
                hint: "for example `--start 'node server.js' :3000/hooks`".to_owned(),
            });
        }
        // Watch signals before the start: the receiver must not outlive an interrupted check.
        let signals = context.env.watch_signals()?;
        let signal = Cell::new(None);
        let interrupted = || {
            signal.set(signal.get().or_else(|| signals.try_recv().ok()));
            signal.get().is_some()
        };
        let printer = &context.printer;
        let writer = printer.line_writer("receiver").filter(|_| output == OutputUse::Shown);
        let show = writer.map(|write| Arc::new(write) as LineSink);
        // The lines would interrupt a spinner.
        let spinner = show
            .is_none()
            .then(|| Progress::spinner(printer, &format!("waiting for the receiver at {target}")));
        let wait = connection.wait().unwrap_or(DEFAULT_WAIT);
        let command = ReceiverCommand { command, target: target.clone(), connect, wait };
        let started = ReceiverProcess::start(context.env, command, show, &interrupted);
        if let Some(spinner) = spinner {
            spinner.finish();
        }
        match (started, signal.get()) {
            (Ok(process), _) => {
                let signals = Some(signals);
                Ok(Ok(Some(StartedReceiver { process, signals, crash: None, output })))
            }
            (Err(StartFailure::Interrupted), Some(signal)) => Ok(Err(signal)),
            (Err(StartFailure::Failed(error)), _) => Err(error.into()),
            (Err(StartFailure::Interrupted), None) => Ok(Ok(None)),
        }
    }
}

/// A receiver that was started for the check, and ends with it.
pub(super) struct StartedReceiver {
    process: ReceiverProcess,
    signals: Option<Receiver<Signal>>,
    /// The first crash of the current case.
    crash: Option<Crash>,
    output: OutputUse,
}

impl StartedReceiver {
    /// Takes the signals that are watched since before the start.
    pub(super) fn take_signals(&mut self) -> Option<Receiver<Signal>> {
        self.signals.take()
    }

    /// Restarts the receiver if it crashed on a request without a response. Returns `true` if it
    /// runs.
    pub(super) fn is_up_after_failure(&mut self, interrupted: &dyn Fn() -> bool) -> bool {
        self.is_up(WATCH_AFTER_FAILURE, interrupted)
    }

    /// Restarts the receiver if it crashed during or after a case, and adds the crash to the report
    /// of that case. Returns `true` if it runs.
    pub(super) fn is_up_after_case(
        &mut self,
        report: &mut CaseReport,
        interrupted: &dyn Fn() -> bool,
    ) -> bool {
        if report.outcome == CaseOutcome::Skipped {
            // Nothing was sent.
            return self.process.is_running();
        }
        let is_up = self.is_up(WATCH_AFTER_CASE, interrupted);
        if let Some(mut crash) = self.crash.take() {
            if self.output == OutputUse::Hidden {
                crash.last_line = crash.last_line.map(|_| OUTPUT_HIDDEN.to_owned());
            }
            add_crash(&crash, report);
        }
        is_up
    }

    fn is_up(&mut self, watch: Duration, interrupted: &dyn Fn() -> bool) -> bool {
        let crash = self.process.restart_if_crashed(watch, interrupted);
        // Only the first one is the effect of the requests as the case describes them.
        self.crash = self.crash.take().or(crash);
        self.process.is_running()
    }
}

/// Adds a crash to the report of the case that caused it, which fails even if every response was
/// as expected.
fn add_crash(crash: &Crash, report: &mut CaseReport) {
    let restarted = crash.not_restarted.as_deref().unwrap_or("restarted");
    let observed = format!("the receiver {} ({restarted})", crash.ending);
    if !report.observed.is_empty() {
        report.observed.push_str("; ");
    }
    report.observed.push_str(&observed);
    if let Some(line) = &crash.last_line {
        report.observed.push_str(": ");
        report.observed.push_str(&sanitize::line(line));
    }
    report.outcome = CaseOutcome::Fail;
    report.consequence.get_or_insert_with(|| {
        "A crash loses every other delivery in progress, and those that arrive until it runs again."
            .to_owned()
    });
}
