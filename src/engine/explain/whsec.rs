//! What might have happened to a secret whose key is spelled in base64, as Standard Webhooks has it.

use crate::engine::explain::hypothesis::{Form, Hypothesis};
use crate::engine::explain::secret;
use crate::engine::explain::secret::{BASE64, Key, Undo, WHSEC};
use crate::protocols::standard_webhooks;
use base64::Engine;
use zeroize::Zeroizing;

/// The rows of every secret that may have happened to the text before it is decoded.
const OF_TEXTS: &[&str] = &["secret-not-trimmed", "secret-in-quotes"];

/// The ways to make a key of the text other than to decode it. No word shows a byte of it.
static ROWS: &[Hypothesis<Undo>] = &[
    Hypothesis {
        code: "secret-not-decoded",
        when: "the text of the secret is the key, as it stands there",
        evidence: "The signer took the text of the secret for the key, without decoding it from \
                   base64.",
        fix: "decode what stands behind `whsec_` from base64 on the side that signs, as the \
              libraries for Standard Webhooks do",
        apply: |secret| Some(secret.to_vec()),
    },
    Hypothesis {
        code: "secret-not-decoded",
        when: "the text behind `whsec_` is the key, as it stands there",
        evidence: "The signer took `whsec_` off the secret and used the rest as a text, without \
                   decoding it from base64.",
        fix: "decode what stands behind `whsec_` from base64 on the side that signs, as the \
              libraries for Standard Webhooks do",
        apply: |secret| secret.strip_prefix(WHSEC).map(<[u8]>::to_vec),
    },
    Hypothesis {
        code: "secret-is-hex",
        when: "the secret is decoded from hex",
        evidence: "The secret at hand spells the signer's key as hex digits, where Standard \
                   Webhooks spells it in base64.",
        fix: "write the bytes of the key as `whsec_` and base64 on both sides",
        apply: |secret| hex::decode(behind_prefix(secret)).ok().filter(|key| !key.is_empty()),
    },
    Hypothesis {
        code: "secret-is-base64url",
        when: "the secret is decoded from base64url",
        evidence: "The secret at hand spells the signer's key in base64url, where Standard \
                   Webhooks has base64 with `+` and `/`.",
        fix: "write the secret in standard base64, behind `whsec_`",
        apply: |secret| {
            let text = behind_prefix(secret);
            let has_letters = text.iter().any(|byte| b"-_".contains(byte));
            has_letters.then(|| BASE64[1].decode(text).ok())?
        },
    },
];

/// The codes of the explanations.
pub(super) fn codes() -> impl Iterator<Item = &'static str> {
    ROWS.iter().map(|row| row.code)
}

/// Every key that the secrets at hand may spell.
pub(super) struct Keys {
    /// Those that they do spell.
    pub(super) at_hand: Vec<Form<Key>>,
    /// Those of one edit, and of two.
    pub(super) others: [Vec<Form<Key>>; 2],
}

/// The keys of these texts, and of those of others, with the hypotheses that are `wanted`.
///
/// Of the others, `most` are also tried trimmed, taken as they stand and so on.
pub(super) fn keys(
    own: &[Form<Key>],
    foreign: &[Form<Key>],
    most: usize,
    wanted: &dyn Fn(&str) -> bool,
) -> Keys {
    let of_texts = || secret::ROWS.iter().filter(|row| OF_TEXTS.contains(&row.code));
    let edited = |texts: &[Form<Key>]| applied(texts, &of_texts().filter(|row| wanted(row.code)));
    let misread = |texts: &[Form<Key>]| applied(texts, &ROWS.iter().filter(|row| wanted(row.code)));
    let known = |form: &&Form<Key>| form.edits.iter().all(|edit| wanted(edit.key));
    let foreign: Vec<_> = foreign.iter().filter(known).cloned().collect();
    let some_foreign = &foreign[..foreign.len().min(most)];
    let own_edited = edited(own);
    let mut one = decoded(&own_edited);
    one.extend(misread(own));
    one.extend(decoded(&foreign));
    let mut two = misread(&own_edited);
    two.extend(misread(some_foreign));
    two.extend(decoded(&edited(some_foreign)));
    Keys { at_hand: decoded(own), others: [one, two] }
}

/// What the rows give of each text.
fn applied<'r>(
    texts: &[Form<Key>],
    rows: &(impl Iterator<Item = &'r Hypothesis<Undo>> + Clone),
) -> Vec<Form<Key>> {
    let of_one = |text: &Form<Key>| {
        let made = rows.clone().filter_map(|row| {
            let key = Zeroizing::new((row.apply)(&text.value)?);
            Some(Form::then(&text.edits, row.edit(""), key))
        });
        made.collect::<Vec<_>>()
    };
    texts.iter().flat_map(of_one).collect()
}

/// The keys of the texts that spell one.
fn decoded(texts: &[Form<Key>]) -> Vec<Form<Key>> {
    let keys = texts.iter().filter_map(|text| {
        let key = standard_webhooks::key(&text.value)?;
        Some(Form { value: key, edits: text.edits.clone() })
    });
    keys.collect()
}

fn behind_prefix(secret: &[u8]) -> &[u8] {
    secret.strip_prefix(WHSEC).unwrap_or(secret)
}
