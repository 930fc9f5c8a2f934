//! The keys that may have signed: those of the configured secrets, and those of edited ones.

use crate::engine::explain::secret_edits;
use crate::protocols::schemes::hypothesis::{Edited, Hypothesis};
use crate::protocols::schemes::scheme::{DeriveKey, KeySpelling, MacKey};

/// How many secrets of others are also tried trimmed, decoded and so on.
const MAX_EDITED: usize = 1000;

/// The rows of every secret that may have happened to the text of an encoded key.
const OF_TEXTS: &[&str] = &["secret-not-trimmed", "secret-in-quotes"];

/// Every key that the secrets may spell.
pub(super) struct CandidateKeys {
    /// Those of the configured secrets.
    pub(super) configured: Vec<Edited<MacKey>>,
    /// Those of one edit, and of two.
    pub(super) others: [Vec<Edited<MacKey>>; 2],
}

/// Decides which hypotheses are tried, by the key of the edit.
type Wanted<'w> = &'w dyn Fn(&str) -> bool;

/// Returns the keys of the provider's own secrets and of `foreign` ones, with the hypotheses that are
/// `wanted`.
pub(super) fn keys(
    spelling: KeySpelling,
    own: &[Edited<MacKey>],
    foreign: &[Edited<MacKey>],
    wanted: Wanted<'_>,
) -> CandidateKeys {
    let known = |form: &&Edited<MacKey>| form.edits.iter().all(|edit| wanted(edit.key));
    match spelling {
        KeySpelling::Verbatim => {
            let one = applied(own, secret_edits::ROWS, wanted);
            let mut two = applied(&one, secret_edits::ROWS, wanted);
            two.extend(applied(some(foreign), secret_edits::ROWS, wanted));
            let named = foreign.iter().filter(known).cloned();
            CandidateKeys {
                configured: own.to_vec(),
                others: [one.into_iter().chain(named).collect(), two],
            }
        }
        KeySpelling::Encoded { decode, misread, .. } => {
            // The rows of a key that is written as text apply before it is decoded: trimmed, unquoted.
            let edited = |texts: &[Edited<MacKey>]| {
                applied(texts, secret_edits::ROWS, &|code| OF_TEXTS.contains(&code) && wanted(code))
            };
            let foreign: Vec<_> = foreign.iter().filter(known).cloned().collect();
            let own_edited = edited(own);
            let mut one = decoded(&own_edited, decode);
            one.extend(applied(own, misread, wanted));
            one.extend(decoded(&foreign, decode));
            let mut two = applied(&own_edited, misread, wanted);
            two.extend(applied(some(&foreign), misread, wanted));
            two.extend(decoded(&edited(some(&foreign)), decode));
            CandidateKeys { configured: decoded(own, decode), others: [one, two] }
        }
    }
}

fn some(foreign: &[Edited<MacKey>]) -> &[Edited<MacKey>] {
    &foreign[..foreign.len().min(MAX_EDITED)]
}

/// Returns what the rows make of each key, leaving out what would only undo its last edit.
fn applied(
    keys: &[Edited<MacKey>],
    rows: &'static [Hypothesis<DeriveKey>],
    wanted: Wanted<'_>,
) -> Vec<Edited<MacKey>> {
    let of_one = |form: &Edited<MacKey>| {
        let undone = |row: &&Hypothesis<DeriveKey>| {
            form.edits.last().is_some_and(|edit| secret_edits::is_round_trip(edit.code, row.code))
        };
        let rows = rows.iter().filter(|row| wanted(row.code)).filter(|row| !undone(row));
        let made = rows.filter_map(|row| {
            let key = MacKey::new((row.apply)(&form.value)?);
            Some(Edited::then(&form.edits, row.edit(""), key))
        });
        made.collect::<Vec<_>>()
    };
    keys.iter().flat_map(of_one).collect()
}

/// Returns the keys of the texts that encode one.
fn decoded(texts: &[Edited<MacKey>], decode: fn(&[u8]) -> Option<MacKey>) -> Vec<Edited<MacKey>> {
    let keys = texts.iter().filter_map(|text| {
        let key = decode(&text.value)?;
        Some(Edited { value: key, edits: text.edits.clone() })
    });
    keys.collect()
}
