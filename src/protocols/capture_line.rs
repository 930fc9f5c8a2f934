//! Fast path for captures in exactly the format that this program writes.
//!
//! It is only an optimisation of [`requests`]: for any line that it accepts, that reader returns
//! the same request, and every other line is passed on to that reader.
//!
//! [`requests`]: crate::protocols::requests

use crate::domain::capture::Capture;
use crate::domain::message::{Headers, Message};
use crate::protocols::capture_file::CAPTURE_PREFIX;
use crate::protocols::json::MAX_VALUES;
use crate::protocols::{http1, json};
use jiff::Timestamp;

/// The maximum number of headers. The general reader limits the number of JSON values, of which a
/// header has three.
const MAX_HEADERS: usize = MAX_VALUES / 4;

/// Parses a line in the format of `capture_file::write`, if all of it is UTF-8.
///
/// `None` only means that the line has another format, not that it is invalid.
pub(super) fn read(line: &[u8]) -> Option<Capture> {
    let mut rest = Parser(str::from_utf8(line).ok()?);
    rest.consume(CAPTURE_PREFIX)?;
    let received_at =
        if rest.skip_null() { None } else { Some(rest.string()?.parse::<Timestamp>().ok()?) };
    rest.consume(r#","remote":"#)?;
    let remote = if rest.skip_null() { None } else { Some(rest.string()?) };
    rest.consume(r#","method":"#)?;
    let method = rest.string()?;
    rest.consume(r#","target":"#)?;
    let target = rest.string()?;
    rest.consume(r#","http_version":"#)?;
    let http_version = rest.string()?;
    // The general reader normalises an invalid version.
    let (method, http_version) = (
        Some(method).filter(|method| http1::is_token(method))?,
        Some(http_version).filter(|version| http1::is_version(version))?,
    );
    rest.consume(r#","headers":["#)?;
    let headers = rest.headers()?;
    rest.consume(r#","body":"#)?;
    let body = rest.string()?.into();
    rest.consume("}")?;
    let is_end = rest.0.bytes().all(|byte| b" \t\r\n".contains(&byte));
    let message = Message { method, target, http_version, headers, body };
    is_end.then(|| Capture::new(received_at, remote, message))
}

/// A parser, with the rest of the line.
struct Parser<'l>(&'l str);

impl Parser<'_> {
    /// Consumes exactly these characters.
    fn consume(&mut self, word: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(word)?;
        Some(())
    }

    /// Parses a JSON string without lone surrogates.
    fn string(&mut self) -> Option<String> {
        let (text, rest) = json::read_text(self.0)?;
        self.0 = rest;
        text.as_str()?;
        Some(text.into_string_lossy())
    }

    /// Consumes `null`, if it is next.
    fn skip_null(&mut self) -> bool {
        self.consume("null").is_some()
    }

    /// Parses pairs of strings up to the end of their list.
    fn headers(&mut self) -> Option<Headers> {
        let mut headers = Headers::new();
        while self.consume("]").is_none() {
            if !headers.is_empty() {
                self.consume(",")?;
            }
            self.consume("[")?;
            let name = self.string()?;
            self.consume(",")?;
            let value = self.string()?;
            self.consume("]")?;
            headers.push(name, value);
        }
        (headers.len() <= MAX_HEADERS).then_some(headers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::capture::BodySaved;
    use crate::protocols::{capture_file, requests};
    use proptest::prelude::*;

    fn capture(headers: Vec<(String, String)>, body: String) -> Capture {
        Capture {
            received_at: Some("2026-01-02T03:04:05.123456789Z".parse().unwrap()),
            remote: Some("127.0.0.1:5000".to_owned()),
            message: Message::post("/hooks?a=1", headers.into_iter().collect::<Headers>(), body),
            body_saved: BodySaved::Full,
        }
    }

    /// Parses a line with the general reader.
    fn general(line: &[u8]) -> Option<Capture> {
        let mut found = requests::read(line).ok()?;
        let found = found.pop()?.ok()?;
        assert!(!found.bytes_were_lost, "{}", String::from_utf8_lossy(line));
        Some(found.capture)
    }

    fn body_saved() -> impl Strategy<Value = BodySaved> {
        prop_oneof![Just(BodySaved::Full), Just(BodySaved::Redacted), Just(BodySaved::None)]
    }

    fn written() -> impl Strategy<Value = (Capture, String)> {
        let headers = proptest::collection::vec(("[A-Za-z-]{1,12}", any::<String>()), 0..4);
        (headers, any::<String>()).prop_map(|(headers, body)| {
            let capture = capture(headers, body);
            let line = capture_file::write(&capture);
            (capture, line)
        })
    }

    proptest! {
        #[test]
        fn the_general_reader_returns_the_part_of_the_body_that_was_saved(
            (capture, _) in written(),
            body_saved in body_saved(),
        ) {
            let capture = Capture { body_saved, ..capture };
            let line = capture_file::write(&capture);
            prop_assert_eq!(read(line.as_bytes()).is_some(), body_saved == BodySaved::Full);
            prop_assert_eq!(general(line.as_bytes()), Some(capture));
        }

        #[test]
        fn a_written_capture_is_read((capture, line) in written()) {
            prop_assert_eq!(read(line.as_bytes()), Some(capture));
        }

        #[test]
        fn the_general_reader_returns_the_same_request(
            (_, line) in written(),
            start: prop::sample::Index,
            length in 0..12_usize,
            other in prop_oneof![
                "\\PC{0,3}",
                r#"[\[\]{}":,\\]{0,3}"#,
                "[0-9eE.+-]{0,4}",
                Just("null".to_owned()),
                Just("\\u0041".to_owned()),
                Just("\\ud800".to_owned()),
                Just("\\ud83d\\ude00".to_owned()),
                Just("\u{feff}".to_owned()),
                Just(" \t\r\n".to_owned()),
                Just(r#""body":"","#.to_owned()),
            ],
            stray: Option<u8>,
        ) {
            let mut line = line.into_bytes();
            let start = start.index(line.len());
            let end = (start + length).min(line.len());
            line.splice(start..end, other.bytes().chain(stray));
            if let Some(fast) = read(&line) {
                prop_assert_eq!(Some(fast), general(&line), "{}", String::from_utf8_lossy(&line));
            }
        }
    }

    #[test]
    fn unusual_values_are_the_same_in_both_readers() {
        let line = capture_file::write(&capture(vec![("A".into(), "1".into())], "{}".into()));
        for (from, to) in [
            ("/hooks?a=1", "http://example.com/hooks"),
            ("/hooks?a=1", ""),
            ("/hooks?a=1", "*"),
            ("\"POST\"", "\"post\""),
            ("\"POST\"", "\"\""),
            ("HTTP/1.1", "HTTP/2"),
            ("HTTP/1.1", "1.1"),
            ("127.0.0.1:5000", ""),
            ("[[\"A\",\"1\"]]", "[[\"\",\"\"]]"),
            ("[[\"A\",\"1\"]]", "[]"),
        ] {
            let odd = line.replace(from, to);
            assert_ne!(odd, line);
            if let Some(fast) = read(odd.as_bytes()) {
                assert_eq!(Some(fast), general(odd.as_bytes()), "{odd}");
            }
        }
    }

    #[test]
    fn every_other_format_is_left_to_the_general_reader() {
        let line = capture_file::write(&capture(vec![("A".into(), "1".into())], "{}".into()));
        assert!(read(line.as_bytes()).is_some());
        assert!(read(format!("{line} \t\r").as_bytes()).is_some(), "with a newline of Windows");
        for (from, to) in [
            (r#""schema_version":1"#, r#""schema_version":2"#),
            (r#""schema_version":1"#, r#""schema_version":1.0"#),
            (r#""schema_version":1,"#, ""),
            (r#""schema_version":1"#, r#""schema_version": 1"#),
            (r#""http_version":"HTTP/1.1","#, ""),
            (r#"[["A","1"]]"#, r#"[["A","1"],]"#),
            (r#"[["A","1"]]"#, r#"[["A","1"]["B","2"]]"#),
            (r#"[["A","1"]]"#, r#"[,["A","1"]]"#),
            (r#""kind":"capture""#, r#""kind":"request""#),
            (r#""2026-01-02T03:04:05.123456789Z""#, r#""soon""#),
            (r#"[["A","1"]]"#, r#"{"A":"1"}"#),
            (r#"[["A","1"]]"#, r#"[["A",1]]"#),
            (r#"[["A","1"]]"#, r#"[["A",{"base64":"MQ=="}]]"#),
            (r#"[["A","1"]]"#, r#"[["A","1","2"]]"#),
            (r#""body":"{}""#, r#""body":{}"#),
            (r#""body":"{}""#, r#""body":null"#),
            (r#""body":"{}""#, r#""body_base64":"e30=""#),
            (r#""body":"{}""#, r#""body":"e30=","isBase64Encoded":true"#),
            (r#""body":"{}""#, r#""body":"{}","body":"{}""#),
            (r#""body":"{}""#, r#""body":"\ud800""#),
        ] {
            let other = line.replace(from, to);
            assert_ne!(other, line);
            assert!(read(other.as_bytes()).is_none(), "{other}");
        }
        let many = capture(vec![(String::new(), String::new()); MAX_VALUES / 3], String::new());
        let many = capture_file::write(&many);
        assert!(read(many.as_bytes()).is_none());
    }
}
