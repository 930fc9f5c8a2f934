use super::*;
use crate::domain::secret::{Keyring, Secret};
use crate::engine::judge::Strictness;
use crate::protocols::schemes::scheme::Envelope;
use crate::providers::Packs;

const BODY: &str = r#"{"partner_id":"001","site_uuid":"5ead6dd1-2cb9-4f80-80fc-5716b05c90ba"}"#;

fn receiver(fault: Option<&str>) -> PracticeReceiver {
    let keyring = Keyring::for_any(vec![Secret::new("s3cret").unwrap()]);
    let judge = Judge::new(Packs::builtin().unwrap(), keyring, None, Strictness::default());
    PracticeReceiver::new(judge, fault.map(|name| Fault::find(name).unwrap()))
}

fn message(secret: &str, id: &str, body: &str) -> Message {
    let packs = Packs::builtin().unwrap();
    let scheme = &packs.find("realgeeks").unwrap().provider.signature;
    let secret = Secret::new(secret).unwrap();
    let envelope = Envelope { message_id: Some(id), at: Timestamp::UNIX_EPOCH };
    let signed = scheme.sign(&secret, body.as_bytes(), &envelope).unwrap();
    let headers = [
        ("X-Lead-Router-Action", "integration_enabled"),
        ("X-Lead-Router-Message-Id", id),
        (scheme.header().unwrap(), &signed.value),
    ];
    Message::post("/", headers.into_iter().collect(), body.to_owned())
}

fn statuses(receiver: &mut PracticeReceiver, messages: &[Message]) -> Vec<u16> {
    messages
        .iter()
        .map(|message| receiver.handle(message, Timestamp::UNIX_EPOCH).response.status)
        .collect()
}

#[test]
fn a_correct_receiver_rejects_a_forgery_and_counts_a_repeat_once() {
    let mut correct = receiver(None);
    let sent =
        [message("s3cret", "1", BODY), message("s3cret", "1", BODY), message("wrong", "2", BODY)];
    assert_eq!(statuses(&mut correct, &sent), [200, 200, 403]);
    assert_eq!(correct.count, 1);
}

#[test]
fn another_body_under_a_known_id_is_reported_and_not_processed() {
    let mut correct = receiver(None);
    let changed = format!("{BODY} ");
    let mut respond = |id: &str, body: &str| {
        let response = correct.handle(&message("s3cret", id, body), Timestamp::UNIX_EPOCH).response;
        (response.status, String::from_utf8(response.body).unwrap())
    };
    assert_eq!(respond("1", BODY), (200, "ok\n".to_owned()));
    let (status, text) = respond("1", &changed);
    assert!(status == 200 && text.starts_with("not processed: "), "{status} {text}");
    assert_eq!(respond("1", BODY), (200, "already accepted\n".to_owned()));
    assert_eq!(correct.count, 1);
}

#[test]
fn a_body_above_the_limit_is_refused_unread() {
    let mut limited = receiver(Some("limits-body"));
    let padded = |size: usize| format!("{BODY}{}", " ".repeat(size - BODY.len()));
    let sent = [100 << 10, (100 << 10) + 1]
        .map(|size| message("s3cret", &size.to_string(), &padded(size)));
    assert_eq!(statuses(&mut limited, &sent), [200, 413]);
    assert_eq!(limited.count, 1);
}

#[test]
fn each_fault_changes_only_its_own_behavior() {
    let mut short = message("s3cret", "4", BODY);
    short.headers.replace("X-Lead-Router-Signature", "abcd");
    let pretty = format!("{BODY}\n");
    let sent = [
        message("s3cret", "1", BODY),
        message("s3cret", "1", BODY),
        message("s3cret", "2", BODY),
        message("wrong", "3", BODY),
        short,
        message("s3cret", "5", &pretty),
    ];
    for (fault, expected, count) in [
        (None, [200, 200, 200, 403, 403, 200], 3),
        (Some("hash-parsed-body"), [200, 200, 200, 403, 403, 403], 2),
        (Some("throws-on-short-signature"), [200, 200, 200, 403, 500, 200], 3),
        (Some("answers-500-to-forgery"), [200, 200, 200, 500, 500, 200], 3),
        (Some("no-dedupe"), [200, 200, 200, 403, 403, 200], 4),
        (Some("dedupes-by-body"), [200, 200, 200, 403, 403, 200], 2),
    ] {
        let mut receiver = receiver(fault);
        assert_eq!(statuses(&mut receiver, &sent), expected, "{fault:?}");
        assert_eq!(receiver.count, count, "{fault:?}");
    }
}
