//! `leadhook simulate`: runs the provider's retry schedule for one message or a stream of leads,
//! either as a plan in virtual time or against a real endpoint.

mod forecast;
mod forecast_report;
mod live;
mod options;
mod outage_drawing;
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
use crate::commands::simulate::schedules::NamedSchedule;
use crate::commands::trust::overwrites_input_error;
use crate::domain::delivery::Outcome;
use crate::domain::event_ref::EventRef;
use crate::domain::target::Target;
use crate::domain::time::Moment;
use crate::engine::simulate::Scenario;
use crate::engine::simulate::arrivals::{ArrivalPattern, LeadStream, MAX_LEADS, MAX_MESSAGES};
use crate::engine::simulate::endpoint::Conditions;
use crate::error::{Error, Exit};
use crate::io::output_file::leads_to_same_file;
use crate::providers::pack::Pack;
use crate::providers::provider::EventFacts;
use clap::Args;
use std::ffi::OsStr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// The maximum number of leads that are sent to another machine without `--allow-remote`.
const MAX_REMOTE_LEADS: u64 = 100;

/// The default duration of a stream of leads.
const DEFAULT_LENGTH: Duration = Duration::from_secs(86_400);

/// Run the provider's retry schedule, as a plan or against an endpoint
///
/// Without a URL nothing is sent, and time is virtual. For one lead the attempts are listed. For a
/// stream of leads (`--events`, `--count`) the effect of an outage or a slow endpoint is computed:
/// which leads are late, lost or processed twice, and how many retries arrive at once. With a URL
/// each attempt is really sent, with the same message id and bytes, and the endpoint's responses
/// decide what happens next; the waits between attempts are virtual unless `--speed` is given.
///
/// Exit status 0 if everything is delivered, 1 if a lead is stopped or lost, 4 if the endpoint
/// responded to none of the attempts.
#[derive(Args, Debug)]
pub struct Simulate {
    /// Event, such as `created` or `realtorbot:lead.created`
    #[arg(value_name = "EVENT")]
    pub(crate) event: EventRef,

    /// Endpoint to send every attempt to
    #[arg(value_name = "URL")]
    url: Option<String>,

    #[command(flatten)]
    schedule: ScheduleArgs,

    #[command(flatten)]
    stream_args: StreamArgs,

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
        let (pack, event) = packs.find_event(&self.event, context.provider())?;
        let events = self.events(pack, event)?;
        self.check_stream()?;
        if let Some(url) = &self.url {
            let target = Target::parse(url)?;
            if self.is_load() {
                let why = format!("more than {MAX_REMOTE_LEADS} leads are a load test");
                self.connection.check_remote(&target, &why)?;
            }
            let mut pack = Pack::clone(pack);
            // `would` in the JSON of an attempt must follow the schedule that this run uses, which
            // options may have changed.
            pack.provider.retry =
                self.schedule.provider_schedule(&pack.provider, &self.connection).policy;
            let options = RunOptions {
                payload: &self.payload,
                connection: &self.connection,
                run: &self.run,
                stream: self.stream(),
                event: &self.event,
            };
            return live::run(options, context, &target, Arc::new(pack), events);
        }
        self.check_plan_options(context)?;
        let schedules = self.schedule.all(context.env, &pack.provider, &self.connection)?;
        let scenario = self.scenario(context);
        let subject = (pack.provider.id.as_str(), event.name.as_str());
        if !self.endpoint.sweep.is_empty() {
            return forecast::sweep(context, subject, &schedules, &scenario, &self.endpoint.sweep);
        }
        if self.is_stream() {
            let plot = self.endpoint.plot.as_deref();
            if let Some(plot) = plot {
                context.check_output("--plot", plot)?;
                if self.schedule.policy.iter().any(|it| leads_to_same_file(it, plot)) {
                    return Err(overwrites_input_error("--plot", plot));
                }
                check_plot(plot)?;
            }
            return forecast::forecast(context, subject, &schedules, &scenario, plot);
        }
        self.plan(context, subject, &schedules, &scenario)
    }

    /// Returns `true` if the run may send more leads than are allowed without `--allow-remote`.
    fn is_load(&self) -> bool {
        let StreamArgs { events, count, .. } = &self.stream_args;
        count.map_or(events.is_some(), |count| count > MAX_REMOTE_LEADS)
    }

    /// Returns the event of a lead, then the follow-up events, all of the same provider.
    fn events(&self, pack: &Pack, event: &EventFacts) -> Result<Vec<EventFacts>, Error> {
        let id = &pack.provider.id;
        let mut events = vec![event.clone()];
        for follow_up in &self.stream_args.then {
            let requested = &follow_up.event;
            let found =
                pack.provider.events.iter().find(|it| requested.matches(Some(id), Some(&it.name)));
            events.push(found.cloned().ok_or_else(|| Error::UnknownName {
                what: "event in `--then`",
                name: requested.to_string(),
                known: pack.provider.events.iter().map(|event| event.name.clone()).collect(),
            })?);
        }
        Ok(events)
    }

    /// Returns `true` if more than one message is sent.
    fn is_stream(&self) -> bool {
        let StreamArgs { events, count, then, .. } = &self.stream_args;
        events.is_some() || count.is_some_and(|count| count > 1) || !then.is_empty()
    }

    /// Returns the stream of messages to send.
    fn stream(&self) -> LeadStream {
        let StreamArgs { events, length, arrivals, count, then } = &self.stream_args;
        let length = length.or_else(|| count.is_none().then_some(DEFAULT_LENGTH));
        LeadStream {
            frequency: *events,
            pattern: ArrivalPattern::from(*arrivals),
            leads: count.unwrap_or(if events.is_some() { u64::MAX } else { 1 }),
            end: events.and(length).map(Moment::from_start),
            follow_ups: then.iter().map(|follow_up| follow_up.after).collect(),
        }
    }

    /// Rejects a stream of more leads or messages than can be simulated.
    fn check_stream(&self) -> Result<(), Error> {
        let stream = self.stream();
        let leads = match (stream.frequency, stream.end) {
            (Some(frequency), Some(end)) => frequency.count_in(end.0).min(stream.leads),
            _ => stream.leads,
        };
        let messages = leads.saturating_mul(1 + stream.follow_ups.len() as u64);
        match stream.frequency {
            Some(frequency) if leads > MAX_LEADS => Err(Error::Option {
                message: format!(
                    "`--events {frequency}` would create {leads} leads; the maximum is {MAX_LEADS}"
                ),
                hint: "limit them with `--for` or `--count`".to_owned(),
            }),
            _ => check_messages(messages),
        }
    }

    /// Returns the scenario to simulate. If its result is random and no seed was given, chooses a
    /// seed and prints it, so that the run can be repeated.
    fn scenario(&self, context: &mut Context<'_>) -> Scenario {
        let EndpointArgs { respond, outage, capacity, fail_rate, latency, brown_out, .. } =
            &self.endpoint;
        let fail_rate = fail_rate.unwrap_or_default();
        let stream = self.stream();
        let is_random = stream.pattern == ArrivalPattern::Poisson && stream.frequency.is_some()
            || fail_rate.0 > 0
            || latency.is_some_and(|range| range.min < range.max);
        let seed = match self.payload.seed() {
            Some(seed) => seed,
            None if is_random => {
                // Short enough to type.
                let seed = context.env.random_u64() % 1_000_000;
                context.printer.note(&format!("`--seed {seed}` repeats this run"));
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
            // Set for each schedule in `ScheduleView::scenario`.
            timeout: None,
            seed,
        }
    }

    /// Rejects options without effect in a plan, which sends nothing.
    fn check_plan_options(&self, context: &Context<'_>) -> Result<(), Error> {
        let reject =
            |message: String, hint: &str| Err(Error::Option { message, hint: hint.to_owned() });
        let EndpointArgs { capacity, fail_rate, latency, brown_out, sweep, plot, .. } =
            &self.endpoint;
        if !brown_out.is_empty() && capacity.is_none() && fail_rate.is_none() && latency.is_none() {
            return reject(
                "`--brown-out` needs `--capacity`, `--fail-rate` or `--latency`".to_owned(),
                "add one of them",
            );
        }
        let is_stream = self.is_stream();
        if !is_stream && (plot.is_some() || !sweep.is_empty()) {
            let option = if plot.is_some() { "--plot" } else { "--sweep" };
            return reject(
                format!("`{option}` needs a stream of leads"),
                "add their rate, such as `--events 120/h`",
            );
        }
        let uses_seed = is_stream || fail_rate.is_some() || latency.is_some();
        let uses_timeout = capacity.is_some() || latency.is_some();
        let is_unused = |id: &str| match id {
            "seed" => !uses_seed,
            "timeout" => !uses_timeout,
            _ => true,
        };
        if context.has_explicit_option::<PayloadArgs>(is_unused)
            || context.has_explicit_option::<ConnectionArgs>(is_unused)
        {
            return reject(
                "options of the payload and the connection have no effect in a plan".to_owned(),
                "add the URL of an endpoint to run the schedule against it",
            );
        }
        Ok(())
    }

    /// Prints the attempts of one message for each schedule.
    fn plan(
        &self,
        context: &mut Context<'_>,
        (provider, event): (&str, &str),
        schedules: &[NamedSchedule],
        scenario: &Scenario,
    ) -> Result<Exit, Error> {
        let EndpointArgs { respond, outage, capacity, fail_rate, latency, .. } = &self.endpoint;
        let has_responses = respond.is_some()
            || !outage.is_empty()
            || capacity.is_some()
            || fail_rate.is_some()
            || latency.is_some();
        let mut exit = Exit::Success;
        for (index, schedule) in schedules.iter().enumerate() {
            let mut plan = Plan::new(provider, event, schedule);
            if has_responses {
                plan = plan.with_responses(&schedule.scenario(scenario));
            }
            plan.is_named = schedules.len() > 1;
            if index > 0 {
                context.printer.text(|out, _| writeln!(out))?;
            }
            context.printer.report(&plan)?;
            if plan.outcome.is_some_and(|outcome| outcome != Outcome::Delivered) {
                exit = Exit::Failure;
            }
        }
        Ok(exit)
    }
}

/// Rejects a drawing whose name is that of another format.
fn check_plot(path: &Path) -> Result<(), Error> {
    // A device or a descriptor, such as `/dev/stdout`, has no extension.
    let is_other = |extension: &&OsStr| !extension.eq_ignore_ascii_case("svg");
    match path.extension().filter(is_other) {
        None => Ok(()),
        Some(extension) => Err(Error::Option {
            message: format!(
                "`--plot {}`: the drawing is SVG, not `.{}`",
                path.display(),
                extension.display()
            ),
            hint: format!("`--plot {}`", path.with_extension("svg").display()),
        }),
    }
}

/// Rejects more messages than fit into memory.
fn check_messages(messages: u64) -> Result<(), Error> {
    if messages <= MAX_MESSAGES {
        return Ok(());
    }
    Err(Error::Option {
        message: format!(
            "`--then` would create {messages} messages; the maximum is {MAX_MESSAGES}"
        ),
        hint: "limit the leads with `--count`, or use fewer `--then`".to_owned(),
    })
}
