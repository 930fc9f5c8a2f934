//! The maximum number of events within a sliding window of time.

use crate::domain::time::Moment;
use std::collections::VecDeque;
use std::time::Duration;

/// A window that slides over chronological times.
#[derive(Debug)]
pub(super) struct Window {
    span: Duration,
    /// The times in the window, each with its number of events: many may have the same time.
    inside: VecDeque<(Moment, u64)>,
    count: u64,
    /// The maximum number of events in the window so far.
    pub(super) max_count: u64,
    /// The time of the first event in that window.
    pub(super) max_count_at: Option<Moment>,
}

impl Window {
    pub(super) fn new(span: Duration) -> Self {
        Self { span, inside: VecDeque::new(), count: 0, max_count: 0, max_count_at: None }
    }

    /// Adds an event; `at` is never before that of the last one.
    pub(super) fn push(&mut self, at: Moment) {
        while let Some((_, events)) =
            self.inside.front().filter(|(first, _)| at.since(*first) >= self.span)
        {
            self.count -= events;
            self.inside.pop_front();
        }
        match self.inside.back_mut().filter(|(last, _)| *last == at) {
            Some((_, events)) => *events += 1,
            None => self.inside.push_back((at, 1)),
        }
        self.count += 1;
        if self.count > self.max_count {
            self.max_count = self.count;
            self.max_count_at = self.inside.front().map(|(first, _)| *first);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_span_excludes_its_end() {
        let mut window = Window::new(Duration::from_micros(10));
        for (at, greatest, greatest_at) in
            [(5, 1, 5), (14, 2, 5), (15, 2, 5), (16, 3, 14), (30, 3, 14), (31, 3, 14)]
        {
            window.push(Moment(at));
            let found = (window.max_count, window.max_count_at);
            assert_eq!(found, (greatest, Some(Moment(greatest_at))), "{at}");
        }
    }
}
