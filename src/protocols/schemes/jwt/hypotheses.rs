//! The hypotheses about tokens whose check fails: possible causes such as extra characters, another
//! encoding, another HMAC algorithm, or claims that differ from the body.
//!
//! Those that change the token are edits, after which its signature is verified again. Those about
//! claims apply to a token whose signature is valid.

use crate::protocols::json::{self, Json};
use crate::protocols::schemes::digest::StripExtra;
use crate::protocols::schemes::hypothesis::{
    Hypothesis, HypothesisKind, HypothesisText, strip_quotes,
};
use crate::protocols::schemes::jwt::claims::{is_registered, payload_claims};
use crate::protocols::schemes::token::{ClaimsAndBody, FindDifference, strip_bearer};

/// The code of the explanation for signed claims that are not JSON or not an object. The check of a
/// token uses it for every malformed token.
pub(super) const MALFORMED_CODE: &str = "malformed-token";

/// Returns the messages of all hypotheses, and those of [`MALFORMED_CODE`].
pub(super) fn texts() -> Vec<HypothesisText> {
    let kind = HypothesisKind::Token;
    let extra = EXTRA_CHARACTERS.iter().map(|row| row.text(kind));
    let claims = CLAIMS_MISMATCHES.iter().map(|row| row.text(kind));
    let encodings =
        [&PADDED, &STANDARD_BASE64, &OTHER_SIZE, &TRUNCATED, &COMPRESSED].map(|row| row.text(kind));
    let malformed = HypothesisText {
        kind,
        code: MALFORMED_CODE,
        condition: "".into(),
        evidence: "The value is not a token of three parts, or its claims are not an object."
            .into(),
        fix: "create the token with a JWT library".into(),
    };
    extra.chain(encodings).chain([malformed]).chain(claims).collect()
}

/// The maximum position of a token after another word. A known scheme and its space are shorter;
/// further on, `eyJ` is more likely to be part of something else.
const MAX_TOKEN_START: usize = 20;

/// The maximum number of characters of a field name in an explanation.
const MAX_FIELD_NAME_CHARS: usize = 40;

/// Extra characters around or inside a token.
///
/// `apply` returns the token without them, and the string that replaces `{}` in the messages.
pub(super) static EXTRA_CHARACTERS: &[Hypothesis<StripExtra>] = &[
    Hypothesis {
        code: "doubled-bearer",
        condition: "one `Bearer` is removed",
        evidence: "`Bearer` occurs twice: the client adds it to a value that already has it.",
        fix: "pass only the token to the client",
        apply: |text| {
            let rest = strip_bearer(strip_bearer(text)?)?;
            Some((rest.to_owned(), String::new()))
        },
    },
    Hypothesis {
        code: "bad-scheme",
        condition: "`{}` before the token is removed",
        evidence: "The token follows `{}`, but this provider sends `Bearer` or nothing before it.",
        fix: "send only the token, or the token after `Bearer `",
        apply: |text| {
            // Every token begins with `eyJ`, the base64 of `{"`.
            let start = text.find("eyJ").filter(|start| *start > 0 && *start <= MAX_TOKEN_START)?;
            let before = text[..start].trim().trim_matches(['"', '\'']);
            let other = !before.is_empty() && strip_bearer(text).is_none();
            other.then(|| (text[start..].to_owned(), before.to_owned()))
        },
    },
    Hypothesis {
        code: "quoted-token",
        condition: "the quotes around the token are removed",
        evidence: "The token is in quotes, like a value that was serialized as JSON.",
        fix: "send the token without quotes",
        apply: |text| {
            let inside = strip_quotes(strip_bearer(text).unwrap_or(text).as_bytes())?;
            Some((std::str::from_utf8(inside).ok()?.to_owned(), String::new()))
        },
    },
    Hypothesis {
        code: "folded-token",
        condition: "the whitespace is removed from the token",
        evidence: "The token spans several lines or contains spaces: something wrapped it.",
        fix: "send it on one line",
        apply: |text| {
            let token = strip_bearer(text).unwrap_or(text);
            let unfolded: String = token.chars().filter(|c| !c.is_whitespace()).collect();
            (unfolded.len() < token.len()).then_some((unfolded, String::new()))
        },
    },
];

/// Base64 padding, which RFC 7515, section 2, omits.
pub(super) static PADDED: Hypothesis<()> = Hypothesis {
    code: "padded-token",
    condition: "the `=` at the ends of its parts are ignored",
    evidence: "The parts of the token have base64 padding, which tokens omit (RFC 7515, section \
               2).",
    fix: "create it with a JWT library, or remove the `=` before signing",
    apply: (),
};

/// Standard base64 instead of base64url.
pub(super) static STANDARD_BASE64: Hypothesis<()> = Hypothesis {
    code: "standard-base64-token",
    condition: "`+` and `/` are read as `-` and `_`",
    evidence: "The token is in standard base64, but tokens use `-` and `_` (RFC 7515, section 2).",
    fix: "create it with a JWT library, or encode it as base64url",
    apply: (),
};

/// Another HMAC algorithm, which is recognised by the length of the signature. `{}` is its name,
/// such as `HS512`.
pub(super) static OTHER_SIZE: Hypothesis<()> = Hypothesis {
    code: "other-hmac-size",
    condition: "{} is used instead of HS256",
    evidence: "The token is signed with {}; this provider only signs with HS256.",
    fix: "sign with HS256",
    apply: (),
};

/// Compressed claims. `{}` is the name of the compression.
pub(super) static COMPRESSED: Hypothesis<()> = Hypothesis {
    code: "compressed-claims",
    condition: "",
    evidence: "The claims of the token are compressed with {} (`zip`), and this provider sends \
               them as JSON.",
    fix: "create the token without `zip`: RFC 7516 defines it for encrypted tokens only, and most \
          libraries do not decompress the claims of a signed one",
    apply: (),
};

/// A truncated token. `{}` is the number of characters of the signature that are present.
pub(super) static TRUNCATED: Hypothesis<()> = Hypothesis {
    code: "truncated-token",
    condition: "only the {} characters of its signature are compared",
    evidence: "The characters are correct, but the end of the token is missing: a column, a log \
               field or a header limit was too narrow.",
    fix: "keep the whole token: HS256 has 43 characters after the second dot",
    apply: (),
};

/// Claims of a valid signature that differ from the body in a recognisable way.
///
/// Each difference has two possible causes: the signer put something else into the claims, or the
/// receiver kept one field of the body or wrapped it. Both look the same, so that a hypothesis that
/// blames one side requires that the other one is more like a documented payload of the provider
/// (`payload_likeness`).
///
/// The conditions are empty because no change to the request makes it valid: only the evidence and
/// the fix are printed. `/{}` stands for the top-level field concerned, as [`field_name`] returns
/// it.
pub(super) static CLAIMS_MISMATCHES: &[Hypothesis<FindDifference>] = &[
    Hypothesis {
        code: "claims-are-a-string",
        condition: "",
        evidence: "The claims are one string that contains the payload: it was serialized as \
                   JSON before it was passed to the library, which serialized it again.",
        fix: "pass the object to the library: `jwt.encode(payload, …)`, without `json.dumps` or \
              `JSON.stringify`",
        apply: |pair| {
            let inner = json::read(pair.claims.as_str()?.as_bytes()).ok()?;
            let is_payload = are_equal(&payload_claims(&inner, pair.body), pair.body);
            (is_payload && is_distinctive(pair.body)).then(String::new)
        },
    },
    Hypothesis {
        code: "claims-are-a-part",
        condition: "",
        evidence: "The claims are only `/{}` of the body.",
        fix: "sign the whole payload, including the name of the event",
        apply: |pair| {
            body_field_with_claims(pair).filter(|_| {
                (pair.payload_likeness)(pair.body) > (pair.payload_likeness)(pair.claims)
            })
        },
    },
    Hypothesis {
        code: "body-is-wrapped",
        condition: "",
        evidence: "The body contains the signed payload as `/{}`: the tool that received or \
                   captured it wrapped it.",
        fix: "keep the body as it arrives, without an envelope",
        apply: |pair| {
            body_field_with_claims(pair).filter(|_| {
                (pair.payload_likeness)(pair.claims) > (pair.payload_likeness)(pair.body)
            })
        },
    },
    Hypothesis {
        code: "claims-are-wrapped",
        condition: "",
        evidence: "The claims contain the payload as `/{}`.",
        fix: "use the payload itself as the claims",
        apply: |pair| {
            claims_field_with_body(pair).filter(|_| {
                (pair.payload_likeness)(pair.body) > (pair.payload_likeness)(pair.claims)
            })
        },
    },
    Hypothesis {
        code: "body-is-a-part",
        condition: "",
        evidence: "The body is only `/{}` of the signed payload: the tool that received or \
                   captured it kept that part and dropped the rest. The claims are as the provider \
                   documents them.",
        fix: "keep the whole body, such as `req.body` and not one of its fields, or capture the \
              request with `leadhook listen --save`",
        apply: |pair| {
            claims_field_with_body(pair).filter(|_| {
                (pair.payload_likeness)(pair.claims) > (pair.payload_likeness)(pair.body)
            })
        },
    },
];

/// Returns the name of the field of the body that equals the claims, except for registered claims.
fn body_field_with_claims(pair: &ClaimsAndBody<'_>) -> Option<String> {
    field_name(pair.body, |value| are_equal(value, &payload_claims(pair.claims, value)))
}

/// Returns the name of the field of the claims that equals the body.
fn claims_field_with_body(pair: &ClaimsAndBody<'_>) -> Option<String> {
    field_name(pair.claims, |value| are_equal(value, pair.body))
}

/// Returns the name of the first field whose value `matches` and is distinctive. It is truncated,
/// and not escaped as in a JSON Pointer: it is only printed.
fn field_name(object: &Json, matches: impl Fn(&Json) -> bool) -> Option<String> {
    let mut fields = object.as_object()?.iter();
    let (name, _) = fields.find(|(_, value)| is_distinctive(value) && matches(value))?;
    Some(name.to_string_lossy().chars().take(MAX_FIELD_NAME_CHARS).collect())
}

/// The minimum number of characters for two equal objects to count as evidence: those of the names
/// at the top level and of the values at any depth, but not of nested names.
const MIN_DISTINCTIVE_CHARS: usize = 8;

/// Returns `true` if a value is an object with enough content, apart from registered claims, that
/// another one equals it for a reason. Values such as `null`, `{}` or a string may be equal by
/// coincidence.
fn is_distinctive(json: &Json) -> bool {
    let payload_fields = json
        .as_object()
        .unwrap_or_default()
        .iter()
        .filter(|(name, _)| !name.as_str().is_some_and(is_registered));
    let (names, values) = payload_fields.fold((0, 0), |(names, values), (name, value)| {
        (names + name.to_string_lossy().chars().count(), values + char_count(value))
    });
    values > 0 && names + values >= MIN_DISTINCTIVE_CHARS
}

/// Returns the number of characters of all strings and numbers in a value, without names.
fn char_count(json: &Json) -> usize {
    match json {
        Json::Null | Json::Bool(_) => 0,
        Json::Number(literal) => literal.len(),
        Json::Text(text) => text.to_string_lossy().chars().count(),
        Json::Array(items) => items.iter().map(char_count).sum(),
        Json::Object(fields) => fields.iter().map(|(_, value)| char_count(value)).sum(),
    }
}

/// Returns `true` if two values are equal whichever parser reads them. Objects with duplicate keys
/// never are, because parsers disagree on the value that counts.
fn are_equal(one: &Json, other: &Json) -> bool {
    json::differences(one, other).is_empty()
}
