//! The requests beside deliveries, with a custom pack: the handshake, and what a receiver fetches.

use crate::support::{Endpoint, Leadhook, Running, address_of, objects};
use crate::wire::exchange;
use leadhook::providers::starter;
use serde_json::Value;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

const TOKEN: &str = "meatyhamhock-7";

const VARIABLE: &str = "LEADHOOK_ACME_HANDSHAKE_TOKEN";

const HANDSHAKE: &str = "[handshake]\n\
    mode = { parameter = \"hub.mode\", value = \"subscribe\" }\n\
    challenge = \"hub.challenge\"\n\
    token = \"hub.verify_token\"\n";

const FETCH: &str = "[fetch]\n\
    path = \"/v1/people?id={id}\"\n\
    ids = \"/lead/id\"\n\
    sample = \"person.json\"\n\
    sample-id = \"/people/0/id\"\n";

const PERSON: &str = r#"{"people":[{"id":"","name":"Keola Brandt"}]}"#;

/// Adds the starter pack with these tables to a run, and names it.
fn with_tables(mut run: Leadhook, tables: &str) -> Leadhook {
    for (name, text) in starter::files("acme") {
        let is_facts = name == "provider.toml";
        let text = if is_facts {
            text.replacen("\n[recognise]", &format!("\n{tables}\n[recognise]"), 1)
        } else {
            text
        };
        run = run.file(&format!("acme/{name}"), text);
    }
    run.file("acme/person.json", PERSON).args(["--pack", "acme", "-p", "acme"])
}

fn with_pack(run: Leadhook) -> Leadhook {
    with_tables(run, &format!("{HANDSHAKE}{FETCH}"))
}

fn get(receiver: &Running, target: &str) -> (u16, String, Vec<(String, String)>) {
    let request = format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    let reply = exchange(receiver.address(), request.as_bytes()).unwrap();
    (reply.status, String::from_utf8(reply.body).unwrap(), reply.headers)
}

fn query(token: &str, challenge: &str) -> String {
    format!("/hooks?hub.mode=subscribe&hub.challenge={challenge}&hub.verify_token={token}")
}

#[test]
fn a_table_that_cannot_be_used_is_rejected_with_its_line() {
    for (tables, part) in [
        (HANDSHAKE.replace("token =", "# token ="), "the handshake has no `token`: expected"),
        (HANDSHAKE.replace("challenge =", "# challenge ="), "the handshake has no `challenge`"),
        (FETCH.replace("{id}", "1"), "expected a path with `{id}` once"),
        (FETCH.replace("person.json", "other.json"), "`other.json`: it is missing"),
        (FETCH.replace("/people/0/id", "/people/1/id"), "expected the place of the id"),
        (format!("{FETCH}events = [\"x\"]\n"), "`x` is not an event of the pack"),
    ] {
        let outcome = with_tables(leadhook!("events --format json"), &tables).run();
        let error = objects(&outcome.exits(3, part).stderr).remove(0);
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(part), "{message}");
        let has_line = !part.contains("`other.json`");
        assert_eq!(message.contains("`provider.toml` line "), has_line, "{message}");
    }
}

#[test]
fn listen_answers_a_handshake_with_the_right_token_only() {
    let run = with_pack(leadhook!("listen :0 --format json --count 1")).env(VARIABLE, TOKEN);
    let mut receiver = run.start();
    let (status, body, headers) = get(&receiver, &query(TOKEN, "1158201444"));
    assert_eq!((status, body.as_str()), (200, "1158201444"));
    let header = |name: &str| crate::support::first_header(&headers, name).map(str::to_owned);
    assert!(header("content-type").unwrap().starts_with("text/plain"));
    assert_eq!(header("x-content-type-options").as_deref(), Some("nosniff"));
    let event = receiver.next();
    assert_eq!((&event["kind"], &event["outcome"]), (&"handshake".into(), &"confirmed".into()));
    for (target, expected, outcome) in [
        (query("other", "1"), 403, "wrong-token"),
        (query("", "1"), 403, "wrong-token"),
        (query(TOKEN, "%3Cscript%3E"), 400, "invalid-challenge"),
        (query(TOKEN, "1%0A"), 400, "invalid-challenge"),
        (query(TOKEN, "1").replace("mode=sub", "mode=unsub"), 403, "unknown-mode"),
    ] {
        let (status, body, _) = get(&receiver, &target);
        assert_eq!(status, expected, "{target}");
        assert!(!body.contains('<'), "{body}");
        assert_eq!(receiver.next()["outcome"], outcome, "{target}");
    }
    let sent = with_pack(leadhook!("send lead.created {} --secret s3cret", receiver.url));
    sent.run().exits(0, "the handshakes are not counted");
    let (exit, objects, errors) = receiver.wait();
    assert_eq!(exit, 5, "{errors}");
    let shown = format!("{objects:?}{errors}");
    assert!(!shown.contains(TOKEN) && shown.contains("\"request\""), "{shown}");
}

#[test]
fn listen_without_a_token_refuses_and_names_the_option() {
    let mut receiver = with_pack(leadhook!("listen :0 --format json")).start();
    assert_eq!(get(&receiver, &query(TOKEN, "1")).0, 403);
    let event = receiver.next();
    assert_eq!(event["outcome"], "not-configured");
    let hint = event["hint"].as_str().unwrap();
    assert!(hint.contains("--handshake-token TEXT") && hint.contains(VARIABLE), "{hint}");
}

#[test]
fn send_says_whether_an_endpoint_confirms_the_url() {
    let args = ["--handshake-token", TOKEN, "--seed", "7", "--format", "json"];
    let send = |target: &str| with_pack(leadhook!("send --handshake {}", target).args(args)).run();
    let receiver = with_pack(leadhook!("listen :0 --format json").args(&args[..2])).start();
    let report = send(&receiver.url).exits(0, "confirmed").object();
    assert_eq!((&report["kind"], &report["confirmed"]), (&"confirmation".into(), &true.into()));
    let challenge = {
        let endpoint = Endpoint::new(&[204]);
        send(&endpoint.target()).exits(1, "empty");
        let target = endpoint.only().line;
        assert!(target.contains(&format!("hub.verify_token={TOKEN}")), "{target}");
        let (_, rest) = target.split_once("hub.challenge=").unwrap();
        rest.split('&').next().unwrap().to_owned()
    };
    for (head, body, part) in [
        ("200 OK", format!("\"{challenge}\""), "as a JSON string, in quotes"),
        ("200 OK", format!("{challenge}\n"), "adds a newline"),
        ("403 Forbidden", "no".to_owned(), "refuses the token"),
        ("200 OK\r\nContent-Type: text/html", "<html>".to_owned(), "an HTML page"),
        ("302 Found\r\nLocation: /login", String::new(), "redirects"),
    ] {
        let length = body.len();
        let raw = format!("HTTP/1.1 {head}\r\nContent-Length: {length}\r\n\r\n{body}");
        let endpoint = Endpoint::raw(vec![raw]);
        let report = send(&endpoint.target()).exits(1, part).object();
        let problem = report["problem"].as_str().unwrap();
        assert!(problem.contains(part) && report["confirmed"] == false, "{problem}");
    }
}

#[test]
fn a_redirected_handshake_is_shown_without_the_token() {
    let target = query(TOKEN, "1");
    let redirect = format!("HTTP/1.1 301 X\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n");
    let endpoint = Endpoint::raw(vec![redirect]);
    for format in ["human", "json"] {
        let run = leadhook!("send --handshake {} --format {}", endpoint.target(), format);
        let outcome = with_pack(run).env(VARIABLE, TOKEN).run().exits(1, format);
        assert!(outcome.stdout.contains("hub.verify_token=***"), "{outcome:?}");
        assert!(!format!("{outcome:?}").contains(TOKEN), "{outcome:?}");
        let run = leadhook!("check {} --only handshake --format {}", endpoint.target(), format);
        let run = with_pack(run.args(["--secret", "s3cret"])).env(VARIABLE, TOKEN);
        let outcome = run.run().exits(1, format);
        assert!(outcome.stdout.contains("301"), "{outcome:?}");
        assert!(!format!("{outcome:?}").contains(TOKEN), "{outcome:?}");
    }
}

#[test]
fn a_shown_handshake_never_contains_the_token() {
    let show = |args: &[&str]| {
        let run = leadhook!("send --handshake :3000/hooks --dry-run").args(args);
        with_pack(run).env(VARIABLE, TOKEN).run().exits(0, &format!("{args:?}"))
    };
    for args in [&[][..], &["--print", "curl"], &["--print", "har"], &["--format", "json"]] {
        let outcome = show(args);
        assert!(!format!("{outcome:?}").contains(TOKEN), "{outcome:?}");
        assert!(outcome.stdout.contains("hub.verify_token=TOKEN"), "{outcome:?}");
    }
    let without = with_pack(leadhook!("send --handshake :3000 --dry-run")).run();
    let stderr = without.exits(2, "no token").stderr;
    assert!(stderr.contains("--handshake-token TEXT") && stderr.contains(VARIABLE), "{stderr}");
    leadhook!("send --handshake created :3000").run().exits(2, "an event and a URL");
    leadhook!("send :3000").run().exits(2, "a URL without an event");
    leadhook!("send --handshake -p realgeeks :3000").run().exits(2, "no handshake");
}

/// Runs `check` against the practice receiver with this fault, and returns the outcomes by case.
fn check(fault: Option<&str>, cases: &str) -> (i32, Vec<(String, String)>) {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}");
    let mut practice = leadhook!("practice :0 --format json --secret s3cret --fetch-from {}", url);
    practice = practice.args(fault.into_iter().flat_map(|name| ["--fault", name]));
    let receiver = with_pack(practice).env(VARIABLE, TOKEN).start();
    let check = leadhook!(
        "check {} --format json --secret s3cret --seed 1 --only {} --fetch :{} --handshake-token {}",
        receiver.url,
        cases,
        port,
        TOKEN
    );
    let outcome = with_pack(check).run();
    assert!(!outcome.stdout.contains(TOKEN) && !outcome.stderr.contains(TOKEN), "{outcome:?}");
    let text = |case: &Value, key: &str| case[key].as_str().unwrap_or_default().to_owned();
    let cases = objects(&outcome.stdout);
    let cases = cases.iter().filter(|it| it["kind"] == "case");
    let cases = cases.map(|case| (text(case, "id"), text(case, "outcome"))).collect();
    (outcome.exit, cases)
}

#[test]
fn each_case_passes_a_correct_receiver_and_fails_one_fault() {
    const CASES: [&str; 5] = [
        "handshake",
        "fetches",
        "handshake-wrong-token",
        "handshake-missing-token",
        "handshake-markup",
    ];
    let all = CASES.join(",");
    let passed = |failed: Option<&str>| -> Vec<(String, String)> {
        let outcome = |id: &str| if Some(id) == failed { "fail" } else { "pass" };
        CASES.iter().map(|id| ((*id).to_owned(), outcome(id).to_owned())).collect()
    };
    assert_eq!(check(None, &all), (0, passed(None)));
    for (fault, case) in [
        ("quotes-challenge", "handshake"),
        ("never-fetches", "fetches"),
        ("ignores-handshake-token", "handshake-wrong-token"),
        ("needs-no-handshake-token", "handshake-missing-token"),
        ("reflects-challenge", "handshake-markup"),
    ] {
        assert_eq!(check(Some(fault), &all), (1, passed(Some(case))), "{fault}");
    }
}

#[test]
fn cases_that_need_an_option_are_skipped_without_it() {
    let receiver = with_pack(leadhook!("practice :0 --format json --secret s3cret")).start();
    let run =
        leadhook!("check {} --format json --secret s3cret --only handshake,fetches", receiver.url);
    let cases = objects(&with_pack(run).run().stdout);
    for (id, option) in [("handshake", "--handshake-token"), ("fetches", "--fetch ADDR")] {
        let case = cases.iter().find(|case| case["id"] == id).unwrap();
        assert_eq!(case["outcome"], "skipped", "{case:#}");
        assert!(case["observed"].as_str().unwrap().contains(option), "{case:#}");
    }
}

#[test]
fn listen_serves_what_a_delivery_named_and_nothing_else() {
    let run = leadhook!("listen :0 --format json --secret s3cret --fetch :0");
    let mut receiver = with_pack(run).start();
    let id = "5c0b8d9e-3f6a-4d17-9b52-7e8a1f20c364";
    let address = address_of(&receiver.fetch_url);
    let fetch = |method: &str, target: &str| {
        let request = format!("{method} {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        let reply = exchange(address, request.as_bytes()).unwrap();
        (reply.status, String::from_utf8(reply.body).unwrap())
    };
    let path = format!("/v1/people?fields=all&id={id}");
    assert_eq!(fetch("GET", &path).0, 404);
    assert_eq!(receiver.next()["status"], 404);
    let forged = leadhook!("send lead.created {} --secret wrong", receiver.url);
    with_pack(forged).run().exits(1, "forged");
    assert_eq!(receiver.next()["kind"], "request");
    assert_eq!(fetch("GET", &path).0, 404, "a rejected delivery makes nothing known");
    receiver.next();
    let sent = leadhook!("send lead.created {} --secret s3cret", receiver.url);
    with_pack(sent).run().exits(0, "delivered");
    receiver.next();
    let (status, body) = fetch("GET", &path);
    assert_eq!((status, body), (200, PERSON.replace("\"\"", &format!("\"{id}\""))));
    let event = receiver.next();
    assert_eq!((&event["kind"], &event["path"]), (&"fetched".into(), &"/v1/people".into()));
    let mut head = TcpStream::connect(address).unwrap();
    write!(head, "HEAD {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let mut text = String::new();
    head.read_to_string(&mut text).unwrap();
    assert!(text.starts_with("HTTP/1.1 200 OK\r\n") && text.ends_with("\r\n\r\n"), "{text}");
    assert_eq!(fetch("POST", &path).0, 405);
    assert_eq!(fetch("GET", "/v1/people?id=1").0, 404);
    let other = leadhook!("listen :0 --fetch :0 -p realgeeks").run();
    assert!(other.exits(2, "no table").stderr.contains("no pack has `[fetch]`"));
}

#[test]
fn practice_serves_what_it_accepted() {
    let run = leadhook!("practice :0 --format json --secret s3cret --fetch :0");
    let mut receiver = with_pack(run).start();
    let sent = leadhook!("send lead.created {} --secret s3cret", receiver.url);
    with_pack(sent).run().exits(0, "delivered");
    assert_eq!(receiver.next()["kind"], "answered");
    let id = "5c0b8d9e-3f6a-4d17-9b52-7e8a1f20c364";
    let request = format!("GET /v1/people?id={id} HTTP/1.1\r\nHost: x\r\n\r\n");
    let reply = exchange(address_of(&receiver.fetch_url), request.as_bytes()).unwrap();
    assert_eq!(reply.status, 200);
    // The fetch is printed with the next request, whose query has a token.
    assert_eq!(get(&receiver, &query(TOKEN, "1")).0, 403);
    let handshake = receiver.next();
    assert_eq!((&handshake["path"], &handshake["status"]), (&"/hooks".into(), &403.into()));
    assert_eq!(receiver.next()["kind"], "fetched");
}

#[test]
fn the_reference_describes_both() {
    let page = with_pack(leadhook!("docs acme")).run().exits(0, "a page").stdout;
    for part in
        ["## The handshake", "hub.verify_token", "## Fetched resources", "/v1/people?id={id}"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    let reference = with_pack(leadhook!("docs acme --format json")).run().object();
    assert_eq!(reference["handshake"]["challenge"], "hub.challenge");
    assert_eq!(reference["fetch"][0]["ids"], "/lead/id");
    let checked = with_pack(leadhook!("events check-pack acme --format json"));
    let report = checked.run().exits(0, "a usable pack").object();
    assert_eq!(report["flaws"].as_array().unwrap().len(), 0, "{report:#}");
}
