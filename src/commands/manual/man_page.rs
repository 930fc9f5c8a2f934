//! The manual page of one command, as roff.

use crate::commands::manual::command_reference::{
    ArgumentReference, CommandLine, CommandReference, Explanation, OPTIONS, OptionReference,
    PROGRAM, headings,
};
use crate::commands::manual::command_text::{exit_statuses, shell_lines};
use crate::commands::manual::man_writer::{ManWriter, prose, syntax};
use crate::commands::manual::surroundings;
use roff::{Inline, bold, italic, roman};

/// The date of the text, which the footer of a page shows. The same version has the same pages, so
/// that it is not that of the run.
const DATE: &str = "2026-12-01";

/// The width of command lines, in columns: that of a page on a terminal without the margins.
const CODE_WIDTH: usize = 66;

/// Returns the manual page of a command.
#[must_use]
pub fn man_page(line: &CommandLine, command: &CommandReference, version: &str) -> String {
    let mut page =
        ManWriter::new(&page_name(&command.command), DATE, &format!("{PROGRAM} {version}"));
    page.section("name");
    let name = [bold(page_name(&command.command)), roman(" - ")];
    page.formatted(name.into_iter().chain(prose(&command.summary)).collect());
    page.section("synopsis");
    let arguments = command.usage.strip_prefix(&command.command).unwrap_or(&command.usage);
    let name = bold(command.command.as_str());
    page.formatted(std::iter::once(name).chain(syntax(arguments)).collect());
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
        for (index, example) in command.examples.iter().enumerate() {
            // The heading of a section already separates the first one.
            if index > 0 {
                page.separate();
            }
            let lines = shell_lines(example.line, CODE_WIDTH);
            page.example(&format!("{}:", example.description), &lines);
        }
    }
    page.section("exit status");
    if let Some(own) = &command.exit_status {
        page.paragraphs(&[own.as_str(), "The statuses of all commands:"]);
    }
    for (code, name, meaning) in exit_statuses() {
        page.tagged(vec![bold(code), roman(format!(" ({name})"))], &[meaning]);
    }
    page.section("environment");
    if command.environment.iter().any(|variable| variable.option.is_some()) {
        page.paragraphs(&["Options take precedence over variables, and these over files."]);
    }
    for variable in &command.environment {
        page.tagged(vec![bold(variable.name.as_str())], &[&variable.summary]);
    }
    if !command.files.is_empty() {
        page.section("files");
        for file in &command.files {
            page.tagged(vec![italic(file.name)], &[file.summary]);
        }
    }
    page.section("see also");
    let related = related(line, command);
    let related: Vec<_> = related.iter().map(|name| reference(name).to_vec()).collect();
    page.formatted(related.join(&roman(", ")));
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

/// Formats a reference to the page of a command.
fn reference(command: &str) -> [Inline; 2] {
    [bold(page_name(command)), roman("(1)")]
}

/// Lists the subcommands with their purposes.
fn subcommands(page: &mut ManWriter, line: &CommandLine, command: &CommandReference) {
    if command.subcommands.is_empty() {
        return;
    }
    page.section("commands");
    for name in &command.subcommands {
        let full = format!("{} {name}", command.command);
        let found = line.commands.iter().find(|command| command.command == full);
        let summary = found.map(|command| command.summary.as_str()).unwrap_or_default();
        page.tagged(reference(&full).to_vec(), &[summary]);
    }
}

/// Lists the arguments and options, grouped by heading, with the global options at the end.
fn options(page: &mut ManWriter, line: &CommandLine, command: &CommandReference) {
    page.section("options");
    for ArgumentReference { name, explanation, .. } in &command.arguments {
        explain(page, vec![italic(name.as_str())], explanation);
    }
    let options: Vec<_> = command.options.iter().chain(&line.global_options).collect();
    for heading in headings(&options) {
        if heading != OPTIONS {
            page.subsection(heading);
        }
        for option in options.iter().filter(|option| option.heading == heading) {
            explain(page, tag(option), &option.explanation);
        }
    }
}

/// Formats the forms of an option.
fn tag(option: &OptionReference) -> Vec<Inline> {
    let short = option.short.as_deref().map(|short| [bold(short), roman(", ")]);
    let (before, after) = if option.value_optional { (" [", "]") } else { (" ", "") };
    let value = option.value_name.as_deref();
    let value = value.map(|name| [roman(before), italic(name), roman(after)]);
    let forms = short.into_iter().flatten().chain([bold(option.long.as_str())]);
    forms.chain(value.into_iter().flatten()).collect()
}

/// Writes the explanation of an argument or option, with its possible values below.
fn explain(page: &mut ManWriter, tag: Vec<Inline>, explanation: &Explanation) {
    page.tagged(tag, &explanation.paragraphs());
    if explanation.values.is_empty() {
        return;
    }
    if explanation.values.iter().any(|value| value.summary.is_some()) {
        page.nested(|page| {
            for value in &explanation.values {
                page.tagged(
                    vec![bold(value.name.as_str())],
                    &[value.summary.as_deref().unwrap_or_default()],
                );
            }
        });
    } else {
        let names: Vec<_> =
            explanation.values.iter().map(|value| [bold(value.name.as_str())]).collect();
        let names = names.join(&roman(", "));
        let listed = [roman("Possible values: ")].into_iter().chain(names).chain([roman(".")]);
        page.nested(|page| page.formatted(listed.collect()));
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
