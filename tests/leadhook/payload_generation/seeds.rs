//! `--seed`: deterministic synthetic data, different for every seed.

use crate::payload_generation::{
    Form, NOW, bytes, describe, forms, generated, message_id, payload, strings,
};
use crate::support::{ROOT, amount};
use leadhook::domain::secret::{Keyring, Secret};
use leadhook::domain::verdict::{PayloadStatus, SignatureStatus};
use leadhook::engine::compose::{RequestDraft, compose};
use leadhook::engine::generate::check_variations;
use leadhook::engine::judge::{Judge, Strictness};
use leadhook::providers::Packs;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{fs, thread};

/// Returns the number of seeds that every event is generated with.
fn seeds() -> u64 {
    amount(200, 1_000)
}

/// The output of the documented command, identical on every machine and in every version.
const GOLDEN: &str = "2c2b964656613d01eb585fcb8ed9b01cc3f34095148076e72db1b747b825bfe4";

/// Calls `look` with the payload of every event and variant at every seed, on several threads.
fn at_every_seed(look: impl Fn(Form<'_>, u64, &[u8]) + Sync) {
    let packs = Packs::builtin().unwrap();
    let forms = forms(&packs);
    assert!(forms.len() >= 50, "{}", forms.len());
    thread::scope(|scope| {
        for core in 0..2 {
            let (forms, look) = (&forms, &look);
            scope.spawn(move || {
                for form in forms {
                    for seed in (core..seeds()).step_by(2) {
                        look(*form, seed, &bytes(*form, Some(seed)));
                    }
                }
            });
        }
    });
}

fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

#[test]
fn the_same_command_prints_the_same_bytes_on_every_machine() {
    let printed = leadhook!(
        "send created --variant maximal --seed 7 --now {} --print json --dry-run \
         --secret s3cret",
        NOW
    )
    .run()
    .exits(0, "golden")
    .stdout;
    assert_eq!(digest(printed.as_bytes()), GOLDEN, "{printed}");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "`UPDATE=1` is set by the user who runs the tests")]
fn the_bodies_of_seed_7_are_stable() {
    let packs = Packs::builtin().unwrap();
    let row =
        |form: &Form<'_>| format!("{}  {}\n", digest(&bytes(*form, Some(7))), describe(*form));
    let table: String = forms(&packs).iter().map(row).collect();
    let path = Path::new(ROOT).join("tests/corpus/seed-7.txt");
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        fs::write(&path, &table).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    let changed: Vec<_> = table.lines().filter(|line| !committed.contains(line)).collect();
    assert!(
        committed == table,
        "these bodies are others than before: {changed:#?}\n`UPDATE=1 cargo test seed_7` writes them"
    );
}

#[test]
fn every_event_at_many_seeds_is_valid_verifies_and_is_reserved() {
    let packs = Packs::builtin().unwrap();
    let secret = Secret::new("whsec_0123456789").unwrap();
    let named: Vec<_> = packs.iter().map(|pack| pack.provider.id.clone()).collect();
    let judge =
        Judge::new(packs, Keyring::for_any(vec![secret.clone()]), named, Strictness::default());
    let now = NOW.parse().unwrap();
    at_every_seed(|form, seed, body| {
        let (pack, event, _) = form;
        let draft = RequestDraft {
            event: Some(&event.name),
            message_id: Some(message_id(pack)),
            now,
            path: "/",
            body: body.to_vec().into(),
            as_of: None,
            extra_headers: &[],
        };
        let message = compose(&pack.provider, draft, Some(&secret), None).unwrap().message;
        let verdict = judge.judge(&message, now).verdict;
        let fine = verdict.signature.status == SignatureStatus::Valid
            && verdict.payload.status == PayloadStatus::Valid
            && verdict.signature.findings.is_empty()
            && verdict.event.as_deref() == Some(&event.name);
        assert!(fine, "{} {seed}: {verdict:#?}", describe(form));
        let payload = serde_json::from_slice(body).unwrap();
        if let Some(reached) = real_contact(&payload) {
            panic!("{} {seed}: {reached}", describe(form));
        }
    });
}

/// Returns `true` if RFC 2606 reserves the host for examples.
fn is_reserved(host: &str) -> bool {
    ["example.com", "example.net", "example.org"].iter().any(|name| {
        host.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}

/// Returns every host in a string, in a URL or after an `@`.
fn hosts(text: &str) -> Vec<&str> {
    let ends = |c: char| !(c.is_alphanumeric() || c == '.' || c == '-');
    let after = |sign: &'static str| text.split(sign).skip(1);
    after("://").chain(after("@")).map(|rest| rest.split(ends).next().unwrap_or_default()).collect()
}

/// Returns every possible phone number in a string: ten or more digits, with separators.
fn phone_numbers(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut digits = String::new();
    for byte in text.bytes().chain([b'.']) {
        match byte {
            b'0'..=b'9' => digits.push(char::from(byte)),
            b' ' | b'+' | b'(' | b')' | b'-' => {}
            _ if digits.len() >= 10 => found.push(std::mem::take(&mut digits)),
            _ => digits.clear(),
        }
    }
    found
}

/// Returns `true` if a number is reserved: 555-0100 to 555-0199, or Ofcom's for drama.
fn is_drama(digits: &str) -> bool {
    let american = digits.strip_prefix('1').unwrap_or(digits);
    let gb = digits.strip_prefix("44").or_else(|| digits.strip_prefix('0')).unwrap_or(digits);
    american.len() == 10 && american[3..].starts_with("55501")
        || gb.len() == 10 && gb.starts_with("7700900")
}

/// Fields that contain ids or URLs, whose digits are not phone numbers.
fn is_reference(name: &str) -> bool {
    let ends = ["id", "Id", "uuid", "url", "Url", "reference", "ref"];
    ends.iter().any(|end| name.ends_with(end))
}

#[test]
fn real_contacts_are_distinguished_from_reserved_ones() {
    assert_eq!(hosts("a@b.example.com, https://x.org/@y"), ["x.org", "b.example.com", "y"]);
    assert!(is_reserved("example.org") && is_reserved("a.example.net"));
    assert!(!is_reserved("badexample.com") && !is_reserved("example.de"));
    assert_eq!(
        phone_numbers("call (808) 555-0142 or +44 7700 900123"),
        ["8085550142", "447700900123"]
    );
    for number in ["8085550142", "18085550142", "07700900142", "447700900142"] {
        assert!(is_drama(number), "{number}");
    }
    for number in ["8085551142", "8084550142", "07701900142", "20265550142", "0770090014"] {
        assert!(!is_drama(number), "{number}");
    }
}

/// Returns the first field of a payload that may refer to a real person.
fn real_contact(payload: &Value) -> Option<String> {
    let mut found = Vec::new();
    strings(payload, "", &mut found);
    found.into_iter().find_map(|(name, text)| {
        let hosts = hosts(text);
        let dialled = if is_reference(name) { Vec::new() } else { phone_numbers(text) };
        let unset = text.is_empty();
        let is_mail = name.to_lowercase().contains("email") && !name.ends_with("Id");
        let wrong = !hosts.iter().all(|host| is_reserved(host))
            || !dialled.iter().all(|digits| is_drama(digits))
            || is_mail && !unset && hosts.len() != 1
            || name.contains("phone") && !name.ends_with("_id") && !unset && dialled.is_empty()
            || name == "site_domain" && !is_reserved(text);
        wrong.then(|| format!("`{name}` is {text:?}"))
    })
}

#[test]
fn a_payload_with_a_real_contact_is_detected() {
    for (name, text) in [
        ("email", "ada@example.de"),
        ("email", "ada"),
        ("phone", "808-555-0242"),
        ("phone", "by post"),
        ("notes", "call 07700 901234 or write"),
        ("site_login_url", "https://www.acme.com/"),
        ("site_domain", "www.acme.com"),
    ] {
        assert!(real_contact(&json!({ name: text })).is_some(), "{name} {text}");
    }
    for (name, text) in
        [("email", ""), ("id", "4567890123456"), ("url", "http://example.com/1234567890/")]
    {
        assert_eq!(real_contact(&json!({ name: text })), None);
    }
}

#[test]
fn a_thousand_seeds_give_many_people_and_cities() {
    let packs = Packs::builtin().unwrap();
    let every = |event: &str| -> Vec<Value> {
        let (pack, facts) = packs.find_event(&event.parse().unwrap(), None).unwrap();
        (0..1_000).map(|seed| payload((pack, facts, None), Some(seed))).collect()
    };
    let mut payloads = BTreeMap::new();
    for (event, pointer, least) in [
        ("created", "/id", 1_000),
        ("created", "/first_name", 50),
        ("created", "/last_name", 40),
        ("created", "/email", 900),
        ("created", "/phone", 700),
        ("created", "/address", 990),
        ("created", "/city", 30),
        ("created", "/state", 12),
        ("created", "/zip", 30),
        ("created", "/created", 1_000),
        ("created", "/activities/2/property/list_price", 500),
        ("created", "/activities/2/property/latitude", 500),
        ("leadpro:lead.created", "/data/full_name", 700),
        ("leadpro:lead.created", "/data/postcode", 500),
        ("leadpro:lead.created", "/data/phone", 700),
        ("realtorbot:lead.created", "/data/leadId", 1_000),
        ("appointment.scheduled", "/data/date", 14),
        ("appointment.scheduled", "/data/time", 30),
    ] {
        let made = payloads.entry(event).or_insert_with(|| every(event));
        let values: BTreeSet<_> =
            made.iter().map(|payload| payload.pointer(pointer).unwrap().to_string()).collect();
        let found = values.len();
        assert!(found >= least, "{event} {pointer}: {found} different values");
    }
}

/// Returns the value at a pointer as a string.
fn at<'v>(payload: &'v Value, pointer: &str) -> &'v str {
    payload.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("no {pointer}"))
}

#[test]
fn repeated_facts_agree_within_a_payload() {
    for seed in 0..200 {
        let lead = generated("created", None, Some(seed));
        let login = at(&lead, "/site_login_url");
        assert_eq!(
            login,
            format!(
                "http://{}/member/quick_login/{}/",
                at(&lead, "/site_domain"),
                at(&lead, "/id")
            )
        );
        let street_city_state =
            ["/street_address", "/city", "/state"].map(|part| at(&lead, part)).join(", ");
        assert_eq!(at(&lead, "/address"), format!("{street_city_state} {}", at(&lead, "/zip")));
        let home = at(&lead, "/activities/2/property/address");
        assert!(at(&lead, "/activities/2/description").ends_with(home), "{lead}");
        assert_eq!(at(&lead, "/agent_email"), at(&lead, "/activities/3/user/email"));
        assert!(at(&lead, "/activities/3/description").contains(at(&lead, "/agent_name")));
        // The events of one seed refer to the same lead and the same agent.
        let later = generated("activity_added", None, Some(seed));
        for same in ["/id", "/site_uuid", "/partner_id"] {
            assert_eq!(lead[&same[1..]], later[&same[1..]], "{same}");
        }
        let agent = generated("user_updated", None, Some(seed));
        assert_eq!(agent["id"], lead["activities"][3]["user"]["id"]);
        assert_eq!(agent["name"], lead["agent_name"]);
        assert_eq!(
            generated("lead.scored", None, Some(seed))["data"]["leadId"],
            generated("realtorbot:lead.created", None, Some(seed))["data"]["leadId"]
        );
    }
}

#[test]
fn times_come_in_a_plausible_order_around_the_time_of_sending() {
    for seed in 0..200 {
        for event in ["created", "activity_added"] {
            let lead = generated(event, Some("maximal"), Some(seed));
            let activities = lead["activities"].as_array().unwrap().iter();
            let mut times: Vec<_> = activities.map(|it| at(it, "/created").to_owned()).collect();
            times.splice(..0, lead["created"].as_str().map(str::to_owned));
            assert!(times.is_sorted(), "{times:?}");
            assert!(times[0].as_str() > "2025-12-29" && times[times.len() - 1].as_str() < NOW);
        }
        let moved = generated("appointment.rescheduled", None, Some(seed));
        let [before, after] = ["/data/previousDate", "/data/date"].map(|day| at(&moved, day));
        assert!("2026-01-02" < before && before < after, "{moved}");
        let appointment = generated("appointment.completed", None, Some(seed));
        assert!(at(&appointment, "/data/date") < "2026-01-02", "{appointment}");
        let lead = generated("leadpro:lead.created", None, Some(seed));
        let hours = lead["data"]["appointment_availability"]["hours"].as_array().unwrap();
        let hours: Vec<_> = hours.iter().map(|hour| hour.as_str().unwrap()).collect();
        assert!(hours.is_sorted() && hours[0] > NOW, "{hours:?}");
        let of = |name: &str| lead["data"][name].as_f64().unwrap();
        for kind in ["sale", "rent"] {
            let [least, mean, most] = ["minimum", "average", "maximum"]
                .map(|end| of(&format!("{end}_{kind}_estimation")));
            assert!(least < mean && mean < most, "{kind}: {least} {mean} {most}");
        }
    }
}

#[test]
fn the_area_code_matches_the_state() {
    let areas = [
        ("HI", "808"),
        ("CA", "619"),
        ("TX", "512"),
        ("FL", "813"),
        ("CO", "303"),
        ("NC", "919"),
        ("WA", "425"),
        ("OH", "614"),
        ("AZ", "480"),
        ("MA", "508"),
        ("GA", "770"),
        ("MN", "651"),
    ];
    for seed in 0..200 {
        let lead = generated("created", None, Some(seed));
        let (_, area) = areas.iter().find(|(state, _)| *state == at(&lead, "/state")).unwrap();
        assert!(at(&lead, "/phone").trim_start_matches('(').starts_with(area), "{lead}");
    }
}

#[test]
fn no_personal_data_of_the_sample_remains() {
    let packs = Packs::builtin().unwrap();
    let mut checked = 0;
    for form in forms(&packs) {
        let sample = payload(form, None);
        let varied = String::from_utf8(bytes(form, Some(7))).unwrap();
        let mut found = Vec::new();
        strings(&sample, "", &mut found);
        let keeps_fields =
            form.2.is_some_and(|variant| !form.1.variant(variant).unwrap().keep.is_empty());
        for (name, text) in found {
            let personal =
                ["name", "email", "address", "street", "id"].iter().any(|end| name.ends_with(end));
            if personal && !keeps_fields && text.len() > 4 && text != message_id(form.0) {
                checked += 1;
                assert!(!varied.contains(text), "{}: {text} is still in {varied}", describe(form));
            }
        }
    }
    assert!(checked > 100, "{checked}");
}

#[test]
fn an_unset_field_stays_unset() {
    let updated = generated("updated", Some("unset-phone"), Some(7));
    assert_eq!((&updated["phone"], &updated["phone2"]), (&"".into(), &"".into()));
    assert_eq!(generated("leadpro:lead.created", None, Some(7))["data"]["parentId"], Value::Null);
}

#[test]
fn every_varied_field_is_in_some_built_in_sample() {
    for pack in Packs::builtin().unwrap().iter() {
        let problems: Vec<_> =
            check_variations(pack).unwrap().iter().map(ToString::to_string).collect();
        assert!(problems.is_empty(), "{}: {problems:#?}", pack.provider.id);
    }
}
