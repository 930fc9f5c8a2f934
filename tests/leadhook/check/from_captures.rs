//! `check --from`: captured deliveries replace the samples, and are never shown.

use crate::check::SECRETS;
use crate::support::{Arrived, Endpoint, Leadhook, Outcome, objects};
use leadhook::domain::message::{Headers, Message};
use leadhook::domain::secret::Secret;
use leadhook::domain::verdict::SignatureStatus;
use leadhook::engine::judge::Judge;
use leadhook::providers::Packs;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The time of every check.
const NOW: &str = "@1767323045";

/// A captured delivery.
struct Genuine {
    provider: &'static str,
    event: &'static str,
    body: &'static str,
    /// The pointers of the lead's id and email address.
    identity: [&'static str; 2],
}

const GENUINE: [Genuine; 3] = [
    Genuine {
        provider: "realgeeks",
        event: "created",
        body: "{ \"id\":\"5ead6dd1-2cb9-4f80-80fc-5716b05c90ba\",\"site_domain\":\
               \"www.mustermann-realty.test\",\"first_name\":\"Maximilian\",\"last_name\":\
               \"Mustermann\",\"email\":\"max@mustermann.test\",\"phone\":\"+49 170 1234567\",\
               \"notes\":\"the dog bites \\u0026 barks\\/\",\"score\":75.0,\"portal_password\":\
               \"hunter22\",\"activities\":[]}\n",
        identity: ["/id", "/email"],
    },
    Genuine {
        provider: "leadpro",
        event: "lead.created",
        body: "{\"event\":\"lead.created\",\"data\":{\"id\":417,\"full_name\":\"Maximilian \
               Mustermann\",\"email\":\"max@mustermann.test\",\"phone\":\"+49 170 1234567\",\
               \"type\":\"sale\",\"message\":\"the dog bites \\u0026 barks\\/\",\"score\":75.0,\
               \"portal_password\":\"hunter22\"}}",
        identity: ["/data/id", "/data/email"],
    },
    Genuine {
        provider: "realtorbot",
        event: "lead.created",
        body: "{\"id\":\"evt_000000000000000000000000\",\"type\":\"lead.created\",\"timestamp\":\
               \"2024-05-06T07:08:09Z\",\"data\":{\"leadId\":\"lead_00000000\",\"firstName\":\
               \"Maximilian\",\"lastName\":\"Mustermann\",\"email\":\"max@mustermann.test\",\
               \"phone\":\"+491701234567\",\"notes\":\"the dog bites \\u0026 barks\\/\",\
               \"score\":75.0,\"portal_password\":\"hunter22\"}}",
        identity: ["/data/leadId", "/data/email"],
    },
];

/// The strings of the captures that must not be in any output.
const PERSONAL: [&str; 8] = [
    "Maximilian",
    "Mustermann",
    "mustermann",
    "max@",
    "1234567",
    "dog bites",
    "hunter22",
    "portal_password",
];

/// Returns a capture with a body of the user's, signed with a secret that the check does not have.
fn capture(reference: &str, body: &str) -> String {
    leadhook!("send {} --dry-run --print json --now @1700000000 --data -", reference)
        .args(["--secret", "the-secret-of-production-32-bytes"])
        .stdin(body)
        .run()
        .exits(0, reference)
        .stdout
}

impl Genuine {
    fn capture(&self) -> String {
        capture(&format!("{}:{}", self.provider, self.event), self.body)
    }

    /// Builds a check of an endpoint that uses the capture.
    fn check(&self, endpoint: &Endpoint, only: &str) -> Leadhook {
        leadhook!("check {} -p {} --only {} --seed 7", endpoint.target(), self.provider, only)
            .args(["--from", "c.jsonl", "--now", NOW, "--secret", SECRETS[0]])
            .file("c.jsonl", self.capture())
    }

    /// Returns the id of the case that sends the event.
    fn case(&self) -> String {
        format!("event-{}", self.event.replace('.', "-"))
    }

    /// Returns the id and the email address of the lead of a request.
    fn identity(&self, body: &[u8]) -> [Value; 2] {
        let body: Value = serde_json::from_slice(body).unwrap();
        self.identity.map(|pointer| body.pointer(pointer).cloned().unwrap_or_default())
    }
}

/// Returns `true` if a request is signed with the secret of the check.
fn is_signed(provider: &str, request: &Arrived) -> bool {
    let packs = Packs::builtin().unwrap();
    let secret = Secret::new(SECRETS[0]).unwrap();
    let judge = Judge::for_pack(packs.find(provider).unwrap(), vec![secret]);
    let headers: Headers = request.headers.iter().cloned().collect();
    let message = Message::post("/", headers, request.body.clone());
    let verdict = judge.judge(&message, "2026-01-02T03:04:05Z".parse().unwrap()).verdict;
    verdict.signature.status == SignatureStatus::Valid
}

/// Returns the summary of a check with `--format json`.
fn summary(outcome: &Outcome) -> Value {
    objects(&outcome.stdout).pop().unwrap()
}

#[test]
fn the_captured_content_is_sent_with_a_valid_signature() {
    for genuine in &GENUINE {
        let endpoint = Endpoint::new(&[200]);
        let only = format!("{},unknown-fields,emoji,repeat", genuine.case());
        let outcome = genuine.check(&endpoint, &only).args(["--format", "json"]).run();
        let arrived = endpoint.arrived();
        assert_eq!(arrived.len(), 5, "{outcome:?}");
        for request in &arrived {
            let body = String::from_utf8(request.body.clone()).unwrap();
            assert!(is_signed(genuine.provider, request), "{body}");
            for kept in ["the dog bites \\u0026 barks\\/", "75.0", "hunter22"] {
                assert!(body.contains(kept), "{kept} is not in {body}");
            }
            for replaced in ["max@mustermann.test", "5ead6dd1", ":417", "lead_00000000"] {
                assert!(!body.contains(replaced), "{replaced} is in {body}");
            }
        }
        // The plain delivery keeps every byte but those of the replaced values.
        let plain = String::from_utf8(arrived[0].body.clone()).unwrap();
        let original: Value = serde_json::from_str(genuine.body).unwrap();
        let sent: Value = serde_json::from_str(&plain).unwrap();
        let mut restored = plain.clone();
        let envelope = ["/id", "/timestamp", "/phone", "/data/phone"];
        for pointer in genuine.identity.into_iter().chain(envelope) {
            if let (Some(old), Some(new)) = (original.pointer(pointer), sent.pointer(pointer)) {
                restored = restored.replace(&new.to_string(), &old.to_string());
            }
        }
        assert_eq!(restored, genuine.body, "{plain}");
        let summary = summary(&outcome);
        assert_eq!(
            (&summary["from_captures"]["used"], &summary["redacted"]),
            (&1.into(), &true.into())
        );
        assert_eq!(summary["from_captures"]["events"][0]["event"], genuine.event);
    }
}

#[test]
fn two_cases_share_no_lead_and_no_message() {
    for genuine in &GENUINE {
        let endpoint = Endpoint::new(&[200]);
        genuine.check(&endpoint, "accepts").args(["--skip", "chunked,keep-alive"]).run();
        let arrived = endpoint.arrived();
        assert!(arrived.len() > 15, "{}", arrived.len());
        let of_event =
            |request: &&Arrived| String::from_utf8_lossy(&request.body).contains("the dog bites");
        let captured: Vec<_> = arrived.iter().filter(of_event).collect();
        assert!(captured.len() > 10, "{}: {}", genuine.provider, captured.len());
        let leads: BTreeSet<_> =
            captured.iter().map(|request| genuine.identity(&request.body)[0].to_string()).collect();
        assert_eq!(leads.len(), captured.len(), "{}", genuine.provider);
        let bodies: BTreeSet<_> = arrived.iter().map(|request| &request.body).collect();
        assert_eq!(bodies.len(), arrived.len(), "{}", genuine.provider);
    }
}

#[test]
fn a_seed_repeats_the_requests_and_chooses_the_capture() {
    let captures: String = (0..3)
        .map(|number| {
            let body = format!("{{\"id\":\"1\",\"notes\":\"capture {number}\"}}");
            capture("realgeeks:created", &body)
        })
        .collect();
    let run = |only: &str, seed: u64| {
        let endpoint = Endpoint::new(&[200]);
        leadhook!("check {} --only {} --seed {} --now {}", endpoint.target(), only, seed, NOW)
            .args(["--from", "c.jsonl", "--secret", SECRETS[0]])
            .file("c.jsonl", &captures)
            .run();
        endpoint.arrived().into_iter().map(|request| request.body).collect::<Vec<_>>()
    };
    let both = run("event-created,emoji", 7);
    assert!(both == run("event-created,emoji", 7));
    // A case sends the same bytes alone.
    assert!(both[1..] == run("emoji", 7)[..]);
    let chosen = |body: &Vec<u8>| {
        let body: Value = serde_json::from_slice(body).unwrap();
        body["notes"].to_string()
    };
    let all: BTreeSet<_> =
        run("idle", 7).iter().map(chosen).chain(both.iter().map(chosen)).collect();
    assert_eq!(all.len(), 3, "the leads of a case get all captures: {all:?}");
}

/// Returns every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

/// Asserts that a text has nothing personal of a capture.
#[track_caller]
fn assert_redacted(name: &str, text: &str) {
    for personal in PERSONAL {
        let Some(at) = text.find(personal) else { continue };
        let around: String = text[..at].chars().rev().take(200).collect();
        panic!("{name}: {personal} after {}", around.chars().rev().collect::<String>());
    }
}

/// The options of every report, and of the requests of failed cases.
const REPORTS: [&str; 4] = [
    "--save-failures",
    "out",
    "--report",
    "junit=r.xml,tap=r.tap,json=r.json,ndjson=r.ndjson,html=r.html,github",
];

#[test]
fn no_output_contains_personal_data() {
    for (genuine, format) in
        GENUINE.iter().map(|genuine| (genuine, "human")).chain([(&GENUINE[0], "json")])
    {
        let endpoint = Endpoint::new(&[500]);
        let (outcome, dir) = genuine
            .check(&endpoint, "accepts,rejects,repeat")
            .args(["--skip", "chunked,2-mib", "--keep-going", "-v", "--format", format])
            .args(REPORTS)
            .env("GITHUB_STEP_SUMMARY", "summary.md")
            .run_in();
        assert_eq!(outcome.exit, 1, "{outcome:?}");
        assert!(outcome.stdout.contains("curl -g -X POST"), "{outcome:?}");
        assert_redacted("standard output", &outcome.stdout);
        assert_redacted("standard error", &outcome.stderr);
        let written = files(dir.path());
        assert!(written.len() > 30, "{written:?}");
        for file in written.iter().filter(|file| !file.ends_with("c.jsonl")) {
            assert_redacted(&file.display().to_string(), &fs::read_to_string(file).unwrap());
        }
        for file in ["r.xml", "r.html", "r.json"] {
            let report = fs::read_to_string(dir.path().join(file)).unwrap();
            assert!(report.contains("redacted"), "{file}");
        }
        let void = "the signatures are void: signed with a throw-away secret";
        assert!(outcome.stderr.contains(void), "{}", outcome.stderr);
        let line = outcome.stderr_line("throw-away secret: ");
        let throw_away = line.trim_start_matches("throw-away secret: ");
        for (secret, expected) in [(throw_away, "valid"), (SECRETS[0], "invalid")] {
            let saved = format!("out/{}-1.json", genuine.case());
            let verified = leadhook!("verify {} --secret {} --format json", saved, secret)
                .in_folder(dir.path())
                .run();
            let status = &objects(&verified.stdout)[0]["signature"]["status"];
            assert_eq!(status, expected, "{verified:?}");
        }
    }
}

#[test]
fn what_the_receiver_returns_is_not_shown() {
    let redirect = "HTTP/1.1 302 X\r\nLocation: /leads/Mustermann\r\nContent-Length: 0\r\n\
                    Connection: close\r\n\r\n";
    let endpoint = Endpoint::raw(vec![redirect.to_owned()]);
    let outcome = GENUINE[0].check(&endpoint, "accepts").args(["-v"]).run();
    assert_redacted("standard output", &outcome.stdout);
    assert!(outcome.stdout.contains("(not shown: --from)"), "{outcome:?}");
    let endpoint = Endpoint::new(&[200]);
    let probe = "n=$(cat n 2>/dev/null); echo x >>n; if [ -z \"$n\" ]; then echo 0; else echo Mustermann; fi";
    let outcome = GENUINE[0]
        .check(&endpoint, "repeat")
        .args(["--probe-cmd", probe, "--probe-quiet", "0", "-v"])
        .run();
    assert_redacted("standard output", &outcome.stdout);
    assert!(outcome.stdout.contains("its output is not shown: `--from`"), "{outcome:?}");
}

#[cfg(unix)]
#[test]
fn the_output_of_a_started_receiver_is_not_shown() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let leadhook = env!("CARGO_BIN_EXE_leadhook");
    let start =
        format!("echo Mustermann; exec '{leadhook}' practice :{port} --secret {}", SECRETS[0]);
    let run = |more: &[&str]| {
        leadhook!("check :{} --only event-created -v", port)
            .args(["--secret", SECRETS[0], "--start", &start])
            .args(more)
            .file("c.jsonl", GENUINE[0].capture())
            .run()
            .exits(0, "started")
            .stderr
    };
    assert!(run(&[]).contains("Mustermann"));
    assert_redacted("standard error", &run(&["--from", "c.jsonl"]));
}

#[test]
fn what_cannot_be_used_is_counted() {
    let [genuine, other, _] = &GENUINE;
    let captures = [
        genuine.capture(),
        other.capture(),
        "{\"torn\n".to_owned(),
        capture("realgeeks:created", "first_name=Maximilian"),
        genuine.capture().replace("\"created\"", "\"unheard_of\""),
    ];
    let build = |format: &str| {
        let endpoint = Endpoint::new(&[200]);
        let mut run = leadhook!("check {} --only event-created,event-updated", endpoint.target())
            .args(["--from", "caps", "--secret", SECRETS[0], "--format", format])
            .folder("caps");
        for (number, capture) in captures.iter().enumerate() {
            run = run.file(&format!("caps/{number}.jsonl"), capture);
        }
        (run.run().exits(0, format), endpoint)
    };
    let (outcome, endpoint) = build("json");
    assert_eq!(endpoint.arrived().len(), 2);
    let found = &summary(&outcome)["from_captures"];
    for (key, count) in [
        ("used", 1),
        ("other_provider", 1),
        ("unreadable", 1),
        ("without_json", 1),
        ("unknown_event", 1),
        ("too_large", 0),
    ] {
        assert_eq!(found[key], count, "{key}: {found}");
    }
    let samples: Vec<_> = found["samples"].as_array().unwrap().iter().collect();
    assert!(samples.contains(&&"updated".into()) && !samples.contains(&&"created".into()));
    let (outcome, _) = build("human");
    for text in [
        "1 delivery from captures: 1 of `created`",
        "samples: `updated`, ",
        "not used: 1 of another or an unknown provider, 1 of an undocumented event",
        "1 unreadable",
    ] {
        let shown = outcome.stdout.replace('\n', " ");
        assert!(shown.contains(text), "{text}: {}", outcome.stdout);
    }
}

#[test]
fn without_a_usable_delivery_nothing_is_sent() {
    let endpoint = Endpoint::new(&[200]);
    let run = |from: &str, input: &str| {
        leadhook!("check {} --secret s --from {} -p realgeeks", endpoint.target(), from)
            .file("c.jsonl", GENUINE[1].capture())
            .stdin(input)
            .run()
            .exits(3, from)
            .stderr
    };
    let missing = run("missing", "");
    assert!(
        missing.contains("1 unreadable (cannot read") && missing.contains("hint: "),
        "{missing}"
    );
    let other = run("c.jsonl", "");
    assert!(other.contains("1 of another or an unknown provider"), "{other}");
    assert!(other.contains("no delivery of Real Geeks"), "{other}");
    let torn = run("-", "{\"first_name\":\"Maximilian");
    assert_redacted("standard error", &torn);
    assert_eq!(endpoint.arrived().len(), 0);
    let input = GENUINE[0].capture();
    leadhook!("check {} --only event-created --from - --secret s", endpoint.target())
        .stdin(input)
        .run()
        .exits(0, "standard input");
    assert_eq!(endpoint.arrived().len(), 1);
}
