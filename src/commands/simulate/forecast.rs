//! Forecasts of a stream of leads, for each retry schedule or for each length of an outage.

use crate::commands::context::Context;
use crate::commands::simulate::forecast_report::ForecastReport;
use crate::commands::simulate::outage_drawing;
use crate::commands::simulate::schedules::NamedSchedule;
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

/// Prints the forecast of each retry schedule, and writes the plot.
pub(super) fn forecast(
    context: &mut Context<'_>,
    subject: (&str, &str),
    schedules: &[NamedSchedule],
    scenario: &Scenario,
    plot: Option<&Path>,
) -> Result<Exit, Error> {
    let forecasts: Vec<_> =
        schedules.iter().map(|schedule| ForecastReport::new(subject, schedule, scenario)).collect();
    let text_report = SimulationReport { scenario, forecasts: &forecasts };
    if let Some(path) = plot {
        let svg = plot::svg(&outage_drawing::drawing(&text_report)).map_err(OutputError::Write)?;
        output_file::write("drawing", path, &svg)?;
    }
    print(context, &forecasts, |out, look| text_report.human(out, look))?;
    Ok(exit_status(&forecasts))
}

/// Prints, for each retry schedule, the forecasts of outages of the given lengths.
pub(super) fn sweep(
    context: &mut Context<'_>,
    subject: (&str, &str),
    schedules: &[NamedSchedule],
    scenario: &Scenario,
    lengths: &[Duration],
) -> Result<Exit, Error> {
    let mut by_schedule = Vec::new();
    for schedule in schedules {
        let forecasts = lengths.iter().map(|length| {
            ForecastReport::new(subject, schedule, &scenario.with_outage_of(*length))
        });
        by_schedule.push(forecasts.collect::<Vec<_>>());
    }
    for (index, forecasts) in by_schedule.iter().enumerate() {
        print(context, forecasts, |out, look| {
            if index > 0 {
                writeln!(out)?;
            }
            sweep_table(out, look, scenario, lengths, forecasts)
        })?;
    }
    Ok(by_schedule
        .iter()
        .map(|forecasts| exit_status(forecasts))
        .max_by_key(|exit| exit.code())
        .unwrap_or(Exit::Success))
}

/// Prints the forecasts: as one JSON object each, or all of them as one text.
fn print(
    context: &mut Context<'_>,
    forecasts: &[ForecastReport],
    human: impl FnOnce(&mut dyn Write, Look) -> io::Result<()>,
) -> Result<(), Error> {
    if !context.printer.is_json() {
        return Ok(context.printer.text(human)?);
    }
    Ok(forecasts.iter().try_for_each(|report| context.printer.report(report))?)
}

/// Returns the exit status: a failure if any lead is lost.
fn exit_status(forecasts: &[ForecastReport]) -> Exit {
    let has_losses = |report: &ForecastReport| report.forecast.totals.lost > 0;
    if forecasts.iter().any(has_losses) { Exit::Failure } else { Exit::Success }
}
