use super::*;
use crate::protocols::requests::parsed::RequestLocation;

const HEAD: &str = "POST /hooks HTTP/1.1\nHost: example.com\n";

/// Returns the target and body of each request, or its error.
fn requests(text: &str) -> Vec<Result<(String, String), String>> {
    let reads =
        read(text.as_bytes()).unwrap_or_else(|reason| vec![(RequestLocation::Whole, Err(reason))]);
    let described = |(_, read): (RequestLocation, Result<ParsedRequest, String>)| {
        let message = read?.capture.message;
        Ok((message.target, String::from_utf8_lossy(&message.body).into_owned()))
    };
    reads.into_iter().map(described).collect()
}

/// Returns the bodies of valid requests.
fn bodies(text: &str) -> Vec<String> {
    requests(text)
        .into_iter()
        .map(|read| read.unwrap_or_else(|e| panic!("{e}: {text}")).1)
        .collect()
}

#[test]
fn a_body_ends_before_the_next_part_of_the_text() {
    for end in [
        "###\n",
        "### next\n",
        "> {% client.test() %}\n",
        "> {%\nPOST / HTTP/1.1\n%}\n",
        "> ./handler.js\n",
        ">> out.json\n",
        ">>! out.json\n",
        "<> 2026.200.json\n",
        "HTTP/1.1 200 OK\nContent-Length: 2\n\nok",
        "HTTP/2 204\n\n",
    ] {
        for blank in ["\n", "\n\n", "\r\n\r\n"] {
            let text = format!("{HEAD}\n{{}}{blank}{end}");
            assert_eq!(bodies(&text), ["{}"], "{text:?}");
        }
    }
    assert_eq!(bodies(&format!("{HEAD}\n1\n\n{HEAD}\n2\n")), ["1", "2"]);
}

#[test]
fn only_lines_of_the_format_end_a_body() {
    for body in
        ["a\n> quoted\nb", "a\n## title", "<xml>\n</xml>", "a\nPOST /hooks", "HTTP/1.1 is old"]
    {
        assert_eq!(bodies(&format!("{HEAD}\n{body}")), [body]);
    }
}

#[test]
fn a_request_in_a_body_with_a_length_is_not_a_request() {
    let inner = format!("{HEAD}\n{{}}");
    for (length, after) in [(inner.len(), ""), (inner.len(), "\n\n"), (inner.len() + 9, "")] {
        let text = format!("{HEAD}Content-Length: {length}\n\n{inner}{after}");
        let found = bodies(&text);
        assert!(found.len() == 1 && found[0].starts_with(&inner), "{text}: {found:?}");
    }
    let wrong = format!("{HEAD}Content-Length: 1\n\n{{}}\n\n{HEAD}\n2");
    assert_eq!(bodies(&wrong), ["{}", "2"], "a length that leads into the body is not trusted");
}

#[test]
fn an_interim_response_is_not_the_body() {
    let text = format!(
        "{HEAD}Content-Length: 2\n\nHTTP/1.1 100 Continue\nA: 1\n\n{{}}HTTP/1.1 200 OK\n\n"
    );
    assert_eq!(bodies(&text), ["{}"]);
}

#[test]
fn responses_and_prose_are_skipped() {
    let chunked = "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\nok\n0\n\n";
    let text = format!(
        "Listening on 9000\n\n{HEAD}Content-Length: 1\n\n1{chunked}Ncat: closed.\n{HEAD}Content-Length: 1\n\n2\nbye\n"
    );
    assert_eq!(bodies(&text), ["1", "2"]);
    assert!(is_http_text(text.as_bytes()));
    assert!(!is_http_text(b"a {\"headers\":{}}\nPOST / HTTP/1.1\n"), "a log");
}

#[test]
fn the_last_newline_belongs_to_the_body_only_in_a_saved_message() {
    assert_eq!(bodies(&format!("{HEAD}\n{{}}\n")), ["{}\n"]);
    assert_eq!(bodies(&format!("### a\n{HEAD}\n{{}}\n")), ["{}"]);
    assert_eq!(bodies(&format!("hello\n{HEAD}\n{{}}\n")), ["{}"]);
    let wire = HEAD.replace('\n', "\r\n");
    assert_eq!(bodies(&format!("hello\r\n{wire}\r\n{{}}\n")), ["{}\n"]);
}

#[test]
fn a_request_line_may_have_no_version_and_several_lines() {
    let text = "@host = https://example.com\n@path={{host}}/hooks\n\n# @name a\nPOST {{path}}\n  ?a={{b}}\n  &c=2\n# comment\n// comment\nX: {{b}}\n\n{{b}}\n\n###\n@b = 1\n";
    let read = read(text.as_bytes()).unwrap().remove(0).1.unwrap().capture.message;
    assert_eq!((read.method.as_str(), read.target.as_str()), ("POST", "/hooks?a=1&c=2"));
    assert_eq!(read.headers, Headers::from_iter([("Host", "example.com"), ("X", "1")]));
    assert_eq!(read.body, "1");
    assert!(!is_http_text(b"POST /"), "a header must follow");
}

#[test]
fn variables_are_only_replaced_in_a_request_file() {
    assert_eq!(bodies(&format!("{HEAD}\n{{{{name}}}} \n")), ["{{name}} \n"]);
    for (text, part) in [
        ("POST https://a/{{path}}\nA: 1\n\n", "`{{path}}`, which the file does not define"),
        ("###\nPOST https://a/\nA: {{$guid}}\n\n", "`{{$guid}}`, which has another value"),
        ("@a={{b}}\n@b={{a}}\nPOST https://a/\nA: {{a}}\n\n", "refer to each other"),
        ("###\nPOST https://a/\nA: 1\n\n< ./body.json\n", "the file `./body.json`, which is not"),
        ("###\nPOST https://a/\nA: 1\n\n<@ body.json\n", "the file `body.json`, which is not"),
    ] {
        let error = requests(text).remove(0).unwrap_err();
        assert!(error.contains(part), "{text}: {error}");
    }
    let many =
        format!("@a={}\n###\nPOST https://a/\nA: {}\n\n", "x".repeat(1000), "{{a}}".repeat(1000));
    let error = requests(&many).remove(0).unwrap_err();
    assert!(error.contains("too many characters"), "{error}");
}

#[test]
fn an_error_ends_a_saved_text_and_one_request_of_a_request_file() {
    let broken = "POST /1 HTTP/1.1\nno header\n\n";
    let found = requests(&format!("{broken}{HEAD}\n2"));
    assert_eq!(found.len(), 1, "{found:?}");
    let found = requests(&format!("###\n{broken}###\n{HEAD}\n2"));
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].is_err() && found[1].is_ok(), "{found:?}");
}
