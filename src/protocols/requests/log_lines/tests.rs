use super::*;

const ONE: &str = r#"{"headers":{"A":"1"},"body":"{}"}"#;

#[test]
fn a_request_is_read_after_any_prefix() {
    for prefix in [
        "",
        "Nov 29 10:11:12 web1 app[123]: ",
        "<14>1 2026-11-29T10:11:12Z host app 1 - - ",
        "web-1  | ",
        "2026-11-29T10:11:12.000000+00:00 app[web.1]: ",
        "2026-11-29T10:11:12.0Z stdout F ",
        "[info] request ",
        "INFO:root:",
        "I, [2026-11-29T10:11:12.123 #1]  INFO -- : ",
        "level=info ctx={\"a\":1} request=",
    ] {
        for end in ["", "\r", " took 5ms"] {
            let line = format!("{prefix}{ONE}{end}");
            let read = read_line(line.as_bytes());
            let is_trailing = prefix.is_empty() && end.len() > 1;
            assert_eq!(read.is_some_and(|read| read.is_ok()), !is_trailing, "{line}");
        }
    }
}

#[test]
fn a_line_without_a_request_is_skipped() {
    for line in [
        "[info] started",
        "started {}",
        "{}",
        r#"{"level":"info","data":{"a":1}}"#,
        r#"web-1 | {"level":"info"} {"a":1}"#,
        "[]",
        "127.0.0.1 - - \"POST /hooks HTTP/1.1\" 200 2",
        "see POST /hooks HTTP/1.1 for it",
        // A body that the program received may contain a genuine request of someone else.
        &format!("[info] received body: {ONE}"),
        &format!("[info] payload={ONE}"),
        &format!("[info] {{\"a\":1}} body={ONE}"),
    ] {
        assert!(read_line(line.as_bytes()).is_none(), "{line}");
    }
}

#[test]
fn a_line_that_begins_a_request_and_is_cut_off_is_an_error() {
    for (line, part) in [
        (&ONE[..20], "expected"),
        (&format!("web | {}", &ONE[..20]), "expected"),
        ("[info] [{\"headers\":", "expected"),
        ("[info] {\"headers\" 1}", "expected"),
        (r#"{"body":"x"}"#, "`headers` is missing"),
        ("[info] POST /hooks HTTP/1.1", "it ends after the request line, expected headers"),
    ] {
        let error = read_line(line.as_bytes()).unwrap_or_else(|| panic!("{line}")).unwrap_err();
        assert!(error.contains(part), "{line}: {error}");
    }
}

#[test]
fn a_prefix_in_brackets_is_not_json() {
    for (line, is_list) in [
        ("[{", true),
        ("[", true),
        ("[1, {", true),
        ("[-1.5e3]\n", true),
        ("[info] a", false),
        ("[123] a", false),
        ("[10:11:12] a", false),
        ("[2026-11-29] a", false),
    ] {
        assert_eq!(is_json(line.as_bytes()), is_list, "{line}");
    }
}

#[test]
fn a_log_is_detected_from_its_first_line_with_json() {
    let line = format!("web | {ONE}\n");
    let prose = "started\n".repeat(10);
    let long = "started\n".repeat(MAX_PROSE / 8 + 1);
    for (head, is_all, expected) in [
        (line.as_str(), false, Some(true)),
        (line.trim_end(), false, None),
        (line.trim_end(), true, Some(true)),
        (&format!("{prose}{line}"), false, Some(true)),
        (&prose, false, None),
        (&prose, true, Some(false)),
        (&long, false, Some(true)),
        ("response:\n{\n  \"headers\"", false, Some(false)),
    ] {
        assert_eq!(detect(head.as_bytes(), is_all), expected, "{} {is_all}", head.len());
    }
}
