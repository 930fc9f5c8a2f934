//! Tests with requests as tools log them, each a sample in the format of that tool's documentation.

use super::*;
use crate::domain::capture::Capture;
use crate::domain::message::{Headers, Message};
use crate::protocols::json;
use jiff::Timestamp;

fn parse(text: &str) -> ReadRequest {
    read_one(&json::read(text.as_bytes()).unwrap())
}

fn message(text: &str) -> Message {
    parse(text).unwrap_or_else(|error| panic!("{text}: {error}")).capture.message
}

#[test]
fn headers_have_several_representations() {
    for headers in [
        r#""headers":{"A":"1","B":["2","3"],"C":4}"#,
        r#""headers":[["A","1"],["B","2"],["B","3"],["C","4"]]"#,
        r#""headers":[{"name":"A","value":"1"},{"name":"B","value":["2","3"]},{"name":"C","value":4}]"#,
        r#""headers":[{"name":"A","values":["1"]},{"name":"B","values":["2","3"]},{"name":"C","values":["4"]}]"#,
        r#""header":[{"key":"A","value":"1"},{"key":"X","value":"9","disabled":true},{"key":"B","value":"2"},{"key":"B","value":"3"},{"key":"C","value":"4"}]"#,
        r#""rawHeaders":["A","1","B","2","B","3","C","4"],"headers":{"a":"1"}"#,
        r#""headers":{"A":"1","B":"2","C":"4"},"multiValueHeaders":{"A":["1"],"B":["2","3"],"C":["4"]}"#,
        r#""headers":["A: 1","B: 2","B:3","C: 4"]"#,
    ] {
        let message = message(&format!(r#"{{{headers},"body":"x"}}"#));
        let expected = Headers::from_iter([("A", "1"), ("B", "2"), ("B", "3"), ("C", "4")]);
        assert_eq!(message.headers, expected, "{headers}");
    }
}

#[test]
fn the_most_exact_representation_of_the_body_is_used() {
    for body in [
        r#""body":"e30=","isBase64Encoded":true"#,
        r#""body_base64":"e30=""#,
        r#""body":"{}","body_base64":null"#,
        r#""body":{"x":1},"rawBody":"{}""#,
        r#""body":"{ }","bodyAsBase64":"e30=""#,
        r#""body":{"type":"Buffer","data":[123,125]}"#,
        r#""rawBody":{"data":[123,125],"type":"Buffer"}"#,
        r#""body":{"mode":"raw","raw":"{}","options":{"raw":{"language":"json"}}}"#,
        r#""body":{"type":"BINARY","base64Bytes":"e30="}"#,
        r#""body":{"type":"STRING","string":"{}"}"#,
        r#""body":{"type":"JSON","json":{"x":1},"rawBytes":"e30="}"#,
        r#""content":"{}""#,
        r#""data":"{}","json":{}"#,
        r#""data":"data:application/octet-stream;base64,e30=""#,
    ] {
        let parsed = parse(&format!(r#"{{"headers":{{}},{body}}}"#)).unwrap();
        assert_eq!(parsed.capture.message.body, "{}", "{body}");
        assert!(!parsed.bytes_were_lost, "{body}");
    }
}

#[test]
fn a_body_that_is_a_parsed_value_has_lost_its_bytes() {
    for (body, bytes) in [
        (r#"{"b": 1.0, "a": "x"}"#, r#"{"b":1.0,"a":"x"}"#),
        ("[1e2]", "[1e2]"),
        ("1.50", "1.50"),
        ("true", "true"),
        // A payload may resemble a tool's description of a body, but has other fields.
        (r#"{"type":"Buffer","data":[1],"id":2}"#, r#"{"type":"Buffer","data":[1],"id":2}"#),
        (r#"{"mode":"raw"}"#, r#"{"mode":"raw"}"#),
    ] {
        let parsed = parse(&format!(r#"{{"headers":{{}},"body":{body}}}"#)).unwrap();
        assert_eq!(parsed.capture.message.body, bytes.as_bytes(), "{body}");
        assert!(parsed.bytes_were_lost, "{body}");
    }
}

#[test]
fn the_target_is_taken_from_a_url_or_joined_from_parts() {
    for (parts, target) in [
        (r#""target":"http://example.com/a""#, "http://example.com/a"),
        (r#""url":"https://example.com/a?b=c#d""#, "/a?b=c"),
        (r#""originalUrl":"/api/hooks?b","url":"/hooks?b""#, "/api/hooks?b"),
        (r#""rawPath":"/a","rawQueryString":"b=c""#, "/a?b=c"),
        (r#""rawPath":"/a","rawQueryString":"""#, "/a"),
        (r#""path":"/a","query":"?b=c""#, "/a?b=c"),
        (r#""path":"/a","query":{"b":"c"}"#, "/a"),
        (r#""url":{"raw":"https://example.com/a","path":["a"]}"#, "/a"),
        (r#""x":1"#, "/"),
    ] {
        assert_eq!(
            message(&format!(r#"{{"headers":{{}},"body":"",{parts}}}"#)).target,
            target,
            "{parts}"
        );
    }
}

#[test]
fn times_have_several_formats_and_those_of_other_tools_may_be_invalid() {
    for (time, expected) in [
        (r#""received_at":"2026-01-02T03:04:05Z""#, Some("2026-01-02T03:04:05Z")),
        (r#""created_at":"2019-10-10 16:33:34""#, Some("2019-10-10T16:33:34Z")),
        (r#""start":"2026-01-02T03:04:05-07:00""#, Some("2026-01-02T10:04:05Z")),
        (r#""loggedDate":1531171074631"#, Some("2018-07-09T21:17:54.631Z")),
        (r#""timestamp":1531171074.6"#, Some("2018-07-09T21:17:54Z")),
        (r#""timestamp":"soon""#, None),
        (r#""time":99999999999999999999"#, None),
        (r#""requestContext":{"timeEpoch":1531171074631}"#, Some("2018-07-09T21:17:54.631Z")),
    ] {
        let parsed = parse(&format!(r#"{{"headers":{{}},"body":"",{time}}}"#)).unwrap();
        let expected = expected.map(|text| text.parse::<Timestamp>().unwrap());
        assert_eq!(parsed.capture.received_at, expected, "{time}");
    }
}

/// The log of a tool, and the method, target, first header, body, and sender in it.
type Sample = (
    &'static str,
    &'static str,
    &'static str,
    (&'static str, &'static str),
    &'static str,
    Option<&'static str>,
);

const TOOLS: &[Sample] = &[
    // webhook.site, https://docs.webhook.site/api/examples.html
    (
        r#"{"uuid":"9d0a5ad8","type":"web","token_id":"b1f0","ip":"203.0.113.7","hostname":"webhook.site","method":"POST","user_agent":"curl","content":"{\"a\":1}","query":{"b":"c"},"headers":{"x-a":["1"]},"url":"https://webhook.site/b1f0?b=c","size":7,"created_at":"2019-10-10 16:33:34"}"#,
        "POST",
        "/b1f0?b=c",
        ("x-a", "1"),
        r#"{"a":1}"#,
        Some("203.0.113.7"),
    ),
    // AWS Lambda, payload 2.0,
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
    (
        r#"{"version":"2.0","rawPath":"/hooks","rawQueryString":"b=c","headers":{"x-a":"1"},"requestContext":{"http":{"method":"PUT","path":"/hooks","protocol":"HTTP/1.1","sourceIp":"203.0.113.7"},"timeEpoch":1583348638390},"body":"eyJhIjoxfQ==","isBase64Encoded":true}"#,
        "PUT",
        "/hooks?b=c",
        ("x-a", "1"),
        r#"{"a":1}"#,
        Some("203.0.113.7"),
    ),
    // AWS Lambda, payload 1.0
    (
        r#"{"version":"1.0","httpMethod":"POST","path":"/hooks","headers":{"x-a":"2"},"multiValueHeaders":{"x-a":["1","2"]},"requestContext":{"identity":{"sourceIp":"203.0.113.7"},"protocol":"HTTP/1.1"},"body":"{\"a\":1}","isBase64Encoded":false}"#,
        "POST",
        "/hooks",
        ("x-a", "1"),
        r#"{"a":1}"#,
        Some("203.0.113.7"),
    ),
    // ngrok's agent, https://ngrok.com/docs/agent/api/
    (
        r#"{"uri":"/api/requests/http/x","id":"x","tunnel_name":"t","remote_addr":"203.0.113.7","start":"2026-01-02T03:04:05Z","duration":1,"request":{"method":"POST","proto":"HTTP/1.1","headers":{"X-A":["1"]},"uri":"/hooks","raw":"UE9TVCAvaG9va3MgSFRUUC8xLjENClgtQTogMQ0KQ29udGVudC1MZW5ndGg6IDcNCg0KeyJhIjoxfQ=="},"response":{"status":"200 OK","headers":{}}}"#,
        "POST",
        "/hooks",
        ("X-A", "1"),
        r#"{"a":1}"#,
        Some("203.0.113.7"),
    ),
    // WireMock, https://wiremock.org/docs/verifying/
    (
        r#"{"id":"x","request":{"url":"/hooks","absoluteUrl":"http://localhost:8080/hooks","method":"POST","clientIp":"203.0.113.7","headers":{"X-A":"1"},"body":"{\"a\":1}","bodyAsBase64":"eyJhIjoxfQ==","loggedDate":1531171074631},"responseDefinition":{"status":200}}"#,
        "POST",
        "/hooks",
        ("X-A", "1"),
        r#"{"a":1}"#,
        Some("203.0.113.7"),
    ),
    // MockServer, https://www.mock-server.com/mock_server/verification.html
    (
        r#"{"httpRequest":{"method":"POST","path":"/hooks","headers":[{"name":"X-A","values":["1"]}],"body":{"type":"STRING","string":"{\"a\":1}"},"remoteAddress":"203.0.113.7"},"httpResponse":{}}"#,
        "POST",
        "/hooks",
        ("X-A", "1"),
        r#"{"a":1}"#,
        Some("203.0.113.7"),
    ),
    // pino with the body next to the request
    (
        r#"{"level":30,"time":1531171074631,"req":{"id":1,"method":"POST","url":"/hooks","headers":{"x-a":"1"},"remoteAddress":"203.0.113.7"},"body":"{\"a\":1}","msg":"hook"}"#,
        "POST",
        "/hooks",
        ("x-a", "1"),
        r#"{"a":1}"#,
        Some("203.0.113.7"),
    ),
    // httpbin
    (
        r#"{"args":{},"data":"{\"a\":1}","files":{},"form":{},"headers":{"X-A":"1"},"json":{"a":1},"method":"POST","origin":"203.0.113.7","url":"https://example.com/hooks"}"#,
        "POST",
        "/hooks",
        ("X-A", "1"),
        r#"{"a":1}"#,
        Some("203.0.113.7"),
    ),
    // Postman, one item of a collection
    (
        r#"{"name":"hook","request":{"method":"POST","header":[{"key":"X-A","value":"1"}],"body":{"mode":"raw","raw":"{\"a\":1}"},"url":{"raw":"https://example.com/hooks","host":["example","com"]}}}"#,
        "POST",
        "/hooks",
        ("X-A", "1"),
        r#"{"a":1}"#,
        None,
    ),
];

#[test]
fn requests_logged_by_tools_are_read() {
    for (text, method, target, (name, value), body, remote) in TOOLS {
        let parsed = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let Capture { message, remote: found, .. } = parsed.capture;
        assert_eq!(
            (message.method.as_str(), message.target.as_str()),
            (*method, *target),
            "{text}"
        );
        assert_eq!(message.headers.get(name), Some(value.as_bytes()), "{text}");
        assert_eq!(message.body, body.as_bytes(), "{text}");
        assert_eq!(found.as_deref(), *remote, "{text}");
        assert!(!parsed.bytes_were_lost, "{text}");
    }
}

/// Returns the location and the body of each request, or the reason of its error.
fn located(text: &str) -> Vec<(String, Result<String, String>)> {
    let reads = read(&json::read(text.as_bytes()).unwrap()).unwrap();
    let body =
        |parsed: ParsedRequest| String::from_utf8(parsed.capture.message.body.to_vec()).unwrap();
    reads.into_iter().map(|(place, read)| (place.in_file("f"), read.map(body))).collect()
}

#[test]
fn lists_of_requests_are_read() {
    let one = r#"{"headers":{},"body":"x"}"#;
    for (text, sources) in [
        (format!("[{one},{one}]"), ["f#1", "f#2"]),
        (format!(r#"{{"data":[{one},{one}],"total":2}}"#), ["f /data/0", "f /data/1"]),
        (
            format!(r#"{{"uri":"/api","requests":[{one},{one}]}}"#),
            ["f /requests/0", "f /requests/1"],
        ),
        (format!(r#"{{"info":{{}},"item":[{one},{one}]}}"#), ["f /item/0", "f /item/1"]),
        (format!(r#"[{{"a":{one}}},{{"a":{one}}}]"#), ["f#1 /0/a", "f#2 /1/a"]),
        (
            format!(r#"{{"item":[{{"item":[{{"request":{one}}}]}},{{"request":{one}}}]}}"#),
            ["f /item/0/item/0/request", "f /item/1/request"],
        ),
    ] {
        let expected = sources.map(|source| (source.to_owned(), Ok("x".to_owned())));
        assert_eq!(located(&text), expected, "{text}");
    }
    assert!(read(&json::read(b"[]").unwrap()).is_err());
    assert!(read(&json::read(br#"{"requests":[]}"#).unwrap()).unwrap_err().contains("is empty"));
}

#[test]
fn a_request_is_located_by_its_pointer() {
    let one = r#"{"headers":{},"body":"x"}"#;
    let string = one.replace('"', "\\\"");
    for (text, source) in [
        (one.to_owned(), "f"),
        (format!("[{one}]"), "f"),
        (format!("[[{one}]]"), "f /0/0"),
        (format!(r#"{{"data":{{"request":{one}}}}}"#), "f /data/request"),
        (format!(r#"{{"a/b":{{"~":{one}}}}}"#), "f /a~1b/~0"),
        (format!(r#"{{"message":"INFO {string}"}}"#), "f /message"),
        (format!(r#"[{{"m":"{string}"}},{{"m":"started"}}]"#), "f#1 /0/m"),
    ] {
        assert_eq!(located(&text), [(source.to_owned(), Ok("x".to_owned()))], "{text}");
    }
    let mixed = located(&format!(r#"{{"data":[{one},{{}}]}}"#));
    assert_eq!(mixed[1], ("f /data/1".to_owned(), Err("`headers` is missing".to_owned())));
    let line = read_one(&json::read(format!(r#"{{"a":[{one}]}}"#).as_bytes()).unwrap()).unwrap();
    assert_eq!(line.pointer, "/a/0");
    let line = r#"{"a":{"headers":{}}}"#;
    assert_eq!(parse(line).unwrap_err(), "at `/a`: `body` is missing");
}

#[test]
fn different_requests_of_different_fields_are_an_error_that_names_them() {
    let request = |body: &str| format!(r#"{{"headers":{{}},"body":"{body}"}}"#);
    let (x, y) = (request("x"), request("y"));
    let error = |text: &str| read(&json::read(text.as_bytes()).unwrap()).unwrap_err();
    assert_eq!(
        error(&format!(r#"{{"a":{x},"b":[{y}]}}"#)),
        "it holds several requests, at `/a` and `/b/0`, expected one, or a list of them"
    );
    let many: Vec<_> = (0..20).map(|n| format!(r#""f{n}":{}"#, request(&n.to_string()))).collect();
    let message = error(&format!("{{{}}}", many.join(",")));
    assert!(message.contains("`/f0`, `/f1`") && message.contains(" more,"), "{message}");
    // Workflow tools repeat the request.
    assert_eq!(
        located(&format!(r#"{{"a":{x},"b":{x}}}"#)),
        [("f /a".to_owned(), Ok("x".to_owned()))]
    );
    assert!(error(&format!(r#"{{"a":{x},"b":{{"headers":{{}}}}}}"#)).contains("`/a` and `/b`"));
}

#[test]
fn a_request_is_not_looked_for_in_what_may_be_a_body() {
    let inner = r#"{"headers":{"a":"1"},"body":"inner"}"#;
    let string = inner.replace('"', "\\\"");
    for text in [
        format!(r#"{{"headers":{{}},"body":{inner}}}"#),
        format!(r#"{{"headers":{{}},"body":"{string}"}}"#),
        format!(r#"{{"headers":{{}},"data":{inner}}}"#),
        format!(r#"{{"headers":{{}},"body":"","other":{inner}}}"#),
        format!(r#"{{"req":{{"headers":{{}}}},"body":{inner}}}"#),
        format!(r#"{{"req":{{"headers":{{}},"body":"{string}"}},"data":{inner}}}"#),
        format!(r#"{{"req":{{"headers":{{}},"body":"{string}"}},"msg":"{string}"}}"#),
        format!(r#"{{"host":"h","content-type":"c","body":{inner}}}"#),
        format!(r#"{{"in":{{"host":"h","content-type":"c"}},"payload":"{string}"}}"#),
        format!(r#"{{"list":[{{"headers":{{}},"body":"{string}"}},{{"body":{inner}}}]}}"#),
    ] {
        for (source, body) in located(&text) {
            assert_ne!(body.as_deref(), Ok("inner"), "{source} of {text}");
        }
    }
    for text in
        [format!(r#"{{"text":"received body: {string}"}}"#), format!(r#"{{"a":"raw={string}"}}"#)]
    {
        assert!(read(&json::read(text.as_bytes()).unwrap()).is_err(), "{text}");
    }
}

#[test]
fn the_method_and_the_target_of_the_wrapper_are_kept() {
    for (text, method, target, host) in [
        (r#"{"method":"PUT","path":"/p","request":{"headers":{},"body":""}}"#, "PUT", "/p", None),
        (
            r#"{"requestMethod":"PUT","requestPath":"/p","requestHeaders":[],"requestBody":"x"}"#,
            "PUT",
            "/p",
            None,
        ),
        (
            r#"{"headers":[{"key":":method","value":"PUT"},{"key":":path","value":"/p?a"},{"key":":authority","value":"h"}],"body":""}"#,
            "PUT",
            "/p?a",
            Some("h"),
        ),
        (
            r#"{"httpRequest":{"requestMethod":"PUT","requestUrl":"https://h/p"},"jsonPayload":{"headers":{},"body":""}}"#,
            "PUT",
            "/p",
            Some("h"),
        ),
        (r#"{"headers":{},"body":"","webhookUrl":"https://h/w"}"#, "POST", "/w", Some("h")),
    ] {
        let message = message(text);
        let found = (message.method.as_str(), message.target.as_str());
        assert_eq!(found, (method, target), "{text}");
        assert_eq!(message.headers.get_str("Host"), host, "{text}");
        assert!(message.headers.iter().all(|(name, _)| !name.starts_with(':')), "{text}");
    }
}

#[test]
fn base64_without_a_flag_is_decoded_if_only_that_has_the_length() {
    for (length, body) in [("2", "{}"), ("4", "e30="), ("3", "e30=")] {
        let text = format!(r#"{{"headers":{{"Content-Length":"{length}"}},"body":"e30="}}"#);
        assert_eq!(message(&text).body, body, "{length}");
    }
    assert_eq!(message(r#"{"headers":{},"body":"e30="}"#).body, "e30=");
    let capture = r#"{"schema_version":1,"kind":"capture","headers":{"Content-Length":"2"},"body":"e30=","encoding":"base64"}"#;
    assert_eq!(message(capture).body, "e30=", "a capture is exact");
}

#[test]
fn strings_with_the_value_of_a_lost_body_are_alternatives() {
    let parsed = parse(
        r#"{"a":{"headers":{},"body":{"x":1.50,"y":"z"}},"b":["{\"y\":\"z\", \"x\":1.5}","{\"x\":2}"]}"#,
    )
    .unwrap();
    assert!(parsed.bytes_were_lost);
    assert_eq!(parsed.alternatives, [br#"{"y":"z", "x":1.5}"#.to_vec()]);
    let exact = parse(r#"{"headers":{},"body":"{}","b":"{ }"}"#).unwrap();
    assert_eq!(exact.alternatives, [b""; 0]);
}

#[test]
fn nested_strings_are_searched_up_to_a_limit() {
    let mut text = r#"{"headers":{},"body":"x"}"#.to_owned();
    for _ in 0..search::MAX_CROSSED {
        text = format!(r#"{{"m":{}}}"#, serde_json::Value::from(text));
    }
    assert_eq!(located(&text)[0].1, Ok("x".to_owned()));
    let text = format!(r#"{{"m":{}}}"#, serde_json::Value::from(text));
    assert!(read(&json::read(text.as_bytes()).unwrap()).is_err());
}

#[test]
fn an_error_names_the_missing_or_invalid_field() {
    for (text, part) in [
        ("[]", "expected an object"),
        ("{}", "`headers` is missing"),
        (r#"{"headers":{}}"#, "`body` is missing"),
        (r#"{"body":""}"#, "`headers` is missing"),
        (r#"{"headers":1,"body":""}"#, "`headers` is neither"),
        (r#"{"headers":["A","1","B"],"body":""}"#, "`headers` is neither"),
        (r#"{"headers":{"A":true},"body":""}"#, "header `A` is not a string"),
        (r#"{"headers":{},"body":"\ud800"}"#, "half a surrogate pair"),
        (r#"{"headers":{},"body_base64":"!"}"#, "`body_base64` is not base64"),
        (r#"{"headers":{},"body":"!","isBase64Encoded":true}"#, "`isBase64Encoded` says it is"),
        (r#"{"headers":{},"body":{"type":"Buffer","data":[256]}}"#, "an item that is not a byte"),
        (r#"{"kind":"request","headers":{},"body":""}"#, "it is a `request`"),
        (r#"{"headers":{},"body":"","received_at":"soon"}"#, "`received_at`"),
        (r#"{"headers":{},"body":"","method":1}"#, "`method` is not a string"),
        (r#"{"schema_version":2,"kind":"capture","headers":{},"body":""}"#, "`schema_version`"),
    ] {
        let error = parse(text).unwrap_err();
        assert!(error.contains(part), "{text}: {error}");
    }
}

#[test]
fn a_get_needs_no_body() {
    assert_eq!(message(r#"{"method":"GET","headers":{}}"#).body, "");
}
