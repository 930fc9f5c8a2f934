//! The `hmac-sha256-hex` scheme: lower-case hex of HMAC-SHA256 in one header, behind a prefix where
//! the pack has one.

use crate::domain::finding::{Finding, Severity, Words};
use crate::domain::message::Message;
use crate::domain::provider::SignedForm;
use crate::domain::secret::Secret;
use crate::domain::verdict::{Explanation, Matched, SignatureStatus};
use crate::protocols::json_stringify;
use crate::protocols::signature::{Judgement, Signed, only_value};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Bytes of a SHA-256 digest.
const DIGEST: usize = 32;

/// HMAC-SHA256 keyed with the bytes of `secret`, as they are.
#[must_use]
pub(super) fn keyed(secret: &[u8]) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length (RFC 2104, section 3)")]
    Hmac::new_from_slice(secret).expect("any length of key")
}

/// The 32 bytes of the MAC.
#[must_use]
pub(super) fn mac(secret: &[u8], bytes: &[u8]) -> Vec<u8> {
    keyed(secret).chain_update(bytes).finalize().into_bytes().to_vec()
}

/// Compares in constant time.
#[must_use]
pub(super) fn holds(secret: &[u8], bytes: &[u8], given: &[u8]) -> bool {
    keyed(secret).chain_update(bytes).verify_slice(given).is_ok()
}

/// Signs `body` in the form that the provider signs.
pub(super) fn sign(
    header: &str,
    over: SignedForm,
    prefix: &str,
    secret: &Secret,
    body: &[u8],
) -> Signed {
    let (signed, note) = match over {
        SignedForm::RawBody => (None, None),
        SignedForm::JsonStringify => match json_stringify::restringify(body) {
            Ok(text) if text == body => (None, None),
            Ok(text) => (
                Some(text),
                Some(
                    "the body is not as `JSON.stringify` prints it: the signature is over that form, \
                     which a receiver built after the vendor's page computes; one that hashes the raw \
                     bytes refuses it",
                ),
            ),
            Err(_) => (None, Some("the body is not JSON: its bytes were signed as they are")),
        },
    };
    let digits = hex::encode(mac(secret.expose(), signed.as_deref().unwrap_or(body)));
    Signed { header: header.to_owned(), value: format!("{prefix}{digits}"), note }
}

/// Holds the header against the body: the raw bytes first, then, where the scheme has it, the
/// re-stringified form.
pub(super) fn verify(
    header: &str,
    over: SignedForm,
    prefix: &str,
    secrets: &[Secret],
    message: &Message,
) -> Judgement {
    let read = only_value(header, message).and_then(|value| {
        let digits = digits(header, prefix, value)?;
        Ok((digits, read_digits(header, prefix, digits)?))
    });
    let (digits, given) = match read {
        Ok(read) => read,
        Err(judgement) => return judgement,
    };
    let any = |bytes: &[u8]| {
        // Every secret is tried, whichever holds: the time taken tells nothing about which one did.
        secrets.iter().fold(false, |found, secret| holds(secret.expose(), bytes, &given) | found)
    };
    let matched = if any(&message.body) {
        Matched::Raw
    } else {
        let restringified = match over {
            SignedForm::RawBody => None,
            SignedForm::JsonStringify => json_stringify::restringify(&message.body).ok(),
        };
        if !restringified.is_some_and(|text| any(&text)) {
            return mismatch();
        }
        Matched::Restringified
    };
    let mut judgement = Judgement::valid(matched);
    if digits.iter().any(u8::is_ascii_uppercase) {
        let message =
            format!("`{header}` is in upper case; a receiver that compares texts would refuse it");
        let words = Words::said(message, "upper-case digits", "lower-case digits");
        let source = "RFC 4648, section 8";
        judgement.findings.push(Finding::new(
            Severity::Warning,
            "uppercase-signature",
            words,
            source,
        ));
    }
    if matched == Matched::Restringified {
        let words = Words::said(
            "the signature fits the body as `JSON.stringify` prints it, not its raw bytes; \
             a receiver that hashes raw bytes would refuse it",
            "other bytes of the same value",
            "the bytes that `JSON.stringify` prints",
        );
        let source = "ECMA-262, JSON.stringify";
        judgement.findings.push(Finding::new(Severity::Warning, "restringified", words, source));
    }
    judgement
}

/// What stands behind the prefix of the pack, letter for letter as receivers compare it.
fn digits<'v>(header: &str, prefix: &str, value: &'v [u8]) -> Result<&'v [u8], Judgement> {
    let rest = value.strip_prefix(prefix.as_bytes());
    if let Some(found) = foreign_prefix(prefix, rest.unwrap_or(value)) {
        return Err(match (prefix.is_empty(), rest) {
            (true, _) => malformed(
                "prefixed-signature",
                format!("`{header}` starts with `{found}`."),
                "send the 64 hex digits alone",
            ),
            (false, None) => malformed(
                "prefixed-signature",
                format!("`{header}` starts with `{found}`, expected `{prefix}`."),
                &format!("put `{prefix}` before the digits, in these letters"),
            ),
            (false, Some(_)) => malformed(
                "prefixed-signature",
                format!("`{header}` has `{found}` behind `{prefix}`."),
                &format!("put `{prefix}` before the digits, and nothing else"),
            ),
        });
    }
    match rest {
        Some(digits) => Ok(digits),
        None if value.is_empty() => Err(empty(header, prefix)),
        None => Err(malformed(
            "unprefixed-signature",
            format!("`{header}` has no `{prefix}` before the digits."),
            &format!("put `{prefix}` before the 64 hex digits"),
        )),
    }
}

/// A prefix that other senders have, or that of the pack in other letters, at the beginning of
/// `value`.
fn foreign_prefix<'v>(prefix: &str, value: &'v [u8]) -> Option<&'v str> {
    let known = ["sha256=", "v1=", "0x"].into_iter().chain([prefix]);
    let found = known.filter(|known| !known.is_empty()).find_map(|known| {
        let start = value.get(..known.len())?;
        start.eq_ignore_ascii_case(known.as_bytes()).then_some(start)
    });
    std::str::from_utf8(found?).ok()
}

/// Reads exactly 64 hex digits, of either case, or says what stands there in their place.
fn read_digits(header: &str, prefix: &str, digits: &[u8]) -> Result<[u8; DIGEST], Judgement> {
    let mut given = [0; DIGEST];
    if hex::decode_to_slice(digits, &mut given).is_ok() {
        return Ok(given);
    }
    if digits.is_empty() {
        return Err(empty(header, prefix));
    }
    if digits.len() < 2 * DIGEST && digits.iter().all(u8::is_ascii_hexdigit) {
        return Err(malformed(
            "truncated-signature",
            format!("`{header}` has {} hex digits of {}.", digits.len(), 2 * DIGEST),
            "send all of them: something cut the header, or another digest was used",
        ));
    }
    Err(malformed(
        "malformed-signature",
        format!("`{header}` is not {} hex digits.", 2 * DIGEST),
        "encode the digest in hex, without quotes or spaces, and with no prefix of your own",
    ))
}

fn empty(header: &str, prefix: &str) -> Judgement {
    let before = if prefix.is_empty() { String::new() } else { format!("`{prefix}` and ") };
    let message = format!("`{header}` holds no digits.");
    malformed("empty-signature", message, &format!("send {before}64 hex digits"))
}

fn malformed(code: &'static str, message: String, fix: &str) -> Judgement {
    Judgement::no(SignatureStatus::Malformed, Explanation::new(code, message, fix))
}

fn mismatch() -> Judgement {
    Judgement::no(
        SignatureStatus::Invalid,
        Explanation::new(
            "mismatch",
            "It was made with another secret, or over other bytes.",
            "compare the secret on both sides, and keep the body as it was received: parsing it \
             and printing it again changes the bytes",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::message::Headers;

    const HEADER: &str = "X-Signature";

    fn secret() -> Secret {
        Secret::new("your_secret").unwrap()
    }

    fn judge(value: &[u8], body: &str) -> Judgement {
        let headers = Headers::from_iter([("x-signature", value)]);
        verify(
            HEADER,
            SignedForm::RawBody,
            "",
            &[secret()],
            &Message::post("/", headers, body.to_owned()),
        )
    }

    #[test]
    fn rfc_4231_test_cases_hold() {
        // Cases 1, 2 and 6 of RFC 4231, section 4.
        for (key, data, expected) in [
            (
                vec![0x0b; 20],
                b"Hi There".to_vec(),
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            ),
            (
                b"Jefe".to_vec(),
                b"what do ya want for nothing?".to_vec(),
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                vec![0xaa; 131],
                b"Test Using Larger Than Block-Size Key - Hash Key First".to_vec(),
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
        ] {
            assert_eq!(hex::encode(mac(&key, &data)), expected);
        }
    }

    #[test]
    fn either_case_of_hex_is_valid_and_upper_case_is_said() {
        let value = sign(HEADER, SignedForm::RawBody, "", &secret(), b"{}").value;
        assert_eq!(judge(value.as_bytes(), "{}"), Judgement::valid(Matched::Raw));
        let upper = judge(format!(" {}\t", value.to_uppercase()).as_bytes(), "{}");
        assert_eq!(upper.status, SignatureStatus::Valid);
        assert_eq!(upper.findings[0].code, "uppercase-signature");
    }

    #[test]
    fn every_malformed_signature_is_named() {
        let good = sign(HEADER, SignedForm::RawBody, "", &secret(), b"{}").value;
        for (value, code) in [
            (String::new(), "empty-signature"),
            (good[..62].to_owned(), "truncated-signature"),
            (format!("sha256={good}"), "prefixed-signature"),
            (format!("0x{good}"), "prefixed-signature"),
            (format!("{good}00"), "malformed-signature"),
            (format!("\"{good}\""), "malformed-signature"),
            (format!("{good}, {good}"), "malformed-signature"),
            ("zz".repeat(32), "malformed-signature"),
            (format!("{good}\u{a0}"), "malformed-signature"),
        ] {
            let judgement = judge(value.as_bytes(), "{}");
            assert_eq!(judgement.status, SignatureStatus::Malformed, "{value}");
            assert_eq!(judgement.explanations[0].code, code, "{value}");
        }
    }

    #[test]
    fn the_example_of_githubs_page_holds_and_its_prefix_is_wanted_in_these_letters() {
        // docs.github.com, "Validating webhook deliveries": values to test with.
        let secret = Secret::new("It's a Secret to Everybody").unwrap();
        let body = "Hello, World!";
        let digits = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        let hub = |value: String| {
            let headers = Headers::from_iter([("X-Hub-Signature-256", value)]);
            let message = Message::post("/", headers, body);
            let secrets = std::slice::from_ref(&secret);
            verify("X-Hub-Signature-256", SignedForm::RawBody, "sha256=", secrets, &message)
        };
        let signed =
            sign("X-Hub-Signature-256", SignedForm::RawBody, "sha256=", &secret, body.as_bytes());
        assert_eq!(signed.value, format!("sha256={digits}"));
        assert_eq!(hub(signed.value), Judgement::valid(Matched::Raw));
        let upper = hub(format!("sha256={}", digits.to_uppercase()));
        assert_eq!(upper.findings[0].code, "uppercase-signature");
        for (value, code) in [
            (digits.to_owned(), "unprefixed-signature"),
            (format!("SHA256={digits}"), "prefixed-signature"),
            (format!("v1={digits}"), "prefixed-signature"),
            (format!("sha256=sha256={digits}"), "prefixed-signature"),
            (format!("sha256:{digits}"), "unprefixed-signature"),
            (format!("sha256={}", &digits[..62]), "truncated-signature"),
            (format!("sha256= {digits}"), "malformed-signature"),
            ("sha256=".to_owned(), "empty-signature"),
            (String::new(), "empty-signature"),
            ("é".to_owned(), "unprefixed-signature"),
        ] {
            let judgement = hub(value.clone());
            assert_eq!(judgement.status, SignatureStatus::Malformed, "{value}");
            assert_eq!(judgement.explanations[0].code, code, "{value}");
        }
    }

    #[test]
    fn a_signature_that_stands_twice_is_refused_though_both_hold() {
        let value = sign(HEADER, SignedForm::RawBody, "", &secret(), b"{}").value;
        let headers = Headers::from_iter([(HEADER, value.clone()), ("x-signature", value)]);
        let judgement = verify(
            HEADER,
            SignedForm::RawBody,
            "",
            &[secret()],
            &Message::post("/", headers, "{}"),
        );
        assert_eq!(judgement.explanations[0].code, "repeated-signature");
    }

    #[test]
    fn the_restringified_form_is_tried_second_and_only_where_the_scheme_has_it() {
        let pretty = "{ \"a\": 1.0 }";
        let value = sign(HEADER, SignedForm::JsonStringify, "", &secret(), pretty.as_bytes()).value;
        assert_eq!(value, sign(HEADER, SignedForm::RawBody, "", &secret(), b"{\"a\":1}").value);
        let headers = Headers::from_iter([(HEADER, value)]);
        let message = Message::post("/", headers, pretty);
        let as_stringified = verify(HEADER, SignedForm::JsonStringify, "", &[secret()], &message);
        assert_eq!(as_stringified.matched, Some(Matched::Restringified));
        let as_raw = verify(HEADER, SignedForm::RawBody, "", &[secret()], &message);
        assert_eq!(as_raw.status, SignatureStatus::Invalid);
    }

    #[test]
    fn any_of_several_secrets_may_have_signed() {
        let value = sign(HEADER, SignedForm::RawBody, "", &secret(), b"{}").value;
        let message = Message::post("/", Headers::from_iter([(HEADER, value)]), "{}");
        let secrets = [Secret::new("old").unwrap(), secret(), Secret::new("other").unwrap()];
        assert_eq!(
            verify(HEADER, SignedForm::RawBody, "", &secrets, &message).status,
            SignatureStatus::Valid
        );
        assert_eq!(
            verify(HEADER, SignedForm::RawBody, "", &secrets[..1], &message).status,
            SignatureStatus::Invalid
        );
    }
}
