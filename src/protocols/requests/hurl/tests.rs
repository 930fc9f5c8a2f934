use super::*;

const HEAD: &str = "POST https://example.com/hooks\nA: 1\n";

fn messages(text: &str) -> Vec<Result<Message, String>> {
    assert!(is_hurl(text.as_bytes()), "{text}");
    let reads = read(text.as_bytes()).unwrap();
    reads.into_iter().map(|(_, read)| read.map(|parsed| parsed.capture.message)).collect()
}

#[test]
fn every_kind_of_body_is_read() {
    for (body, expected) in [
        ("`a`", "a"),
        ("`a\\n\\u{e9}\\``", "a\né`"),
        ("`{\"a\": \"\\u00e9\\/\"}`", "{\"a\": \"\\u00e9\\/\"}"),
        ("`a\\qb`", "a\\qb"),
        ("```\na\n\nb\n```", "a\n\nb\n"),
        ("```json\n{}```", "{}"),
        ("```a```", "a"),
        ("base64, e30K ;", "{}\n"),
        ("hex,7b7d;", "{}"),
        ("{\n  \"a\": \"}\"\n}", "{\n  \"a\": \"}\"\n}"),
        ("[1]", "[1]"),
        ("<a>\n</a>", "<a>\n</a>"),
        ("[FormParams]\na: b c\n", "a=b+c"),
    ] {
        for blank in ["", "\n", "# comment\n"] {
            let text = format!(
                "{HEAD}{blank}{body}\nHTTP 200\n[Asserts]\nbody == \"x\"\n\n{HEAD}HTTP *\n"
            );
            let found = messages(&text);
            let bodies: Vec<_> = found.into_iter().map(|read| read.unwrap().body).collect();
            assert_eq!(bodies, [expected, ""], "{text}");
        }
    }
}

#[test]
fn sections_and_variables_are_applied() {
    let text = "POST {{host}}/hooks\nA: {{a}}\n[Options]\nvariable: host=https://example.com\nvariable: a=1\n[QueryStringParams]\nq: 1 2\n`{{a}}`\nHTTP 200\n";
    let message = messages(text).remove(0).unwrap();
    assert_eq!(message.target, "/hooks?q=1+2");
    assert_eq!(message.headers, Headers::from_iter([("Host", "example.com"), ("A", "1")]));
    assert_eq!(message.body, "1");
}

#[test]
fn a_body_that_is_not_in_the_file_is_an_error() {
    for (body, part) in [
        ("file,data/a.json;", "the file `data/a.json`, which is not included"),
        ("[Multipart]\na: b\n", "it has a multipart body"),
        ("```graphql\nquery\n```", "its body is GraphQL"),
        ("`a", "a closing `` ` ``"),
        ("```a", "a closing"),
        ("base64,!;", "is not base64"),
        ("hex,zz;", "is not hex digits"),
        ("hex,00", "expected a `;`"),
        ("`{{b}}`", "`{{b}}`, which the file does not define"),
        ("!", "expected a header, a section or a body"),
    ] {
        let found = messages(&format!("{HEAD}{body}\nHTTP 200\n{HEAD}HTTP 200\n"));
        let error = found[0].as_ref().unwrap_err();
        assert!(error.contains(part), "{body}: {error}");
        assert!(found.len() == 2 && found[1].is_ok(), "{body}: {found:?}");
    }
}
