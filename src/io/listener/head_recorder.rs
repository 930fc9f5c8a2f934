//! Head recorder: keeps each request head byte for byte until hyper passes on the request.
//!
//! hyper lower-cases header names and groups repetitions, so the recorder reads the same bytes just
//! before hyper. It must find the same heads in them, and uses the codec in `protocols::http1`,
//! which parses heads with hyper's own parser and frames bodies as hyper does. If it cannot follow
//! the bytes, it stops until the end of the connection: hyper alone decides which bytes are a
//! request, and its own version of the head is used instead.

use crate::protocols::http1::{ChunkDecoder, Framing, RequestHead, request_framing};
use std::collections::VecDeque;

/// The state of one connection's bytes.
#[derive(Debug)]
pub(super) struct HeadRecorder {
    position: Position,
    /// The head that is being received, at most `limit` bytes long.
    head: Vec<u8>,
    limit: usize,
    /// Complete heads whose requests hyper has not passed on yet. They are kept raw, so that they
    /// use no more memory than in hyper's own buffer.
    heads: VecDeque<Vec<u8>>,
}

/// The part of a message that the next byte belongs to.
#[derive(Debug)]
enum Position {
    Head,
    Body(u64),
    Chunks(ChunkDecoder),
    /// Unknown, until the end of the connection.
    Stopped,
}

impl HeadRecorder {
    /// Returns a recorder for a new connection, whose heads have at most `limit` bytes.
    pub(super) fn new(limit: usize) -> Self {
        Self { position: Position::Head, head: Vec::new(), limit, heads: VecDeque::new() }
    }

    /// Follows the next bytes of the connection.
    pub(super) fn follow(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let consumed = match &mut self.position {
                Position::Head => self.append_to_head(bytes),
                Position::Body(left) => {
                    let consumed = min_length(*left, bytes.len());
                    *left -= consumed as u64;
                    if *left == 0 {
                        self.position = Position::Head;
                    }
                    consumed
                }
                Position::Chunks(chunks) => {
                    let Ok(progress) = chunks.decode(bytes, |_| {}) else {
                        self.position = Position::Stopped;
                        return;
                    };
                    if progress.is_done {
                        self.position = Position::Head;
                    }
                    progress.consumed
                }
                Position::Stopped => return,
            };
            bytes = &bytes[consumed..];
        }
    }

    /// Returns the head of the request that hyper passes on now, in the order of arrival.
    pub(super) fn next_head(&mut self) -> Option<RequestHead> {
        let raw = self.heads.pop_front()?;
        let (head, length) = RequestHead::parse(&raw).ok()?;
        (length == raw.len()).then_some(head)
    }

    /// Stops following, because the recorded head differs from the one that hyper read.
    pub(super) fn stop(&mut self) {
        self.position = Position::Stopped;
        self.heads.clear();
        self.head = Vec::new();
    }

    /// Returns the head that hyper has not passed on: a complete one that it refused, or the
    /// beginning of one.
    pub(super) fn pending_head(&self) -> &[u8] {
        self.heads.front().unwrap_or(&self.head)
    }

    /// Returns the beginning of a head that is not complete.
    pub(super) fn unfinished_head(&self) -> Option<&[u8]> {
        (self.heads.is_empty() && !self.head.is_empty()).then_some(self.head.as_slice())
    }

    /// Returns the number of bytes that the kept heads use in memory.
    pub(super) fn bytes_in_memory(&self) -> usize {
        self.head.capacity() + self.heads.iter().map(Vec::capacity).sum::<usize>()
    }

    /// Adds bytes to the head up to its end, and returns their number.
    fn append_to_head(&mut self, bytes: &[u8]) -> usize {
        // Empty lines may come before a request (RFC 9112, section 2.2).
        if self.head.is_empty() && matches!(bytes[0], b'\r' | b'\n') {
            return 1;
        }
        let mut consumed = 0;
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            if self.head.len() + line.len() > self.limit {
                let room = self.limit - self.head.len();
                self.head.extend_from_slice(&line[..room]);
                self.position = Position::Stopped;
                break;
            }
            self.head.extend_from_slice(line);
            consumed += line.len();
            if self.head.ends_with(b"\n\r\n") || self.head.ends_with(b"\n\n") {
                self.finish_head();
                break;
            }
        }
        consumed
    }

    /// Queues a complete head, and finds the framing of the body after it.
    fn finish_head(&mut self) {
        let framing = request_framing(&self.head).ok();
        self.position = match framing.filter(|(_, length)| *length == self.head.len()) {
            Some((Framing::Length(0), _)) => Position::Head,
            Some((Framing::Length(length), _)) => Position::Body(length),
            // hyper limits the chunks; the decoder keeps none of their bytes.
            Some((Framing::Chunked, _)) => Position::Chunks(ChunkDecoder::strict(u64::MAX)),
            // The head is still kept, because the refusal is diagnosed from it.
            Some(_) | None => Position::Stopped,
        };
        self.heads.push_back(std::mem::take(&mut self.head));
    }
}

/// Returns the smaller of `left` and `available`.
fn min_length(left: u64, available: usize) -> usize {
    usize::try_from(left).map_or(available, |left| left.min(available))
}

#[cfg(test)]
mod tests;
