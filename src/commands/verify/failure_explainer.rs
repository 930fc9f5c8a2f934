//! The closer look at what does not hold: why, and whose signature it may be.

use crate::commands::verify::batch::Unverified;
use crate::domain::message::Message;
use crate::domain::verdict::Verdict;
use crate::engine::explain::{Explainer, Failure, Neighbour};
use crate::engine::judge::Judge;
use crate::io::input;
use crate::protocols::requests;
use crate::protocols::requests::FoundRequest;
use std::cell::OnceCell;
use std::path::{Path, PathBuf};

/// How much of the other files is kept to be compared with.
const MOST_KEPT: u64 = 8 << 20;

/// What is the same for every closer look of one run.
pub(super) struct FailureExplainer<'a> {
    judge: &'a Judge,
    explainer: Explainer,
    files: &'a [PathBuf],
    /// The requests of all files, read when the first of them is asked for.
    elsewhere: OnceCell<Vec<(String, Message)>>,
}

impl<'a> FailureExplainer<'a> {
    pub(super) fn new(judge: &'a Judge, explainer: Explainer, files: &'a [PathBuf]) -> Self {
        Self { judge, explainer, files, elsewhere: OnceCell::new() }
    }

    /// Completes a verdict with the reason, as far as one is found.
    pub(super) fn look(
        &mut self,
        doubtful: &mut Unverified,
        path: &Path,
        requests: &[FoundRequest],
    ) {
        let Some(found) = requests.get(doubtful.request) else { return };
        let Self { judge, explainer, files, elsewhere } = self;
        let neighbours = || {
            let beside = requests.iter().map(|found| Neighbour {
                source: found.source(path),
                body: &found.capture.message.body,
            });
            let elsewhere = elsewhere.get_or_init(|| requests_of(files)).iter();
            let elsewhere = elsewhere
                .map(|(source, message)| Neighbour { source: source.clone(), body: &message.body });
            beside.chain(elsewhere).collect()
        };
        let Verdict { event, signature, .. } = &mut doubtful.judged.verdict;
        let failure = Failure {
            message: &found.capture.message,
            at: doubtful.at,
            pack: doubtful.pack.as_deref(),
            event: event.as_deref(),
        };
        explainer.explain(judge, &failure, &neighbours, signature);
    }
}

/// The requests of several files, as far as they are small. What cannot be read is said elsewhere.
fn requests_of(files: &[PathBuf]) -> Vec<(String, Message)> {
    let mut left = MOST_KEPT;
    let mut kept = Vec::new();
    let several = if files.len() > 1 { files } else { &[] };
    for path in several.iter().filter(|path| path.as_os_str() != "-") {
        let Ok(bytes) = input::read_regular("request", path, left) else { continue };
        left -= bytes.len() as u64;
        for found in requests::read(&bytes).into_iter().flatten().flatten() {
            kept.push((found.source(path), found.capture.message));
        }
    }
    kept
}
