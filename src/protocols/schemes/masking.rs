//! Masking of a secret that a request contains, wherever the request is shown.

use crate::domain::message::{Headers, Message};
use crate::domain::secret::Secret;
use crate::domain::verdict::Proof;
use crate::protocols::schemes::scheme::SignatureScheme;
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use std::borrow::Cow;
use url::form_urlencoded;

/// The replacement for a secret.
pub const MASK: &str = "***";

/// The minimum length of a secret that is also masked outside of its documented place: the
/// occurrences of a shorter one are coincidences.
const MIN_LENGTH: usize = 4;

/// Returns the request without the secret, if its provider sends one: at its documented place,
/// whatever is there, and any of `secrets` elsewhere.
#[must_use]
pub fn masked<'m>(
    scheme: &dyn SignatureScheme,
    secrets: &[Secret],
    message: &'m Message,
) -> Cow<'m, Message> {
    if scheme.proof() != Proof::SharedSecret {
        return Cow::Borrowed(message);
    }
    let mut shown = message.clone();
    scheme.place().replace_all(MASK, &mut shown);
    for form in secrets.iter().flat_map(written_forms) {
        let headers = shown.headers.iter();
        shown.headers = headers
            .map(|(name, value)| (name.to_owned(), replaced(value, &form)))
            .collect::<Headers>();
        let target = replaced(shown.target.as_bytes(), &form);
        shown.target = String::from_utf8_lossy(&target).into_owned();
        shown.body = replaced(&shown.body, &form).into();
    }
    Cow::Owned(shown)
}

/// Returns a text without the secrets, if the provider sends one.
#[must_use]
pub fn masked_text<'t>(
    scheme: &dyn SignatureScheme,
    secrets: &[Secret],
    text: &'t str,
) -> Cow<'t, str> {
    if scheme.proof() != Proof::SharedSecret {
        return Cow::Borrowed(text);
    }
    let mut shown = text.as_bytes().to_vec();
    for form in secrets.iter().flat_map(written_forms) {
        shown = replaced(&shown, &form);
    }
    Cow::Owned(String::from_utf8_lossy(&shown).into_owned())
}

/// Returns the forms in which a secret is written: as it is, in a query, in a path and in JSON.
fn written_forms(secret: &Secret) -> Vec<Vec<u8>> {
    let bytes = secret.expose();
    if bytes.len() < MIN_LENGTH {
        return Vec::new();
    }
    let quoted = serde_json::Value::from(String::from_utf8_lossy(bytes)).to_string();
    let json = quoted.trim_matches('"').as_bytes().to_vec();
    let form = form_urlencoded::byte_serialize(bytes).collect::<String>().into_bytes();
    let percent = percent_encode(bytes, NON_ALPHANUMERIC).to_string().into_bytes();
    let mut forms = vec![bytes.to_vec(), json, form, percent];
    forms.dedup();
    forms.retain(|form| !form.is_empty());
    forms
}

/// Replaces every occurrence of `secret`.
fn replaced(text: &[u8], secret: &[u8]) -> Vec<u8> {
    let mut shown = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = memchr::memmem::find(rest, secret) {
        shown.extend_from_slice(&rest[..start]);
        shown.extend_from_slice(MASK.as_bytes());
        rest = &rest[start + secret.len()..];
    }
    shown.extend_from_slice(rest);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::schemes::Scheme;
    use serde_json::json;

    fn scheme(keys: serde_json::Value) -> Scheme {
        serde_json::from_value(keys).unwrap()
    }

    #[test]
    fn any_value_at_the_place_and_the_secret_elsewhere_are_masked() {
        let secret = Secret::new("s3 &cret\"").unwrap();
        let headers = Headers::from_iter([("X-Other", "s3 &cret\""), ("X-Key", "typo")]);
        let target = "/s3%20%26cret%22?a=s3+%26cret%22&key=old";
        let message = Message::post(target, headers, r#"{"a":"s3 &cret\"","key":"old"}"#);
        let secrets = std::slice::from_ref(&secret);
        for keys in [
            json!({"scheme": "shared-secret", "header": "x-key"}),
            json!({"scheme": "shared-secret", "query": "key"}),
            json!({"scheme": "shared-secret", "field": "/key"}),
        ] {
            let scheme = scheme(keys);
            let shown = masked(&*scheme, secrets, &message);
            assert_eq!(shown.headers.get_str("X-Other"), Some("***"));
            assert!(shown.target.starts_with("/***?a=***&key="), "{}", shown.target);
            assert!(shown.body.starts_with(br#"{"a":"***","key":"#));
            assert_eq!(scheme.place().text(&shown).as_deref(), Some("***"));
        }
    }

    #[test]
    fn a_signed_request_is_shown_as_it_is() {
        let scheme = scheme(json!({"scheme": "hmac", "header": "X-Sig", "over": "raw-body"}));
        let secret = Secret::new("s3cret").unwrap();
        let message = Message::post("/s3cret", Headers::new(), "s3cret");
        let shown = masked(&*scheme, &[secret], &message);
        assert!(matches!(shown, Cow::Borrowed(_)));
    }
}
