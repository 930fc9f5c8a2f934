//! The commands: one module per subcommand, with its options, its report and its execution.

pub mod check;
pub mod completions;
pub mod config;
pub mod connection;
pub mod context;
pub mod convert;
pub mod decode;
mod delivery;
pub mod demo;
pub mod diff;
pub mod docs;
pub mod doctor;
pub mod events;
mod fetch_server;
pub mod filter_args;
pub mod global_options;
mod handshake_args;
pub mod health;
pub mod help;
pub mod listen;
mod lost_bytes;
pub mod man;
pub mod manual;
mod one_request;
pub mod option_sources;
mod pacer;
mod packs;
pub mod payload;
pub mod practice;
pub mod print_form;
mod redaction;
mod redirect;
pub mod replay;
mod secrets;
pub mod send;
mod server_thread;
pub mod settings;
pub mod sign;
pub mod simulate;
mod tls_args;
mod trust;
mod value_parsers;
pub mod verify;

use crate::commands::context::Context;
use crate::commands::doctor::Run;
use crate::commands::global_options::GlobalOptions;
use crate::commands::option_sources::{ExplicitOptions, TypedOption};
use crate::commands::settings::Settings;
use crate::error::{Error, Exit};
use crate::io::environment::Environment;
use crate::output::printer::Printer;
use clap::Subcommand;

/// The subcommands.
///
/// The variants have no comments: clap would show them instead of those of the option types.
#[derive(Debug, Subcommand)]
#[expect(missing_docs, reason = "they are at the type of each variant")]
#[non_exhaustive]
pub enum Command {
    Send(send::Send),
    Sign(sign::Sign),
    Verify(verify::Verify),
    Decode(decode::Decode),
    Diff(diff::Diff),
    Convert(convert::Convert),
    Listen(listen::Listen),
    Health(health::HealthCheck),
    Simulate(Box<simulate::Simulate>),
    Check(Box<check::Check>),
    Replay(replay::Replay),
    Practice(practice::Practice),
    Events(events::Events),
    Docs(docs::Docs),
    Config(config::Config),
    Doctor(doctor::Doctor),
    Demo(demo::Demo),
    Completions(completions::Completions),
    Man(man::Man),
    Help(help::Help),
}

impl Command {
    /// Returns `true` if the command uses the provider of `--provider`. It does not if its event
    /// names a provider, or if the command needs none.
    #[must_use]
    pub fn assumes_provider(&self) -> bool {
        match self {
            Self::Send(send) => send.event().is_none_or(|event| event.provider.is_none()),
            Self::Simulate(simulate) => simulate.event.provider.is_none(),
            Self::Sign(sign) => sign.event.as_ref().is_none_or(|event| event.provider.is_none()),
            Self::Events(events) => !events.tolerates_broken_packs(),
            Self::Docs(docs) => docs.assumes_provider(),
            Self::Verify(_)
            | Self::Decode(_)
            | Self::Diff(_)
            | Self::Convert(_)
            | Self::Listen(_)
            | Self::Replay(_)
            | Self::Check(_)
            | Self::Practice(_) => true,
            Self::Config(_)
            | Self::Doctor(_)
            | Self::Demo(_)
            | Self::Health(_)
            | Self::Completions(_)
            | Self::Man(_)
            | Self::Help(_) => false,
        }
    }

    /// Returns `true` if the command recognises requests, so that several providers can be named.
    #[must_use]
    pub fn recognises_requests(&self) -> bool {
        matches!(
            self,
            Self::Verify(_)
                | Self::Decode(_)
                | Self::Convert(_)
                | Self::Listen(_)
                | Self::Replay(_)
                | Self::Practice(_)
        )
    }

    /// Returns `true` if the command diagnoses configuration files, so that it must run even if one
    /// is invalid.
    #[must_use]
    pub fn diagnoses_configuration(&self) -> bool {
        matches!(self, Self::Doctor(_))
    }

    /// Returns `true` if the command diagnoses packs, so that it must run even if one is broken.
    #[must_use]
    pub fn tolerates_broken_packs(&self) -> bool {
        match self {
            Self::Config(_) => true,
            Self::Events(events) => events.tolerates_broken_packs(),
            _ => false,
        }
    }
}

/// A command to run, with the values of the command line and the configuration.
#[derive(Debug)]
pub struct Invocation {
    /// The global options.
    pub global: GlobalOptions,
    /// The subcommand with its options.
    pub command: Command,
    /// The options given on the command line.
    pub explicit: ExplicitOptions,
    /// The same options as words.
    pub typed: Vec<TypedOption>,
    /// The configuration files.
    pub settings: Settings,
    /// The errors of configuration files and variables, for the command that diagnoses them.
    pub configuration_errors: Vec<Error>,
    /// Builds the whole command line, for the commands that describe it.
    pub root: fn() -> clap::Command,
}

/// Runs the requested command.
pub fn dispatch(
    invocation: Invocation,
    env: &Environment,
    printer: &mut Printer,
) -> Result<Exit, Error> {
    let Invocation { global, command, explicit, typed, settings, configuration_errors, root } =
        invocation;
    // These commands need no pack, and must work even if one is broken.
    match &command {
        Command::Completions(command) => return command.run(printer),
        Command::Man(command) => return command.run(root(), printer),
        Command::Help(command) => return command.run(root(), env, printer),
        Command::Config(command) if !command.reads_files() => return command.init(printer),
        _ => {}
    }
    if let Command::Health(command) = command {
        return command.run(env, printer);
    }
    if let Command::Doctor(command) = command {
        let run = Run { global, explicit, typed, settings, errors: configuration_errors, root };
        return command.run(run, env, printer);
    }
    env.check_clock()?;
    let assumes_provider = command.assumes_provider();
    let recognises_requests = command.recognises_requests();
    let (packs, pack_origins) =
        packs::read(&global.pack, &settings, command.tolerates_broken_packs(), printer)?;
    let secret_notes = std::collections::BTreeSet::new();
    let mut context = Context {
        global,
        env,
        printer,
        packs,
        pack_origins,
        settings,
        explicit,
        typed,
        secret_notes,
        secret_origins: std::collections::BTreeMap::new(),
        root,
    };
    if assumes_provider || context.explicit.contains_key("provider") {
        context.check_providers(recognises_requests)?;
    }
    context.check_named_providers()?;
    match command {
        Command::Send(command) => command.run(&mut context),
        Command::Sign(command) => command.run(&mut context),
        Command::Verify(command) => command.run(&mut context),
        Command::Decode(command) => command.run(&mut context),
        Command::Diff(command) => command.run(&mut context),
        Command::Convert(command) => command.run(&mut context),
        Command::Listen(command) => command.run(&mut context),
        Command::Simulate(command) => command.run(&mut context),
        Command::Check(command) => command.run(&mut context),
        Command::Replay(command) => command.run(&mut context),
        Command::Practice(command) => command.run(&mut context),
        Command::Events(command) => command.run(&mut context),
        Command::Docs(command) => command.run(&mut context),
        Command::Config(command) => command.run(&mut context),
        Command::Demo(command) => command.run(&mut context),
        Command::Completions(_)
        | Command::Man(_)
        | Command::Help(_)
        | Command::Health(_)
        | Command::Doctor(_) => Ok(Exit::Success),
    }
}
