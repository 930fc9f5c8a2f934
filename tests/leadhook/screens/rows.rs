//! The screens.

use super::{INTERRUPTED, Screen, Server};

/// A capture of `listen --save-body none`.
const UNSAVED: &str = r#"{"schema_version":1,"kind":"capture","received_at":"2026-01-02T03:04:05Z","remote":null,"method":"POST","target":"/","http_version":"HTTP/1.1","headers":[["X-Lead-Router-Action","created"],["X-Lead-Router-Message-Id","m-1"],["X-Lead-Router-Signature","00"]],"body":"","body_saved":"none"}"#;

/// A lead of Real Geeks that was signed with `s3cret`, as `listen --save` keeps it.
const GOOD: (&str, &str) =
    ("good.json", include_str!("../../corpus/verify/valid/capture-realgeeks.json"));

/// The same capture with a newline added to its body.
const NEWLINE: (&str, &str) =
    ("newline.json", include_str!("../../corpus/verify/body/final-newline-added.json"));

/// A capture whose invalid signature has no explanation.
const UNEXPLAINED: (&str, &str) =
    ("unexplained.json", include_str!("../../corpus/verify/fact/none-holds-changed.json"));

/// A token that was signed with `s3cret` and expires five minutes after the time of the screens.
const TOKEN: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJldmVudCI6ImxlYWQuY3JlYXRlZCIsImRhdGEiOnsiZmlyc3RfbmFtZSI6IkthbGVhIiwibGFzdF9uYW1lIjoiVW5kZXJoaWxsIiwibWVzc2FnZSI6IldlIHdvdWxkIGxpa2UgdG8gc2VsbCA1MzggTGFya3NwdXIgR2FyZGVucyBiZWZvcmUgdGhlIHN1bW1lci4gUGxlYXNlIGNhbGwgaW4gdGhlIG1vcm5pbmcuIn0sImlhdCI6MTc2NzMyMzA0NSwiZXhwIjoxNzY3MzIzOTQ1fQ.SBQYVizc97m7pLdP9wAejLhk6oFaZgIv1PqpOAy91sA";

/// A token with a header that receivers must not trust, and with times in other units.
const UNSIGNED_TOKEN: &str = "eyJhbGciOiJub25lIiwiY3JpdCI6WyJleHAiXSwiemlwIjoiREVGIn0.eyJldmVudCI6ImxlYWQuY3JlYXRlZCIsImlhdCI6MTc2NzMyMzA0NTAwMCwiZXhwIjoiMTc2NzMyMzk0NSIsImV4cCI6IjE3NjczMjM5NDYifQ.";

const DECODE: &str = "decode - --now @1767323645";
const DECODE_COLOURED: &str = "decode - --now @1767323645 --color always";

/// A signature header with a timestamp and two digests.
const SIGNATURE_LIST: &str = "decode 'X-Acme-Signature: t=1767323345,v1=5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd,v0=6ffbb59b2300aae63f272406069a9788598b792a944a07aba816edb039989a39' --now @1767323645";

/// The lead of [`GOOD`], printed again by PHP.
const PHP: (&str, &str) = (
    "php.http",
    "POST /hooks HTTP/1.1\nHost: hooks.example.com\n\n{\"id\":\"20738\",\"role\":\"Agent\",\"admin\":false,\"name\":\"Zo\\u00eb O'Brien\",\"email\":\"corinne.halloway@example.com\",\"signature\":\"Corinne Halloway\\nWindward Shore Realty\\n808-555-0119\",\"phone_company\":\"808-555-0100\",\"phone_office\":\"808-555-0104\",\"phone_cell\":\"808-555-0119\",\"phone_home\":\"808-555-0188\"}",
);

const DIFF: &str = "diff good.json php.http --body-only";
const DIFF_COLOURED: &str = "diff good.json php.http --body-only --color always";

/// Two requests that differ in every part.
const LEFT: (&str, &str) = (
    "left.http",
    "POST /hooks HTTP/1.1\nHost: a.example\nX-Id: 1\nX-Old: yes\n\n\
     {\"id\":9007199254740993,\"name\":\"Jo Ann\",\"email\":\"jo@example.com\"}",
);
const RIGHT: (&str, &str) = (
    "right.http",
    "PUT /hooks?retry=1 HTTP/1.1\nHost: a.example\nX-Id: 2\nX-New: yes\n\n\
     {\"id\":9007199254740992,\"name\":\"Jo\u{a0}Ann\",\"tags\":[]}",
);

/// A custom retry schedule.
const POLICY: (&str, &str) =
    ("ours.toml", "[retry]\nwaits = [\"1m\", \"5m\", \"30m\"]\nsuccess = [\"2xx\"]\n");

/// An invalid payload.
const FAULTY: (&str, &str) = ("lead.json", r#"{"id": 7, "email": "jo", "colour": "red"}"#);

/// A configuration.
const CONFIG: (&str, &str) =
    ("leadhook.toml", "target = \"http://127.0.0.1:8080/hooks\"\ntimeout = \"5s\"\n");

const PRACTICE: Server = Server::Practice("--secret s3cret");

/// The defaults of a screen: 80 columns, no files, nothing listening.
const fn screen(name: &'static str, exit: i32, line: &'static str) -> Screen {
    Screen {
        name,
        exit,
        line,
        columns: 80,
        files: &[],
        stdin: "",
        before: &[],
        endpoint: Server::Unused,
        visits: &[],
        lines: 200,
    }
}

/// Every screen, by command.
pub(super) const SCREENS: &[Screen] = &[
    Screen { columns: 60, ..screen("help-60", 0, "--help") },
    Screen { columns: 120, ..screen("help-120", 0, "--help") },
    screen("help-short", 0, "-h --color always"),
    screen("help-version", 0, "--version"),
    screen("help-no-command", 2, ""),
    screen("help-unknown-command", 2, "snd --color always"),
    screen("help-unknown-command-json", 2, "--format json snd"),
    screen("help-of-sign", 0, "help sign"),
    screen("help-of-nothing", 2, "help nothing"),
    Screen {
        endpoint: PRACTICE,
        ..screen(
            "send-delivered",
            0,
            "send created :3000 --secret s3cret --seed 7 --now @1767323045 --message-id 1 --color always",
        )
    },
    Screen {
        endpoint: PRACTICE,
        ..screen(
            "send-refused",
            1,
            "send created :3000 --secret other --seed 7 --now @1767323045 --message-id 1 --color always",
        )
    },
    Screen {
        endpoint: PRACTICE,
        ..screen(
            "send-verbose",
            0,
            "send test :3000 --secret s3cret --now @1767323045 --message-id evt_1 -vv",
        )
    },
    Screen {
        endpoint: PRACTICE,
        ..screen(
            "send-json",
            0,
            "send created :3000/hooks --secret s3cret --seed 7 --message-id 1 --now @1767323045 --format json",
        )
    },
    Screen {
        endpoint: Server::Responds(&[406]),
        ..screen(
            "send-expected",
            0,
            "send test :3000 --unsigned --expect 406 --now @1767323045 --message-id evt_1",
        )
    },
    Screen {
        endpoint: Server::Dead,
        ..screen(
            "send-unreachable",
            4,
            "send created :3000 --secret s3cret --seed 7 --now @1767323045 --message-id 1 --color always",
        )
    },
    screen("send-unknown-event", 2, "send creatd --color always"),
    screen("send-no-secret", 2, "send leadpro:lead.created"),
    screen(
        "send-unknown-path",
        2,
        "send created --secret s3cret --dry-run --set emial=jo@example.com",
    ),
    screen(
        "send-dry-run",
        0,
        "send test --secret s3cret --dry-run --now @1767323045 --message-id evt_1",
    ),
    screen(
        "send-dry-run-curl",
        0,
        "send test --secret s3cret --dry-run --now @1767323045 --message-id evt_1 --print curl",
    ),
    Screen { columns: 60, ..screen("send-help-60", 0, "send -h") },
    screen("send-help-80", 0, "send --help"),
    Screen { columns: 120, ..screen("send-help-120", 0, "send -h --color always") },
    Screen {
        stdin: r#"{"test":"data"}"#,
        ..screen("sign", 0, "sign - -p realgeeks --secret your_secret --now @0")
    },
    Screen {
        stdin: r#"{"leadId":1}"#,
        ..screen(
            "sign-json",
            0,
            "sign - -p leadpro --secret your_secret --now @1767323045 --format json",
        )
    },
    screen("sign-no-file", 3, "sign lead.json -p realgeeks --secret s3cret --color never"),
    Screen {
        files: &[GOOD],
        ..screen("verify-valid", 0, "verify good.json --secret s3cret --color always")
    },
    Screen {
        files: &[NEWLINE],
        ..screen("verify-explained", 1, "verify newline.json --secret s3cret --color always")
    },
    Screen {
        files: &[NEWLINE],
        columns: 60,
        ..screen("verify-explained-60", 1, "verify newline.json --secret s3cret")
    },
    Screen {
        files: &[UNEXPLAINED],
        ..screen("verify-unexplained", 1, "verify unexplained.json --secret s3cret --color never")
    },
    Screen {
        files: &[GOOD, NEWLINE, UNEXPLAINED],
        columns: 120,
        ..screen(
            "verify-several",
            1,
            "verify good.json newline.json unexplained.json --secret s3cret",
        )
    },
    Screen {
        files: &[NEWLINE],
        ..screen("verify-json", 1, "verify newline.json --secret s3cret --format json")
    },
    Screen { files: &[GOOD], ..screen("verify-unchecked", 5, "verify good.json --color always") },
    Screen {
        files: &[FAULTY],
        ..screen(
            "verify-payload",
            1,
            "verify --body lead.json -H 'X-Lead-Router-Action: created' -v --color always",
        )
    },
    Screen {
        files: &[GOOD, ("notes.txt", "call Jo\n")],
        ..screen("verify-unreadable", 3, "verify good.json notes.txt nowhere.json --secret s3cret")
    },
    screen("decode-help", 0, "decode --help"),
    Screen { stdin: TOKEN, columns: 60, ..screen("decode-60", 0, DECODE) },
    Screen { stdin: TOKEN, ..screen("decode", 0, DECODE_COLOURED) },
    Screen { stdin: TOKEN, columns: 120, ..screen("decode-120", 0, DECODE) },
    Screen {
        stdin: TOKEN,
        ..screen("decode-verified", 0, "decode - --secret s3cret --now @1767323645")
    },
    Screen {
        stdin: TOKEN,
        ..screen(
            "decode-wrong-secret",
            1,
            "decode - --secret other --now @1767323645 --format json",
        )
    },
    Screen {
        stdin: UNSIGNED_TOKEN,
        ..screen("decode-notes", 0, "decode - --now @1767323645 --color always")
    },
    screen("decode-signature", 0, SIGNATURE_LIST),
    Screen { files: &[GOOD], ..screen("decode-request", 0, "decode good.json --secret s3cret") },
    Screen { stdin: "hello", ..screen("decode-unreadable", 3, "decode -") },
    screen("diff-help", 0, "diff --help"),
    Screen { files: &[GOOD, PHP], columns: 60, ..screen("diff-60", 1, DIFF) },
    Screen { files: &[GOOD, PHP], ..screen("diff", 1, DIFF_COLOURED) },
    Screen { files: &[GOOD, PHP], columns: 120, ..screen("diff-120", 1, DIFF) },
    Screen { files: &[GOOD, NEWLINE], ..screen("diff-newline", 1, "diff good.json newline.json") },
    Screen { files: &[GOOD], ..screen("diff-same", 0, "diff good.json good.json") },
    Screen {
        files: &[LEFT, RIGHT],
        ..screen("diff-values", 1, "diff left.http right.http --color always")
    },
    Screen {
        files: &[LEFT, RIGHT],
        ..screen("diff-json", 1, "diff left.http right.http --format json")
    },
    Screen {
        files: &[GOOD],
        before: &["convert good.json good.json --print json > caps.jsonl"],
        ..screen("diff-several", 3, "diff caps.jsonl good.json")
    },
    Screen {
        stdin: "curl https://example.com/hooks -H 'X-Id: 1' --json '{}'",
        ..screen("convert", 0, "convert - --print http")
    },
    Screen {
        stdin: "curl https://example.com/hooks -H 'X-Id: 1' --json '{}'",
        ..screen("convert-json", 0, "convert - --print json --format json")
    },
    Screen {
        stdin: "hello",
        ..screen("convert-unreadable", 3, "convert - --print http --color always")
    },
    Screen {
        visits: &[
            "send created :9090 --secret s3cret --seed 7 --message-id 1",
            "send activity_added :9090 --secret s3cret --seed 8 --message-id 2",
            "send created :9090 --secret s3cret --seed 9 --message-id 3 --tamper base64",
            "send leadpro:lead.created :9090 --secret s3cret --seed 10 --unset data.email",
        ],
        ..screen("listen", 1, "listen :9090 --secret s3cret --count 4 --color always")
    },
    Screen {
        visits: &["send created :9090 --secret s3cret --seed 7 --message-id 1"],
        endpoint: Server::Responds(&[503]),
        ..screen(
            "listen-forward",
            0,
            "listen :9090 --secret s3cret --count 1 --save caps.jsonl --forward :3000",
        )
    },
    Screen {
        visits: &["send created :9090 --secret s3cret --seed 7 --message-id 1"],
        ..screen("listen-interrupted", INTERRUPTED, "listen :9090 --secret s3cret --redact")
    },
    Screen {
        endpoint: Server::Responds(&[200]),
        ..screen("listen-taken", 4, "listen :3000 --color always")
    },
    Screen {
        endpoint: Server::Responds(&[200]),
        ..screen("health", 0, "health :3000 --color always")
    },
    Screen { endpoint: Server::Responds(&[503]), ..screen("health-not-ready", 1, "health :3000") },
    Screen {
        files: &[("caps.jsonl", UNSAVED)],
        ..screen("verify-unsaved-body", 5, "verify caps.jsonl --secret s3cret")
    },
    Screen { columns: 60, ..screen("simulate", 0, "simulate created") },
    Screen {
        files: &[POLICY],
        ..screen(
            "simulate-outage",
            1,
            "simulate created --policy ours.toml --outage 30m..3h --events 120/h --for 24h --arrivals even --color always",
        )
    },
    screen(
        "simulate-sweep",
        1,
        "simulate created --events 60/h --arrivals even --sweep 10m,1h,8h,12h",
    ),
    screen("simulate-json", 0, "simulate realtorbot:lead.created --format json"),
    Screen {
        endpoint: Server::Responds(&[503, 503, 200]),
        ..screen(
            "simulate-delivered",
            0,
            "simulate created :3000 --secret s3cret --seed 7 --now @1767323045 --message-id 1 --color always",
        )
    },
    Screen {
        endpoint: Server::Responds(&[500]),
        ..screen(
            "simulate-lost",
            1,
            "simulate realtorbot:lead.created :3000 --secret s3cret --seed 7 --now @1767323045 --message-id evt_1 --color always",
        )
    },
    screen("simulate-no-policy", 3, "simulate created --policy ours.toml"),
    Screen {
        endpoint: Server::Practice("--secret s3cret"),
        ..screen(
            "check-passed",
            0,
            "check :3000 --secret s3cret --probe-url :3000/count --skip timing --seed 7 --color always",
        )
    },
    Screen {
        endpoint: Server::Practice("-p realtorbot --secret s3cret --fault no-dedupe"),
        ..screen(
            "check-failed",
            1,
            "check :3000 -p realtorbot --secret s3cret --probe-url :3000/count --only repeat,not-json --settle 0 --seed 7 --now @1767323045 --color always",
        )
    },
    screen("check-list", 0, "check --list"),
    Screen {
        endpoint: Server::Dead,
        ..screen("check-unreachable", 4, "check :3000 --secret s3cret")
    },
    Screen {
        files: &[GOOD],
        endpoint: PRACTICE,
        ..screen("replay-delivered", 0, "replay good.json --to :3000 --color always")
    },
    Screen {
        files: &[GOOD, NEWLINE],
        before: &["replay good.json newline.json --to :3000 --format json > before.jsonl"],
        endpoint: Server::Responds(&[200, 500, 500, 500]),
        columns: 120,
        ..screen(
            "replay-regressed",
            1,
            "replay good.json newline.json --to :3000 --baseline before.jsonl --color always",
        )
    },
    Screen {
        files: &[GOOD],
        endpoint: Server::Dead,
        ..screen("replay-unreachable", 4, "replay good.json --to :3000")
    },
    Screen {
        files: &[GOOD],
        endpoint: Server::Dead,
        ..screen("replay-not-opened", 3, "replay good.json missing.json --to :3000")
    },
    Screen {
        files: &[GOOD],
        ..screen(
            "replay-dry-run",
            0,
            "replay good.json --to :3000 --dry-run --resign --secret s3cret --set email=jo@example.com --color always",
        )
    },
    Screen {
        visits: &[
            "send created :9090 --secret s3cret --seed 7",
            "send created :9090 --secret other --seed 7",
        ],
        ..screen(
            "practice",
            INTERRUPTED,
            "practice :9090 --secret s3cret --fault no-dedupe --color always",
        )
    },
    screen("practice-faults", 0, "practice --list-faults"),
    screen("practice-unknown-fault", 2, "practice --fault no-dedup"),
    screen("events", 0, "events --color always"),
    screen("events-list", 0, "events list -p realtorbot -v --color never"),
    screen("events-show", 0, "events show test"),
    screen("events-show-unknown", 2, "events show lead.create"),
    screen("events-schema", 0, "events schema test"),
    Screen {
        files: &[FAULTY],
        ..screen("events-check", 1, "events check lead.json --event created --color always")
    },
    screen("events-new", 0, "events new providers/acme"),
    Screen { before: &["events new acme"], ..screen("events-new-again", 3, "events new acme") },
    Screen {
        before: &["events new acme"],
        ..screen("events-check-pack", 0, "events check-pack acme --color always")
    },
    screen("events-check-pack-nowhere", 3, "events check-pack nowhere"),
    screen("events-help", 0, "events help show"),
    Screen { lines: 14, columns: 60, ..screen("docs", 0, "docs leadpro lead.created") },
    screen("docs-unknown", 2, "docs leedpro"),
    Screen {
        endpoint: Server::Responds(&[200]),
        ..screen("doctor", 0, "doctor :3000 --secret s3cret --color always")
    },
    Screen {
        files: &[("leadhook.toml", "secret = 7\n")],
        endpoint: Server::Dead,
        ..screen("doctor-problems", 1, "doctor :3000")
    },
    Screen { files: &[CONFIG], ..screen("config-show", 0, "config show --color always") },
    screen("config-unknown-profile", 2, "config show --profile staging"),
    screen("config-init", 0, "config init"),
    Screen { files: &[CONFIG], ..screen("config-init-again", 3, "config init --color never") },
    screen("config-help", 0, "config help init"),
    screen("demo", 0, "demo --color always"),
    screen("demo-usage", 2, "demo quickly"),
    Screen { lines: 8, ..screen("completions", 0, "completions fish") },
    screen("completions-unknown-shell", 2, "completions tcsh"),
    Screen { lines: 12, ..screen("man", 0, "man") },
    screen("man-usage", 2, "man sent"),
];
