//! A receiver to practise on: right as the vendors' pages say, or wrong in one named way.

use crate::domain::message::{Headers, Message, Response};
use crate::domain::time::parse_span;
use crate::domain::verdict::{SignatureStatus, Verdict};
use crate::engine::judge::Judge;
use crate::engine::ledger::{Identity, Ledger};
use crate::protocols::json_stringify;
use crate::providers::Packs;
use crate::providers::provider::Provider;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use jiff::Timestamp;
use std::time::Duration;

/// What a receiver refuses a request of nobody with.
const STRANGER: u16 = 401;

/// One way to be wrong; the correct receiver is the row that is not.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// What users call it.
    pub name: &'static str,
    /// What it does, in a few words.
    pub about: &'static str,
    /// The bytes it hashes.
    hashes: fn(&Bytes) -> Bytes,
    /// The status it refuses with, where a correct one refuses with the second argument.
    refuses: fn(SignatureStatus, u16) -> u16,
    /// What it takes for the same message.
    repeats: Repeats,
    /// The headers it finds.
    finds: fn(&Headers, &Packs) -> Headers,
    /// Requests that it takes for genuine without a look at the signature.
    believes: fn(&Message, &Provider) -> bool,
    /// The status with which it takes a delivery.
    takes: u16,
    /// The status for a body that is not JSON.
    not_json: u16,
    /// The status for an event that is not one of the provider's, and for one that needs its lead to
    /// be known; none where it takes them like any other.
    unknown_event: Option<u16>,
    later_event: Option<u16>,
    /// How long each delivery takes.
    takes_time: Duration,
    /// Whether others wait meanwhile.
    blocks: bool,
}

/// What a receiver takes for the same message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Repeats {
    /// The same message id.
    ById,
    /// The same bytes, whatever the id.
    ByBody,
    /// Nothing: it does everything again.
    Never,
}

const CORRECT: Fault = Fault {
    name: "none",
    about: "does what the vendors' pages say",
    hashes: Bytes::clone,
    refuses: |_, status| status,
    repeats: Repeats::ById,
    finds: |headers, _| headers.clone(),
    believes: |_, _| false,
    takes: 200,
    not_json: 400,
    unknown_event: None,
    later_event: None,
    takes_time: Duration::ZERO,
    blocks: false,
};

/// Every fault, in the order in which they are listed.
pub const FAULTS: &[Fault] = &[
    Fault {
        name: "hash-parsed-body",
        about: "parses the body and hashes what it prints again, not the bytes that came",
        hashes: |body| json_stringify::restringify(body).map_or_else(|_| body.clone(), Bytes::from),
        ..CORRECT
    },
    Fault {
        name: "throws-on-short-signature",
        about: "compares buffers of different lengths, which throws: a 500",
        refuses: |status, refusal| if status == SignatureStatus::Malformed { 500 } else { refusal },
        ..CORRECT
    },
    Fault {
        name: "answers-500-to-forgery",
        about: "answers 500 to a wrong signature: the provider tries it again and again",
        refuses: |_, _| 500,
        ..CORRECT
    },
    Fault {
        name: "no-dedupe",
        about: "takes a repeat for a new message and counts it twice",
        repeats: Repeats::Never,
        ..CORRECT
    },
    Fault {
        name: "dedupes-by-body",
        about: "takes two messages with the same bytes for one and loses the second",
        repeats: Repeats::ByBody,
        ..CORRECT
    },
    Fault {
        name: "answers-204",
        about: "takes a delivery with 204, which some providers take for a failure",
        takes: 204,
        ..CORRECT
    },
    Fault {
        name: "accepts-alg-none",
        about: "takes a token that says itself that it is not signed",
        believes: says_alg_none,
        ..CORRECT
    },
    Fault {
        name: "throws-on-bad-json",
        about: "lets the parser throw where the body is not JSON: a 500",
        not_json: 500,
        ..CORRECT
    },
    Fault {
        name: "case-sensitive-headers",
        about: "finds headers only as they are written on the provider's page",
        finds: as_written,
        ..CORRECT
    },
    Fault {
        name: "refuses-unknown-events",
        about: "answers 422 to an event that it does not know",
        unknown_event: Some(422),
        ..CORRECT
    },
    Fault {
        name: "406-to-updates",
        about: "answers 406 to an event whose lead it does not know: it is never sent again",
        later_event: Some(406),
        ..CORRECT
    },
    Fault {
        name: "blocks",
        about: "works 150 ms on a delivery, and lets all others wait meanwhile",
        takes_time: Duration::from_millis(150),
        blocks: true,
        ..CORRECT
    },
    Fault {
        name: "slow",
        about: "answers after 8 s, or after another time: `slow:500ms`",
        takes_time: Duration::from_secs(8),
        ..CORRECT
    },
];

/// The headers without those whose names a provider writes in another case.
fn as_written(headers: &Headers, packs: &Packs) -> Headers {
    let written: Vec<&str> = packs.iter().flat_map(|pack| written(&pack.provider)).collect();
    let is_found = |name: &str| {
        let alike = |known: &&str| known.eq_ignore_ascii_case(name);
        !written.iter().any(alike) || written.contains(&name)
    };
    headers.iter().filter(|(name, _)| is_found(name)).collect()
}

/// The names of headers as a provider writes them.
fn written(provider: &Provider) -> impl Iterator<Item = &str> {
    let id = provider.message_id.as_ref().and_then(|facts| facts.at.header.as_deref());
    let event = provider.event.header.as_deref();
    std::iter::once(provider.signature.header()).chain(id).chain(event)
}

/// Whether a token says that it is not signed.
fn says_alg_none(message: &Message, provider: &Provider) -> bool {
    let value = message.headers.text(provider.signature.header()).unwrap_or_default();
    let header = value.trim_start_matches("Bearer ").split('.').next().unwrap_or_default();
    let header = URL_SAFE_NO_PAD.decode(header).unwrap_or_default();
    header.windows(6).any(|part| part.eq_ignore_ascii_case(b"\"none\""))
}

impl Fault {
    /// The fault called `name`; one that takes time may say how much behind a colon.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        let (name, time) = match name.split_once(':') {
            Some((name, time)) => (name, Some(parse_span(time).ok()?)),
            None => (name, None),
        };
        let mut fault = *FAULTS.iter().find(|fault| fault.name == name)?;
        if let Some(time) = time {
            if fault.takes_time.is_zero() {
                return None;
            }
            fault.takes_time = time;
        }
        Some(fault)
    }
}

/// A receiver that keeps what it took in memory.
#[derive(Debug)]
pub struct PracticeReceiver {
    judge: Judge,
    fault: Fault,
    ledger: Ledger,
    count: u64,
}

/// What the receiver did with a request.
#[derive(Clone, Debug)]
pub struct Taken {
    /// Its answer.
    pub response: Response,
    /// What it thought of the request; none for a question such as `GET /count`.
    pub verdict: Option<Verdict>,
    /// How long it works before it answers.
    pub takes_time: Duration,
    /// Whether others wait meanwhile.
    pub blocks: bool,
}

impl PracticeReceiver {
    /// A receiver with the fault given, or a correct one.
    #[must_use]
    pub fn new(judge: Judge, fault: Option<Fault>) -> Self {
        Self { judge, fault: fault.unwrap_or(CORRECT), ledger: Ledger::default(), count: 0 }
    }

    /// How many messages it took, repeats not counted.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Answers one request.
    pub fn take(&mut self, message: &Message, at: Timestamp) -> Taken {
        let path = message.target.split('?').next().unwrap_or_default();
        match (message.method.as_str(), path) {
            ("GET" | "HEAD", "/count") => asked(Response::text(200, format!("{}\n", self.count))),
            ("POST", _) => self.receive(message, at),
            _ => {
                let mut response = Response::text(405, "POST a webhook here, or GET /count\n");
                response.headers.push("Allow", "POST");
                asked(response)
            }
        }
    }

    fn receive(&mut self, message: &Message, at: Timestamp) -> Taken {
        let mut taken = self.decide(message, at);
        (taken.takes_time, taken.blocks) = (self.fault.takes_time, self.fault.blocks);
        taken
    }

    fn decide(&mut self, message: &Message, at: Timestamp) -> Taken {
        let message = &Message {
            headers: (self.fault.finds)(&message.headers, self.judge.packs()),
            ..message.clone()
        };
        let hashed = Message { body: (self.fault.hashes)(&message.body), ..message.clone() };
        let judgement = self.judge.judge(&hashed, at);
        let verdict = judgement.verdict;
        let provider = judgement.pack.as_deref().map(|pack| &pack.provider);
        let believed = provider.is_some_and(|provider| (self.fault.believes)(message, provider));
        if !believed && !self.judge.verified(&verdict.signature) {
            let usual = provider.map_or(STRANGER, |provider| provider.receiver.refuses_with);
            let status = (self.fault.refuses)(verdict.signature.status, usual);
            return judged(Response::text(status, "invalid signature\n"), verdict);
        }
        if verdict.payload.findings.iter().any(|finding| finding.code == "not-json") {
            return judged(Response::text(self.fault.not_json, "not JSON\n"), verdict);
        }
        if let Some(status) = provider.and_then(|provider| self.refuses(&verdict, provider)) {
            return judged(Response::text(status, "not wanted\n"), verdict);
        }
        let identity = Identity {
            provider: verdict.provider.as_deref(),
            event: verdict.event.as_deref(),
            message_id: match self.fault.repeats {
                Repeats::ById | Repeats::Never => verdict.message_id.as_deref(),
                Repeats::ByBody => None,
            },
            lead_id: judgement.lead_id.as_deref(),
            order: provider.and_then(|provider| provider.order.as_ref()),
        };
        let first = self.ledger.enter(&identity, message, at).attempt == 1;
        let response = if first || self.fault.repeats == Repeats::Never {
            self.count += 1;
            Response::text(self.fault.takes, "ok\n")
        } else {
            Response::text(self.fault.takes, "already taken\n")
        };
        judged(response, verdict)
    }

    /// The status for an event that this receiver does not want.
    fn refuses(&self, verdict: &Verdict, provider: &Provider) -> Option<u16> {
        let event = verdict.event.as_deref()?;
        let is_known = provider.events.iter().any(|known| known.name == event);
        let is_later =
            provider.order.as_ref().is_some_and(|order| order.then.iter().any(|it| it == event));
        match (is_known, is_later) {
            (false, _) => self.fault.unknown_event,
            (true, true) => self.fault.later_event,
            (true, false) => None,
        }
    }
}

fn asked(response: Response) -> Taken {
    Taken { response, verdict: None, takes_time: Duration::ZERO, blocks: false }
}

fn judged(response: Response, verdict: Verdict) -> Taken {
    Taken { verdict: Some(verdict), ..asked(response) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::secret::{Keyring, Secret};
    use crate::engine::judge::Strictness;
    use crate::protocols::schemes::scheme::Envelope;

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
            (&signed.header, &signed.value),
        ];
        Message::post("/", headers.into_iter().collect(), body.to_owned())
    }

    fn statuses(receiver: &mut PracticeReceiver, messages: &[Message]) -> Vec<u16> {
        messages
            .iter()
            .map(|message| receiver.take(message, Timestamp::UNIX_EPOCH).response.status)
            .collect()
    }

    #[test]
    fn a_correct_receiver_refuses_a_forgery_and_counts_a_repeat_once() {
        let mut correct = receiver(None);
        let sent = [
            message("s3cret", "1", BODY),
            message("s3cret", "1", BODY),
            message("wrong", "2", BODY),
        ];
        assert_eq!(statuses(&mut correct, &sent), [200, 200, 403]);
        assert_eq!(correct.count, 1);
    }

    #[test]
    fn each_fault_is_wrong_in_its_own_way_and_in_no_other() {
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
}
