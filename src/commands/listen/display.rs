//! The printing side of `listen`: shows events as they come, and obeys signals even if nobody reads
//! what it shows.

use crate::commands::context::Context;
use crate::commands::listen::delivery_view::Viewer;
use crate::commands::listen::event::ServiceEvent;
use crate::commands::listen::event_queue::EventReceiver;
use crate::commands::listen::redact::Redactor;
use crate::commands::listen::report::Stopped;
use crate::commands::listen::service::WebhookService;
use crate::engine::explain::Explainer;
use crate::error::{Error, Exit};
use crate::io::background_output::BackgroundOutput;
use crate::io::environment::{OutputStream, Signal};
use crate::output::error::Error as OutputError;
use crate::output::printer::Report;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// How often to look for a signal.
const POLL: Duration = Duration::from_millis(20);

/// How long a reader may read nothing once a signal has come, until it is given up.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long to try to say what was not shown.
const LAST_WORD: Duration = Duration::from_millis(500);

/// Prints events by a thread that may block, and watches for signals meanwhile.
#[derive(Debug)]
pub(super) struct Display {
    news: EventReceiver,
    signals: Receiver<Signal>,
    output: BackgroundOutput,
    /// What the printer wrote to before.
    direct: (OutputStream, OutputStream),
    viewer: Viewer,
    /// What kept something from being printed.
    failed: Option<Error>,
    signalled: Option<(Signal, Instant)>,
}

/// What became of the wait for an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DisplayStep {
    /// An event was shown, or none came yet.
    GoOn,
    /// A signal came, or no event can come any more.
    End,
}

impl Display {
    /// Lets the printer write in the background, until [`end`](Self::end).
    pub(super) fn start(
        context: &mut Context<'_>,
        news: EventReceiver,
        signals: Receiver<Signal>,
        explainer: Explainer,
        redact: bool,
    ) -> Result<Self, Error> {
        let output = BackgroundOutput::start(context.env.stdout(), context.env.stderr())?;
        let direct = context.printer.redirect(output.stdout(), output.stderr());
        let viewer = Viewer::new(explainer, redact.then(Redactor::default));
        let (failed, signalled) = (None, None);
        Ok(Self { news, signals, output, direct, viewer, failed, signalled })
    }

    /// Prints. A full disk behind standard output is no reason to lose deliveries: it is said once,
    /// and is the exit status in the end.
    pub(super) fn show<R: Report>(&mut self, context: &mut Context<'_>, report: &R) {
        if let Err(error) = context.printer.report(report) {
            self.fail(context, error.into());
        }
    }

    fn fail(&mut self, context: &mut Context<'_>, error: Error) {
        if self.failed.is_none() {
            context
                .printer
                .note("nothing more can be printed; deliveries are answered all the same");
            self.failed = Some(error);
        }
    }

    /// Shows the next event, if one comes soon and there is room to print it.
    pub(super) fn step(&mut self, context: &mut Context<'_>, desk: &WebhookService) -> DisplayStep {
        if self.output.wait_for_room(POLL) {
            note_store(context, desk);
            match self.news.recv_timeout(POLL) {
                Ok(event) => self.print(context, desk, event),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return DisplayStep::End,
            }
        }
        if self.has_signal() { DisplayStep::End } else { DisplayStep::GoOn }
    }

    /// Returns the signal that has come, as an exit status.
    pub(super) fn signal(&self) -> Option<Exit> {
        self.signalled.map(|(signal, _)| signal.into())
    }

    /// Shows what still waits and the counts, waits for the reader and gives the printer its streams
    /// back.
    ///
    /// A reader that is slow gets everything. One that reads nothing is given up [`PATIENCE`] after a
    /// signal: without one the user has not asked for an end.
    pub(super) fn end(
        mut self,
        context: &mut Context<'_>,
        desk: &WebhookService,
        saved_to: Option<String>,
    ) -> Result<(), Error> {
        // What was answered while the server drained is news as well.
        while self.wait_for_room()
            && let Ok(event) = self.news.try_recv()
        {
            self.print(context, desk, event);
        }
        note_store(context, desk);
        let not_shown =
            desk.dropped() + std::iter::from_fn(|| self.news.try_recv().ok()).count() as u64;
        if not_shown > 0 {
            context.printer.note(&too_slow(not_shown));
        }
        self.show(context, &Stopped { counts: desk.counts(), saved_to, not_shown });
        self.restore(context, not_shown);
        self.failed.map_or(Ok(()), Err)
    }

    /// Waits until everything is printed, and gives the printer its streams back.
    pub(super) fn restore(&mut self, context: &mut Context<'_>, not_shown: u64) {
        while !self.output.wait_until_written(POLL) && !self.is_given_up() {}
        if let Some(error) = self.output.take_error()
            && !context.printer.reader_has_left(&error)
        {
            self.fail(context, OutputError::Answer(error).into());
            let _ = self.output.wait_until_written(LAST_WORD);
        }
        let unwritten = self.output.unwritten();
        let (out, err) = self.direct.clone();
        context.printer.redirect(out, err);
        // Standard error may be blocked as well: another thread says it, or nobody does.
        if unwritten > 0
            && let Ok(last) = BackgroundOutput::start(context.env.stdout(), context.env.stderr())
        {
            let (out, err) = context.printer.redirect(last.stdout(), last.stderr());
            context.printer.note(&too_slow(not_shown + unwritten));
            let _ = last.wait_until_written(LAST_WORD);
            context.printer.redirect(out, err);
        }
    }

    fn wait_for_room(&mut self) -> bool {
        loop {
            if self.output.wait_for_room(POLL) {
                return true;
            }
            if self.is_given_up() {
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

    /// Returns `true` if the reader has read nothing for too long since a signal came.
    fn is_given_up(&mut self) -> bool {
        self.has_signal()
            && self.signalled.is_some_and(|(_, at)| self.output.stalled_since(at) >= PATIENCE)
    }

    fn print(&mut self, context: &mut Context<'_>, desk: &WebhookService, event: ServiceEvent) {
        match event {
            ServiceEvent::Delivered(delivered) => {
                let view = self.viewer.view(desk.judge(), &delivered);
                self.show(context, &view);
            }
            ServiceEvent::Forwarded(seq, forwarded) => {
                if !context.printer.is_quiet() || context.printer.is_json() {
                    let view = self.viewer.view_forwarded(seq, forwarded);
                    self.show(context, &view);
                }
            }
            ServiceEvent::Trouble(text) => context.printer.note(&text),
            ServiceEvent::Visit(text) => context.printer.detail(&text),
        }
    }
}

/// Prints what the store has to tell, such as that a file was opened anew.
fn note_store(context: &mut Context<'_>, desk: &WebhookService) {
    desk.store_notes().iter().for_each(|note| context.printer.note(note));
}

fn too_slow(lines: u64) -> String {
    format!("{lines} lines were not shown: whoever reads them is too slow")
}
