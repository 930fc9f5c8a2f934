//! The captured deliveries of a check, which replace the samples of their events.

use crate::engine::generate::CapturedBody;
use std::collections::BTreeMap;

/// The maximum size of a body. Genuine ones have some kilobytes.
const MAX_BODY: usize = 1 << 20;

/// The maximum size of all bodies, which are kept in memory.
const MAX_TOTAL: usize = 64 << 20;

/// Captured bodies by event, in the order in which they were read.
#[derive(Debug, Default)]
pub struct CapturedDeliveries {
    bodies: BTreeMap<String, Vec<CapturedBody>>,
    /// The size of all bodies in bytes.
    size: usize,
}

impl CapturedDeliveries {
    /// Adds the body of a delivery of an event. Returns `false` if it is too large, or if all bodies
    /// together would be.
    pub fn add(&mut self, event: &str, body: CapturedBody) -> bool {
        let size = self.size + body.size();
        if body.size() > MAX_BODY || size > MAX_TOTAL {
            return false;
        }
        self.size = size;
        self.bodies.entry(event.to_owned()).or_default().push(body);
        true
    }

    /// Returns the number of bodies of an event.
    #[must_use]
    pub fn count(&self, event: &str) -> usize {
        self.bodies.get(event).map_or(0, Vec::len)
    }

    /// Returns the body for a lead of a case, if the event has any.
    ///
    /// The seed of the case chooses the body of its first lead, and the other leads get the ones
    /// that follow it. So a case sends the same bytes alone and among others.
    #[must_use]
    pub fn choose(&self, event: &str, seed: u64, lead_number: u64) -> Option<&CapturedBody> {
        let bodies = self.bodies.get(event)?;
        let index = seed.wrapping_add(lead_number).checked_rem(bodies.len() as u64)?;
        bodies.get(usize::try_from(index).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(size: usize) -> CapturedBody {
        let padding = "x".repeat(size - 8);
        CapturedBody::read(format!("{{\"a\":\"{padding}\"}}").as_bytes()).unwrap()
    }

    #[test]
    fn the_leads_of_a_case_get_the_bodies_in_order() {
        let mut deliveries = CapturedDeliveries::default();
        for size in [10, 20, 30] {
            assert!(deliveries.add("created", body(size)));
        }
        let sizes = |seed| {
            [0, 1, 2, 3].map(|lead| deliveries.choose("created", seed, lead).unwrap().size())
        };
        assert_eq!(sizes(0), [10, 20, 30, 10]);
        assert_eq!(sizes(7), [20, 30, 10, 20]);
        assert!(deliveries.choose("updated", 7, 0).is_none());
        assert_eq!((deliveries.count("created"), deliveries.count("updated")), (3, 0));
    }

    #[test]
    fn the_size_of_the_bodies_is_limited() {
        let mut deliveries = CapturedDeliveries::default();
        assert!(!deliveries.add("created", body(MAX_BODY + 1)));
        for _ in 0..MAX_TOTAL / MAX_BODY {
            assert!(deliveries.add("created", body(MAX_BODY)));
        }
        assert!(!deliveries.add("created", body(8)));
    }
}
