//! One verb a file: its options, its report, and what it does.

pub mod check;
pub mod completions;
pub mod config;
pub mod connection;
pub mod convert;
mod delivery;
pub mod demo;
pub mod events;
pub mod listen;
pub mod man;
mod packs;
pub mod payload;
pub mod practice;
pub mod print_form;
pub mod replay;
mod secrets;
pub mod send;
pub mod sign;
pub mod simulate;
pub mod verify;

pub(crate) use secrets::NO_VALUE;

use crate::cli::{Command, Global};
use crate::domain::target::{DEFAULT_TARGET, Target};
use crate::domain::time::{parse_span, parse_time};
use crate::error::{Error, Exit};
use crate::io::environment::Environment;
use crate::options;
use crate::options::{Parsed, Typed};
use crate::output::printer::Printer;
use crate::protocols::http1;
use crate::providers::{Packs, Unknown};
use crate::settings::{Effective, Origin, Settings};
use jiff::Timestamp;
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::PathBuf;

/// What every command is given.
pub struct Context<'a> {
    /// The global options.
    pub global: Global,
    /// The surroundings.
    pub env: &'a Environment,
    /// Both streams.
    pub printer: &'a mut Printer,
    /// Every pack.
    pub packs: Packs,
    /// What configuration files say.
    pub settings: Settings,
    /// The options that were typed.
    pub typed: Typed,
}

/// Runs the command that was asked for.
pub fn dispatch(parsed: Parsed, env: &Environment, printer: &mut Printer) -> Result<Exit, Error> {
    let Parsed { cli, typed, settings } = parsed;
    // These need no pack, and must work whatever is wrong with one.
    match &cli.command {
        Command::Completions(command) => return command.run(printer),
        Command::Man(command) => return command.run(printer),
        Command::Config(command) if !command.reads_files() => return command.init(printer),
        _ => {}
    }
    let (mends, assumes) = (cli.command.mends(), cli.command.assumes_provider());
    let packs = packs::read(&cli.global.pack, &settings, mends, printer)?;
    let mut context = Context { global: cli.global, env, printer, packs, settings, typed };
    if assumes || context.typed.contains_key("provider") {
        context.check_provider()?;
    }
    context.check_named_providers()?;
    match cli.command {
        Command::Send(command) => command.run(&mut context),
        Command::Sign(command) => command.run(&mut context),
        Command::Verify(command) => command.run(&mut context),
        Command::Convert(command) => command.run(&mut context),
        Command::Listen(command) => command.run(&mut context),
        Command::Simulate(command) => command.run(&mut context),
        Command::Check(command) => command.run(&mut context),
        Command::Replay(command) => command.run(&mut context),
        Command::Practice(command) => command.run(&mut context),
        Command::Events(command) => command.run(&mut context),
        Command::Config(command) => command.run(&mut context),
        Command::Demo(command) => command.run(&mut context),
        Command::Completions(_) | Command::Man(_) => Ok(Exit::Yes),
    }
}

impl Context<'_> {
    /// The provider named by the option, the variable or a file.
    fn provider(&self) -> Option<&str> {
        self.global.provider.as_deref()
    }

    /// Where to send what is of this provider: what was typed, the variable, a file, or where
    /// `listen` listens.
    fn target(&self, typed: Option<&str>, provider: &str) -> Result<Target, Error> {
        let text = typed.map_or_else(|| self.effective_target(Some(provider)).text, str::to_owned);
        Ok(Target::parse(&text)?)
    }

    /// The target for a provider, or for all, where none is typed.
    fn effective_target(&self, provider: Option<&str>) -> Effective {
        let name = options::variable("target");
        if let Some(text) = self.env.os(&name) {
            // What is no text is no target either, and says so when it is read as one.
            let text = text.to_string_lossy().into_owned();
            return Effective { text, origin: Origin::Variable(name) };
        }
        let written = match provider {
            Some(id) => self.settings.of_provider(id, "target"),
            None => self.settings.general("target"),
        };
        let default = || Effective { text: DEFAULT_TARGET.to_owned(), origin: Origin::Default };
        written.unwrap_or_else(default)
    }

    /// Whether any option of this group was typed, of those that `counts`.
    fn typed_any<A: clap::Args>(&self, counts: impl Fn(&str) -> bool) -> bool {
        let group = A::augment_args(clap::Command::new(""));
        let mut ids = group.get_arguments().map(|arg| arg.get_id().as_str());
        ids.any(|id| counts(id) && self.typed.contains_key(id))
    }

    /// Refuses a provider that no pack has, before anything else is done.
    fn check_provider(&self) -> Result<(), Error> {
        match self.provider() {
            Some(id) => self.packs.find(id).map(drop).map_err(Error::from),
            None => Ok(()),
        }
    }

    /// Refuses values for a provider that there is not: they would do nothing. Those of the user's
    /// own file may be for the pack of another project.
    fn check_named_providers(&mut self) -> Result<(), Error> {
        for (id, place) in self.settings.named_providers() {
            let Err(unknown @ Unknown::Provider { .. }) = self.packs.find(&id) else { continue };
            if self.settings.is_of_project(&place) {
                let message = format!("{place}: {unknown}");
                let hint = Error::from(unknown).hint().unwrap_or_default();
                return Err(Error::Option { message, hint });
            }
            self.printer.detail(&format!("{place}: {unknown}"));
        }
        Ok(())
    }

    /// Refuses to read standard input for two things: the second would find nothing.
    fn check_stdin<'p>(&self, paths: impl IntoIterator<Item = &'p PathBuf>) -> Result<(), Error> {
        let is_stdin = |path: &&PathBuf| path.as_os_str() == "-";
        let asked = paths.into_iter().filter(is_stdin).count();
        let dashes = asked + self.global.secret_file.iter().filter(is_stdin).count();
        if dashes < 2 {
            return Ok(());
        }
        Err(Error::Option {
            message: "standard input is asked for twice".to_owned(),
            hint: "give one of them as a file".to_owned(),
        })
    }

    /// The time of `--now`, or the time it is.
    fn now(&self, given: Option<Timestamp>) -> Timestamp {
        given.unwrap_or_else(|| self.env.now())
    }
}

/// Reads `--now`.
fn now_argument(text: &str) -> Result<Timestamp, String> {
    parse_time(text).map_err(|error| error.to_string())
}

/// Reads a length of time that is one.
fn limit_argument(text: &str) -> Result<std::time::Duration, String> {
    let limit = parse_span(text).map_err(|error| error.to_string())?;
    if limit.is_zero() { Err("expected more than no time at all".to_owned()) } else { Ok(limit) }
}

/// Reads a message id.
fn message_id_argument(text: &str) -> Result<String, String> {
    if text.is_empty() || !http1::is_field_value(text.as_bytes()) {
        return Err(
            "expected an id without control characters: a line end would start another header"
                .to_owned(),
        );
    }
    Ok(text.to_owned())
}

/// Reads a length of time; `0` stands for none.
fn span_argument(text: &str) -> Result<std::time::Duration, String> {
    if text == "0" {
        return Ok(std::time::Duration::ZERO);
    }
    parse_span(text).map_err(|error| error.to_string())
}

/// Reads an address to listen on: `:9090`, `9090`, `localhost:9090`, `0.0.0.0:9090`.
///
/// Without a host it is 127.0.0.1: leads are personal data, so another interface must be typed.
fn address_argument(text: &str) -> Result<SocketAddr, String> {
    let spelled = match text.strip_prefix(':') {
        Some(port) => format!("127.0.0.1:{port}"),
        None if text.bytes().all(|byte| byte.is_ascii_digit()) => format!("127.0.0.1:{text}"),
        None => text.to_owned(),
    };
    let expected = || format!("`{text}` is not an address: expected `:9090` or `0.0.0.0:9090`");
    if let Ok(address) = spelled.parse() {
        return Ok(address);
    }
    // A name may stand for several addresses; the one of version 4 is what people mean.
    let mut found: Vec<_> = spelled.to_socket_addrs().map_err(|_| expected())?.collect();
    found.sort_by_key(SocketAddr::is_ipv6);
    found.first().copied().ok_or_else(expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_a_host_is_this_machine_alone() {
        for (typed, expected) in [
            (":9090", "127.0.0.1:9090"),
            ("9090", "127.0.0.1:9090"),
            (":0", "127.0.0.1:0"),
            ("0.0.0.0:80", "0.0.0.0:80"),
            ("[::1]:80", "[::1]:80"),
        ] {
            assert_eq!(address_argument(typed), Ok(expected.parse().unwrap()), "{typed}");
        }
        for wrong in ["", ":", ":x", ":99999", "1.2.3.4", "http://localhost:1"] {
            assert!(address_argument(wrong).is_err(), "{wrong}");
        }
    }
}
