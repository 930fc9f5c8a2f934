//! The options that the short help (`-h`) shows. All others are in the long help (`--help`) only.

use clap::{Arg, Command};

/// The options that the short help of one command shows.
#[derive(Debug)]
pub struct ShortHelp {
    /// The command without the name of the program, such as `events show`; empty for the root.
    pub command: &'static str,
    /// The clap ids of its own options, in the order in which help lists them.
    pub options: &'static [&'static str],
    /// The clap ids of the global options.
    pub global: &'static [&'static str],
}

/// The global options of commands that sign or verify.
const SIGNING: &[&str] = &["provider", "secret", "secret_file", "format"];

/// The global options of commands that concern a provider and need no secret.
const PROVIDER: &[&str] = &["provider", "format"];

/// The global options of commands that only print.
const OUTPUT: &[&str] = &["format"];

/// The options of every command. A test compares the table with the command line.
pub const SHORT_HELP: &[ShortHelp] = &[
    row("", &[], SIGNING),
    row(
        "send",
        &["dry_run", "print", "expect", "data", "seed", "variant", "set", "tamper", "headers"],
        SIGNING,
    ),
    row("sign", &["event", "message_id", "print"], SIGNING),
    row(
        "verify",
        &["body", "headers", "candidates", "mine", "failed", "since", "event", "id"],
        SIGNING,
    ),
    row("decode", &["now"], &["secret", "secret_file", "format"]),
    row("diff", &["body_only"], OUTPUT),
    row(
        "convert",
        &["print", "output", "redact_requests", "event", "id", "failed", "last"],
        PROVIDER,
    ),
    row(
        "listen",
        &["save", "forward", "tunnel", "until", "count", "listen_timeout", "respond", "fail_rate"],
        SIGNING,
    ),
    row("health", &["health_timeout"], OUTPUT),
    row(
        "simulate",
        &["schedule", "policy", "events", "count", "outage", "sweep", "plot", "speed"],
        SIGNING,
    ),
    row(
        "check",
        &["start", "probe_url", "probe_json", "only", "skip", "list", "report", "from", "wait"],
        SIGNING,
    ),
    row(
        "replay",
        &["to", "dry_run", "resign", "expect", "baseline", "set", "failed", "since", "last"],
        SIGNING,
    ),
    row("practice", &["fault", "list_faults", "ready_file"], SIGNING),
    row("events", &[], PROVIDER),
    row("events list", &[], &["provider", "format", "verbose"]),
    row("events show", &["variant"], PROVIDER),
    row("events schema", &["output"], PROVIDER),
    row("events check", &["event", "strict"], PROVIDER),
    row("events new", &["scheme"], OUTPUT),
    row("events check-pack", &["strict"], OUTPUT),
    row("docs", &[], PROVIDER),
    row("config", &[], &["config", "profile", "format"]),
    row("config show", &[], &["config", "profile", "format"]),
    row("config init", &[], OUTPUT),
    row("doctor", &[], &["provider", "secret", "secret_file", "config", "profile", "format"]),
    row("demo", &[], &["format", "verbose"]),
    row("completions", &[], &[]),
    row("man", &["output"], &[]),
    row("help", &["all"], OUTPUT),
];

const fn row(
    command: &'static str,
    options: &'static [&'static str],
    global: &'static [&'static str],
) -> ShortHelp {
    ShortHelp { command, options, global }
}

/// Returns the row of a command, given without the name of the program.
#[must_use]
pub fn of(command: &str) -> Option<&'static ShortHelp> {
    SHORT_HELP.iter().find(|row| row.command == command)
}

/// Hides every option of `command` and its subcommands from the short help, except those of
/// [`SHORT_HELP`], which it moves to the beginning of their group.
#[must_use]
pub fn hide_rare_options(command: Command) -> Command {
    let is_global = |arg: &&Arg| arg.is_global_set();
    let global: Vec<_> = command.get_arguments().filter(is_global).cloned().collect();
    hide(command, "", &global)
}

fn hide(command: Command, path: &str, global: &[Arg]) -> Command {
    // clap copies a global option to each subcommand that has none of its own, so that a copy is
    // added here which can be hidden in one subcommand and not in another.
    let command = if path.is_empty() { command } else { command.args(global.iter().cloned()) };
    let mut index = 0;
    command
        .mut_args(|arg| {
            index += 1;
            arrange(arg, of(path), index)
        })
        .mut_subcommands(|sub| {
            let path = join(path, sub.get_name());
            hide(sub, &path, global)
        })
}

/// Hides an option, or gives it its place. `index` is its place among all options of its command.
fn arrange(arg: Arg, row: Option<&ShortHelp>, index: usize) -> Arg {
    /// More than a row has options.
    const RARE: usize = 100;
    let Some(row) = row.filter(|_| !arg.is_positional()) else { return arg };
    let mut shown = row.options.iter().chain(row.global);
    match shown.position(|id| arg.get_id() == id) {
        Some(place) => arg.display_order(place),
        None => arg.display_order(RARE + index).hide_short_help(true),
    }
}

/// Returns the path of a subcommand.
#[must_use]
pub fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path} {name}") }
}
