//! Verification of decoded values with the configured secrets, and the reports on them.

use crate::commands::context::Context;
use crate::commands::decode::report::{self, ARGUMENT, DecodeReport, Verification};
use crate::domain::secret::{Keyring, Secret};
use crate::engine::decode::{DecodeError, DecodedSignature, DecodedToken, FoundValue, TokenCheck};
use crate::error::Error;
use crate::output::labelled::Columns;
use crate::providers::pack::Pack;

/// The reason why nothing is verified if no secret is given.
pub(super) const NO_SECRET: &str = "no secret was given (`--secret-file FILE`)";

/// Compares a token with the secrets of a provider, or with all of them.
pub(super) fn verify_token(
    context: &Context<'_>,
    keyring: &Keyring,
    pack: Option<&Pack>,
    token: &DecodedToken,
) -> Verification {
    if keyring.is_empty() {
        return Verification::not_verified(NO_SECRET);
    }
    let id = pack.map(|pack| pack.provider.id.as_str()).or(context.provider());
    let secrets: Vec<_> = match id {
        Some(id) => keyring.secrets_for(id).iter().collect(),
        None => keyring.all().collect(),
    };
    if secrets.is_empty() {
        return Verification::not_verified("no secret of this provider was given");
    }
    match token.verify(secrets.into_iter().map(Secret::expose)) {
        TokenCheck::Valid => Verification::valid("a configured secret signed this token"),
        TokenCheck::Invalid(reason) => Verification::invalid(reason),
        TokenCheck::Impossible(reason) => Verification::not_verified(reason),
    }
}

pub(super) fn of_token(
    context: &Context<'_>,
    source: &str,
    found: &FoundValue,
    token: DecodedToken,
    pack: Option<&Pack>,
    verification: Verification,
) -> DecodeReport {
    let columns = Columns::new(context.env.output_columns(), report::LABEL_WIDTH);
    DecodeReport::of_token(source, found, token, pack, verification, columns)
}

pub(super) fn of_signature(
    context: &Context<'_>,
    source: &str,
    found: &FoundValue,
    signature: DecodedSignature,
    pack: Option<&Pack>,
    verification: Verification,
) -> DecodeReport {
    let columns = Columns::new(context.env.output_columns(), report::LABEL_WIDTH);
    DecodeReport::of_signature(source, found, signature, pack, verification, columns)
}

/// Returns the error about a value that cannot be decoded.
pub(super) fn cannot_decode(source: &str, found: &FoundValue, error: &DecodeError) -> Error {
    let what = match &found.name {
        Some(name) => format!("`{name}`"),
        None if source == ARGUMENT => "the argument".to_owned(),
        None => format!("`{source}`"),
    };
    let hint = match error {
        DecodeError::Redacted => {
            "capture the request with `leadhook listen --save`, which hides nothing"
        }
        DecodeError::Encrypted => "ask the sender for a signed token, which has 3 parts",
        DecodeError::OtherScheme(_) => "pass the header with the signature or the token",
        _ => {
            "pass the whole value of the header, or a captured request that `leadhook verify` reads"
        }
    };
    Error::Unreadable { message: format!("{what} {error}"), hint: hint.to_owned() }
}
