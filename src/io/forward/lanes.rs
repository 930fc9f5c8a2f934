//! Lanes: deliveries of one lead in their order of arrival, those of different leads concurrently.

use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

/// Identifies the lane of a delivery.
///
/// It is a hash, because senders choose the lengths of ids. Two leads with the same hash wait for
/// each other, which costs time only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LaneKey(u64);

impl LaneKey {
    /// Returns the lane of a lead, or that of all deliveries without one.
    #[must_use]
    pub fn new(provider: Option<&str>, lead: Option<&str>) -> Self {
        let mut hasher = DefaultHasher::new();
        lead.map(|lead| (provider, lead)).hash(&mut hasher);
        Self(hasher.finish())
    }

    /// Returns the lane of every delivery, if they have to keep their order.
    pub(super) fn common() -> Self {
        Self(0)
    }
}

/// The unfinished positions of one queue, by lane.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// The number of positions so far.
    last: u64,
    /// The unfinished positions of each lane in their order. No lane is empty.
    lanes: HashMap<LaneKey, VecDeque<Position>>,
}

#[derive(Debug)]
struct Position {
    number: u64,
    /// Tells the owner that it is first; `None` once it is.
    first: Option<oneshot::Sender<()>>,
}

/// A position in a lane, until it is dropped.
#[derive(Debug)]
pub(super) struct Turn {
    lanes: Arc<Lanes>,
    key: LaneKey,
    number: u64,
    /// `None` if it is the first of its lane.
    first: Option<oneshot::Receiver<()>>,
}

impl Lanes {
    /// Takes the last position of a lane.
    pub(super) fn enter(self: &Arc<Self>, key: LaneKey) -> Turn {
        let mut state = self.lock();
        state.last += 1;
        let number = state.last;
        let lane = state.lanes.entry(key).or_default();
        let (sender, receiver) = oneshot::channel();
        let (sender, receiver) =
            if lane.is_empty() { (None, None) } else { (Some(sender), Some(receiver)) };
        lane.push_back(Position { number, first: sender });
        drop(state);
        Turn { lanes: Arc::clone(self), key, number, first: receiver }
    }

    /// Locks the state. A poisoned lock is safe to use: no update can panic halfway.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn {
    /// Waits until no earlier position of the lane is left.
    pub(super) async fn wait(&mut self) {
        if let Some(first) = &mut self.first {
            // The sender is only dropped with this position.
            let _ = first.await;
            self.first = None;
        }
    }
}

impl Drop for Turn {
    /// Leaves the lane, from any position: a delivery may be given up while it waits.
    fn drop(&mut self) {
        let mut state = self.lanes.lock();
        let Some(lane) = state.lanes.get_mut(&self.key) else { return };
        // The numbers of a lane are in ascending order.
        if let Ok(index) = lane.binary_search_by_key(&self.number, |position| position.number) {
            lane.remove(index);
        }
        match lane.front_mut() {
            None => drop(state.lanes.remove(&self.key)),
            Some(position) => {
                if let Some(first) = position.first.take() {
                    let _ = first.send(());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::{Rng, SeedableRng};
    use std::collections::BTreeMap;
    use tokio::runtime::Builder;
    use tokio::task::{JoinSet, yield_now};

    /// What happened to the deliveries of one run.
    #[derive(Default)]
    struct Log {
        /// The finished deliveries of each lead.
        finished: BTreeMap<u64, Vec<u64>>,
        active: BTreeMap<u64, u64>,
        most_leads: usize,
    }

    async fn pause(steps: u64) {
        for _ in 0..steps {
            yield_now().await;
        }
    }

    /// Runs 40 deliveries of up to six leads with random delays, some of which are given up.
    fn run(seed: u64) -> Log {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut below = move |limit: u64| random.next_u64() % limit;
        let (lanes, log) = (Arc::new(Lanes::default()), Arc::new(Mutex::new(Log::default())));
        let leads = 1 + below(6);
        Builder::new_current_thread().build().unwrap().block_on(async {
            let mut running = JoinSet::new();
            for number in 0..40 {
                let lead = below(leads);
                let key = LaneKey::new(Some("acme"), Some(&lead.to_string()));
                let mut turn = lanes.enter(key);
                let (before, during, is_given_up) = (below(9), below(9), below(8) == 0);
                let log = Arc::clone(&log);
                running.spawn(async move {
                    pause(before).await;
                    if is_given_up {
                        return;
                    }
                    turn.wait().await;
                    {
                        let mut log = log.lock().unwrap();
                        *log.active.entry(lead).or_default() += 1;
                        assert_eq!(log.active[&lead], 1, "two at a time for one lead");
                        log.most_leads = log.most_leads.max(log.active.len());
                    }
                    pause(during).await;
                    let mut log = log.lock().unwrap();
                    log.active.remove(&lead);
                    log.finished.entry(lead).or_default().push(number);
                });
                pause(below(3)).await;
            }
            while let Some(done) = running.join_next().await {
                done.unwrap();
            }
        });
        assert!(lanes.lock().lanes.is_empty(), "seed {seed}: every lane is removed");
        let log = Arc::into_inner(log).unwrap();
        log.into_inner().unwrap()
    }

    #[test]
    fn each_lead_keeps_its_order_in_a_thousand_random_runs() {
        let mut most_leads = 0;
        for seed in 0..1000 {
            let log = run(seed);
            for (lead, finished) in &log.finished {
                assert!(finished.is_sorted(), "seed {seed}, lead {lead}: {finished:?}");
            }
            most_leads = most_leads.max(log.most_leads);
        }
        assert!(most_leads > 1, "different leads do not wait for each other");
    }

    #[test]
    fn a_position_that_is_given_up_lets_the_next_one_wait_for_the_one_before() {
        Builder::new_current_thread().build().unwrap().block_on(async {
            let lanes = Arc::new(Lanes::default());
            let key = LaneKey::new(None, None);
            let (first, second) = (lanes.enter(key), lanes.enter(key));
            let mut third = lanes.enter(key);
            drop(second);
            let mut waiting = std::pin::pin!(third.wait());
            let is_pending = std::future::poll_fn(|context| {
                std::task::Poll::Ready(waiting.as_mut().poll(context).is_pending())
            });
            assert!(is_pending.await);
            drop(first);
            waiting.await;
        });
    }

    #[test]
    fn a_lane_belongs_to_one_lead_of_one_provider() {
        let lane = LaneKey::new;
        assert_eq!(lane(Some("acme"), Some("1")), lane(Some("acme"), Some("1")));
        assert_ne!(lane(Some("acme"), Some("1")), lane(Some("acme"), Some("2")));
        assert_ne!(lane(Some("acme"), Some("1")), lane(Some("other"), Some("1")));
        assert_eq!(lane(Some("acme"), None), lane(None, None), "one lane for all without a lead");
    }
}
