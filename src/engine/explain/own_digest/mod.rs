//! Digests that the reader's own code computed over a request: finds what the code hashed.
//!
//! The search is that for a signature, with the digest as the wanted value, and with contents that
//! only receivers hash. Its result is worded for the reader's code.

mod comparison;
pub(in crate::engine::explain) mod contents;
mod notation;
pub(in crate::engine::explain) mod sentences;

pub use notation::{NotADigest, OwnDigest};

use crate::domain::verdict::SignatureStatus;
use crate::engine::explain::failure_context::{FailureContext, WantedDigest};
use crate::engine::explain::own_digest::comparison::SameSignature;
use crate::engine::explain::own_digest::contents::RequestBody;
use crate::engine::explain::own_digest::sentences::{ContentMatch, MatchDescription};
use crate::engine::explain::search::SearchResult;
use crate::engine::explain::{
    Explainer, Failure, MAX_BODY_LEN, candidate_keys, signature_locations, signature_readings,
};
use crate::engine::judge::Judge;
use crate::protocols::schemes::digest::{self, DigestFormat};
use crate::protocols::schemes::hypothesis::{Edited, HypothesisText};
use crate::protocols::schemes::mac::HashFunction;
use crate::protocols::schemes::scheme::SignatureFormat;
use crate::protocols::schemes::token::strip_bearer;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::iter;

/// The content that someone's code hashed, as far as the search found it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwnDigestVerdict {
    /// The kind of content, comparison or key, in kebab case.
    pub code: &'static str,
    /// The content that was hashed, in a sentence.
    pub message: String,
    /// The smallest next step.
    pub fix: String,
    /// The number of digests that were computed and compared.
    pub tried: usize,
}

impl OwnDigestVerdict {
    fn new(code: &'static str, message: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { code, message: message.into(), fix: fix.into(), tried: 0 }
    }
}

impl Explainer {
    /// Finds the content and the key that give `digest`, and says what to change in the code that
    /// computed it.
    #[must_use]
    pub fn explain_own_digest(
        &self,
        judge: &Judge,
        request: &Failure<'_>,
        status: SignatureStatus,
        digest: &OwnDigest,
    ) -> OwnDigestVerdict {
        let Some(pack) = request.pack else {
            return OwnDigestVerdict::new(
                "unknown-provider",
                "The provider of this request is not known, nor what it signs.",
                "name it with `--provider NAME`",
            );
        };
        if request.message.body.len() > MAX_BODY_LEN {
            return OwnDigestVerdict::new(
                "none-holds",
                "The body is too long to search.",
                "verify a shorter request of the same kind",
            );
        }
        let mut context = self.context(judge, pack, request);
        if context.keys.is_empty() && context.foreign.is_empty() {
            return OwnDigestVerdict::new(
                "no-secret",
                "No secret of this provider was given, so no digest can be computed.",
                "pass the secret that your code uses: `--secret-file FILE`",
            );
        }
        let found = find_content(&mut context, digest);
        let same = comparison::find(&pack.provider.signature, request.message, digest);
        let verdict = match (found.edits.as_deref(), same) {
            (Some([]), same) => documented(same.as_ref(), status, digest),
            (Some(_), Some(same)) => signed_otherwise(&same, digest),
            (Some(_), None) => hashed_otherwise(&context, &found, status),
            (None, same) => not_found(&context, &found, same.is_some()),
        };
        OwnDigestVerdict { tried: found.tried, ..verdict }
    }
}

/// Returns the messages about contents that only receivers hash, for the documentation.
#[must_use]
pub fn texts() -> Vec<HypothesisText> {
    contents::texts()
}

/// Searches for the content and the key that give the digest, with the fewest edits.
fn find_content(context: &mut FailureContext<'_>, digest: &OwnDigest) -> SearchResult {
    let scheme = &context.provider.signature;
    let keys =
        candidate_keys::keys(scheme.key_encoding(), &context.keys, &context.foreign, &|_| true);
    let body = RequestBody { bytes: &context.message.body, json: context.json.as_ref() };
    let (format, signed_content, bare_body) = match scheme.signature_format() {
        SignatureFormat::Digest(format) => (format, None, None),
        SignatureFormat::Token(_) => {
            let edit = contents::BODY_NOT_TOKEN.edit("");
            let bare_body = Edited::with_edit(&[], edit, body.bytes.to_vec());
            (token_format(), signed_parts_of_token(context), Some(bare_body))
        }
        SignatureFormat::Secret(_) | SignatureFormat::Unsigned => return SearchResult::default(),
    };
    let digest = Edited::unedited(digest.bytes.clone());
    context.wanted = Some(WantedDigest {
        readings: signature_readings::identify_function(digest, &format),
        signed_content,
        contents: bare_body.into_iter().chain(contents::edited(body)).collect(),
    });
    context.search_digest(&format, keys, &|_| true)
}

/// Returns the format of the signature of a token, as far as the search needs it.
fn token_format() -> DigestFormat<'static> {
    DigestFormat {
        prefix: "",
        separator: None,
        is_versioned: false,
        function: HashFunction::Sha256,
        encoding: &digest::BASE64,
        encode_body: digest::VERBATIM_BODY,
        value_description: "the digest as the third part of the token, in base64url".to_owned(),
        content_description: "the first two parts of the token with the dot between them",
    }
}

/// Returns the string that the signature of the token covers, if the request has a token.
fn signed_parts_of_token(context: &FailureContext<'_>) -> Option<Vec<u8>> {
    let scheme = &context.provider.signature;
    let values = signature_locations::of_scheme(scheme, context.message).into_iter();
    let mut signed = values.filter_map(|value| {
        let token = strip_bearer(&value.value).unwrap_or(&value.value);
        Some(token.rsplit_once('.')?.0.as_bytes().to_vec())
    });
    signed.next()
}

/// Describes a digest that is the documented one.
fn documented(
    same: Option<&SameSignature>,
    status: SignatureStatus,
    digest: &OwnDigest,
) -> OwnDigestVerdict {
    if let Some(same) = same {
        let (code, message, fix) = same.describe(digest);
        return OwnDigestVerdict::new(code, message, fix);
    }
    let right = "Your code computes the right digest for this request and this secret";
    match status {
        SignatureStatus::Missing => OwnDigestVerdict::new(
            "right-without-signature",
            format!("{right}; the request has no signature to compare it with."),
            "capture every header as it arrives, and look for the one with the signature",
        ),
        _ => OwnDigestVerdict::new(
            "right-but-not-signature",
            format!("{right}; the signature of the request is another one."),
            "the explanation of the signature says why; if there is none, compare the secret with \
             the one the provider shows",
        ),
    }
}

/// Describes a digest that is the signature of the request, although it needs edits: the code is
/// right, and the request or the secret given here is not what was signed.
fn signed_otherwise(same: &SameSignature, digest: &OwnDigest) -> OwnDigestVerdict {
    let (code, message, fix) = same.describe(digest);
    let message = format!(
        "{message} The body in this file, or the secret given here, is not the one that was signed: \
         the explanation of the signature says how they differ."
    );
    OwnDigestVerdict::new(code, message, fix)
}

/// Describes a digest that needs edits of the request or the secret.
fn hashed_otherwise(
    context: &FailureContext<'_>,
    found: &SearchResult,
    status: SignatureStatus,
) -> OwnDigestVerdict {
    let described = sentences::describe(&ContentMatch {
        edits: found.edits.as_deref().unwrap_or_default(),
        hashed: &found.signed_body,
        json: context.json.as_ref(),
        is_valid: status == SignatureStatus::Valid,
        is_token: matches!(
            context.provider.signature.signature_format(),
            SignatureFormat::Token(_)
        ),
    });
    match described {
        Some(MatchDescription { code, message, fix }) => OwnDigestVerdict::new(code, message, fix),
        None => not_found(context, found, false),
    }
}

/// Describes a digest that the search did not find.
fn not_found(
    context: &FailureContext<'_>,
    found: &SearchResult,
    is_signature: bool,
) -> OwnDigestVerdict {
    let tried = found.tried;
    let body = &context.message.body;
    let mut hash = hex::encode(Sha256::digest(body));
    hash.truncate(16);
    let fix = format!(
        "print the length and the SHA-256 hash of what your code passes to the MAC, and the length \
         of its key: the body here has {} bytes and a hash that begins with {hash}",
        body.len()
    );
    if is_signature {
        return OwnDigestVerdict::new(
            "same-as-unexplained-signature",
            format!(
                "Your digest is the signature of the request, but the configured secret does not \
                 give it ({tried} combinations tried): your code uses another secret, or the body \
                 in this file differs from the one it hashed."
            ),
            format!("use the secret of your code here: `--secret-file FILE`; or {fix}"),
        );
    }
    let limit = if found.cut_short { " before the search limit was reached" } else { "" };
    let kinds = iter::once(context.provider.signature.kind().content_name).chain([
        "edited bodies",
        "edited secrets",
        "other signed content",
    ]);
    OwnDigestVerdict::new(
        "none-holds",
        format!(
            "{tried} combinations were tried{limit}, and none gives this digest: the {}. Either \
             your code uses another secret than the configured one, or it hashes something that \
             this search does not cover.",
            kinds.collect::<Vec<_>>().join(", ")
        ),
        fix,
    )
}
