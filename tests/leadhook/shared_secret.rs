//! Packs whose requests carry the secret itself, or nothing that proves the sender.

use crate::support::{Arrived, Endpoint, Leadhook, Outcome, captures, objects};
use leadhook::providers::starter;
use std::fs;
use std::path::Path;

/// The codes of explanations that no built-in provider can have, and that this file tests.
pub(crate) const CODES: [&str; 3] =
    ["secret-elsewhere", "secret-with-prefix", "secret-without-prefix"];

const SECRET: &str = "s3cret-0f-the-tests";

/// The `[signature]` tables of the places, with the note of a valid request.
const PLACES: [&str; 4] = [
    "scheme = \"shared-secret\"\nheader = \"X-Api-Key\"\n",
    "scheme = \"shared-secret\"\nheader = \"X-Token\"\nprefix = \"Bearer \"\n",
    "scheme = \"shared-secret\"\nquery = \"key\"\n",
    "scheme = \"shared-secret\"\nfield = \"/google_key\"\n",
];

const NONE: &str = "scheme = \"none\"\n";

const SIGNED: &str = "scheme = \"hmac\"\nheader = \"X-Acme-Signature\"\nover = \"raw-body\" ";

/// Writes the starter pack with this `[signature]` to `acme` in a folder.
fn write_pack(folder: &Path, signature: &str) {
    fs::create_dir_all(folder.join("acme")).unwrap();
    for (name, text) in starter::files("acme") {
        let text = if name == "provider.toml" {
            assert!(text.contains(SIGNED), "{text}");
            text.replace(SIGNED, signature).replace("\"X-Acme-Signature\", ", "")
        } else {
            text
        };
        fs::write(folder.join("acme").join(name), text).unwrap();
    }
}

struct Pack {
    folder: tempfile::TempDir,
}

impl Pack {
    fn new(signature: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        write_pack(folder.path(), signature);
        Self { folder }
    }

    /// Builds a run with the pack and its secret.
    fn run(&self, args: &[&str]) -> Leadhook {
        self.bare(args).env("LEADHOOK_PACK", "acme").env("LEADHOOK_ACME_SECRET", SECRET)
    }

    fn bare(&self, args: &[&str]) -> Leadhook {
        Leadhook::new(args).in_folder(self.folder.path())
    }

    /// Writes a capture of a request, and returns the name of its file.
    fn capture(&self, args: &[&str]) -> &'static str {
        let sent = self.run(&["send", "acme:lead.created", "--dry-run", "--print", "json"]);
        let sent = sent.args(args).run();
        fs::write(
            self.folder.path().join("request.json"),
            sent.exits(0, "capture").stdout.as_str(),
        )
        .unwrap();
        "request.json"
    }
}

/// Returns a request as text.
fn all(arrived: &Arrived) -> String {
    let body = String::from_utf8_lossy(&arrived.body);
    format!("{} {:?} {body}", arrived.line, arrived.headers)
}

/// Asserts that nothing that was printed contains the secret.
#[track_caller]
fn assert_masked(outcome: &Outcome) {
    let printed = format!("{}{}", outcome.stdout, outcome.stderr);
    assert!(!printed.contains(SECRET), "{printed}");
}

#[test]
fn the_secret_is_sent_and_verified_at_each_place_and_never_shown() {
    for signature in PLACES {
        let pack = Pack::new(signature);
        pack.bare(&["events", "check-pack", "acme"]).run().exits(0, signature);
        let endpoint = Endpoint::new(&[200]);
        let url = format!("{}/hook", endpoint.target());
        for format in ["human", "json"] {
            let sent =
                pack.run(&["send", "acme:lead.created", &url, "-vv", "--format", format]).run();
            assert_masked(&sent.exits(0, signature));
        }
        let arrived = endpoint.arrived().remove(0);
        assert!(all(&arrived).contains(SECRET), "{}", all(&arrived));
        let file = pack.capture(&[]);
        let verified = pack.run(&["verify", file, "-p", "acme", "-vv", "--format", "json"]).run();
        let verdict = &objects(&verified.clone().exits(0, signature).stdout)[0];
        assert_eq!(verdict["signature"]["status"], "valid");
        assert_eq!(verdict["signature"]["proof"], "shared-secret");
        assert_masked(&verified);
    }
}

#[test]
fn a_pack_without_a_signature_must_be_named() {
    for signature in PLACES.into_iter().chain([NONE]) {
        let pack = Pack::new(signature);
        let file = pack.capture(&[]);
        let verified = pack.run(&["verify", file, "--format", "json"]).run();
        let verdict = &objects(&verified.stdout)[0];
        assert_eq!(verdict["provider"], "leadpro", "it has an event of this name");
        assert_eq!(verdict["signature"]["proof"], "signature");
        assert_ne!(verified.exit, 0);
        let several = ["verify", file, "-p", "realgeeks", "-p", "acme", "--format", "json"];
        let verified = pack.run(&several).run().exits(0, signature);
        assert_eq!(objects(&verified.stdout)[0]["provider"], "acme");
    }
}

#[test]
fn the_payload_of_an_unsigned_request_decides_unless_strict() {
    let pack = Pack::new(NONE);
    pack.bare(&["events", "check-pack", "acme"]).run().exits(0, "check-pack");
    let file = pack.capture(&[]);
    let verify = |args: &[&str]| {
        let all = ["verify", file, "-p", "acme", "--format", "json"];
        pack.bare(&all).args(["--pack", "acme"]).args(args).run()
    };
    let verified = verify(&[]).exits(0, "payload");
    let verdict = &objects(&verified.stdout)[0];
    assert_eq!(verdict["signature"]["status"], "unsigned");
    assert_eq!(verdict["signature"]["proof"], "none");
    assert_eq!(verdict["valid"], true);
    verify(&["--strict"]).exits(5, "strict");
    let broken = pack.capture(&["--unset", "/lead"]);
    pack.bare(&["verify", broken, "-p", "acme", "--pack", "acme"]).run().exits(1, "broken");
}

#[test]
fn what_needs_a_signature_is_refused() {
    for signature in PLACES.into_iter().chain([NONE]) {
        let pack = Pack::new(signature);
        let file = pack.capture(&[]);
        for args in [
            &["verify", file, "-p", "acme", "--show-expected"][..],
            &["verify", file, "-p", "acme", "--mine", "00112233445566778899aabbccddeeff"],
            &["sign", file, "-p", "acme"],
            &["decode", file, "-p", "acme"],
        ] {
            let refused = pack.run(args).run().exits(2, signature);
            assert!(refused.stderr.contains("needs a signature"), "{}", refused.stderr);
            assert!(refused.stderr.contains("hint:"), "{}", refused.stderr);
            assert_masked(&refused);
        }
    }
}

#[test]
fn curl_reads_the_secret_from_a_variable_and_other_forms_keep_it() {
    for signature in PLACES {
        let pack = Pack::new(signature);
        let send = ["send", "acme:lead.created", "--dry-run", "--print"];
        let curl = pack.run(&send).args(["curl"]).run().exits(0, signature);
        assert!(curl.stdout.contains("\"$LEADHOOK_SECRET\""), "{}", curl.stdout);
        assert_masked(&curl);
        for form in ["http", "har", "json"] {
            let printed = pack.run(&send).args([form]).run().exits(0, signature);
            assert!(printed.stdout.contains(SECRET), "{}", printed.stdout);
            assert!(printed.stderr.contains("contains the secret"), "{}", printed.stderr);
        }
        let file = pack.capture(&[]);
        let convert = ["convert", file, "-p", "acme"];
        let curl = pack.run(&convert).args(["--print", "curl"]).run().exits(0, signature);
        assert!(curl.stdout.contains("\"$LEADHOOK_SECRET\""), "{}", curl.stdout);
        assert_masked(&curl);
        let http = pack.run(&convert).args(["--print", "http"]).run().exits(0, signature);
        assert!(http.stdout.contains(SECRET) && http.stderr.contains("contains the secret"));
        let redacted = pack.run(&convert).args(["--redact", "--print", "json"]).run();
        assert_masked(&redacted.exits(0, signature));
    }
}

#[test]
fn the_command_of_curl_sends_the_same_request() {
    for signature in PLACES {
        let pack = Pack::new(signature);
        let endpoint = Endpoint::new(&[200]);
        let url = format!("{}/hook", endpoint.target());
        let args = ["send", "acme:lead.created", &url, "--seed", "7", "--print", "curl"];
        let sent = pack.run(&args).run().exits(0, signature);
        let command = sent.stdout.split("\n-->").next().unwrap().to_owned();
        let ran = std::process::Command::new("sh")
            .args(["-c", &command])
            .env("LEADHOOK_SECRET", SECRET)
            .output()
            .unwrap();
        assert!(ran.status.success(), "{command}: {ran:?}");
        let arrived = endpoint.arrived();
        assert_eq!(arrived[0].line, arrived[1].line);
        assert_eq!(arrived[0].body, arrived[1].body);
    }
}

#[test]
fn a_replay_sends_the_secret_with_a_note_and_shows_it_masked() {
    for signature in PLACES {
        let pack = Pack::new(signature);
        let file = pack.capture(&[]);
        let endpoint = Endpoint::new(&[200]);
        for args in [&[][..], &["--resign"]] {
            let replay = ["replay", file, "--to", &endpoint.target(), "-p", "acme", "-vv"];
            let replayed = pack.run(&replay).args(args).run().exits(0, signature);
            assert_masked(&replayed);
            assert_eq!(replayed.stderr.contains("carries the secret"), args.is_empty());
        }
        for format in ["human", "json"] {
            let args = ["replay", file, "-p", "acme", "--dry-run", "--format", format];
            assert_masked(&pack.run(&args).run().exits(0, signature));
        }
        for arrived in endpoint.arrived() {
            assert!(all(&arrived).contains(SECRET), "{}", all(&arrived));
        }
    }
}

#[test]
fn a_listener_accepts_the_secret_only_if_the_pack_is_named_and_masks_it() {
    for signature in PLACES.into_iter().chain([NONE]) {
        let pack = Pack::new(signature);
        for (named, status) in [(true, 200), (false, 401)] {
            let mut args = vec!["listen", ":0", "--format", "json", "--save", "caps"];
            args.extend(named.then_some(["-p", "acme"]).into_iter().flatten());
            let listen = pack.run(&args).env("LEADHOOK_REALGEEKS_SECRET", "another").start();
            let url = format!("{}hook?a=1", listen.url);
            let expect = status.to_string();
            let send = ["send", "acme:lead.created", &url, "--expect", &expect];
            pack.run(&send).run().exits(0, signature);
            listen.signal("INT");
            let (_, requests, stderr) = listen.wait();
            if named {
                assert!(!format!("{requests:?}{stderr}").contains(SECRET), "{requests:?}{stderr}");
                let request = requests.iter().find(|object| object["kind"] == "request").unwrap();
                let proof = if signature == NONE { "none" } else { "shared-secret" };
                assert_eq!(request["signature"]["proof"], proof);
                if signature != NONE {
                    let saved = captures(&pack.folder.path().join("caps"));
                    assert!(fs::read_to_string(&saved[0]).unwrap().contains(SECRET));
                    assert!(stderr.contains("contain its secret"), "{stderr}");
                }
            }
        }
    }
}

#[test]
fn a_wrong_secret_is_explained_and_not_shown() {
    let [header, prefixed, query, field] = PLACES.map(Pack::new);
    for (pack, tamper, code) in [
        (&header, "secret-elsewhere", "secret-elsewhere"),
        (&header, "quoted-secret", "secret-signed-with-quotes"),
        (&prefixed, "no-prefix", "secret-without-prefix"),
        (&query, "secret-elsewhere", "secret-elsewhere"),
        (&field, "secret-elsewhere", "secret-elsewhere"),
        (&field, "quoted-secret", "secret-signed-with-quotes"),
        (&header, "another-secret", "none-holds"),
    ] {
        let file = pack.capture(&["--tamper", tamper]);
        let verified = pack.run(&["verify", file, "-p", "acme", "--format", "json"]).run();
        let verdict = &objects(&verified.clone().exits(1, tamper).stdout)[0];
        let explanations = verdict["signature"]["explanations"].as_array().unwrap();
        assert!(explanations.iter().any(|it| it["code"] == code), "{tamper}: {verdict:#}");
        assert_masked(&verified);
    }
}

#[test]
fn check_and_simulate_work_at_each_place_and_mask_the_secret() {
    for signature in PLACES.into_iter().chain([NONE]) {
        let pack = Pack::new(signature);
        let practice = pack.run(&["practice", ":0", "-p", "acme", "--format", "json"]).start();
        let url = practice.url.clone();
        let check = ["check", &url, "-p", "acme", "-v", "--format", "json"];
        let checked = pack.run(&check).run();
        assert_masked(&checked);
        for case in objects(&checked.stdout).iter().filter(|it| it["kind"] == "case") {
            assert_ne!(case["outcome"], "fail", "{signature}: {case:#}");
        }
        assert_masked(&checked);
        let simulated = pack.run(&["simulate", "acme:lead.created", &url, "-vv"]).run();
        assert_masked(&simulated.exits(0, signature));
        drop(practice);
        let rejecting = Endpoint::new(&[500]);
        let failed = pack.run(&["check", &rejecting.target(), "-p", "acme", "-v"]).run();
        assert_masked(&failed);
    }
}

#[test]
fn a_redirect_that_repeats_the_query_is_shown_without_the_secret() {
    let pack = Pack::new(PLACES[2]);
    let location = format!("/{}?key={SECRET}", "a".repeat(245));
    for target in [format!("/hooks/?key={SECRET}"), location] {
        let redirect = format!(
            "HTTP/1.1 308 X\r\nLocation: {target}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{SECRET}",
            SECRET.len()
        );
        let endpoint = Endpoint::raw(vec![redirect]);
        let url = endpoint.target();
        let file = pack.capture(&[]);
        for args in [
            &["send", "acme:lead.created", &url, "-vv"][..],
            &["simulate", "acme:lead.created", &url, "--attempts", "1"],
            &["replay", file, "--to", &url, "-p", "acme"],
            &["check", &url, "-p", "acme", "--only", "event-lead-created,unknown-event", "-v"],
        ] {
            for format in ["human", "json"] {
                let outcome = pack.run(args).args(["--format", format]).run().exits(1, args[0]);
                assert_masked(&outcome);
                assert!(!outcome.stdout.contains(&SECRET[..6]), "{}", outcome.stdout);
                assert!(outcome.stdout.contains("308"), "{}", outcome.stdout);
            }
        }
    }
}

#[test]
fn reports_of_check_contain_no_secret() {
    for signature in PLACES {
        let pack = Pack::new(signature);
        let rejecting = Endpoint::new(&[500]);
        let forms = ["junit=r.xml", "html=r.html", "tap=r.tap", "json=r.json"];
        let reports = forms.iter().flat_map(|form| ["--report", form]);
        let check = ["check", &rejecting.target(), "-p", "acme", "--report", "github"];
        assert_masked(&pack.run(&check).args(reports).run().exits(1, signature));
        for name in ["r.xml", "r.html", "r.tap", "r.json"] {
            let report = fs::read_to_string(pack.folder.path().join(name)).unwrap();
            assert!(!report.contains(SECRET), "{name}: {report}");
        }
    }
}

#[test]
fn a_diff_masks_the_secret() {
    for signature in PLACES {
        let pack = Pack::new(signature);
        pack.capture(&["--seed", "1"]);
        let folder = pack.folder.path();
        fs::rename(folder.join("request.json"), folder.join("a.json")).unwrap();
        pack.capture(&["--seed", "2", "--tamper", "another-secret"]);
        let differs = pack.run(&["diff", "a.json", "request.json", "-p", "acme"]).run();
        assert_masked(&differs.exits(1, signature));
    }
}

#[test]
fn a_pack_of_the_folder_sends_the_secret_only_to_this_machine() {
    let pack = Pack::new(PLACES[0]);
    let config = "[providers]\nacme = \"acme\"\n";
    fs::write(pack.folder.path().join("leadhook.toml"), config).unwrap();
    for args in [
        &["send", "acme:lead.created", "http://192.0.2.1/"][..],
        &["send", "acme:lead.created", "http://192.0.2.1/", "--allow-remote"],
        &["check", "http://192.0.2.1/", "-p", "acme", "--allow-remote"],
        &["simulate", "acme:lead.created", "http://192.0.2.1/"],
    ] {
        let refused = pack.bare(args).env("LEADHOOK_ACME_SECRET", SECRET).run().exits(2, "remote");
        assert!(refused.stderr.contains("carry the secret"), "{}", refused.stderr);
    }
    let endpoint = Endpoint::new(&[200]);
    let sent = pack.bare(&["send", "acme:lead.created", &endpoint.target()]);
    sent.env("LEADHOOK_ACME_SECRET", SECRET).run().exits(0, "this machine");
}

#[test]
fn invalid_keys_are_reported_with_file_and_line() {
    for (signature, expected) in [
        ("scheme = \"shared-secret\"\n", "expected exactly one of `header`, `query` and `field`"),
        ("scheme = \"shared-secret\"\nheader = \"A\"\nquery = \"b\"\n", "2 places of the secret"),
        ("scheme = \"shared-secret\"\nfield = \"key\"\n", "expected a JSON Pointer"),
        ("scheme = \"shared-secret\"\nheader = \"A B\"\n", "expected the name of a header"),
        (
            "scheme = \"shared-secret\"\nheader = \"A\"\nover = \"raw-body\"\n",
            "unknown field `over`",
        ),
        ("scheme = \"none\"\nheader = \"A\"\n", "unknown field `header`"),
    ] {
        let pack = Pack::new(signature);
        let rejected =
            pack.run(&["send", "acme:lead.created", "--dry-run"]).run().exits(3, signature);
        assert!(rejected.stderr.contains(expected), "{}", rejected.stderr);
        assert!(rejected.stderr.contains("provider.toml"), "{}", rejected.stderr);
        assert!(rejected.stderr.contains("line "), "{}", rejected.stderr);
    }
}

#[test]
fn a_pack_of_generic_headers_must_be_named() {
    let pack = Pack::new(&SIGNED.replace("X-Acme-Signature", "X-Signature"));
    let path = pack.folder.path().join("acme/provider.toml");
    let text = fs::read_to_string(&path).unwrap();
    let text = text.replace("headers = [\"X-Acme-Delivery\"]", "headers = [\"X-Signature\"]");
    fs::write(&path, &text).unwrap();
    let checked = pack.bare(&["events", "check-pack", "acme"]).run().exits(1, "generic");
    let printed = format!("{}{}", checked.stdout, checked.stderr);
    assert!(printed.contains("only-if-named = true"), "{printed}");
    fs::write(&path, text.replace("[recognise]\n", "[recognise]\nonly-if-named = true\n")).unwrap();
    pack.bare(&["events", "check-pack", "acme"]).run().exits(0, "named");
}
