//! The context of one failure: builds the search space from the request and the configuration.

use crate::domain::message::Message;
use crate::domain::verdict::Explanation;
use crate::engine::explain::body_edits::{BodyContext, ReceivedBody, RestoreBody};
use crate::engine::explain::candidate_keys::{self, CandidateKeys};
use crate::engine::explain::reserialised::StyleChoice;
use crate::engine::explain::search::{SearchResult, SearchSpace};
use crate::engine::explain::signing_mistakes::SignedParts;
use crate::engine::explain::{
    body_edits, reserialised, search, sent_secret, signature_locations, signature_readings,
    signed_headers, signed_strings, signing_mistakes, token,
};
use crate::protocols::json::Json;
use crate::protocols::schemes::digest::DigestFormat;
use crate::protocols::schemes::hypothesis::{Edit, Edited, Hypothesis};
use crate::protocols::schemes::scheme::{MacKey, SignatureFormat, SignedForm};
use crate::protocols::{json, json_stringify};
use crate::providers::provider::Provider;
use jiff::Timestamp;
use serde_json::Value;

/// The maximum number of bytes of neighbouring requests that a signature is compared with.
const MAX_NEIGHBOUR_BYTES: usize = 8 << 20;

/// Another request of the same input.
#[derive(Clone, Debug)]
pub struct Neighbour<'n> {
    /// Its name in the input.
    pub source: String,
    /// Its body.
    pub body: &'n [u8],
}

/// The request, its provider and the secrets: all that the search for one failure needs.
pub(super) struct FailureContext<'c> {
    pub(super) provider: &'c Provider,
    /// The sample payloads of the provider, the one of this event first.
    pub(super) samples: Vec<&'c Value>,
    pub(super) keys: Vec<Edited<MacKey>>,
    /// The secrets of other providers, and the user's candidates.
    pub(super) foreign: Vec<Edited<MacKey>>,
    /// The number of candidates among `foreign`.
    pub(super) candidate_count: usize,
    pub(super) message: &'c Message,
    pub(super) json: Option<Json>,
    pub(super) at: Timestamp,
    /// The digest that is wanted instead of the signature of the request, if there is one.
    pub(super) wanted: Option<WantedDigest>,
}

/// A digest that someone's code computed, and the contents that this code may have hashed.
#[derive(Debug, Default)]
pub(super) struct WantedDigest {
    /// The ways to read the digest.
    pub(super) readings: Vec<Edited<signature_readings::ReceivedDigest>>,
    /// The content that the signature covers instead of the body, if it does.
    pub(super) signed_content: Option<Vec<u8>>,
    /// The contents of one edit that are tried before the edited bodies.
    pub(super) contents: Vec<Edited<Vec<u8>>>,
}

impl FailureContext<'_> {
    /// Searches with the hypotheses that `is_wanted` selects by the keys of their edits.
    pub(super) fn search(
        &self,
        is_wanted: &dyn Fn(&str) -> bool,
    ) -> (SearchResult, Vec<Explanation>) {
        let scheme = &self.provider.signature;
        let keys =
            candidate_keys::keys(scheme.key_encoding(), &self.keys, &self.foreign, is_wanted);
        match scheme.signature_format() {
            SignatureFormat::Digest(format) => {
                let found = self.search_digest(&format, keys, is_wanted);
                // The timestamp is reported only with an edit: a signature that is valid as it is
                // has been judged already, and one that nothing explains proves no timestamp.
                let is_explained = found.edits.as_ref().is_some_and(|edits| !edits.is_empty());
                let rejection = scheme.time_rejection(self.message, self.at);
                (found, rejection.filter(|_| is_explained).into_iter().collect())
            }
            SignatureFormat::Token(format) => {
                let context = token::TokenContext {
                    message: self.message,
                    at: self.at,
                    provider: self.provider,
                    sample: self.sample(),
                };
                let keys = [&keys.configured, &keys.edited[0], &keys.edited[1], &keys.placeholders];
                let header = scheme.header().unwrap_or_default();
                let found = token::search(header, format, keys, self.candidate_count, &context);
                (found.result, found.rejections)
            }
            SignatureFormat::Secret(format) => {
                let keys = [&keys.configured, &keys.edited[0], &keys.edited[1], &keys.placeholders];
                (sent_secret::search(&format, keys, self.message, is_wanted), Vec::new())
            }
            SignatureFormat::Unsigned => Default::default(),
        }
    }

    /// Searches for a digest in a header that was computed with one of these keys.
    pub(super) fn search_digest(
        &self,
        format: &DigestFormat<'_>,
        keys: CandidateKeys,
        is_wanted: &dyn Fn(&str) -> bool,
    ) -> SearchResult {
        let body = self.received_body();
        let signed_parts = SignedParts::from_request(&self.provider.signature, self.message);
        let mut signed_strings = signed_parts.template_parts(self.message).signed_strings(format);
        signed_strings.extend(signed_headers::strings(self.provider, self.message, format));
        search::search(&SearchSpace {
            readings: self.readings(format),
            keys: keys.configured,
            edited_keys: keys.edited,
            placeholders: keys.placeholders,
            signed_strings,
            candidate_count: self.candidate_count,
            unedited_bodies: self.unedited_bodies(),
            edited_bodies: &|| self.edited_bodies(&body, is_wanted),
            value_bodies: &|| Box::new(body_edits::value_forms(&body, is_wanted)),
            print_again: &|form| self.print_again(form, is_wanted),
            signed_parts,
            format,
        })
    }

    /// Returns the ways to read the signature, those with the fewest edits first.
    fn readings(
        &self,
        format: &DigestFormat<'_>,
    ) -> Vec<Edited<signature_readings::ReceivedDigest>> {
        if let Some(wanted) = &self.wanted {
            return wanted.readings.clone();
        }
        let values = signature_locations::of_scheme(&self.provider.signature, self.message);
        let mut readings: Vec<_> =
            values.iter().flat_map(|value| signature_readings::readings(value, format)).collect();
        readings.sort_by_key(|reading| reading.edits.len());
        readings
    }

    /// Returns the body as received, and as the scheme prints it if that differs.
    fn unedited_bodies(&self) -> Vec<Edited<Vec<u8>>> {
        let signed = self.wanted.as_ref().and_then(|wanted| wanted.signed_content.clone());
        if let Some(content) = signed {
            return vec![Edited::unedited(content)];
        }
        let raw = &self.message.body;
        let prints_body = self.provider.signature.signed_form() == SignedForm::JsonStringify;
        let printed = prints_body.then(|| json_stringify::restringify(raw).ok()).flatten();
        let printed = printed.filter(|text| text != raw);
        std::iter::once(raw.to_vec()).chain(printed).map(Edited::unedited).collect()
    }

    /// Names the changed values, if the body differs from the signed one by nothing else and no
    /// library prints the one as the other.
    pub(super) fn name_changed_values(&self, edits: &mut [Edit], signed: &[u8]) {
        let is_unknown = |edit: &&mut Edit| edit.code == reserialised::UNKNOWN_LANGUAGE_CODE;
        let Some(unknown) = edits.iter_mut().find(is_unknown) else { return };
        let body = self.received_body();
        let mut forms = body_edits::value_forms(&body, &|_| true);
        let form = forms.find(|form| form.value == signed);
        if let Some(edit) = form.and_then(|form| form.edits.into_iter().next()) {
            *unknown = edit;
        }
    }

    /// Returns the body with the parts of the request that its edits need.
    fn received_body(&self) -> ReceivedBody<'_> {
        let content_encoding = self.message.headers.get_str("Content-Encoding");
        let context = BodyContext { content_encoding, samples: &self.samples, is_decoded: false };
        ReceivedBody::new(&self.message.body, context)
    }

    /// Returns the bodies of one edit, lazily.
    fn edited_bodies<'s>(
        &'s self,
        body: &'s ReceivedBody<'_>,
        is_wanted: &'s dyn Fn(&str) -> bool,
    ) -> Box<dyn Iterator<Item = Edited<Vec<u8>>> + 's> {
        let signed = |rows: &'static [Hypothesis<RestoreBody>]| {
            body_edits::apply_rows(body, &[], rows.iter().filter(|row| is_wanted(row.code)))
        };
        let contents = self.wanted.iter().flat_map(|wanted| wanted.contents.iter().cloned());
        let length = self.message.body.len();
        let printed = move |choice: StyleChoice| {
            self.json.iter().flat_map(move |json| {
                reserialised::forms(json, length, self.sample(), choice, is_wanted)
            })
        };
        // The common libraries come before the edits that cost as much and are rarer, and the short
        // strings before the forms that may use up the budget.
        let usual = contents
            .chain(body_edits::usual_forms(body, is_wanted))
            .chain(printed(StyleChoice::Common));
        let others = body_edits::other_forms(body, is_wanted).chain(signed(signed_strings::SHORT));
        let rare = printed(StyleChoice::Uncommon).chain(signed(signed_strings::LONG));
        Box::new(usual.chain(others).chain(rare))
    }

    /// Prints a body that was taken out of a wrapper, or whose values were changed, as JSON
    /// libraries do; returns nothing for other bodies.
    fn print_again(
        &self,
        form: &Edited<Vec<u8>>,
        is_wanted: &dyn Fn(&str) -> bool,
    ) -> Vec<Edited<Vec<u8>>> {
        let [edit] = form.edits.as_slice() else { return Vec::new() };
        let is_value = body_edits::is_value_edit(edit);
        // A small part of the body is not its payload.
        let is_payload =
            body_edits::is_decoding(edit) && form.value.len() >= self.message.body.len() / 8;
        if !(is_value || is_payload) || !body_edits::is_json_document(&form.value) {
            return Vec::new();
        }
        let Ok(json) = json::read(&form.value) else { return Vec::new() };
        let choice = if is_payload { StyleChoice::All } else { StyleChoice::Common };
        let printed = reserialised::forms(&json, form.value.len(), None, choice, is_wanted);
        // The spelling of the restored values is lost in every style but this one.
        let compact = is_value.then(|| reserialised::compact(&json));
        let combined = printed.chain(compact).map(|printed| Edited {
            value: printed.value,
            edits: form.edits.iter().cloned().chain(printed.edits).collect(),
        });
        combined.collect()
    }

    /// Returns the sample payload of the event.
    fn sample(&self) -> Option<&Value> {
        self.samples.first().copied()
    }

    /// Compares the signature with the bodies of other requests of the same input.
    ///
    /// Only the configured keys without edits are tried, up to a number of bytes: the input may
    /// contain millions of requests.
    pub(super) fn compare_with_neighbours(
        &self,
        neighbours: &[Neighbour<'_>],
        searched: &mut SearchResult,
    ) {
        let scheme = &self.provider.signature;
        let SignatureFormat::Digest(format) = scheme.signature_format() else { return };
        let readings = self.readings(&format);
        let signed_parts = SignedParts::from_request(scheme, self.message);
        let Some(prefix) = signed_parts.unedited_prefix().filter(|_| !readings.is_empty()) else {
            return;
        };
        let keys =
            candidate_keys::keys(scheme.key_encoding(), &self.keys, &[], &|_| false).configured;
        let mut remaining = MAX_NEIGHBOUR_BYTES;
        for neighbour in neighbours.iter().filter(|other| other.body != self.message.body) {
            let Some(rest) = remaining.checked_sub(neighbour.body.len()) else { return };
            remaining = rest;
            searched.cost += neighbour.body.len();
            for key in &keys {
                searched.tried += 1;
                let digest = format.mac(&key.value, prefix, neighbour.body);
                if let Some(reading) =
                    readings.iter().find(|reading| reading.value.matches(format.function, &digest))
                {
                    let edit =
                        signing_mistakes::OTHER_REQUEST.edit(&format!("`{}`", neighbour.source));
                    let edits = reading.edits.iter().cloned().chain([edit]);
                    searched.edits = Some(edits.collect());
                    return;
                }
            }
        }
    }
}
