//! `leadhook simulate`: the provider's retry ladder, as a plan or against an endpoint.

use crate::commands::Context;
use crate::commands::connection::ConnectionArgs;
use crate::commands::delivery::Delivery;
use crate::commands::delivery::no_answer;
use crate::commands::delivery::outgoing;
use crate::commands::payload::PayloadArgs;
use crate::commands::payload::Prepared;
use crate::domain::delivery::Answer;
use crate::domain::delivery::Outcome;
use crate::domain::delivery::Would;
use crate::domain::event::EventRef;
use crate::domain::provider::Provider;
use crate::domain::retry::Attempt;
use crate::domain::retry::Planned;
use crate::domain::retry::RetryPolicy;
use crate::domain::status::ResponseScript;
use crate::domain::status::StatusPattern;
use crate::domain::target::Target;
use crate::domain::time::Wait;
use crate::error::Error;
use crate::error::Exit;
use crate::io::client::Client;
use crate::io::client::NoAnswer;
use crate::output::printer::Look;
use crate::output::printer::Report;
use crate::output::progress::Progress;
use clap::Args;
use jiff::SignedDuration;
use jiff::Timestamp;
use serde::Serialize;
use std::convert::Infallible;
use std::io;
use std::io::Write;
use std::time::Instant;

/// Play the provider's retry ladder, as a plan or against an endpoint
///
/// Without a URL nothing is sent: the attempts are listed with their waits. With one, each attempt
/// is really sent, with one message id and the same bytes, and the waits between them are virtual:
/// eight hours pass in a moment. Exit status 0 when it is delivered, 1 when it is stopped or lost,
/// 4 when the endpoint answered none of the attempts.
#[derive(Args, Debug)]
pub struct Simulate {
    /// Event, such as `created` or `realtorbot:lead.created`
    #[arg(value_name = "EVENT")]
    pub(crate) event: EventRef,

    /// Endpoint to send every attempt to
    #[arg(value_name = "URL")]
    url: Option<String>,

    /// Answers of the endpoint in a plan, such as `503x3,200`
    #[arg(long, value_name = "SCRIPT", conflicts_with = "url")]
    respond: Option<ResponseScript>,

    /// Make so many attempts at the most
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    attempts: Option<u16>,

    /// Other waits than the provider's, such as `10m,30m,1h`
    #[arg(long, value_name = "WAITS", value_delimiter = ',')]
    schedule: Vec<Wait>,

    #[command(flatten)]
    payload: PayloadArgs,

    #[command(flatten)]
    connection: ConnectionArgs,
}

/// The ladder on paper.
#[derive(Debug, Serialize)]
struct Plan {
    provider: String,
    event: String,
    attempts: Vec<PlannedAttempt>,
    /// What becomes of the delivery, where the answers were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<Outcome>,
    #[serde(skip)]
    provider_name: String,
    #[serde(skip)]
    policy: RetryPolicy,
}

#[derive(Debug, Serialize)]
struct PlannedAttempt {
    attempt: usize,
    at_s: u64,
    wait_s: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<Outcome>,
    #[serde(skip)]
    planned: Planned,
}

/// What became of a ladder that was played.
#[derive(Debug, Serialize)]
struct Summary {
    provider: String,
    event: String,
    message_id: Option<String>,
    attempts: usize,
    delivered: usize,
    refused: usize,
    stopped: usize,
    timeout: usize,
    unreachable: usize,
    outcome: Outcome,
    duration_ms: u64,
    /// Virtual time from the first attempt to the last.
    span_s: u64,
    #[serde(skip)]
    provider_name: String,
}

impl Simulate {
    pub(super) fn run(self, context: &mut Context<'_>) -> Result<Exit, Error> {
        let (pack, _) = context.packs.of_event(&self.event, context.provider())?;
        let provider = pack.provider.clone();
        let policy = self.policy(&provider);
        if let Some(url) = &self.url {
            let target = Target::parse(url)?;
            return self.play(context, &target, &policy);
        }
        Self::check_plan_options(context)?;
        self.plan(context, &provider, policy)
    }

    /// The provider's ladder with the user's changes.
    fn policy(&self, provider: &Provider) -> RetryPolicy {
        let mut policy = provider.retry.clone();
        if !self.schedule.is_empty() {
            policy.waits.clone_from(&self.schedule);
            policy.documented = true;
            policy.note = None;
        }
        if let Some(most) = self.attempts {
            policy.waits.truncate(usize::from(most) - 1);
            policy.note = None;
        }
        policy
    }

    /// Options that would do nothing are refused: a plan sends nothing.
    fn check_plan_options(context: &Context<'_>) -> Result<(), Error> {
        if !context.typed_any::<PayloadArgs>() && !context.typed_any::<ConnectionArgs>() {
            return Ok(());
        }
        Err(Error::Option {
            message: "options of the payload and the connection do nothing in a plan".to_owned(),
            hint: "give the URL of an endpoint to play the ladder against it".to_owned(),
        })
    }

    fn plan(
        &self,
        context: &mut Context<'_>,
        provider: &Provider,
        policy: RetryPolicy,
    ) -> Result<Exit, Error> {
        let unanswered = |planned: Planned| PlannedAttempt::new(planned, None);
        let (attempts, outcome) = match &self.respond {
            None => (policy.plan().into_iter().map(unanswered).collect(), None),
            Some(script) => {
                let answer = |planned: Planned| {
                    Ok::<_, Infallible>(Answer::Status(script.answer(planned.attempt as u64 - 1)))
                };
                let Ok(played) = policy.play(answer);
                let outcome = played.last().map(|attempt| attempt.outcome);
                (
                    played
                        .iter()
                        .map(|attempt| PlannedAttempt::new(attempt.planned, Some(attempt)))
                        .collect(),
                    outcome,
                )
            }
        };
        context.printer.report(&Plan {
            provider: provider.id.clone(),
            event: self.event.name.clone(),
            attempts,
            outcome,
            provider_name: provider.name.clone(),
            policy,
        })?;
        Ok(if outcome.is_none_or(|outcome| outcome == Outcome::Delivered) {
            Exit::Yes
        } else {
            Exit::No
        })
    }

    /// Sends every attempt. The clock of the ladder is virtual; that of each exchange is real.
    fn play(
        self,
        context: &mut Context<'_>,
        target: &Target,
        policy: &RetryPolicy,
    ) -> Result<Exit, Error> {
        let options = self.connection.options(target)?;
        let mut prepared = self.payload.prepare(context, &self.event, target)?;
        // The ladder that is played is the one that says what comes next.
        prepared.provider.retry.clone_from(policy);
        let client = Client::new(target, &options, &prepared.message)?;
        self.connection.prepare(target, &options, context.printer)?;
        context.printer.text(|out, look| outgoing(out, look, &prepared, target))?;
        let start = Instant::now();
        let attempts = climb(context, &prepared, target, &client, policy)?;
        let count =
            |wanted| attempts.iter().filter(|(attempt, _)| attempt.outcome == wanted).count();
        let Some((last, failure)) = attempts.last() else { return Ok(Exit::No) };
        let summary = Summary {
            provider: prepared.provider.id.clone(),
            event: prepared.event.clone(),
            message_id: prepared.message_id.clone(),
            attempts: attempts.len(),
            delivered: count(Outcome::Delivered),
            refused: count(Outcome::Refused),
            stopped: count(Outcome::Stopped),
            timeout: count(Outcome::Timeout),
            unreachable: count(Outcome::Unreachable),
            duration_ms: u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX),
            outcome: last.outcome,
            span_s: last.planned.at.0,
            provider_name: prepared.provider.name.clone(),
        };
        context.printer.report(&summary)?;
        let answered = attempts.iter().any(|(attempt, _)| attempt.answer.status().is_some());
        match (last.outcome, failure) {
            (Outcome::Delivered, _) => Ok(Exit::Yes),
            (_, Some(failure)) if !answered => Err(no_answer(target, failure)),
            _ => Ok(Exit::No),
        }
    }
}

/// Goes up the ladder, prints every attempt, and gives back each with its failure.
pub(super) fn climb(
    context: &mut Context<'_>,
    prepared: &Prepared,
    target: &Target,
    client: &Client,
    policy: &RetryPolicy,
) -> Result<Vec<(Attempt, Option<NoAnswer>)>, Error> {
    let progress = Progress::bar(context.printer, policy.plan().len());
    let mut failures = Vec::new();
    let played = policy.play(|planned| {
        let result = client.send(&prepared.message);
        let at = virtual_time(prepared.now, planned);
        let rung =
            Rung { delivery: Delivery::new(prepared, target, planned, at, &result), planned };
        progress.step(match rung.delivery.would {
            Would::Retry { wait, .. } => format!("{wait} pass in no time"),
            Would::None | Would::GiveUp => String::new(),
        });
        progress.suspend(|| context.printer.report(&rung))?;
        let answer = match &result {
            Ok(exchange) => Answer::Status(exchange.response.status),
            Err(failure) => failure.answer(),
        };
        failures.push(result.err());
        Ok::<_, Error>(answer)
    });
    progress.finish();
    Ok(played?.into_iter().zip(failures).collect())
}

/// When an attempt would be made, were the waits real.
fn virtual_time(start: Timestamp, planned: Planned) -> Timestamp {
    let wait = SignedDuration::from_secs(i64::try_from(planned.at.0).unwrap_or(i64::MAX));
    start.checked_add(wait).unwrap_or(Timestamp::MAX)
}

impl PlannedAttempt {
    fn new(planned: Planned, made: Option<&Attempt>) -> Self {
        Self {
            attempt: planned.attempt,
            at_s: planned.at.0,
            wait_s: planned.wait.map_or(0, |wait| wait.0),
            status: made.and_then(|attempt| attempt.answer.status()),
            outcome: made.map(|attempt| attempt.outcome),
            planned,
        }
    }
}

/// An attempt of a ladder: a delivery that takes one line.
#[derive(Debug, Serialize)]
struct Rung {
    #[serde(flatten)]
    delivery: Delivery,
    #[serde(skip)]
    planned: Planned,
}

impl Report for Rung {
    const KIND: &'static str = Delivery::KIND;

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let theme = look.theme;
        let Delivery { status, outcome, .. } = &self.delivery;
        let answer =
            status.map_or_else(|| outcome.to_string(), |status| format!("{status} {outcome}"));
        let answer =
            if *outcome == Outcome::Delivered { theme.good(&answer) } else { theme.bad(&answer) };
        let next = match self.delivery.would {
            Would::Retry { wait, .. } => theme.warn(&format!("  next in {wait}")),
            Would::None | Would::GiveUp => String::new(),
        };
        let Planned { attempt, at, .. } = self.planned;
        writeln!(out, "attempt {attempt}  at {:<12} {answer}{next}", at.to_string())
    }
}

impl Report for Plan {
    const KIND: &'static str = "plan";

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let answered = self.outcome.is_some();
        let heading = if answered { "  answer" } else { "" };
        writeln!(out, "{}", look.theme.dim(&format!("attempt        wait          at{heading}")))?;
        for attempt in &self.attempts {
            let Planned { wait, at, .. } = attempt.planned;
            let wait = wait.map_or_else(|| "-".to_owned(), |wait| wait.to_string());
            let at = if attempt.attempt == 1 { "0".to_owned() } else { at.to_string() };
            let answer = match (attempt.status, attempt.outcome) {
                (Some(status), Some(Outcome::Delivered)) => {
                    format!("  {}", look.theme.good(&format!("{status} delivered")))
                }
                (Some(status), Some(outcome)) => {
                    format!("  {}", look.theme.bad(&format!("{status} {outcome}")))
                }
                _ => String::new(),
            };
            writeln!(out, "{:<7}{wait:>12}{at:>12}{answer}", attempt.attempt)?;
        }
        let words = if answered { self.ending() } else { self.rules() };
        writeln!(out, "{words}")
    }
}

impl Plan {
    /// What ends the ladder, in words.
    fn rules(&self) -> String {
        let list = |patterns: &[StatusPattern]| {
            patterns.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ")
        };
        let note = self.policy.note.as_ref().map(|note| format!("\n{note}")).unwrap_or_default();
        if !self.policy.documented {
            return format!("One attempt is all that can be said.{note}");
        }
        let success = list(&self.policy.success);
        let stop = list(&self.policy.stop);
        let stop = if stop.is_empty() { String::new() } else { format!("; {stop} stops it") };
        let most = self.attempts.len();
        format!("Only {success} ends it{stop}. After attempt {most} the lead is lost.{note}")
    }

    /// What becomes of the delivery, in words.
    fn ending(&self) -> String {
        let name = &self.provider_name;
        match (self.outcome, self.attempts.last()) {
            (Some(Outcome::Delivered), Some(last)) if last.at_s == 0 => {
                "Delivered at once.".to_owned()
            }
            (Some(Outcome::Delivered), Some(last)) => {
                format!("Delivered, {} late.", last.planned.at)
            }
            (Some(Outcome::Stopped), _) => format!("Stopped: {name} never sends it again."),
            _ => format!("Lost after {} attempts: {name} gives up.", self.attempts.len()),
        }
    }
}

impl Report for Summary {
    const KIND: &'static str = "summary";

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let theme = look.theme;
        let attempts = if self.attempts == 1 {
            "1 attempt".to_owned()
        } else {
            format!("{} attempts", self.attempts)
        };
        let name = &self.provider_name;
        let span = Wait(self.span_s);
        let line = match self.outcome {
            Outcome::Delivered if self.attempts == 1 => {
                theme.good("delivered at the first attempt")
            }
            Outcome::Delivered => theme.good(&format!("delivered after {attempts}, {span} late")),
            Outcome::Stopped => {
                theme.bad(&format!("stopped after {attempts}: {name} never sends it again"))
            }
            Outcome::Refused | Outcome::Timeout | Outcome::Unreachable => {
                theme.bad(&format!("lost after {attempts} in {span}: {name} gives up"))
            }
        };
        writeln!(out, "{line}")
    }
}
