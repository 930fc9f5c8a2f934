//! `leadhook sign`: the headers that go with a body.

use crate::support::{Leadhook, Outcome, hmac_hex, keys};
use serde_json::{Value, json};

const BODY: &str = r#"{"email":"ada@example.com"}"#;

/// Signs [`BODY`] from standard input.
fn sign(more: &[&str]) -> Outcome {
    leadhook!("sign - --secret s3cret --now 2026-01-02T03:04:05Z")
        .args(more)
        .stdin(BODY)
        .in_process()
}

#[test]
fn the_lines_are_headers_for_curl() {
    let signed = sign(&["-p", "realgeeks"]).exits(0, "realgeeks");
    let expected = format!(
        "Content-Type: application/json\nUser-Agent: RealGeeks-LeadRouter/1.0\n\
         X-Lead-Router-Timestamp: 2026-01-02T03:04:05.000000000Z\nX-Lead-Router-Signature: {}\n",
        hmac_hex(b"s3cret", BODY.as_bytes()),
    );
    assert_eq!((signed.stdout.as_str(), signed.stderr.as_str()), (expected.as_str(), ""));
}

#[test]
fn an_event_adds_its_header_and_id_if_the_provider_has_them() {
    let more = ["--event", "updated", "--message-id", "msg-1"];
    let signed = sign(&more).exits(0, "an event names its provider").stdout;
    assert!(
        signed.contains("X-Lead-Router-Action: updated\nX-Lead-Router-Message-Id: msg-1\n"),
        "{signed}"
    );
    let signed = sign(&["--event", "updated"]).exits(0, "an id of its own").stdout;
    assert!(signed.contains("X-Lead-Router-Message-Id: "), "{signed}");
    let signed = sign(&["--event", "leadpro:lead.created"]).exits(0, "leadpro").stdout;
    assert!(signed.starts_with("Content-Type: application/json\nAuthorization: eyJ"), "{signed}");
    let signed = sign(&["--event", "realtorbot:test"]).exits(0, "realtorbot").stdout;
    assert!(signed.contains("\nx-realtorbot-signature: "), "{signed}");
}

#[test]
fn the_json_output_has_the_same_headers() {
    let signed = sign(&["-p", "realtorbot", "--format", "json"]).exits(0, "json").object();
    assert_eq!(keys(&signed), ["schema_version", "kind", "provider", "headers"]);
    let signature = json!(["x-realtorbot-signature", hmac_hex(b"s3cret", BODY.as_bytes())]);
    assert_eq!(signed["headers"].as_array().unwrap().last(), Some(&signature), "{signed}");
}

#[test]
fn the_printed_request_contains_the_exact_body() {
    for body in ["{\"a\" : 1}\n", "", "\u{feff}{}\r\n\r\n"] {
        let run = |form: &str| {
            leadhook!("sign body -p realgeeks --secret s3cret --print {}", form)
                .file("body", body)
                .run()
                .exits(0, form)
                .stdout
        };
        let http = run("http");
        assert_eq!(http.split_once("\r\n\r\n").map(|(_, body)| body), Some(body), "{http:?}");
        assert!(http.starts_with("POST / HTTP/1.1\r\nHost: 127.0.0.1:9090\r\n"), "{http:?}");
        let capture: Value = serde_json::from_str(&run("json")).unwrap();
        assert_eq!(capture["body"], body);
        assert!(run("curl").contains("http://127.0.0.1:9090/"));
    }
}

#[test]
fn the_provider_is_recognised_from_a_body_of_its_own_events() {
    for (body, header) in [
        (r#"{"event":"lead.created","data":{}}"#, "Authorization"),
        (
            r#"{"id":"evt_1","type":"test","timestamp":"2026-01-02T03:04:05Z","data":{}}"#,
            "x-realtorbot-signature",
        ),
        (r#"{"action":"created","id":"1"}"#, "X-Lead-Router-Signature"),
    ] {
        let signed =
            leadhook!("sign - --secret s3cret").stdin(body).in_process().exits(0, body).stdout;
        assert!(signed.contains(&format!("\n{header}: ")), "{body}: {signed}");
    }
}

#[test]
fn without_a_provider_or_a_secret_signing_fails() {
    let no_provider = sign(&[]).exits(2, "no provider");
    assert!(no_provider.stderr_line("error: ").contains("no provider"), "{no_provider:?}");
    assert!(
        no_provider.stderr_line("hint: ").contains("`-p`: realgeeks, leadpro, realtorbot"),
        "{no_provider:?}"
    );
    let bare = leadhook!("sign - -p leadpro").stdin(BODY).in_process().exits(2, "no secret");
    assert_eq!(bare.stderr_line("error: "), "no secret for LeadPro");
    assert!(bare.stderr_line("hint: ").contains("LEADHOOK_LEADPRO_SECRET"), "{bare:?}");
    let two = sign(&["-p", "realgeeks", "--secret", "other"]).exits(2, "two secrets");
    assert!(two.stderr_line("error: ").contains("more than one secret"), "{two:?}");
}

#[test]
fn the_secret_comes_from_the_option_then_the_file_then_the_environment() {
    let signed_with = |args: &[&str], vars: &[(&str, &str)]| {
        let args = [&["sign", "-", "-p", "realgeeks"], args].concat();
        let run = Leadhook::new(&args)
            .stdin(BODY)
            .file("lf", "from-file\n")
            .file("crlf", "from-file\r\n")
            .file("two", "from-file\n\n");
        let run = vars.iter().fold(run, |run, (name, value)| run.env(name, value));
        let signed = run.run().exits(0, &format!("{args:?} {vars:?}")).stdout;
        signed
            .lines()
            .find_map(|line| line.strip_prefix("X-Lead-Router-Signature: "))
            .map(str::to_owned)
    };
    let vars = [
        ("LEADHOOK_REALGEEKS_SECRET", "own"),
        ("LEADHOOK_SECRET", "any"),
        ("LEADHOOK_LEADPRO_SECRET", "other"),
    ];
    for (args, vars, secret) in [
        (["--secret", "typed"].as_slice(), vars.as_slice(), "typed"),
        (&["--secret-file", "lf"], &vars, "from-file"),
        (&["--secret-file", "crlf"], &[], "from-file"),
        (&["--secret-file", "two"], &[], "from-file\n"),
        (&[], &vars, "own"),
        (&[], &vars[1..], "any"),
        (&["--secret"], &vars, "own"),
    ] {
        let expected = hmac_hex(secret.as_bytes(), BODY.as_bytes());
        assert_eq!(
            signed_with(args, vars),
            Some(expected),
            "{args:?} {vars:?}: expected {secret:?}"
        );
    }
}

#[test]
fn an_unreadable_body_file_is_named() {
    for file in ["nowhere.json", "."] {
        let outcome =
            leadhook!("sign {} -p realgeeks --secret s", file).in_process().exits(3, file);
        assert!(outcome.stderr_line("error: ").contains(&format!("`{file}`")), "{outcome:?}");
        assert_eq!(outcome.stdout, "", "{file}");
    }
}

#[test]
fn an_ambiguous_body_is_noted() {
    let args = ["sign", "-", "-p", "realtorbot", "--secret", "s3cret"];
    let spaced = Leadhook::new(args)
        .stdin("{ \"a\": 1.0 }")
        .run()
        .exits(0, "not as JSON.stringify prints it");
    assert!(spaced.stderr_line("note: ").contains("JSON.stringify"), "{spaced:?}");
    assert!(spaced.stdout.contains(&hmac_hex(b"s3cret", br#"{"a":1}"#)), "{spaced:?}");
    assert_eq!(Leadhook::new(args).stdin(BODY).run().exits(0, "compact").stderr, "");
}
