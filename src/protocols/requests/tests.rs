//! Tests of the detection of formats, and of the robustness of the reader.

use super::*;
use crate::domain::capture::Capture;
use crate::domain::message::{Headers, Message};
use crate::protocols::capture_file;
use proptest::prelude::*;

const CAPTURE: &str = r#"{"schema_version":1,"kind":"capture","received_at":"2026-01-02T03:04:05Z","remote":null,"method":"POST","target":"/hooks","http_version":"HTTP/1.1","headers":[["Host","example.com"],["A","1"]],"body":"{}\n"}"#;

/// One small sample of each format, all of the same request.
const SAMPLES: [&str; 14] = [
    CAPTURE,
    r#"{"headers":{"Host":"example.com","A":"1"},"body":"{}\n","path":"/hooks"}"#,
    r#"{"log":{"entries":[{"startedDateTime":"2026-01-02T03:04:05Z","request":{"method":"POST","url":"http://example.com/hooks","headers":[{"name":"A","value":"1"}],"postData":{"text":"{}\n"}}}]}}"#,
    "POST /hooks HTTP/1.1\r\nHost: example.com\r\nA: 1\r\nContent-Length: 3\r\n\r\n{}\n",
    "POST /hooks HTTP/1.1\nHost: example.com\nA: 1\n\n{}\n",
    "curl example.com/hooks -H 'A: 1' -H 'Content-Type:' -d '{}\n'",
    "curl -H $'A: 1' --data-binary \"{}\n\" --header Content-Type: 'http://example.com/hooks'",
    "curl ^\"http://example.com/hooks^\" ^\n -H ^\"A: 1^\" -H ^\"content-type:^\" --data-raw ^\"^{^}^\n\n^\"",
    "Listening on 9000\nPOST /hooks HTTP/1.1\r\nHost: example.com\r\nA: 1\r\nContent-Length: 3\r\n\r\n{}\n\r\n",
    "fetch(\"http://example.com/hooks\", {\"headers\": {a: '1'}, body: `{}\\n`, method: 'post'});",
    "POST http://example.com/hooks\nA: 1\nbase64, e30K;\nHTTP 200\n",
    "meta {\n  name: x\n}\n\npost {\n  url: http://example.com/hooks\n  body: text\n}\n\nheaders {\n  A: 1\n}\n\nbody:text {\n  {}\n  \n}\n",
    "web  | POST /hooks HTTP/1.1\r\nweb  | Host: example.com\r\nweb  | A: 1\r\nweb  | Content-Length: 3\r\nweb  | \r\nweb  | {}\n",
    "=> Send header, 68 bytes (0x44)\n0000: 50 4f 53 54 20 2f 68 6f 6f 6b 73 20 48 54 54 50 POST /hooks HTTP\n0010: 2f 31 2e 31 0d 0a 48 6f 73 74 3a 20 65 78 61 6d /1.1..Host: exam\n0020: 70 6c 65 2e 63 6f 6d 0d 0a 41 3a 20 31 0d 0a 43 ple.com..A: 1..C\n0030: 6f 6e 74 65 6e 74 2d 4c 65 6e 67 74 68 3a 20 33 ontent-Length: 3\n0040: 0d 0a 0d 0a                                     ....\n=> Send data, 3 bytes (0x3)\n0000: 7b 7d 0a                                        {}.\n",
];

fn read_one(text: &[u8]) -> Result<FoundRequest, RequestError> {
    let mut found = read(text)?;
    assert_eq!(found.len(), 1);
    found.remove(0)
}

fn capture(headers: Headers, body: Vec<u8>) -> Capture {
    let at = "2026-01-02T03:04:05.123456789Z".parse().unwrap();
    let message = Message::post("/hooks?a=1", headers, body);
    Capture::new(Some(at), Some("127.0.0.1:5000".to_owned()), message)
}

#[test]
fn every_format_is_detected_from_its_content() {
    for sample in SAMPLES {
        let found = read_one(sample.as_bytes()).unwrap();
        let message = &found.capture.message;
        assert_eq!(message.body, "{}\n", "{sample}");
        assert_eq!(
            (message.method.as_str(), message.target.as_str()),
            ("POST", "/hooks"),
            "{sample}"
        );
        assert_eq!(message.headers.get_str("a"), Some("1"), "{sample}");
        let is_host_known = message.headers.get_str("Host") == Some("example.com");
        assert!(is_host_known, "{sample}: {:?}", message.headers);
        assert!(!message.headers.contains("Content-Type"), "{sample}");
        assert_eq!(
            (found.location, found.bytes_were_lost),
            (RequestLocation::Whole, false),
            "{sample}"
        );
    }
}

#[test]
fn a_byte_order_mark_and_utf_16_change_nothing() {
    for sample in SAMPLES {
        let expected = read(sample.as_bytes());
        let marked = ["\u{feff}", sample].concat();
        assert_eq!(read(marked.as_bytes()), expected, "{sample}");
        let units = || marked.encode_utf16();
        assert_eq!(read(&units().flat_map(u16::to_le_bytes).collect::<Vec<_>>()), expected);
        assert_eq!(read(&units().flat_map(u16::to_be_bytes).collect::<Vec<_>>()), expected);
    }
}

#[test]
fn a_sample_cut_off_anywhere_is_a_request_or_an_error() {
    for sample in SAMPLES {
        for end in 0..sample.len() {
            for found in read(&sample.as_bytes()[..end]).unwrap_or_default().into_iter().flatten() {
                let body = found.capture.message.body;
                assert!("{}\n".as_bytes().starts_with(&body), "{end} of {sample}: {body:?}");
            }
        }
    }
}

#[test]
fn an_unknown_format_is_an_error_that_lists_all_formats() {
    for text in
        ["hello", "12", "\"text\"", "<xml/>", "wget http://example.com", "\0\0", "POST /", "curly"]
    {
        let error = read(text.as_bytes()).unwrap_err().to_string();
        assert!(
            error.contains("JSON") && error.contains("HTTP/1.1") && error.contains("`curl`"),
            "{error}"
        );
    }
    for text in ["", " \r\n\t", "\u{feff}\n"] {
        assert_eq!(read(text.as_bytes()), Err(RequestError::Empty), "{text:?}");
    }
}

#[test]
fn a_damaged_line_does_not_hide_other_lines() {
    let line = r#"{"headers":{},"body":"x"}"#;
    let found = read(format!("{CAPTURE}\n\n{{\"torn\n{line}\r\n").as_bytes()).unwrap();
    let places: Vec<_> = found.iter().flatten().map(|found| found.location.clone()).collect();
    assert_eq!(places, [RequestLocation::Line(1), RequestLocation::Line(4)]);
    let error = found[1].as_ref().unwrap_err().to_string();
    assert!(error.starts_with("line 3 is not a captured request: "), "{error}");
    assert_eq!(read_line(line.as_bytes(), 4).as_ref(), found.get(2));
}

#[test]
fn an_invalid_entry_does_not_hide_other_entries() {
    let list = format!("[{CAPTURE},1,{CAPTURE}]");
    let commands = "curl example.com -d a\ncurl example.com --nonsense\n\ncurl example.com -d b\n";
    for text in [list.as_str(), commands] {
        let found = read(text.as_bytes()).unwrap();
        let places: Vec<_> = found.iter().flatten().map(|found| found.location.clone()).collect();
        assert_eq!(places, [RequestLocation::Entry(1), RequestLocation::Entry(3)], "{text}");
        let error = found[1].as_ref().unwrap_err().to_string();
        assert!(error.starts_with("entry 2 is not a captured request: "), "{error}");
    }
}

#[test]
fn deep_or_invalid_json_is_an_error() {
    let deep = "[".repeat(10_000);
    let deeper = r#"{"request":"#.repeat(10_000);
    for text in [
        deep.as_str(),
        &deeper,
        "{\"headers\":{},\"body\":NaN}",
        "{\"headers\":{\"a\":\"\\ud800\"},\"body\":\"\"}",
    ] {
        let error = read(text.as_bytes()).unwrap_err().to_string();
        assert!(error.starts_with("is not a captured request: "), "{error}");
    }
    assert!(read(b"{\"headers\":{},\"body\":\"\xff\"}").unwrap_err().to_string().contains("UTF-8"));
}

proptest! {
    #[test]
    fn a_written_capture_is_read_byte_for_byte(
        body in proptest::collection::vec(any::<u8>(), 0..200),
        headers in proptest::collection::vec(("[A-Za-z-]{1,12}", proptest::collection::vec(32_u8.., 0..20)), 0..5),
    ) {
        let before = capture(headers.into_iter().collect(), body);
        let after = read_one(capture_file::write(&before).as_bytes()).unwrap();
        prop_assert_eq!(&after.capture, &before);
        prop_assert!(!after.bytes_were_lost);
    }

    #[test]
    fn nothing_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(&bytes);
        let _ = read_line(&bytes, 1);
    }

    #[test]
    fn nothing_panics_on_a_changed_sample(sample in 0..SAMPLES.len(), at in any::<prop::sample::Index>(), stray in "[\\\\'\"$^{}\\[\\]:;&|<>@\r\n\0a-f0-9 -]{0,6}") {
        let mut text = SAMPLES[sample].to_owned();
        text.insert_str(at.index(text.len()), &stray);
        let _ = read(text.as_bytes());
    }
}
