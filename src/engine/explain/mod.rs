//! Why a signature does not hold: a search for the smallest edits under which it would.
//!
//! A hypothesis is a row of words and a pure function in one of the files beside this one. The
//! search applies up to two of them, within a bound, and says how many digests it compared.

mod body_edits;
mod candidate_keys;
mod construction;
mod facts;
mod failure_context;
mod reserialised;
mod search;
mod secret_edits;
mod signature_readings;
mod token;
mod transport;

pub use failure_context::Neighbour;

use crate::domain::message::Message;
use crate::domain::secret::Secret;
use crate::domain::verdict::{Explanation, SignatureStatus, SignatureVerdict};
use crate::engine::explain::failure_context::FailureContext;
use crate::engine::explain::search::Searched;
use crate::engine::judge::{Judge, Judgement};
use crate::protocols::json::Oddity;
use crate::protocols::schemes::KINDS;
use crate::protocols::schemes::hypothesis::{Edit, Edited, explanations};
use crate::protocols::schemes::scheme::{MacKey, SignedForm};
use crate::protocols::{byte_order_mark, json, json_print};
use crate::providers::pack::Pack;
use jiff::Timestamp;
use serde_json::Value;
use std::collections::BTreeSet;

/// How many bytes one run may hash and print before it stops to look for the reason of each
/// failure: a few seconds.
const MOST_SPENT_IN_A_RUN: usize = 2 << 30;

/// How many reasons are tried first because they held before.
const MOST_REMEMBERED: usize = 8;

/// The longest body that is searched: no listener takes a longer one without being told to.
const MOST_SEARCHED: usize = 16 << 20;

/// The code of what stands where the search has found nothing.
const NONE_HOLDS: &str = "none-holds";

/// A secret that may have signed, and where it was found.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The words for it, such as "line 3 of `FILE`". They never show it.
    pub place: String,
    /// The secret.
    pub secret: Secret,
}

/// A signature that does not hold.
#[derive(Clone, Copy, Debug)]
pub struct Failure<'f> {
    /// The request that carries it.
    pub message: &'f Message,
    /// The time as of which it was judged.
    pub at: Timestamp,
    /// The pack that recognised it.
    pub pack: Option<&'f Pack>,
    /// The event it names.
    pub event: Option<&'f str>,
}

/// Explains failures, one after the other: what held once is tried first from then on.
#[derive(Debug, Default)]
pub struct Explainer {
    candidates: Vec<Candidate>,
    remembered: Vec<BTreeSet<&'static str>>,
    tried: usize,
    /// The bytes that were hashed and printed.
    spent: usize,
}

impl Explainer {
    /// One that also tries these secrets.
    #[must_use]
    pub fn new(candidates: Vec<Candidate>) -> Self {
        Self { candidates, ..Self::default() }
    }

    /// Completes the verdict on a signature with the reason why it does not hold, if it does not.
    ///
    /// `neighbours` gives the other requests of the same input, whose signature this may be.
    pub fn explain<'n>(
        &mut self,
        judge: &Judge,
        failure: &Failure<'_>,
        neighbours: &dyn Fn() -> Vec<Neighbour<'n>>,
        signature: &mut SignatureVerdict,
    ) {
        let Some(pack) = failure.pack else { return };
        let wanted = match signature.status {
            SignatureStatus::Valid => false,
            // A secret that spells no key of the scheme may be the signer's all the same.
            SignatureStatus::Unchecked => {
                !judge.keyring().of(&pack.provider.id).is_empty() || !self.candidates.is_empty()
            }
            SignatureStatus::Invalid | SignatureStatus::Missing | SignatureStatus::Malformed => {
                true
            }
        };
        if !wanted {
            return;
        }
        let case = self.case(judge, pack, failure);
        let message = failure.message;
        let (searched, objections) = self.search(&case, neighbours);
        self.tried += searched.tried;
        self.spent += searched.spent;
        signature.tried = Some(searched.tried);
        match searched.edits {
            Some(mut edits) if !edits.is_empty() || !objections.is_empty() => {
                reserialised::named(&mut edits, &searched.signed, &message.body);
                signature.explanations = explanations(&edits);
                signature.explanations.extend(objections);
                self.remember(&edits);
            }
            Some(_) => {}
            None if signature.status == SignatureStatus::Unchecked => {}
            None => {
                let seen = facts::all(message);
                let reason = none_holds(&searched, self.tried, pack, !seen.is_empty());
                // Which secret or which bytes, is all that is open then: one word is enough.
                signature.explanations.retain(|explanation| explanation.code != "mismatch");
                signature.explanations.extend(seen);
                signature.explanations.push(reason);
            }
        }
    }

    fn case<'c>(&self, judge: &Judge, pack: &'c Pack, failure: &Failure<'c>) -> FailureContext<'c> {
        let Failure { message, at, event, .. } = *failure;
        let id = &pack.provider.id;
        let key = |secret: &Secret| MacKey::new(secret.expose().to_vec());
        let keys = judge.keyring().of(id).iter().map(|secret| Edited::received(key(secret)));
        let name = |id: Option<&str>| match id.map(|id| judge.packs().find(id)) {
            Some(Ok(pack)) => format!("the secret of {}", pack.provider.name),
            Some(Err(_)) | None => "the secret that is for any provider".to_owned(),
        };
        let others = judge.keyring().others(id);
        let is_new =
            |candidate: &&Candidate| !judge.keyring().all().any(|known| *known == candidate.secret);
        let foreign = others
            .map(|(id, secret)| Edited::then(&[], secret_edits::OTHER.edit(&name(id)), key(secret)))
            .chain(self.candidates.iter().filter(is_new).map(|candidate| {
                let edit = secret_edits::CANDIDATE.edit(&candidate.place);
                Edited::then(&[], edit, key(&candidate.secret))
            }));
        FailureContext {
            provider: &pack.provider,
            sample: sample(pack, event),
            keys: keys.collect(),
            foreign: foreign.collect(),
            candidates: self.candidates.len(),
            message,
            json: json::read(byte_order_mark::without(&message.body)).ok(),
            at,
        }
    }

    /// Tries what held before, then everything.
    fn search<'n>(
        &self,
        case: &FailureContext<'_>,
        neighbours: &dyn Fn() -> Vec<Neighbour<'n>>,
    ) -> (Searched, Vec<Explanation>) {
        let mut tried = 0;
        if case.message.body.len() > MOST_SEARCHED {
            return (Searched { cut_short: true, ..Searched::default() }, Vec::new());
        }
        for keys in &self.remembered {
            let (found, objections) = case.search(&|key| keys.contains(key));
            tried += found.tried;
            if found.edits.is_some() {
                return (Searched { tried, ..found }, objections);
            }
        }
        if self.spent >= MOST_SPENT_IN_A_RUN {
            // What the user named is tried all the same.
            let (found, objections) = case.search(&|key| {
                [secret_edits::OTHER.code, secret_edits::CANDIDATE.code].contains(&key)
            });
            tried += found.tried;
            let cut_short = found.edits.is_none();
            return (Searched { tried, cut_short, ..found }, objections);
        }
        let (mut found, objections) = case.search(&|_| true);
        found.tried += tried;
        if found.edits.is_none() {
            case.of_another(&neighbours(), &mut found);
        }
        (found, objections)
    }

    fn remember(&mut self, edits: &[Edit]) {
        let keys: BTreeSet<_> = edits.iter().map(|edit| edit.key).collect();
        if !self.remembered.contains(&keys) && self.remembered.len() < MOST_REMEMBERED {
            self.remembered.push(keys);
        }
    }
}

/// Every code that an explanation of the search has, in alphabetical order.
///
/// The first reasons, which the schemes give without a search, are not among them where the search
/// has no row of that code.
#[must_use]
pub fn codes() -> BTreeSet<&'static str> {
    let bodies = body_edits::ROWS.iter().map(|row| row.code);
    let secrets = secret_edits::ROWS.iter().map(|row| row.code);
    let keys = secrets.chain([secret_edits::OTHER.code, secret_edits::CANDIDATE.code, NONE_HOLDS]);
    let keys =
        keys.chain(construction::codes()).chain(KINDS.iter().flat_map(|kind| (kind.codes)()));
    let places = transport::codes().chain(signature_readings::codes());
    bodies.chain(keys).chain(places).chain(reserialised::codes()).chain(facts::codes()).collect()
}

/// Returns the form in which a body was signed that is only known as a JSON value, with the words for
/// that form.
#[must_use]
pub fn restored(
    judge: &Judge,
    message: &Message,
    at: Timestamp,
    judgement: &Judgement,
) -> Option<(Vec<u8>, String)> {
    let pack = judgement.pack.as_ref()?;
    let json = json::read(&message.body).ok()?;
    // Which of two equal keys was signed cannot be told.
    let repeats = |oddity: &Oddity| matches!(oddity, Oddity::DuplicateKey { .. });
    if json::oddities(&json).iter().any(repeats) {
        return None;
    }
    let scheme = &pack.provider.signature;
    // Claims are compared by what they say, not by their bytes.
    if scheme.signed_form() == SignedForm::Claims {
        return None;
    }
    let secrets = judge.keyring().of(&pack.provider.id);
    let mut printed = message.clone();
    let mut holds = |body: &Vec<u8>| {
        printed.body = body.clone().into();
        scheme.verify(secrets, &printed, at).status == SignatureStatus::Valid
    };
    let sample = sample(pack, judgement.verdict.event.as_deref());
    let mut forms = reserialised::forms(&json, message.body.len(), sample, &|_| true);
    // A library that drops or rounds what stands in the file has not printed what was signed.
    let same = |body: &[u8]| {
        json::read(body).is_ok_and(|signed| json::differences(&json, &signed).is_empty())
    };
    let form = forms.find(|form| holds(&form.value) && same(&form.value))?;
    let style = json_print::style(form.edits.first()?.key)?;
    Some((form.value, format!("{} ({})", style.call, style.language)))
}

/// What stands at the end of a search that found nothing.
///
/// Where something was `seen` in the request, that comes before any other secret.
fn none_holds(searched: &Searched, in_all: usize, pack: &Pack, seen: bool) -> Explanation {
    let tried = searched.tried;
    let signed = pack.provider.signature.kind().content;
    let how = match (tried, searched.cut_short) {
        (0, true) if in_all == 0 => {
            "Its body is too long to be searched for the reason.".to_owned()
        }
        (0, true) => format!(
            "It was not searched for the reason: {in_all} hypotheses were tried on the requests \
             before it."
        ),
        (0, false) => "There is nothing in it that can be read as a signature.".to_owned(),
        (_, true) => format!(
            "{tried} hypotheses were tried before the search was cut short, and none holds."
        ),
        (_, false) => format!(
            "{tried} hypotheses were tried, and none holds: it was made with a secret that is not \
             at hand, or the {signed} has changed in a way that cannot be undone."
        ),
    };
    let fix = match (tried, seen) {
        (_, _) if searched.cut_short => {
            "compare the secret with the provider's page, and look at one request alone, or at a \
             smaller one"
                .to_owned()
        }
        (0, _) => "capture every header as it arrives, and look for the one that signs".to_owned(),
        (_, true) => "mend that first: no secret can be told from these bytes".to_owned(),
        (_, false) => format!(
            "compare the secret with the provider's page, and keep the {signed} byte for byte; \
             `leadhook verify --candidates FILE` tries more secrets"
        ),
    };
    Explanation::new(NONE_HOLDS, how, fix)
}

fn sample<'p>(pack: &'p Pack, event: Option<&str>) -> Option<&'p Value> {
    pack.sample(pack.provider.event(event?)?, None).ok()
}

#[cfg(test)]
mod tests;
