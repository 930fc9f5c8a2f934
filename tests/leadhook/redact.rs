//! `convert --redact`: what is shared contains no personal data, and verifies with its own secret.

use crate::support::Leadhook;
use std::collections::BTreeSet;

/// Returns a capture with a body of the user's.
fn capture(event: &str, body: &str) -> String {
    leadhook!("send {} --secret s3cret --dry-run --print json --now @1767323045 --data -", event)
        .stdin(body)
        .run()
        .exits(0, event)
        .stdout
}

const LEAD: &str = r#"{"id":"5ead6dd1-2cb9-4f80-80fc-5716b05c90ba","site_uuid":"5ead6dd1-2cb9-4f80-80fc-5716b05c90bb","site_domain":"www.mustermann-realty.test","partner_id":"HI-00417","role":"Buyer","created":"2024-05-06T07:08:09Z","first_name":"Maximilian","last_name":"Mustermann","email":"max@mustermann.test","phone":"+49 170 1234567","notes":"the dog bites","portal_password":"hunter22","activities":[]}"#;

const TOKEN: &str = r#"{"event":"lead.created","data":{"id":417,"full_name":"Wilhelmina Beispiel","email":"mina@beispiel.test","phone":"07123987654","type":"sale","message":"Call before nine"}}"#;

/// The strings that must not be in any output.
const PERSONAL: [&str; 14] = [
    "mustermann-realty",
    "HI-00417",
    "Maximilian",
    "Mustermann",
    "max@",
    "1234567",
    "dog bites",
    "portal_password",
    "hunter22",
    "Wilhelmina",
    "Beispiel",
    "mina@",
    "07123987654",
    "before nine",
];

fn input() -> String {
    [capture("created", LEAD), capture("leadpro:lead.created", TOKEN)].concat()
}

fn redact(more: &str) -> Leadhook {
    let line = format!("convert c.jsonl --redact {more}");
    Leadhook::from_line(&line, &[]).file("c.jsonl", input())
}

#[test]
fn no_form_contains_personal_data() {
    for form in ["json", "http", "curl", "har"] {
        let run = redact(&format!("--print {form}")).run().exits(0, form);
        for text in PERSONAL {
            assert!(!run.stdout.contains(text), "{form}: {text} is in {}", run.stdout);
        }
        for kept in
            ["5ead6dd1-2cb9-4f80-80fc-5716b05c90ba", "2024-05-06T07:08:09Z", "Buyer", "example.com"]
        {
            assert!(run.stdout.contains(kept), "{form}: {kept} is not in {}", run.stdout);
        }
        assert!(
            run.stderr.contains("the signatures are void: signed with a throw-away secret"),
            "{}",
            run.stderr
        );
        assert!(!run.stderr.contains("whsec_"), "the secret is not printed: {}", run.stderr);
    }
}

#[test]
fn the_result_is_valid_with_the_throw_away_secret_only() {
    let run = redact("--print json -v").run().exits(0, "verbose");
    let secret =
        run.stderr.lines().find_map(|line| line.strip_prefix("throw-away secret: ")).unwrap();
    let verify =
        |secret: &str| leadhook!("verify - --secret {}", secret).stdin(run.stdout.clone()).run();
    let valid = verify(secret);
    assert!(valid.stdout.contains("2 valid"), "{}", valid.stdout);
    verify("s3cret").exits(1, "the signature is void");
}

#[test]
fn a_seed_repeats_the_replacements() {
    // The ids of the captures are random, so all runs share one input.
    let captures = input();
    let redact = |more: &str| {
        let line = format!("convert c.jsonl --redact {more}");
        Leadhook::from_line(&line, &[]).file("c.jsonl", captures.clone())
    };
    let seeded =
        |seed: u64| redact(&format!("--print json --seed {seed}")).run().exits(0, "seeded").stdout;
    assert_eq!(seeded(7), seeded(7));
    let runs: BTreeSet<_> = [seeded(7), seeded(8), redact("--print json").run().stdout].into();
    assert_eq!(runs.len(), 3);
    let unset = redact("--print json").env("LEADHOOK_SEED", "7").run().exits(0, "variable").stdout;
    assert_ne!(unset, seeded(7), "a variable is no secret");
    leadhook!("convert - --print json --seed 7").stdin(input()).run().exits(2, "without --redact");
}

#[test]
fn unknown_requests_are_counted() {
    let unknown =
        r#"{"headers":{"X-Key":"k-1234567"},"body":"{\"name\":\"Maximilian\",\"age\":55}"}"#;
    let run = leadhook!("convert - --print json --redact").stdin(unknown).run().exits(0, "unknown");
    assert!(run.stdout.contains(r#"{\"field-1\":\"Synthetic text "#), "{}", run.stdout);
    assert!(!run.stdout.contains("k-1234567") && !run.stdout.contains(":55"), "{}", run.stdout);
    let note = "1 request of an unknown provider or event: only the structure of the body is left";
    assert!(run.stderr.contains(note), "{}", run.stderr);
    assert!(!run.stderr.contains("throw-away"), "nothing was signed: {}", run.stderr);
}
