//! Follows the bytes of a connection, so that every request head is known as it was written.
//!
//! hyper lower-cases header names and groups repetitions. The tap is shown the same bytes just
//! before hyper, finds the heads by the same framing (RFC 9112, sections 6 and 7), and keeps each
//! until its request is served. What it cannot follow it leaves alone for the rest of the
//! connection: hyper decides what is a request, the tap only remembers how it looked.

use std::collections::VecDeque;
use std::mem::MaybeUninit;

use thiserror::Error;

use crate::domain::message::Headers;

/// The greatest number of header lines in one head.
pub(super) const MAX_FIELDS: usize = 256;

/// Why a request is refused although it can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Fault {
    /// A line ends in LF without CR (RFC 9112, section 2.2).
    #[error("a line ends without a carriage return")]
    LineEnd,
    /// A header name is empty, is followed by a space, or is the rest of a folded line.
    #[error("a header name that is not a token")]
    HeaderName,
    /// A header value holds NUL, a lone CR or another control character.
    #[error("a control character in a header value")]
    HeaderValue,
    /// HTTP/1.1 asks for `Host` (RFC 9112, section 3.2).
    #[error("no `Host` header")]
    NoHost,
    /// More than one `Host` (RFC 9112, section 3.2).
    #[error("more than one `Host` header")]
    SeveralHosts,
    /// The target is not a URI reference.
    #[error("the request target is not a URI")]
    Target,
    /// `Content-Length` is not a plain number.
    #[error("a `Content-Length` that is not a number")]
    Length,
    /// More than one `Content-Length`, equal or not.
    #[error("more than one `Content-Length` header")]
    SeveralLengths,
    /// Both framings at once: the way requests are smuggled (RFC 9112, section 6.1).
    #[error("both `Content-Length` and `Transfer-Encoding`")]
    LengthAndCoding,
    /// More than one `Transfer-Encoding`.
    #[error("more than one `Transfer-Encoding` header")]
    SeveralCodings,
    /// `Transfer-Encoding` in HTTP/1.0, which has none.
    #[error("`Transfer-Encoding` in HTTP/1.0")]
    CodingTooNew,
    /// `Transfer-Encoding` does not end in `chunked`, so the body has no end.
    #[error("a `Transfer-Encoding` that does not end in `chunked`")]
    Coding,
    /// Another coding comes before `chunked`.
    #[error("a transfer coding besides `chunked`")]
    UnknownCoding,
    /// `CONNECT` asks for a tunnel, and any success would promise one (RFC 9110, section 9.3.6).
    #[error("`CONNECT` asks for a tunnel")]
    Tunnel,
    /// The chunks of the body are not as RFC 9112, section 7.1 has them.
    #[error("a body whose chunks cannot be read")]
    Chunks,
}

impl Fault {
    /// The status which the sender gets.
    #[must_use]
    pub fn status(self) -> u16 {
        if matches!(self, Self::UnknownCoding | Self::Tunnel) { 501 } else { 400 }
    }
}

/// How the end of a body is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Framing {
    /// After so many bytes; 0 where there is no body.
    Length(u64),
    /// After the last chunk.
    Chunked,
}

impl Framing {
    /// The framing which these header fields announce, where only one reading is possible.
    pub(super) fn of<'a>(
        http_10: bool,
        fields: impl Iterator<Item = (&'a str, &'a [u8])>,
    ) -> Result<Self, Fault> {
        let (mut length, mut coding) = (None, None);
        for (name, value) in fields {
            if name.eq_ignore_ascii_case("content-length") && length.replace(value).is_some() {
                return Err(Fault::SeveralLengths);
            }
            if name.eq_ignore_ascii_case("transfer-encoding") && coding.replace(value).is_some() {
                return Err(Fault::SeveralCodings);
            }
        }
        match (length, coding) {
            (None, None) => Ok(Self::Length(0)),
            (Some(length), None) => number(length).map(Self::Length).ok_or(Fault::Length),
            (Some(_), Some(_)) => Err(Fault::LengthAndCoding),
            (None, Some(_)) if http_10 => Err(Fault::CodingTooNew),
            (None, Some(coding)) if coding.eq_ignore_ascii_case(b"chunked") => Ok(Self::Chunked),
            (None, Some(coding)) => {
                let last = coding.rsplit(|byte| *byte == b',').next().unwrap_or_default();
                let chunked = last.trim_ascii().eq_ignore_ascii_case(b"chunked");
                Err(if chunked { Fault::UnknownCoding } else { Fault::Coding })
            }
        }
    }
}

/// Digits only: `u64::from_str` would take a sign.
fn number(text: &[u8]) -> Option<u64> {
    let digits = std::str::from_utf8(text).ok()?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

/// A request head as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) method: String,
    pub(super) target: String,
    /// `HTTP/1.0` or `HTTP/1.1`.
    pub(super) http_version: &'static str,
    pub(super) headers: Headers,
    /// Whether a line ended in LF alone.
    pub(super) bare_line_feed: bool,
}

impl Head {
    /// Reads a whole head.
    pub(super) fn parse(raw: &[u8]) -> Option<Self> {
        let mut fields = [const { MaybeUninit::uninit() }; MAX_FIELDS];
        let request = parse(raw, &mut fields)?;
        let lines = raw.split_inclusive(|byte| *byte == b'\n');
        Some(Self {
            method: request.method?.to_owned(),
            target: request.path?.to_owned(),
            http_version: if request.version? == 0 { "HTTP/1.0" } else { "HTTP/1.1" },
            headers: request.headers.iter().map(|field| (field.name, field.value)).collect(),
            bare_line_feed: lines.into_iter().any(|line| !line.ends_with(b"\r\n")),
        })
    }

    /// Looks for what RFC 9112 wants refused and hyper lets pass.
    pub(super) fn check(&self) -> Result<(), Fault> {
        if self.bare_line_feed {
            return Err(Fault::LineEnd);
        }
        if self.method == "CONNECT" {
            return Err(Fault::Tunnel);
        }
        let http_10 = self.http_version == "HTTP/1.0";
        match self.headers.all("host").count() {
            0 if !http_10 => return Err(Fault::NoHost),
            0 | 1 => {}
            _ => return Err(Fault::SeveralHosts),
        }
        Framing::of(http_10, self.headers.iter()).map(|_| ())
    }
}

/// Reads `raw`, where it is one whole head and nothing else.
fn parse<'h, 'b>(
    raw: &'b [u8],
    fields: &'h mut [MaybeUninit<httparse::Header<'b>>],
) -> Option<httparse::Request<'h, 'b>> {
    let mut request = httparse::Request::new(&mut []);
    let status = request.parse_with_uninit_headers(raw, fields).ok()?;
    (status == httparse::Status::Complete(raw.len())).then_some(request)
}

/// What a connection's bytes have been so far.
#[derive(Debug)]
pub(super) struct Tap {
    place: Place,
    /// The head that is arriving, never longer than `limit`.
    head: Vec<u8>,
    limit: usize,
    /// Whole heads whose requests hyper has not handed out yet. They are kept raw, so that they
    /// take no more room than in hyper's own buffer.
    heads: VecDeque<Vec<u8>>,
}

/// What the next byte belongs to.
#[derive(Debug)]
enum Place {
    Head,
    Body(u64),
    Chunks(Chunks),
    /// Unknown, for the rest of the connection.
    Lost,
}

impl Tap {
    /// A tap on a new connection, whose heads have at most `limit` bytes.
    pub(super) fn new(limit: usize) -> Self {
        Self { place: Place::Head, head: Vec::new(), limit, heads: VecDeque::new() }
    }

    /// Takes note of the next bytes of the connection.
    pub(super) fn follow(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let taken = match &mut self.place {
                Place::Head => self.gather(bytes),
                Place::Body(left) => {
                    let taken = clamp(*left, bytes.len());
                    *left -= taken as u64;
                    if *left == 0 {
                        self.place = Place::Head;
                    }
                    taken
                }
                Place::Chunks(chunks) => {
                    let (taken, progress) = chunks.follow(bytes);
                    match progress {
                        Progress::Within => {}
                        Progress::Done => self.place = Place::Head,
                        Progress::Broken => self.place = Place::Lost,
                    }
                    taken
                }
                Place::Lost => return,
            };
            bytes = &bytes[taken..];
        }
    }

    /// The head of the request that hyper hands out now, in the order of arrival.
    pub(super) fn next_head(&mut self) -> Option<Head> {
        let raw = self.heads.pop_front()?;
        Head::parse(&raw)
    }

    /// Stops following: what it remembers is not what hyper read.
    pub(super) fn lose(&mut self) {
        self.place = Place::Lost;
        self.heads.clear();
        self.head = Vec::new();
    }

    /// The head which hyper has not handed out: a whole one it stumbled over, or the beginning
    /// of one.
    pub(super) fn pending(&self) -> &[u8] {
        self.heads.front().unwrap_or(&self.head)
    }

    /// The beginning of a head whose end has not come, if there is one.
    pub(super) fn begun(&self) -> Option<&[u8]> {
        (self.heads.is_empty() && !self.head.is_empty()).then_some(self.head.as_slice())
    }

    /// Returns the number of bytes that the heads it keeps take in memory.
    pub(super) fn held(&self) -> usize {
        self.head.capacity() + self.heads.iter().map(Vec::capacity).sum::<usize>()
    }

    /// Adds to the head up to its end, and says how many bytes that took.
    fn gather(&mut self, bytes: &[u8]) -> usize {
        // Empty lines may come before a request (RFC 9112, section 2.2).
        if self.head.is_empty() && matches!(bytes[0], b'\r' | b'\n') {
            return 1;
        }
        let mut taken = 0;
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            if self.head.len() + line.len() > self.limit {
                let room = self.limit - self.head.len();
                self.head.extend_from_slice(&line[..room]);
                self.place = Place::Lost;
                break;
            }
            self.head.extend_from_slice(line);
            taken += line.len();
            if self.head.ends_with(b"\n\r\n") || self.head.ends_with(b"\n\n") {
                self.finish_head();
                break;
            }
        }
        taken
    }

    fn finish_head(&mut self) {
        let mut fields = [const { MaybeUninit::uninit() }; MAX_FIELDS];
        let framing = parse(&self.head, &mut fields).and_then(|request| {
            let fields = request.headers.iter().map(|field| (field.name, field.value));
            Framing::of(request.version == Some(0), fields).ok()
        });
        self.place = match framing {
            Some(Framing::Length(0)) => Place::Head,
            Some(Framing::Length(length)) => Place::Body(length),
            Some(Framing::Chunked) => Place::Chunks(Chunks::default()),
            // The head is of use nonetheless: it says why the request is refused.
            None => Place::Lost,
        };
        self.heads.push_back(std::mem::take(&mut self.head));
    }
}

/// As many of `available` bytes as `left` allows.
fn clamp(left: u64, available: usize) -> usize {
    usize::try_from(left).map_or(available, |left| left.min(available))
}

/// A chunked body, as far as it has come. Takes exactly what hyper takes.
#[derive(Debug, Default)]
struct Chunks {
    step: Step,
    /// The size in the size line, then what is left of the chunk.
    size: u64,
}

#[derive(Clone, Copy, Debug, Default)]
enum Step {
    #[default]
    Start,
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
}

enum Progress {
    Within,
    Done,
    Broken,
}

impl Chunks {
    /// Follows `bytes` and says how many of them belong to the body.
    fn follow(&mut self, bytes: &[u8]) -> (usize, Progress) {
        let mut at = 0;
        while at < bytes.len() {
            if let Step::Data = self.step {
                let taken = clamp(self.size, bytes.len() - at);
                self.size -= taken as u64;
                at += taken;
                if self.size == 0 {
                    self.step = Step::DataCr;
                }
                continue;
            }
            let byte = bytes[at];
            at += 1;
            if let (Step::EndLf, b'\n') = (self.step, byte) {
                return (at, Progress::Done);
            }
            match self.step(byte) {
                Some(step) => self.step = step,
                None => return (at, Progress::Broken),
            }
        }
        (at, Progress::Within)
    }

    fn step(&mut self, byte: u8) -> Option<Step> {
        match (self.step, byte) {
            (Step::Start | Step::Size, b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F') => {
                let digit = u64::from(char::from(byte).to_digit(16)?);
                self.size = self.size.checked_mul(16)?.checked_add(digit)?;
                Some(Step::Size)
            }
            (Step::Size | Step::SizeSpace, b' ' | b'\t') => Some(Step::SizeSpace),
            (Step::Size | Step::SizeSpace, b';') => Some(Step::Extension),
            (Step::Size | Step::SizeSpace | Step::Extension, b'\r') => Some(Step::SizeLf),
            (Step::Extension, byte) if byte != b'\n' => Some(Step::Extension),
            (Step::SizeLf, b'\n') if self.size == 0 => Some(Step::Line),
            (Step::SizeLf, b'\n') => Some(Step::Data),
            (Step::DataCr, b'\r') => Some(Step::DataLf),
            (Step::DataLf, b'\n') => Some(Step::Start),
            (Step::Line, b'\r') => Some(Step::EndLf),
            (Step::Trailer, b'\r') => Some(Step::TrailerLf),
            (Step::Line | Step::Trailer, _) => Some(Step::Trailer),
            (Step::TrailerLf, b'\n') => Some(Step::Line),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
