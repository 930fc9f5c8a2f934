//! Incremental decoder for chunked bodies (RFC 9112, section 7.1).

/// The state of decoding one chunked body.
///
/// It buffers no bytes: its state is a few numbers, regardless of how the input is split.
#[derive(Clone, Debug)]
pub struct ChunkDecoder {
    step: Step,
    /// `true` for a saved body, whose lines may end in LF alone and whose size lines may have any
    /// white space around the digits: editors and loggers rewrite both.
    is_lenient: bool,
    /// The size parsed so far from the size line, then the number of bytes left in the chunk.
    size: u64,
    /// The number of bytes so far in the size line, or in all trailers, without newlines.
    line_length: u64,
    /// The maximum of each of the two.
    limit: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// The beginning of a size line.
    Start,
    /// White space before the size; lenient only.
    Blank,
    Size,
    SizeSpace,
    Extension,
    SizeLf,
    Data,
    DataCr,
    DataLf,
    /// The beginning of a line after the last chunk.
    Line,
    Trailer,
    TrailerLf,
    EndLf,
    Done,
}

/// The progress of the decoder in the bytes it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChunkProgress {
    /// The number of bytes that belong to the body: all of them unless it is done.
    pub consumed: usize,
    /// `true` if the body is complete.
    pub is_done: bool,
}

/// An error in a chunked body, with its offset in the input of the last call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChunkError {
    /// The size of a chunk is missing, is not a hexadecimal number or exceeds the limit.
    Size {
        /// The offset of the first invalid byte.
        at: usize,
    },
    /// A chunk is longer than its size.
    DataEnd {
        /// The offset of the first invalid byte.
        at: usize,
    },
    /// A trailer does not end in CRLF, or the trailers exceed the limit.
    Trailer {
        /// The offset of the first invalid byte.
        at: usize,
    },
}

impl ChunkDecoder {
    /// Returns a decoder for a body on a socket. It accepts exactly what hyper accepts, apart from
    /// `limit`, the maximum size of a chunk, of a size line with its extensions, and of all
    /// trailers.
    #[must_use]
    pub fn strict(limit: u64) -> Self {
        Self { step: Step::Start, is_lenient: false, size: 0, line_length: 0, limit }
    }

    /// Returns a decoder without a limit for a body in a file: the size of the file limits it.
    #[must_use]
    pub fn lenient() -> Self {
        Self { is_lenient: true, ..Self::strict(u64::MAX) }
    }

    /// Decodes the next bytes, and passes each piece of data to `data`.
    ///
    /// # Errors
    ///
    /// Returns the offset of the first byte that does not belong to a chunked body. The decoder
    /// must not be used afterwards.
    pub fn decode(
        &mut self,
        bytes: &[u8],
        mut data: impl FnMut(&[u8]),
    ) -> Result<ChunkProgress, ChunkError> {
        let mut at = 0;
        while at < bytes.len() {
            match self.step {
                Step::Done => break,
                Step::Data => {
                    let available = bytes.len() - at;
                    let taken =
                        usize::try_from(self.size).map_or(available, |size| size.min(available));
                    data(&bytes[at..at + taken]);
                    self.size -= taken as u64;
                    at += taken;
                    if self.size == 0 {
                        self.step = Step::DataCr;
                    }
                }
                _ => {
                    self.step = self.next_step(bytes[at]).ok_or_else(|| self.error(at))?;
                    at += 1;
                }
            }
        }
        Ok(ChunkProgress { consumed: at, is_done: self.step == Step::Done })
    }

    /// Returns `true` if a saved body may end here: it may be cut off anywhere but in a line that
    /// should be the size of a chunk and is blank so far.
    #[must_use]
    pub fn may_end(&self) -> bool {
        self.step != Step::Blank
    }

    fn error(&self, at: usize) -> ChunkError {
        match self.step {
            Step::DataCr | Step::DataLf => ChunkError::DataEnd { at },
            Step::Line | Step::Trailer | Step::TrailerLf | Step::EndLf => {
                ChunkError::Trailer { at }
            }
            _ => ChunkError::Size { at },
        }
    }

    /// Reads a byte that is not data.
    fn next_step(&mut self, byte: u8) -> Option<Step> {
        match (self.step, byte) {
            (Step::Start | Step::Blank | Step::Size, b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F') => {
                // The low four bits of `a` and `A` are 1, and only letters have bit 6 set.
                let digit = u64::from((byte & 0xf) + 9 * (byte >> 6));
                // The shift below would drop the first digit of a larger number.
                if self.size > u64::MAX >> 4 {
                    return None;
                }
                self.size = self.size << 4 | digit;
                if self.size > self.limit {
                    return None;
                }
                self.count_byte(Step::Size)
            }
            (Step::Size | Step::SizeSpace, b' ' | b'\t') => self.count_byte(Step::SizeSpace),
            (Step::Size | Step::SizeSpace, b';') => self.count_byte(Step::Extension),
            (Step::SizeLf, b'\n') => Some(self.data_or_trailers()),
            (Step::DataCr, b'\r') => Some(Step::DataLf),
            (Step::DataLf, b'\n') => Some(Step::Start),
            (Step::Line, b'\r') => Some(Step::EndLf),
            (Step::EndLf, b'\n') => Some(Step::Done),
            (Step::TrailerLf, b'\n') => Some(Step::Line),
            _ if self.is_lenient => self.next_lenient_step(byte),
            (Step::Size | Step::SizeSpace | Step::Extension, b'\r') => Some(Step::SizeLf),
            // Some parsers end the line at an LF in an extension, and hyper rejects it.
            (Step::Extension, byte) if byte != b'\n' => self.count_byte(Step::Extension),
            (Step::Trailer, b'\r') => Some(Step::TrailerLf),
            (Step::Line | Step::Trailer, _) => self.count_byte(Step::Trailer),
            _ => None,
        }
    }

    /// Reads a byte of a saved body, where a line may end in LF alone, so a CR elsewhere is part of
    /// the line.
    fn next_lenient_step(&mut self, byte: u8) -> Option<Step> {
        match (self.step, byte) {
            (Step::Size | Step::SizeSpace | Step::Extension, b'\n') => {
                Some(self.data_or_trailers())
            }
            (Step::Start | Step::Blank, byte) if byte != b'\n' && byte.is_ascii_whitespace() => {
                self.count_byte(Step::Blank)
            }
            (Step::Size | Step::SizeSpace, byte) if byte.is_ascii_whitespace() => {
                self.count_byte(Step::SizeSpace)
            }
            (Step::Extension, _) => self.count_byte(Step::Extension),
            (Step::DataCr, b'\n') => Some(Step::Start),
            (Step::Line, b'\n') => Some(Step::Done),
            (Step::Trailer, b'\n') => Some(Step::Line),
            (Step::Line | Step::Trailer | Step::EndLf, _) => self.count_byte(Step::Trailer),
            _ => None,
        }
    }

    /// Returns the step after a size line. A size of zero ends the chunks, and trailers follow.
    fn data_or_trailers(&mut self) -> Step {
        self.line_length = 0;
        if self.size == 0 { Step::Line } else { Step::Data }
    }

    /// Counts a byte of a size line or of the trailers, and returns `None` above the limit: a
    /// sender could otherwise send them without end.
    fn count_byte(&mut self, step: Step) -> Option<Step> {
        self.line_length += 1;
        (self.line_length <= self.limit).then_some(step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(
        mut decoder: ChunkDecoder,
        text: &str,
    ) -> (String, Result<ChunkProgress, ChunkError>) {
        let mut body = Vec::new();
        let progress = decoder.decode(text.as_bytes(), |data| body.extend_from_slice(data));
        (String::from_utf8(body).unwrap(), progress)
    }

    fn strict(text: &str) -> (String, Result<ChunkProgress, ChunkError>) {
        decode(ChunkDecoder::strict(64), text)
    }

    /// RFC 9112, section 7.1: extensions and trailers are not part of the body.
    #[test]
    fn decodes_sizes_extensions_and_trailers() {
        for text in [
            "5\r\nhello\r\n0\r\n\r\n",
            "0005\r\nhello\r\n000\r\n\r\n",
            "2;a;b=\"c;d\"\r\nhe\r\n3 ;x\r\nllo\r\n0;last\r\n\r\n",
            "5 \t\r\nhello\r\n0\r\nExpires: never\r\nA: b\r\n\r\n",
            "5\r\nhello\r\n0\r\nbare\nLF\r\n\r\n",
        ] {
            let progress = ChunkProgress { consumed: text.len(), is_done: true };
            assert_eq!(strict(text), ("hello".to_owned(), Ok(progress)), "{text:?}");
            let more = format!("{text}GET / HTTP/1.1\r\n");
            assert_eq!(strict(&more), ("hello".to_owned(), Ok(progress)), "{more:?}");
        }
    }

    #[test]
    fn an_error_has_the_offset_of_the_first_invalid_byte() {
        for (text, error) in [
            ("x", ChunkError::Size { at: 0 }),
            ("\r\n", ChunkError::Size { at: 0 }),
            (" 5\r\n", ChunkError::Size { at: 0 }),
            ("-1\r\n", ChunkError::Size { at: 0 }),
            ("5\n", ChunkError::Size { at: 1 }),
            ("5 5\r\n", ChunkError::Size { at: 2 }),
            ("1;\n", ChunkError::Size { at: 2 }),
            ("1\r\r\n", ChunkError::Size { at: 2 }),
            ("41\r\n", ChunkError::Size { at: 1 }),
            ("10000000000000000\r\n", ChunkError::Size { at: 2 }),
            ("1\r\nab\r\n", ChunkError::DataEnd { at: 4 }),
            ("1\r\na\n", ChunkError::DataEnd { at: 4 }),
            ("1\r\na\rb", ChunkError::DataEnd { at: 5 }),
            ("0\r\nA: b\rc", ChunkError::Trailer { at: 8 }),
            ("0\r\n\rA", ChunkError::Trailer { at: 4 }),
        ] {
            assert_eq!(strict(text).1, Err(error), "{text:?}");
        }
        let huge = "10000000000000000\r\n";
        let found = decode(ChunkDecoder::strict(u64::MAX), huge).1;
        assert_eq!(found, Err(ChunkError::Size { at: 16 }), "the size does not fit 64 bits");
    }

    #[test]
    fn limits_size_lines_and_trailers_but_not_the_number_of_chunks() {
        let extension = |length| format!("1;{}\r\n", "x".repeat(length));
        assert!(strict(&extension(62)).1.is_ok());
        assert_eq!(strict(&extension(63)).1, Err(ChunkError::Size { at: 64 }));
        let trailers = format!("0\r\n{}", "A: b\r\n".repeat(20));
        assert_eq!(strict(&trailers).1, Err(ChunkError::Trailer { at: 3 + 64 / 4 * 6 }));
        let many = format!("{}0\r\n\r\n", "1;x\r\na\r\n".repeat(1000));
        assert_eq!(strict(&many).1, Ok(ChunkProgress { consumed: many.len(), is_done: true }));
    }

    #[test]
    fn a_saved_body_may_have_other_newlines_and_blanks() {
        for text in
            ["5\nhello\n0\n\n", " \t5\r\r\nhello\r\n0\r\n\r\n", "5;x\ry\nhello\n0\nA: b\n\r\r\n\n"]
        {
            let progress = ChunkProgress { consumed: text.len(), is_done: true };
            let found = decode(ChunkDecoder::lenient(), text);
            assert_eq!(found, ("hello".to_owned(), Ok(progress)), "{text:?}");
        }
        for (text, error) in [
            ("\n", ChunkError::Size { at: 0 }),
            ("1\na\n;x", ChunkError::Size { at: 4 }),
            ("1\nab", ChunkError::DataEnd { at: 3 }),
            ("1\na\r\r\n", ChunkError::DataEnd { at: 4 }),
        ] {
            assert_eq!(decode(ChunkDecoder::lenient(), text).1, Err(error), "{text:?}");
        }
    }

    #[test]
    fn a_saved_body_may_end_anywhere_but_in_a_blank_size_line() {
        let may_end = |text: &str| {
            let mut decoder = ChunkDecoder::lenient();
            decoder.decode(text.as_bytes(), |_| {}).unwrap();
            decoder.may_end()
        };
        for text in ["", "5", "5;x\r", "5\nhe", "1\na", "1\na\n", "0\n", "0\nA: b"] {
            assert!(may_end(text), "{text:?}");
        }
        assert!(!may_end(" ") && !may_end("1\na\n\t\r"));
    }
}
