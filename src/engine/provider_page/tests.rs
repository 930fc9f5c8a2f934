//! Tests of the provider page, with minimal packs and the built-in ones.

use super::render;
use crate::domain::secret::Secret;
use crate::engine::compose::{RequestDraft, compose};
use crate::providers::Packs;
use crate::providers::pack::Pack;
use crate::providers::provider::Provider;
use jiff::Timestamp;
use serde_json::{Value, json};

/// The minimal facts of a custom pack.
const MINIMAL: &str = r#"
id = "acme"
name = "Acme"
documentation = "the Acme handbook"
[request]
content-type = "application/json"
[event]
pointer = "/kind"
[signature]
scheme = "hmac-sha256-hex"
header = "X-Acme"
over = "raw-body"
[recognise]
headers = []
[retry]
documented = true
waits = []
success = ["204"]
[receiver]
refuses-with = 400
[person]
name = []
"#;

/// Creates a pack of the minimal facts, the facts in `more`, and events with these schemas.
fn pack(more: &str, events: &[(&str, &str, Value)]) -> Pack {
    let mut files = Vec::new();
    let mut tables = vec![more.to_owned(), MINIMAL.to_owned()];
    for (name, shape, schema) in events {
        tables.push(format!(
            "[[events]]\nname = \"{name}\"\nsummary = \"it happened\"\nshape = \"{shape}\""
        ));
        files.push((format!("{name}.json"), "{}".to_owned()));
        files.push((format!("{name}.schema.json"), schema.to_string()));
    }
    files.push(("provider.toml".to_owned(), tables.join("\n")));
    let files: Vec<_> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    Pack::read("acme", &files).unwrap()
}

fn lead(kind: &str, also: &Value) -> Value {
    let mut schema = json!({
        "required": ["id", "kind"],
        "properties": {
            "id": {"type": "string", "format": "uuid", "x-severity": {"format": "warning"}},
            "kind": {"const": kind},
            "tags": {"type": "array", "items": {"type": "string", "maxLength": 9}},
        },
    });
    for (name, value) in also.as_object().unwrap() {
        schema[name] = value.clone();
    }
    schema
}

fn count(text: &str, part: &str) -> usize {
    text.matches(part).count()
}

#[test]
fn the_smallest_pack_gives_a_page_without_empty_sections() {
    let page = render(&pack("", &[("made", "documented", json!({}))])).unwrap();
    for section in ["# Acme", "## The request", "## The signature", "## Responses", "### `made`"] {
        assert_eq!(count(&page, section), 1, "{section}: {page}");
    }
    for absent in ["## Open questions", "## Sources", "| source |", "\n\n\n", "In the body:\n\nIt"]
    {
        assert!(!page.contains(absent), "{absent}: {page}");
    }
    for expected in [
        "The vendor's documentation: the Acme handbook.",
        "| `/kind` | the name of the event |",
        "No message id is sent.",
        "`204` is a success",
        "A message is sent once.",
        "There are no rules for it.",
    ] {
        assert!(page.contains(expected), "{expected}: {page}");
    }
    assert!(page.ends_with(".\n"), "{page}");
}

#[test]
fn fields_shared_by_events_are_described_once() {
    let score = json!({"properties": {
        "id": {"type": "string", "format": "uuid", "x-severity": {"format": "warning"}},
        "kind": {"const": "scored"},
        "tags": {"type": "array", "items": {"type": "string", "maxLength": 9}},
        "score": {"type": "number"},
    }});
    let page = render(&pack(
        "",
        &[
            ("made", "documented", lead("made", &json!({}))),
            ("moved", "documented", lead("moved", &json!({}))),
            ("scored", "documented", lead("scored", &score)),
        ],
    ))
    .unwrap();
    assert_eq!(count(&page, "### Common to `made`, `moved` and `scored`"), 1, "{page}");
    assert_eq!(
        count(&page, "| `/id` | string | required | a hyphenated UUID *(warning)* |"),
        1,
        "{page}"
    );
    assert_eq!(
        count(&page, "| `/kind` | string | required | the name of the event |"),
        1,
        "{page}"
    );
    assert_eq!(count(&page, "| `/tags/*` | string |  | at most 9 characters |"), 1, "{page}");
    // Two events whose fields are all shared have one section.
    assert_eq!(
        count(&page, "### `made` and `moved`\n\nIt contains what is [common to"),
        1,
        "{page}"
    );
    assert_eq!(count(&page, "### `scored`"), 1, "{page}");
    assert_eq!(count(&page, "| `/score` | number | optional |"), 1, "{page}");
    assert!(page.contains("(#common-to-made-moved-and-scored)"), "{page}");
}

#[test]
fn events_with_one_payload_are_listed_and_guesses_are_marked() {
    let names = ["a", "b", "c", "d"];
    let events =
        names.map(|name| (name, "guess", lead(name, &json!({"$comment": "C: generated"}))));
    let page = render(&pack("", &events)).unwrap();
    assert_eq!(count(&page, "### `a` and 3 more"), 1, "{page}");
    assert_eq!(count(&page, "The events `a`, `b`, `c` and `d`."), 1, "{page}");
    assert_eq!(count(&page, "Acme names these events and shows no payload"), 1, "{page}");
    assert_eq!(count(&page, "> From their schemas: C: generated"), 1, "{page}");
    assert_eq!(count(&page, "| `/id` |"), 1, "{page}");
}

#[test]
fn rules_that_do_not_fit_into_a_table_are_below_it() {
    let many: Vec<_> = (0..30).map(|number| format!("value_{number}")).collect();
    let long =
        "A: the same for all of them, at such a length that nobody wants to read it in a row";
    let also = json!({
        "properties": {
            "role": {"enum": many, "x-severity": "warning"},
            "a|b": {"enum": ["x|y"], "$comment": long},
            "c": {"const": 1, "$comment": long},
        },
        "allOf": [
            {"anyOf": [{"required": ["a|b"]}, {"required": ["c"]}]},
            {
                "if": {"required": ["role"], "properties": {"role": {"const": "value_1"}}},
                "then": {
                    "required": ["c"],
                    "properties": {"c": {"minimum": 1, "x-severity": "warning"}},
                    "x-severity": "warning",
                },
                "$comment": "B: only then",
            },
        ],
    });
    let page = render(&pack("", &[("made", "documented", lead("made", &also))])).unwrap();
    for expected in [
        "| `/role` | string *(warning)* | optional | one of 30 values, below *(warning)* |  |",
        "Values of `/role`: `value_0`, `value_1`,",
        r"| `/a\|b` | string | optional | `x\|y` | *Note 1* |",
        "| `/c` | number | conditional | `1` | *Note 1* |",
        "- Note 1: A: the same for all of them",
        "- The body as a whole: an object with `a|b`, or an object with `c`.",
        "- When `/role` is `value_1`: `/c` should be present, and should be at least 1. \
         *(B: only then)*",
    ] {
        assert!(page.contains(expected), "{expected}: {page}");
    }
}

#[test]
fn names_in_brackets_link_to_their_sources() {
    let schema = json!({
        "$comment": "A [BOOK]: chapter 2, against [OLD]",
        "x-sources": {"BOOK": "docs.example.com/book", "OLD": "a book", "SPARE": "example.com/x"},
    });
    let more = "sources = { waits = \"C: a guess\" }";
    let page = render(&pack(more, &[("made", "documented", schema)])).unwrap();
    for expected in [
        "A message is sent once. *(C: a guess)*",
        "- **A**: the vendor's own documentation or code.",
        "- **C**: inferred",
        "- **BOOK**: <https://docs.example.com/book>",
        "- **OLD**: a book",
        "\n[BOOK]: https://docs.example.com/book\n",
    ] {
        assert!(page.contains(expected), "{expected}: {page}");
    }
    for absent in ["SPARE", "- **B**:", "- **A-**:"] {
        assert!(!page.contains(absent), "{absent}: {page}");
    }
}

#[test]
fn questions_are_listed() {
    let more = "questions = [\"Why <so> late?\"]";
    let page = render(&pack(more, &[("made", "documented", json!({}))])).unwrap();
    assert!(page.contains("## Open questions\n\n- Why \\<so> late?"), "{page}");
}

/// Returns the names in the first column of the table under "The request".
fn headers(page: &str) -> Vec<&str> {
    let (_, section) = page.split_once("## The request").unwrap();
    let (section, _) = section.split_once("## The signature").unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.filter_map(|row| row.split('`').next()).filter(|name| !name.starts_with('/')).collect()
}

fn sent(provider: &Provider) -> Vec<String> {
    let draft = RequestDraft {
        event: Some("made"),
        message_id: Some("7"),
        now: Timestamp::UNIX_EPOCH,
        path: "/",
        body: "{}".into(),
        as_of: None,
        extra_headers: &[],
    };
    let secret = Secret::new("s3cret").unwrap();
    let composed = compose(provider, draft, Some(&secret), None).unwrap();
    composed.message.headers.iter().map(|(name, _)| name.to_owned()).collect()
}

#[test]
fn headers_are_in_the_order_in_which_they_are_sent() {
    for pack in Packs::builtin().unwrap().iter() {
        let page = render(pack).unwrap();
        assert_eq!(headers(&page), sent(&pack.provider), "{}", pack.provider.id);
    }
}

#[test]
fn the_signature_section_lists_the_uncovered_headers() {
    let packs = Packs::builtin().unwrap();
    for (id, expected) in [
        ("realgeeks", "- What is signed: the bytes of the body as received."),
        (
            "realgeeks",
            "any header, `X-Lead-Router-Action` (the event), `X-Lead-Router-Message-Id` (the id)",
        ),
        ("realtorbot", "- What is signed: the result of `JSON.stringify(JSON.parse(body))`."),
        ("realtorbot", "- Not covered: any header."),
        ("leadpro", "with the time of signing added as `iat`"),
        ("leadpro", "- The HTTP body is not signed"),
    ] {
        let page = render(packs.find(id).unwrap()).unwrap();
        assert!(page.contains(expected), "{id}: {expected}");
    }
}

#[test]
fn the_retry_schedule_is_a_table() {
    let page = render(Packs::builtin().unwrap().find("realtorbot").unwrap()).unwrap();
    assert!(page.contains("At most 5 attempts are made."), "{page}");
    assert!(page.contains("| 5 | 5 min | 5 min 36 s |"), "{page}");
}

#[test]
fn the_configuration_of_a_scheme_is_described() {
    let signed = |signature: &str| {
        let facts = MINIMAL.replace(
            "scheme = \"hmac-sha256-hex\"\nheader = \"X-Acme\"\nover = \"raw-body\"",
            signature,
        );
        let toml = format!(
            "{facts}\n[[events]]\nname = \"made\"\nsummary = \"it happened\"\nshape = \"guess\""
        );
        let files =
            [("provider.toml", toml.as_str()), ("made.json", "{}"), ("made.schema.json", "{}")];
        render(&Pack::read("acme", &files).unwrap()).unwrap()
    };
    let prefixed = signed(
        "scheme = \"hmac-sha256-hex\"\nheader = \"X-Acme\"\nover = \"raw-body\"\nprefix = \"sha256=\"",
    );
    assert!(prefixed.contains("written as `sha256=` and 64 lower-case hex digits"), "{prefixed}");
    let standard = signed(
        "scheme = \"standard-webhooks\"\nheader = \"webhook-signature\"\n\
         id-header = \"webhook-id\"\ntimestamp-header = \"webhook-timestamp\"\ntolerance = \"5m\"\n\
         [message-id]\nat = { header = \"webhook-id\" }\nform = \"uuid\"\n\
         [timestamp]\nat = { header = \"webhook-timestamp\" }\nprecision = \"unix-seconds\"",
    );
    for expected in [
        "| `webhook-timestamp` | the time of sending, in the form of `1767323045` |",
        "the value of `webhook-id`, that of `webhook-timestamp` and the bytes of the body",
        "more than 5 min from the receiver's clock is rejected",
        "- Not covered: any other header.\n",
    ] {
        assert!(standard.contains(expected), "{expected}: {standard}");
    }
}
