//! Known receivers: a correct one for each provider, and others with one named fault.
//!
//! The tables list the cases that each receiver fails; no other case may fail. `practice` is part
//! of `leadhook`; the receivers in Python and Node share no code with it.

use crate::check::{SECRETS, check, ids, practice};
use crate::support::{
    ForeignReceiver, Interpreter, NODE_JS, PYTHON3, ROOT, amount, objects, skipped,
};
use leadhook::engine::conformance;
use leadhook::engine::receiver::FAULTS;
use leadhook::engine::tamper;
use leadhook::protocols::schemes::scheme::Impact;
use leadhook::providers::Packs;
use leadhook::providers::pack::Pack;
use std::collections::BTreeSet;

/// A receiver, and the cases that it fails.
struct Known {
    fault: &'static str,
    provider: &'static str,
    /// Cases and groups; a case after `!` passes although its group fails.
    fails: &'static [&'static str],
}

const fn known(
    provider: &'static str,
    fault: &'static str,
    fails: &'static [&'static str],
) -> Known {
    Known { fault, provider, fails }
}

/// The groups that contain every genuine delivery, without the search for the size limit: another
/// 2xx is no refusal of a size.
const ALL_BUT_SIZE: &[&str] = &["accepts", "idempotency", "timing", "!size-limit"];

/// The genuine deliveries with free text, which Real Geeks prints in another way than the languages of
/// the receivers. The minimal payload and two events have none.
const OTHER_BYTES: &[&str] =
    &["accepts", "timing", "!minimal", "!event-integration-enabled", "!event-integration-disabled"];

const NO_DEDUPE: &[&str] =
    &["repeat", "repeat-at-once", "same-id-other-body", "retry-after-late-answer"];

const MALFORMED: &[&str] = &["empty", "garbage", "twice", "truncated", "prefix", "base64", "sha1"];

const FORGED: &[&str] = &[
    "body",
    "missing-signature",
    "empty",
    "wrong-secret",
    "other-body",
    "garbage",
    "twice",
    "truncated",
    "prefix",
    "base64",
    "sha1",
    "decoded-secret",
    "signature-in-query",
];

const FORGED_TOKENS: &[&str] = &[
    "body",
    "missing-signature",
    "empty",
    "wrong-secret",
    "other-body",
    "garbage",
    "twice",
    "truncated",
    "stale",
    "future",
    "alg-none",
    "alg-other",
    "alg-hs384",
    "alg-rs256",
    "claims-mismatch",
    "signature-in-query",
];

const PRACTICE: &[Known] = &[
    known("realgeeks", "none", &[]),
    known("leadpro", "none", &[]),
    known("realtorbot", "none", &[]),
    known("realgeeks", "hash-parsed-body", OTHER_BYTES),
    known("realgeeks", "throws-on-short-signature", MALFORMED),
    known("realgeeks", "answers-500-to-forgery", FORGED),
    known("realgeeks", "no-dedupe", NO_DEDUPE),
    known("realtorbot", "no-dedupe", NO_DEDUPE),
    known("leadpro", "no-dedupe", &["repeat", "repeat-at-once", "retry-after-late-answer"]),
    known("realgeeks", "dedupes-by-body", &["same-id-other-body", "other-id-same-body"]),
    known("realgeeks", "answers-204", ALL_BUT_SIZE),
    // LeadPro documents no success code: any 2xx is one.
    known("leadpro", "answers-204", &[]),
    known("leadpro", "accepts-alg-none", &["alg-none"]),
    known(
        "realgeeks",
        "throws-on-bad-json",
        &["not-json", "torn-json", "empty-body", "byte-order-mark"],
    ),
    known("realgeeks", "case-sensitive-headers", &["lower-case-headers", "upper-case-headers"]),
    known("realgeeks", "refuses-unknown-events", &["unknown-event"]),
    known(
        "realgeeks",
        "406-to-updates",
        &[
            "event-updated",
            "event-activity-added",
            "unset-by-update",
            "unset-by-update-phone",
            "unset-by-update-name",
            "update-before-create",
            "activity-before-create",
        ],
    ),
    known("realgeeks", "limits-body", &["size-limit"]),
    known("realgeeks", "blocks:40ms", &["50-at-once"]),
    known("realgeeks", "slow:1500ms", &[]),
    known("realgeeks", "accepts-any-method", &["get", "head"]),
    known("realgeeks", "one-secret", &["rotation"]),
    known("realgeeks", "dedupes-before-verifying", &["forged-before"]),
    known("leadpro", "dedupes-before-verifying", &["forged-before"]),
    known("realtorbot", "dedupes-before-verifying", &["forged-before"]),
];

const PYTHON: &[Known] = &[
    known("realgeeks", "none", &[]),
    known("leadpro", "none", &[]),
    known("realgeeks", "hash-parsed-body", OTHER_BYTES),
    known(
        "realgeeks",
        "throws-on-short-signature",
        &["missing-signature", "empty", "twice", "truncated", "signature-in-query"],
    ),
    known("realgeeks", "answers-500-to-forgery", FORGED),
    known("leadpro", "answers-500-to-forgery", FORGED_TOKENS),
    known("realgeeks", "no-dedupe", NO_DEDUPE),
    known("realgeeks", "dedupes-by-body", &["same-id-other-body", "other-id-same-body"]),
    known("realgeeks", "answers-204", ALL_BUT_SIZE),
    known("leadpro", "accepts-alg-none", &["alg-none"]),
    known("realgeeks", "blocks:40", &["50-at-once"]),
];

const NODE: &[Known] = &[
    known("realgeeks", "none", &[]),
    known("realtorbot", "none", &[]),
    known("realgeeks", "hash-parsed-body", OTHER_BYTES),
    known(
        "realtorbot",
        "throws-on-short-signature",
        &[
            "missing-signature",
            "empty",
            "garbage",
            "twice",
            "truncated",
            "prefix",
            "base64",
            "sha1",
            "signature-in-query",
        ],
    ),
    known("realtorbot", "answers-500-to-forgery", FORGED),
    known("realtorbot", "no-dedupe", NO_DEDUPE),
    known("realtorbot", "dedupes-by-body", &["same-id-other-body"]),
    known("realtorbot", "answers-204", ALL_BUT_SIZE),
    known("realgeeks", "blocks:40", &["50-at-once"]),
    known("realgeeks", "dedupes-before-verifying", &["forged-before"]),
];

impl Known {
    /// Compares the results for the receiver on that port with the table.
    fn assert_found_on(&self, port: u16, name: &str) {
        // Fifty concurrent requests take two seconds if each takes 40 ms. A body of 2 or 4 MiB may
        // take more than one in an unoptimised build.
        let more: &[&str] = match self.fault.split(':').next() {
            Some("blocks") => &["--keep-going", "--budget", "1s", "--skip", "2-mib,size-limit"],
            Some("slow") => &["--keep-going", "--only", "event-created,body,repeat"],
            _ => &["--keep-going"],
        };
        let (outcome, cases, summary) = check(port, self.provider, more);
        let failed = ids(&cases, "fail");
        let of_group = |case: &&serde_json::Value| {
            let passes = |name: &&str| name.strip_prefix('!').is_some_and(|id| case["id"] == *id);
            let fails = |name: &&str| case["group"] == **name || case["id"] == **name;
            self.fails.iter().any(fails) && !self.fails.iter().any(passes)
        };
        let expected: BTreeSet<_> = cases
            .iter()
            .filter(of_group)
            .map(|case| case["id"].as_str().unwrap().to_owned())
            .collect();
        let case = format!("{name} {} {}", self.provider, self.fault);
        assert_eq!(failed, expected, "{case}: {summary}");
        // Optional cases fail without consequences for the exit status.
        assert_eq!(outcome.exit, i32::from(summary["failed"] != 0), "{case}");
        // With a probe and both secrets, no case is incomplete.
        assert_eq!((&summary["incomplete"], &summary["skipped"]), (&0.into(), &0.into()), "{case}");
    }
}

#[test]
fn every_practice_receiver_fails_exactly_the_cases_of_its_fault() {
    for receiver in PRACTICE {
        let running = practice(receiver.provider, receiver.fault);
        receiver.assert_found_on(running.address().port(), "practice");
    }
    let tried: BTreeSet<_> =
        PRACTICE.iter().map(|known| known.fault.split(':').next().unwrap()).collect();
    for fault in FAULTS.iter().filter(|fault| !OTHER_REQUESTS.contains(&fault.name)) {
        assert!(tried.contains(fault.name), "no row for `{}`", fault.name);
    }
}

/// The faults about requests beside deliveries, which `custom_packs::other_requests` tries.
const OTHER_REQUESTS: [&str; 5] = [
    "quotes-challenge",
    "never-fetches",
    "ignores-handshake-token",
    "needs-no-handshake-token",
    "reflects-challenge",
];

/// Returns the ids of the cases that a practice receiver of a pack fails, and of all cases that ran.
fn failed_by(pack: &Pack, fault: &str) -> [BTreeSet<String>; 2] {
    let id = pack.provider.id.as_str();
    let running = practice(id, fault);
    let port = running.address().port();
    // Fetching and handshakes are tried in `custom_packs::other_requests`.
    let is_other = |id: &&str| id.starts_with("handshake") || *id == "fetches";
    let cases = conformance::cases(pack);
    let skipped: Vec<_> = cases.iter().map(|case| case.id.as_str()).filter(is_other).collect();
    let skipped = format!("--skip={}", skipped.join(","));
    let budget: &[&str] =
        if fault.starts_with("blocks") { &["--budget", "30ms"] } else { &["--budget", "5s"] };
    let mut args = [&["--keep-going"], budget].concat();
    args.extend((skipped != "--skip=").then_some(skipped.as_str()));
    let (_, cases, summary) = check(port, id, &args);
    let incomplete = ids(&cases, "incomplete");
    assert!(incomplete.is_empty(), "{id} {fault}: {incomplete:?} {summary}");
    [
        ids(&cases, "fail"),
        cases.iter().map(|case| case["id"].as_str().unwrap().to_owned()).collect(),
    ]
}

#[test]
fn a_correct_receiver_of_every_pack_passes_every_case() {
    for pack in Packs::builtin().unwrap().iter() {
        let [failed, all] = failed_by(pack, "none");
        assert!(failed.is_empty() && all.len() > 40, "{}: {failed:?}", pack.provider.id);
        for tamper in tamper::for_scheme(&pack.provider.signature) {
            let is_case = tamper.impact != Impact::EncodingOnly;
            assert_eq!(all.contains(tamper.name), is_case, "{} {}", pack.provider.id, tamper.name);
        }
    }
}

/// Every case is failed by one of these: of one pack in each scheme by default, of all in the soak.
#[test]
fn every_case_of_a_pack_is_failed_by_a_fault() {
    const CAUSES: [&str; 11] = [
        "answers-500-to-forgery",
        "no-dedupe",
        "dedupes-by-body",
        "dedupes-before-verifying",
        "answers-204",
        "throws-on-bad-json",
        "case-sensitive-headers",
        "accepts-any-method",
        "one-secret",
        "limits-body",
        "blocks:40ms",
    ];
    let packs = Packs::builtin().unwrap();
    let few: &[&str] = &["elevenlabs"];
    let every: Vec<_> = packs.iter().map(|pack| pack.provider.id.as_str()).collect();
    let ids = amount(few, &every);
    for id in ids {
        let pack = packs.find(id).unwrap();
        let (mut failed, mut all) = (BTreeSet::new(), BTreeSet::new());
        for fault in CAUSES.into_iter().chain(pack.provider.order.iter().map(|_| "406-to-updates"))
        {
            let [of_fault, cases] = failed_by(pack, fault);
            failed.extend(of_fault);
            all.extend(cases);
        }
        let never: Vec<_> = all.difference(&failed).collect();
        assert!(never.is_empty(), "{id}: {never:?}");
    }
}

/// An unknown sender with a scheme that no built-in pack uses.
#[test]
fn a_correct_receiver_of_a_custom_pack_passes_every_case() {
    // Base64, as Standard Webhooks requires.
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    for id in ["hub", "standard"] {
        let pack = format!("{ROOT}/docs/book/src/packs/{id}");
        let common = ["-p", id, "--pack", &pack, "--secret", secret, "--format", "json"];
        let running = leadhook!("practice :0").args(common).start();
        let port = running.address().port();
        let (url, probe) = (format!(":{port}"), format!(":{port}/count"));
        let outcome = leadhook!("check {} --probe-url {} --skip rotation", url, probe)
            .args(common)
            .run()
            .exits(0, id);
        let summary = objects(&outcome.stdout).pop().unwrap();
        assert!(summary["passed"].as_u64().unwrap() > 45, "{id}: {summary}");
        assert_eq!((&summary["failed"], &summary["incomplete"]), (&0.into(), &0.into()), "{id}");
    }
}

fn each_fails_its_cases(
    test: &str,
    interpreter: Interpreter,
    needs: [&str; 2],
    file: &str,
    receivers: &[Known],
) {
    for receiver in receivers {
        let args = [file, receiver.provider, receiver.fault];
        match ForeignReceiver::start(interpreter, needs, &args, &SECRETS.join(",")) {
            Ok(running) => receiver.assert_found_on(running.address().port(), test),
            Err(reason) => return skipped(test, &reason),
        }
    }
}

#[test]
fn every_receiver_in_python_fails_exactly_the_cases_of_its_fault() {
    each_fails_its_cases("known.py", PYTHON3, ["-c", "import hmac"], "known.py", PYTHON);
}

#[test]
fn every_receiver_in_node_fails_exactly_the_cases_of_its_fault() {
    each_fails_its_cases("known.js", NODE_JS, ["-e", "require('crypto')"], "known.js", NODE);
}

/// Returns the failed cases of a vendor's sample, which supports one secret.
fn found(
    interpreter: Interpreter,
    needs: [&str; 2],
    file: &str,
    provider: &str,
) -> Result<BTreeSet<String>, String> {
    let running = ForeignReceiver::start(interpreter, needs, &[file], SECRETS[0])?;
    let (outcome, cases, _) = check(running.address().port(), provider, &["--skip", "rotation"]);
    assert_eq!(outcome.exit, 1, "{outcome:?}");
    Ok(ids(&cases, "fail"))
}

#[test]
fn the_flask_sample_of_real_geeks_fails_the_listed_cases() {
    match found(PYTHON3, ["-c", "import flask"], "flask_sample.py", "realgeeks") {
        Err(reason) => skipped("flask_sample.py", &reason),
        Ok(found) => {
            let expected = [
                &["missing-signature", "signature-in-query", "not-json", "torn-json", "empty-body"],
                NO_DEDUPE,
            ];
            assert_eq!(found, expected.concat().into_iter().map(str::to_owned).collect());
        }
    }
}

#[test]
fn the_express_sample_of_realtor_bot_lacks_only_deduplication() {
    match found(NODE_JS, ["-e", "require('crypto')"], "express_sample.js", "realtorbot") {
        Err(reason) => skipped("express_sample.js", &reason),
        Ok(found) => {
            // Its `express.json()` has a limit of 100 KiB.
            let expected = NO_DEDUPE.iter().chain(&["size-limit"]);
            assert_eq!(found, expected.map(|&id| id.to_owned()).collect());
        }
    }
}
