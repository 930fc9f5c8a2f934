//! Receivers based on each vendor's documented sample, in the language of the sample.
//!
//! They share no code with `leadhook`, so they accept the same deliveries as a customer's endpoint.

use crate::support::{ForeignReceiver, Interpreter, NODE_JS, PYTHON3, events, send, skipped};
use crate::wire::exchange;
use crate::{custom_packs, tampers};
use jiff::Timestamp;
use leadhook::engine::tamper;
use leadhook::protocols::http1;
use leadhook::protocols::schemes::scheme::Tamper;

/// A secret of at least 32 bytes: `PyJWT` warns about shorter ones (RFC 7518, section 3.2).
const SECRET: &str = custom_packs::SECRET;

/// A receiver and the program that runs it.
struct Sample {
    test: &'static str,
    provider: &'static str,
    file: &'static str,
    interpreter: Interpreter,
    /// Arguments with which the interpreter succeeds if all requirements are installed.
    probe: [&'static str; 2],
    /// The status with which the vendor's sample rejects a request.
    rejects_with: u16,
}

const SAMPLES: [Sample; 5] = [
    Sample {
        test: "flask_realgeeks",
        provider: "realgeeks",
        file: "flask_realgeeks.py",
        interpreter: PYTHON3,
        probe: ["-c", "import flask"],
        rejects_with: 403,
    },
    Sample {
        test: "pyjwt_leadpro",
        provider: "leadpro",
        file: "pyjwt_leadpro.py",
        interpreter: PYTHON3,
        probe: ["-c", "import jwt; jwt.decode"],
        rejects_with: 401,
    },
    Sample {
        test: "node_realtorbot",
        provider: "realtorbot",
        file: "node_realtorbot.js",
        interpreter: NODE_JS,
        probe: ["-e", "require('crypto')"],
        rejects_with: 401,
    },
    Sample {
        test: "hub",
        provider: "hub",
        file: "hub.py",
        interpreter: PYTHON3,
        probe: ["-c", "import hmac"],
        rejects_with: 403,
    },
    Sample {
        test: "standard_webhooks",
        provider: "standard",
        file: "standard_webhooks.py",
        interpreter: PYTHON3,
        probe: ["-c", "str.removeprefix"],
        rejects_with: 401,
    },
];

/// Returns `true` if a receiver is based on a sample of this provider's documentation.
pub(crate) fn has_sample(provider: &str) -> bool {
    SAMPLES.iter().any(|sample| sample.provider == provider)
}

/// Starts the receiver, or returns the reason why it cannot run.
fn start(sample: &Sample) -> Result<ForeignReceiver, String> {
    ForeignReceiver::start(sample.interpreter, sample.probe, &[sample.file], SECRET)
}

/// Returns the number of leads that a receiver has accepted.
pub(crate) fn count(receiver: &ForeignReceiver) -> usize {
    let request = b"GET /count HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let reply = exchange(receiver.address(), request).unwrap();
    String::from_utf8(reply.body).unwrap().trim_end().parse().unwrap()
}

/// Asserts that the receiver accepts every event of the provider and rejects every defect of it.
fn accepts_events_and_rejects_defects(sample: &Sample) {
    let receiver = match start(sample) {
        Ok(receiver) => receiver,
        Err(why) => return skipped(sample.test, &why),
    };
    let url = format!("http://{}/", receiver.address());
    let events = events(Some(sample.provider));
    assert!(!events.is_empty(), "{}", sample.provider);
    for event in &events {
        let (exit, delivery) = send(event, &url, &["--secret", SECRET]);
        assert_eq!((exit, &delivery["status"]), (0, &200.into()), "{event}: {delivery}");
    }
    assert_eq!(count(&receiver), events.len(), "{}", sample.test);
    for event in &events {
        for (tamper, _) in tampers::of(sample.provider) {
            let (exit, delivery) = send(event, &url, &["--secret", SECRET, "--tamper", tamper]);
            assert_eq!(
                (exit, &delivery["status"]),
                (1, &sample.rejects_with.into()),
                "{event} {tamper}: {delivery}"
            );
        }
    }
    let (exit, delivery) = send(&events[0], &url, &["--secret", "another"]);
    assert_eq!((exit, &delivery["status"]), (1, &sample.rejects_with.into()), "{delivery}");
    assert_eq!(count(&receiver), events.len(), "{}: no forgery was counted", sample.test);
}

/// Asserts the same for a custom pack, whose messages are generated here.
fn accepts_a_custom_pack_and_rejects_defects(sample: &Sample) {
    let receiver = match start(sample) {
        Ok(receiver) => receiver,
        Err(why) => return skipped(sample.test, &why),
    };
    let packs = custom_packs::packs();
    let pack = packs.find(sample.provider).unwrap();
    let status = |tamper: Option<&Tamper>| {
        #[expect(
            clippy::disallowed_methods,
            reason = "the receiver compares the timestamp with its own clock"
        )]
        let now = Timestamp::now();
        let message = custom_packs::message(pack, now, tamper);
        let request = http1::write_request(&message, "localhost").unwrap();
        exchange(receiver.address(), &request).unwrap().status
    };
    assert_eq!(status(None), 200, "{}", sample.test);
    assert_eq!(count(&receiver), 1, "{}", sample.test);
    for (name, _) in tampers::of(sample.provider) {
        let tamper = tamper::find(&pack.provider.signature, name);
        assert_eq!(status(tamper), sample.rejects_with, "{} {name}", sample.test);
    }
    assert_eq!(count(&receiver), 1, "{}: no forgery was counted", sample.test);
}

#[test]
fn the_documented_flask_app_of_real_geeks_rejects_every_forgery() {
    accepts_events_and_rejects_defects(&SAMPLES[0]);
}

#[test]
fn a_pyjwt_app_for_leadpro_rejects_every_forgery() {
    accepts_events_and_rejects_defects(&SAMPLES[1]);
}

#[test]
fn the_documented_node_app_of_realtor_bot_rejects_every_forgery() {
    accepts_events_and_rejects_defects(&SAMPLES[2]);
}

#[test]
fn a_receiver_in_github_style_rejects_every_forgery() {
    accepts_a_custom_pack_and_rejects_defects(&SAMPLES[3]);
}

#[test]
fn a_receiver_of_standard_webhooks_rejects_every_forgery() {
    accepts_a_custom_pack_and_rejects_defects(&SAMPLES[4]);
}
