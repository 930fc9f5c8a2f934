use crate::domain::message::{Headers, Message};
use crate::domain::secret::Secret;
use crate::domain::verdict::{Proof, SignatureStatus, SignatureVerdict};
use crate::protocols::schemes::Scheme;
use crate::protocols::schemes::scheme::{Envelope, SignError, SigningContext};
use jiff::Timestamp;
use serde_json::{Value, json};

const SECRET: &str = "s3cret-of-the-tests";

fn secret() -> Secret {
    Secret::new(SECRET).unwrap()
}

fn keys(mut keys: Value) -> Result<Scheme, String> {
    keys["scheme"] = "shared-secret".into();
    serde_json::from_value(keys).map_err(|error| error.to_string())
}

/// The schemes with each place.
fn schemes() -> [Scheme; 4] {
    [
        keys(json!({"header": "X-Api-Key"})).unwrap(),
        keys(json!({"header": "Authorization", "prefix": "Bearer "})).unwrap(),
        keys(json!({"query": "key"})).unwrap(),
        keys(json!({"field": "/google_key"})).unwrap(),
    ]
}

const ENVELOPE: Envelope<'static> = Envelope { message_id: None, at: Timestamp::UNIX_EPOCH };

fn sent(scheme: &Scheme) -> Message {
    let body = r#"{"google_key":"?","n":1}"#;
    let mut message = Message::post("/hook?a=1", Headers::new(), body);
    let signed = scheme.sign(&secret(), &message.body, &ENVELOPE).unwrap();
    scheme.place().write(&signed.value, &mut message);
    message
}

fn verify(scheme: &Scheme, message: &Message) -> SignatureVerdict {
    scheme.verify(&[Secret::new("another").unwrap(), secret()], message, Timestamp::UNIX_EPOCH)
}

#[test]
fn the_secret_is_written_to_its_place_and_verifies() {
    let [header, prefixed, query, field] = schemes().map(|scheme| sent(&scheme));
    assert_eq!(header.headers.get_str("x-api-key"), Some(SECRET));
    assert_eq!(prefixed.headers.get_str("Authorization"), Some(&*format!("Bearer {SECRET}")));
    assert_eq!(query.target, format!("/hook?a=1&key={SECRET}"));
    assert_eq!(field.body, format!(r#"{{"google_key":"{SECRET}","n":1}}"#));
    for scheme in schemes() {
        let verdict = verify(&scheme, &sent(&scheme));
        assert_eq!(verdict.status, SignatureStatus::Valid, "{scheme:?}");
        assert_eq!((verdict.proof, verdict.covers), (Some(Proof::SharedSecret), &[][..]));
        assert!(verify(&scheme, &sent(&scheme)).is_valid());
    }
}

#[test]
fn any_one_bit_change_of_the_secret_is_refused() {
    for scheme in schemes() {
        for bit in 0..SECRET.len() * 8 {
            let mut changed = SECRET.as_bytes().to_vec();
            changed[bit / 8] ^= 1 << (bit % 8);
            let Ok(text) = String::from_utf8(changed) else { continue };
            let mut message = sent(&scheme);
            let value = scheme.place().text(&message).unwrap().replace(SECRET, &text);
            scheme.place().write(&value, &mut message);
            assert!(!verify(&scheme, &message).is_valid(), "{scheme:?} {bit}");
        }
    }
}

#[test]
fn a_missing_an_empty_and_a_repeated_secret_are_told_apart() {
    for scheme in schemes() {
        let mut message = sent(&scheme);
        scheme.place().remove(&mut message);
        assert_eq!(verify(&scheme, &message).status, SignatureStatus::Missing);
        scheme.place().write("", &mut message);
        assert_eq!(verify(&scheme, &message).status, SignatureStatus::Malformed);
    }
    let [header, _, query, field] = schemes();
    let mut message = sent(&header);
    message.headers.push("X-API-KEY", SECRET);
    let repeated = verify(&header, &message);
    assert_eq!(repeated.status, SignatureStatus::Malformed);
    assert_eq!(repeated.explanations[0].code, "repeated-signature");
    let mut message = sent(&query);
    message.target = format!("{}&k%65y={SECRET}", message.target);
    assert_eq!(verify(&query, &message).status, SignatureStatus::Malformed);
    let mut message = sent(&field);
    message.body = format!(r#"{{"google_key":"{SECRET}","google_key":"{SECRET}"}}"#).into();
    assert_eq!(verify(&field, &message).status, SignatureStatus::Malformed);
    message.body = r#"{"google_key":[7]}"#.into();
    assert_eq!(verify(&field, &message).status, SignatureStatus::Malformed);
    message.body = "not JSON".into();
    assert_eq!(verify(&field, &message).status, SignatureStatus::Missing);
}

#[test]
fn every_defect_of_the_scheme_is_refused() {
    let secret = secret();
    for scheme in schemes() {
        for tamper in scheme.kind().tampers.iter().filter(|row| (row.applies)(&*scheme)) {
            let mut message = sent(&scheme);
            let signing = SigningContext { scheme: &*scheme, secret: &secret, envelope: ENVELOPE };
            tamper.apply(&signing, &mut message).unwrap();
            assert_ne!(message, sent(&scheme), "{} changes nothing", tamper.name);
            assert!(!verify(&scheme, &message).is_valid(), "{scheme:?} {}", tamper.name);
        }
    }
}

#[test]
fn no_message_contains_the_secret() {
    for scheme in schemes() {
        let mut message = sent(&scheme);
        scheme.place().write(&format!("x{SECRET}"), &mut message);
        let verdict = format!("{:?}", verify(&scheme, &message));
        assert!(!verdict.contains(SECRET), "{verdict}");
        assert_eq!(scheme.expected(&secret(), &message), None);
        let signed = scheme.sign(&secret(), b"{}", &ENVELOPE).unwrap();
        assert!(!format!("{signed:?}").contains(SECRET));
    }
}

#[test]
fn a_secret_that_a_header_cannot_have_is_not_sent() {
    let [header, _, query, _] = schemes();
    for bytes in [b"a\nX-Evil: 1".as_slice(), b"\xff\xfe"] {
        let secret = Secret::new(bytes).unwrap();
        let error = header.sign(&secret, b"{}", &ENVELOPE).unwrap_err();
        assert!(matches!(error, SignError::UnsendableSecret { .. }));
    }
    let mut message = Message::post("/", Headers::new(), "{}");
    let signed = query.sign(&Secret::new("a\n#&").unwrap(), b"{}", &ENVELOPE).unwrap();
    query.place().write(&signed.value, &mut message);
    assert_eq!(message.target, "/?key=a%0A%23%26");
}

#[test]
fn invalid_keys_are_rejected_with_what_was_expected() {
    for (given, expected) in [
        (
            json!({}),
            "0 places of the secret, expected exactly one of `header`, `query` and `field`",
        ),
        (json!({"header": "A", "query": "b"}), "2 places of the secret"),
        (json!({"header": "A b"}), "`header` is `A b`, expected the name of a header"),
        (json!({"header": ""}), "expected the name of a header"),
        (json!({"query": ""}), "expected the name of a query parameter"),
        (json!({"field": "google_key"}), "`field` is `google_key`, expected a JSON Pointer"),
        (json!({"field": "/"}), "expected a JSON Pointer"),
        (json!({"field": "/a~2"}), "expected a JSON Pointer"),
        (json!({"query": "key", "prefix": "Bearer "}), "`prefix` is only possible with `header`"),
        (json!({"header": "A", "prefix": "a\n"}), "`prefix` is `a\\n`, expected visible"),
        (json!({"header": "A", "algorithm": "sha1"}), "unknown field `algorithm`"),
        (json!({"header": "A", "over": "raw-body"}), "unknown field `over`"),
    ] {
        let error = keys(given).unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
}
