//! The search for digests: every form of the body under every form of the key, at most two edits.
//!
//! The order decides what is found first and what the budget is spent on. Forms without an edit
//! come first, then one edit, then two, so that the first match is also the smallest explanation.
//! Within a number of edits the likelier rows come first. Every digest is charged to a budget by
//! the bytes it hashes; the user's candidates are tried early and extend the budget, so they are
//! never skipped.

use crate::engine::explain::signature_readings::ReceivedDigest;
use crate::engine::explain::signed_templates::SignedString;
use crate::engine::explain::signing_mistakes::{
    ComputeDigests, DOCUMENTED, DigestInput, SignedParts,
};
use crate::engine::explain::{body_edits, candidate_keys, signed_strings, signing_mistakes};
use crate::protocols::schemes::digest::DigestFormat;
use crate::protocols::schemes::hypothesis::{Edit, Edited, MAX_EDITS};
use crate::protocols::schemes::mac::{HashFunction, mac};
use crate::protocols::schemes::scheme::MacKey;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The maximum number of bytes hashed for one explanation: about 17 ms.
const MAX_HASHED_BYTES: usize = 24 << 20;

/// The maximum number of bytes of edited bodies for one explanation, the likelier bodies first.
const MAX_EDITED_BYTES: usize = 24 << 20;

/// The maximum number of bytes of bodies that are printed again after another edit.
const MAX_PRINTED_AGAIN_BYTES: usize = 2 << 20;

/// The cost of printing a byte, as a multiple of hashing it.
const PRINT_COST: usize = 16;

/// The cost of one MAC besides the bytes of the body: four blocks of the hash.
const MAC_COST: usize = 256;

/// The maximum length of a body whose edited forms are kept and combined with a second edit.
const MAX_COMBINED_BODY_LEN: usize = 256 << 10;

/// Prints a body in other styles.
type PrintAgain<'s> = &'s dyn Fn(&Edited<Vec<u8>>) -> Vec<Edited<Vec<u8>>>;

/// The maximum length of a string that does not depend on the body and is also tried alone.
const MAX_CONSTANT_LEN: usize = 1024;

/// The maximum number of placeholders that are combined with an edit of the body.
const MAX_COMBINED_PLACEHOLDERS: usize = 14;

/// The search space.
pub(super) struct SearchSpace<'s> {
    /// The ways to read the signature.
    pub(super) readings: Vec<Edited<ReceivedDigest>>,
    /// The keys of the configured secrets, without an edit.
    pub(super) keys: Vec<Edited<MacKey>>,
    /// The keys of one edit and of two edits.
    pub(super) edited_keys: [Vec<Edited<MacKey>>; 2],
    /// The keys of placeholders, which are tried last.
    pub(super) placeholders: Vec<Edited<MacKey>>,
    /// The strings of other schemes that may have been signed.
    pub(super) signed_strings: Vec<SignedString>,
    /// The number of candidates that the user named: they extend the budget.
    pub(super) candidate_count: usize,
    /// The body as received, and as the scheme prints it if that differs.
    pub(super) unedited_bodies: Vec<Edited<Vec<u8>>>,
    /// Returns the bodies of one edit, lazily.
    pub(super) edited_bodies: &'s dyn Fn() -> Box<dyn Iterator<Item = Edited<Vec<u8>>> + 's>,
    /// Returns the bodies with changed values, lazily.
    pub(super) value_bodies: &'s dyn Fn() -> Box<dyn Iterator<Item = Edited<Vec<u8>>> + 's>,
    /// Prints a body of one edit again, as JSON libraries do.
    pub(super) print_again: PrintAgain<'s>,
    /// The other parts of the request that may have been signed.
    pub(super) signed_parts: SignedParts,
    /// The provider's format of a digest.
    pub(super) format: &'s DigestFormat<'s>,
}

/// The result of a search.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct SearchResult {
    /// The edits that make the signature valid, if any were found.
    pub(super) edits: Option<Vec<Edit>>,
    /// The body over which the signature is valid with these edits.
    pub(super) signed_body: Vec<u8>,
    /// The body that was printed again, if that is another than the received one.
    pub(super) printed_from: Option<Vec<u8>>,
    /// The number of digests that were computed and compared.
    pub(super) tried: usize,
    /// The cost, in bytes that could have been hashed instead.
    pub(super) cost: usize,
    /// `true` if the budget ran out first.
    pub(super) cut_short: bool,
}

/// A running search.
struct DigestSearch<'s, 'p> {
    space: &'p SearchSpace<'s>,
    functions: Vec<HashFunction>,
    budget: usize,
    result: SearchResult,
}

/// Ends the search: the signature verified, or the budget ran out.
struct Finished;

/// Searches for the fewest edits that make the signature valid.
pub(super) fn search(space: &SearchSpace<'_>) -> SearchResult {
    // Without a signature, or without a key, there is nothing to compare.
    let has_key = !space.keys.is_empty() || space.edited_keys.iter().any(|keys| !keys.is_empty());
    if space.readings.is_empty() || !has_key {
        return SearchResult::default();
    }
    let mut functions: Vec<_> =
        space.readings.iter().map(|reading| reading.value.function).collect();
    functions.sort_by_key(|function| *function as usize);
    functions.dedup();
    let length = space.unedited_bodies.iter().map(|form| form.value.len()).sum::<usize>();
    let budget = MAX_HASHED_BYTES + space.candidate_count * (length + MAC_COST);
    let mut run = DigestSearch { space, functions, budget, result: SearchResult::default() };
    // `Finished` only ends the search; the result is in `run`.
    let _ = run.search_all();
    run.result.cost += budget.saturating_sub(run.budget);
    run.result
}

impl DigestSearch<'_, '_> {
    /// Searches the whole space, in the order of likelihood.
    fn search_all(&mut self) -> Result<(), Finished> {
        let space = self.space;
        let received = &space.unedited_bodies;
        let [one_key, two_keys] = &space.edited_keys;
        self.try_documented(received, &space.keys)?;
        // The user's candidates are tried before anything else can use up the budget.
        self.try_documented(received, one_key)?;
        let [bodies, constants] = self.try_edited_bodies(received)?;
        self.try_mistakes(received, &space.keys)?;
        self.try_signed_strings(received, &space.keys)?;
        self.try_body_alone(&constants, &space.keys)?;
        // Changed values are likelier than the rest of a long list of placeholders.
        let count = space.placeholders.len().min(MAX_COMBINED_PLACEHOLDERS);
        let (likely, others) = space.placeholders.split_at(count);
        self.try_documented(received, likely)?;
        let values = self.try_value_bodies()?;
        self.try_documented(received, others)?;
        self.try_printed_again(bodies.iter().chain(&values))?;
        self.try_documented(&bodies, one_key)?;
        for form in &bodies {
            self.try_documented(&body_edits::second_edits(form), &space.keys)?;
        }
        self.try_documented(received, two_keys)?;
        self.try_mistakes(received, one_key)?;
        self.try_mistakes(&bodies, &space.keys)?;
        let usual = one_key.iter().filter(|key| candidate_keys::is_usual(key)).cloned();
        self.try_signed_strings(received, &usual.collect::<Vec<_>>())?;
        let simple = bodies.iter().filter(|form| body_edits::is_combinable(form)).cloned();
        self.try_signed_strings(&simple.collect::<Vec<_>>(), &space.keys)?;
        self.try_documented(&bodies, likely)
    }

    /// Tries the bodies of one edit. Returns those that are combined with a second one, and the
    /// short strings that do not depend on the body.
    fn try_edited_bodies(
        &mut self,
        received: &[Edited<Vec<u8>>],
    ) -> Result<[Vec<Edited<Vec<u8>>>; 2], Finished> {
        let space = self.space;
        let is_small = received.iter().all(|form| form.value.len() <= MAX_COMBINED_BODY_LEN);
        let (mut bodies, mut constants, mut edited_bytes) = (Vec::new(), Vec::new(), 0);
        for form in distinct((space.edited_bodies)()) {
            self.try_documented(std::slice::from_ref(&form), &space.keys)?;
            edited_bytes += form.value.len();
            self.result.cost += PRINT_COST * form.value.len();
            // Printing takes most of the time of a long body: fewer pairs of edits are tried then.
            self.charge(form.value.len())?;
            // An encoding inside another, such as gzip in base64, is likelier than the rows below.
            for nested in body_edits::decoded_again(&form) {
                self.try_documented(std::slice::from_ref(&nested), &space.keys)?;
                edited_bytes += nested.value.len();
            }
            if edited_bytes > MAX_EDITED_BYTES {
                self.result.cut_short = true;
                break;
            }
            // Larger bodies are only tried with one edit: keeping every form would take gigabytes.
            let is_single = |edit: &Edit| signed_strings::SINGLE.contains(&edit.code);
            if form.edits.iter().any(is_single) {
                constants.extend((form.value.len() <= MAX_CONSTANT_LEN).then_some(form));
            } else if is_small {
                bodies.push(form);
            }
        }
        Ok([bodies, constants])
    }

    /// Tries the bodies with changed values, and returns those that are printed again.
    ///
    /// They are many, so they are not combined with keys or other edits.
    fn try_value_bodies(&mut self) -> Result<Vec<Edited<Vec<u8>>>, Finished> {
        let (mut kept, mut kept_bytes) = (Vec::new(), 0);
        for form in distinct((self.space.value_bodies)()) {
            self.try_documented(std::slice::from_ref(&form), &self.space.keys)?;
            self.result.cost += form.value.len();
            kept_bytes += form.value.len();
            if kept_bytes <= MAX_PRINTED_AGAIN_BYTES {
                kept.push(form);
            }
        }
        Ok(kept)
    }

    /// Tries the bodies that were taken out of a wrapper, or whose values were changed, as JSON
    /// libraries print them.
    fn try_printed_again<'b>(
        &mut self,
        bodies: impl Iterator<Item = &'b Edited<Vec<u8>>>,
    ) -> Result<(), Finished> {
        let mut printed_bytes = 0;
        for body in bodies {
            for form in (self.space.print_again)(body) {
                printed_bytes += form.value.len();
                self.result.cost += PRINT_COST * form.value.len();
                let tried = self.try_documented(std::slice::from_ref(&form), &self.space.keys);
                if tried.is_err() && self.result.edits.is_some() {
                    self.result.printed_from = Some(body.value.clone());
                }
                tried?;
            }
            if printed_bytes > MAX_PRINTED_AGAIN_BYTES {
                break;
            }
        }
        Ok(())
    }

    /// Tries every string of other schemes with every body under every key.
    fn try_signed_strings(
        &mut self,
        bodies: &[Edited<Vec<u8>>],
        keys: &[Edited<MacKey>],
    ) -> Result<(), Finished> {
        let space = self.space;
        let hash = |body: &Edited<Vec<u8>>| hex::encode(Sha256::digest(&body.value)).into_bytes();
        let hashes: Vec<_> = bodies.iter().map(hash).collect();
        self.result.cost += bodies.iter().map(|body| body.value.len()).sum::<usize>();
        for SignedString { before, after, has_body, is_hashed, edit } in &space.signed_strings {
            for (body, hash) in bodies.iter().zip(&hashes) {
                let content = match (*has_body, *is_hashed) {
                    (true, false) => (space.format.encode_body)(&body.value),
                    (true, true) => Cow::Borrowed(hash.as_slice()),
                    (false, _) => Cow::default(),
                };
                for key in keys {
                    for index in 0..self.functions.len() {
                        let function = self.functions[index];
                        let digest = mac(function, &key.value, &[before, &content, after]);
                        let edits = [std::slice::from_ref(edit), &body.edits, &key.edits];
                        self.compare(function, &[digest], &body.value, &edits)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Tries every body under every key, in the documented construction.
    fn try_documented(
        &mut self,
        bodies: &[Edited<Vec<u8>>],
        keys: &[Edited<MacKey>],
    ) -> Result<(), Finished> {
        let prefixes = &self.space.signed_parts.prefixes;
        prefixes.iter().try_for_each(|prefix| {
            self.try_construction(DOCUMENTED, Some(&prefix.value), &prefix.edits, bodies, keys)
        })
    }

    /// Tries every body under every key, without the prefix that the scheme signs before it.
    fn try_body_alone(
        &mut self,
        bodies: &[Edited<Vec<u8>>],
        keys: &[Edited<MacKey>],
    ) -> Result<(), Finished> {
        let prefix = self.space.signed_parts.unedited_prefix();
        let row = signing_mistakes::BODY_ALONE;
        self.try_construction(row.apply, prefix, &[self.space.format.edit(&row, "")], bodies, keys)
    }

    /// Tries every body under every key, in every other construction.
    fn try_mistakes(
        &mut self,
        bodies: &[Edited<Vec<u8>>],
        keys: &[Edited<MacKey>],
    ) -> Result<(), Finished> {
        let prefix = self.space.signed_parts.unedited_prefix();
        signing_mistakes::ROWS.iter().try_for_each(|row| {
            let edits = [self.space.format.edit(row, "")];
            self.try_construction(row.apply, prefix, &edits, bodies, keys)
        })
    }

    /// Tries every body under every key, in one construction.
    ///
    /// Both lists are sorted by likelihood, so pairs are visited by the sum of their positions.
    fn try_construction(
        &mut self,
        construction: ComputeDigests,
        prefix: Option<&[u8]>,
        edits: &[Edit],
        bodies: &[Edited<Vec<u8>>],
        keys: &[Edited<MacKey>],
    ) -> Result<(), Finished> {
        let parts = &self.space.signed_parts;
        for rank in 0..bodies.len() + keys.len() {
            let pair = |(index, body)| Some((body, keys.get(rank.checked_sub(index)?)?));
            for (body, key) in bodies.iter().enumerate().filter_map(pair) {
                let content = (self.space.format.encode_body)(&body.value);
                let input = DigestInput { prefix, body: &content, raw_body: &body.value, parts };
                for index in 0..self.functions.len() {
                    let function = self.functions[index];
                    let digests = construction(function, &key.value, input);
                    self.compare(
                        function,
                        &digests,
                        &body.value,
                        &[edits, &body.edits, &key.edits],
                    )?;
                }
            }
        }
        Ok(())
    }

    /// Compares digests with every reading whose edits still fit the limit, and charges the budget.
    fn compare(
        &mut self,
        function: HashFunction,
        digests: &[Vec<u8>],
        body: &[u8],
        edits: &[&[Edit]],
    ) -> Result<(), Finished> {
        let edit_count: usize = edits.iter().map(|edits| edits.len()).sum();
        for digest in digests {
            self.result.tried += 1;
            let fits =
                |reading: &&Edited<ReceivedDigest>| reading.edits.len() + edit_count <= MAX_EDITS;
            let mut readings = self.space.readings.iter().filter(fits);
            if let Some(reading) = readings.find(|reading| reading.value.matches(function, digest))
            {
                let edits = std::iter::once(reading.edits.as_slice()).chain(edits.iter().copied());
                self.result.edits = Some(edits.flatten().cloned().collect());
                self.result.signed_body = body.to_vec();
                return Err(Finished);
            }
            self.charge(body.len() + MAC_COST)?;
        }
        Ok(())
    }

    /// Charges bytes to the budget, and ends the search if it is used up.
    fn charge(&mut self, bytes: usize) -> Result<(), Finished> {
        let Some(remaining) = self.budget.checked_sub(bytes) else {
            self.result.cut_short = true;
            return Err(Finished);
        };
        self.budget = remaining;
        Ok(())
    }
}

/// Removes duplicates, because several libraries print most bodies alike.
fn distinct(forms: impl Iterator<Item = Edited<Vec<u8>>>) -> impl Iterator<Item = Edited<Vec<u8>>> {
    let mut seen = std::collections::HashSet::new();
    forms.filter(move |form| {
        let mut hasher = DefaultHasher::new();
        form.value.hash(&mut hasher);
        seen.insert(hasher.finish())
    })
}
