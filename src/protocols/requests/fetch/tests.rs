use super::*;

fn messages(text: &str) -> Vec<Result<Message, String>> {
    assert!(is_fetch(text.as_bytes()), "{text}");
    let reads = read(text.as_bytes()).unwrap();
    reads.into_iter().map(|(_, read)| read.map(|parsed| parsed.capture.message)).collect()
}

/// Returns the body of a call with this expression as its body.
fn body(expression: &str) -> Result<String, String> {
    let text =
        format!("fetch('https://example.com/hooks', {{method: 'POST', body: {expression}}})");
    let body = messages(&text).remove(0)?.body;
    Ok(String::from_utf8(body.to_vec()).unwrap())
}

#[test]
fn a_call_becomes_a_request() {
    for text in [
        "await fetch(\"https://example.com/hooks\", {\n  \"headers\": {\n    \"a\": \"1\"\n  },\n  \"body\": \"{}\",\n  \"method\": \"POST\"\n});",
        "// comment\nconst response = await fetch('https://example.com/hooks', { method: 'post', headers: new Headers({ a: '1' }), body: `{}`, });",
        "const body = \"{}\";\nfetch('https://example.com/hooks', { method: 'POST', headers: [['a', '1']], body, mode: \"cors\", signal: null })",
    ] {
        let message = messages(text).remove(0).unwrap();
        assert_eq!(
            (message.method.as_str(), message.target.as_str()),
            ("POST", "/hooks"),
            "{text}"
        );
        let headers = Headers::from_iter([("Host", "example.com"), ("a", "1")]);
        assert_eq!((message.headers, &message.body[..]), (headers, b"{}".as_slice()), "{text}");
    }
    let get = messages("fetch('http://a/1'); fetch('http://a/2', {body: null})");
    let targets: Vec<_> =
        get.into_iter().map(|read| read.map(|message| (message.method, message.target))).collect();
    let expected = ["/1", "/2"].map(|target| Ok(("GET".to_owned(), target.to_owned())));
    assert_eq!(targets, expected);
}

#[test]
fn a_string_is_decoded_with_all_escapes() {
    for (expression, expected) in [
        (r#""\"\\\n\r\t\b\f\v\0\/\q""#, "\"\\\n\r\t\u{8}\u{c}\u{b}\0/q"),
        (r"'\x41\u00e9\u{1F600}\ud83d\ude00'", "Aé😀😀"),
        ("'a\\\nb'", "ab"),
        ("`a\r\nb$c\\`\\${`", "a\nb$c`${"),
        ("'a' + \"b\" + `c`", "abc"),
        ("12", "12"),
    ] {
        assert_eq!(body(expression).as_deref(), Ok(expected), "{expression}");
    }
}

#[test]
fn json_stringify_gives_its_exact_bytes() {
    for (expression, expected) in [
        (
            "JSON.stringify({a: 1.50, 'b': [true, null, undefined], c: undefined, \"d\": '\\u00e9\"'})",
            r#"{"a":1.5,"b":[true,null,null],"d":"é\""}"#,
        ),
        ("JSON.stringify({b: 1, 2: 'x', 1: 'y'},)", r#"{"1":"y","2":"x","b":1}"#),
        ("JSON.stringify('a')", "\"a\""),
    ] {
        assert_eq!(body(expression).as_deref(), Ok(expected), "{expression}");
    }
}

#[test]
fn a_value_that_is_not_in_the_text_is_an_error() {
    for (expression, part) in [
        ("payload", "`payload` is a variable without a value"),
        ("JSON.stringify(payload)", "`payload` is a variable"),
        ("payload.a", "is an expression"),
        ("f(1)", "is an expression"),
        ("`a${b}`", "a template with an expression"),
        ("{a: 1}", "`body` is an object"),
        ("'a", "expected a closing `'`"),
        ("'\\ud83d'", "half a surrogate pair"),
        ("'\\xzz'", "expected hex digits after `\\x`"),
        ("0x10", "expected a number as in JSON"),
        ("JSON.stringify({}, null, 2)", "expected `)`"),
    ] {
        let error = body(expression).unwrap_err();
        assert!(error.contains(part), "{expression}: {error}");
    }
    let deep = body(&"[".repeat(100)).unwrap_err();
    assert!(deep.contains("nested values"), "{deep}");
    let copies =
        format!("const a = \"{}\";\n", "x".repeat(1000)) + &"fetch(a, {body: a});".repeat(50);
    let last = messages(&copies).pop().unwrap().unwrap_err();
    assert!(last.contains("too many characters"), "{last}");
}
