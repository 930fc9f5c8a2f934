//! The display of `listen`: prints events as they arrive, and handles signals even if the reader of
//! the output is stuck.

use crate::commands::context::Context;
use crate::commands::listen::delivery_view::Viewer;
use crate::commands::listen::event::ServiceEvent;
use crate::commands::listen::event_queue::EventReceiver;
use crate::commands::listen::redact::Redactor;
use crate::commands::listen::report::{AwaitedResult, Counts, Stopped};
use crate::commands::listen::service::WebhookService;
use crate::engine::explain::Explainer;
use crate::error::{Error, Exit};
use crate::io::background_output::BackgroundOutput;
use crate::io::environment::{OutputStream, Signal};
use crate::output::error::Error as OutputError;
use crate::output::printer::Report;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// The interval at which signals are polled.
const POLL: Duration = Duration::from_millis(20);

/// The maximum time after a signal for which the reader of the output may read nothing before the
/// rest is dropped.
const READER_TIMEOUT: Duration = Duration::from_secs(5);

/// The maximum time to write the final note on lines that were not printed.
const FINAL_WRITE_TIMEOUT: Duration = Duration::from_millis(500);

/// Prints events through a background thread, which may block, and watches for signals meanwhile.
#[derive(Debug)]
pub(super) struct Display {
    events: EventReceiver,
    signals: Receiver<Signal>,
    output: BackgroundOutput,
    /// The original streams of the printer, to be restored at the end.
    original_streams: (OutputStream, OutputStream),
    viewer: Viewer,
    /// The first error of printing.
    first_error: Option<Error>,
    signalled: Option<(Signal, Instant)>,
}

/// The result of one step of the display.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DisplayStep {
    /// An event was printed, or none has arrived yet.
    Continue,
    /// A signal arrived, or no event can arrive any more.
    End,
}

impl Display {
    /// Redirects the printer to a background thread, until [`end`](Self::end).
    pub(super) fn start(
        context: &mut Context<'_>,
        events: EventReceiver,
        signals: Receiver<Signal>,
        explainer: Explainer,
        redact: bool,
    ) -> Result<Self, Error> {
        let output = BackgroundOutput::start(context.env.stdout(), context.env.stderr())?;
        let direct = context.printer.redirect(output.stdout(), output.stderr());
        let viewer = Viewer::new(explainer, redact.then(Redactor::default));
        let (failed, signalled) = (None, None);
        Ok(Self {
            events,
            signals,
            output,
            original_streams: direct,
            viewer,
            first_error: failed,
            signalled,
        })
    }

    /// Prints a report. A full disk behind standard output must not lose deliveries: the error is
    /// noted once, and determines the exit status at the end.
    pub(super) fn show<R: Report>(&mut self, context: &mut Context<'_>, report: &R) {
        if let Err(error) = context.printer.report(report) {
            self.record_error(context, error.into());
        }
    }

    /// Ends the line on which the terminal has echoed `^C`.
    fn end_echo(&mut self, context: &mut Context<'_>) {
        if let Err(error) = context.printer.end_echo() {
            self.record_error(context, error.into());
        }
    }

    fn record_error(&mut self, context: &mut Context<'_>, error: Error) {
        if self.first_error.is_none() {
            context.printer.note("printing failed and has stopped; deliveries are still processed");
            self.first_error = Some(error);
        }
    }

    /// Prints the next event, if one arrives soon and the output has room for it.
    pub(super) fn step(
        &mut self,
        context: &mut Context<'_>,
        service: &WebhookService,
    ) -> DisplayStep {
        if self.output.wait_for_room(POLL) {
            note_store(context, service);
            match self.events.recv_timeout(POLL) {
                Ok(event) => self.print(context, service, event),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return DisplayStep::End,
            }
        }
        if self.has_signal() { DisplayStep::End } else { DisplayStep::Continue }
    }

    /// Returns `true` if a signal has arrived.
    pub(super) fn is_interrupted(&mut self) -> bool {
        self.has_signal()
    }

    /// Returns the signal that has arrived, as an exit status.
    pub(super) fn signal(&self) -> Option<Exit> {
        self.signalled.map(|(signal, _)| signal.into())
    }

    /// Prints the queued events and the counts, waits for the reader and restores the streams of
    /// the printer.
    ///
    /// `reason` returns the evidence that is missing, if the counts are not the requested ones.
    ///
    /// A slow reader gets everything. If it reads nothing for [`READER_TIMEOUT`] after a signal,
    /// the rest is dropped. Without a signal the user has not asked to stop, and there is no limit.
    pub(super) fn end(
        mut self,
        context: &mut Context<'_>,
        service: &WebhookService,
        saved_to: Option<String>,
        reason: &dyn Fn(&Counts) -> Option<String>,
    ) -> Result<(), Error> {
        if matches!(self.signalled, Some((Signal::Interrupt, _))) {
            self.end_echo(context);
        }
        // Deliveries that were processed while the server drained have events as well.
        while self.wait_for_room()
            && let Ok(event) = self.events.try_recv()
        {
            self.print(context, service, event);
        }
        note_store(context, service);
        let dropped_lines =
            service.dropped() + std::iter::from_fn(|| self.events.try_recv().ok()).count() as u64;
        if dropped_lines > 0 {
            context.printer.note(&dropped_lines_note(dropped_lines));
        }
        let counts = service.counts();
        let reason = reason(&counts);
        let awaited = service.awaited();
        let came_instead = awaited.came_instead();
        let results = awaited
            .results()
            .map(|(condition, seq)| AwaitedResult { condition: condition.to_string(), seq });
        let awaited = results.collect();
        let stopped = Stopped { counts, saved_to, dropped_lines, reason, awaited, came_instead };
        self.show(context, &stopped);
        self.restore(context, dropped_lines);
        self.first_error.map_or(Ok(()), Err)
    }

    /// Waits until everything is printed, and restores the streams of the printer.
    pub(super) fn restore(&mut self, context: &mut Context<'_>, dropped_lines: u64) {
        while !self.output.wait_until_written(POLL) && !self.is_reader_stuck() {}
        if let Some(error) = self.output.take_error()
            && !context.printer.is_reader_gone(&error)
        {
            self.record_error(context, OutputError::Write(error).into());
            let _ = self.output.wait_until_written(FINAL_WRITE_TIMEOUT);
        }
        let unwritten = self.output.unwritten();
        let (stdout, stderr) = self.original_streams.clone();
        context.printer.redirect(stdout, stderr);
        // Standard error may be blocked as well: the final note is written by another thread, which
        // is abandoned after a short time.
        if unwritten > 0
            && let Ok(last) = BackgroundOutput::start(context.env.stdout(), context.env.stderr())
        {
            let (stdout, stderr) = context.printer.redirect(last.stdout(), last.stderr());
            context.printer.note(&dropped_lines_note(dropped_lines + unwritten));
            let _ = last.wait_until_written(FINAL_WRITE_TIMEOUT);
            context.printer.redirect(stdout, stderr);
        }
    }

    fn wait_for_room(&mut self) -> bool {
        loop {
            if self.output.wait_for_room(POLL) {
                return true;
            }
            if self.is_reader_stuck() {
                return false;
            }
        }
    }

    fn has_signal(&mut self) -> bool {
        if self.signalled.is_none() {
            self.signalled = self.signals.try_recv().ok().map(|signal| (signal, Instant::now()));
        }
        self.signalled.is_some()
    }

    /// Returns `true` if the reader has read nothing for too long since a signal arrived.
    fn is_reader_stuck(&mut self) -> bool {
        self.has_signal()
            && self.signalled.is_some_and(|(_, at)| self.output.stalled_since(at) >= READER_TIMEOUT)
    }

    fn print(&mut self, context: &mut Context<'_>, service: &WebhookService, event: ServiceEvent) {
        match event {
            ServiceEvent::Delivered(delivered) => {
                let view = self.viewer.view(service.judge(), &delivered);
                self.show(context, &view);
            }
            ServiceEvent::Forwarded(seq, forwarded) => {
                if !context.printer.is_quiet() || context.printer.is_json() {
                    let view = self.viewer.view_forwarded(seq, forwarded);
                    self.show(context, &view);
                }
            }
            ServiceEvent::Warning(text) => context.printer.note(&text),
            ServiceEvent::OtherRequest(text) => context.printer.detail(&text),
            ServiceEvent::Handshake(event) => self.show(context, &event),
            ServiceEvent::Fetched(event) => self.show(context, &event),
        }
    }
}

/// Prints the notes of the store, such as that a file was reopened.
fn note_store(context: &mut Context<'_>, service: &WebhookService) {
    service.store_notes().iter().for_each(|note| context.printer.note(note));
}

/// Returns the note on lines that were dropped.
fn dropped_lines_note(lines: u64) -> String {
    format!("{lines} lines were not shown: the reader of the output is too slow")
}
