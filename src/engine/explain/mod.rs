//! Explanations of invalid signatures: a search for the smallest edits that make them valid.
//!
//! A hypothesis is a code, its messages and a pure function; each kind has a file in this folder.
//! The search combines at most two of them, within a budget, and counts the digests it compared.

pub(in crate::engine) mod body_changes;
mod body_edits;
mod candidate_keys;
mod candidates;
mod failure_context;
mod hypothesis_texts;
mod languages;
mod observed_faults;
mod other_side;
pub mod own_digest;
mod placeholder_secrets;
pub(in crate::engine) mod receiver_mistakes;
mod reserialised;
mod restored;
mod samples;
mod search;
mod secret_edits;
mod secret_notations;
mod sent_secret;
mod signature_locations;
pub(in crate::engine) mod signature_readings;
mod signature_wrappers;
mod signed_headers;
mod signed_strings;
mod signed_templates;
mod signing_mistakes;
mod token;

pub use candidates::Candidate;
pub use failure_context::Neighbour;
pub use hypothesis_texts::texts;
pub use restored::{RestoredBody, restore_signed_body};

use crate::domain::message::Message;
use crate::domain::secret::Secret;
use crate::domain::verdict::{Explanation, Proof, SignatureStatus, SignatureVerdict};
use crate::engine::explain::candidates::CandidateFile;
use crate::engine::explain::failure_context::FailureContext;
use crate::engine::explain::samples::samples;
use crate::engine::explain::search::SearchResult;
use crate::engine::judge::Judge;
use crate::protocols::schemes::NO_SECRET;
use crate::protocols::schemes::headers::REDACTED_CODE;
use crate::protocols::schemes::hypothesis::{Edit, Edited, explanations};
use crate::protocols::schemes::scheme::MacKey;
use crate::protocols::{byte_order_mark, json};
use crate::providers::pack::Pack;
use jiff::Timestamp;
use std::collections::BTreeSet;

/// The number of bytes that one run may hash and print before it stops explaining further failures:
/// a few seconds.
const MAX_BYTES_PER_RUN: usize = 2 << 30;

/// The maximum number of earlier explanations that are remembered and tried first.
const MAX_REMEMBERED: usize = 8;

/// The maximum length of a body that is searched: the default body limit of `listen`.
const MAX_BODY_LEN: usize = 16 << 20;

/// The code of the explanation if the search finds nothing.
const NO_EXPLANATION: &str = "none-holds";

/// A signature that is not valid.
#[derive(Clone, Copy, Debug)]
pub struct Failure<'f> {
    /// The request that carries it.
    pub message: &'f Message,
    /// The time at which it was judged.
    pub at: Timestamp,
    /// The pack that recognised it.
    pub pack: Option<&'f Pack>,
    /// The event it names.
    pub event: Option<&'f str>,
}

/// Explains failures one by one: an explanation that fit once is tried first from then on.
#[derive(Debug, Default)]
pub struct Explainer {
    candidates: Vec<Candidate>,
    /// The file of the candidates, in words.
    candidate_file: Option<CandidateFile>,
    remembered: Vec<BTreeSet<&'static str>>,
    tried: usize,
    /// The number of bytes that were hashed and printed.
    bytes_processed: usize,
}

impl Explainer {
    /// Returns an explainer that also tries these secrets.
    #[must_use]
    pub fn new(candidates: Vec<Candidate>) -> Self {
        Self { candidates, ..Self::default() }
    }

    /// Names the file that the user's candidates are from, so that a failure says that they were
    /// tried.
    #[must_use]
    pub fn with_candidate_file(self, file: Option<&str>) -> Self {
        let candidate_file = file.map(|file| CandidateFile::new(file, &self.candidates));
        Self { candidate_file, ..self }
    }

    /// Adds the explanations to the verdict on a signature, if it is not valid.
    ///
    /// `neighbours` returns the other requests of the same input, whose signature this may be.
    pub fn explain<'n>(
        &mut self,
        judge: &Judge,
        failure: &Failure<'_>,
        neighbours: &dyn Fn() -> Vec<Neighbour<'n>>,
        signature: &mut SignatureVerdict,
    ) {
        let Some(pack) = failure.pack else { return };
        let is_explainable = match signature.status {
            SignatureStatus::Valid | SignatureStatus::Unsigned => false,
            // A secret that is not a valid key of the scheme may still be the signer's.
            SignatureStatus::Unchecked => {
                !judge.keyring().secrets_for(&pack.provider.id).is_empty()
                    || !self.candidates.is_empty()
            }
            SignatureStatus::Invalid | SignatureStatus::Missing | SignatureStatus::Malformed => {
                true
            }
        };
        if !is_explainable {
            return;
        }
        let context = self.context(judge, pack, failure);
        let message = failure.message;
        let (searched, rejections) = self.search(&context, neighbours);
        self.tried += searched.tried;
        self.bytes_processed += searched.cost;
        signature.tried = Some(searched.tried);
        match searched.edits {
            Some(mut edits) if !edits.is_empty() || !rejections.is_empty() => {
                let printed = searched.printed_from.as_deref().unwrap_or(&message.body);
                reserialised::fill_in_messages(&mut edits, &searched.signed_body, printed);
                context.name_changed_values(&mut edits, &searched.signed_body);
                other_side::add_fixes(&mut edits);
                signature.explanations = explanations(&edits);
                signature.explanations.extend(rejections);
                self.remember(&edits);
            }
            Some(_) => {}
            None if signature.status == SignatureStatus::Unchecked => {
                let file = self.candidate_file.as_ref().filter(|_| searched.tried > 0);
                if let Some(file) = file {
                    signature.explanations.retain(|explanation| explanation.code != NO_SECRET);
                    signature.explanations.insert(0, file.no_match());
                }
            }
            // The log hides the signature: nothing was compared that could be explained.
            None if searched.tried == 0 && is_redacted(signature) => {}
            None => {
                let facts = observed_faults::all(message, &pack.provider.signature);
                // A fact that only may be the cause is no reason to leave the secret alone.
                let is_certain = |fact: &Explanation| !fact.message.contains(" may ");
                let reason = self.unexplained(&searched, pack, facts.iter().any(is_certain));
                // The result of the search is more specific than `mismatch`.
                signature.explanations.retain(|explanation| explanation.code != "mismatch");
                signature.explanations.extend(facts);
                signature.explanations.push(reason);
            }
        }
    }

    /// Collects the request, its secrets and the foreign secrets for the search.
    fn context<'c>(
        &self,
        judge: &Judge,
        pack: &'c Pack,
        failure: &Failure<'c>,
    ) -> FailureContext<'c> {
        let Failure { message, at, event, .. } = *failure;
        let id = &pack.provider.id;
        let mac_key = |secret: &Secret| MacKey::new(secret.expose().to_vec());
        let keys =
            judge.keyring().secrets_for(id).iter().map(|secret| Edited::unedited(mac_key(secret)));
        let secret_name = |id: Option<&str>| match id.map(|id| judge.packs().find(id)) {
            Some(Ok(pack)) => format!("the secret of {}", pack.provider.name),
            Some(Err(_)) | None => "the secret for any provider".to_owned(),
        };
        let others = judge.keyring().others(id);
        let is_new =
            |candidate: &&Candidate| !judge.keyring().all().any(|known| *known == candidate.secret);
        let foreign = others
            .map(|(id, secret)| {
                let edit = secret_edits::OTHER_SECRET.edit(&secret_name(id));
                Edited::with_edit(&[], edit, mac_key(secret))
            })
            .chain(self.candidates.iter().filter(is_new).map(|candidate| {
                Edited::with_edit(&[], candidate.edit(), mac_key(&candidate.secret))
            }));
        FailureContext {
            provider: &pack.provider,
            samples: samples(pack, event),
            keys: keys.collect(),
            foreign: foreign.collect(),
            candidate_count: self.candidates.len(),
            message,
            json: json::read(byte_order_mark::strip(&message.body)).ok(),
            at,
            wanted: None,
        }
    }

    /// Tries the earlier explanations, then the whole search space.
    fn search<'n>(
        &self,
        context: &FailureContext<'_>,
        neighbours: &dyn Fn() -> Vec<Neighbour<'n>>,
    ) -> (SearchResult, Vec<Explanation>) {
        let mut tried = 0;
        if context.message.body.len() > MAX_BODY_LEN {
            return (SearchResult { cut_short: true, ..SearchResult::default() }, Vec::new());
        }
        for keys in &self.remembered {
            let (found, rejections) = context.search(&|key| keys.contains(key));
            tried += found.tried;
            if found.edits.is_some() {
                return (SearchResult { tried, ..found }, rejections);
            }
        }
        if self.bytes_processed >= MAX_BYTES_PER_RUN {
            // The secrets that the user named are still tried.
            let (found, rejections) = context.search(&|key| {
                [secret_edits::OTHER_SECRET.code, secret_edits::CANDIDATE.code].contains(&key)
            });
            tried += found.tried;
            let cut_short = found.edits.is_none();
            return (SearchResult { tried, cut_short, ..found }, rejections);
        }
        let (mut found, rejections) = context.search(&|_| true);
        found.tried += tried;
        if found.edits.is_none() {
            context.compare_with_neighbours(&neighbours(), &mut found);
        }
        (found, rejections)
    }

    /// Returns the explanation of a search that found nothing.
    ///
    /// If the request has an observed fault, the fix is to repair that first.
    fn unexplained(&self, searched: &SearchResult, pack: &Pack, has_facts: bool) -> Explanation {
        let (tried, tried_in_run) = (searched.tried, self.tried);
        let signed = pack.provider.signature.kind().content_name;
        let file = self.candidate_file.as_ref().filter(|_| tried > 0);
        let candidates = file.map(|file| format!("{} ", file.no_match().message));
        let candidates = candidates.unwrap_or_default();
        let is_secret = pack.provider.signature.proof() == Proof::SharedSecret;
        let message = match (tried, searched.cut_short) {
            (1.., false) if is_secret => format!(
                "{candidates}No explanation found ({tried} tried: other forms and places of the \
                 secret). The secrets of the two sides differ."
            ),
            (0, true) if tried_in_run == 0 => {
                "No explanation: the body is too long to search.".to_owned()
            }
            (0, true) => format!(
                "No explanation: the search budget of this run is used up ({tried_in_run} \
                 hypotheses tried on earlier requests)."
            ),
            (0, false) => "The request contains no readable signature.".to_owned(),
            (_, true) => {
                format!("No explanation found ({tried} tried before the search limit was reached).")
            }
            (_, false) => format!(
                "{candidates}No explanation found ({tried} tried: other forms of the body, secrets \
                 and signatures). Either the secret differs, or the {signed} was changed in a way \
                 this search does not cover."
            ),
        };
        let more = if file.is_some() {
            ""
        } else {
            "; `leadhook verify --candidates FILE` tries more secrets"
        };
        let fix = match (tried, has_facts) {
            (_, _) if is_secret => "compare the secret with the one the provider shows".to_owned(),
            (_, _) if searched.cut_short => {
                "compare the secret with the one the provider shows, and verify one request alone, \
                 or a smaller one"
                    .to_owned()
            }
            (0, _) => "capture every header as it arrives, and look for the one with the signature"
                .to_owned(),
            (_, true) => "fix that first, and verify the request again".to_owned(),
            (_, false) => format!(
                "compare the secret with the one the provider shows, and keep the {signed} byte for \
                 byte{more}"
            ),
        };
        Explanation::new(NO_EXPLANATION, message, fix)
    }

    /// Remembers an explanation that fit, by the keys of its edits.
    fn remember(&mut self, edits: &[Edit]) {
        let keys: BTreeSet<_> = edits.iter().map(|edit| edit.key).collect();
        if !self.remembered.contains(&keys) && self.remembered.len() < MAX_REMEMBERED {
            self.remembered.push(keys);
        }
    }
}

/// Returns the codes of all explanations of the search, in alphabetical order.
///
/// Codes that only the schemes report, without a search, are not included.
#[must_use]
pub fn codes() -> BTreeSet<&'static str> {
    texts().into_iter().map(|text| text.code).chain([NO_EXPLANATION]).collect()
}

/// Returns `true` if the check found that the signature is redacted.
fn is_redacted(signature: &SignatureVerdict) -> bool {
    signature.explanations.iter().any(|explanation| explanation.code == REDACTED_CODE)
}

#[cfg(test)]
mod tests;
