use super::*;
use crate::domain::message::Headers;

const TOML: &str = include_str!("../../../fixtures/leadpro/provider.toml");

/// Returns a pack with a handshake, and with the events of a built-in one.
fn pack(id: &str) -> Pack {
    let table = "[handshake]\nmode = { parameter = \"hub.mode\", value = \"subscribe\" }\n\
                 challenge = \"hub.challenge\"\ntoken = \"hub.verify_token\"\n";
    let toml = TOML.replace("id = \"leadpro\"", &format!("id = \"{id}\""));
    let toml = toml.replacen("\n[recognise]", &format!("\n{table}\n[recognise]"), 1);
    Pack::parse(Some(id), &[("provider.toml", &toml)]).unwrap()
}

fn tokens() -> Keyring {
    Keyring::for_any(vec![Secret::new("open sesame").unwrap()])
}

fn get(query: &str) -> Message {
    Message { target: format!("/hooks?{query}"), ..Message::get() }
}

fn outcome(tokens: &Keyring, query: &str) -> Option<HandshakeOutcome> {
    answer(&Packs::from_iter([pack("acme")]), tokens, &get(query)).map(|answer| answer.outcome)
}

#[test]
fn the_request_is_answered_with_exactly_its_challenge() {
    let pack = pack("acme");
    let facts = pack.provider.handshake.as_ref().unwrap();
    let token = Secret::new("open sesame").unwrap();
    let message = request(&pack, facts, "/hooks?a=1", "1158201444", Some(&token));
    assert_eq!(
        message.target,
        "/hooks?a=1&hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=open+sesame"
    );
    let answer = answer(&Packs::from_iter([pack.clone()]), &tokens(), &message).unwrap();
    assert_eq!(answer.outcome, HandshakeOutcome::Confirmed);
    let response = answer.response;
    assert_eq!((response.status, response.body.as_slice()), (200, &b"1158201444"[..]));
    assert_eq!(response.headers.get_str("X-Content-Type-Options"), Some("nosniff"));
    assert_eq!(problem(&response, "1158201444"), None);
}

#[test]
fn every_other_request_is_refused() {
    let good = "hub.mode=subscribe&hub.verify_token=open%20sesame";
    let long = "1".repeat(MAX_CHALLENGE + 1);
    for (query, expected) in [
        (format!("{good}&hub.challenge=1"), HandshakeOutcome::Confirmed),
        (format!("{good}&hub.challenge={}", &long[1..]), HandshakeOutcome::Confirmed),
        (format!("{good}&hub.challenge={long}"), HandshakeOutcome::InvalidChallenge),
        (format!("{good}&hub.challenge=%3Cb%3E"), HandshakeOutcome::InvalidChallenge),
        (format!("{good}&hub.challenge=1%0A"), HandshakeOutcome::InvalidChallenge),
        (format!("{good}&hub.challenge="), HandshakeOutcome::InvalidChallenge),
        (format!("{good}&hub.challenge=1&hub.challenge=2"), HandshakeOutcome::InvalidChallenge),
        (good.to_owned(), HandshakeOutcome::InvalidChallenge),
        (good.replace("sub", "unsub") + "&hub.challenge=1", HandshakeOutcome::UnknownMode),
        (good.replace("sesame", "sesam") + "&hub.challenge=1", HandshakeOutcome::WrongToken),
        (format!("{good}&{good}&hub.challenge=1"), HandshakeOutcome::WrongToken),
        ("hub.mode=subscribe&hub.challenge=1".to_owned(), HandshakeOutcome::WrongToken),
    ] {
        assert_eq!(outcome(&tokens(), &query), Some(expected), "{query}");
        let found = outcome(&Keyring::default(), &query);
        assert_eq!(found, Some(HandshakeOutcome::NotConfigured), "{query}");
    }
    assert_eq!(outcome(&tokens(), "a=1&b"), None);
    let posted = Message::post("/?hub.challenge=1", Headers::new(), "");
    assert!(answer(&Packs::from_iter([pack("acme")]), &tokens(), &posted).is_none());
}

#[test]
fn of_two_providers_the_one_that_knows_the_token_answers() {
    let packs = Packs::from_iter([pack("first"), pack("second")]);
    let mut ring = Keyring::default();
    ring.insert("second", Secret::new("two").unwrap());
    let message = get("hub.mode=subscribe&hub.challenge=1&hub.verify_token=two");
    assert_eq!(answer(&packs, &ring, &message).unwrap().provider, "second");
    ring.insert("first", Secret::new("one").unwrap());
    assert_eq!(answer(&packs, &ring, &message).unwrap().provider, "second");
}

#[test]
fn a_failure_is_explained() {
    let response = |status: u16, media_type: &str, body: &str| Response {
        status,
        headers: Headers::from_iter([("Content-Type", media_type)]),
        body: body.as_bytes().to_vec(),
        truncated: false,
    };
    for (response, part) in [
        (response(200, "application/json", "\"123\""), "as a JSON string"),
        (response(200, "text/plain", "123\n"), "adds a newline"),
        (response(200, "text/plain", " 123 "), "adds white space"),
        (response(200, "text/html", "<html>123</html>"), "an HTML page"),
        (response(200, "application/json", "{\"challenge\":123}"), "among other text"),
        (response(200, "text/plain", ""), "the body is empty"),
        (response(200, "text/plain", "ok"), "another text"),
        (response(302, "text/plain", ""), "redirects"),
        (response(403, "text/plain", "123"), "refuses the token"),
        (response(404, "text/plain", ""), "no handler for GET"),
        (response(500, "text/plain", ""), "it fails"),
        (response(400, "text/plain", ""), "refuses the request"),
    ] {
        let found = problem(&response, "123").unwrap();
        assert!(found.contains(part), "{found}");
    }
    assert_eq!(problem(&response(201, "text/html", "123"), "123"), None);
}

#[test]
fn a_seed_gives_one_challenge_of_ten_digits() {
    assert_eq!(challenge(7), challenge(7));
    assert!((0..100).all(|seed| challenge(seed).len() == 10 && is_challenge(&challenge(seed))));
}
