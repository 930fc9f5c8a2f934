use super::*;

fn message(text: &str) -> Result<Message, String> {
    assert!(is_bruno(text.as_bytes()), "{text}");
    read(text.as_bytes())?.remove(0).1.map(|parsed| parsed.capture.message)
}

#[test]
fn blocks_become_a_request() {
    let text = "meta {\n  name: x\n}\n\npost {\n  url: https://{{host}}/hooks?a=1\n  body: json\n}\n\nheaders {\n  A: {{a}}\n  ~B: 2\n}\n\nauth:bearer {\n  token: t\n}\n\nbody:json {\n  {\n    \"a\": 1\n  }\n}\n\nvars:pre-request {\n  host: example.com\n  a: 1\n}\n\ntests {\n  x\n}\n";
    for text in [text.to_owned(), text.replace('\n', "\r\n")] {
        let message = message(&text).unwrap();
        assert_eq!((message.method.as_str(), message.target.as_str()), ("POST", "/hooks?a=1"));
        let headers = [("Host", "example.com"), ("A", "1"), ("Authorization", "Bearer t")];
        assert_eq!(message.headers, Headers::from_iter(headers));
        assert_eq!(message.body, "{\n  \"a\": 1\n}");
    }
}

#[test]
fn other_bodies_are_built_or_an_error() {
    let text = |mode: &str| {
        format!(
            "post {{\n  url: a.b/c\n  body: {mode}\n}}\nbody:form-urlencoded {{\n  a: b c\n  ~d: e\n}}\nbody:text {{\n  é\n}}\n"
        )
    };
    for (mode, body) in [("formUrlEncoded", "a=b+c"), ("none", ""), ("text", "é")] {
        assert_eq!(message(&text(mode)).unwrap().body, body, "{mode}");
    }
    for (text, part) in [
        (text("multipartForm"), "its body is `multipartForm`, expected `json`"),
        ("post {\n  body: none\n}\n".to_owned(), "expected the line `url: …`"),
        ("meta {\n}\n".to_owned(), "expected a block for the method"),
        ("meta {\n".to_owned(), "expected a `}` at the end of the block `meta`"),
        ("post {\n  url: {{a}}\n}\n".to_owned(), "`{{a}}`, which the file does not define"),
    ] {
        let error = message(&text).unwrap_err();
        assert!(error.contains(part), "{text}: {error}");
    }
}
