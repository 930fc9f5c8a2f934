//! The filter options that `verify`, `replay` and `convert` share, and the selection of captures.

use crate::commands::context::Context;
use crate::commands::lost_bytes;
use crate::commands::value_parsers::{positive_count_argument, time_bound_argument};
use crate::domain::event_ref::EventRef;
use crate::domain::secret::Keyring;
use crate::domain::time::TimeBound;
use crate::domain::verdict::Verdict;
use crate::engine::judge::{Judge, PayloadScope, Strictness};
use crate::engine::request_filter::{Exclusion, Exclusions, RequestFilter};
use crate::error::{Error, Exit};
use crate::io::captures::{CapturedRequest, Captures};
use crate::io::environment::Environment;
use clap::Args;
use jiff::Timestamp;
use std::collections::VecDeque;
use std::num::NonZeroUsize;

/// The options that select requests. A request must pass all of them.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Filters")]
pub struct FilterArgs {
    /// Only requests of this event: `created`, `leadpro:lead.created`
    #[arg(long, value_name = "EVENT")]
    event: Option<EventRef>,

    /// Only requests with this message id, compared whole
    #[arg(long, value_name = "ID")]
    id: Option<String>,

    /// Only requests received since this time, such as `1h` for one hour ago
    ///
    /// The time is RFC 3339, `@` and Unix seconds, or a duration before now. A request whose file does not say when it was received never matches.
    #[arg(long, value_name = "TIME", value_parser = time_bound_argument)]
    since: Option<TimeBound>,

    /// Only requests received before this time
    #[arg(long, value_name = "TIME", value_parser = time_bound_argument)]
    before: Option<TimeBound>,

    /// Only requests that are not valid, as `verify` judges; needs a secret
    #[arg(long)]
    failed: bool,

    /// Only the last N of the requests that pass the other filters
    #[arg(long, value_name = "N", value_parser = positive_count_argument)]
    last: Option<NonZeroUsize>,
}

/// The selection of one run: the filters, with times resolved and names checked.
#[derive(Clone, Debug, Default)]
pub(super) struct Selection {
    pub(super) filter: RequestFilter,
    /// The number of requests that are kept, the last ones; `None` for all of them.
    pub(super) last: Option<NonZeroUsize>,
}

impl FilterArgs {
    /// Returns `true` if the selection depends on the secrets.
    pub(super) fn needs_secrets(&self) -> bool {
        self.failed
    }

    /// Checks the options, and resolves durations as of `now`.
    pub(super) fn selection(
        &self,
        context: &Context<'_>,
        keyring: &Keyring,
        now: Timestamp,
    ) -> Result<Selection, Error> {
        if let Some(event) = &self.event {
            context.packs.find_event(event, context.provider())?;
        }
        let [since, before] =
            [self.since, self.before].map(|bound| bound.map(|bound| bound.resolve(now)));
        if let (Some(since), Some(before)) = (since, before)
            && since >= before
        {
            return Err(Error::Option {
                message: format!("`--since` is {since}, which is not before `--before` {before}"),
                hint: "exchange the two times: `--since` is the earlier one".to_owned(),
            });
        }
        if self.failed && keyring.is_empty() {
            return Err(Error::Unjudged {
                requests: "any request".to_owned(),
                missing: "no secret is configured".to_owned(),
            });
        }
        let filter = RequestFilter {
            event: self.event.clone(),
            message_id: self.id.clone(),
            since,
            before,
            failed: self.failed,
        };
        Ok(Selection { filter, last: self.last })
    }
}

/// Says how many lines had no request; `None` if all had one.
pub(super) fn describe_skipped_lines(count: usize) -> Option<String> {
    match count {
        0 => None,
        1 => Some("1 line without a request was skipped".to_owned()),
        lines => Some(format!("{lines} lines without a request were skipped")),
    }
}

/// Returns `true` if nothing was counted, so that the key is left out.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
pub(super) fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// Counts what a selection excludes, and reports it at the end.
#[derive(Clone, Debug, Default)]
pub(super) struct SelectionResult {
    pub(super) exclusions: Exclusions,
    /// What was missing to verify the first request that could not be verified.
    missing: Option<String>,
}

impl SelectionResult {
    /// Counts a request that the filters exclude.
    pub(super) fn add(&mut self, reason: Exclusion, verdict: Option<&Verdict>) {
        self.exclusions.add(reason);
        if reason == Exclusion::Unchecked {
            let provider = verdict.and_then(|verdict| verdict.provider.as_deref());
            let has_no_body = verdict.is_some_and(Verdict::has_no_body);
            self.missing.get_or_insert_with(|| match provider {
                _ if has_no_body => "the body was not saved".to_owned(),
                Some(id) => format!("no secret for `{id}`"),
                None => "the provider was not recognised".to_owned(),
            });
        }
    }

    /// Adds the counts of a later part of the input.
    pub(super) fn merge(&mut self, part: &Self) {
        self.exclusions.merge(&part.exclusions);
        if self.missing.is_none() {
            self.missing.clone_from(&part.missing);
        }
    }

    /// Prints that no request was selected, or that some could not be verified, and returns the
    /// exit status of the command, which is `exit` if every request was judged.
    pub(super) fn finish(&self, context: &mut Context<'_>, selected: usize, exit: Exit) -> Exit {
        let unchecked = self.exclusions.count(Exclusion::Unchecked);
        if unchecked == 0 {
            if selected > 0 || self.exclusions.total() == 0 {
                return exit;
            }
            let error = Error::NoMatch { excluded: self.exclusions.to_string() };
            context.printer.error(&error);
            return error.exit();
        }
        let missing = self.missing.clone().unwrap_or_default();
        let requests = match unchecked {
            1 => "1 request".to_owned(),
            count => format!("{count} requests"),
        };
        let error = Error::Unjudged { requests, missing };
        context.printer.error(&error);
        // It is not known if a request matches: that is neither a success nor "no request matches".
        if exit == Exit::Success { error.exit() } else { exit }
    }
}

/// The captures that a selection contains, in the order of the input.
///
/// Errors are passed on at once. Only the requests of `--last` are kept in memory.
pub(super) struct SelectedCaptures<'e> {
    captures: Captures,
    selection: Selection,
    /// The judge of the filters that need a verdict.
    judge: Option<Judge>,
    /// The time of `--now`.
    now: Option<Timestamp>,
    env: &'e Environment,
    kept: VecDeque<CapturedRequest>,
    pub(super) result: SelectionResult,
    /// The number of captures that were returned.
    pub(super) selected: usize,
}

impl<'e> SelectedCaptures<'e> {
    /// Selects from these captures.
    pub(super) fn new(
        context: &Context<'e>,
        captures: Captures,
        selection: Selection,
        keyring: Keyring,
        now: Option<Timestamp>,
    ) -> Self {
        let judge = selection.filter.needs_verdict().then(|| {
            let payloads =
                if selection.filter.failed { PayloadScope::All } else { PayloadScope::None };
            let named = context.providers().to_vec();
            let strictness = Strictness { strict: false, payloads };
            Judge::new(context.packs.clone(), keyring, named, strictness)
        });
        let (env, kept) = (context.env, VecDeque::new());
        let result = SelectionResult::default();
        Self { captures, selection, judge, now, env, kept, result, selected: 0 }
    }

    /// Returns the number of lines without a request so far.
    pub(super) fn skipped_lines(&self) -> usize {
        self.captures.skipped_lines
    }

    /// Returns `true` if the capture passes the filters, and counts it otherwise.
    fn passes(&mut self, captured: &mut CapturedRequest) -> bool {
        let filter = &self.selection.filter;
        if let Some(reason) = filter.excludes_time(captured.found.capture.received_at) {
            self.result.add(reason, None);
            return false;
        }
        let Some(judge) = &self.judge else { return true };
        let now = self.now.unwrap_or_else(|| self.env.now());
        // Like `verify`, it restores a body of which only the JSON value is known.
        lost_bytes::restore(judge, captured, now);
        let capture = &captured.found.capture;
        let at = self.now.or(capture.received_at).unwrap_or(now);
        let verdict = judge.judge_capture(capture, at).verdict;
        match filter.excludes_verdict(&verdict) {
            Some(reason) => {
                self.result.add(reason, Some(&verdict));
                false
            }
            None => true,
        }
    }
}

impl Iterator for SelectedCaptures<'_> {
    type Item = Result<CapturedRequest, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.captures.next() {
                Some(Ok(mut captured)) => {
                    if !self.passes(&mut captured) {
                        continue;
                    }
                    let Some(last) = self.selection.last else {
                        self.selected += 1;
                        return Some(Ok(captured));
                    };
                    if self.kept.len() >= last.get() {
                        self.kept.pop_front();
                        self.result.add(Exclusion::NotLast, None);
                    }
                    self.kept.push_back(captured);
                }
                Some(Err(error)) => return Some(Err(error.into())),
                None => {
                    let kept = self.kept.pop_front()?;
                    self.selected += 1;
                    return Some(Ok(kept));
                }
            }
        }
    }
}
