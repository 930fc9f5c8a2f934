//! The public library API: verification functions, the in-process listener and the sender.

use crate::support::{DeadPort, PATIENCE, leadhook};
use leadhook::protocols::requests;
use leadhook::testing::{Listener, Outcome, SendError, Sender};
use leadhook::{
    Event, Judge, Keyring, Message, Pack, Packs, Secret, SignatureStatus, Strictness, Timestamp,
    explain, sample, sign, verify,
};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

const NOW: &str = "2026-01-02T03:04:05Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn secret() -> Secret {
    Secret::new("s3cret").unwrap()
}

fn pack() -> Pack {
    Pack::builtin("realgeeks").unwrap()
}

fn created() -> Event {
    Event::new("created", now()).seed(7)
}

/// Returns a pack with a scheme that signs the time.
fn standard() -> (Pack, Secret) {
    let files = [
        ("provider.toml", include_str!("../../docs/book/src/packs/standard/provider.toml")),
        ("lead.created.json", include_str!("../../docs/book/src/packs/standard/lead.created.json")),
        (
            "lead.created.schema.json",
            include_str!("../../docs/book/src/packs/standard/lead.created.schema.json"),
        ),
    ];
    (Pack::read(None, &files).unwrap(), Secret::new("whsec_czNjcmV0").unwrap())
}

/// Returns the request that `leadhook send` would send.
fn sent_by_the_program(args: &[&str]) -> Message {
    let usual = ["send", "--secret", "s3cret", "--now", NOW, "--dry-run", "--print", "json"];
    let shown = leadhook(&[&usual, args].concat()).exits(0, "send").stdout;
    let found = requests::read(shown.as_bytes()).unwrap().into_iter().next();
    found.unwrap().unwrap().capture.message
}

#[test]
fn the_library_makes_the_requests_that_the_program_sends() {
    for (provider, name, id) in [
        ("realgeeks", "created", Some("7ca66bef-1f3c-4a5e-8d7c-0a1b2c3d4e5f")),
        ("leadpro", "lead.created", None),
        ("realtorbot", "lead.created", Some("evt_0123456789abcdef01234567")),
    ] {
        let pack = Pack::builtin(provider).unwrap();
        let event = Event::new(name, now()).seed(7).variant("unicode");
        let event = id.map_or(event.clone(), |id| event.message_id(id));
        let request = sign(&pack, &secret(), &event, sample(&pack, &event).unwrap()).unwrap();
        let full_name = format!("{provider}:{name}");
        let mut args = vec![full_name.as_str(), "--seed", "7", "--variant", "unicode"];
        args.extend(id.into_iter().flat_map(|id| ["--message-id", id]));
        let expected = sent_by_the_program(&args);
        assert_eq!(request.body, expected.body, "{provider}");
        assert_eq!(request.headers, expected.headers, "{provider}");
        assert!(verify(&pack, &secret(), &request, now()).valid, "{provider}");
    }
}

#[test]
fn an_event_is_a_repeat_of_itself_and_of_no_other() {
    let id = |event: &Event| {
        let pack = pack();
        let request = sign(&pack, &secret(), event, sample(&pack, event).unwrap()).unwrap();
        verify(&pack, &secret(), &request, now()).message_id.unwrap()
    };
    let events = [
        created(),
        created().seed(8),
        created().variant("minimal"),
        Event::new("created", now()),
        Event::new("created", Timestamp::UNIX_EPOCH).seed(7),
        Event::new("updated", now()).seed(7),
    ];
    let ids: std::collections::BTreeSet<_> = events.iter().map(id).collect();
    assert_eq!(ids.len(), events.len(), "{ids:?}");
    assert_eq!(id(&created()), id(&created()));
    assert_eq!(id(&created().message_id("mine")), "mine");
}

#[test]
fn an_error_names_the_valid_values() {
    let pack = pack();
    let error = |event: &Event| sample(&pack, event).unwrap_err().to_string();
    assert!(
        error(&Event::new("creatd", now())).starts_with("unknown event `creatd`; available: `"),
        "{}",
        error(&Event::new("creatd", now()))
    );
    let variant = error(&created().variant("minimum"));
    assert!(variant.starts_with("unknown variant `minimum`; available: `"), "{variant}");
    assert!(variant.contains("`minimal`"), "{variant}");
    let leadpro = Pack::builtin("leadpro").unwrap();
    let event = Event::new("lead.created", now()).message_id("mine");
    assert_eq!(
        sign(&leadpro, &secret(), &event, "{}").unwrap_err().to_string(),
        "messages of LeadPro have no id; leave `message_id` out"
    );
    let url = Sender::new(&pack, &secret()).send("ftp://localhost/", &created()).unwrap_err();
    assert_eq!(url.to_string(), "cannot send to `ftp:`: expected `http` or `https`");
}

#[test]
fn every_event_is_delivered_byte_for_byte() {
    for pack in Packs::builtin().unwrap().iter() {
        let judge = Judge::for_pack(pack, vec![secret()]);
        let listener = Listener::builder(judge).clock(Timestamp::UNIX_EPOCH).start().unwrap();
        let sender = Sender::new(pack, &secret());
        let url = format!("{}hooks?a=b", listener.url());
        for facts in &pack.provider.events {
            let event = Event::new(&facts.name, Timestamp::UNIX_EPOCH);
            let sent = sender.send(&url, &event).unwrap();
            assert_eq!(sent.outcome, Outcome::Delivered, "{}: {sent:?}", facts.name);
            assert_eq!(sent.response.unwrap().status, 200, "{}", facts.name);
            let delivery = listener.next(Duration::ZERO).unwrap();
            assert!(delivery.verdict.valid, "{}: {:?}", facts.name, delivery.verdict);
            assert_eq!(delivery.verdict.event.as_deref(), Some(&*facts.name));
            assert_eq!(delivery.message.body, sent.message.body, "{}", facts.name);
            assert_eq!(
                delivery.message.target,
                pack.provider.path_of_event("/hooks?a=b", &facts.name)
            );
            let signature = pack.provider.signature.header().unwrap();
            let of = |message: &Message| message.headers.get(signature).map(<[u8]>::to_vec);
            assert_eq!(of(&delivery.message), of(&sent.message), "{}", facts.name);
        }
        assert_eq!(listener.count(), pack.provider.events.len() as u64);
        assert_eq!(listener.deliveries(), []);
    }
}

#[test]
fn a_forgery_is_rejected_and_a_changed_body_explained() {
    let pack = pack();
    let listener = Listener::start(&pack, &secret()).unwrap();
    let wrong_secret = Sender::new(&pack, &Secret::new("guess").unwrap());
    let forged = wrong_secret.send(listener.url(), &created()).unwrap();
    assert_eq!(forged.outcome, Outcome::Refused);
    let mut changed = sign(&pack, &secret(), &created(), r#"{"a":1}"#).unwrap();
    changed.body = [&*changed.body, b"\n"].concat().into();
    let changed = wrong_secret.send_message(listener.url(), changed).unwrap();
    assert_eq!(changed.response.unwrap().status, 401);
    let deliveries = listener.deliveries();
    assert_eq!(deliveries.iter().map(|delivery| delivery.seq).collect::<Vec<_>>(), [1, 2]);
    for delivery in &deliveries {
        assert_eq!(delivery.verdict.signature.status, SignatureStatus::Invalid, "{delivery:?}");
        assert_eq!(delivery.status, Some(401));
    }
    let codes = |message: &Message| {
        let reasons = explain(&pack, &secret(), message, now());
        reasons.iter().map(|reason| reason.code).collect::<Vec<_>>()
    };
    assert_eq!(codes(&deliveries[0].message), ["none-holds"]);
    assert_eq!(codes(&deliveries[1].message), ["final-newline-added"]);
}

#[test]
fn a_script_gives_the_responses_in_order_and_repeats_are_counted() {
    let pack = pack();
    let judge = Judge::for_pack(&pack, vec![secret()]);
    let script = "503x2,200".parse().unwrap();
    let listener = Listener::builder(judge).respond(script).start().unwrap();
    let sender = Sender::new(&pack, &secret());
    let outcomes: Vec<_> =
        (0..4).map(|_| sender.send(listener.url(), &created()).unwrap().outcome).collect();
    let (refused, delivered) = (Outcome::Refused, Outcome::Delivered);
    assert_eq!(outcomes, [refused, refused, delivered, delivered]);
    let deliveries = listener.deliveries();
    let seen: Vec<_> = deliveries.iter().map(|it| (it.attempt, it.status.unwrap())).collect();
    assert_eq!(seen, [(1, 503), (2, 503), (3, 200), (4, 200)]);
}

#[test]
fn a_stopped_clock_decides_whether_a_signed_time_is_recent() {
    let (pack, secret) = standard();
    let event = Event::new("lead.created", now());
    for (clock, valid) in [(NOW, true), ("2026-01-02T04:04:05Z", false)] {
        let judge = Judge::for_pack(&pack, vec![secret.clone()]);
        let listener = Listener::builder(judge).clock(clock.parse().unwrap()).start().unwrap();
        let sent = Sender::new(&pack, &secret).send(listener.url(), &event).unwrap();
        assert_eq!(sent.outcome == Outcome::Delivered, valid, "{clock}: {sent:?}");
        let delivery = listener.next(PATIENCE).unwrap();
        assert_eq!((delivery.at, delivery.verdict.valid), (clock.parse().unwrap(), valid));
    }
}

#[test]
fn one_listener_receives_from_several_providers() {
    let packs = Packs::builtin().unwrap();
    let keyring = Keyring::for_any(vec![secret()]);
    let named: Vec<_> = packs.iter().map(|pack| pack.provider.id.clone()).collect();
    let judge = Judge::new(packs.clone(), keyring, named, Strictness::default());
    let listener = Listener::builder(judge).clock(now()).start().unwrap();
    for pack in packs.iter() {
        let event = Event::new(&pack.provider.events[0].name, now());
        Sender::new(pack, &secret()).send(listener.url(), &event).unwrap();
    }
    let received = listener.deliveries().into_iter().map(|delivery| delivery.verdict.provider);
    let expected = packs.iter().map(|pack| Some(pack.provider.id.clone()));
    assert_eq!(received.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
}

#[test]
fn an_unreachable_endpoint_is_an_outcome_with_a_reason() {
    let pack = pack();
    let dead_port = DeadPort::new();
    let sent = Sender::new(&pack, &secret()).send(&dead_port.target(), &created()).unwrap();
    assert_eq!(sent.outcome, Outcome::Unreachable);
    assert!(!sent.response.unwrap_err().is_empty());
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    let sender = Sender::new(&pack, &secret()).timeout(Duration::from_millis(50));
    let sent = sender.send(&url, &created()).unwrap();
    assert_eq!(sent.outcome, Outcome::Timeout);
    assert_eq!(sent.response.unwrap_err(), "no response within 50ms");
}

#[test]
fn a_link_local_target_is_refused_before_anything_is_sent() {
    for url in ["http://169.254.169.254/latest", "http://[fe80::1]/"] {
        let refused = Sender::new(&pack(), &secret()).send(url, &created()).unwrap_err();
        assert!(matches!(refused, SendError::LinkLocal { .. }), "{refused}");
    }
}

#[test]
fn a_dropped_listener_closes_its_connections() {
    let listener = Listener::start(&pack(), &secret()).unwrap();
    let address = listener.url().trim_start_matches("http://").trim_end_matches('/').to_owned();
    let mut stream = TcpStream::connect(&address).unwrap();
    stream.write_all(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}").unwrap();
    let mut begin = [0; 12];
    stream.read_exact(&mut begin).unwrap();
    assert_eq!(begin, *b"HTTP/1.1 401");
    drop(listener);
    // Closed after the response, so that the client does not wait for more.
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.read_to_end(&mut Vec::new()).unwrap();
}

#[tokio::test]
async fn nothing_panics_in_an_async_test() {
    let pack = pack();
    let listener = std::sync::Arc::new(Listener::start(&pack, &secret()).unwrap());
    let sent = Sender::new(&pack, &secret()).send(listener.url(), &created()).unwrap();
    assert_eq!(sent.outcome, Outcome::Delivered);
    let shared = std::sync::Arc::clone(&listener);
    let delivery = tokio::task::spawn_blocking(move || shared.next(PATIENCE)).await.unwrap();
    assert!(delivery.unwrap().verdict.valid);
    drop(listener);
}
