//! A chunked list: it grows without being copied, so it never needs twice its memory.

/// Values in chunks of one size.
#[derive(Debug)]
pub(super) struct ChunkedList<T> {
    size: usize,
    chunks: Vec<Vec<T>>,
}

impl<T: Copy> ChunkedList<T> {
    /// Creates an empty list in chunks of `size` values, at least one.
    pub(super) fn new(size: usize) -> Self {
        Self { size: size.max(1), chunks: Vec::new() }
    }

    pub(super) fn push(&mut self, value: T) {
        if self.chunks.last().is_none_or(|last| last.len() == self.size) {
            self.chunks.push(Vec::with_capacity(self.size));
        }
        if let Some(last) = self.chunks.last_mut() {
            last.push(value);
        }
    }

    /// Sets the value at index `index`; unset values before it become `default`.
    pub(super) fn set(&mut self, index: usize, value: T, default: T) {
        let (chunk, offset) = (index / self.size, index % self.size);
        while self.chunks.len() <= chunk {
            self.chunks.push(vec![default; self.size]);
        }
        self.chunks[chunk][offset] = value;
    }

    /// Returns the chunks in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[T]> {
        self.chunks.iter().map(Vec::as_slice)
    }

    /// Copies all values into one list. Each chunk is freed before the next one is copied.
    pub(super) fn into_vec(self) -> Vec<T> {
        let mut all = Vec::with_capacity(self.chunks.iter().map(Vec::len).sum());
        for chunk in self.chunks {
            all.extend_from_slice(&chunk);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_order_and_index_across_chunks() {
        let mut pushed = ChunkedList::new(3);
        (0..7).for_each(|value| pushed.push(value));
        assert_eq!(pushed.iter().map(<[_]>::len).collect::<Vec<_>>(), [3, 3, 1]);
        assert_eq!(pushed.into_vec(), [0, 1, 2, 3, 4, 5, 6]);
        let mut set = ChunkedList::new(2);
        for (index, value) in [(4, 'e'), (0, 'a'), (3, 'd')] {
            set.set(index, value, '-');
        }
        assert_eq!(set.into_vec(), ['a', '-', '-', 'd', 'e', '-']);
    }
}
