//! Adds the examples to the help that clap renders.

use crate::commands::manual::command_reference::PROGRAM;
use crate::commands::manual::command_text::shell_lines;
use crate::commands::manual::examples;
use crate::commands::manual::examples::Example;
use crate::commands::manual::short_help::join;
use crate::error::Exit;
use crate::output::wrap::wrap;
use clap::Command;
use clap::builder::Styles;
use std::fmt::Write as _;

/// The number of examples in the short help.
const SHORT_EXAMPLES: usize = 2;

/// Adds to the help of every command its examples, and to the short help a line that names the long
/// one. `width` is the width of the help in columns.
#[must_use]
pub fn with_examples(command: Command, width: usize) -> Command {
    add(command, "", width)
}

fn add(command: Command, path: &str, width: usize) -> Command {
    let styles = command.get_styles().clone();
    let examples = examples::of(path);
    let name = if path.is_empty() { PROGRAM.to_owned() } else { format!("{PROGRAM} {path}") };
    let shown = &examples[..examples.len().min(SHORT_EXAMPLES)];
    let more = if shown.len() < examples.len() { " and more examples" } else { "" };
    let trailer = format!("`{name} --help` shows all options{more}.");
    let (short, long) = if path.is_empty() {
        let statuses = exit_statuses(width);
        let listed = section(&styles, examples, width);
        (
            format!("{statuses}\nTry it: `leadhook demo` needs no setup.\n{trailer}"),
            format!("{listed}\n{statuses}"),
        )
    } else {
        let short = format!("{}\n{trailer}", section(&styles, shown, width));
        (short, section(&styles, examples, width).trim_end().to_owned())
    };
    command.after_help(short).after_long_help(long).mut_subcommands(|sub| {
        let path = join(path, sub.get_name());
        add(sub, &path, width)
    })
}

/// Returns a section of examples, in the style of clap's sections.
fn section(styles: &Styles, examples: &[Example], width: usize) -> String {
    let header = styles.get_header();
    let mut text = format!("{header}Examples:{header:#}\n");
    for Example { description, line, .. } in examples {
        for line in wrap(&format!("{description}:"), width.saturating_sub(2)) {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "  {line}");
        }
        for line in shell_lines(line, width.saturating_sub(4)) {
            let _ = writeln!(text, "    {line}");
        }
    }
    text
}

/// Returns the exit statuses in a sentence.
fn exit_statuses(width: usize) -> String {
    let of_results = Exit::ALL.into_iter().filter(|exit| !exit.is_signal());
    let listed: Vec<_> =
        of_results.map(|exit| format!("{} {}", exit.code(), exit.name())).collect();
    let text = format!(
        "Exit status: {}, 128 + N {} by signal N.",
        listed.join(", "),
        Exit::Interrupted.name()
    );
    wrap(&text, width).join("\n")
}
