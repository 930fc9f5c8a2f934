use super::*;
use crate::domain::message::{Headers, Message};
use proptest::prelude::*;

const A: &str = r#"{"id":7,"url":"https://x.example/a","name":"Zoë"}"#;

fn message(body: impl AsRef<[u8]>) -> Message {
    Message::post("/", Headers::new(), body.as_ref().to_vec())
}

fn compared(a: &Message, b: &Message, scope: Scope) -> Difference {
    let side = |message| Side { message, bytes_were_lost: false };
    compare(side(a), side(b), scope)
}

/// Returns the cause of the difference of two bodies.
fn cause(a: impl AsRef<[u8]>, b: impl AsRef<[u8]>) -> String {
    compared(&message(a), &message(b), Scope::Request).cause.message
}

#[test]
fn the_cause_is_named_in_one_sentence() {
    let long = format!("[{}]", vec!["\"abc\""; 300].join(","));
    for (a, b, expected) in [
        (A, A, "same bytes"),
        (A, &format!("{A}\n"), "B has a final newline"),
        (&format!("{A}\n"), A, "B lost the final newline of A"),
        (&format!("{A}\r\n"), A, "B lost the final newline (CR LF) of A"),
        ("[1,\n2]", "[1,\r\n2]", "B has Windows newlines (CR LF) where A has Unix newlines (LF)"),
        ("[1,\r\n2]", "[1,\n2]", "B has Unix newlines (LF) where A has Windows newlines (CR LF)"),
        (A, &format!("\u{feff}{A}"), "B begins with a byte order mark (EF BB BF)"),
        (&format!("\u{feff}{A}"), A, "B lost the byte order mark (EF BB BF) of A"),
        (
            A,
            &format!("\u{feff}{A}\r\n"),
            "B begins with a byte order mark (EF BB BF) and has whitespace around it",
        ),
        (A, &format!("  {A} "), "B has whitespace around it"),
        (A, &format!("{A}\0"), "B ends in a zero byte (NUL)"),
        (A, "", "B has no body: it was not captured, or had already been read"),
        ("", A, "A has no body: it was not captured, or had already been read"),
        (&long, &long[..512], "B is cut off after 512 bytes"),
        (&long[..1], &long, "A is cut off after 1 byte"),
        ("[1]", "[1][2]", "B is A and 3 more bytes behind it"),
        (A, &format!("data: {A}"), "B equals A if only the JSON is read, without `data:`"),
        (A, &A.replace("ë", "Ã«"), "B is A read in a code page and encoded as UTF-8 again"),
        (A, &A.replace("ë", "e\u{308}"), "B is not in Unicode form NFC, and A is"),
        ("{\"a\":\"1 2\"}", "%7B%22a%22%3A%221%202%22%7D", "B is A percent-encoded"),
        (
            A,
            &format!("p={}", A.replace('&', "%26")),
            "B equals A if the body of B is the value of its form field `p`",
        ),
        (
            A,
            r#"{"url":"https://x.example/a","name":"Zoë","id":7}"#,
            "same JSON, other order of fields",
        ),
        (
            A,
            r#"{"id":7.0,"url":"https:\/\/x.example/a",  "name":"Zoë"}"#,
            "same JSON, other spelling of numbers and other whitespace and other escapes",
        ),
        (A, r#"{"id":7,"url":"https://x.example/a"}"#, "B lost the field `/name`"),
        (r#"{"url":"https://x.example/a"}"#, A, "A does not have the fields `/id`, `/name` of B"),
        (A, &format!(r#"{{"data":{A}}}"#), "B wraps A: A is its field `/data`"),
        (&format!(r#"{{"data":{A}}}"#), A, "B is only the field `/data` of A"),
        (A, r#"{"id":1,"url":"","name":null}"#, "bodies are different JSON: 3 values differ"),
        (
            A,
            &A.replace("Zoë", "Zo?"),
            "A equals B if each character outside ASCII is replaced by `?` or each UTF-16 unit outside \
             ASCII is replaced by `?`",
        ),
        (
            A,
            &A.replace('7', "\"7\""),
            "bodies are different JSON: the value of `/id` differs: the same number, as a string \
             in one of them",
        ),
        ("1", "2", "bodies are different JSON: the value of the document differs"),
        ("{}", "{", "B is cut off after 1 byte"),
        (
            "{}",
            "[",
            "A is JSON, B is not: expected a value or `]`, found the end of the input at line 1, column 2",
        ),
        ("abc", "xyz", "the bodies have different bytes"),
    ] {
        assert_eq!(cause(a, b), expected, "{a} {b}");
    }
}

#[test]
fn a_library_that_printed_a_body_is_named() {
    let php = A.replace('/', "\\/").replace("ë", "\\u00eb");
    let found = cause(A, &php);
    assert!(
        found.starts_with("same JSON, B was printed by PHP's `json_encode($array)`"),
        "{found}"
    );
    assert!(found.ends_with("(other escapes)"), "{found}");
    let found = cause(&php, A);
    assert!(found.contains("JSON.stringify") && found.contains("and A by PHP's"), "{found}");
    let python = A.replace(",\"", ", \"").replace("\":", "\": ").replace("ë", "\\u00eb");
    let found = cause(A, format!("{python}\n"));
    assert!(found.contains("B was printed by Python's `json.dumps(data)`"), "{found}");
    let rounded = cause(r#"{"id":9007199254740993}"#, r#"{"id":9007199254740992}"#);
    assert!(
        rounded.contains("JavaScript") && rounded.ends_with("which changed 1 value: `/id`"),
        "{rounded}"
    );
    let form: String =
        url::form_urlencoded::Serializer::new(String::new()).append_pair("payload", &php).finish();
    let found = cause(A, form);
    assert!(found.contains("form field `payload`") && found.contains("PHP's"), "{found}");
}

#[test]
fn only_the_bodies_may_be_compared() {
    let (mut a, b) = (message(A), message(A));
    a.method = "PUT".to_owned();
    a.headers.push("X-Id", "1");
    let whole = compared(&a, &b, Scope::Request);
    assert!(!whole.same);
    assert_eq!(whole.cause.message, "same body, other method and header");
    let body = compared(&a, &b, Scope::Body);
    assert!(body.same && body.method.is_none() && body.headers.is_none());
    assert_eq!(body.cause, Cause::new("same", "same bytes"));
}

#[test]
fn a_parsed_body_is_never_the_same_bytes() {
    let (a, b) = (message(A), message(A));
    let lost = Side { message: &b, bytes_were_lost: true };
    let found = compare(Side { message: &a, bytes_were_lost: false }, lost, Scope::Request);
    assert!(!found.same);
    assert!(found.cause.message.starts_with("same JSON, but the bytes of B are not known"));
}

#[test]
fn headers_differ_in_value_case_or_order() {
    let headers = |pairs: &[(&str, &str)]| pairs.iter().copied().collect::<Headers>();
    let changes = |a: &[(&str, &str)], b: &[(&str, &str)]| -> Vec<_> {
        let found = headers::differences(&headers(a), &headers(b));
        found.into_iter().map(|header| (header.change, header.name)).collect()
    };
    let name = |name: &str| Some(name.to_owned());
    let both = [("A", "1"), ("b", "2")];
    assert_eq!(changes(&both, &both), []);
    assert_eq!(changes(&both, &[("A", "1")]), [(HeaderChange::Removed, name("b"))]);
    assert_eq!(changes(&both, &[("A", "1"), ("B", "2")]), [(HeaderChange::Case, name("b"))]);
    assert_eq!(changes(&both, &[("b", "2"), ("A", "1")]), [(HeaderChange::Order, None)]);
    assert_eq!(
        changes(&both, &[("a", "9"), ("b", "2"), ("c", "")]),
        [(HeaderChange::Changed, name("A")), (HeaderChange::Added, name("c"))]
    );
    assert_eq!(
        changes(&[("A", "1"), ("A", "2")], &[("A", "2"), ("A", "1")]),
        [(HeaderChange::Changed, name("A"))],
        "the order of the values of one header matters"
    );
}

#[test]
fn the_first_difference_is_a_whole_character_with_its_name() {
    let first = |a: &[u8], b: &[u8]| BodyDifference::of(a, b).first_difference.unwrap();
    let found = first("é\n\"a b".as_bytes(), "é\n\"a\u{a0}b".as_bytes());
    assert_eq!((found.offset, found.line, found.column), (5, 2, 3));
    assert_eq!(found.a.character, "space, 0x20");
    assert_eq!(found.b.character, "no-break space, U+00A0");
    assert_eq!(found.b.after, "\\u{a0}b");
    assert_eq!(found.before, "é\\n\"a");
    let found = first("aé".as_bytes(), "aè".as_bytes());
    assert_eq!((found.offset, found.a.character.as_str()), (1, "`é`, U+00E9"));
    let found = first(b"a\r\n", b"a\n");
    assert_eq!(found.a.character, "CR (carriage return), 0x0d");
    assert_eq!(found.b.character, "LF (newline), 0x0a");
    let found = first(b"a", b"a\xff");
    assert_eq!((found.a.byte, found.a.character.as_str()), (None, "the end of the body"));
    assert_eq!(found.b.character, "the byte 0xff, which is not UTF-8");
    assert_eq!(found.b.after, "\\xff");
}

#[test]
fn a_value_says_what_happened_to_it() {
    let notes = |a: &str, b: &str| {
        let read = |text: &str| json::read(text.as_bytes()).unwrap();
        let found = values::differences(&read(a), &read(b));
        found.into_iter().map(|value| (value.change, value.note)).collect::<Vec<_>>()
    };
    let changed = |note| vec![(ValueChange::Changed, Some(note))];
    for (a, b, note) in [
        ("9007199254740993", "9007199254740992", "B rounded the number to a double"),
        ("9007199254740992", "9007199254740993", "A rounded the number to a double"),
        (r#""""#, "null", "the empty string became null"),
        ("null", r#""""#, "null became the empty string"),
        (r#"" a""#, r#""a""#, "whitespace around it was removed"),
        (r#""a""#, r#""a ""#, "whitespace around it was added"),
        (r#""a b""#, "\"a\u{a0}b\"", "only spaces and invisible characters differ"),
        (r#""Ab""#, r#""aB""#, "only the case differs"),
        (r#""abc""#, r#""ab""#, "the string was cut off"),
    ] {
        assert_eq!(notes(a, b), changed(note), "{a} {b}");
    }
    assert_eq!(notes("12", "13"), [(ValueChange::Changed, None)]);
    assert_eq!(notes(r#"{"a":1,"a":1}"#, r#"{"a":1}"#), [(ValueChange::Repeated, None)]);
    assert_eq!(notes(r#"{"a":1,"a":1}"#, r#"{"a":1,"a":1}"#), []);
}

proptest! {
    #[test]
    fn no_pair_of_bodies_panics_and_every_difference_is_symmetric(
        a in proptest::collection::vec(any::<u8>(), 0..60),
        b in proptest::collection::vec(any::<u8>(), 0..60),
    ) {
        let (left, right) = (message(&a), message(&b));
        let found = compared(&left, &right, Scope::Request);
        prop_assert_eq!(found.same, a == b);
        prop_assert!(!found.cause.message.is_empty());
        let back = compared(&right, &left, Scope::Request);
        prop_assert_eq!(
            found.body.first_difference.map(|first| first.offset),
            back.body.first_difference.map(|first| first.offset)
        );
    }
}
