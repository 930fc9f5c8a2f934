//! Text output of `listen`, including that of hostile deliveries.

use crate::listen::{SECRET, listen_as_text};
use crate::support::{address_of, objects, send};
use crate::wire::{exchange, post};

const COLUMNS: usize = 80;

#[test]
fn the_lines_of_a_delivery_name_sender_event_and_verdict() {
    let outcome =
        listen_as_text(&["--count", "2", "--save", "caps", "--secret", "s3cret"], |url| {
            let who = [
                "--set",
                "first_name=Jack",
                "--set",
                "last_name=Johnson",
                "--set",
                "email=jack@example.com",
            ];
            send(
                "created",
                url,
                &[&SECRET[..], &who, &["--message-id", "7ca66bef-c704-47f2-b46e-0638291bae85"]]
                    .concat(),
            );
            send(
                "created",
                url,
                &[&SECRET[..], &who, &["--message-id", "7ca66bef-c704-47f2-b46e-0638291bae85"]]
                    .concat(),
            );
        });
    assert_eq!(outcome.exit, 0, "{outcome:?}");
    for part in [
        "listening on http://127.0.0.1:",
        "saving to caps",
        "realgeeks created   Jack Johnson jack@example.com",
        "signature valid   payload valid   200",
        "7ca66bef again, attempt 2 after ",
        "#2\n",
        "2 requests: 2 valid, 1 repeat; 2 saved in caps\n",
    ] {
        assert!(outcome.stdout.contains(part), "{part:?} in {}", outcome.stdout);
    }
}

#[test]
fn the_operator_sees_why_a_signature_is_invalid_and_the_fix() {
    let outcome = listen_as_text(&["--count", "1", "--secret", "s3cret"], |url| {
        send("created", url, &["--secret", "s3cret\n"]);
    });
    for part in [
        "signature INVALID   payload unchecked   401",
        "It verifies if the secret ends in a newline.",
        "fix: strip the secret on the signing side",
    ] {
        assert!(outcome.stdout.contains(part), "{part:?} in {}", outcome.stdout);
    }
    assert!(outcome.stdout.lines().all(|line| line.chars().count() < COLUMNS), "{outcome:?}");
}

#[test]
fn the_reason_of_a_rejection_is_shown_to_the_operator() {
    let outcome = listen_as_text(&["--count", "1", "--secret", "s3cret"], |url| {
        send("created", url, &["--secret", "wrong"]);
    });
    assert!(
        outcome.stdout.contains("signature INVALID   payload unchecked   401"),
        "{}",
        outcome.stdout
    );
    let output = outcome.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(output.contains("No explanation found ("), "{output}");
}

#[test]
fn no_line_is_wider_than_the_terminal_even_with_long_names() {
    let long = "Bartholomew".repeat(20);
    let wide = "\u{6f22}".repeat(120);
    let email = format!("email={long}@example.com");
    let kind = format!("activities[1].type={long}");
    let foreign = format!("{long}=1");
    let outcome = listen_as_text(&["--count", "7", "--secret", "s3cret"], |url| {
        send(
            "created",
            url,
            &[&SECRET[..], &["--set", &format!("first_name={long}"), "--set", &email]].concat(),
        );
        send("created", url, &[&SECRET[..], &["--set", &format!("first_name={wide}")]].concat());
        send(
            "created",
            url,
            &[&SECRET[..], &["--unset", "id", "--set", &kind, "--add", &foreign]].concat(),
        );
        send("created", url, &["--message-id", &long, "--secret", "s3cret"]);
        send("created", url, &["--message-id", &long, "--secret", "s3cret"]);
        send("leadpro:lead.created", url, &[&SECRET[..], &["--add", &foreign]].concat());
        exchange(address_of(url), &post(&[("X-Lead-Router-Action", &long)], b"{}")).unwrap();
    });
    assert_eq!(
        outcome.stdout.lines().filter(|line| line.contains("  signature ")).count(),
        7,
        "{}",
        outcome.stdout
    );
    for line in outcome.stdout.lines() {
        let width: usize = line.chars().map(|c| if c == '\u{6f22}' { 2 } else { 1 }).sum();
        assert!(width <= COLUMNS, "{width} columns: {line}");
    }
}

#[test]
fn redact_hides_the_person_with_any_other_option() {
    let who = ["--set", "first_name=Zebulon", "--set", "email=zeb@example.com"];
    for (more, shown) in [(&[][..], true), (&["--redact"], false), (&["--redact", "-vv"], false)] {
        let args = [&["--count", "1", "--secret", "s3cret"], more].concat();
        let outcome = listen_as_text(&args, |url| {
            send("created", url, &[&SECRET[..], &who].concat());
        });
        assert!(outcome.stdout.contains("signature valid"), "{more:?}: {}", outcome.stdout);
        for part in ["Zebulon", "zeb@example.com"] {
            assert_eq!(
                outcome.stdout.contains(part),
                shown,
                "{more:?}, {part}: {}",
                outcome.stdout
            );
        }
    }
    // The claims of a token are the payload in another encoding.
    for (more, shown) in [(&["-v"][..], true), (&["-v", "--redact"], false)] {
        let args = [&["--count", "1", "--secret", "s3cret"], more].concat();
        let outcome = listen_as_text(&args, |url| {
            send("leadpro:lead.created", url, &SECRET);
        });
        assert_eq!(
            outcome.stdout.contains("Authorization: eyJ"),
            shown,
            "{more:?}: {}",
            outcome.stdout
        );
    }
}

#[test]
fn headers_are_shown_at_one_v_and_the_body_at_two() {
    for (verbose, headers, body) in
        [(None, false, false), (Some("-v"), true, false), (Some("-vv"), true, true)]
    {
        let args: Vec<_> =
            ["--count", "1", "--secret", "s3cret"].into_iter().chain(verbose).collect();
        let outcome = listen_as_text(&args, |url| {
            send("created", url, &SECRET);
        });
        assert_eq!(
            outcome.stdout.contains("X-Lead-Router-Signature: "),
            headers,
            "{verbose:?}: {}",
            outcome.stdout
        );
        assert_eq!(
            outcome.stdout.contains("\"site_domain\": "),
            body,
            "{verbose:?}: {}",
            outcome.stdout
        );
    }
}

/// Bytes that would drive a terminal, or a CI system that reads the log.
const DANGERS: [&str; 7] = ["\u{1b}", "\u{9b}", "\u{7}", "\u{8}", "\u{202e}", "\u{0}", "\r"];

#[test]
fn nothing_from_a_sender_reaches_the_terminal_raw() {
    let args = ["--count", "4", "-vv", "--unverified", "warn", "--secret", "s3cret"];
    let hostile = "\u{9b}2J\u{202e}evil";
    let outcome = listen_as_text(&args, |url| {
        let target = address_of(url);
        let wrong = format!("GET /\u{9b}2J{hostile} HTTP/1.1\r\nHost: x\r\n\r\n");
        exchange(target, wrong.as_bytes());
        let action = ("X-Lead-Router-Action", "created");
        let id = ("X-Lead-Router-Message-Id", hostile);
        exchange(
            target,
            &post(
                &[action, id, ("X-Evil", hostile)],
                "\u{1b}]0;t\u{7}\u{9b}\r\n::error::x\n\u{0}".as_bytes(),
            ),
        )
        .unwrap();
        exchange(target, &post(&[action, id, ("X-Raw", "y")], b"\x9b2J\x1b[31m\xff")).unwrap();
        exchange(
            target,
            &post(
                &[("X-Lead-Router-Action", hostile)],
                format!("{{\"\u{202e}\\u001b[2J\": \"\\u001b]52;c;x\\u0007{hostile}\"}}")
                    .as_bytes(),
            ),
        )
        .unwrap();
        let person =
            format!("{{\"first_name\":\"\\u001b[2J{hostile}\\n::error::\",\"email\":\"\\u0007\"}}");
        exchange(target, &post(&[action], person.as_bytes())).unwrap();
    });
    assert!(outcome.stdout.contains("X-Evil: "), "{}", outcome.stdout);
    for (stream, text) in [("stdout", &outcome.stdout), ("stderr", &outcome.stderr)] {
        for danger in DANGERS {
            assert!(!text.contains(danger), "{danger:?} on {stream}: {text:?}");
        }
        for line in text.lines() {
            let line = line.trim_start();
            assert!(
                !line.starts_with("::") && !line.starts_with("##"),
                "a command for a CI system on {stream}: {line:?}"
            );
        }
    }
}

#[test]
fn every_json_line_is_valid_for_any_sender_input() {
    let args = ["--format", "json", "--count", "4", "--unverified", "warn", "--secret", "s3cret"];
    let outcome = listen_as_text(&args, |url| {
        for (id, body) in [
            ("\u{9b}2J\"\\", &b"\x1b\n{}\n"[..]),
            ("\u{202e}", b"\xff\xfe"),
            ("{}", b"\"\\ud800\""),
            ("", b"{\"a\":1e999}"),
        ] {
            let headers =
                [("X-Lead-Router-Action", "created\u{2028}"), ("X-Lead-Router-Message-Id", id)];
            exchange(address_of(url), &post(&headers, body)).unwrap();
        }
    });
    let kinds: Vec<_> = objects(&outcome.stdout)
        .iter()
        .map(|object| object["kind"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        kinds,
        ["ready", "request", "request", "request", "request", "stopped"],
        "{}",
        outcome.stdout
    );
    assert!(!outcome.stdout.contains('\u{1b}'), "{:?}", outcome.stdout);
}

#[test]
fn colour_is_only_used_on_request() {
    for (args, painted) in
        [(&[][..], false), (&["--color", "always"], true), (&["--color", "never"], false)]
    {
        let args = [&["--count", "1", "--secret", "s3cret"], args].concat();
        let outcome = listen_as_text(&args, |url| {
            send("created", url, &SECRET);
        });
        assert_eq!(outcome.stdout.contains('\u{1b}'), painted, "{args:?}: {:?}", outcome.stdout);
    }
    let outcome = leadhook!("listen :0 --timeout 10ms").env("CLICOLOR_FORCE", "1").run();
    assert!(outcome.stdout.contains('\u{1b}'), "{:?}", outcome.stdout);
}
