//! `convert` and `replay` of files that keep less than was sent: parsed bodies, and lines without a
//! request.

use crate::support::Endpoint;

/// Returns a document with the parsed body of a genuine delivery, and that body as it was sent: with
/// the separators of Python.
fn document_with_a_parsed_body() -> (String, String) {
    let body = r#"{"name": "Zo\u00e9", "price": 1.0}"#;
    let sign = leadhook!("sign b.json --event created --secret s3cret --print json");
    let mut document = sign.file("b.json", body).run().exits(0, "sign").object();
    document["body"] = serde_json::from_str(body).unwrap();
    (document.to_string(), body.to_owned())
}

#[test]
fn convert_restores_lost_bytes_that_a_secret_shows() {
    let (document, body) = document_with_a_parsed_body();
    let convert = |secret: &[&str]| {
        let convert = leadhook!("convert v.json --print json").args(secret);
        convert.file("v.json", document.as_str()).run().exits(0, "convert")
    };
    let restored = convert(&["--secret", "s3cret"]);
    assert_eq!(restored.object()["body"], body.as_str());
    let note = restored.stderr_line("note: ");
    assert!(note.contains("Python") && note.contains("verifies over that"), "{note}");
    let lost = convert(&["--secret", "other"]);
    assert_ne!(lost.object()["body"], body.as_str());
    assert!(lost.stderr_line("note: ").contains("unless a secret shows"), "{lost:?}");
}

#[test]
fn replay_sends_the_lost_bytes_that_a_secret_shows() {
    let (document, body) = document_with_a_parsed_body();
    let endpoint = Endpoint::new(&[200]);
    let outcome = leadhook!("replay v.json --secret s3cret --to {}", endpoint.target())
        .file("v.json", document)
        .run()
        .exits(0, "replay");
    assert_eq!(endpoint.only().body, body.as_bytes());
    assert!(outcome.stderr_line("note: ").contains("were restored"), "{outcome:?}");
}

#[test]
fn lines_without_a_request_are_counted_by_all_three() {
    let request = r#"{"headers":{},"body":"x"}"#;
    let log = format!("[info] started\n{request}\n[info] ended\n{request}\n");
    let convert = leadhook!("convert a.log --print json").file("a.log", log.as_str());
    let note = convert.run().exits(0, "convert");
    assert_eq!(note.stderr_line("note: "), "2 lines without a request were skipped");
    let endpoint = Endpoint::new(&[200, 200]);
    let replay = leadhook!("replay a.log --to {}", endpoint.target()).file("a.log", log.as_str());
    let summary = replay.run().exits(0, "replay");
    assert!(summary.stdout.contains("; 2 lines without a request were skipped\n"), "{summary:?}");
    let verify = leadhook!("verify a.log --secret s3cret").file("a.log", log);
    assert!(verify.run().stdout.contains("; 2 lines without a request were skipped\n"));
}
