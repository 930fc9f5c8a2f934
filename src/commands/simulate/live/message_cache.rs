//! The messages of a run: each is created for its first attempt and cached until it is settled.

use crate::commands::context::Context;
use crate::commands::payload::{DeliverySeeds, PayloadArgs, PreparedDelivery};
use crate::commands::simulate::live::clock::Clock;
use crate::domain::secret::Secret;
use crate::domain::target::Target;
use crate::engine::seeded_rng::SeededRng;
use crate::engine::simulate::scheduled::{MessageNumber, ScheduledAttempt};
use crate::error::Error;
use crate::io::environment::Environment;
use crate::providers::pack::Pack;
use crate::providers::provider::EventFacts;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

/// Creates messages and caches them; the same command, seed and clock give the same bytes.
#[derive(Debug)]
pub(super) struct MessageCache {
    pub(super) payload: PayloadArgs,
    pub(super) pack: Arc<Pack>,
    /// The event of the first message of each lead, then those of the follow-up messages.
    pub(super) events: Vec<EventFacts>,
    pub(super) secret: Option<Secret>,
    pub(super) seed: u64,
    /// `true` if each lead has a different payload.
    pub(super) is_varied: bool,
    pub(super) clock: Clock,
    cached: HashMap<MessageNumber, Rc<PreparedDelivery>>,
    /// The notes that were printed already.
    printed: BTreeSet<String>,
}

impl MessageCache {
    pub(super) fn new(
        payload: PayloadArgs,
        pack: Arc<Pack>,
        events: Vec<EventFacts>,
        secret: Option<Secret>,
        (seed, is_varied): (u64, bool),
        clock: Clock,
    ) -> Self {
        Self {
            payload,
            pack,
            events,
            secret,
            seed,
            is_varied,
            clock,
            cached: HashMap::new(),
            printed: BTreeSet::new(),
        }
    }

    /// Returns the message of an attempt, and prints the notes on it if it is new.
    pub(super) fn get_or_create(
        &mut self,
        context: &mut Context<'_>,
        target: &Target,
        scheduled: &ScheduledAttempt,
    ) -> Result<Rc<PreparedDelivery>, Error> {
        if let Some(cached) = self.cached.get(&scheduled.message) {
            // Senders sign every attempt anew if the time is signed. The time is the real one, also
            // if the waits are virtual: the receiver compares it with its own clock.
            let now = context.env.now();
            let is_retry = scheduled.attempt > 1;
            let again =
                is_retry.then(|| self.payload.sign_again(cached, self.secret.as_ref(), now));
            return Ok(again.transpose()?.flatten().map_or_else(|| Rc::clone(cached), Rc::new));
        }
        let (prepared, notes) = self.create(context.env, target, scheduled)?;
        for note in notes {
            if self.printed.insert(note.clone()) {
                context.printer.note(&note);
            }
        }
        let prepared = Rc::new(prepared);
        self.cached.insert(scheduled.message, Rc::clone(&prepared));
        Ok(prepared)
    }

    /// Adds a message that was created elsewhere.
    pub(super) fn insert(&mut self, message: MessageNumber, prepared: PreparedDelivery) {
        self.cached.insert(message, Rc::new(prepared));
    }

    /// Removes a message that needs no further attempt.
    pub(super) fn remove(&mut self, message: MessageNumber) {
        self.cached.remove(&message);
    }

    /// Creates the message of an attempt, with the notes on it.
    fn create(
        &self,
        env: &Environment,
        target: &Target,
        scheduled: &ScheduledAttempt,
    ) -> Result<(PreparedDelivery, Vec<String>), Error> {
        let MessageNumber { lead, index: position } = scheduled.message;
        let seed = self.seed.wrapping_add(lead.into());
        // The id of a follow-up message is drawn from a separate generator: `seed` plus a position
        // would be the seed of another lead.
        let id_seed = if position == 0 {
            seed
        } else {
            let mut rng = SeededRng::new(self.seed, "follow-ups");
            rng.seek(lead.into(), position.into());
            rng.number_below(u64::MAX)
        };
        let seeds = DeliverySeeds {
            lead_seed: if self.is_varied { Some(seed) } else { self.payload.seed() },
            id_seed,
            now: self.payload.now().unwrap_or_else(|| self.clock.timestamp(scheduled.arrived)),
        };
        let event = &self.events[position as usize];
        self.payload.generate(env, &self.pack, event, target, self.secret.as_ref(), seeds)
    }
}
