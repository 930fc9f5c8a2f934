//! A receiver to practise on: right as the vendors' pages say, or wrong in one named way.

use crate::domain::message::Message;
use crate::domain::message::Response;
use crate::domain::verdict::SignatureStatus;
use crate::domain::verdict::Verdict;
use crate::engine::judge::Judge;
use crate::engine::ledger::Identity;
use crate::engine::ledger::Ledger;
use crate::protocols::json_stringify;
use jiff::Timestamp;

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
    hashes: fn(&[u8]) -> Vec<u8>,
    /// The status it refuses with, where a correct one refuses with the second argument.
    refuses: fn(SignatureStatus, u16) -> u16,
    /// What it takes for the same message.
    repeats: Repeats,
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
    hashes: <[u8]>::to_vec,
    refuses: |_, status| status,
    repeats: Repeats::ById,
};

/// Every fault, in the order in which they are listed.
pub const FAULTS: &[Fault] = &[
    Fault {
        name: "hash-parsed-body",
        about: "parses the body and hashes what it prints again, not the bytes that came",
        hashes: |body| json_stringify::restringify(body).unwrap_or_else(|_| body.to_vec()),
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
];

impl Fault {
    /// The fault called `name`.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        FAULTS.iter().find(|fault| fault.name == name)
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
}

impl PracticeReceiver {
    /// A receiver with the fault given, or a correct one.
    #[must_use]
    pub fn new(judge: Judge, fault: Option<&Fault>) -> Self {
        Self {
            judge,
            fault: fault.copied().unwrap_or(CORRECT),
            ledger: Ledger::default(),
            count: 0,
        }
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
        let hashed = Message { body: (self.fault.hashes)(&message.body), ..message.clone() };
        let judgement = self.judge.judge(&hashed, at);
        let verdict = judgement.verdict;
        let provider = verdict.provider.as_deref().and_then(|id| self.judge.packs().find(id).ok());
        let provider = provider.map(|pack| &pack.provider);
        if !self.judge.verified(&verdict.signature) {
            let usual = provider.map_or(STRANGER, |provider| provider.receiver.refuses_with);
            let status = (self.fault.refuses)(verdict.signature.status, usual);
            return Taken {
                response: Response::text(status, "invalid signature\n"),
                verdict: Some(verdict),
            };
        }
        if verdict.payload.findings.iter().any(|finding| finding.code == "not-json") {
            return Taken { response: Response::text(400, "not JSON\n"), verdict: Some(verdict) };
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
            Response::text(200, "ok\n")
        } else {
            Response::text(200, "already taken\n")
        };
        Taken { response, verdict: Some(verdict) }
    }
}

fn asked(response: Response) -> Taken {
    Taken { response, verdict: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::secret::Keyring;
    use crate::domain::secret::Secret;
    use crate::engine::judge::Strictness;
    use crate::protocols::scheme;
    use crate::protocols::signature::Envelope;
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
        let signed = scheme::sign(scheme, &secret, body.as_bytes(), &envelope).unwrap();
        let headers = [
            ("X-Lead-Router-Action", "integration_enabled"),
            ("X-Lead-Router-Message-Id", id),
            (&signed.header, &signed.value),
        ];
        Message::post("/", headers.into_iter().collect(), body)
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
