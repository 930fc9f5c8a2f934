//! Selected results: counts what the filters exclude, and keeps the last N results until the end.

use crate::commands::filter_args::{Selection, SelectionResult};
use crate::commands::verify::batch::{Batch, BatchItem};
use crate::engine::request_filter::Exclusion;
use crate::protocols::requests::FoundRequest;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};

/// The results of a run, as far as the selection has decided about them.
pub(super) struct SelectedResults {
    pub(super) selection: Selection,
    pub(super) result: SelectionResult,
    /// With `--last`: the last results so far.
    kept: VecDeque<KeptResult>,
}

/// A result that is printed at the end, unless enough others follow.
struct KeptResult {
    path: PathBuf,
    item: BatchItem,
    request: FoundRequest,
}

impl SelectedResults {
    pub(super) fn new(selection: Selection) -> Self {
        Self { selection, result: SelectionResult::default(), kept: VecDeque::new() }
    }

    /// Returns the part of a batch that can be printed now: all of it, or with `--last` only the
    /// unreadable pieces.
    pub(super) fn select(&mut self, path: &Path, mut batch: Batch) -> Batch {
        self.result.merge(&batch.excluded);
        let Some(last) = self.selection.last else { return batch };
        let requests = std::mem::take(&mut batch.requests);
        let mut unreadable = Vec::new();
        for item in batch.items {
            let index = match &item {
                BatchItem::Valid(run) => run.request,
                BatchItem::Unverified(unverified) => unverified.request,
                BatchItem::Unreadable(_) => {
                    unreadable.push(item);
                    continue;
                }
            };
            let Some(request) = requests.get(index).cloned() else { continue };
            if self.kept.len() >= last.get() {
                self.kept.pop_front();
                self.result.add(Exclusion::NotLast, None);
            }
            self.kept.push_back(KeptResult { path: path.to_owned(), item, request });
        }
        Batch { items: unreadable, ..Batch::default() }
    }

    /// Returns the kept results in the order of the input, in one batch for each file.
    pub(super) fn take_last(&mut self) -> Vec<(PathBuf, Batch)> {
        let mut batches: Vec<(PathBuf, Batch)> = Vec::new();
        for KeptResult { path, mut item, request } in self.kept.drain(..) {
            if batches.last().is_none_or(|(known, _)| *known != path) {
                batches.push((path, Batch::default()));
            }
            let Some((_, batch)) = batches.last_mut() else { continue };
            if let BatchItem::Unverified(unverified) = &mut item {
                unverified.request = batch.requests.len();
            }
            batch.items.push(item);
            batch.requests.push(request);
        }
        batches
    }
}
