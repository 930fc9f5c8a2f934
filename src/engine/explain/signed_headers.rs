//! Signed headers: the value of a header that the provider documents, before or after the body.
//!
//! Message ids and timestamps have templates of their own.

use crate::domain::message::Message;
use crate::engine::explain::signed_templates::SignedString;
use crate::protocols::schemes::digest::DigestFormat;
use crate::protocols::schemes::hypothesis::{
    Hypothesis, HypothesisKind, HypothesisText, truncate_name,
};
use crate::providers::provider::Provider;

/// The maximum number of headers that are tried.
const MAX_HEADERS: usize = 4;

/// The maximum length of a value that is tried.
const MAX_LEN: usize = 256;

/// The value of a header is signed with the body. `{}` is the template.
static HEADER_SIGNED: Hypothesis<()> = Hypothesis {
    code: "header-signed",
    condition: "{} is signed",
    evidence: "The signature covers the value of a header and the body, as {}; this provider signs \
               {content}.",
    fix: "sign {content}",
    apply: (),
};

/// Returns the messages of the hypotheses, for the documentation.
pub(super) fn texts() -> impl Iterator<Item = HypothesisText> {
    std::iter::once(HEADER_SIGNED.text(HypothesisKind::SignedContent))
}

/// Returns the strings that the documented headers of a request make with its body.
pub(super) fn strings(
    provider: &Provider,
    message: &Message,
    format: &DigestFormat<'_>,
) -> Vec<SignedString> {
    let documented =
        [provider.event.header.as_ref()].into_iter().flatten().chain(&provider.recognise.headers);
    let mut names: Vec<&str> = Vec::new();
    for name in documented.chain(&provider.request.required_headers) {
        let is_new = |known: &&str| known.eq_ignore_ascii_case(name);
        let own = provider.signature.header();
        if !names.iter().any(is_new) && !own.is_some_and(|own| name.eq_ignore_ascii_case(own)) {
            names.push(name);
        }
    }
    // What the provider does not document, other senders do sign.
    if !names.iter().any(|name| name.eq_ignore_ascii_case("Content-Type")) {
        names.push("Content-Type");
    }
    let value = |name: &str| message.headers.get_str(name).map(str::trim).map(str::to_owned);
    let values = names.into_iter().filter_map(|name| Some((name, value(name)?)));
    let short = values.filter(|(_, value)| !value.is_empty() && value.len() <= MAX_LEN);
    short.take(MAX_HEADERS).flat_map(|(name, value)| around_body(name, &value, format)).collect()
}

/// Returns the value of a header before and after the body, with the usual separators.
fn around_body(name: &str, value: &str, format: &DigestFormat<'_>) -> Vec<SignedString> {
    let name = truncate_name(name);
    let edit = |template: &str| format.edit(&HEADER_SIGNED, template);
    let before = ["", ".", ":", "\n", "|"].map(|separator| SignedString {
        before: [value, separator].concat().into_bytes(),
        after: Vec::new(),
        has_body: true,
        is_hashed: false,
        edit: edit(&format!("`{name}{}body`", spelled(separator))),
    });
    let after = ["", ".", ":"].map(|separator| SignedString {
        before: Vec::new(),
        after: [separator, value].concat().into_bytes(),
        has_body: true,
        is_hashed: false,
        edit: edit(&format!("`body{}{name}`", spelled(separator))),
    });
    before.into_iter().chain(after).collect()
}

/// Returns a separator as a template shows it.
fn spelled(separator: &str) -> &str {
    match separator {
        "" => " + ",
        "\n" => "\\n",
        other => other,
    }
}
