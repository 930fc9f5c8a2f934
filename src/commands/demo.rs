//! x
use crate::commands::Context;
use crate::error::{Error, Exit};
use clap::Args;
/// Show everything at once, on free ports of this machine
#[derive(Args, Debug)]
pub struct Demo {}
impl Demo { pub(super) fn run(self, _c: &mut Context<'_>) -> Result<Exit, Error> { Ok(Exit::Yes) } }
