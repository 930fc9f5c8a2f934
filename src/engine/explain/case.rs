//! One failure: what is known of it, and what of that is searched.

use crate::domain::message::Message;
use crate::domain::provider::{Provider, Scheme, SignedForm};
use crate::domain::verdict::Explanation;
use crate::engine::explain::construction::Circumstances;
use crate::engine::explain::hypothesis::{Form, Hypothesis};
use crate::engine::explain::manner::Manner;
use crate::engine::explain::search::{Searched, Space};
use crate::engine::explain::secret::Key;
use crate::engine::explain::signature::Function;
use crate::engine::explain::{
    body, construction, reserialised, search, secret, signature, token, transport, whsec,
};
use crate::protocols::json::Json;
use crate::protocols::{json_stringify, standard_webhooks};
use jiff::Timestamp;
use serde_json::Value;
use zeroize::Zeroizing;

/// How many bytes of its neighbours a signature is compared with.
const MOST_BESIDE: usize = 8 << 20;

/// How many secrets of others are also tried trimmed, decoded and so on.
const MOST_EDITED: usize = 1000;

/// Another request of the same input.
#[derive(Clone, Debug)]
pub struct Neighbour<'n> {
    /// What it is called there.
    pub source: String,
    /// Its body.
    pub body: &'n [u8],
}

/// What is known about one failure.
pub(super) struct Case<'c> {
    pub(super) provider: &'c Provider,
    pub(super) sample: Option<&'c Value>,
    pub(super) keys: Vec<Form<Key>>,
    /// Secrets that are somebody else's, or only may be meant.
    pub(super) foreign: Vec<Form<Key>>,
    pub(super) candidates: usize,
    pub(super) message: &'c Message,
    pub(super) json: Option<Json>,
    pub(super) at: Timestamp,
}

impl Case<'_> {
    /// Searches with the hypotheses that are `wanted`.
    pub(super) fn search(&self, wanted: &dyn Fn(&str) -> bool) -> (Searched, Vec<Explanation>) {
        let scheme = &self.provider.signature;
        match scheme {
            Scheme::HmacSha256Hex { header, over, .. } => {
                let received = self.received(*over);
                let others = self.other_keys(wanted);
                (
                    self.search_digest(header, self.keys.clone(), others, received, wanted),
                    Vec::new(),
                )
            }
            Scheme::JwtHs256 { header, .. } => {
                let others = self.other_keys(wanted);
                let keys = [&self.keys, &others[0], &others[1]];
                let asked = token::Asked {
                    message: self.message,
                    at: self.at,
                    provider: self.provider,
                    sample: self.sample,
                };
                let found = token::search(header, keys, self.candidates, &asked);
                (found.searched, found.objections)
            }
            Scheme::StandardWebhooks { header, timestamp_header, tolerance, .. } => {
                let keys = whsec::keys(&self.keys, &self.foreign, MOST_EDITED, wanted);
                let received = self.received(SignedForm::RawBody);
                let found = self.search_digest(header, keys.at_hand, keys.others, received, wanted);
                // That the time is off says nothing of a signature that holds by no edit.
                let mended = found.edits.as_ref().is_some_and(|edits| !edits.is_empty());
                let time = self.message.headers.get(timestamp_header).filter(|_| mended);
                let objection =
                    time.and_then(|time| standard_webhooks::objection(time, *tolerance, self.at));
                (found, objection.into_iter().collect())
            }
        }
    }

    /// Searches for a digest in a header, made with one of these keys.
    fn search_digest(
        &self,
        header: &str,
        keys: Vec<Form<Key>>,
        other_keys: [Vec<Form<Key>>; 2],
        received: Vec<Form<Vec<u8>>>,
        wanted: &dyn Fn(&str) -> bool,
    ) -> Searched {
        let scheme = &self.provider.signature;
        let Some(manner) = Manner::of(scheme) else { return Searched::default() };
        search::search(&Space {
            readings: self.readings(header, &manner),
            keys,
            other_keys,
            candidates: self.candidates,
            received,
            other_bodies: &|| self.bodies(wanted),
            around: Circumstances::of(scheme, self.message),
            manner: &manner,
        })
    }

    /// The ways to read the signature, those with the fewest edits first.
    fn readings(&self, header: &str, manner: &Manner<'_>) -> Vec<Form<signature::Given>> {
        let values = transport::values(header, self.message);
        let mut readings: Vec<_> =
            values.iter().flat_map(|value| signature::readings(value, manner)).collect();
        readings.sort_by_key(|reading| reading.edits.len());
        readings
    }

    /// The keys of one edit, and those of two.
    fn other_keys(&self, wanted: &dyn Fn(&str) -> bool) -> [Vec<Form<Key>>; 2] {
        let edited = |from: &[Form<Key>]| {
            let rows = || secret::ROWS.iter().filter(|row| wanted(row.code));
            let made = from.iter().flat_map(|form| {
                let undone = |row: &&Hypothesis<secret::Undo>| {
                    form.edits.last().is_some_and(|edit| secret::is_round_trip(edit.code, row.code))
                };
                rows().filter(move |row| !undone(row)).filter_map(|row| {
                    let key = Zeroizing::new((row.apply)(&form.value)?);
                    Some(Form::then(&form.edits, row.edit(""), key))
                })
            });
            made.collect::<Vec<_>>()
        };
        let mut one = edited(&self.keys);
        let mut two = edited(&one);
        two.extend(edited(&self.foreign[..self.foreign.len().min(MOST_EDITED)]));
        one.extend(
            self.foreign
                .iter()
                .filter(|form| form.edits.iter().all(|edit| wanted(edit.key)))
                .cloned(),
        );
        [one, two]
    }

    /// The bodies over which the signature would hold without any edit.
    fn received(&self, over: SignedForm) -> Vec<Form<Vec<u8>>> {
        let raw = &self.message.body;
        let printed = match over {
            SignedForm::RawBody => None,
            SignedForm::JsonStringify => json_stringify::restringify(raw).ok(),
        };
        let printed = printed.filter(|text| text != raw);
        std::iter::once(raw.to_vec()).chain(printed).map(Form::received).collect()
    }

    /// The bodies of one edit.
    fn bodies<'s>(
        &'s self,
        wanted: &'s dyn Fn(&str) -> bool,
    ) -> Box<dyn Iterator<Item = Form<Vec<u8>>> + 's> {
        let rows = body::ROWS.iter().filter(|row| wanted(row.code));
        let edited = body::edited(&self.message.body, &[], rows);
        let length = self.message.body.len();
        let printed = self
            .json
            .iter()
            .flat_map(move |json| reserialised::forms(json, length, self.sample, wanted));
        Box::new(edited.chain(printed))
    }

    /// Whether it is the signature of another request.
    pub(super) fn of_another(&self, neighbours: &[Neighbour<'_>], searched: &mut Searched) {
        let scheme = &self.provider.signature;
        let Some(manner) = Manner::of(scheme) else { return };
        let readings = self.readings(scheme.header(), &manner);
        let around = Circumstances::of(scheme, self.message);
        let Some(before) = around.received().filter(|_| !readings.is_empty()) else { return };
        let keys = match scheme {
            Scheme::HmacSha256Hex { .. } | Scheme::JwtHs256 { .. } => self.keys.clone(),
            Scheme::StandardWebhooks { .. } => whsec::keys(&self.keys, &[], 0, &|_| false).at_hand,
        };
        let mut left = MOST_BESIDE;
        for neighbour in neighbours.iter().filter(|other| other.body != self.message.body) {
            let Some(rest) = left.checked_sub(neighbour.body.len()) else { return };
            left = rest;
            searched.spent += neighbour.body.len();
            for key in &keys {
                searched.tried += 1;
                let made = signature::mac(Function::Sha256, &key.value, &[before, neighbour.body]);
                if let Some(reading) =
                    readings.iter().find(|reading| reading.value.is(Function::Sha256, &made))
                {
                    let edit = construction::OF_ANOTHER.edit(&format!("`{}`", neighbour.source));
                    let edits = reading.edits.iter().cloned().chain([edit]);
                    searched.edits = Some(edits.collect());
                    return;
                }
            }
        }
    }
}
