//! A stream of leads on paper: what becomes of them, for each ladder or for each length of an outage.

use crate::commands::context::Context;
use crate::commands::simulate::forecast_report::ForecastReport;
use crate::commands::simulate::schedules::ScheduleView;
use crate::commands::simulate::simulation_report::{SimulationReport, sweep_table};
use crate::engine::simulate::Scenario;
use crate::error::{Error, Exit};
use crate::io::output_file;
use crate::output::error::Error as OutputError;
use crate::output::plot;
use crate::output::printer::Look;
use std::io;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

/// Plays every ladder, and shows what comes of it.
pub(super) fn forecast(
    context: &mut Context<'_>,
    subject: (&str, &str),
    ladders: &[ScheduleView],
    scenario: &Scenario,
    plot: Option<&Path>,
) -> Result<Exit, Error> {
    let outlooks: Vec<_> =
        ladders.iter().map(|ladder| ForecastReport::new(subject, ladder, scenario)).collect();
    let page = SimulationReport { scenario, outlooks: &outlooks };
    if let Some(path) = plot {
        let drawing = plot::svg(&page.drawing()).map_err(OutputError::Answer)?;
        output_file::write("drawing", path, &drawing)?;
    }
    show(context, &outlooks, |out, look| page.human(out, look))?;
    Ok(exit(&outlooks))
}

/// Plays every ladder in an outage of every length, and shows what comes of it.
pub(super) fn sweep(
    context: &mut Context<'_>,
    subject: (&str, &str),
    ladders: &[ScheduleView],
    scenario: &Scenario,
    lengths: &[Duration],
) -> Result<Exit, Error> {
    let mut all = Vec::new();
    for ladder in ladders {
        let outlooks = lengths
            .iter()
            .map(|length| ForecastReport::new(subject, ladder, &scenario.with_outage_of(*length)));
        all.push(outlooks.collect::<Vec<_>>());
    }
    let tables = all.iter().enumerate();
    for (index, outlooks) in tables {
        show(context, outlooks, |out, look| {
            if index > 0 {
                writeln!(out)?;
            }
            sweep_table(out, look, scenario, lengths, outlooks)
        })?;
    }
    Ok(all
        .iter()
        .map(|outlooks| exit(outlooks))
        .max_by_key(|exit| exit.code())
        .unwrap_or(Exit::Yes))
}

/// Each as one object for programs, all of them in one text for people.
fn show(
    context: &mut Context<'_>,
    outlooks: &[ForecastReport],
    human: impl FnOnce(&mut dyn Write, Look) -> io::Result<()>,
) -> Result<(), Error> {
    if !context.printer.is_json() {
        return Ok(context.printer.text(human)?);
    }
    Ok(outlooks.iter().try_for_each(|outlook| context.printer.report(outlook))?)
}

fn exit(outlooks: &[ForecastReport]) -> Exit {
    let loses = |outlook: &ForecastReport| outlook.forecast.totals.lost > 0;
    if outlooks.iter().any(loses) { Exit::No } else { Exit::Yes }
}
