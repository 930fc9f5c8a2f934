//! The messages of a run: each is made when it is due first, and kept until it is settled.

use crate::commands::context::Context;
use crate::commands::payload::{Draw, PayloadArgs, Prepared};
use crate::commands::simulate::live::clock::Clock;
use crate::domain::secret::Secret;
use crate::domain::target::Target;
use crate::engine::seeded_rng::SeededRng;
use crate::engine::simulate::scheduled::{MessageNumber, Scheduled};
use crate::error::Error;
use crate::io::environment::Environment;
use crate::providers::pack::Pack;
use crate::providers::provider::EventFacts;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

/// What makes the messages: the same for the same command, seed and clock.
#[derive(Debug)]
pub(super) struct MessageCache {
    pub(super) payload: PayloadArgs,
    pub(super) pack: Arc<Pack>,
    /// The event of the lead's own message, and of those that follow it.
    pub(super) events: Vec<EventFacts>,
    pub(super) secret: Option<Secret>,
    pub(super) seed: u64,
    /// Whether each lead is another one.
    pub(super) is_varied: bool,
    pub(super) clock: Clock,
    kept: HashMap<MessageNumber, Rc<Prepared>>,
    /// What was said already.
    said: BTreeSet<String>,
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
            kept: HashMap::new(),
            said: BTreeSet::new(),
        }
    }

    /// The message of an attempt.
    pub(super) fn of(
        &mut self,
        context: &mut Context<'_>,
        target: &Target,
        due: &Scheduled,
    ) -> Result<Rc<Prepared>, Error> {
        if let Some(kept) = self.kept.get(&due.message) {
            return Ok(Rc::clone(kept));
        }
        let (prepared, notes) = self.make(context.env, target, due)?;
        for note in notes {
            if self.said.insert(note.clone()) {
                context.printer.note(&note);
            }
        }
        let prepared = Rc::new(prepared);
        self.kept.insert(due.message, Rc::clone(&prepared));
        Ok(prepared)
    }

    /// Keeps a message that was made elsewhere.
    pub(super) fn keep(&mut self, message: MessageNumber, prepared: Prepared) {
        self.kept.insert(message, Rc::new(prepared));
    }

    /// Forgets a message that is settled.
    pub(super) fn settle(&mut self, message: MessageNumber) {
        self.kept.remove(&message);
    }

    /// Makes a message, and says what is to be said of it.
    fn make(
        &self,
        env: &Environment,
        target: &Target,
        due: &Scheduled,
    ) -> Result<(Prepared, Vec<String>), Error> {
        let MessageNumber { lead, place } = due.message;
        let seed = self.seed.wrapping_add(lead.into());
        let id = if place == 0 {
            seed
        } else {
            let mut dice = SeededRng::new(self.seed, "follow-ups");
            dice.seek(lead.into(), place.into());
            dice.below(u64::MAX)
        };
        let draw = Draw {
            lead: if self.is_varied { Some(seed) } else { self.payload.seed() },
            id,
            now: self.payload.now().unwrap_or_else(|| self.clock.time(due.arrived)),
        };
        let event = &self.events[place as usize];
        self.payload.draw(env, &self.pack, event, target, self.secret.as_ref(), draw)
    }
}
