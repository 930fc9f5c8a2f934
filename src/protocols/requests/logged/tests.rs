//! Tests with requests as tools log them, each a sample in the format of that tool's documentation.

use super::*;
use crate::domain::message::Headers;
use crate::protocols::json;

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
        r#"{"uri":"/api/requests/http/x","id":"x","tunnel_name":"t","remote_addr":"203.0.113.7","start":"2026-01-02T03:04:05Z","duration":1,"request":{"method":"POST","proto":"HTTP/1.1","headers":{"X-A":["9"]},"uri":"/hooks","raw":"UE9TVCAvaG9va3MgSFRUUC8xLjENClgtQTogMQ0KQ29udGVudC1MZW5ndGg6IDcNCg0KeyJhIjoxfQ=="},"response":{"status":"200 OK","headers":{}}}"#,
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

#[test]
fn lists_of_requests_are_read() {
    let one = r#"{"headers":{},"body":"x"}"#;
    for text in [
        format!("[{one},{one}]"),
        format!(r#"{{"data":[{one},{one}],"total":2}}"#),
        format!(r#"{{"uri":"/api","requests":[{one},{one}]}}"#),
        format!(r#"{{"info":{{}},"item":[{one},{one}]}}"#),
    ] {
        let reads = read(&json::read(text.as_bytes()).unwrap()).unwrap();
        assert_eq!(reads.len(), 2, "{text}");
        assert!(reads.iter().all(|(_, read)| read.is_ok()), "{text}");
    }
    assert!(read(&json::read(b"[]").unwrap()).is_err());
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
