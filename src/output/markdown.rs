//! Markdown for a terminal: headings, paragraphs, lists and tables within the width of a page.
//!
//! It reads the subset that the generated reference pages use.

mod blocks;
mod inline;
mod table;

use crate::output::printer::Look;
use crate::output::sanitize;
use crate::output::wrap::{columns_beside, wrap};
use blocks::{Block, Item};
use inline::{JOINED_SPACE, plain};
use std::io;
use std::io::Write;

/// The indent of everything below a heading.
const INDENT: usize = 2;

/// Writes a page for a terminal, with control characters escaped.
pub fn write(out: &mut dyn Write, look: Look, markdown: &str) -> io::Result<()> {
    let markdown = sanitize::lines(markdown);
    for (index, block) in blocks::parse(&markdown).into_iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        for line in block_lines(&block, look) {
            writeln!(out, "{}", line.trim_end().replace(JOINED_SPACE, " "))?;
        }
    }
    Ok(())
}

/// Returns the lines of a block.
fn block_lines(block: &Block<'_>, look: Look) -> Vec<String> {
    let (theme, width) = (look.theme, look.text_columns());
    match block {
        Block::Heading { level, text } => {
            let text = plain(text).replace('`', "");
            // Without styles, capitals and the indent of the text set the sections apart.
            let text = if *level == 2 { text.to_uppercase() } else { text };
            wrap(&text, width).iter().map(|line| theme.strong(line)).collect()
        }
        Block::Paragraph(text) => indented(&plain(text), width, INDENT),
        Block::Quote(text) => {
            let lines = indented(&plain(text), width, 2 * INDENT);
            lines.iter().map(|line| theme.dim(line)).collect()
        }
        Block::List(items) => items.iter().flat_map(|item| item_lines(item, width)).collect(),
        Block::Table(rows) => table::lines(rows, theme, look.columns.saturating_sub(INDENT))
            .into_iter()
            .map(|line| format!("{:INDENT$}{line}", ""))
            .collect(),
    }
}

/// Wraps text to lines with this indent.
fn indented(text: &str, width: usize, indent: usize) -> Vec<String> {
    let lines = wrap(text, columns_beside(width, indent));
    lines.into_iter().map(|line| format!("{:indent$}{line}", "")).collect()
}

/// Returns the lines of a list item, the first with its bullet.
fn item_lines(item: &Item<'_>, width: usize) -> Vec<String> {
    let bullet = INDENT * (item.depth + 1);
    let indent = bullet + 2;
    let lines = wrap(&plain(item.text), columns_beside(width, indent));
    let mark = |index: usize| if index == 0 { "- " } else { "  " };
    let lines = lines.into_iter().enumerate();
    lines.map(|(index, line)| format!("{:bullet$}{}{line}", "", mark(index))).collect()
}

#[cfg(test)]
mod tests;
