//! `leadhook simulate`: the provider's retry ladder, on paper or against an endpoint, for one
//! message or for a stream of them.

mod forecast;
mod forecast_report;
mod live;
mod options;
mod plan;
mod schedules;
mod simulation_report;

pub(in crate::commands) use live::run_schedule;

use crate::commands::connection::ConnectionArgs;
use crate::commands::context::Context;
use crate::commands::payload::PayloadArgs;
use crate::commands::simulate::live::RunOptions;
use crate::commands::simulate::options::{EndpointArgs, RunArgs, ScheduleArgs, StreamArgs};
use crate::commands::simulate::plan::Plan;
use crate::commands::simulate::schedules::ScheduleView;
use crate::commands::trust::overwrites_input;
use crate::domain::delivery::Outcome;
use crate::domain::event::EventRef;
use crate::domain::target::Target;
use crate::domain::time::Moment;
use crate::engine::simulate::Scenario;
use crate::engine::simulate::arrivals::{MOST_LEADS, MOST_MESSAGES, Pattern, Stream};
use crate::engine::simulate::endpoint::Conditions;
use crate::error::{Error, Exit};
use crate::io::output_file::leads_to_same_file;
use crate::providers::pack::Pack;
use crate::providers::provider::EventFacts;
use clap::Args;
use std::sync::Arc;
use std::time::Duration;

/// The maximum number of leads that another machine gets without `--allow-remote`.
const MOST_LEADS_UNASKED: u64 = 100;

/// How long leads come where nothing says.
const USUAL_LENGTH: Duration = Duration::from_secs(86_400);

/// Play the provider's retry ladder, on paper or against an endpoint
///
/// Without a URL nothing is sent, and time is virtual. For one lead the attempts are listed; for a
/// stream of them (`--events`, `--count`) it is computed what an outage or a slow endpoint does:
/// which leads are late, lost or done twice, and what comes back at once. With a URL each attempt
/// is really sent, with one message id and the same bytes, and the endpoint's own answers say what
/// comes next; the waits between attempts are virtual unless `--speed` says otherwise. Exit status
/// 0 when all is delivered, 1 when a lead is stopped or lost, 4 when the endpoint answered none of
/// the attempts.
#[derive(Args, Debug)]
pub struct Simulate {
    /// Event, such as `created` or `realtorbot:lead.created`
    #[arg(value_name = "EVENT")]
    pub(crate) event: EventRef,

    /// Endpoint to send every attempt to
    #[arg(value_name = "URL")]
    url: Option<String>,

    #[command(flatten)]
    ladder: ScheduleArgs,

    #[command(flatten)]
    arriving: StreamArgs,

    #[command(flatten)]
    endpoint: EndpointArgs,

    #[command(flatten)]
    run: RunArgs,

    #[command(flatten)]
    payload: PayloadArgs,

    #[command(flatten)]
    connection: ConnectionArgs,
}

impl Simulate {
    pub(super) fn run(self, context: &mut Context<'_>) -> Result<Exit, Error> {
        let packs = context.packs.clone();
        let (pack, event) = packs.of_event(&self.event, context.provider())?;
        let events = self.events(pack, event)?;
        self.check_stream()?;
        if let Some(url) = &self.url {
            let target = Target::parse(url)?;
            if self.is_load() {
                let why = format!("more than {MOST_LEADS_UNASKED} leads are a load");
                self.connection.check_remote(&target, &why)?;
            }
            let mut pack = Pack::clone(pack);
            // The ladder that is played is the one that says what comes next.
            pack.provider.retry = self.ladder.of(&pack.provider, &self.connection).policy;
            let options = RunOptions {
                payload: &self.payload,
                connection: &self.connection,
                run: &self.run,
                stream: self.stream(),
                event: &self.event,
            };
            return live::play(options, context, &target, Arc::new(pack), events);
        }
        self.check_plan_options(context)?;
        let ladders = self.ladder.all(context.env, &pack.provider, &self.connection)?;
        let scenario = self.scenario(context);
        let subject = (pack.provider.id.as_str(), event.name.as_str());
        if !self.endpoint.sweep.is_empty() {
            return forecast::sweep(context, subject, &ladders, &scenario, &self.endpoint.sweep);
        }
        if self.is_stream() {
            let plot = self.endpoint.plot.as_deref();
            if let Some(plot) = plot {
                context.check_output("--plot", plot)?;
                if self.ladder.policy.iter().any(|it| leads_to_same_file(it, plot)) {
                    return Err(overwrites_input("--plot", plot));
                }
            }
            return forecast::forecast(context, subject, &ladders, &scenario, plot);
        }
        self.plan(context, subject, &ladders, &scenario)
    }

    /// Returns `true` if more leads may be sent than another machine is to get unasked.
    fn is_load(&self) -> bool {
        let StreamArgs { events, count, .. } = &self.arriving;
        count.map_or(events.is_some(), |count| count > MOST_LEADS_UNASKED)
    }

    /// The event of a lead, and those that follow it, which are of the same provider.
    fn events(&self, pack: &Pack, event: &EventFacts) -> Result<Vec<EventFacts>, Error> {
        let id = &pack.provider.id;
        let mut events = vec![event.clone()];
        for follow_up in &self.arriving.then {
            let wanted = &follow_up.event;
            let found = pack.provider.events.iter().find(|it| wanted.is(Some(id), Some(&it.name)));
            events.push(found.cloned().ok_or_else(|| Error::UnknownName {
                what: "event in `--then`",
                name: wanted.to_string(),
                known: pack.provider.events.iter().map(|event| event.name.clone()).collect(),
            })?);
        }
        Ok(events)
    }

    /// Whether it is about more than one message.
    fn is_stream(&self) -> bool {
        let StreamArgs { events, count, then, .. } = &self.arriving;
        events.is_some() || count.is_some_and(|count| count > 1) || !then.is_empty()
    }

    /// The messages that come.
    fn stream(&self) -> Stream {
        let StreamArgs { events, length, arrivals, count, then } = &self.arriving;
        let length = length.or_else(|| count.is_none().then_some(USUAL_LENGTH));
        Stream {
            frequency: *events,
            pattern: Pattern::from(*arrivals),
            leads: count.unwrap_or(if events.is_some() { u64::MAX } else { 1 }),
            end: events.and(length).map(Moment::at),
            follow_ups: then.iter().map(|follow_up| follow_up.after).collect(),
        }
    }

    /// Refuses more leads than can be counted.
    fn check_stream(&self) -> Result<(), Error> {
        let stream = self.stream();
        let leads = match (stream.frequency, stream.end) {
            (Some(frequency), Some(end)) => frequency.count_in(end.0).min(stream.leads),
            _ => stream.leads,
        };
        let messages = leads.saturating_mul(1 + stream.follow_ups.len() as u64);
        match stream.frequency {
            Some(frequency) if leads > MOST_LEADS => Err(Error::Option {
                message: format!(
                    "`--events {frequency}` comes to {leads} leads, expected {MOST_LEADS} at most"
                ),
                hint: "take less with `--for` or `--count`".to_owned(),
            }),
            _ => check_messages(messages),
        }
    }

    fn scenario(&self, context: &mut Context<'_>) -> Scenario {
        let EndpointArgs { respond, outage, capacity, fail_rate, latency, brown_out, .. } =
            &self.endpoint;
        let fail_rate = fail_rate.unwrap_or_default();
        let stream = self.stream();
        let is_chance = stream.pattern == Pattern::Poisson && stream.frequency.is_some()
            || fail_rate.0 > 0
            || latency.is_some_and(|range| range.least < range.most);
        let seed = match self.payload.seed() {
            Some(seed) => seed,
            None if is_chance => {
                // Short enough to be typed again.
                let seed = context.env.random_u64() % 1_000_000;
                context.printer.note(&format!("`--seed {seed}` gives this again"));
                seed
            }
            None => 0,
        };
        Scenario {
            stream,
            conditions: Conditions {
                outages: outage.clone(),
                brown_outs: brown_out.clone(),
                capacity: *capacity,
                fail_rate,
                latency: *latency,
                script: respond.clone(),
            },
            // Each ladder has its own.
            timeout: None,
            seed,
        }
    }

    /// Options that would do nothing are refused: a plan sends nothing.
    fn check_plan_options(&self, context: &Context<'_>) -> Result<(), Error> {
        let refused =
            |message: String, hint: &str| Err(Error::Option { message, hint: hint.to_owned() });
        let EndpointArgs { capacity, fail_rate, latency, brown_out, sweep, plot, .. } =
            &self.endpoint;
        if !brown_out.is_empty() && capacity.is_none() && fail_rate.is_none() && latency.is_none() {
            return refused(
                "`--brown-out` says when, and nothing says what".to_owned(),
                "add `--capacity`, `--fail-rate` or `--latency`",
            );
        }
        let is_stream = self.is_stream();
        if !is_stream && (plot.is_some() || !sweep.is_empty()) {
            let option = if plot.is_some() { "--plot" } else { "--sweep" };
            return refused(
                format!("`{option}` is for a stream of leads"),
                "say how often they come, such as `--events 120/h`",
            );
        }
        let has_chance = is_stream || fail_rate.is_some() || latency.is_some();
        let has_time = capacity.is_some() || latency.is_some();
        let said = |id: &str| match id {
            "seed" => !has_chance,
            "timeout" => !has_time,
            _ => true,
        };
        if context.typed_any::<PayloadArgs>(said) || context.typed_any::<ConnectionArgs>(said) {
            return refused(
                "options of the payload and the connection do nothing in a plan".to_owned(),
                "give the URL of an endpoint to play the ladder against it",
            );
        }
        Ok(())
    }

    /// Lists the attempts of one message for each ladder.
    fn plan(
        &self,
        context: &mut Context<'_>,
        (provider, event): (&str, &str),
        ladders: &[ScheduleView],
        scenario: &Scenario,
    ) -> Result<Exit, Error> {
        let EndpointArgs { respond, outage, capacity, fail_rate, latency, .. } = &self.endpoint;
        let is_answered = respond.is_some()
            || !outage.is_empty()
            || capacity.is_some()
            || fail_rate.is_some()
            || latency.is_some();
        let mut exit = Exit::Yes;
        for (index, ladder) in ladders.iter().enumerate() {
            let mut plan = Plan::new(provider, event, ladder);
            if is_answered {
                plan = plan.answered(&ladder.scenario(scenario));
            }
            plan.is_named = ladders.len() > 1;
            if index > 0 {
                context.printer.text(|out, _| writeln!(out))?;
            }
            context.printer.report(&plan)?;
            if plan.outcome.is_some_and(|outcome| outcome != Outcome::Delivered) {
                exit = Exit::No;
            }
        }
        Ok(exit)
    }
}

/// Refuses more messages than can be kept in mind.
fn check_messages(messages: u64) -> Result<(), Error> {
    if messages <= MOST_MESSAGES {
        return Ok(());
    }
    Err(Error::Option {
        message: format!("`--then` comes to {messages} messages, expected {MOST_MESSAGES} at most"),
        hint: "take less with `--count`, or fewer of `--then`".to_owned(),
    })
}
