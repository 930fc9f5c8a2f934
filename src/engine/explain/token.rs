//! Search for a valid token: finds the edits that make its signature valid, then checks its claims.

use crate::domain::message::Message;
use crate::domain::verdict::Explanation;
use crate::engine::explain::search::Searched;
use crate::engine::explain::signature_readings::{Function, mac};
use crate::engine::explain::transport;
use crate::protocols::json;
use crate::protocols::json::Json;
use crate::protocols::schemes::digest::{ANY_BASE64, LEAST_EVIDENCE, base64_beginning};
use crate::protocols::schemes::hypothesis::{DEPTH, Edit, Edited};
use crate::protocols::schemes::scheme::MacKey;
use crate::protocols::schemes::token::{Compared, TokenFormat, bearer};
use crate::providers::provider::Provider;
use base64::Engine;
use jiff::Timestamp;
use serde_json::Value;

/// The maximum length of a token that is searched: headers are limited to 256 KiB.
const MAX_TOKEN: usize = 256 << 10;

/// The maximum number of digests that are computed for one token.
const MAX_TRIED: usize = 20_000;

/// The digest length in bytes, the function and the name of each HMAC algorithm (RFC 7518, section
/// 3.2).
const SIZES: [(usize, Function, &str); 3] = [
    (32, Function::Sha256, "HS256"),
    (48, Function::Sha384, "HS384"),
    (64, Function::Sha512, "HS512"),
];

/// A token of three parts that could be decoded.
struct Token {
    header: Vec<u8>,
    /// The strings that the signer may have signed: as received, and in unpadded base64url.
    signed: Vec<String>,
    signature: Vec<u8>,
    function: Function,
    /// `true` if it is signed with the algorithm of the scheme.
    is_own_size: bool,
    claims: Vec<u8>,
}

/// The result of a search: the edits found, and the objections to the header or the claims.
#[derive(Debug, Default)]
pub(super) struct TokenSearch {
    pub(super) searched: Searched,
    pub(super) objections: Vec<Explanation>,
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
/// `keys` are the configured keys, those of one edit and those of two. Each of the user's
/// `candidates` extends the limit of digests by one, so that every candidate is tried.
pub(super) fn search(
    header: &str,
    format: &TokenFormat,
    keys: [&Vec<Edited<MacKey>>; 3],
    candidates: usize,
    context: &TokenContext<'_>,
) -> TokenSearch {
    let values = values(header, format, context.message).into_iter();
    let mut tokens: Vec<_> = values.filter_map(|value| token(format, value)).collect();
    tokens.sort_by_key(|token| token.edits.len());
    let mut searched = Searched::default();
    for keys in keys {
        for token in &tokens {
            for key in keys {
                if token.edits.len() + key.edits.len() > DEPTH {
                    continue;
                }
                if searched.tried >= MAX_TRIED + candidates {
                    searched.cut_short = true;
                    return TokenSearch { searched, objections: Vec::new() };
                }
                searched.tried += token.value.signed.len();
                if verifies(&token.value, &key.value) {
                    let edits = token.edits.iter().chain(&key.edits).cloned().collect();
                    searched.edits = Some(edits);
                    let objections = objections(format, &token.value, context);
                    return TokenSearch { searched, objections };
                }
            }
        }
    }
    TokenSearch { searched, objections: Vec::new() }
}

/// Returns `true` if one of the strings verifies under `key`.
fn verifies(token: &Token, key: &[u8]) -> bool {
    let digest = |signed: &String| mac(token.function, key, &[signed.as_bytes()]);
    token.signed.iter().any(|signed| digest(signed).starts_with(&token.signature))
}

/// Returns every string that may be the token, with up to two edits.
fn values(header: &str, format: &TokenFormat, message: &Message) -> Vec<Edited<String>> {
    let mut values = transport::values(header, message);
    values.retain(|value| value.value.len() <= MAX_TOKEN);
    let mut next = 0;
    // Values that are appended are visited as well, until they have as many edits as allowed.
    while let Some(value) = values.get(next).cloned() {
        next += 1;
        if value.edits.len() < DEPTH {
            values.extend(format.around.iter().filter_map(|row| {
                let (stripped, detail) = (row.apply)(&value.value)?;
                Some(Edited::then(&value.edits, row.edit(&detail), stripped))
            }));
        }
    }
    values
}

/// Parses a token. Padding, the standard base64 alphabet and a truncated signature count as edits.
fn token(
    format: &TokenFormat,
    Edited { value: text, mut edits }: Edited<String>,
) -> Option<Edited<Token>> {
    let text = bearer(&text).unwrap_or(&text);
    let (signed, signature) = text.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.').filter(|(_, claims)| !claims.contains('.'))?;
    let decoded = |part: &str| ANY_BASE64.iter().find_map(|engine| engine.decode(part).ok());
    let characters = signature.len();
    let is_cut = characters < format.digest_characters;
    let signature = if is_cut { base64_beginning(signature)? } else { decoded(signature)? };
    let (header, claims) = (decoded(header)?, decoded(claims)?);
    let algorithm = |length: usize| SIZES.iter().find(|(bytes, ..)| *bytes == length);
    let (function, edit) = match algorithm(signature.len()) {
        Some((bytes, function, _)) if *bytes == format.digest => (*function, None),
        Some((_, function, name)) => (*function, Some(format.other_size.edit(name))),
        None if (LEAST_EVIDENCE..format.digest).contains(&signature.len()) => {
            let (_, function, _) = algorithm(format.digest)?;
            (*function, Some(format.cut.edit(&characters.to_string())))
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
    let is_own_size = signature.len() <= format.digest;
    let token = Token { header, signed, signature, function, is_own_size, claims };
    (edits.len() <= DEPTH).then_some(Edited { value: token, edits })
}

/// Returns the objections to a token whose signature is valid: to its header, to its times, or to
/// claims that differ from the body.
fn objections(format: &TokenFormat, token: &Token, context: &TokenContext<'_>) -> Vec<Explanation> {
    // Another HMAC algorithm counts as an edit, which is already reported.
    let header = (format.header_objection)(&token.header);
    if let Some(objection) = header.filter(|_| token.is_own_size) {
        return vec![objection];
    }
    let Ok(claims) = json::read(&token.claims) else {
        return vec![not_claims(format, "JSON")];
    };
    let body = &context.message.body;
    // Claims that repeat a name are malformed: comparing them with the body would prove nothing.
    let parsed = json::read(body).ok().filter(|_| json::repeated_name(&claims).is_none());
    let difference = parsed.and_then(|body| {
        let shape = |json: &Json| context.shape(json);
        let compared = Compared { claims: &claims, body: &body, shape: &shape };
        format.claims.iter().find_map(|row| Some(row.edit(&(row.apply)(&compared)?)))
    });
    match difference {
        Some(Edit { code, evidence, fix, .. }) => vec![Explanation::new(code, evidence, fix)],
        None if claims.as_object().is_none() => vec![not_claims(format, "an object")],
        None => (format.claims_objection)(&token.claims, body, context.at).into_iter().collect(),
    }
}

/// Returns the explanation of a valid signature over something other than claims.
fn not_claims(format: &TokenFormat, expected: &str) -> Explanation {
    let text = format!("The signature of the token is valid, but its claims are not {expected}.");
    Explanation::new(format.malformed, text, "create the token with a JWT library")
}

impl TokenContext<'_> {
    /// Ranks how much a value looks like a payload of the provider: the event it names takes
    /// precedence over the field names it shares with the sample.
    fn shape(&self, json: &Json) -> (u8, usize) {
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
