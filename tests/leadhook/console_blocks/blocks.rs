//! Parses the console blocks of a Markdown document, and writes new output into them.

use std::ops::Range;

/// One command of a block and its output.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Step {
    pub command: String,
    pub background: bool,
    pub output: Vec<String>,
    pub exit: i32,
    /// The lines of the document that hold the output and the exit status.
    lines: Range<usize>,
    /// `true` if the document shows the exit status with `echo $?`.
    echoes_status: bool,
}

/// A console block of a document.
#[derive(Debug)]
pub struct Block {
    /// The number of its first line, from 1.
    pub line: usize,
    /// The programs without which it is skipped: the words after `console`.
    pub needs: Vec<String>,
    /// The files that the document shows before it, with their content.
    pub files: Vec<(String, String)>,
    pub steps: Vec<Step>,
}

/// Returns the console blocks of a document.
pub fn parse(document: &str) -> Vec<Block> {
    let (mut found, mut files) = (Vec::new(), Vec::new());
    let mut lines = document.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        let Some(info) = line.trim_start().strip_prefix("```") else { continue };
        let block: Vec<_> =
            lines.by_ref().take_while(|(_, line)| line.trim_start() != "```").collect();
        let mut words = info.split_whitespace().map(str::to_owned);
        if words.next().as_deref() == Some("console") {
            let (needs, files) = (words.collect(), files.clone());
            found.push(Block { line: number + 2, needs, files, steps: steps(&block) });
        } else if let Some(name) = words.next() {
            files.push((name, block.iter().flat_map(|(_, line)| [line, "\n"]).collect()));
        }
    }
    found
}

fn steps(lines: &[(usize, &str)]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut lines = lines.iter();
    while let Some((number, line)) = lines.next() {
        if let Some(command) = line.strip_prefix("$ ") {
            let (mut command, mut last) = (command.to_owned(), *number);
            // A backslash continues on the next line, as in a shell.
            while command.ends_with('\\') {
                let Some((number, next)) = lines.next() else { break };
                command = format!("{command}\n{next}");
                last = *number;
            }
            let background = command.ends_with(" &");
            let command = command.trim_end_matches(" &").to_owned();
            steps.push(Step { command, background, lines: last + 1..last + 1, ..Step::default() });
            continue;
        }
        let Some(step) = steps.last_mut() else { continue };
        step.lines.end = number + 1;
        match line.strip_prefix("# exit ").and_then(|exit| exit.trim().parse().ok()) {
            Some(exit) => step.exit = exit,
            None if !line.starts_with("# ") => step.output.push((*line).to_owned()),
            None => {}
        }
    }
    for step in &mut steps {
        while step.output.last().is_some_and(|line| line.trim().is_empty()) {
            step.output.pop();
        }
    }
    with_echoed_statuses(steps)
}

/// Merges each `echo $?` into the command before it.
fn with_echoed_statuses(steps: Vec<Step>) -> Vec<Step> {
    let mut merged: Vec<Step> = Vec::new();
    for step in steps {
        match merged.last_mut() {
            Some(previous) if step.command == "echo $?" => {
                previous.exit = step.output.concat().trim().parse().unwrap_or(-1);
                previous.echoes_status = true;
            }
            _ => merged.push(step),
        }
    }
    merged
}

/// What a step printed instead of the output in the document.
#[derive(Debug)]
pub struct NewOutput {
    lines: Range<usize>,
    text: Vec<String>,
}

impl NewOutput {
    pub fn new(step: &Step, mut text: Vec<String>, exit: i32) -> Self {
        if exit != 0 && !step.echoes_status {
            text.push(format!("# exit {exit}"));
        }
        Self { lines: step.lines.clone(), text }
    }
}

/// Returns the document with new outputs.
pub fn rewrite(document: &str, mut outputs: Vec<NewOutput>) -> String {
    let mut lines: Vec<_> = document.lines().map(str::to_owned).collect();
    outputs.sort_by_key(|output| output.lines.start);
    // From the end: the lines before a change keep their numbers.
    for output in outputs.into_iter().rev() {
        lines.splice(output.lines, output.text);
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_echoed_status_belongs_to_the_command_before_it() {
        let document = "```console\n$ false\nno\n$ echo $?\n1\n$ true\n```\n";
        let blocks = parse(document);
        let steps: Vec<_> = blocks[0].steps.iter().map(|it| (&*it.command, it.exit)).collect();
        assert_eq!(steps, [("false", 1), ("true", 0)]);
    }

    #[test]
    fn a_block_has_the_files_and_programs_that_it_needs() {
        let document = "```js app.js\na\n\nb\n```\n```sh\nrm x\n```\n```console node git\n$ node app.js\n```\n\
            ```sh x.sh\n```\n```console\n$ true\n```\n";
        let blocks = parse(document);
        let [first, second] = blocks.as_slice() else { panic!("{blocks:?}") };
        assert_eq!(first.needs, ["node", "git"]);
        assert_eq!(first.files, [("app.js".to_owned(), "a\n\nb\n".to_owned())]);
        assert_eq!((first.line, second.needs.len(), second.files.len()), (10, 0, 2));
    }

    #[test]
    fn new_output_replaces_the_old_one_and_its_status() {
        let document = "a\n```console\n$ one\nold\n# exit 2\n$ two &\n$ three\nold\n```\nb\n";
        let blocks = parse(document);
        let [one, _, three] = blocks[0].steps.as_slice() else { panic!("{blocks:?}") };
        let new = |text: &str| vec![text.to_owned()];
        let outputs = vec![NewOutput::new(three, new("3"), 0), NewOutput::new(one, new("1"), 4)];
        assert_eq!(
            rewrite(document, outputs),
            "a\n```console\n$ one\n1\n# exit 4\n$ two &\n$ three\n3\n```\nb\n"
        );
    }
}
