//! `leadhook docs`: the reference of a provider in a terminal, as Markdown and as JSON.

use crate::in_process::run_in_terminal_with;
use crate::support::{Leadhook, ROOT, keys};
use leadhook::output::wrap::columns;
use leadhook::protocols::schema_outline::outline;
use leadhook::providers::Packs;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

fn markdown(line: &str) -> String {
    Leadhook::from_line(line, &[]).in_process().exits(0, line).stdout
}

/// Returns the page as a terminal of this width shows it.
fn shown(args: &[&str], width: usize) -> String {
    let vars = [("COLUMNS", &*width.to_string()), ("NO_COLOR", "1")];
    run_in_terminal_with(&vars, args).exits(0, &args.join(" ")).stdout
}

#[test]
fn redirected_pages_are_the_committed_ones() {
    for pack in Packs::builtin().unwrap().iter() {
        let id = &pack.provider.id;
        let path = Path::new(ROOT).join(format!("docs/book/src/providers/{id}.md"));
        let committed = fs::read_to_string(path).unwrap();
        let (_, page) = committed.split_once("-->\n\n").unwrap();
        assert_eq!(markdown(&format!("docs {id}")), page, "{id}");
        assert_eq!(markdown(&format!("docs -p {id}")), page, "{id}");
    }
}

#[test]
fn an_event_can_be_named_in_every_form() {
    let page = markdown("docs leadpro lead.created");
    for line in [
        "docs leadpro:lead.created",
        "docs leadpro leadpro:lead.created",
        "docs -p leadpro lead.created",
        "docs leadpro:lead.created -p realgeeks",
    ] {
        assert_eq!(markdown(line), page, "{line}");
    }
    assert!(page.starts_with("# LeadPro: `lead.created`\n"), "{page}");
    for part in ["| `Authorization` |", "| `/data/id` | whole number | required |", "## Sources"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    for absent in ["lead.updated`", "## Responses and retries", "## Open questions", "Common to"] {
        assert!(!page.contains(absent), "{absent}: {page}");
    }
    let created = markdown("docs created");
    assert!(created.starts_with("# Real Geeks: `created`\n"), "{created}");
}

#[test]
fn without_arguments_the_providers_are_listed() {
    let index = markdown("docs");
    let report = leadhook!("docs --format json").in_process().object();
    assert_eq!(keys(&report), ["schema_version", "kind", "providers"]);
    for (pack, listed) in
        Packs::builtin().unwrap().iter().zip(report["providers"].as_array().unwrap())
    {
        let id = &pack.provider.id;
        assert!(index.contains(&format!("| `{id}` | {} |", pack.provider.name)), "{index}");
        assert_eq!(
            (&listed["provider"], &listed["name"]),
            (&json!(id), &json!(pack.provider.name))
        );
        assert_eq!(listed["events"].as_array().unwrap().len(), pack.provider.events.len());
    }
}

#[test]
fn unknown_names_have_suggestions() {
    for (line, message, hint) in [
        ("docs leadprp", "unknown provider or event `leadprp`", "`leadpro`"),
        ("docs creatd", "unknown provider or event `creatd`", "`created`"),
        ("docs leadpro lead.creatd", "unknown event `lead.creatd`", "`lead.created`"),
        ("docs leadprp lead.created", "unknown provider `leadprp`", "`leadpro`"),
        ("docs leadprp:lead.created", "unknown provider `leadprp`", "`leadpro`"),
        ("docs -p leadprp", "unknown provider `leadprp`", "`leadpro`"),
        ("docs lead.created", "known to 2 providers", "`leadpro:lead.created`"),
        ("docs leadpro realgeeks:created", "not an event of `leadpro`", "docs realgeeks:created"),
        ("docs leadpro:", "`leadpro:` is not an event", "`leadhook events`"),
    ] {
        let outcome = Leadhook::from_line(line, &[]).in_process().exits(2, line);
        assert!(outcome.stderr_line("error: ").contains(message), "{line}: {outcome:#?}");
        assert!(outcome.stderr_line("hint: ").contains(hint), "{line}: {outcome:#?}");
    }
}

#[test]
fn the_json_has_every_field_of_every_event() {
    let mut rows = 0;
    for pack in Packs::builtin().unwrap().iter() {
        let id = &pack.provider.id;
        let page = leadhook!("docs {} --format json", id).in_process().exits(0, id).object();
        assert_eq!((&page["kind"], &page["provider"]), (&json!("reference"), &json!(id)));
        let header = page["signature"]["header"].as_str().unwrap();
        let headers = page["headers"].as_array().unwrap();
        assert!(headers.iter().any(|carrier| carrier["name"] == header), "{header}: {headers:?}");
        let attempts = page["retries"]["attempts"].as_array().unwrap().len();
        assert_eq!(attempts, pack.provider.retry.waits.len() + 1);
        let events = page["events"].as_array().unwrap();
        assert_eq!(events.len(), pack.provider.events.len());
        for (facts, event) in pack.provider.events.iter().zip(events) {
            let documents = pack.documents(&facts.name).unwrap();
            let outline = outline(&format!("{}.schema.json", facts.name), &documents);
            let fields = event["fields"].as_array().unwrap();
            let locations: Vec<_> = fields.iter().map(|field| &field["location"]).collect();
            let expected: Vec<_> = outline.fields.iter().map(|field| &field.pointer).collect();
            assert_eq!(locations, expected, "{}", facts.name);
            assert_eq!(event["rules"].as_array().unwrap().len(), outline.rules.len());
            rows += fields.len();
        }
    }
    assert!(rows > 300, "only {rows} fields");
    let one = leadhook!("docs leadpro lead.created --format json").in_process().object();
    assert_eq!(one["events"].as_array().unwrap().len(), 1);
    let fields = one["events"][0]["fields"].as_array().unwrap();
    let kind = fields.iter().find(|field| field["location"] == "/data/type").unwrap();
    assert_eq!(
        (&kind["presence"], &kind["types"]["expected"]),
        (&json!("required"), &json!("a string"))
    );
    let list =
        kind["constraints"].as_array().unwrap().iter().find(|rule| rule["values"].is_array());
    assert_eq!(list.unwrap()["values"][0], "sale");
    assert!(one["sources"]["LP-WH"].is_string(), "{}", one["sources"]);
}

#[test]
fn a_terminal_shows_the_page_within_its_width() {
    for width in [40, 60, 80, 120, 300] {
        for args in [&["docs"][..], &["docs", "realtorbot"], &["docs", "leadpro", "lead.created"]] {
            let page = shown(args, width);
            for line in page.lines() {
                assert!(columns(line) <= width.clamp(40, 120), "{width} {args:?}: {line}");
                assert!(!line.starts_with(['#', '|']), "{args:?}: {line}");
            }
            assert!(!page.contains('\u{e000}'), "{args:?}");
        }
    }
    let page = shown(&["docs", "leadpro"], 80);
    for part in ["LeadPro\n\n", "\nTHE SIGNATURE\n", "\n  /data/id\n      whole number; required\n"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
}

/// The facts of a pack by someone else.
const HOSTILE: &str = r##"
id = "acme"
name = "Acme </h1><script>"
documentation = "javascript://example.com/a"
questions = ["# a heading?", "![image](https://example.com/x) [link](javascript:alert)?", "`<b> `` <i>?"]
[request]
content-type = "text/``x`|<b>"
[event]
pointer = "/kind"
[signature]
scheme = "hmac-sha256-hex"
header = "X-Acme"
over = "raw-body"
[recognise]
headers = ["X-Acme"]
[retry]
documented = true
waits = []
success = ["204"]
note = "::error::a"
[receiver]
refuses-with = 400
[person]
name = []
[[events]]
name = "made"
summary = "a | b"
shape = "documented"
"##;

#[test]
fn the_text_of_a_custom_pack_has_no_effect() {
    let schema = json!({
        "$comment": "A [X]: <img src=x>\u{1b}[31m\u{202e}\n\n## Section", "type": "object",
        "x-sources": {"X": "https://example.com/<b>", "Y](z)": "https://example.com/y"},
        "properties": {"a|b": {"enum": ["<u>", "`"], "$comment": "A [Y](z)]: |"}},
    });
    let pack = || {
        Leadhook::new(["docs", "acme", "--pack", "p"])
            .file("p/provider.toml", HOSTILE)
            .file("p/made.json", r#"{"kind": "made"}"#)
            .file("p/made.schema.json", schema.to_string())
    };
    let page = pack().run().exits(0, "Markdown").stdout;
    let is_safe =
        |page: &str| !page.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202e}');
    assert!(is_safe(&page) && page.contains("\\u{1b}[31m\\u{202e}"), "{page:?}");
    assert_eq!(page.lines().filter(|line| line.starts_with("# ")).count(), 1, "{page}");
    assert!(page.contains("\n- \\# a heading"), "{page}");
    assert!(!page.contains("\n## Section") && !page.contains("](javascript"), "{page}");
    assert!(!page.contains("\n::error::"), "{page}");
    for markup in ["<script>", "<img", "<i>?", "![image]"] {
        for (at, _) in page.match_indices(markup) {
            assert!(page[..at].ends_with('\\'), "{markup}: {page}");
        }
    }
    let object = pack().args(["--format", "json"]).run().exits(0, "JSON").object();
    assert_eq!(object["events"][0]["event"], "made");
    let text: Value = object["name"].clone();
    assert!(text.as_str().unwrap().starts_with("Acme "), "{text}");
}
