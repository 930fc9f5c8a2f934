//! Every defect of `--tamper`: rejected by receivers, and named by `verify`.

use crate::custom_packs;
use crate::support::send;
use jiff::Timestamp;
use leadhook::domain::verdict::SignatureStatus;
use leadhook::engine::receiver::PracticeReceiver;
use leadhook::engine::tamper;
use leadhook::providers::Packs;
use serde_json::Value;
use std::collections::BTreeSet;

const SECRET: &str = "an-example-of-a-signing-secret-32";

/// A defect and its code in `verify`; `None` if a delivery cannot have it.
struct ExpectedCode {
    tamper: &'static str,
    /// Hex digits without a prefix.
    digest: Option<&'static str>,
    /// Hex digits after a prefix.
    prefixed: Option<&'static str>,
    token: Option<&'static str>,
    standard: Option<&'static str>,
}

/// Builds a row with the same code for every scheme.
const fn same_code(tamper: &'static str, code: &'static str) -> ExpectedCode {
    ExpectedCode {
        tamper,
        digest: Some(code),
        prefixed: Some(code),
        token: Some(code),
        standard: Some(code),
    }
}

/// Builds a row that applies to digests in hex only.
const fn hex_digest(tamper: &'static str, code: &'static str) -> ExpectedCode {
    ExpectedCode { token: None, standard: None, ..same_code(tamper, code) }
}

/// Builds a row that applies to tokens only.
const fn token(tamper: &'static str, code: &'static str) -> ExpectedCode {
    ExpectedCode { digest: None, prefixed: None, standard: None, ..same_code(tamper, code) }
}

/// Builds a row that applies to Standard Webhooks only.
const fn standard(tamper: &'static str, code: &'static str) -> ExpectedCode {
    ExpectedCode { digest: None, prefixed: None, token: None, ..same_code(tamper, code) }
}

/// The code of `verify` for a defect without an explanation.
const UNEXPLAINED: &str = "none-holds";

/// The defect that `verify` accepts with a finding: the digits are written differently but have the
/// same value, so receivers that decode them accept it.
const ACCEPTED: &str = "uppercase";

const EXPECTED_CODES: &[ExpectedCode] = &[
    ExpectedCode { token: Some("body-claims-mismatch"), ..same_code("body", UNEXPLAINED) },
    same_code("missing-signature", "missing-signature"),
    ExpectedCode { token: Some("malformed-token"), ..same_code("empty", "empty-signature") },
    same_code("wrong-secret", UNEXPLAINED),
    ExpectedCode { token: Some("body-claims-mismatch"), ..same_code("other-body", UNEXPLAINED) },
    ExpectedCode {
        prefixed: Some("unprefixed-signature"),
        token: Some("bad-scheme"),
        standard: Some("unprefixed-signature"),
        ..same_code("garbage", "malformed-signature")
    },
    same_code("twice", "repeated-signature"),
    ExpectedCode {
        token: Some("truncated-token"),
        ..same_code("truncated", "truncated-signature")
    },
    ExpectedCode {
        digest: Some("prefixed-signature"),
        token: None,
        ..same_code("prefix", "unprefixed-signature")
    },
    hex_digest(ACCEPTED, "uppercase-signature"),
    hex_digest("base64", "base64-signature"),
    standard("hex", "hex-signature"),
    standard("other-version", "other-version"),
    ExpectedCode { standard: Some("stale-timestamp"), ..token("stale", "expired") },
    ExpectedCode { standard: Some("future-timestamp"), ..token("future", "not-yet-valid") },
    token("alg-none", "alg-not-allowed"),
    token("alg-other", "other-hmac-size"),
    token("alg-hs384", "other-hmac-size"),
    token("alg-rs256", "alg-not-allowed"),
    token("claims-mismatch", "body-claims-mismatch"),
    standard("body-alone", "body-alone-signed"),
    standard("undecoded-secret", "secret-not-decoded"),
    standard("message-id", UNEXPLAINED),
    standard("timestamp", UNEXPLAINED),
    standard("missing-message-id", "missing-message-id"),
    standard("missing-timestamp", "missing-timestamp"),
];

/// Returns one event of every built-in provider.
const EVENTS: [&str; 3] = ["realgeeks:created", "leadpro:lead.created", "realtorbot:test"];

impl ExpectedCode {
    /// Returns the code for the deliveries of a provider.
    fn code(&self, provider: &str) -> Option<&'static str> {
        match provider {
            "realgeeks" | "realtorbot" => self.digest,
            "hub" => self.prefixed,
            "leadpro" => self.token,
            "standard" => self.standard,
            other => panic!("no provider `{other}`"),
        }
    }
}

fn provider(event: &str) -> &str {
    event.split_once(':').unwrap().0
}

/// Returns every defect that applies to a provider, with its code.
pub(crate) fn of(provider: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    EXPECTED_CODES.iter().filter_map(move |named| Some((named.tamper, named.code(provider)?)))
}

#[test]
fn the_table_lists_every_defect_and_its_providers() {
    let listed: Vec<_> = EXPECTED_CODES.iter().map(|named| named.tamper).collect();
    assert_eq!(listed, tamper::all().iter().map(|tamper| tamper.name).collect::<Vec<_>>());
    let (builtin, own) = (Packs::builtin().unwrap(), custom_packs::packs());
    for pack in builtin.iter().chain(own.iter()) {
        let has: Vec<_> = tamper::for_scheme(&pack.provider.signature).map(|it| it.name).collect();
        let named: Vec<_> = of(&pack.provider.id).map(|(tamper, _)| tamper).collect();
        assert_eq!(has, named, "{}", pack.provider.id);
        assert!(has.len() >= 8, "{}: {has:?}", pack.provider.id);
    }
}

#[test]
fn every_defect_is_named_by_verify() {
    for event in EVENTS {
        for (tamper, code) in of(provider(event)) {
            let case = format!("{event} {tamper}");
            let capture = leadhook!(
                "send {} --secret {} --dry-run --print json --tamper {}",
                event,
                SECRET,
                tamper
            )
            .run()
            .exits(0, &case)
            .stdout;
            let judged = leadhook!("verify - --secret {} --format json", SECRET).stdin(capture);
            let outcome = judged.run().exits(i32::from(tamper != ACCEPTED), &case);
            let verdict = outcome.object();
            let key = if tamper == ACCEPTED { "findings" } else { "explanations" };
            let codes_found: Vec<_> = codes(&verdict["signature"][key]).collect();
            assert!(codes_found.contains(&code), "{case}: {verdict}");
            assert_eq!(verdict["signature"]["status"] == "valid", tamper == ACCEPTED, "{case}");
        }
    }
}

fn codes(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().filter_map(|it| it["code"].as_str())
}

#[test]
fn the_practice_receiver_rejects_every_defect_of_a_custom_pack() {
    let at = Timestamp::from_second(1_767_323_045).unwrap();
    let (packs, judge) = (custom_packs::packs(), custom_packs::judge());
    for pack in packs.iter() {
        let id = &pack.provider.id;
        for (name, code) in of(id) {
            let case = format!("{id} {name}");
            let tampered =
                custom_packs::message(pack, at, tamper::find(&pack.provider.signature, name));
            assert_ne!(tampered, custom_packs::message(pack, at, None), "{case}");
            let signature = custom_packs::verdict(&judge, &tampered, at).signature;
            let explanations: BTreeSet<_> =
                signature.explanations.iter().map(|it| it.code).collect();
            let findings: BTreeSet<_> =
                signature.findings.iter().map(|it| it.code.as_str()).collect();
            let accepted = name == ACCEPTED;
            let found = if accepted { findings } else { explanations };
            assert!(found.contains(code), "{case}: {signature:?}");
            assert_eq!(signature.status == SignatureStatus::Valid, accepted, "{case}");
            let mut receiver = PracticeReceiver::new(custom_packs::judge(), None);
            let status = receiver.handle(&tampered, at).response.status;
            assert_eq!(
                status,
                if accepted { 200 } else { pack.provider.receiver.rejection_status },
                "{case}"
            );
        }
    }
}

#[test]
fn the_practice_receiver_refuses_every_defect_as_each_vendor_does() {
    let mut receiver = leadhook!("practice :0 --secret {} --format json", SECRET).start();
    let url = receiver.url.clone();
    for (event, rejection) in EVENTS.into_iter().zip([403, 401, 401]) {
        for (tamper, _) in of(provider(event)) {
            let (exit, delivery) = send(event, &url, &["--secret", SECRET, "--tamper", tamper]);
            let expected = if tamper == ACCEPTED { (0, 200) } else { (1, rejection) };
            assert_eq!(
                (exit, &delivery["status"]),
                (expected.0, &expected.1.into()),
                "{event} {tamper}"
            );
            receiver.next();
        }
    }
}

#[test]
fn a_listener_refuses_every_defect() {
    let mut listener = leadhook!("listen :0 --secret {} --format json", SECRET).start();
    let target = format!(":{}", listener.address().port());
    for event in EVENTS {
        for (tamper, _) in of(provider(event)) {
            let case = format!("{event} {tamper}");
            let accepted = tamper == ACCEPTED;
            let sent = leadhook!(
                "send {} {} --secret {} --format json --tamper {}",
                event,
                target,
                SECRET,
                tamper
            )
            .run()
            .exits(i32::from(!accepted), &case)
            .object();
            assert_eq!(sent["status"], if accepted { 200 } else { 401 }, "{case}: {sent}");
            let request = listener.next();
            let is_valid = request["signature"]["status"] == "valid";
            assert_eq!(is_valid, accepted, "{case}: {request}");
            assert_eq!(request["response"]["status"], sent["status"], "{case}");
        }
        leadhook!("send {} {} --secret {}", event, target, SECRET)
            .run()
            .exits(0, "the same without a defect");
        assert_eq!(listener.next()["signature"]["status"], "valid", "{event}");
    }
    listener.signal("INT");
    assert_eq!(listener.wait().0, 130);
}

#[test]
fn an_unsupported_defect_is_rejected_with_the_supported_ones() {
    for event in EVENTS {
        let known: BTreeSet<_> = of(provider(event)).map(|(tamper, _)| tamper).collect();
        for tamper in tamper::all().iter().filter(|tamper| !known.contains(tamper.name)) {
            let outcome =
                leadhook!("send {} --secret {} --dry-run --tamper {}", event, SECRET, tamper.name)
                    .run()
                    .exits(2, tamper.name);
            let message = outcome.stderr_line("error: ");
            assert!(message.contains(&format!("`--tamper {}`", tamper.name)), "{message}");
            let hint = outcome.stderr_line("hint: ");
            let named: BTreeSet<_> = hint.split('`').skip(1).step_by(2).collect();
            assert_eq!(named, known, "{event} {}", tamper.name);
            assert_eq!(outcome.stdout, "", "{event} {}", tamper.name);
        }
    }
}

#[test]
fn the_help_lists_the_defects_of_built_in_providers_and_the_error_those_of_one() {
    let help = leadhook!("send --help").run().exits(0, "help").stdout;
    let simulate = leadhook!("simulate --help").run().exits(0, "help").stdout;
    let packs = Packs::builtin().unwrap();
    let is_builtin = |name: &str| {
        packs.iter().any(|pack| tamper::find(&pack.provider.signature, name).is_some())
    };
    let mut listed = 0;
    for tamper in tamper::all() {
        let line = format!("- {}:", tamper.name);
        let expected = is_builtin(tamper.name);
        for text in [&help, &simulate] {
            assert_eq!(text.contains(&line), expected, "{line} {text}");
        }
        listed += usize::from(expected);
    }
    assert!(listed >= 10 && listed < tamper::all().len(), "{listed}");
    let outcome = leadhook!("send created --secret {} --dry-run --tamper everything", SECRET)
        .run()
        .exits(2, "no such defect");
    assert_eq!(outcome.stderr_line("error: "), "unknown tamper `everything`");
    assert_eq!(outcome.stdout, "");
    for (tamper, _) in of("realgeeks") {
        assert!(outcome.stderr_line("hint: ").contains(tamper), "{outcome:?}");
    }
}
