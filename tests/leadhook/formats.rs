//! Formats of captured requests: a conversion there and back does not change a byte.

use crate::support::{PATIENCE, objects};
use jiff::Timestamp;
use leadhook::domain::capture::Capture;
use leadhook::domain::message::Message;
use leadhook::protocols::requests::{address, har};
use leadhook::protocols::{capture_file, curl, http1, requests};
use proptest::collection::vec;
use proptest::prelude::*;
use std::time::Instant;

const FORMS: [&str; 4] = ["curl", "http", "har", "json"];

/// A capture in one format.
fn written(form: &str, capture: &Capture) -> Vec<u8> {
    let message = &capture.message;
    match form {
        "curl" => curl::command(message, None, None).unwrap().into_bytes(),
        "http" => http1::write_request(message, address::host(message)).unwrap(),
        "har" => har::write([(capture, None)], "0").into_bytes(),
        _ => capture_file::write(capture).into_bytes(),
    }
}

/// Returns the only capture of a file.
#[track_caller]
pub(crate) fn only(file: &[u8]) -> Capture {
    let mut found = requests::read(file)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(file)));
    assert_eq!(found.len(), 1, "{}", String::from_utf8_lossy(file));
    let found = found.remove(0).unwrap();
    assert!(!found.bytes_were_lost);
    found.capture
}

/// Generates bodies with every character that a format has to escape.
fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        vec(any::<u8>(), 0..200),
        "\\PC{0,60}".prop_map(String::into_bytes),
        "[@'\"$\\\\`!^%&\r\n\t\0{}:; a-f0-9-]{0,60}".prop_map(String::into_bytes),
        Just(b"@file".to_vec()),
        Just(b"@-".to_vec()),
        Just(b"POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\nx".to_vec()),
        Just(b"0\r\n\r\n".to_vec()),
        Just(br#"{"a": 1.0, "b": "\u00e9"}"#.to_vec()),
        (1_usize..3).prop_map(|size| "Aloha 'ā' ".repeat(size * 10_000).into_bytes()),
    ]
}

/// Generates any request that HTTP/1.1 can carry: with a host, and framed.
fn message() -> impl Strategy<Value = Message> {
    let method = prop_oneof![
        Just("POST".to_owned()),
        Just("GET".to_owned()),
        Just("HEAD".to_owned()),
        "[A-Z]{1,8}",
        "[a-z!#$%&'*+.^_`|~0-9-]{1,8}"
    ];
    let target = prop_oneof![
        Just("/".to_owned()),
        "/[!-~]{0,30}",
        "/[a-z./?#&=%]{0,20}",
        "[!-~]{1,20}",
        "http://example\\.com/[a-z]{0,5}"
    ];
    let name = prop_oneof![
        "[A-Za-z][A-Za-z0-9-]{0,10}",
        // With a target that contains `{{`, a line that begins with `#` is a comment: such files are
        // templates for HTTP clients.
        "[!$%&'*+.^_`|~0-9A-Za-z-][!#$%&'*+.^_`|~0-9A-Za-z-]{0,11}",
        Just("Content-Type".to_owned()),
        Just("Accept".to_owned()),
        Just("Cookie".to_owned())
    ];
    let value = prop_oneof![
        "[ -~]{0,30}".prop_map(String::into_bytes),
        "\\PC{0,20}".prop_map(String::into_bytes),
        vec(prop_oneof![Just(b'\t'), 0x20..0x7f_u8, 0x80..=255_u8], 0..20)
    ];
    let value = value.prop_map(|value| value.trim_ascii().to_vec());
    (
        method,
        target,
        vec((name, value), 0..6),
        body(),
        any::<bool>(),
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
    )
        .prop_map(|(method, target, mut lines, body, is_chunked, host_at, framing_at)| {
            let framing = ["host", "content-length", "transfer-encoding"];
            lines.retain(|(name, _)| !framing.contains(&name.to_lowercase().as_str()));
            lines.insert(
                host_at.index(lines.len() + 1),
                ("Host".to_owned(), b"example.com:81".to_vec()),
            );
            let line = if is_chunked {
                ("Transfer-Encoding".to_owned(), b"chunked".to_vec())
            } else {
                ("content-length".to_owned(), body.len().to_string().into_bytes())
            };
            lines.insert(framing_at.index(lines.len() + 1), line);
            Message {
                method,
                target,
                http_version: "HTTP/1.1".to_owned(),
                headers: lines.into_iter().collect(),
                body: body.into(),
            }
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_two_formats_convert_without_changing_a_byte(message in message(), seconds in proptest::option::of(0_i64..2_000_000_000), remote in proptest::option::of(Just("203.0.113.7:5000".to_owned()))) {
        let received_at = seconds.map(|seconds| Timestamp::from_second(seconds).unwrap());
        let before = Capture::new(received_at, remote, message);
        for first in FORMS {
            let once = only(&written(first, &before));
            prop_assert_eq!(&once.message.body, &before.message.body, "{}", first);
            prop_assert_eq!(&once.message, &before.message, "{}", first);
            let keeps_the_rest = ["har", "json"].contains(&first);
            prop_assert!(!keeps_the_rest || once == before, "{}: {:?}", first, once);
            for second in FORMS {
                let twice = only(&written(second, &once));
                prop_assert_eq!(&twice.message, &before.message, "{} to {}", first, second);
            }
        }
    }

    #[test]
    fn several_requests_in_one_file_stay_separate(messages in vec(message(), 2..4)) {
        let captures: Vec<_> = messages.into_iter().map(|message| Capture::new(None, None, message)).collect();
        let archive = har::write(captures.iter().map(|capture| (capture, None)), "0").into_bytes();
        let join = |form: &str, between: &[u8]| captures.iter().map(|capture| written(form, capture)).collect::<Vec<_>>().join(between);
        for (form, file) in [("har", archive), ("http", join("http", b"")), ("curl", join("curl", b"\n")), ("json", join("json", b"\n"))] {
            let found = requests::read(&file).unwrap();
            let found: Vec<_> = found.into_iter().map(|found| found.unwrap().capture.message).collect();
            // In a text, a GET without a body is skipped beside requests with one.
            let has_body = |message: &Message| !message.body.is_empty();
            let skips = matches!(form, "http" | "curl") && captures.iter().any(|capture| has_body(&capture.message));
            let expected: Vec<_> = captures.iter().map(|capture| capture.message.clone())
                .filter(|message| !skips || has_body(message) || !["GET", "HEAD", "OPTIONS"].contains(&message.method.as_str())).collect();
            prop_assert_eq!(found, expected, "{}: {}", form, String::from_utf8_lossy(&file));
        }
    }
}

/// Returns a signed capture of each provider, as `sign` prints it, and its secret.
fn signed(provider: &str, body: &str) -> String {
    leadhook!("sign body -p {} --secret s3cret --now @1767323045 --print json", provider)
        .file("body", body)
        .run()
        .exits(0, provider)
        .stdout
}

/// Converts standard input.
fn converted(input: impl Into<Vec<u8>>, form: &str) -> String {
    leadhook!("convert - --print {}", form).stdin(input).run().exits(0, form).stdout
}

#[test]
fn a_signed_request_verifies_in_every_format() {
    for (provider, body) in [
        ("realgeeks", "{\"a\" : \"it's \\u00e9\"}\r\n"),
        ("leadpro", "{\"event\":\"lead.created\"}"),
        ("realtorbot", "{\"event\":\"test\",\"n\":1.0}"),
    ] {
        let capture = signed(provider, body);
        for form in FORMS {
            let first = converted(capture.clone(), form);
            for second in FORMS {
                let text = converted(first.clone(), second);
                let verdict = leadhook!("verify - --secret s3cret --no-payload --format json")
                    .stdin(text)
                    .run()
                    .exits(0, form)
                    .object();
                assert_eq!(
                    (&verdict["provider"], &verdict["signature"]["status"], &verdict["source"]),
                    (&provider.into(), &"valid".into(), &"-".into()),
                    "{form} to {second}: {verdict}"
                );
            }
            let forged = first.replace("a\" : ", "b\" : ").replace("a\\\" : ", "b\\\" : ");
            if forged != first {
                leadhook!("verify - --secret s3cret --no-payload")
                    .stdin(forged)
                    .run()
                    .exits(1, form);
            }
        }
    }
}

#[test]
fn several_files_become_one_stream_or_har_with_named_entries() {
    let one = signed("realgeeks", "{}");
    let two = signed("realgeeks", "{\"a\":1}");
    for form in FORMS {
        let run = leadhook!("convert one.json two.jsonl --print {}", form);
        let run = run.file("one.json", &one).file("two.jsonl", format!("{two}{one}"));
        let text = run.run().exits(0, form).stdout;
        let outcome = leadhook!("verify all --secret s3cret --no-payload --format json")
            .file("all", &text)
            .run()
            .exits(0, form);
        let sources: Vec<_> = objects(&outcome.stdout)
            .iter()
            .filter_map(|object| object["source"].as_str().map(str::to_owned))
            .collect();
        let mark = if form == "json" { ':' } else { '#' };
        assert_eq!(sources, [1, 2, 3].map(|number| format!("all{mark}{number}")), "{form}: {text}");
    }
}

#[test]
fn consecutive_json_documents_are_separate_entries() {
    // An archive adds the `Host` that a capture may lack.
    let one = converted(converted(signed("realgeeks", "{\"a\":\"}{\"}"), "har"), "json");
    let capture: serde_json::Value = serde_json::from_str(&one).unwrap();
    let pretty = serde_json::to_string_pretty(&capture).unwrap();
    let archive = converted([one.as_str(), &one].concat(), "har");
    let [one, archive] = [one.trim_end(), archive.trim_end()];
    for (text, count) in [
        (format!("{one}{one}"), 2),
        (format!("{pretty}\n{pretty}\n"), 2),
        (format!("{archive}\n{archive}\n"), 4),
        (format!("{pretty}{archive}[{one}]\n{one}"), 5),
    ] {
        let outcome = leadhook!("verify all --secret s3cret --no-payload --format json")
            .file("all", &text)
            .run()
            .exits(0, "in a row");
        let sources: Vec<_> = objects(&outcome.stdout)
            .iter()
            .filter_map(|object| object["source"].as_str().map(str::to_owned))
            .collect();
        let expected: Vec<_> = (1..=count).map(|number| format!("all#{number}")).collect();
        assert_eq!(sources, expected, "{text}");
        assert_eq!(converted(text, "json"), format!("{one}\n").repeat(count));
    }
}

#[test]
fn an_unreadable_entry_hides_no_other() {
    let good = r#"{"headers":{"A":"1"},"body":"x"}"#;
    let folded = r#"{"headers":{"A":"1\n2"},"body":"y"}"#;
    let run = |form: &str| {
        let run = leadhook!("convert bad all --print {}", form);
        run.file("bad", "hello").file("all", format!("[{folded},{good}]")).run().exits(3, form)
    };
    for form in ["http", "curl"] {
        let outcome = run(form);
        assert_eq!(requests::read(outcome.stdout.as_bytes()).unwrap().len(), 1, "{outcome:?}");
        let part = format!(
            "error: cannot print `all#1` as {form}: the value of header `A` is not valid in HTTP"
        );
        assert!(outcome.stderr.contains(&part), "{outcome:?}");
        assert!(
            outcome.stderr.contains("`bad` is not a captured request: expected JSON"),
            "{outcome:?}"
        );
    }
    for form in ["har", "json"] {
        let outcome = run(form);
        assert_eq!(requests::read(outcome.stdout.as_bytes()).unwrap().len(), 2, "{outcome:?}");
    }
    assert_eq!(
        leadhook!("convert bad --print har").file("bad", "x").run().exits(3, "bad").stdout,
        ""
    );
}

#[test]
fn lost_bytes_are_noted_and_the_format_must_be_machine_readable() {
    let input = r#"{"headers":{},"body":{"a": 1.0}}"#;
    let outcome = leadhook!("convert - --print http").stdin(input).run();
    let outcome = outcome.exits(0, "lost");
    assert!(outcome.stdout.ends_with("\r\n\r\n{\"a\":1.0}"), "{outcome:?}");
    assert!(
        outcome.stderr_line("note: ").contains("the body in `-` is a JSON value"),
        "{outcome:?}"
    );
    for (form, exit) in [("har", 0), ("json", 0), ("http", 2), ("curl", 2)] {
        leadhook!("convert - --print {} --format json", form)
            .stdin(r#"{"headers":{},"body":"x"}"#)
            .run()
            .exits(exit, form);
    }
    leadhook!("convert -").run().exits(2, "no form");
    leadhook!("convert - - --print json").run().exits(2, "twice");
}

#[test]
fn send_and_sign_print_a_har_with_the_url() {
    let archive = leadhook!(
        "send created https://example.com/hooks?a=1 --secret s3cret --dry-run \
         --print har"
    )
    .run()
    .exits(0, "send")
    .object();
    let request = &archive["log"]["entries"][0]["request"];
    assert_eq!(request["url"], "https://example.com/hooks?a=1");
    let outcome = leadhook!("verify - --secret s3cret --format json")
        .stdin(archive.to_string())
        .run()
        .exits(0, "verify");
    assert_eq!(outcome.object()["signature"]["status"], "valid");
    let archive = leadhook!("sign body -p realgeeks --secret s3cret --print har --format json")
        .file("body", "{}\n")
        .run()
        .exits(0, "sign")
        .object();
    assert_eq!(archive["log"]["entries"][0]["request"]["postData"]["text"], "{}\n");
}

/// Adversarial input of about this many bytes, designed to be slow to parse.
const HOSTILE: usize = 1_000_000;

#[test]
fn processing_time_is_linear_in_the_input_size() {
    let fill = |start: &str, part: &str| [start, &part.repeat(HOSTILE / part.len())].concat();
    let inputs = [
        fill("curl '", "a"),
        fill("curl \"", "\\\n"),
        fill("curl $'", "\\x"),
        fill("curl x ", "' "),
        fill("curl x", " `"),
        fill("", "curl `\n"),
        fill("curl x", " -d a"),
        fill("curl x", " -d @-"),
        fill("curl x", " --next x"),
        fill("curl x", " -H a:"),
        fill("curl ^\"", "^\\"),
        fill("curl ^\"x^\"", " ^\n"),
        fill("curl ^\"x^\"", "\n\\&"),
        fill("curl ^\"x^\"", " a"),
        fill("POST / HTTP/1.1\nTransfer-Encoding: chunked\n\n", "1\n!\n"),
        fill("POST / HTTP/1.1\n", "a:\n"),
        fill("POST / HTTP/1.1\na: b\n", " \n"),
        fill("POST / HTTP/1.1\na: b\n", " x\n"),
        fill("", "A / HTTP/1.1\nContent-Length: 0\n\n"),
        fill("", "A / HTTP/1.1\n\n"),
        fill("POST / HTTP/1.1\n\n", "\n"),
        fill("{\"headers\":{},\"body\":\"\"}\n", "{\"headers\":{},\"body\":\"\"}\n"),
        fill("{}\n", "[\n"),
        fill("{\n{}\n", "{}\n"),
        fill("", "{}"),
        fill("{}{}", "\n{\""),
        fill("{}{}", "\n["),
        fill("{}{}", "}\n"),
        fill("{}[", "{}"),
        fill("[", "{\"request\":"),
        fill("#", "\n#"),
        "\n".repeat(HOSTILE),
    ];
    for input in inputs {
        let shown = input.chars().take(40).collect::<String>();
        let start = Instant::now();
        let _ = requests::read(input.as_bytes());
        // Quadratic work on this input would take many minutes.
        assert!(start.elapsed() < PATIENCE, "{shown:?} took {:?}", start.elapsed());
    }
}
