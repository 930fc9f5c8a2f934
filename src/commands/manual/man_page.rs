//! The manual page of one command, as roff.

use crate::commands::manual::command_reference::{
    ArgumentReference, CommandLine, CommandReference, Explanation, OPTIONS, OptionReference,
    PROGRAM, headings,
};
use crate::commands::manual::command_text::{exit_statuses, shell_lines};
use crate::commands::manual::roff::{Roff, bold, inline, italic, syntax};
use crate::commands::manual::surroundings;

/// The date of the text, which the footer of a page shows. The same version has the same pages, so
/// that it is not that of the run.
const DATE: &str = "2026-12-01";

/// The width of command lines, in columns: that of a page on a terminal without the margins.
const CODE_WIDTH: usize = 66;

/// Returns the manual page of a command.
#[must_use]
pub fn man_page(line: &CommandLine, command: &CommandReference, version: &str) -> String {
    let mut page = Roff::new(&page_name(&command.command), DATE, &format!("{PROGRAM} {version}"));
    page.section("name");
    page.formatted(&format!(
        "{} \\- {}",
        bold(&page_name(&command.command)),
        inline(&command.summary)
    ));
    page.section("synopsis");
    let arguments = command.usage.strip_prefix(&command.command).unwrap_or(&command.usage);
    page.formatted(&format!("{}{}", bold(&command.command), syntax(arguments)));
    page.section("description");
    if command.description.is_empty() {
        page.paragraphs(&[format!("{}.", command.summary)]);
    } else {
        page.paragraphs(&command.description);
    }
    subcommands(&mut page, line, command);
    options(&mut page, line, command);
    if !command.examples.is_empty() {
        page.section("examples");
        for example in command.examples {
            let lines = shell_lines(example.line, CODE_WIDTH);
            page.example(&format!("{}:", example.description), &lines);
        }
    }
    page.section("exit status");
    if let Some(own) = &command.exit_status {
        page.paragraphs(&[own.as_str(), "The statuses of all commands:"]);
    }
    for (code, name, meaning) in exit_statuses() {
        page.tagged(&format!("{} ({name})", bold(&code)), &[meaning]);
    }
    page.section("environment");
    for variable in &command.environment {
        page.tagged(&bold(&variable.name), &[&variable.summary]);
    }
    if !command.files.is_empty() {
        page.section("files");
        for file in &command.files {
            page.tagged(&italic(file.name), &[file.summary]);
        }
    }
    page.section("see also");
    let related: Vec<_> = related(line, command)
        .iter()
        .map(|name| format!("{}(1)", bold(&page_name(name))))
        .collect();
    page.formatted(&related.join(", "));
    page.finish()
}

/// Returns the name of a command's page in a folder, such as `leadhook-events-show.1`.
#[must_use]
pub fn file_name(command: &CommandReference) -> String {
    format!("{}.1", page_name(&command.command))
}

/// Returns the name of a page, such as `leadhook-events-show`.
fn page_name(command: &str) -> String {
    command.replace(' ', "-")
}

/// Lists the subcommands with their purposes.
fn subcommands(page: &mut Roff, line: &CommandLine, command: &CommandReference) {
    if command.subcommands.is_empty() {
        return;
    }
    page.section("commands");
    for name in &command.subcommands {
        let full = format!("{} {name}", command.command);
        let found = line.commands.iter().find(|command| command.command == full);
        let summary = found.map(|command| command.summary.as_str()).unwrap_or_default();
        page.tagged(&format!("{}(1)", bold(&page_name(&full))), &[summary]);
    }
}

/// Lists the arguments and options, grouped by heading, with the global options at the end.
fn options(page: &mut Roff, line: &CommandLine, command: &CommandReference) {
    page.section("options");
    for ArgumentReference { name, explanation, .. } in &command.arguments {
        explain(page, &italic(name), explanation);
    }
    let options: Vec<_> = command.options.iter().chain(&line.global_options).collect();
    for heading in headings(&options) {
        if heading != OPTIONS {
            page.subsection(heading);
        }
        for option in options.iter().filter(|option| option.heading == heading) {
            explain(page, &tag(option), &option.explanation);
        }
    }
}

/// Formats the forms of an option.
fn tag(option: &OptionReference) -> String {
    let short = option.short.as_ref().map(|short| format!("{}, ", bold(short)));
    let value = match &option.value_name {
        None => String::new(),
        Some(name) if option.value_optional => format!(" [{}]", italic(name)),
        Some(name) => format!(" {}", italic(name)),
    };
    format!("{}{}{value}", short.unwrap_or_default(), bold(&option.long))
}

/// Writes the explanation of an argument or option, with its possible values below.
fn explain(page: &mut Roff, tag: &str, explanation: &Explanation) {
    page.tagged(tag, &explanation.paragraphs());
    if explanation.values.is_empty() {
        return;
    }
    if explanation.values.iter().any(|value| value.summary.is_some()) {
        page.nested(|page| {
            for value in &explanation.values {
                page.tagged(&bold(&value.name), &[value.summary.as_deref().unwrap_or_default()]);
            }
        });
    } else {
        let names: Vec<_> = explanation.values.iter().map(|value| bold(&value.name)).collect();
        page.nested(|page| page.formatted(&format!("Possible values: {}.", names.join(", "))));
    }
}

/// Returns the commands to read about next: the one above, those below, then those of the table.
fn related(line: &CommandLine, command: &CommandReference) -> Vec<String> {
    let parent = command.command.rsplit_once(' ').map(|(parent, _)| parent.to_owned());
    let below = command.subcommands.iter().map(|name| format!("{} {name}", command.command));
    let path = command.command.strip_prefix(PROGRAM).unwrap_or_default().trim_start();
    let others = surroundings::related(path).iter().map(|name| format!("{PROGRAM} {name}"));
    let mut found: Vec<_> = parent.into_iter().chain(below).chain(others).collect();
    if path.contains(' ') {
        // A subcommand: the other subcommands of its command.
        let siblings = line.commands.iter().map(|other| &other.command).filter(|other| {
            **other != command.command
                && other.rsplit_once(' ').map(|(parent, _)| parent)
                    == found.first().map(String::as_str)
        });
        let siblings: Vec<_> = siblings.cloned().collect();
        found.extend(siblings);
    }
    found
}
