//! The preparation of a captured request: its edits, its new signature, its URL and its headers.

use crate::commands::replay::args::Replay;
use crate::commands::replay::endpoints::address;
use crate::commands::replay::limited_warnings::Warning;
use crate::domain::message::Message;
use crate::domain::target::Target;
use crate::domain::verdict::SignatureStatus;
use crate::engine::judge::{Judge, Judgement};
use crate::engine::payload_edit::PayloadEdit;
use crate::engine::replay::{ReplayError, resign};
use crate::engine::{body_edit, recognise};
use crate::io::captures::CapturedRequest;
use crate::protocols::http1::end_to_end;
use crate::protocols::schemes::masking::Masking;
use crate::protocols::{http1, json, requests};
use crate::providers::provider::Provider;
use jiff::Timestamp;
use std::borrow::Cow;

// The warnings on captures, of which each is printed only a few times.
const SENDS_SECRET: &str = "it carries the secret of its provider, which is sent as captured";
const INVALID_SIGNATURE: &str =
    "its signature does not verify now with the configured secret: `--resign` signs it again";
const EXPIRED_SIGNATURE: &str =
    "its signature has expired: `--resign` signs it again, with the current time";
const OTHER_BODY: BodyChange = BodyChange {
    general: "its body is not the one that was signed",
    consequence: "it was changed after it was signed, and `--resign` would sign the changed body",
};
const OTHER_BODY_SIGNED: BodyChange = BodyChange {
    general: "its body is not the one that was signed, and is signed as it is",
    consequence: "the changed body is what `--resign` signs, not the one that the provider sent",
};
const BODY_FROM_TOKEN: &str =
    "the file has only a token: its claims, without its times, are sent as the body";
const BYTES_WERE_LOST: &str =
    "its body is a JSON value in the file, not the bytes that were sent: it was serialised again";
const BYTES_WERE_RESTORED: &str = "its body is a JSON value in the file, not the bytes that were \
                                   sent: the bytes that its signature covers were restored";
const NOTHING_TO_SIGN: &str =
    "it has no body, and its provider was not recognised: it is sent without a new signature";
const NORMALIZED_PATH: &str = "its path or query is sent in the spelling of the URL standard";

/// The content type of a body whose provider is unknown.
const JSON: &str = "application/json";

/// A captured request in the form in which it is sent.
#[derive(Clone, Debug)]
pub(super) struct PreparedRequest {
    pub(super) message: Message,
    pub(super) address: Target,
    /// The event and the message id, after the edits.
    pub(super) event: Option<String>,
    pub(super) message_id: Option<String>,
}

/// A request with its new signature, and what identifies it.
struct SignedRequest {
    message: Message,
    event: Option<String>,
    message_id: Option<String>,
}

/// Prepares the captures of one run.
#[derive(Debug)]
pub(super) struct Preparation<'r> {
    pub(super) options: &'r Replay,
    pub(super) judge: Judge,
    pub(super) edits: Vec<PayloadEdit>,
}

impl Preparation<'_> {
    /// Returns the request to send to the target `base`. The warnings on it are added to
    /// `warnings`, even if it cannot be sent.
    pub(super) fn prepare(
        &self,
        captured: &CapturedRequest,
        judgement: &Judgement,
        base: &Target,
        now: Timestamp,
        warnings: &mut Vec<Warning>,
    ) -> Result<PreparedRequest, ReplayError> {
        let original = &captured.found.capture.message;
        // A capture may have no other header either, but then it has the bytes of its body.
        let has_only_token = captured.found.bytes_were_lost && requests::is_from_token(original);
        let origin = match () {
            () if captured.restored_as.is_some() => Some(BYTES_WERE_RESTORED),
            () if has_only_token => Some(BODY_FROM_TOKEN),
            () if captured.found.bytes_were_lost => Some(BYTES_WERE_LOST),
            () => None,
        };
        warnings.extend(origin.map(Warning::from));
        let has_nothing_to_sign = judgement.pack.is_none() && requests::has_no_payload(original);
        let SignedRequest { mut message, event, message_id } =
            if self.options.resign && !has_nothing_to_sign {
                self.sign_again(original, judgement, now, warnings)?
            } else {
                if self.options.resign {
                    warnings.push(NOTHING_TO_SIGN.into());
                }
                warnings.extend(signature_warning(original, judgement, now));
                warnings.extend(self.masking(judgement).map(|_| SENDS_SECRET.into()));
                warnings.extend(body_change(original, judgement, &OTHER_BODY));
                SignedRequest {
                    message: original.clone(),
                    event: judgement.verdict.event.clone(),
                    message_id: judgement.verdict.message_id.clone(),
                }
            };
        let is_secret = self.masking(judgement).is_some();
        let target = if is_secret { &message.target } else { &original.target };
        let mut address = address(base, target)?;
        if self.options.connection.has_proxy() {
            address = address.spelled_as_url();
        }
        message.headers = end_to_end(&message.headers);
        if has_only_token && !message.headers.contains("Content-Type") {
            let provider = judgement.pack.as_deref().map(|pack| &pack.provider);
            let content_type = provider.map_or(JSON, |it| it.request.content_type.as_str());
            message.headers.push("Content-Type", content_type);
        }
        if let Some(host) = original.headers.get("Host").filter(|_| self.options.keep_host) {
            message.headers.push("Host", host);
        }
        message.target = address.path_and_query();
        "HTTP/1.1".clone_into(&mut message.http_version);
        http1::check_encodable(&message)?;
        if !base.has_path() && original.target.starts_with('/') && message.target != original.target
        {
            warnings.push(NORMALIZED_PATH.into());
        }
        Ok(PreparedRequest { message, address, event, message_id })
    }

    /// Returns the masking of the secret that the requests of a provider contain.
    pub(super) fn masking<'m>(&'m self, judgement: &'m Judgement) -> Option<Masking<'m>> {
        let provider = &judgement.pack.as_deref()?.provider;
        let secrets = self.judge.keyring().secrets_for(&provider.id);
        let masking = Masking { scheme: &*provider.signature, secrets };
        masking.applies().then_some(masking)
    }

    /// Returns a request as it is shown.
    pub(super) fn shown<'p>(
        &self,
        judgement: &Judgement,
        request: &'p PreparedRequest,
    ) -> Cow<'p, PreparedRequest> {
        let Some(masking) = self.masking(judgement) else { return Cow::Borrowed(request) };
        let message = masking.masked(&request.message).into_owned();
        let address = request.address.at_path(&message.target);
        Cow::Owned(PreparedRequest { message, address, ..request.clone() })
    }

    /// Returns the request with its edits and a new signature, and with the provider's header names
    /// if a proxy had renamed them.
    fn sign_again(
        &self,
        original: &Message,
        judgement: &Judgement,
        now: Timestamp,
        warnings: &mut Vec<Warning>,
    ) -> Result<SignedRequest, ReplayError> {
        let packs = self.judge.packs();
        let known = || packs.iter().map(|pack| pack.provider.id.clone()).collect();
        let pack = judgement.pack.as_deref();
        let provider = &pack.ok_or_else(|| ReplayError::NoProvider { known: known() })?.provider;
        let secret = self.judge.keyring().secrets_for(&provider.id).first();
        let secret =
            secret.ok_or_else(|| ReplayError::NoSecret { provider: provider.name.clone() })?;
        warnings.extend(body_change(original, judgement, &OTHER_BODY_SIGNED));
        let message = recognise::with_original_headers(packs, original);
        let mut message = message.unwrap_or_else(|| original.clone());
        let (event, message_id) = self.edit(provider, &mut message, judgement)?;
        let signed = resign(provider, &message, message_id.as_deref(), secret, now)?;
        warnings.extend(signed.note.map(Warning::from));
        Ok(SignedRequest { message: signed.message, event, message_id })
    }

    /// Edits the body, and returns the event and the message id, which may be in it.
    fn edit(
        &self,
        provider: &Provider,
        message: &mut Message,
        judgement: &Judgement,
    ) -> Result<(Option<String>, Option<String>), ReplayError> {
        if self.edits.is_empty() {
            let verdict = &judgement.verdict;
            return Ok((verdict.event.clone(), verdict.message_id.clone()));
        }
        message.body = body_edit::apply(&message.body, &self.edits, &provider.body_style())?.into();
        let body = json::read(&message.body).ok();
        let event = recognise::event(provider, message, body.as_ref());
        Ok((event, recognise::message_id(provider, message, body.as_ref())))
    }
}

/// Returns the warning on a signature that is sent as captured and will not be accepted.
fn signature_warning(original: &Message, judgement: &Judgement, now: Timestamp) -> Option<Warning> {
    // An expired signature is recognised without a secret as well.
    let scheme = judgement.pack.as_deref().map(|pack| &pack.provider.signature);
    if let Some(expired_at) = scheme.and_then(|scheme| scheme.expired_at(original, now)) {
        let specific = format!(
            "its signature expired at {expired_at}: `--resign` signs it again, with the current time"
        );
        return Some(Warning { general: EXPIRED_SIGNATURE, specific: Some(specific) });
    }
    match judgement.verdict.signature.status {
        _ if judgement.verdict.signature.body_differs => None,
        SignatureStatus::Valid | SignatureStatus::Unchecked | SignatureStatus::Unsigned => None,
        SignatureStatus::Invalid | SignatureStatus::Missing | SignatureStatus::Malformed => {
            Some(INVALID_SIGNATURE.into())
        }
    }
}

/// The texts about a body that is not the one that was signed.
struct BodyChange {
    general: &'static str,
    /// What follows the difference.
    consequence: &'static str,
}

/// Returns the warning that the body of a request is not the one that was signed, if its signature
/// tells.
fn body_change(original: &Message, judgement: &Judgement, texts: &BodyChange) -> Option<Warning> {
    let scheme = &judgement.pack.as_deref()?.provider.signature;
    let change = scheme.body_change(original)?.clause();
    let specific = Some(format!("{change}: {}", texts.consequence));
    Some(Warning { general: texts.general, specific })
}
