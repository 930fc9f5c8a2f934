//! Bodies of which a file has only the JSON value: the search for the bytes that were signed.
//!
//! Anything found has the same value as the file, so a signature over it proves that value. What is
//! tried is the more exact, the earlier.

use crate::domain::message::Message;
use crate::domain::verdict::SignatureStatus;
use crate::engine::explain::reserialised::{self, StyleChoice};
use crate::engine::explain::samples::sample;
use crate::engine::judge::{Judge, Judgement};
use crate::protocols::json::{Ambiguity, Json};
use crate::protocols::json_print::LAYOUTS;
use crate::protocols::schemes::scheme::SignedForm;
use crate::protocols::{json, json_print};
use jiff::Timestamp;

/// The maximum length of a body whose numbers are written in other ways.
const MAX_RESPELLED: usize = 16 << 10;

/// The maximum number of numbers that are respelled one by one.
const MAX_NUMBERS: usize = 16;

/// A signed body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestoredBody {
    /// The bytes that the signature covers.
    pub bytes: Vec<u8>,
    /// Their origin, as a clause: "it was serialised again as … does".
    pub origin: String,
}

/// Returns the signed form of a body that is only known as a JSON value and does not verify.
///
/// `alternatives` are strings that may be that form.
#[must_use]
pub fn restore_signed_body(
    judge: &Judge,
    message: &Message,
    alternatives: &[Vec<u8>],
    at: Timestamp,
    judgement: &Judgement,
) -> Option<RestoredBody> {
    if judgement.verdict.signature.status != SignatureStatus::Invalid {
        return None;
    }
    let pack = judgement.pack.as_ref()?;
    let json = json::read(&message.body).ok()?;
    // If a key is repeated, it is unknown which of its values was signed.
    let is_duplicate_key = |oddity: &Ambiguity| matches!(oddity, Ambiguity::DuplicateKey { .. });
    if json::find_ambiguities(&json).iter().any(is_duplicate_key) {
        return None;
    }
    let scheme = &pack.provider.signature;
    // Claims are compared as JSON values, not byte by byte.
    if scheme.signed_form() == SignedForm::Claims {
        return None;
    }
    let secrets = judge.keyring().secrets_for(&pack.provider.id);
    let mut candidate = message.clone();
    let mut verifies = |body: &[u8]| {
        candidate.body = body.to_vec().into();
        scheme.verify(secrets, &candidate, at).status == SignatureStatus::Valid
    };
    // A form that drops or rounds values of the file cannot be the signed body.
    let has_same_values = |body: &[u8]| {
        json::read(body).is_ok_and(|signed| json::differences(&json, &signed).is_empty())
    };
    if let Some(found) = alternatives.iter().find(|body| verifies(body) && has_same_values(body)) {
        let origin = "another string in the file has the same value".to_owned();
        return Some(RestoredBody { bytes: found.clone(), origin });
    }
    let sample = sample(pack, judgement.verdict.event.as_deref());
    let mut forms =
        reserialised::forms(&json, message.body.len(), sample, StyleChoice::All, &|_| true);
    if let Some(form) = forms.find(|form| verifies(&form.value) && has_same_values(&form.value)) {
        let style = json_print::style(form.edits.first()?.key)?;
        let origin = format!("it was serialised again as {} ({}) does", style.call, style.language);
        return Some(RestoredBody { bytes: form.value, origin });
    }
    let length =
        message.headers.get_str("Content-Length").and_then(|text| text.trim().parse().ok());
    spellings(&json, message.body.len())
        .filter(|(body, _)| length.is_none_or(|length: usize| length == body.len()))
        .find(|(body, _)| verifies(body) && has_same_values(body))
        .map(|(bytes, origin)| RestoredBody { bytes, origin })
}

/// Returns the body in every layout, with its numbers as they are, and in the forms that parsers
/// shorten: `1.50` is parsed as `1.5`, and `250000.00` as `250000`.
fn spellings(json: &Json, length: usize) -> impl Iterator<Item = (Vec<u8>, String)> {
    let mut values = vec![(json.clone(), "")];
    if length <= MAX_RESPELLED {
        let two_decimals = respelled(json, &mut |literal| decimals(literal, 2));
        values.push((two_decimals, ", with two decimals"));
        for suffix in [".0", ".00"] {
            let whole = |literal: &str| is_whole(literal).then(|| format!("{literal}{suffix}"));
            let all = respelled(json, &mut |literal| whole(literal));
            let note = ", with decimals in the whole numbers";
            if all != *json {
                values.push((all, note));
            }
            values.extend((0..MAX_NUMBERS).map_while(|index| {
                let mut numbers = 0..;
                let mut is_changed = false;
                let one = respelled(json, &mut |literal| {
                    let changed = whole(literal)?;
                    let is_this = numbers.next() == Some(index);
                    is_changed |= is_this;
                    is_this.then_some(changed)
                });
                is_changed.then_some((one, ", with decimals in a whole number"))
            }));
        }
    }
    values.into_iter().flat_map(|(value, note)| {
        LAYOUTS.iter().map(move |layout| {
            let origin = format!("it was serialised again with {}{note}", layout.call);
            (json_print::print(&value, layout), origin)
        })
    })
}

/// Returns a value with each number replaced by what `respell` returns for it.
fn respelled(json: &Json, respell: &mut dyn FnMut(&str) -> Option<String>) -> Json {
    match json {
        Json::Number(literal) => Json::Number(respell(literal).unwrap_or_else(|| literal.clone())),
        Json::Array(items) => {
            Json::Array(items.iter().map(|item| respelled(item, respell)).collect())
        }
        Json::Object(fields) => Json::Object(
            fields.iter().map(|(name, value)| (name.clone(), respelled(value, respell))).collect(),
        ),
        Json::Null | Json::Bool(_) | Json::Text(_) => json.clone(),
    }
}

/// Returns a number with a fraction with zeros up to `count` decimals.
fn decimals(literal: &str, count: usize) -> Option<String> {
    let (_, fraction) = literal.split_once('.')?;
    let is_plain = fraction.bytes().all(|byte| byte.is_ascii_digit());
    let missing = count.checked_sub(fraction.len()).filter(|_| is_plain)?;
    Some(format!("{literal}{}", "0".repeat(missing)))
}

fn is_whole(literal: &str) -> bool {
    literal.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_respelled_and_keep_their_value() {
        let json = json::read(br#"{"a":1.5,"b":[2,-3],"c":1e2,"d":"4","e":7.25}"#).unwrap();
        let found: Vec<_> = spellings(&json, 10).collect();
        let has = |text: &str| found.iter().any(|(body, _)| body == text.as_bytes());
        for text in [
            r#"{"a":1.5,"b":[2,-3],"c":1e2,"d":"4","e":7.25}"#,
            r#"{"a": 1.50, "b": [2, -3], "c": 1e2, "d": "4", "e": 7.25}"#,
            r#"{"a":1.5,"b":[2.0,-3.0],"c":1e2,"d":"4","e":7.25}"#,
            r#"{"a":1.5,"b":[2,-3.00],"c":1e2,"d":"4","e":7.25}"#,
        ] {
            assert!(has(text), "{text}");
        }
        for (body, origin) in &found {
            let value = json::read(body).unwrap();
            assert_eq!(json::differences(&json, &value), [""; 0], "{origin}");
        }
        assert!(found.len() <= (2 + 2 * (1 + MAX_NUMBERS)) * LAYOUTS.len());
        assert_eq!(spellings(&json, MAX_RESPELLED + 1).count(), LAYOUTS.len());
    }
}
