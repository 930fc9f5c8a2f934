//! Known answers: signatures of other programs are reproduced by `sign` and accepted by `verify`.

use crate::support::{Leadhook, ROOT, skipped, token};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// One row of a file of known answers.
struct Row {
    name: String,
    provider: String,
    secret: String,
    body: Vec<u8>,
    known_signature: KnownSignature,
}

/// A signature that another program computed.
enum KnownSignature {
    /// The digest of the raw body.
    Hex(String),
    /// The digests of the raw body and of the re-serialised body.
    Divergent { raw: String, restringified: String, text: String },
    /// A token; `sign` can only reproduce it if it has an `iat`.
    Token(String),
}

impl Row {
    fn read(row: &Value) -> Self {
        let find = |key: &str| row[key].as_str().map(str::to_owned);
        let text = |key: &str| find(key).unwrap_or_else(|| panic!("no `{key}` in {row}"));
        let body = find("body_base64")
            .map_or_else(|| text("body").into_bytes(), |body| STANDARD.decode(body).unwrap());
        let known_signature = match (find("hex"), find("token")) {
            (Some(hex), _) => KnownSignature::Hex(hex),
            (None, Some(token)) => KnownSignature::Token(token),
            (None, None) => {
                let (raw, restringified) = (text("hex_raw"), text("hex_restringified"));
                KnownSignature::Divergent { raw, restringified, text: text("restringified") }
            }
        };
        Self {
            name: text("name"),
            provider: text("provider"),
            secret: text("secret"),
            body,
            known_signature,
        }
    }

    /// The name of the signature header, as documented by the provider.
    fn header(&self) -> &'static str {
        match self.provider.as_str() {
            "realgeeks" => "X-Lead-Router-Signature",
            "leadpro" => "Authorization",
            "realtorbot" => "x-realtorbot-signature",
            other => panic!("{}: no provider `{other}`", self.name),
        }
    }

    /// Passes the body and the secret to a run in files, not in arguments.
    fn with_files(&self, run: Leadhook) -> Leadhook {
        run.args(["--secret-file", "secret"]).file("body", &self.body).file("secret", &self.secret)
    }

    /// Asserts that `sign` creates exactly this signature for this provider.
    fn assert_signs(&self, provider: &str, more: &[&str], expected: &str) {
        let sign = leadhook!("sign body -p {} --format json", provider).args(more);
        let signed = self.with_files(sign).run().exits(0, &self.name).object();
        let headers: Vec<(String, String)> =
            serde_json::from_value(signed["headers"].clone()).unwrap();
        let value = headers
            .iter()
            .find(|(name, value)| name.eq_ignore_ascii_case(self.header()) || value == expected);
        assert_eq!(
            value.map(|(_, value)| value.as_str()),
            Some(expected),
            "{}: {signed}",
            self.name
        );
    }

    /// Asserts that `verify --body -H` accepts this signature and names the form of the body.
    fn assert_verifies(&self, signature: &str, matched: &str) {
        let verify = || {
            leadhook!(
                "verify --body body -H '{}: {}' -p {} --no-payload --format json",
                self.header(),
                signature,
                self.provider
            )
        };
        let verdict = self.with_files(verify()).run().exits(0, &self.name).object();
        assert_eq!(verdict["signature"]["status"], "valid", "{}: {verdict}", self.name);
        assert_eq!(verdict["signature"]["matched"], matched, "{}: {verdict}", self.name);
        let other =
            verify().file("body", &self.body).env("LEADHOOK_SECRET", &format!("{}x", self.secret));
        let verdict = other.run().exits(1, &self.name).object();
        assert_eq!(
            verdict["signature"]["status"], "invalid",
            "{}, another secret: {verdict}",
            self.name
        );
    }

    /// Asserts that `sign --print json`, piped to `verify`, is valid without naming the provider.
    fn assert_verifies_through_a_pipe(&self, more: &[&str]) {
        let sign = leadhook!("sign body -p {} --print json", self.provider).args(more);
        let capture = self.with_files(sign).run().exits(0, &self.name).stdout;
        let verify = leadhook!("verify - --no-payload --format json").stdin(capture);
        let verdict = self.with_files(verify).run().exits(0, &self.name).object();
        assert_eq!(verdict["provider"], self.provider.as_str(), "{}", self.name);
    }

    /// Runs all checks on a row. Returns `true` if `sign` reproduced the signature.
    fn check(&self) -> bool {
        match &self.known_signature {
            KnownSignature::Hex(hex) => {
                self.assert_signs(&self.provider, &[], hex);
                self.assert_verifies(hex, "raw");
                self.assert_verifies_through_a_pipe(&[]);
                true
            }
            KnownSignature::Divergent { raw, restringified, text } => {
                self.assert_signs(&self.provider, &[], restringified);
                self.assert_signs("realgeeks", &[], raw);
                self.assert_verifies(restringified, "restringified");
                self.assert_verifies(raw, "raw");
                self.assert_verifies_through_a_pipe(&[]);
                let body = text.clone().into_bytes();
                let (name, provider) = (format!("{}, as text", self.name), self.provider.clone());
                let known_signature = KnownSignature::Hex(restringified.clone());
                Self { name, provider, secret: self.secret.clone(), body, known_signature }.check()
            }
            KnownSignature::Token(known) => {
                let (_, claims, ours) = token(self.secret.as_bytes(), known);
                assert!(ours, "{}: the row itself is wrong", self.name);
                self.assert_verifies(known, "raw");
                self.assert_verifies(&format!("Bearer {known}"), "raw");
                // The scheme always adds `iat`: a token without one can only be accepted.
                let Some(iat) = claims["iat"].as_i64() else { return false };
                let now = format!("@{iat}");
                self.assert_signs(&self.provider, &["--now", &now], known);
                self.assert_verifies_through_a_pipe(&["--now", &now]);
                true
            }
        }
    }
}

/// Checks every row of a file; returns the numbers of rows and of reproduced signatures.
fn check_all(path: &Path) -> (usize, usize) {
    let rows: Vec<Value> = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let reproduced = rows.iter().filter(|row| Row::read(row).check()).count();
    (rows.len(), reproduced)
}

fn shared(name: &str) -> PathBuf {
    Path::new(ROOT).join("../shared/vectors").join(name)
}

#[test]
fn every_known_answer_of_the_corpus_is_reproduced_and_accepted() {
    let (rows, reproduced) = check_all(&Path::new(ROOT).join("tests/corpus/known-answers.json"));
    assert!(rows >= 12, "only {rows} rows");
    assert_eq!(reproduced, rows - 1, "one token has no time, and can only be accepted");
}

#[test]
fn every_documented_signature_is_reproduced_and_accepted() {
    let path = shared("known-answers.json");
    if !path.exists() {
        return skipped(
            "every_documented_signature_is_reproduced_and_accepted",
            "the shared vectors are not here",
        );
    }
    let (rows, reproduced) = check_all(&path);
    assert!(rows >= 9, "only {rows} rows");
    assert_eq!(reproduced, rows - 1, "one token has no time, and can only be accepted");
}

#[test]
fn the_real_geeks_fixture_verifies_only_without_its_final_newline() {
    let path = shared("realgeeks_fixture");
    if !path.exists() {
        return skipped(
            "the_real_geeks_fixture_verifies_only_without_its_final_newline",
            "the shared vectors are not here",
        );
    }
    let body = fs::read(path.join("new_lead.json")).unwrap();
    let signature = fs::read_to_string(path.join("new_lead.signature")).unwrap();
    let bare = body.strip_suffix(b"\n").unwrap();
    let signature = format!("X-Lead-Router-Signature: {}", signature.trim());
    for (case, body, exit, status) in
        [("without", bare, 0, "valid"), ("with", body.as_slice(), 1, "invalid")]
    {
        let verdict = leadhook!(
            "verify --body body -H {} -H 'X-Lead-Router-Action: created' --secret seekrit \
             --format json",
            signature
        )
        .file("body", body)
        .run()
        .exits(exit, case)
        .object();
        assert_eq!(verdict["signature"]["status"], status, "{case}: {verdict}");
        assert_eq!(verdict["provider"], "realgeeks", "{case}: {verdict}");
        assert_ne!(
            verdict["payload"]["status"], "invalid",
            "{case}: these are the vendor's own bytes: {verdict}"
        );
    }
}

#[test]
fn the_header_of_a_token_is_exactly_the_documented_one() {
    let body = r#"{"event":"lead.created","data":{"email":"ada@example.com"}}"#;
    let signed = leadhook!("sign - -p leadpro --secret s3cret --now @1735689600")
        .stdin(body)
        .in_process()
        .exits(0, "sign");
    let value =
        signed.stdout.lines().find_map(|line| line.strip_prefix("Authorization: ")).unwrap();
    assert!(value.starts_with("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."), "{value}");
    let (_, claims, ours) = token(b"s3cret", value);
    assert!(ours, "{value}");
    assert_eq!(
        claims.to_string(),
        r#"{"event":"lead.created","data":{"email":"ada@example.com"},"iat":1735689600}"#
    );
}

#[test]
fn a_body_that_is_not_an_object_cannot_become_a_token() {
    for body in ["[]", "1", "not JSON", ""] {
        let outcome =
            leadhook!("sign - -p leadpro --secret s3cret").stdin(body).in_process().exits(3, body);
        assert!(outcome.stderr_line("error: ").contains("as a token"), "{body}: {outcome:?}");
        assert_eq!(outcome.stdout, "", "{body}");
    }
    assert_eq!(leadhook!("sign nowhere -p leadpro --secret s").in_process().exit, 3);
}
