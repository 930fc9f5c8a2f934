//! Every defect of `--tamper`: rejected by receivers, and named by `verify`.

use crate::custom_packs;
use crate::support::send;
use jiff::Timestamp;
use leadhook::domain::verdict::SignatureStatus;
use leadhook::engine::receiver::PracticeReceiver;
use leadhook::engine::tamper;
use leadhook::protocols::schemes::scheme::{SignatureFormat, Tamper};
use leadhook::providers::Packs;
use leadhook::providers::pack::Pack;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

const SECRET: &str = "an-example-of-a-signing-secret-32";

/// A defect and its code in `verify`.
struct ExpectedCode {
    tamper: &'static str,
    /// The code with every form of signature that is not listed below.
    code: &'static str,
    /// The codes with some forms of signatures.
    others: &'static [(Form, &'static str)],
}

/// A form of signature, as far as the codes differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// A digest alone.
    Digest,
    /// A digest after a prefix.
    Prefixed,
    /// A time and digests, each after its name.
    Timestamped,
    Token,
    Standard,
}

impl Form {
    fn of(pack: &Pack) -> Self {
        let scheme = &pack.provider.signature;
        match scheme.signature_format() {
            SignatureFormat::Token(_) => Self::Token,
            SignatureFormat::Digest(_) if scheme.signs_message_id() => Self::Standard,
            SignatureFormat::Digest(format) if format.separator.is_some() => Self::Timestamped,
            SignatureFormat::Digest(format) if format.prefix.is_empty() => Self::Digest,
            SignatureFormat::Digest(_) => Self::Prefixed,
            other => panic!("a new form: {other:?}"),
        }
    }
}

const fn row(
    tamper: &'static str,
    code: &'static str,
    others: &'static [(Form, &'static str)],
) -> ExpectedCode {
    ExpectedCode { tamper, code, others }
}

/// The code of `verify` for a defect without an explanation.
const UNEXPLAINED: &str = "none-holds";

/// Returns `true` if `verify` accepts a delivery with the defect, with a finding: the digits are
/// written differently but have the same value, or the vendor's code has no limit into the future.
fn is_accepted(provider: &str, tamper: &str) -> bool {
    let packs = packs();
    let pack = packs.iter().find(|pack| pack.provider.id == provider).unwrap();
    match tamper {
        "uppercase" => true,
        "future" | "milliseconds" => !pack.provider.signature.limits_future(),
        _ => false,
    }
}

const EXPECTED_CODES: &[ExpectedCode] = &[
    row("body", UNEXPLAINED, &[(Form::Token, "body-claims-mismatch")]),
    row("missing-signature", "missing-signature", &[]),
    row("empty", "empty-signature", &[(Form::Token, "malformed-token")]),
    row("wrong-secret", UNEXPLAINED, &[]),
    row("other-body", UNEXPLAINED, &[(Form::Token, "body-claims-mismatch")]),
    row(
        "garbage",
        "unprefixed-signature",
        &[
            (Form::Digest, "malformed-signature"),
            (Form::Timestamped, "missing-timestamp"),
            (Form::Token, "bad-scheme"),
        ],
    ),
    row("twice", "repeated-signature", &[]),
    row("truncated", "truncated-signature", &[(Form::Token, "truncated-token")]),
    row("prefix", "unprefixed-signature", &[(Form::Digest, "prefixed-signature")]),
    row("uppercase", "uppercase-signature", &[]),
    row("base64", "base64-signature", &[]),
    row("hex", "hex-signature", &[]),
    row("sha1", "other-digest", &[]),
    row("sha256", "other-digest", &[]),
    row("unencoded-body", "body-not-encoded", &[]),
    row("other-version", "other-version", &[]),
    row("space", "space-in-signature", &[]),
    row("stale", "stale-timestamp", &[(Form::Token, "expired")]),
    row("future", "future-timestamp", &[(Form::Token, "not-yet-valid")]),
    row("milliseconds", "future-timestamp", &[]),
    row("text-timestamp", "malformed-timestamp", &[]),
    row("separator", "timestamp-signed", &[]),
    row("body-alone", "body-alone-signed", &[]),
    row("decoded-secret", "secret-is-base64", &[]),
    row("alg-none", "alg-not-allowed", &[]),
    row("alg-other", "other-hmac-size", &[]),
    row("alg-hs384", "other-hmac-size", &[]),
    row("alg-rs256", "alg-not-allowed", &[]),
    row("claims-mismatch", "body-claims-mismatch", &[]),
    row("undecoded-secret", "secret-not-decoded", &[]),
    row("message-id", UNEXPLAINED, &[]),
    row("timestamp", UNEXPLAINED, &[]),
    row("missing-message-id", "missing-message-id", &[]),
    row("missing-timestamp", "missing-timestamp", &[]),
];

/// Returns one event of every built-in provider.
const EVENTS: [&str; 3] = ["realgeeks:created", "leadpro:lead.created", "realtorbot:test"];

fn provider(event: &str) -> &str {
    event.split_once(':').unwrap().0
}

/// Returns every built-in pack and every custom one of the tests.
fn packs() -> Vec<Arc<Pack>> {
    let (builtin, own) = (Packs::builtin().unwrap(), custom_packs::packs());
    builtin.iter().chain(own.iter()).cloned().collect()
}

/// Returns every defect that applies to a provider, with its code.
pub(crate) fn of(provider: &str) -> Vec<(&'static str, &'static str)> {
    let packs = packs();
    let pack = packs.iter().find(|pack| pack.provider.id == provider).unwrap();
    let form = Form::of(pack);
    let code = |tamper: &Tamper| {
        let row = EXPECTED_CODES.iter().find(|row| row.tamper == tamper.name).unwrap();
        let other = row.others.iter().find(|(other, _)| *other == form);
        (row.tamper, other.map_or(row.code, |(_, code)| code))
    };
    tamper::for_scheme(&pack.provider.signature).map(code).collect()
}

#[test]
fn the_table_lists_every_defect() {
    let listed: BTreeSet<_> = EXPECTED_CODES.iter().map(|row| row.tamper).collect();
    assert_eq!(listed.len(), EXPECTED_CODES.len());
    // The schemes without a digest or a token have a table of their own in `shared_secret`.
    let packs = packs();
    let schemes = packs.iter().map(|pack| &pack.provider.signature);
    let used = schemes.flat_map(|scheme| tamper::for_scheme(scheme).map(|tamper| tamper.name));
    assert_eq!(listed, used.collect());
    for pack in &packs {
        let has = of(&pack.provider.id);
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
            let outcome =
                judged.run().exits(i32::from(!is_accepted(provider(event), tamper)), &case);
            let verdict = outcome.object();
            let is_accepted = is_accepted(provider(event), tamper);
            let key = if is_accepted { "findings" } else { "explanations" };
            let codes_found: Vec<_> = codes(&verdict["signature"][key]).collect();
            assert!(codes_found.contains(&code), "{case}: {verdict}");
            assert_eq!(verdict["signature"]["status"] == "valid", is_accepted, "{case}");
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
            let accepted = is_accepted(id, name);
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
            let expected =
                if is_accepted(provider(event), tamper) { (0, 200) } else { (1, rejection) };
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
            let accepted = is_accepted(provider(event), tamper);
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
        let known: BTreeSet<_> =
            of(provider(event)).into_iter().map(|(tamper, _)| tamper).collect();
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
