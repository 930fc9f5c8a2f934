//! The verification pipeline: recognises the provider, verifies the signature, validates the
//! payload.

mod request_findings;
mod unsaved_body;

use crate::domain::finding::Finding;
use crate::domain::message::Message;
use crate::domain::secret::{Keyring, Secret};
use crate::domain::verdict::{
    Explanation, PayloadStatus, PayloadVerdict, SignatureStatus, SignatureVerdict, Verdict,
};
use crate::engine::recognise;
use crate::protocols::json;
use crate::protocols::json::Json;
use crate::protocols::requests;
use crate::protocols::schema::{Schema, SchemaError};
use crate::protocols::schemes::masking::{MASK, Masking};
use crate::protocols::schemes::place::SignaturePlace;
use crate::providers::Packs;
use crate::providers::pack::Pack;
use crate::providers::provider::Provider;
use jiff::Timestamp;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// The scope and the strictness of validation.
#[derive(Clone, Debug, Default)]
pub struct Strictness {
    /// `true` if warnings count as errors: on a payload, and on a valid signature.
    pub strict: bool,
    /// The payloads to validate.
    pub payloads: PayloadScope,
}

/// The selection of the payloads to validate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum PayloadScope {
    /// All of them.
    #[default]
    All,
    /// Those of deliveries that can be accepted: validating forgeries would waste time.
    Verified,
    /// None.
    None,
}

/// The schemas of a provider by event, each compiled on first use.
type Schemas = BTreeMap<String, OnceLock<Result<Schema, SchemaError>>>;

/// Judges messages: created once per run and shared by all threads.
#[derive(Debug)]
pub struct Judge {
    packs: Packs,
    keyring: Keyring,
    /// The providers that the user named.
    named: Vec<String>,
    strictness: Strictness,
    schemas: BTreeMap<String, Schemas>,
}

/// The verdict on a message, with the values read from it.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// The verdict, ready to be reported.
    pub verdict: Verdict,
    /// The pack of the provider that sent it, or `None` if no pack recognises it.
    pub pack: Option<Arc<Pack>>,
    /// The name and email address of the person it is about.
    pub person: Option<String>,
    /// The id of the lead it is about, if the provider orders its events.
    pub lead_id: Option<String>,
    /// The values that identify it, if the provider has a `message-identity`.
    pub identifying_values: Option<String>,
}

impl Judge {
    /// Creates a judge with these packs and secrets. `named` are the providers that the user named:
    /// with one of them, every message is assumed to come from it.
    #[must_use]
    pub fn new(
        packs: Packs,
        keyring: Keyring,
        named: impl IntoIterator<Item = String>,
        strictness: Strictness,
    ) -> Self {
        let schemas = packs.iter().map(|pack| {
            let events = pack.provider.events.iter();
            let schemas = events.map(|event| (event.name.clone(), OnceLock::new())).collect();
            (pack.provider.id.clone(), schemas)
        });
        let schemas = schemas.collect();
        let named = named.into_iter().collect();
        Self { packs, keyring, named, strictness, schemas }
    }

    /// Creates a judge that assumes one provider, whose messages may be signed with any of the
    /// secrets.
    #[must_use]
    pub fn for_pack(pack: &Pack, secrets: Vec<Secret>) -> Self {
        let (packs, id) = (Packs::from_iter([pack.clone()]), pack.provider.id.clone());
        Self::new(packs, Keyring::for_any(secrets), Some(id), Strictness::default())
    }

    /// Returns the configured secrets.
    #[must_use]
    pub fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// Returns `true` if a delivery can be accepted: its signature is valid, or no secret is
    /// configured.
    ///
    /// If any secret is configured, unchecked deliveries are not accepted: otherwise a forger would
    /// only have to pose as a provider whose secret is missing.
    #[must_use]
    pub fn accepts_signature(&self, signature: &SignatureVerdict) -> bool {
        match signature.status {
            // Unsigned requests are only recognised if the user named their provider.
            SignatureStatus::Valid | SignatureStatus::Unsigned => true,
            SignatureStatus::Unchecked => self.keyring.is_empty(),
            SignatureStatus::Invalid | SignatureStatus::Missing | SignatureStatus::Malformed => {
                false
            }
        }
    }

    /// Returns the packs of the providers that the user named, or all of them.
    #[must_use]
    pub fn named_packs(&self) -> Packs {
        self.packs.of(&self.named)
    }

    /// Returns the known packs.
    #[must_use]
    pub fn packs(&self) -> &Packs {
        &self.packs
    }

    /// Judges one message at the time `at`: that of its capture, or now.
    #[must_use]
    pub fn judge(&self, message: &Message, at: Timestamp) -> Judgement {
        let parsed = json::read(&message.body);
        let body = parsed.as_ref().ok();
        let find_pack =
            |message: &Message| recognise::recognise(&self.packs, &self.named, message, body);
        let recognise = |message: &Message| {
            let pack = find_pack(message)?;
            Some((pack, recognise::event(&pack.provider, message, body)))
        };
        let mut restored = Cow::Borrowed(message);
        let mut recognised = recognise(message);
        // A proxy may have renamed the headers. The provider is recognised all the same, but the
        // signature is verified on the message as received: that is what the receiver sees.
        if recognised.as_ref().is_none_or(|(_, event)| event.is_none())
            && let Some(unrenamed) = recognise::with_original_headers(&self.packs, message)
        {
            recognised = recognise(&unrenamed);
            restored = Cow::Owned(unrenamed);
        }
        let Some((pack, event)) = recognised else {
            return self.judge_unrecognised(message, &parsed);
        };
        let provider = &pack.provider;
        let mut signature =
            provider.signature.verify(self.keyring.secrets_for(&provider.id), message, at);
        if self.strictness.strict {
            signature.make_strict();
        }
        let person = recognise::person(provider, body);
        let lead_id = recognise::lead_id(provider, body);
        let identifying_values = recognise::identifying_values(provider, body);
        let message_id = recognise::message_id(provider, &restored, body);
        let payload = if self.should_validate(&signature) {
            let mut payload = self.judge_payload(pack, event.as_deref(), &restored, parsed);
            self.mask_findings(provider, &mut payload);
            payload
        } else {
            PayloadVerdict::unchecked(Vec::new())
        };
        Judgement {
            pack: Some(Arc::clone(pack)),
            person,
            lead_id,
            identifying_values,
            verdict: Verdict {
                provider: Some(provider.id.clone()),
                event,
                message_id,
                valid: signature.is_valid() && payload.status != PayloadStatus::Invalid,
                signature,
                payload,
            },
        }
    }

    /// Masks the secret in the findings of a payload, if the provider sends it there.
    fn mask_findings(&self, provider: &Provider, payload: &mut PayloadVerdict) {
        let secrets = self.keyring.secrets_for(&provider.id);
        let masking = Masking { scheme: &*provider.signature, secrets };
        if !masking.applies() {
            return;
        }
        let place = provider.signature.place();
        for finding in &mut payload.findings {
            if place == SignaturePlace::Field(&finding.pointer) {
                finding.message = format!("is not as expected, expected {}", finding.expected);
                MASK.clone_into(&mut finding.found);
            }
            for text in finding.strings_mut() {
                *text = masking.masked_text(text).into_owned();
            }
        }
    }

    /// Validates a payload alone, as that of one event: signature and headers are not required.
    #[must_use]
    pub fn validate_payload(&self, pack: &Pack, event: &str, body: &[u8]) -> PayloadVerdict {
        let parsed = json::read(body);
        let mut findings = request_findings::of_event(&pack.provider, event, parsed.as_ref().ok());
        findings.extend(self.body_findings(pack, Some(event), parsed));
        PayloadVerdict::from_findings(findings, self.strictness.strict)
    }

    /// Judges a request that no pack recognises.
    fn judge_unrecognised(
        &self,
        message: &Message,
        parsed: &Result<Json, json::JsonError>,
    ) -> Judgement {
        let names: Vec<_> = self.packs.iter().map(|pack| pack.provider.id.as_str()).collect();
        let body = parsed.as_ref().ok();
        let explanation = match recognise::recognise_if_named(&self.packs, message, body) {
            Some(pack) => Explanation::new(
                "unnamed-provider",
                format!(
                    "It looks like a request of {}, which is recognised only if it is named: other \
                     senders use the same headers.",
                    pack.provider.name
                ),
                format!("set the provider with `-p {}`", pack.provider.id),
            ),
            None => Explanation::new(
                "unknown-provider",
                "The provider was not recognised from the request.",
                format!("set the provider with `-p`: {}", names.join(", ")),
            ),
        };
        let signature = SignatureVerdict::unchecked(explanation);
        let has_payload = !requests::has_no_payload(message);
        let findings = if has_payload && self.should_validate(&signature) {
            request_findings::of_bytes(parsed)
        } else {
            Vec::new()
        };
        let payload = if findings.is_empty() {
            PayloadVerdict::unchecked(findings)
        } else {
            PayloadVerdict::from_findings(findings, self.strictness.strict)
        };
        Judgement {
            verdict: Verdict {
                provider: None,
                event: None,
                message_id: None,
                valid: false,
                signature,
                payload,
            },
            pack: None,
            person: None,
            lead_id: None,
            identifying_values: None,
        }
    }

    /// Returns `true` if the payload of a message with this signature is to be validated.
    fn should_validate(&self, signature: &SignatureVerdict) -> bool {
        match self.strictness.payloads {
            PayloadScope::All => true,
            PayloadScope::Verified => self.accepts_signature(signature),
            PayloadScope::None => false,
        }
    }

    /// Validates the payload against the schema of its event, and the request against the pack.
    fn judge_payload(
        &self,
        pack: &Pack,
        event: Option<&str>,
        message: &Message,
        parsed: Result<Json, json::JsonError>,
    ) -> PayloadVerdict {
        let body = parsed.as_ref().ok();
        let mut findings = request_findings::of_request(&pack.provider, event, message, body);
        findings.extend(self.body_findings(pack, event, parsed));
        PayloadVerdict::from_findings(findings, self.strictness.strict)
    }

    /// Validates the body as JSON, and against the schema of its event.
    fn body_findings(
        &self,
        pack: &Pack,
        event: Option<&str>,
        parsed: Result<Json, json::JsonError>,
    ) -> Vec<Finding> {
        let mut findings = request_findings::of_bytes(&parsed);
        if let (Ok(body), Some(event)) = (parsed, event) {
            match self.schema(pack, event) {
                Some(Ok(schema)) => findings.extend(schema.findings(&body.into_value())),
                Some(Err(problem)) => findings.push(request_findings::unusable_schema(problem)),
                None => {}
            }
        }
        findings
    }

    /// Returns the schema of an event, compiled on first use.
    fn schema(&self, pack: &Pack, event: &str) -> Option<&Result<Schema, SchemaError>> {
        let cell = self.schemas.get(&pack.provider.id)?.get(event)?;
        Some(cell.get_or_init(|| compile_schema(pack, event)))
    }
}

/// Compiles the schema of one event of a pack.
pub fn compile_schema(pack: &Pack, event: &str) -> Result<Schema, SchemaError> {
    let file = format!("{event}.schema.json");
    let documents = pack
        .documents(event)
        .map_err(|problem| SchemaError { file: file.clone(), reason: problem.to_string() })?;
    Schema::compile(&file, documents)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::message::Headers;

    fn judge(keyring: Keyring, headers: &[(&str, &str)], body: &str) -> Verdict {
        let judge = Judge::new(Packs::builtin().unwrap(), keyring, None, Strictness::default());
        let headers = headers.iter().copied().collect::<Headers>();
        judge.judge(&Message::post("/", headers, body.to_owned()), Timestamp::UNIX_EPOCH).verdict
    }

    fn codes(verdict: &Verdict) -> Vec<&str> {
        verdict.payload.findings.iter().map(|finding| finding.code.as_str()).collect()
    }

    #[test]
    fn every_sample_is_valid_against_its_schema() {
        let packs = Packs::builtin().unwrap();
        for pack in packs.iter() {
            for event in &pack.provider.events {
                let schema =
                    compile_schema(pack, &event.name).unwrap_or_else(|error| panic!("{error}"));
                let variants = event.variant_names().map(Some);
                for variant in std::iter::once(None).chain(variants) {
                    let findings = schema.findings(pack.sample(event, variant).unwrap());
                    assert!(
                        findings.is_empty(),
                        "{}:{} {variant:?}: {findings:#?}",
                        pack.provider.id,
                        event.name
                    );
                }
            }
        }
    }

    #[test]
    fn without_a_secret_only_the_payload_is_judged() {
        let body = r#"{"partner_id":"001","site_uuid":"5ead6dd1-2cb9-4f80-80fc-5716b05c90ba"}"#;
        let headers =
            [("X-Lead-Router-Action", "integration_enabled"), ("X-Lead-Router-Message-Id", "1")];
        let verdict = judge(Keyring::default(), &headers, body);
        assert_eq!(verdict.signature.status, SignatureStatus::Unchecked);
        assert_eq!(verdict.payload.status, PayloadStatus::Valid);
        assert!(!verdict.valid);
    }

    #[test]
    fn the_header_takes_precedence_over_the_event_in_the_body() {
        let body = r#"{"action":"created","partner_id":"1","site_uuid":"5ead6dd1-2cb9-4f80-80fc-5716b05c90ba"}"#;
        let headers =
            [("X-Lead-Router-Action", "integration_enabled"), ("X-Lead-Router-Message-Id", "1")];
        let verdict = judge(Keyring::default(), &headers, body);
        assert_eq!(verdict.event.as_deref(), Some("integration_enabled"));
        assert_eq!(codes(&verdict), ["event-differs"]);
    }

    #[test]
    fn an_unknown_event_is_an_error() {
        let verdict = judge(Keyring::default(), &[("X-Lead-Router-Action", "user_deleted")], "{}");
        assert_eq!(codes(&verdict), ["unknown-event", "missing-message-id"]);
        assert_eq!(verdict.payload.status, PayloadStatus::Invalid);
    }

    #[test]
    fn bodies_that_serde_json_rejects_are_still_validated() {
        let deep = format!("{{\"x\":{}1{}}}", "[".repeat(127), "]".repeat(127));
        for body in [deep.as_str(), r#"{"id":"\ud800"}"#, r#"{"x":1e400}"#] {
            let verdict = judge(Keyring::default(), &[("X-Lead-Router-Action", "created")], body);
            assert!(codes(&verdict).contains(&"missing"), "{body:.40}: {verdict:?}");
        }
    }

    #[test]
    fn a_payload_alone_gets_the_verdict_it_has_in_its_request() {
        let body = r#"{"action":"updated","partner_id":5}"#;
        let headers =
            [("X-Lead-Router-Action", "integration_enabled"), ("X-Lead-Router-Message-Id", "1")];
        let in_request = judge(Keyring::default(), &headers, body).payload;
        let strictness = Strictness::default();
        let judge = Judge::new(Packs::builtin().unwrap(), Keyring::default(), None, strictness);
        let pack = judge.packs().find("realgeeks").unwrap();
        let alone = judge.validate_payload(pack, "integration_enabled", body.as_bytes());
        let summary = |verdict: &PayloadVerdict| {
            let findings = verdict.findings.iter();
            findings
                .map(|it| (it.severity, it.code.clone(), it.pointer.clone()))
                .collect::<Vec<_>>()
        };
        assert_eq!((alone.status, summary(&alone)), (in_request.status, summary(&in_request)));
        assert_eq!(summary(&alone).len(), 3, "{alone:?}");
        let unknown = judge.validate_payload(pack, "user_deleted", b"{}");
        assert_eq!(summary(&unknown)[0].1, "unknown-event");
    }

    #[test]
    fn a_repeated_header_is_reported() {
        let headers = [("X-Lead-Router-Action", "updated"), ("x-lead-router-action", "created")];
        let verdict = judge(Keyring::default(), &headers, "{}");
        assert!(codes(&verdict).contains(&"repeated-header"));
    }

    #[test]
    fn bytes_that_are_not_json_get_a_verdict() {
        let ring = Keyring::for_any(vec![Secret::new("x").unwrap()]);
        for body in ["", "\u{feff}{}", "[", "{\"a\":1}x", &"[".repeat(100_000)] {
            let verdict = judge(ring.clone(), &[("X-Lead-Router-Action", "created")], body);
            assert!(codes(&verdict).contains(&"not-json"), "{body:.20}");
            assert_eq!(verdict.signature.status, SignatureStatus::Missing);
        }
    }
}
