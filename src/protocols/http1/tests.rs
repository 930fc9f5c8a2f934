//! Property tests of the whole codec: written messages can be read again, and the result does not
//! depend on how the bytes are split.

use super::*;
use crate::domain::message::{Headers, Message, Response};
use proptest::collection::vec;
use proptest::prelude::*;

/// Decodes `input` in pieces that end at `cuts`. Returns the body, the number of consumed bytes,
/// `true` if the body is complete, and the error with its offset in the whole input.
fn decode(
    mut decoder: ChunkDecoder,
    input: &[u8],
    cuts: &[usize],
) -> (Vec<u8>, usize, bool, Option<ChunkError>) {
    let mut ends: Vec<_> = cuts.iter().map(|cut| cut % (input.len() + 1)).collect();
    ends.push(input.len());
    ends.sort_unstable();
    let (mut body, mut at) = (Vec::new(), 0);
    for end in ends {
        match decoder.decode(&input[at..end], |data| body.extend_from_slice(data)) {
            Ok(ChunkProgress { consumed: taken, is_done: true }) => {
                return (body, at + taken, true, None);
            }
            Ok(ChunkProgress { consumed: taken, .. }) => {
                assert_eq!(taken, end - at, "an incomplete body consumes everything");
                at = end;
            }
            Err(error) => {
                let error = match error {
                    ChunkError::Size { at: offset } => ChunkError::Size { at: at + offset },
                    ChunkError::DataEnd { at: offset } => ChunkError::DataEnd { at: at + offset },
                    ChunkError::Trailer { at: offset } => ChunkError::Trailer { at: at + offset },
                };
                return (body, at, false, Some(error));
            }
        }
    }
    (body, at, false, None)
}

/// Encodes a chunked body with these extensions, trailers and newlines.
fn chunked(chunks: &[Vec<u8>], extension: &str, trailers: &str, newline: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for chunk in chunks.iter().filter(|chunk| !chunk.is_empty()) {
        bytes.extend_from_slice(format!("{:X}{extension}{newline}", chunk.len()).as_bytes());
        bytes.extend_from_slice(chunk);
        bytes.extend_from_slice(newline.as_bytes());
    }
    bytes.extend_from_slice(format!("00{newline}{trailers}{newline}").as_bytes());
    bytes
}

proptest! {
    #[test]
    fn the_split_of_the_input_does_not_change_the_decoded_body(
        chunks in vec(vec(any::<u8>(), 0..40), 0..5),
        extension in prop_oneof![Just(""), Just(" ;a=\"b\""), Just("\t")],
        rest in vec(any::<u8>(), 0..10),
        cuts in vec(any::<usize>(), 0..12),
        is_lenient in any::<bool>(),
    ) {
        let newline = if is_lenient { "\n" } else { "\r\n" };
        let trailers = format!("X: 1{newline}");
        let mut input = chunked(&chunks, extension, &trailers, newline);
        let length = input.len();
        input.extend_from_slice(&rest);
        let decoder = if is_lenient { ChunkDecoder::lenient() } else { ChunkDecoder::strict(40) };
        let expected = (chunks.concat(), length, true, None);
        prop_assert_eq!(decode(decoder.clone(), &input, &[]), expected.clone());
        prop_assert_eq!(decode(decoder, &input, &cuts), expected);
    }

    #[test]
    fn the_split_of_the_input_does_not_change_the_error(
        input in vec(prop_oneof![Just(b'\r'), Just(b'\n'), Just(b';'), Just(b' '), Just(b'1'), Just(b'0'), any::<u8>()], 0..60),
        cuts in vec(any::<usize>(), 0..12),
        is_lenient in any::<bool>(),
    ) {
        let decoder = if is_lenient { ChunkDecoder::lenient() } else { ChunkDecoder::strict(8) };
        let whole = decode(decoder.clone(), &input, &[]);
        let parts = decode(decoder, &input, &cuts);
        prop_assert_eq!((whole.0, whole.2, whole.3), (parts.0, parts.2, parts.3));
    }

    #[test]
    fn a_written_request_is_read_back_unchanged(
        method in "[A-Z]{1,8}",
        target in "/[!-\"$-~]{0,20}",
        names in vec("[a-zA-Z!#$%&'*+.^_`|~-]{1,12}", 0..6),
        value in "[!-~]([ -~]{0,20}[!-~])?",
        body in vec(any::<u8>(), 0..200),
        is_in_chunks in any::<bool>(),
        next in any::<bool>(),
    ) {
        prop_assume!(method != "CONNECT" && !names.iter().any(|name| is_framing(name)));
        let mut headers = names.iter().map(|name| (name.as_str(), value.as_str())).collect::<Headers>();
        if is_in_chunks {
            headers.push("Transfer-Encoding", "chunked");
        }
        let message = Message { method, ..Message::post(target, headers, body) };
        let mut bytes = write_request(&message, "example.com").unwrap();
        let length = bytes.len();
        if next {
            bytes.extend_from_slice(b"GET / HTTP/1.1\r\n\r\n");
        }

        let (head, at) = RequestHead::parse(&bytes).unwrap();
        prop_assert_eq!(head.check(), Ok(()));
        prop_assert_eq!(request_framing(&bytes), Ok((head.framing().unwrap(), at)));
        prop_assert_eq!((&head.method, &head.target), (&message.method, &message.target));
        let read: Headers = head.headers.iter()
            .filter(|(name, _)| !["Host", "Content-Length"].contains(name))
            .collect();
        prop_assert_eq!(&read, &message.headers);
        match head.framing().unwrap() {
            Framing::Chunked => {
                let found = decode(ChunkDecoder::strict(1000), &bytes[at..], &[]);
                prop_assert_eq!(found, (message.body.to_vec(), length - at, true, None));
            }
            framing => {
                prop_assert_eq!(framing, Framing::Length(message.body.len() as u64));
                prop_assert_eq!(&bytes[at..length], &*message.body);
            }
        }

        let saved: Vec<_> = SavedMessages::new(&bytes).map(Result::unwrap).collect();
        prop_assert_eq!(saved.len(), 1 + usize::from(next));
        prop_assert_eq!(&saved[0].headers, &head.headers);
        prop_assert_eq!(&saved[0].body, &message.body);
    }

    #[test]
    fn a_written_response_is_read_back_unchanged(
        status in 200..600_u16,
        names in vec("[a-zA-Z-]{1,12}", 0..6),
        value in "[!-~]([ -~]{0,20}[!-~])?",
        body in vec(any::<u8>(), 0..50),
    ) {
        prop_assume!(![204, 304].contains(&status));
        let headers = names.iter().map(|name| (name.as_str(), value.as_str())).collect();
        let response = Response { status, headers, body, truncated: false };
        let bytes = write_response_head(&response, "Any Reason");
        let (head, length) = ResponseHead::parse(&bytes).unwrap();
        let framing = head.framing().unwrap();
        prop_assert_eq!((head.status, length, head.closes_connection(framing)), (status, bytes.len(), true));
        prop_assert_eq!(framing, Framing::Length(response.body.len() as u64));
        let kept = response.headers.iter().filter(|(name, _)| !is_framing(name));
        let mut expected: Headers = kept.collect();
        expected.push("Content-Length", response.body.len().to_string());
        expected.push("Connection", "close");
        prop_assert_eq!(head.headers, expected);
    }

    #[test]
    fn a_partial_head_is_incomplete_and_nothing_panics(bytes in vec(any::<u8>(), 0..200), cut in any::<usize>()) {
        let _ = (RequestHead::parse(&bytes), ResponseHead::parse(&bytes));
        SavedMessages::new(&bytes).for_each(|_| ());
        let head = b"POST /a HTTP/1.1\r\nHost: x\r\nA: b\r\n\r\n";
        let part = &head[..cut % head.len()];
        prop_assert_eq!(RequestHead::parse(part), Err(HeadError::Incomplete));
        prop_assert_eq!(request_framing(part), Err(HeadError::Incomplete));
    }
}
