//! Mistakes of receivers: the content or the key from which a receiver computes another digest than
//! the provider's.
//!
//! The rows are those of the search for a failed signature. There, one digest is known and the
//! mistake is wanted; here, each mistake gives a digest that a receiver can be asked about.

use crate::domain::message::Message;
use crate::domain::secret::Secret;
use crate::engine::explain::body_edits::{self, BodyContext, ReceivedBody};
use crate::engine::explain::own_digest::contents::{self, RequestBody};
use crate::engine::explain::own_digest::sentences::{self, ContentMatch};
use crate::engine::explain::reserialised::StyleChoice;
use crate::engine::explain::signature_readings::OTHER_FUNCTION;
use crate::engine::explain::signing_mistakes::{self, DigestInput, SignedParts};
use crate::engine::explain::{candidate_keys, reserialised, signed_strings};
use crate::protocols::json;
use crate::protocols::schemes::Scheme;
use crate::protocols::schemes::digest::DigestFormat;
use crate::protocols::schemes::hypothesis::{Edit, Edited};
use crate::protocols::schemes::mac::{HashFunction, mac};
use crate::protocols::schemes::scheme::{KeyEncoding, MacKey};
use std::collections::BTreeMap;

/// The number of placeholders of a secret that are tried: the likeliest.
const MAX_PLACEHOLDERS: usize = 4;

/// The hash functions that receivers use.
const FUNCTIONS: [HashFunction; 3] =
    [HashFunction::Sha1, HashFunction::Sha256, HashFunction::Sha512];

/// The number of digests of the body that may be signed in its place: the likeliest.
const MAX_DIGESTS: usize = 2;

/// The spellings of the secret that are combined with a body that is printed again: those that are
/// left by a file that was read carelessly. Of each code the first one is combined.
const COMBINED_SECRETS: [&str; 4] =
    ["secret-signed-with-quotes", "secret-with-newline", "secret-not-trimmed", "secret-in-quotes"];

/// The styles of the bodies that are combined with them.
const COMBINED_STYLES: [&str; 3] = ["javascript-stringify", "python-dumps", "php-array"];

/// The content that is only a part of the body: there are as many as fields, and few hash it.
const ONE_FIELD: &str = "hashed-one-field";

/// The likelihood of a mistake. The likeliest is asked about first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::engine) enum Likelihood {
    /// A body that the libraries of the common frameworks print again.
    CommonPrinter,
    /// The digest in another encoding, or with another prefix.
    Encoding,
    /// Another spelling of the secret.
    Key,
    /// A body without a newline or with another end.
    Ends,
    /// A placeholder in place of the secret.
    Placeholder,
    /// Other content.
    Content,
    /// A body that a common framework prints again, with another spelling of the secret.
    Combined,
    /// A body that any other library prints again.
    Printer,
}

/// A mistake, as the edits that lead to it.
#[derive(Clone, Debug)]
pub(in crate::engine) struct Mistake {
    /// The name of the mistake, which is the same for every body and secret.
    pub(in crate::engine) id: String,
    pub(in crate::engine) likelihood: Likelihood,
    edits: Vec<Edit>,
    /// The content that is hashed instead of the body, if the mistake is about the content.
    hashed: Vec<u8>,
}

/// Two mistakes at once, with the digest to which they lead.
pub(in crate::engine) struct Combined {
    pub(in crate::engine) body: Mistake,
    pub(in crate::engine) secret: Mistake,
    pub(in crate::engine) digest: Vec<u8>,
}

/// The description of a mistake, for the author of the receiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::engine) struct Description {
    pub(in crate::engine) code: &'static str,
    pub(in crate::engine) message: String,
    pub(in crate::engine) fix: String,
}

impl Mistake {
    fn new(likelihood: Likelihood, edits: Vec<Edit>, hashed: &[u8]) -> Self {
        let id: Vec<_> =
            edits.iter().map(|edit| format!("{}|{}", edit.key, edit.condition)).collect();
        Self { id: id.join("|"), likelihood, edits, hashed: hashed.to_vec() }
    }

    /// Returns the mistake of a receiver that makes this one and another one.
    pub(in crate::engine) fn with(&self, other: &Self) -> Self {
        let edits = [&self.edits[..], &other.edits].concat();
        Self::new(Likelihood::Combined, edits, &self.hashed)
    }

    /// Describes the mistake. If several libraries print `body` alike, all their languages are
    /// named.
    pub(in crate::engine) fn describe(&self, body: &[u8], is_token: bool) -> Option<Description> {
        let json = json::read(body).ok();
        let described = sentences::describe(&ContentMatch {
            edits: &self.edits,
            hashed: &self.hashed,
            json: json.as_ref(),
            // Which of the two secrets is the right one is not known.
            is_valid: false,
            is_token,
        })?;
        Some(Description { code: described.code, message: described.message, fix: described.fix })
    }
}

/// Returns the secrets that a receiver may use in place of `secret`, in the encoding of the scheme.
pub(in crate::engine) fn secrets(scheme: &Scheme, secret: &Secret) -> Vec<(Mistake, Secret)> {
    let own = [Edited::unedited(MacKey::new(secret.expose().to_vec()))];
    let keys = candidate_keys::keys(scheme.key_encoding(), &own, &[], &|_| true);
    let [edited, _] = keys.edited;
    let placeholders = keys.placeholders.into_iter().take(MAX_PLACEHOLDERS);
    let edited = edited.into_iter().map(|key| (Likelihood::Key, key));
    let all = edited.chain(placeholders.map(|key| (Likelihood::Placeholder, key)));
    let encode = |key: &[u8]| match scheme.key_encoding() {
        KeyEncoding::Verbatim => key.to_vec(),
        KeyEncoding::Encoded { encode, .. } => encode(key),
    };
    let secrets = all.map(|(likelihood, key)| {
        let secret = Secret::derived(encode(&key.value));
        (Mistake::new(likelihood, key.edits, &[]), secret)
    });
    numbered(secrets)
}

/// Returns the digests that a receiver computes which hashes other content than the message has, or
/// with another function.
pub(in crate::engine) fn digests(
    scheme: &Scheme,
    format: &DigestFormat<'_>,
    secret: &Secret,
    message: &Message,
) -> Vec<(Mistake, Vec<u8>)> {
    let (Some(key), Some(prefix)) = (mac_key(scheme, secret), scheme.signed_before_body(message))
    else {
        return Vec::new();
    };
    let of_contents = contents_of(&message.body).into_iter().map(|(likelihood, content)| {
        let digest = format.mac(&key, &prefix, &content.value);
        (Mistake::new(likelihood, content.edits, &content.value), digest)
    });
    let body = (format.encode_body)(&message.body);
    let other_functions = FUNCTIONS.into_iter().filter(|it| *it != format.function);
    let of_functions = other_functions.map(|function| {
        let digest = mac(function, &key, &[&prefix, &body]);
        let edits = vec![format.edit(&OTHER_FUNCTION, function.name())];
        (Mistake::new(Likelihood::Content, edits, &message.body), digest)
    });
    let parts = SignedParts::from_request(scheme, message);
    let of_constructions = signing_mistakes::ROWS.iter().flat_map(|row| {
        let prefix = Some(prefix.as_slice());
        let input = DigestInput { prefix, body: &body, raw_body: &message.body, parts: &parts };
        let digests = (row.apply)(format.function, &key, input).into_iter();
        digests.map(|digest| {
            let edits = vec![format.edit(row, "")];
            (Mistake::new(Likelihood::Content, edits, &message.body), digest)
        })
    });
    numbered(of_contents.chain(of_functions).chain(of_constructions))
}

/// Returns the digests of common mistakes with the body and with the secret at once.
pub(in crate::engine) fn combined(
    scheme: &Scheme,
    format: &DigestFormat<'_>,
    secret: &Secret,
    message: &Message,
) -> Vec<Combined> {
    let Some(prefix) = scheme.signed_before_body(message) else { return Vec::new() };
    let is_style =
        |mistake: &Mistake| mistake.edits.iter().any(|edit| COMBINED_STYLES.contains(&edit.key));
    let bodies = contents_of(&message.body).into_iter().map(|(likelihood, content)| {
        (Mistake::new(likelihood, content.edits, &content.value), content.value)
    });
    let mut bodies = numbered(bodies);
    bodies.retain(|(mistake, _)| is_style(mistake));
    let keys = secrets(scheme, secret);
    let has_code =
        |mistake: &Mistake, code: &str| mistake.edits.iter().all(|edit| edit.code == code);
    let keys = COMBINED_SECRETS.iter().filter_map(|code| {
        let (mistake, secret) = keys.iter().find(|(mistake, _)| has_code(mistake, code))?;
        Some((mistake, mac_key(scheme, secret)?))
    });
    let pairs = keys.flat_map(|(of_secret, key)| {
        let combine = |(body, content): &(Mistake, Vec<u8>)| {
            let digest = format.mac(&key, &prefix, content);
            Combined { body: body.clone(), secret: of_secret.clone(), digest }
        };
        bodies.iter().map(combine).collect::<Vec<_>>()
    });
    pairs.collect()
}

/// Returns the key of a secret, if it has one.
fn mac_key(scheme: &Scheme, secret: &Secret) -> Option<MacKey> {
    match scheme.key_encoding() {
        KeyEncoding::Verbatim => Some(MacKey::new(secret.expose().to_vec())),
        KeyEncoding::Encoded { decode, .. } => decode(secret.expose()),
    }
}

/// Returns the contents that a receiver may hash instead of the body.
fn contents_of(body: &[u8]) -> Vec<(Likelihood, Edited<Vec<u8>>)> {
    let json = json::read(body).ok();
    let printed = json.iter().flat_map(|json| {
        let forms = reserialised::forms(json, body.len(), None, StyleChoice::All, &|_| true);
        forms.collect::<Vec<_>>()
    });
    let printed = printed.map(|form| {
        let is_common = form.edits.iter().any(|edit| reserialised::is_common(edit.key));
        let likelihood = if is_common { Likelihood::CommonPrinter } else { Likelihood::Printer };
        (likelihood, form)
    });
    let received = ReceivedBody::new(body, BodyContext::default());
    let is_wanted = |code: &str| sentences::BODIES.iter().any(|(known, _)| *known == code);
    let edited: Vec<_> = body_edits::forms(&received, &is_wanted).collect();
    let short = signed_strings::SHORT.iter().filter(|row| row.code == "signed-digest");
    let digests: Vec<_> = body_edits::apply_rows(&received, &[], short).take(MAX_DIGESTS).collect();
    let request_body = RequestBody { bytes: body, json: json.as_ref() };
    let is_whole = |form: &Edited<Vec<u8>>| form.edits.iter().all(|edit| edit.code != ONE_FIELD);
    let others = contents::edited(request_body).filter(is_whole).chain(digests);
    let all = printed
        .chain(edited.into_iter().map(|form| (Likelihood::Ends, form)))
        .chain(others.map(|form| (Likelihood::Content, form)));
    all.collect()
}

/// Numbers the mistakes of the same name, so that each can be found again for another body.
fn numbered<T>(mistakes: impl Iterator<Item = (Mistake, T)>) -> Vec<(Mistake, T)> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let number = |(mut mistake, value): (Mistake, T)| {
        let count = counts.entry(mistake.id.clone()).or_default();
        mistake.id = format!("{}#{count}", mistake.id);
        *count += 1;
        (mistake, value)
    };
    mistakes.map(number).collect()
}
