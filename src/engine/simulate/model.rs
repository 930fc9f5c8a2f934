//! Tests of the simulation against a simple model, which checks every message in every second.

use crate::domain::delivery::{AttemptResult, NextStep, Outcome};
use crate::domain::fault_options::{LatencyRange, Probability};
use crate::domain::interval::Interval;
use crate::domain::retry::RetryPolicy;
use crate::domain::status::StatusPattern;
use crate::domain::time::{Moment, Wait};
use crate::engine::seeded_rng::SeededRng;
use crate::engine::simulate::Scenario;
use crate::engine::simulate::arrivals::{ArrivalPattern, LeadStream};
use crate::engine::simulate::endpoint::Conditions;
use crate::engine::simulate::totals::Totals;
use proptest::prelude::*;
use std::time::Duration;

/// A scenario in whole seconds.
#[derive(Clone, Debug)]
struct ModelScenario {
    waits: Vec<u64>,
    gap: u64,
    leads: u32,
    follow_ups: Vec<u64>,
    outages: Vec<(u64, u64)>,
    brown_outs: Vec<(u64, u64)>,
    /// The number of seconds that each request occupies the endpoint.
    service: Option<u64>,
    latency: (u64, u64),
    fail_millionths: u32,
    timeout: u64,
    seed: u64,
}

/// A message of the model.
struct Message {
    rng_stream: u64,
    arrived: u64,
    next: Option<u64>,
    attempts: u32,
    effects: u64,
    first_effect: Option<u64>,
    first_effect_attempt: u32,
}

impl ModelScenario {
    fn policy(&self) -> RetryPolicy {
        RetryPolicy {
            documented: true,
            waits: self.waits.iter().copied().map(Wait).collect(),
            success: vec![StatusPattern::Exactly(200)],
            stop: vec![],
            retry_on: vec![],
            jitter: None,
            stop_effect: None,
            timeout: None,
            note: None,
        }
    }

    fn scenario(&self) -> Scenario {
        let seconds = Duration::from_secs;
        let intervals = |intervals_s: &[(u64, u64)]| {
            intervals_s
                .iter()
                .map(|(from, to)| Interval { from: seconds(*from), to: seconds(*to) })
                .collect()
        };
        let per_day = |gap: u64| format!("{}/d", 86_400 / gap).parse().unwrap();
        Scenario {
            stream: LeadStream {
                frequency: Some(per_day(self.gap)),
                pattern: ArrivalPattern::Even,
                leads: self.leads.into(),
                end: None,
                follow_ups: self.follow_ups.iter().copied().map(seconds).collect(),
            },
            conditions: Conditions {
                outages: intervals(&self.outages),
                brown_outs: intervals(&self.brown_outs),
                capacity: self.service.map(per_day),
                fail_rate: Probability(self.fail_millionths),
                latency: Some(LatencyRange {
                    min: seconds(self.latency.0),
                    max: seconds(self.latency.1),
                }),
                script: None,
            },
            timeout: Some(seconds(self.timeout)),
            seed: self.seed,
        }
    }

    fn is_in(intervals_s: &[(u64, u64)], second: u64) -> bool {
        intervals_s.iter().any(|(from, to)| (*from..*to).contains(&second))
    }

    /// Returns the second in which the first outage between `from` and `to` begins.
    fn next_outage(&self, from: u64, to: u64) -> Option<u64> {
        (from + 1..to).find(|second| {
            Self::is_in(&self.outages, *second) && !Self::is_in(&self.outages, *second - 1)
        })
    }

    /// Computes the totals second by second, message by message.
    fn totals(&self) -> Totals {
        let mut messages = self.messages();
        let mut totals = Totals { messages: messages.len() as u64, ..Totals::default() };
        let (mut second, mut free) = (0, 0);
        let disruptions = [self.outages.clone(), self.brown_outs.clone()].concat();
        let end = disruptions.iter().map(|(_, to)| *to).max();
        let mut backlog_gone = None;
        let mut note_empty_backlog = |messages: &[Message], second: u64| {
            let is_empty = !messages.iter().any(|it| it.attempts > 0 && it.next.is_some());
            if let Some(end) = end.filter(|end| *end <= second && is_empty) {
                backlog_gone.get_or_insert(second - end);
            }
        };
        while messages.iter().any(|message| message.next.is_some()) {
            if Self::is_in(&self.outages, second) {
                free = 0;
            }
            note_empty_backlog(&messages, second);
            for index in 0..messages.len() {
                while messages[index].next == Some(second) {
                    self.attempt(second, &mut messages[index], &mut free, &mut totals);
                    note_empty_backlog(&messages, second);
                }
            }
            second += 1;
        }
        totals.backlog_cleared_after = end.map(|_| Duration::from_secs(backlog_gone.unwrap_or(0)));
        self.sum_up(&messages, &mut totals);
        totals
    }

    fn messages(&self) -> Vec<Message> {
        let mut messages = Vec::new();
        for lead in 0..self.leads {
            for (position, offset) in (0..).zip([0].iter().chain(&self.follow_ups)) {
                let arrived = u64::from(lead) * self.gap + offset;
                messages.push(Message {
                    rng_stream: u64::from(lead) + (position << 32),
                    arrived,
                    next: Some(arrived),
                    attempts: 0,
                    effects: 0,
                    first_effect: None,
                    first_effect_attempt: 0,
                });
            }
        }
        messages
    }

    fn attempt(&self, second: u64, message: &mut Message, free: &mut u64, totals: &mut Totals) {
        totals.attempts += 1;
        message.attempts += 1;
        message.next = None;
        let mut known = second;
        let mut delivered = false;
        if !Self::is_in(&self.outages, second) {
            let mut finished = second;
            let mut fails = false;
            if self.brown_outs.is_empty() || Self::is_in(&self.brown_outs, second) {
                if let Some(service) = self.service {
                    finished = second.max(*free);
                    *free = finished + service;
                }
                let mut rng = SeededRng::new(self.seed, "luck");
                rng.seek(message.rng_stream, message.attempts.into());
                fails = rng.number_below(1_000_000) < u64::from(self.fail_millionths);
                finished += self.latency.0;
            }
            let broken_at = self.next_outage(second, finished);
            let limit = second + self.timeout;
            known = finished.min(limit).min(broken_at.unwrap_or(u64::MAX));
            delivered = known == finished && !fails && broken_at.is_none();
            if broken_at.is_none() && !fails {
                message.effects += 1;
                if message.effects == 1 {
                    message.first_effect = Some(finished);
                    message.first_effect_attempt = message.attempts;
                }
            }
        }
        if !delivered {
            totals.failures += 1;
            message.next = self.waits.get(message.attempts as usize - 1).map(|wait| known + wait);
        }
    }

    fn sum_up(&self, messages: &[Message], totals: &mut Totals) {
        for message in messages {
            match (message.first_effect, message.first_effect_attempt) {
                (None, _) => totals.lost += 1,
                (Some(_), 1) => totals.first_attempt += 1,
                (Some(_), _) => totals.late += 1,
            }
            totals.duplicated += u64::from(message.effects > 1);
            totals.duplicates += message.effects.saturating_sub(1);
        }
        let per_lead = 1 + self.follow_ups.len();
        let out_of_order = |lead: &[Message]| {
            let first = lead[0].first_effect.unwrap_or(u64::MAX);
            lead[1..].iter().filter(|it| it.first_effect.is_some_and(|at| at < first)).count()
        };
        if per_lead > 1 {
            totals.out_of_order =
                Some(messages.chunks(per_lead).map(out_of_order).sum::<usize>() as u64);
        }
        let mut delays: Vec<_> = messages
            .iter()
            .filter(|message| message.first_effect_attempt > 1)
            .filter_map(|message| Some(message.first_effect? - message.arrived))
            .collect();
        delays.sort_unstable();
        totals.delay = delays.last().map(|max| {
            let rank = |percent: usize| {
                // The smallest value that `percent` percent of the delays do not exceed.
                let is_enough = |value: &&u64| {
                    delays.iter().filter(|delay| delay <= value).count() * 100
                        >= percent * delays.len()
                };
                Duration::from_secs(*delays.iter().find(is_enough).unwrap())
            };
            crate::domain::percentiles::Percentiles {
                p50: rank(50),
                p90: rank(90),
                p99: rank(99),
                max: Duration::from_secs(*max),
            }
        });
    }
}

/// Clears the totals that the model does not compute.
fn comparable(totals: Totals) -> Totals {
    Totals { burst_per_s: 0, burst_per_min: 0, burst_at: None, backlog: 0, ..totals }
}

fn interval_s() -> impl Strategy<Value = (u64, u64)> {
    (0..60_u64, 1..40_u64).prop_map(|(from, length)| (from, from + length))
}

prop_compose! {
    fn world()(
        waits in prop::collection::vec(0..25_u64, 0..5),
        gap in prop::sample::select(vec![1_u64, 2, 3, 5, 8, 10]),
        leads in 1..9_u32,
        follow_ups in prop::collection::vec(0..15_u64, 0..3),
        outages in prop::collection::vec(interval_s(), 0..4),
        brown_outs in prop::collection::vec(interval_s(), 0..3),
        service in prop::option::of(prop::sample::select(vec![1_u64, 2, 3, 4, 6, 9])),
        latency in 0..6_u64,
        fail_millionths in prop::sample::select(vec![0, 0, 300_000, 1_000_000]),
        timeout in 1..8_u64,
        seed: u64,
    ) -> ModelScenario {
        let latency = (latency, latency);
        ModelScenario {
            waits, gap, leads, follow_ups, outages, brown_outs, service, latency, fail_millionths,
            timeout, seed,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn ten_thousand_random_scenarios_agree_with_the_model(world in world()) {
        let forecast = world.scenario().run(&world.policy(), |_| {});
        prop_assert_eq!(comparable(forecast.totals), world.totals());
    }
}

/// Creates a scenario with a single outage.
fn outage(waits: &[u64], length: u64, leads: u32, gap: u64) -> ModelScenario {
    ModelScenario {
        waits: waits.to_vec(),
        gap,
        leads,
        follow_ups: vec![],
        outages: vec![(0, length)],
        brown_outs: vec![],
        service: None,
        latency: (0, 0),
        fail_millionths: 0,
        timeout: 30,
        seed: 1,
    }
}

proptest! {
    #[test]
    fn an_outage_loses_only_messages_whose_attempts_all_fall_inside_it(
        waits in prop::collection::vec(0..5_000_u64, 0..9),
        from in 0..2_000_u64,
        length in 1..20_000_u64,
    ) {
        let outages = vec![(from, from + length)];
        let world = ModelScenario { outages, ..outage(&waits, 0, 500, 10) };
        let scenario = world.scenario();
        let mut lost = Vec::new();
        let forecast = scenario.run(&world.policy(), |completed| {
            if completed.next_step == NextStep::GiveUp {
                lost.push(completed.scheduled.arrived);
            }
        });
        let span: u64 = waits.iter().sum();
        // All attempts fall inside if the first and the last of them do.
        let inside = |at: u64| from <= at && at + span < from + length;
        let expected: Vec<_> = (0..500).map(|lead| lead * 10).filter(|at| inside(*at)).collect();
        lost.sort_unstable();
        let seconds: Vec<_> = lost.iter().map(|at| at.0 / 1_000_000).collect();
        prop_assert_eq!(seconds, expected);
        prop_assert_eq!(forecast.totals.lost, lost.len() as u64);
    }

    #[test]
    fn only_an_outage_longer_than_the_schedule_loses_messages(
        waits in prop::collection::vec(0..5_000_u64, 0..9),
    ) {
        let lost = |length| {
            let world = outage(&waits, length, 200, 10);
            world.scenario().run(&world.policy(), |_| {}).totals.lost
        };
        let span = outage(&waits, 1, 1, 1).policy().total_wait().0;
        prop_assert_eq!(lost(span.max(1)), u64::from(span == 0));
        prop_assert!(lost(span + 1) > 0);
    }

    #[test]
    fn a_message_never_has_more_attempts_than_its_schedule(world in world()) {
        let max = world.waits.len() + 1;
        let mut latest = Moment::default();
        let mut is_ordered = true;
        let forecast = world.scenario().run(&world.policy(), |completed| {
            is_ordered &= completed.scheduled.at >= latest && completed.scheduled.attempt as usize <= max;
            latest = completed.scheduled.at;
        });
        prop_assert!(is_ordered);
        let Totals { messages, first_attempt, late, lost, .. } = forecast.totals;
        prop_assert_eq!(first_attempt + late + lost, messages);
    }
}

#[test]
fn a_late_response_is_processed_and_counts_as_a_duplicate() {
    let world = ModelScenario { latency: (5, 5), timeout: 2, ..outage(&[10, 10], 0, 1, 1) };
    let world = ModelScenario { outages: vec![], ..world };
    let mut results = Vec::new();
    let forecast = world.scenario().run(&world.policy(), |completed| {
        results.push((
            completed.scheduled.at.0 / 1_000_000,
            completed.timed_result.result,
            completed.outcome,
        ));
    });
    let timeout = |at| (at, AttemptResult::Timeout, Outcome::Timeout);
    assert_eq!(results, [timeout(0), timeout(12), timeout(24)]);
    let Totals { first_attempt, late, lost, duplicated, duplicates, .. } = forecast.totals;
    assert_eq!((first_attempt, late, lost, duplicated, duplicates), (1, 0, 0, 1, 2));
}

#[test]
fn queued_requests_are_processed_after_their_senders_time_out() {
    // Three leads at once, and one request in four seconds: the third response comes after eight.
    let world =
        ModelScenario { service: Some(4), timeout: 5, outages: vec![], ..outage(&[100], 0, 3, 1) };
    let forecast = world.scenario().run(&world.policy(), |_| {});
    let Totals { first_attempt, failures, duplicated, .. } = forecast.totals;
    assert_eq!((first_attempt, failures, duplicated), (3, 1, 1));
}

#[test]
fn a_seed_fixes_the_run_and_the_first_attempts_of_every_schedule() {
    let world = ModelScenario { fail_millionths: 300_000, ..outage(&[10, 20], 30, 8, 5) };
    let mut scenario = world.scenario();
    scenario.stream.pattern = ArrivalPattern::Poisson;
    scenario.conditions.latency = Some("1s..9s".parse().unwrap());
    let run = |policy: &RetryPolicy| {
        let mut all = Vec::new();
        scenario.run(policy, |completed| all.push(*completed));
        all
    };
    assert_eq!(run(&world.policy()), run(&world.policy()));
    let firsts = |policy: &RetryPolicy| {
        let all = run(policy);
        let firsts = all.iter().filter(|completed| completed.scheduled.attempt == 1);
        firsts.map(|completed| (completed.scheduled.at, completed.timed_result)).collect::<Vec<_>>()
    };
    let longer = RetryPolicy { waits: vec![Wait(500)], ..world.policy() };
    assert_eq!(firsts(&world.policy()), firsts(&longer));
}
