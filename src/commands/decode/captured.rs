//! Decoding of the signature header of a captured request.

use crate::commands::context::{Context, check_signs};
use crate::commands::decode::report::Verification;
use crate::commands::decode::verification::{
    NO_SECRET, cannot_decode, of_signature, of_token, verify_token,
};
use crate::commands::one_request::RequestArgument;
use crate::domain::message::Message;
use crate::domain::secret::Keyring;
use crate::domain::verdict::{Explanation, SignatureStatus, SignatureVerdict};
use crate::engine::decode::{self, DecodeError, Decoded, FoundValue, Note};
use crate::engine::judge::{Judge, Judgement, PayloadScope, Strictness};
use crate::error::{Error, Exit};
use crate::io::captures::CapturedRequest;
use crate::io::error::Error as IoError;
use crate::protocols::requests::{self, RequestError};
use crate::providers::pack::Pack;
use jiff::Timestamp;

/// The maximum number of headers that are tried.
const MAX_HEADERS: usize = 256;

/// Decodes the signature header of one captured request. `bytes` are those of the file, if it was
/// read.
pub(super) fn decode(
    context: &mut Context<'_>,
    keyring: Keyring,
    argument: &RequestArgument,
    bytes: Option<&[u8]>,
    now: Option<Timestamp>,
) -> Result<Exit, Error> {
    let captured = match bytes {
        Some(bytes) => {
            argument.pick(requests::read(bytes).map_err(|error| neither(argument, error))?)?
        }
        None => argument.read(context)?,
    };
    let has_secret = !keyring.is_empty();
    let strictness = Strictness { strict: false, payloads: PayloadScope::None };
    let named = context.providers().to_vec();
    let judge = Judge::new(context.packs.clone(), keyring, named, strictness);
    let at = context.now(now);
    let judged_at = now.or(captured.found.capture.received_at).unwrap_or(at);
    let Judgement { verdict, pack, .. } = judge.judge_capture(&captured.found.capture, judged_at);
    if let Some(pack) = &pack {
        check_signs(&pack.provider, "decode")?;
    }
    let (found, decoded) = signature_header(&captured, pack.as_deref(), at)?;
    let report = match decoded {
        Decoded::Token(mut token) => {
            let mut verification = verify_token(context, judge.keyring(), pack.as_deref(), &token);
            token.note_issue_time(judged_at);
            if verdict.signature.body_differs {
                verification = verification.with_other_body();
            }
            let note = |explanation: &Explanation| Note {
                code: explanation.code,
                message: explanation.clause(),
            };
            if !verification.is_valid() {
                // Without the secret, it can still be seen that the body is not what was signed.
                let message = &captured.found.capture.message;
                let scheme = pack.as_deref().map(|pack| &pack.provider.signature);
                let change = scheme.and_then(|scheme| scheme.body_change(message));
                token.notes.extend(change.iter().map(note));
            } else if verdict.signature.status != SignatureStatus::Valid {
                token.notes.extend(verdict.signature.explanations.iter().map(note));
            }
            of_token(context, &captured.source, &found, *token, pack.as_deref(), verification)
        }
        Decoded::Signature(signature) => {
            let verification = verification(&verdict.signature, has_secret);
            let pack = pack.as_deref();
            of_signature(context, &captured.source, &found, signature, pack, verification)
        }
    };
    context.printer.report(&report)?;
    Ok(report.exit())
}

/// Returns the header that carries the signature, decoded: that of the pack, or else the first one
/// whose name says so.
fn signature_header(
    captured: &CapturedRequest,
    pack: Option<&Pack>,
    at: Timestamp,
) -> Result<(FoundValue, Decoded), Error> {
    let message = &captured.found.capture.message;
    let mut error = None;
    for found in candidates(message, pack) {
        match decode::decode(&found.value, true, at) {
            Ok(decoded) => return Ok((found, decoded)),
            Err(DecodeError::Unknown) if error.is_some() => {}
            Err(problem) => error = Some(cannot_decode(&captured.source, &found, &problem)),
        }
    }
    Err(error.unwrap_or_else(|| no_signature(captured)))
}

fn candidates(message: &Message, pack: Option<&Pack>) -> Vec<FoundValue> {
    let own = pack.and_then(|pack| pack.provider.signature.header());
    let is_own = |name: &str| own.is_some_and(|own| own.eq_ignore_ascii_case(name));
    let headers = message.headers.iter().take(MAX_HEADERS);
    let found: Vec<_> = headers.map(|(name, value)| FoundValue::of_header(name, value)).collect();
    let name = |found: &FoundValue| found.name.clone().unwrap_or_default();
    let of_pack = found.iter().filter(|found| is_own(&name(found)));
    let by_name =
        found.iter().filter(|found| !is_own(&name(found)) && found.is_signature_by_name());
    of_pack.chain(by_name).cloned().collect()
}

/// Returns the result for a digest, from the verdict on the request.
fn verification(signature: &SignatureVerdict, has_secret: bool) -> Verification {
    let reason = signature.explanations.first().map(Explanation::clause);
    match signature.status {
        SignatureStatus::Valid => Verification::valid("a configured secret signed this request"),
        SignatureStatus::Invalid | SignatureStatus::Malformed => {
            let reason = reason.unwrap_or_else(|| "no secret verifies it".to_owned());
            Verification::invalid(format!("{reason} (`leadhook verify` looks for the cause)"))
        }
        _ if !has_secret => Verification::not_verified(NO_SECRET),
        _ => Verification::not_verified(
            reason.unwrap_or_else(|| "the request was not checked".to_owned()),
        ),
    }
}

fn no_signature(captured: &CapturedRequest) -> Error {
    Error::Unreadable {
        message: format!("`{}` has no header with a signature or a token", captured.source),
        hint: "capture every header as it arrives: `leadhook listen --save`".to_owned(),
    }
}

/// Returns the error about a file that is neither a value nor a request.
fn neither(argument: &RequestArgument, error: RequestError) -> Error {
    match error {
        RequestError::Invalid { .. } | RequestError::OnlyToken { .. } | RequestError::Empty => {
            IoError::NotARequest { path: argument.path.clone(), source: error }.into()
        }
        _ => Error::Unreadable {
            message: format!(
                "`{}` has neither a token nor a signature, and is not a captured request",
                argument.path.display()
            ),
            hint: "expected three base64url parts, a digest, a header line such as \
                   `X-Signature: …`, or a request that `leadhook verify` reads"
                .to_owned(),
        },
    }
}
