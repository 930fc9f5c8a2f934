//! The search: every form of the body under every form of the key, up to two edits in all.

use crate::engine::explain::construction::{AS_DOCUMENTED, Circumstances, Make, Material};
use crate::engine::explain::signature_readings::{Function, Given};
use crate::engine::explain::{body_edits, construction};
use crate::protocols::schemes::digest::DigestFormat;
use crate::protocols::schemes::hypothesis::{DEPTH, Edit, Edited};
use crate::protocols::schemes::scheme::MacKey;
use std::hash::{DefaultHasher, Hash, Hasher};

/// How many bytes are hashed for one explanation: about a sixtieth of a second.
const MOST_BYTES: usize = 24 << 20;

/// How many bytes of other bodies are made for one explanation, the likelier ones first.
const MOST_MADE: usize = 24 << 20;

/// How many times as long it takes to print a byte as to hash it.
const PRINTING: usize = 16;

/// What one MAC costs beside the bytes of the body: four blocks of the hash.
const BLOCKS: usize = 256;

/// The largest body of which every form is kept to be combined with other edits.
const MOST_KEPT: usize = 256 << 10;

/// What is searched.
pub(super) struct Space<'s> {
    /// The ways to read the signature.
    pub(super) readings: Vec<Edited<Given>>,
    /// The secrets at hand, as they are.
    pub(super) keys: Vec<Edited<MacKey>>,
    /// The keys of one edit, and of two.
    pub(super) other_keys: [Vec<Edited<MacKey>>; 2],
    /// How many of the keys the user wants tried whatever it costs.
    pub(super) candidates: usize,
    /// The body as it was received, and as the scheme prints it again if it does.
    pub(super) received: Vec<Edited<Vec<u8>>>,
    /// The bodies of one edit, made when they are asked for.
    pub(super) other_bodies: &'s dyn Fn() -> Box<dyn Iterator<Item = Edited<Vec<u8>>> + 's>,
    /// What else may have been signed.
    pub(super) around: Circumstances,
    /// How this provider writes a digest.
    pub(super) format: &'s DigestFormat<'s>,
}

/// What came of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Searched {
    /// The edits that make the signature hold, if any do.
    pub(super) edits: Option<Vec<Edit>>,
    /// The body over which it holds then.
    pub(super) signed: Vec<u8>,
    /// How many digests were made and compared.
    pub(super) tried: usize,
    /// What that cost, in bytes that could have been hashed instead.
    pub(super) spent: usize,
    /// Whether the bound came first.
    pub(super) cut_short: bool,
}

/// A search under way.
struct Run<'s, 'p> {
    space: &'p Space<'s>,
    functions: Vec<Function>,
    budget: usize,
    searched: Searched,
}

/// A search ends when something holds, or when its bound is reached.
struct Over;

/// Looks for the fewest edits that make the signature hold.
pub(super) fn search(space: &Space<'_>) -> Searched {
    // Without a signature, or without a key, there is nothing to compare.
    let has_key = !space.keys.is_empty() || space.other_keys.iter().any(|keys| !keys.is_empty());
    if space.readings.is_empty() || !has_key {
        return Searched::default();
    }
    let mut functions: Vec<_> =
        space.readings.iter().map(|reading| reading.value.function).collect();
    functions.sort_by_key(|function| *function as usize);
    functions.dedup();
    let length = space.received.iter().map(|form| form.value.len()).sum::<usize>();
    let budget = MOST_BYTES + space.candidates * (length + BLOCKS);
    let mut run = Run { space, functions, budget, searched: Searched::default() };
    // Over is how a search ends, and the result is in the run.
    let _ = run.everything();
    run.searched.spent += budget.saturating_sub(run.budget);
    run.searched
}

impl Run<'_, '_> {
    fn everything(&mut self) -> Result<(), Over> {
        let space = self.space;
        let received = &space.received;
        let [one_key, two_keys] = &space.other_keys;
        self.pairs(received, &space.keys)?;
        // What the user named is tried before anything can use up the bound.
        self.pairs(received, one_key)?;
        let small = received.iter().all(|form| form.value.len() <= MOST_KEPT);
        let (mut bodies, mut made) = (Vec::new(), 0);
        for form in distinct((space.other_bodies)()) {
            self.pairs(std::slice::from_ref(&form), &space.keys)?;
            made += form.value.len();
            self.searched.spent += PRINTING * form.value.len();
            if made > MOST_MADE {
                self.searched.cut_short = true;
                break;
            }
            if small {
                bodies.push(form);
            }
        }
        self.constructed(received, &space.keys)?;
        self.pairs(&bodies, one_key)?;
        for form in &bodies {
            self.pairs(&body_edits::further(form).collect::<Vec<_>>(), &space.keys)?;
        }
        self.pairs(received, two_keys)?;
        self.constructed(received, one_key)?;
        self.constructed(&bodies, &space.keys)
    }

    /// Every body under every key, in the documented construction.
    fn pairs(&mut self, bodies: &[Edited<Vec<u8>>], keys: &[Edited<MacKey>]) -> Result<(), Over> {
        let before = &self.space.around.before;
        before.iter().try_for_each(|before| {
            self.under(AS_DOCUMENTED, Some(&before.value), &before.edits, bodies, keys)
        })
    }

    /// Every body under every key, in every other construction.
    fn constructed(
        &mut self,
        bodies: &[Edited<Vec<u8>>],
        keys: &[Edited<MacKey>],
    ) -> Result<(), Over> {
        let before = self.space.around.received();
        construction::ROWS.iter().try_for_each(|row| {
            let edits = [self.space.format.edit(row, "")];
            self.under(row.apply, before, &edits, bodies, keys)
        })
    }

    /// Every body under every key, in one construction: the likelier of both first.
    fn under(
        &mut self,
        construction: Make,
        before: Option<&[u8]>,
        edits: &[Edit],
        bodies: &[Edited<Vec<u8>>],
        keys: &[Edited<MacKey>],
    ) -> Result<(), Over> {
        let around = &self.space.around;
        for rank in 0..bodies.len() + keys.len() {
            let likely = |(at, body)| Some((body, keys.get(rank.checked_sub(at)?)?));
            for (body, key) in bodies.iter().enumerate().filter_map(likely) {
                let material = Material { before, body: &body.value, around };
                for at in 0..self.functions.len() {
                    let function = self.functions[at];
                    let made = construction(function, &key.value, material);
                    self.compare(function, &made, &body.value, &[edits, &body.edits, &key.edits])?;
                }
            }
        }
        Ok(())
    }

    /// Holds digests against every reading that the edits leave room for.
    fn compare(
        &mut self,
        function: Function,
        digests: &[Vec<u8>],
        body: &[u8],
        edits: &[&[Edit]],
    ) -> Result<(), Over> {
        let used: usize = edits.iter().map(|edits| edits.len()).sum();
        for digest in digests {
            self.searched.tried += 1;
            let room = |reading: &&Edited<Given>| reading.edits.len() + used <= DEPTH;
            let mut readings = self.space.readings.iter().filter(room);
            if let Some(reading) = readings.find(|reading| reading.value.is(function, digest)) {
                let edits = std::iter::once(reading.edits.as_slice()).chain(edits.iter().copied());
                self.searched.edits = Some(edits.flatten().cloned().collect());
                self.searched.signed = body.to_vec();
                return Err(Over);
            }
            let Some(left) = self.budget.checked_sub(body.len() + BLOCKS) else {
                self.searched.cut_short = true;
                return Err(Over);
            };
            self.budget = left;
        }
        Ok(())
    }
}

/// Leaves out what has come before: several libraries print most bodies alike.
fn distinct(forms: impl Iterator<Item = Edited<Vec<u8>>>) -> impl Iterator<Item = Edited<Vec<u8>>> {
    let mut seen = std::collections::HashSet::new();
    forms.filter(move |form| {
        let mut hasher = DefaultHasher::new();
        form.value.hash(&mut hasher);
        seen.insert(hasher.finish())
    })
}
