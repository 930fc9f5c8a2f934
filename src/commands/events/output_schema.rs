//! `leadhook events schema --output`: the schemas of the JSON output.

use crate::commands::context::Context;
use crate::error::{Error, Exit};
use crate::output::error::Error as OutputError;
use crate::output::printer::{Look, Report};
use crate::output::schemas;
use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Command};
use serde::Serialize;
use serde_json::Value;
use std::ffi::OsStr;
use std::io;
use std::io::Write;

/// The schema of one kind of JSON output.
#[derive(Debug, Serialize)]
struct OutputSchema<'a> {
    output: &'a str,
    schema: Value,
    #[serde(skip)]
    text: &'static str,
}

/// The parser of a kind: it names every kind for help and completions, and accepts any name, so
/// that an unknown one gets the hint of all unknown names.
#[derive(Clone)]
pub(super) struct OutputKindParser;

impl TypedValueParser for OutputKindParser {
    type Value = String;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(schemas::kinds().map(PossibleValue::new)))
    }
}

/// Prints the schema of a kind.
pub(super) fn print(context: &mut Context<'_>, kind: &str) -> Result<Exit, Error> {
    let text = schemas::find(kind).ok_or_else(|| Error::UnknownName {
        what: "kind of output",
        name: kind.to_owned(),
        known: schemas::kinds().map(str::to_owned).collect(),
    })?;
    let schema = serde_json::from_str(text).map_err(|error| OutputError::Write(error.into()))?;
    context.printer.report(&OutputSchema { output: kind, schema, text })?;
    Ok(Exit::Success)
}

impl Report for OutputSchema<'_> {
    const KIND: &'static str = "schema";
    const IS_EXACT: bool = true;

    fn human(&self, out: &mut dyn Write, _: Look) -> io::Result<()> {
        out.write_all(self.text.as_bytes())
    }
}
