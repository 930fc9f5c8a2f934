//! Search for a valid token: finds the edits that make its signature valid, then checks its claims.

use crate::domain::message::Message;
use crate::domain::verdict::Explanation;
use crate::engine::explain::search::SearchResult;
use crate::engine::explain::signature_locations;
use crate::protocols::json;
use crate::protocols::json::Json;
use crate::protocols::schemes::digest::{
    MIN_EVIDENCE_BYTES, decode_any_base64, decode_truncated_base64,
};
use crate::protocols::schemes::hypothesis::{Edit, Edited, MAX_EDITS};
use crate::protocols::schemes::mac::{HashFunction, mac};
use crate::protocols::schemes::scheme::MacKey;
use crate::protocols::schemes::token::{ClaimsAndBody, TokenFormat, strip_bearer};
use crate::providers::provider::Provider;
use jiff::Timestamp;
use serde_json::Value;

/// The maximum length of a token that is searched: headers are limited to 256 KiB.
const MAX_TOKEN_LEN: usize = 256 << 10;

/// The maximum number of digests that are computed for one token.
const MAX_DIGESTS: usize = 20_000;

/// The digest length in bytes, the function and the name of each HMAC algorithm (RFC 7518, section
/// 3.2).
const HMAC_ALGORITHMS: [(usize, HashFunction, &str); 3] = [
    (32, HashFunction::Sha256, "HS256"),
    (48, HashFunction::Sha384, "HS384"),
    (64, HashFunction::Sha512, "HS512"),
];

/// A token of three parts that could be decoded.
struct Token {
    header: Vec<u8>,
    /// The strings that the signer may have signed: as received, and in unpadded base64url.
    signed_strings: Vec<String>,
    signature: Vec<u8>,
    function: HashFunction,
    /// `true` if it is signed with the algorithm of the scheme.
    uses_scheme_algorithm: bool,
    claims: Vec<u8>,
}

/// The result of a search: the edits found, and the reasons to reject the header or the claims.
#[derive(Debug, Default)]
pub(super) struct TokenSearch {
    pub(super) result: SearchResult,
    pub(super) rejections: Vec<Explanation>,
}

/// The request that is explained, and its provider's documentation.
pub(super) struct TokenContext<'a> {
    pub(super) message: &'a Message,
    pub(super) at: Timestamp,
    pub(super) provider: &'a Provider,
    /// The sample payload of the event, if the request names one.
    pub(super) sample: Option<&'a Value>,
}

/// Searches for the fewest edits that make the token valid, then checks its times and claims.
///
/// `keys` are the configured keys, those of one edit, those of two, and placeholders. Each of the user's
/// `candidates` extends the limit of digests by one, so that every candidate is tried.
pub(super) fn search(
    header: &str,
    format: &TokenFormat,
    keys: [&Vec<Edited<MacKey>>; 4],
    candidates: usize,
    context: &TokenContext<'_>,
) -> TokenSearch {
    let values = token_values(header, format, context.message).into_iter();
    let mut tokens: Vec<_> = values.filter_map(|value| parse_token(format, value)).collect();
    tokens.sort_by_key(|token| token.edits.len());
    let mut searched = SearchResult::default();
    for keys in keys {
        for token in &tokens {
            for key in keys {
                if token.edits.len() + key.edits.len() > MAX_EDITS {
                    continue;
                }
                if searched.tried >= MAX_DIGESTS + candidates {
                    searched.cut_short = true;
                    return TokenSearch { result: searched, rejections: Vec::new() };
                }
                searched.tried += token.value.signed_strings.len();
                if verifies(&token.value, &key.value) {
                    let edits = token.edits.iter().chain(&key.edits).cloned().collect();
                    searched.edits = Some(edits);
                    let rejections = rejections(format, &token.value, context);
                    return TokenSearch { result: searched, rejections };
                }
            }
        }
    }
    TokenSearch { result: searched, rejections: Vec::new() }
}

/// Returns `true` if one of the strings verifies under `key`.
fn verifies(token: &Token, key: &[u8]) -> bool {
    let digest = |signed: &String| mac(token.function, key, &[signed.as_bytes()]);
    token.signed_strings.iter().any(|signed| digest(signed).starts_with(&token.signature))
}

/// Returns every string that may be the token, with up to two edits.
fn token_values(header: &str, format: &TokenFormat, message: &Message) -> Vec<Edited<String>> {
    let mut values = signature_locations::values(header, message);
    values.retain(|value| value.value.len() <= MAX_TOKEN_LEN);
    let mut next = 0;
    // Values that are appended are visited as well, until they have as many edits as allowed.
    while let Some(value) = values.get(next).cloned() {
        next += 1;
        if value.edits.len() < MAX_EDITS {
            values.extend(format.extra_characters.iter().filter_map(|row| {
                let (stripped, detail) = (row.apply)(&value.value)?;
                Some(Edited::with_edit(&value.edits, row.edit(&detail), stripped))
            }));
        }
    }
    values
}

/// Parses a token. Padding, the standard base64 alphabet and a truncated signature count as edits.
fn parse_token(
    format: &TokenFormat,
    Edited { value: text, mut edits }: Edited<String>,
) -> Option<Edited<Token>> {
    let text = strip_bearer(&text).unwrap_or(&text);
    let (signed, signature) = text.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.').filter(|(_, claims)| !claims.contains('.'))?;
    let characters = signature.len();
    let is_cut = characters < format.signature_characters;
    let signature =
        if is_cut { decode_truncated_base64(signature)? } else { decode_any_base64(signature)? };
    let (header, claims) = (decode_any_base64(header)?, decode_any_base64(claims)?);
    let algorithm = |length: usize| HMAC_ALGORITHMS.iter().find(|(bytes, ..)| *bytes == length);
    let (function, edit) = match algorithm(signature.len()) {
        Some((bytes, function, _)) if *bytes == format.signature_bytes => (*function, None),
        Some((_, function, name)) => (*function, Some(format.other_size.edit(name))),
        None if (MIN_EVIDENCE_BYTES..format.signature_bytes).contains(&signature.len()) => {
            let (_, function, _) = algorithm(format.signature_bytes)?;
            (*function, Some(format.truncated.edit(&characters.to_string())))
        }
        None => return None,
    };
    let unpadded: String = signed.replace('=', "").replace('+', "-").replace('/', "_");
    let is_padded = text.contains('=');
    edits.extend(is_padded.then(|| format.padded.edit("")));
    edits.extend(text.contains(['+', '/']).then(|| format.standard_base64.edit("")));
    edits.extend(edit);
    let mut signed = vec![signed.to_owned()];
    signed.extend((unpadded != signed[0]).then_some(unpadded));
    let is_own_size = signature.len() <= format.signature_bytes;
    let token = Token {
        header,
        signed_strings: signed,
        signature,
        function,
        uses_scheme_algorithm: is_own_size,
        claims,
    };
    (edits.len() <= MAX_EDITS).then_some(Edited { value: token, edits })
}

/// Returns the reasons to reject a token whose signature is valid: its header, its times, or claims
/// that differ from the body.
fn rejections(format: &TokenFormat, token: &Token, context: &TokenContext<'_>) -> Vec<Explanation> {
    // Another HMAC algorithm counts as an edit, which is already reported.
    let header = (format.header_rejection)(&token.header);
    if let Some(rejection) = header.filter(|_| token.uses_scheme_algorithm) {
        return vec![rejection];
    }
    let Some((inflated, name)) = (format.decompress)(&token.claims) else {
        return claims_rejections(format, &token.claims, context);
    };
    let Edit { code, mut evidence, fix, .. } = format.compressed.edit(name);
    let others = claims_rejections(format, &inflated, context);
    if others.is_empty() {
        evidence.to_mut().push_str(" Decompressed, they are the payload of the body.");
    }
    std::iter::once(Explanation::new(code, evidence, fix)).chain(others).collect()
}

/// Returns the reasons to reject these claims of a token.
fn claims_rejections(
    format: &TokenFormat,
    signed_claims: &[u8],
    context: &TokenContext<'_>,
) -> Vec<Explanation> {
    let Ok(claims) = json::read(signed_claims) else {
        return vec![invalid_claims(format, "JSON")];
    };
    let body = &context.message.body;
    // Claims that repeat a name are malformed: comparing them with the body would prove nothing.
    let parsed = json::read(body).ok().filter(|_| json::first_duplicate_key(&claims).is_none());
    let difference = parsed.and_then(|body| {
        let shape = |json: &Json| context.payload_likeness(json);
        let compared = ClaimsAndBody { claims: &claims, body: &body, payload_likeness: &shape };
        format.claims.iter().find_map(|row| Some(row.edit(&(row.apply)(&compared)?)))
    });
    match difference {
        Some(Edit { code, evidence, fix, .. }) => vec![Explanation::new(code, evidence, fix)],
        None if claims.as_object().is_none() => vec![invalid_claims(format, "an object")],
        None => (format.claims_rejections)(signed_claims, body, context.at),
    }
}

/// Returns the explanation of a valid signature over something other than claims.
fn invalid_claims(format: &TokenFormat, expected: &str) -> Explanation {
    let text = format!("The signature of the token is valid, but its claims are not {expected}.");
    Explanation::new(format.malformed_code, text, "create the token with a JWT library")
}

impl TokenContext<'_> {
    /// Ranks how much a value looks like a payload of the provider: the event it names takes
    /// precedence over the field names it shares with the sample.
    fn payload_likeness(&self, json: &Json) -> (u8, usize) {
        let pointer = self.provider.event.pointer.as_deref();
        let name = pointer.and_then(|pointer| json.pointer(pointer)).and_then(Json::as_str);
        let event = match name {
            Some(name) if self.provider.event(name).is_some() => 2,
            Some(_) => 1,
            None => 0,
        };
        let names =
            self.sample.and_then(Value::as_object).into_iter().flat_map(|sample| sample.keys());
        (event, names.filter(|name| json.get(name).is_some()).count())
    }
}
