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

/// The secret that the requests of a provider contain, if they do.
#[derive(Clone, Copy, Debug)]
pub struct Masking<'s> {
    /// The scheme of the provider.
    pub scheme: &'s dyn SignatureScheme,
    /// The configured secrets, as far as they are known.
    pub secrets: &'s [Secret],
}

/// A request with a placeholder instead of its secret.
#[derive(Clone, Debug)]
pub struct MarkedMessage {
    /// The request.
    pub message: Message,
    /// The placeholder, which occurs nowhere else in it.
    pub placeholder: String,
}

impl Masking<'_> {
    /// Returns `true` if requests contain the secret.
    #[must_use]
    pub fn applies(&self) -> bool {
        self.scheme.proof() == Proof::SharedSecret
    }

    /// Returns the request without the secret: at its documented place, whatever is there, and any
    /// of the known secrets elsewhere.
    #[must_use]
    pub fn masked<'m>(&self, message: &'m Message) -> Cow<'m, Message> {
        if !self.applies() {
            return Cow::Borrowed(message);
        }
        let mut shown = message.clone();
        self.scheme.place().replace_all(MASK, &mut shown);
        self.replace_known(&mut shown, MASK);
        Cow::Owned(shown)
    }

    /// Returns a text without the known secrets.
    #[must_use]
    pub fn masked_text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if !self.applies() {
            return Cow::Borrowed(text);
        }
        Cow::Owned(without(self.secrets, text))
    }

    /// Returns a URL or a path without the secret.
    #[must_use]
    pub fn masked_url<'u>(&self, url: &'u str) -> Cow<'u, str> {
        if !self.applies() {
            return Cow::Borrowed(url);
        }
        let message = Message::post(url, Headers::new(), "");
        Cow::Owned(self.masked(&message).into_owned().target)
    }

    /// Returns the request with a placeholder for the secret; `None` if it contains none.
    ///
    /// A value at the documented place that is none of the known secrets is masked: it may be
    /// nearly the right one. If no secret is known, the value is taken for the right one.
    #[must_use]
    pub fn marked(&self, message: &Message) -> Option<MarkedMessage> {
        if !self.applies() {
            return None;
        }
        let placeholder = unused_placeholder(message);
        let place = self.scheme.place();
        let mut marked = message.clone();
        if self.secrets.is_empty() {
            let value = place.text(message).unwrap_or_default();
            let (prefix, _) = self.scheme.split_signature(&value);
            place.replace_all(&format!("{prefix}{placeholder}"), &mut marked);
        } else {
            self.replace_known(&mut marked, &placeholder);
            let is_marked =
                place.values(&marked).iter().all(|value| contains(value, placeholder.as_bytes()));
            if !is_marked {
                place.replace_all(MASK, &mut marked);
            }
        }
        if place.is_in_body() {
            // The length depends on the secret.
            marked.headers.remove("Content-Length");
        }
        Some(MarkedMessage { message: marked, placeholder })
    }

    /// Replaces the known secrets in every part of a request.
    fn replace_known(&self, message: &mut Message, by: &str) {
        for form in self.secrets.iter().flat_map(written_forms) {
            let headers = message.headers.iter();
            message.headers = headers
                .map(|(name, value)| (name.to_owned(), replaced(value, &form, by)))
                .collect::<Headers>();
            let target = replaced(message.target.as_bytes(), &form, by);
            message.target = String::from_utf8_lossy(&target).into_owned();
            message.body = replaced(&message.body, &form, by).into();
        }
    }
}

/// Returns a text with [`MASK`] in place of each of the secrets, also as a query or JSON writes it.
#[must_use]
pub fn without(secrets: &[Secret], text: &str) -> String {
    let forms = secrets.iter().flat_map(written_forms);
    let shown = forms.fold(text.as_bytes().to_vec(), |shown, form| replaced(&shown, &form, MASK));
    String::from_utf8_lossy(&shown).into_owned()
}

/// Returns a placeholder that a URL, a header and JSON can contain, and this request does not.
fn unused_placeholder(message: &Message) -> String {
    let is_used = |text: &str| {
        let is_in = |bytes: &[u8]| contains(bytes, text.as_bytes());
        let is_in_headers =
            message.headers.iter().any(|(name, value)| is_in(name.as_bytes()) || is_in(value));
        is_in_headers || is_in(message.target.as_bytes()) || is_in(&message.body)
    };
    let mut number = 0_u64;
    loop {
        let placeholder = format!("LEADHOOK-SECRET-{number}-");
        if !is_used(&placeholder) {
            return placeholder;
        }
        number += 1;
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(text, part).is_some()
}

/// Returns the forms in which a secret is written: as it is, in a query, in a path and in JSON.
fn written_forms(secret: &Secret) -> Vec<Vec<u8>> {
    let bytes = secret.expose();
    if bytes.len() < MIN_LENGTH {
        return Vec::new();
    }
    let quoted = serde_json::Value::from(String::from_utf8_lossy(bytes)).to_string();
    let json = quoted.get(1..quoted.len() - 1).unwrap_or_default().as_bytes().to_vec();
    let form = form_urlencoded::byte_serialize(bytes).collect::<String>().into_bytes();
    let percent = percent_encode(bytes, NON_ALPHANUMERIC).to_string().into_bytes();
    let mut forms = vec![bytes.to_vec(), json, form, percent];
    forms.dedup();
    forms.retain(|form| !form.is_empty());
    forms
}

/// Replaces every occurrence of `secret` by another text.
fn replaced(text: &[u8], secret: &[u8], by: &str) -> Vec<u8> {
    let mut shown = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = memchr::memmem::find(rest, secret) {
        shown.extend_from_slice(&rest[..start]);
        shown.extend_from_slice(by.as_bytes());
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
            let masking = Masking { scheme: &*scheme, secrets };
            let shown = masking.masked(&message);
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
        let secrets = [secret];
        let masking = Masking { scheme: &*scheme, secrets: &secrets };
        let shown = masking.masked(&message);
        assert!(matches!(shown, Cow::Borrowed(_)));
    }
}
