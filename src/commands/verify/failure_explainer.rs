//! Explanations of failed verifications, which compare a request with the others of the run.

use crate::commands::verify::batch::Unverified;
use crate::domain::capture::BodySaved;
use crate::domain::message::Message;
use crate::domain::verdict::{Explanation, Verdict};
use crate::engine::explain::{Explainer, Failure, Neighbour};
use crate::engine::judge::Judge;
use crate::io::input;
use crate::protocols::requests;
use crate::protocols::requests::FoundRequest;
use std::cell::OnceCell;
use std::path::{Path, PathBuf};

/// The maximum total size of the files whose requests are kept for comparison.
const MAX_KEPT: u64 = 8 << 20;

/// The maximum number of other requests of one input with which a signature is compared.
const MAX_NEIGHBOURS: usize = 256;

/// The codes of explanations that are true only as of the time at which a request was judged.
const TIME_CODES: [&str; 4] = ["expired", "not-yet-valid", "stale-timestamp", "future-timestamp"];

/// Explains the failures of one run.
pub(super) struct FailureExplainer<'a> {
    judge: &'a Judge,
    explainer: Explainer,
    files: &'a [PathBuf],
    /// The requests of all files, read at the first failure that needs them.
    others: OnceCell<Vec<(String, Message)>>,
}

impl<'a> FailureExplainer<'a> {
    pub(super) fn new(judge: &'a Judge, explainer: Explainer, files: &'a [PathBuf]) -> Self {
        Self { judge, explainer, files, others: OnceCell::new() }
    }

    /// Adds the reason of the failure to a verdict, if one is found. `requests` are those of the
    /// same batch.
    pub(super) fn explain(
        &mut self,
        unverified: &mut Unverified,
        path: &Path,
        requests: &[FoundRequest],
    ) {
        let Some(found) = requests.get(unverified.request) else { return };
        if found.capture.body_saved != BodySaved::Full {
            return;
        }
        let Self { judge, explainer, files, others } = self;
        let neighbours = || {
            // Those nearest to it: comparing each failure with all others would be quadratic.
            let start = unverified.request.saturating_sub(MAX_NEIGHBOURS / 2);
            let near = requests.iter().skip(start).take(MAX_NEIGHBOURS);
            let same_batch = near.map(|found| Neighbour {
                source: found.source(path),
                body: &found.capture.message.body,
            });
            let others = others.get_or_init(|| read_requests(files)).iter().take(MAX_NEIGHBOURS);
            let others = others
                .map(|(source, message)| Neighbour { source: source.clone(), body: &message.body });
            same_batch.chain(others).collect()
        };
        let Verdict { event, signature, .. } = &mut unverified.report.verdict;
        let failure = Failure {
            message: &found.capture.message,
            at: unverified.at,
            pack: unverified.pack.as_deref(),
            event: event.as_deref(),
        };
        explainer.explain(judge, &failure, &neighbours, signature);
        if unverified.is_judged_now {
            add_unknown_arrival(&mut signature.explanations, found.local_time.as_deref());
        }
    }
}

/// Says of every explanation that depends on the time of arrival that this is not known;
/// `local_time` is that of the log line, if it has no zone.
fn add_unknown_arrival(explanations: &mut [Explanation], local_time: Option<&str>) {
    let reason = match local_time {
        Some(time) => format!("the time of the log line, `{time}`, has no zone"),
        None => "the time of arrival is unknown".to_owned(),
    };
    for explanation in explanations {
        if TIME_CODES.contains(&explanation.code) {
            let text =
                format!(" It was judged as of now, because {reason}: pass it as `--now TIME`.");
            explanation.message.push_str(&text);
        }
    }
}

/// Reads the requests of several files, up to [`MAX_KEPT`]. Unreadable files are reported
/// elsewhere.
fn read_requests(files: &[PathBuf]) -> Vec<(String, Message)> {
    let mut remaining = MAX_KEPT;
    let mut kept = Vec::new();
    // The requests of a single file are in its batch already.
    let files = if files.len() > 1 { files } else { &[] };
    for path in files.iter().filter(|path| path.as_os_str() != "-") {
        let Ok(bytes) = input::read_regular("request", path, remaining) else { continue };
        remaining -= bytes.len() as u64;
        for found in requests::read(&bytes).into_iter().flatten().flatten() {
            kept.push((found.source(path), found.capture.message));
        }
    }
    kept
}
