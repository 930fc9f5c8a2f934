//! `--save`: every byte, under generated names, readable by the owner only.

use crate::listen::{SECRET, listen, next_saved};
use crate::support::{PATIENCE, captures, eventually, keys, objects, send, skipped};
use crate::wire::{exchange, genuine, post, read_reply};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::io::{BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Mutex;

fn capture(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

#[test]
fn header_names_keep_their_case_their_order_and_their_duplicates() {
    let mut listener = listen(&["--save", "caps"]);
    let headers = [
        ("X-LEAD-router-Action", "created"),
        ("x-Twice", "one"),
        ("Accept", "*/*"),
        ("X-TWICE", "two"),
        ("x-twice", ""),
        ("X-Latin", "caf\u{e9}"),
        ("x-Odd~Name!", "a  b\tc"),
    ];
    exchange(listener.address(), &post(&headers, b"{\"a\" : 1}\r\n")).unwrap();
    let saved = capture(&next_saved(&mut listener));
    let framing = [("Host", "x"), ("Content-Length", "11")];
    let expected: Vec<_> =
        framing.into_iter().chain(headers).map(|(name, value)| json!([name, value])).collect();
    assert_eq!(saved["headers"], Value::from(expected));
    assert_eq!(
        (&saved["kind"], &saved["method"], &saved["target"]),
        (&"capture".into(), &"POST".into(), &"/".into())
    );
    assert_eq!(
        (&saved["http_version"], &saved["body"]),
        (&"HTTP/1.1".into(), &"{\"a\" : 1}\r\n".into())
    );
    let documented = [
        "schema_version",
        "kind",
        "received_at",
        "remote",
        "method",
        "target",
        "http_version",
        "headers",
        "body",
    ];
    assert_eq!(keys(&saved), documented);
}

#[test]
fn all_bodies_are_saved_byte_for_byte() {
    let mut listener = listen(&["--save", "caps"]);
    for body in [
        &b""[..],
        b"\xef\xbb\xbf{}\n",
        b"{\"a\":1.0}\r\n\0",
        b"\xff\xfe\x80\x1b",
        "\u{202e}é".as_bytes(),
    ] {
        exchange(listener.address(), &post(&[("X-Lead-Router-Action", "created")], body)).unwrap();
        let saved = capture(&next_saved(&mut listener));
        match saved["body"].as_str() {
            Some(text) => assert_eq!(text.as_bytes(), body),
            None => assert_eq!(saved["body_base64"], "//6AGw==", "{body:?}: {saved}"),
        }
        assert_eq!(saved.get("body").is_some(), std::str::from_utf8(body).is_ok(), "{body:?}");
    }
}

#[test]
fn senders_cannot_influence_file_names() {
    let mut listener = listen(&["--save", "deep/caps"]);
    let hostile = [
        "../../x",
        "/etc/passwd",
        "..\\x",
        "-rf",
        "CON",
        "a:b",
        "",
        "%2e%2e%2fx",
        "*",
        "x\u{202e}y",
    ];
    for id in hostile {
        let headers = [("X-Lead-Router-Action", id), ("X-Lead-Router-Message-Id", id)];
        let request = post(&headers, b"{}")
            .replace_target(&format!("/../{}", id.trim_matches(['\u{202e}', '\\', '*'])));
        // A request target that is not a URI is rejected, so it cannot name a file either.
        exchange(listener.address(), &request).unwrap();
    }
    exchange(listener.address(), &genuine("created", &[])).unwrap();
    let last = std::iter::repeat_with(|| listener.next())
        .find(|request| request["signature"]["status"] == "valid")
        .unwrap();
    let dir = listener.dir().to_owned();
    let listed = |path: &Path| -> Vec<_> {
        captures(path).into_iter().map(|path| path.file_name().unwrap().to_owned()).collect()
    };
    assert_eq!(listed(&dir), ["deep"]);
    assert_eq!(listed(&dir.join("deep")), ["caps"]);
    let names = captures(&dir.join("deep/caps"));
    assert_eq!(Value::from(names.len()), last["seq"], "one file a request");
    for path in names {
        let name = path.file_name().unwrap().to_str().unwrap();
        let plain = name.strip_suffix(".json").unwrap();
        assert!(plain.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'), "{name}");
        assert!(fs::symlink_metadata(&path).unwrap().is_file(), "{name}");
    }
}

trait ReplaceTarget {
    fn replace_target(self, target: &str) -> Self;
}

impl ReplaceTarget for Vec<u8> {
    fn replace_target(self, target: &str) -> Self {
        let rest = self.strip_prefix(b"POST / ").unwrap();
        [b"POST ", target.as_bytes(), b" ", rest].concat()
    }
}

#[cfg(unix)]
#[test]
fn captures_are_readable_by_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    for (save, file) in [("caps", None), ("all.jsonl", Some("all.jsonl"))] {
        let mut listener = listen(&["--save", save]);
        send("created", &listener.url, &SECRET);
        listener.next();
        let path = file.map_or_else(
            || captures(&listener.dir().join(save)).remove(0),
            |name| listener.dir().join(name),
        );
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600, "{save}");
        if file.is_none() {
            assert_eq!(mode(&listener.dir().join(save)), 0o700, "the folder that it created");
        }
    }
}

#[test]
fn a_jsonl_file_gets_one_capture_per_line_and_is_appended_to() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("all.jsonl");
    let save = path.to_str().unwrap();
    for round in 1..=2 {
        let mut listener = listen(&["--save", save]);
        for event in ["created", "leadpro:lead.created"] {
            let (exit, _) = send(event, &listener.url, &SECRET);
            assert_eq!(exit, 0, "{event}, round {round}");
            assert_eq!(listener.next()["saved"], save, "{event}, round {round}");
        }
        listener.signal("TERM");
        assert_eq!(listener.wait().0, 143, "round {round}");
    }
    let lines = objects(&fs::read_to_string(&path).unwrap());
    assert_eq!(lines.len(), 4);
    assert!(lines.iter().all(|line| line["kind"] == "capture"), "{lines:?}");
    let outcome = leadhook!("verify {} --secret s3cret", save).run();
    assert_eq!(outcome.exit, 0, "{}{}", outcome.stdout, outcome.stderr);
}

#[test]
fn an_invalid_save_path_fails_before_anything_is_received() {
    for save in ["taken", "taken/below", "taken.jsonl/below"] {
        let run = leadhook!("listen :0 --timeout 60s --save {}", save);
        let outcome = run.file("taken", "mine").file("taken.jsonl", "mine").run();
        assert_eq!(outcome.exit, 3, "{save}: {}", outcome.stderr);
        assert!(outcome.stderr.contains(save) && outcome.stdout.is_empty(), "{save}: {outcome:?}");
    }
}

#[cfg(unix)]
#[test]
fn an_unwritable_folder_fails_before_anything_is_received() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o500)).unwrap();
    if fs::write(folder.path().join("probe"), "").is_ok() {
        return skipped("an_unwritable_folder", "this user may write everywhere");
    }
    let save = folder.path().to_str().unwrap();
    for save in [save.to_owned(), format!("{save}/all.jsonl"), format!("{save}/new")] {
        let outcome = leadhook!("listen :0 --timeout 60s --save {}", save).run();
        assert_eq!(outcome.exit, 3, "{save}: {}", outcome.stderr);
        assert!(outcome.stderr.contains(&save), "{save}: {}", outcome.stderr);
    }
}

#[test]
fn captures_are_saved_before_the_response_even_if_rejected() {
    let listener = listen(&["--save", "caps"]);
    for (number, secret) in (1..).zip(["s3cret", "wrong", "s3cret"]) {
        send("created", &listener.url, &["--secret", secret]);
        assert_eq!(
            captures(&listener.dir().join("caps")).len(),
            number,
            "after {secret} was answered"
        );
    }
}

#[test]
fn the_secret_is_in_no_capture_and_no_output() {
    let secret = "kept-to-itself-7f3a";
    let mut listener =
        leadhook!("listen :0 --format json -vv --save caps --secret {}", secret).start();
    for (event, signed) in [
        ("created", secret),
        ("created", "wrong"),
        ("leadpro:lead.created", secret),
        ("test", "wrong"),
    ] {
        send(event, &listener.url, &["--secret", signed]);
        assert!(!listener.next().to_string().contains(secret), "{event} signed with {signed}");
    }
    for path in captures(&listener.dir().join("caps")) {
        assert!(!fs::read_to_string(&path).unwrap().contains(secret), "{}", path.display());
    }
    listener.signal("TERM");
    assert!(!listener.wait().2.contains(secret));
}

/// Delivers sequentially until the listener stops; returns those that were answered with 200.
fn deliver_until_the_end(address: SocketAddr, sender: usize, answered: &Mutex<BTreeSet<String>>) {
    for number in 0.. {
        let id = format!("{sender}-{number}");
        let headers =
            [("X-Lead-Router-Action", "created"), ("X-Lead-Router-Message-Id", id.as_str())];
        let Ok(mut stream) = TcpStream::connect(address) else { return };
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        // The listener may end at any byte of this exchange.
        let _ = stream.write_all(&post(&headers, b"{}"));
        match read_reply(&mut BufReader::new(&stream)) {
            Some(reply) => assert_eq!(reply.status, 200, "{id}"),
            None => return,
        }
        answered.lock().unwrap().insert(id);
    }
}

#[test]
fn acknowledged_deliveries_are_saved_however_the_listener_ends() {
    for signal in ["TERM", "KILL"] {
        let listener = listen(&["--save", "caps", "--unverified", "warn"]);
        let answered = Mutex::new(BTreeSet::new());
        std::thread::scope(|scope| {
            for sender in 0..4 {
                let (answered, address) = (&answered, listener.address());
                scope.spawn(move || deliver_until_the_end(address, sender, answered));
            }
            eventually("some deliveries", || (answered.lock().unwrap().len() >= 20).then_some(()));
            listener.signal(signal);
        });
        let saved = captures(&listener.dir().join("caps"));
        let complete = saved
            .iter()
            .filter(|path| path.extension().is_some_and(|extension| extension == "json"));
        let saved: BTreeSet<_> = complete
            .map(|path| capture(path)["headers"][3][1].as_str().unwrap().to_owned())
            .collect();
        let lost: Vec<_> = answered.lock().unwrap().difference(&saved).cloned().collect();
        assert!(lost.is_empty(), "{signal}: {} kept, lost {lost:?}", saved.len());
    }
}

#[test]
fn rejected_requests_do_not_fill_the_disk_or_block_accepted_ones() {
    let mut listener = listen(&["--save", "caps"]);
    let body = vec![b'x'; 15 << 20];
    let forged = post(&[("X-Lead-Router-Action", "created")], &body);
    for number in 1..=5 {
        assert_eq!(exchange(listener.address(), &forged).unwrap().status, 401);
        assert_eq!(listener.next()["saved"].is_string(), number < 5, "{number}");
    }
    send("created", &listener.url, &SECRET);
    assert!(listener.next()["saved"].is_string());
    listener.signal("TERM");
    let (_, _, stderr) = listener.wait();
    assert_eq!(stderr.matches("rejected requests are no longer saved").count(), 1, "{stderr}");
}
