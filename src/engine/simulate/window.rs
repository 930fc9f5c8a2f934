//! The greatest number of things within a span of time.

use crate::domain::time::Moment;
use std::collections::VecDeque;
use std::time::Duration;

/// Slides over moments that come in order.
#[derive(Debug)]
pub(super) struct Window {
    span: Duration,
    inside: VecDeque<Moment>,
    /// Most that were ever inside at once.
    pub(super) greatest: u64,
    /// When the first of those came.
    pub(super) greatest_at: Option<Moment>,
}

impl Window {
    pub(super) fn new(span: Duration) -> Self {
        Self { span, inside: VecDeque::new(), greatest: 0, greatest_at: None }
    }

    pub(super) fn push(&mut self, at: Moment) {
        while self.inside.front().is_some_and(|first| at.since(*first) >= self.span) {
            self.inside.pop_front();
        }
        self.inside.push_back(at);
        let count = self.inside.len() as u64;
        if count > self.greatest {
            (self.greatest, self.greatest_at) = (count, self.inside.front().copied());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_the_span_is_not_in_it() {
        let mut window = Window::new(Duration::from_micros(10));
        for (at, greatest, greatest_at) in
            [(5, 1, 5), (14, 2, 5), (15, 2, 5), (16, 3, 14), (30, 3, 14), (31, 3, 14)]
        {
            window.push(Moment(at));
            let found = (window.greatest, window.greatest_at);
            assert_eq!(found, (greatest, Some(Moment(greatest_at))), "{at}");
        }
    }
}
