//! Candidate keys: those of the configured secrets, and those of edited ones.

use crate::engine::explain::secret_notations::{self, DeriveKeys};
use crate::engine::explain::{placeholder_secrets, secret_edits};
use crate::protocols::schemes::hypothesis::{Edited, Hypothesis};
use crate::protocols::schemes::scheme::{DeriveKey, KeyEncoding, MacKey};

/// The maximum number of foreign secrets that are also tried with edits.
const MAX_EDITED_SECRETS: usize = 1000;

/// The codes of the edits that also apply to the string of an encoded key.
const STRING_EDITS: &[&str] = &["secret-not-trimmed", "secret-in-quotes"];

/// The codes of the edits that are combined with the strings that other schemes sign.
const USUAL_EDITS: &[&str] = &[
    "secret-not-trimmed",
    "secret-with-newline",
    "secret-in-quotes",
    "secret-is-hex",
    "secret-is-base64",
    "secret-with-whsec",
    "secret-with-name",
    "other-secret",
    "candidate-secret",
];

/// The codes of the notations that derive a key of another form, not another string.
const KEY_FORMS: &[&str] = &[
    "secret-as-utf16",
    "secret-as-latin1",
    "secret-hashed",
    "secret-without-whsec",
    "secret-without-padding",
];

/// The keys that may have signed.
pub(super) struct CandidateKeys {
    /// The keys of the configured secrets.
    pub(super) configured: Vec<Edited<MacKey>>,
    /// The keys of one edit and of two edits.
    pub(super) edited: [Vec<Edited<MacKey>>; 2],
    /// The keys of placeholders, which are tried last.
    pub(super) placeholders: Vec<Edited<MacKey>>,
}

/// Selects the hypotheses that are tried, by the key of the edit.
type HypothesisFilter<'w> = &'w dyn Fn(&str) -> bool;

/// Returns the keys of the provider's own secrets and of `foreign` ones, using only the hypotheses
/// that `is_wanted` selects.
///
/// If the scheme uses the secret verbatim, edits apply to its bytes. If the secret encodes the key,
/// an edit either applies to the string before it is decoded, or decodes it in a mistaken way. A
/// foreign secret already counts as one edit.
pub(super) fn keys(
    spelling: KeyEncoding,
    own: &[Edited<MacKey>],
    foreign: &[Edited<MacKey>],
    is_wanted: HypothesisFilter<'_>,
) -> CandidateKeys {
    let is_selected = |form: &&Edited<MacKey>| form.edits.iter().all(|edit| is_wanted(edit.key));
    match spelling {
        KeyEncoding::Verbatim => {
            let mut one = apply_rows(own, secret_edits::ROWS, is_wanted);
            one.extend(apply_notations(own, is_wanted));
            let mut two = apply_rows(&one, secret_edits::ROWS, is_wanted);
            two.extend(apply_notations(&one, is_wanted));
            two.extend(apply_rows(editable(foreign), secret_edits::ROWS, is_wanted));
            let foreign = foreign.iter().filter(is_selected).cloned();
            CandidateKeys {
                configured: own.to_vec(),
                edited: [one.into_iter().chain(foreign).collect(), two],
                placeholders: placeholders(is_wanted),
            }
        }
        KeyEncoding::Encoded { decode, mistakes: misread, .. } => {
            // These rows edit the string of the key, before it is decoded.
            let edited = |strings: &[Edited<MacKey>]| {
                apply_rows(strings, secret_edits::ROWS, &|code| {
                    STRING_EDITS.contains(&code) && is_wanted(code)
                })
            };
            let foreign: Vec<_> = foreign.iter().filter(is_selected).cloned().collect();
            let mut own_edited = edited(own);
            own_edited.extend(apply_notations(own, &|code| {
                !KEY_FORMS.contains(&code) && is_wanted(code)
            }));
            let mut one = decode_all(&own_edited, decode);
            one.extend(apply_rows(own, misread, is_wanted));
            one.extend(decode_all(&foreign, decode));
            let mut two = apply_rows(&own_edited, misread, is_wanted);
            two.extend(apply_rows(editable(&foreign), misread, is_wanted));
            two.extend(decode_all(&edited(editable(&foreign)), decode));
            CandidateKeys {
                configured: decode_all(own, decode),
                edited: [one, two],
                placeholders: placeholders(is_wanted),
            }
        }
    }
}

/// Returns `true` if the edits of a key are the usual ones, which are also tried with the strings
/// of other schemes.
pub(super) fn is_usual(key: &Edited<MacKey>) -> bool {
    key.edits.iter().all(|edit| USUAL_EDITS.contains(&edit.code))
}

/// Returns the foreign secrets to which edits are applied as well.
fn editable(foreign: &[Edited<MacKey>]) -> &[Edited<MacKey>] {
    &foreign[..foreign.len().min(MAX_EDITED_SECRETS)]
}

/// Applies each row to each key, skipping rows that would only undo the last edit.
fn apply_rows(
    keys: &[Edited<MacKey>],
    rows: &'static [Hypothesis<DeriveKey>],
    is_wanted: HypothesisFilter<'_>,
) -> Vec<Edited<MacKey>> {
    let edit_key = |form: &Edited<MacKey>| {
        let undoes = |row: &&Hypothesis<DeriveKey>| {
            form.edits.last().is_some_and(|edit| secret_edits::is_round_trip(edit.code, row.code))
        };
        let rows = rows.iter().filter(|row| is_wanted(row.code)).filter(|row| !undoes(row));
        let edited = rows.filter_map(|row| {
            let key = MacKey::new((row.apply)(&form.value)?);
            Some(Edited::with_edit(&form.edits, row.edit(""), key))
        });
        edited.collect::<Vec<_>>()
    };
    keys.iter().flat_map(edit_key).collect()
}

/// Applies each notation to each key. A notation may stand for several keys.
fn apply_notations(
    keys: &[Edited<MacKey>],
    is_wanted: HypothesisFilter<'_>,
) -> Vec<Edited<MacKey>> {
    let derived = |form: &Edited<MacKey>, row: &'static Hypothesis<DeriveKeys>| {
        let keys = (row.apply)(&form.value).into_iter();
        keys.map(|key| Edited::with_edit(&form.edits, row.edit(""), MacKey::new(key)))
            .collect::<Vec<_>>()
    };
    let rows = || secret_notations::ROWS.iter().filter(|row| is_wanted(row.code));
    keys.iter().flat_map(|form| rows().flat_map(move |row| derived(form, row))).collect()
}

/// Returns the keys of the placeholders that are wanted.
fn placeholders(is_wanted: HypothesisFilter<'_>) -> Vec<Edited<MacKey>> {
    let mut keys = placeholder_secrets::keys();
    keys.retain(|key| key.edits.iter().all(|edit| is_wanted(edit.key)));
    keys
}

/// Decodes the strings that encode a key, and drops the others.
fn decode_all(
    strings: &[Edited<MacKey>],
    decode: fn(&[u8]) -> Option<MacKey>,
) -> Vec<Edited<MacKey>> {
    let keys = strings.iter().filter_map(|string| {
        let key = decode(&string.value)?;
        Some(Edited { value: key, edits: string.edits.clone() })
    });
    keys.collect()
}
