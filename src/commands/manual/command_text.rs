//! Commands as plain text: command lines broken for a shell, and the options of every command.

use crate::commands::manual::command_reference::{
    ArgumentReference, CommandReference, Explanation, OptionReference, headings,
};
use crate::error::Exit;
use crate::output::printer::Look;
use crate::output::wrap::{columns, wrap};
use std::io;
use std::io::Write;

/// The indentation of a line that continues another one.
const CONTINUATION: &str = "  ";

/// Returns the exit statuses as rows of a table: number, name and meaning. Signals share one row.
#[must_use]
pub(super) fn exit_statuses() -> Vec<(String, &'static str, String)> {
    let mut rows: Vec<_> = Exit::ALL
        .into_iter()
        .filter(|exit| !exit.is_signal())
        .map(|exit| (exit.code().to_string(), exit.name(), exit.meaning().to_owned()))
        .collect();
    let signals = Exit::ALL.into_iter().filter(|exit| exit.is_signal());
    let codes: Vec<_> = signals.map(|exit| exit.code().to_string()).collect();
    rows.push((
        "128 + N".to_owned(),
        Exit::Interrupted.name(),
        format!(
            "Signal N arrived ({}), and everything in flight was finished. A second signal ends \
             the command at once.",
            codes.join(", ")
        ),
    ));
    rows
}

/// Breaks a command line into lines of at most `width` columns, which a shell joins again.
#[must_use]
pub(super) fn shell_lines(line: &str, width: usize) -> Vec<String> {
    /// The columns of the backslash and the space before it.
    const BACKSLASH: usize = 2;
    let mut lines: Vec<String> = Vec::new();
    let mut current = String::new();
    let words = groups(line);
    for (index, word) in words.iter().enumerate() {
        let needed = columns(&current) + 1 + columns(word);
        let limit = if index + 1 == words.len() { width } else { width.saturating_sub(BACKSLASH) };
        if current.trim().is_empty() {
            current.push_str(word);
        } else if needed <= limit {
            current.push(' ');
            current.push_str(word);
        } else {
            lines.push(format!("{current} \\"));
            current = format!("{CONTINUATION}{word}");
        }
    }
    lines.push(current);
    lines
}

/// Splits a command line at the spaces outside of quotes, and keeps an option beside its value.
fn groups(line: &str) -> Vec<String> {
    let mut quote = None;
    let words = line.split(|c: char| {
        if matches!(c, '\'' | '"') && quote.is_none_or(|open| open == c) {
            quote = if quote.is_none() { Some(c) } else { None };
        }
        c == ' ' && quote.is_none()
    });
    let mut groups: Vec<String> = Vec::new();
    for word in words {
        let is_value = !word.starts_with('-') && word != "|";
        match groups.last_mut() {
            Some(last) if is_value && last.starts_with('-') && !last.contains(' ') => {
                last.push(' ');
                last.push_str(word);
            }
            Some(last) if last == "|" => {
                last.push(' ');
                last.push_str(word);
            }
            _ => groups.push(word.to_owned()),
        }
    }
    groups
}

/// Writes a command with everything that is known about it, except the global options.
pub(super) fn write_command(
    out: &mut dyn Write,
    command: &CommandReference,
    look: Look,
    width: usize,
) -> io::Result<()> {
    let theme = look.theme;
    writeln!(out, "{}", theme.strong(&command.usage))?;
    write_indented(out, 2, &command.summary, width)?;
    for paragraph in command.description.iter().chain(&command.exit_status) {
        writeln!(out)?;
        write_indented(out, 2, paragraph, width)?;
    }
    if !command.arguments.is_empty() {
        writeln!(out, "\n  {}", theme.strong("Arguments:"))?;
        for ArgumentReference { name, explanation, .. } in &command.arguments {
            write_explained(out, &format!("<{name}>"), explanation, width)?;
        }
    }
    let options: Vec<_> = command.options.iter().collect();
    write_options(out, &options, look, width)?;
    if !command.examples.is_empty() {
        writeln!(out, "\n  {}", theme.strong("Examples:"))?;
        for example in command.examples {
            write_indented(out, 4, &format!("{}:", example.description), width)?;
            for line in shell_lines(example.line, width.saturating_sub(6)) {
                writeln!(out, "      {line}")?;
            }
        }
    }
    Ok(())
}

/// Writes options by heading.
pub(super) fn write_options(
    out: &mut dyn Write,
    options: &[&OptionReference],
    look: Look,
    width: usize,
) -> io::Result<()> {
    for heading in headings(options) {
        let mut of_heading = options.iter().filter(|option| option.heading == heading).peekable();
        if of_heading.peek().is_some() {
            writeln!(out, "\n  {}", look.theme.strong(&format!("{heading}:")))?;
        }
        for option in of_heading {
            write_explained(out, &option.syntax(), &option.explanation, width)?;
        }
    }
    Ok(())
}

/// Writes an argument or an option with its explanation and its possible values.
fn write_explained(
    out: &mut dyn Write,
    syntax: &str,
    explanation: &Explanation,
    width: usize,
) -> io::Result<()> {
    writeln!(out, "    {syntax}")?;
    for paragraph in explanation.paragraphs() {
        write_indented(out, 8, &paragraph, width)?;
    }
    let values = &explanation.values;
    if values.iter().all(|value| value.summary.is_none()) {
        let names: Vec<_> = values.iter().map(|value| value.name.as_str()).collect();
        if !names.is_empty() {
            write_indented(out, 8, &format!("[possible values: {}]", names.join(", ")), width)?;
        }
        return Ok(());
    }
    for value in values {
        let summary = value.summary.as_deref().unwrap_or_default();
        write_indented(out, 8, &format!("- {}: {summary}", value.name), width)?;
    }
    Ok(())
}

fn write_indented(out: &mut dyn Write, indent: usize, text: &str, width: usize) -> io::Result<()> {
    let lines = wrap(text, width.saturating_sub(indent).max(20));
    lines.iter().try_for_each(|line| writeln!(out, "{:indent$}{line}", ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_line_is_broken_between_options() {
        let line = "leadhook send created --set first_name=Kalea --start 'node  server.js' | cat -";
        assert_eq!(shell_lines(line, 100), [line]);
        let broken = shell_lines(line, 40);
        assert_eq!(
            broken,
            [
                "leadhook send created \\",
                "  --set first_name=Kalea \\",
                "  --start 'node  server.js' | cat -"
            ]
        );
        assert!(broken.iter().all(|line| columns(line) <= 40));
        // A shell reads the same words.
        let joined = broken.join("\n").replace("\\\n", "");
        assert_eq!(joined.split_whitespace().count(), line.split_whitespace().count());
    }

    #[test]
    fn a_row_of_the_exit_statuses_has_all_signals() {
        let rows = exit_statuses();
        assert_eq!(rows.len(), 7);
        assert_eq!(rows[0].0, "0");
        assert!(rows[6].2.contains("130") && rows[6].2.contains("143"), "{rows:?}");
    }
}
