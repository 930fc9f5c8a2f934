//! Splits Markdown into blocks.

/// A block of a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Block<'m> {
    /// A heading, from level 1 on.
    Heading {
        /// The level.
        level: usize,
        /// Its Markdown.
        text: &'m str,
    },
    /// A paragraph, with its lines joined.
    Paragraph(String),
    /// A quotation.
    Quote(String),
    /// A list with bullets.
    List(Vec<Item<'m>>),
    /// The rows of a table, the head first.
    Table(Vec<Vec<&'m str>>),
}

/// An item of a list.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Item<'m> {
    /// The number of lists around its own.
    pub(super) depth: usize,
    /// Its Markdown.
    pub(super) text: &'m str,
}

/// Splits a page into blocks, without the definitions of links, which are not displayed.
pub(super) fn parse(markdown: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut is_new_block = true;
    for line in markdown.lines() {
        if line.trim().is_empty() {
            is_new_block = true;
            continue;
        }
        if is_link_definition(line) {
            continue;
        }
        let last = if is_new_block { None } else { blocks.last_mut() };
        is_new_block = false;
        if let Some(block) = block_of(line, last) {
            blocks.push(block);
        }
    }
    blocks
}

/// Appends a line to the block before it, or returns the block that it begins.
fn block_of<'m>(line: &'m str, last: Option<&mut Block<'m>>) -> Option<Block<'m>> {
    let item = item(line);
    match (last, item, cells(line)) {
        (Some(Block::List(items)), Some(item), _) => items.push(item),
        (_, Some(item), _) => return Some(Block::List(vec![item])),
        (Some(Block::Table(rows)), None, Some(cells)) => {
            // The second row separates the head from the others.
            if !cells.iter().all(|cell| cell.trim_matches(['-', ':']).is_empty()) {
                rows.push(cells);
            }
        }
        (_, None, Some(cells)) => return Some(Block::Table(vec![cells])),
        (last, None, None) => return text_block(line, last),
    }
    None
}

fn text_block<'m>(line: &'m str, last: Option<&mut Block<'m>>) -> Option<Block<'m>> {
    let level = line.bytes().take_while(|byte| *byte == b'#').count();
    if level > 0
        && let Some(text) = line.get(level..).and_then(|rest| rest.strip_prefix(' '))
    {
        return Some(Block::Heading { level, text });
    }
    match (last, line.strip_prefix("> ")) {
        (Some(Block::Quote(text)), Some(line)) => append(text, line),
        (_, Some(line)) => return Some(Block::Quote(line.to_owned())),
        (Some(Block::Paragraph(text)), None) => append(text, line),
        (_, None) => return Some(Block::Paragraph(line.to_owned())),
    }
    None
}

fn append(text: &mut String, line: &str) {
    text.push(' ');
    text.push_str(line);
}

fn item(line: &str) -> Option<Item<'_>> {
    let text = line.trim_start();
    let depth = (line.len() - text.len()) / 2;
    text.strip_prefix("- ").map(|text| Item { depth, text })
}

/// Returns the cells of a row. A vertical bar after a backslash is part of a cell.
fn cells(line: &str) -> Option<Vec<&str>> {
    let row = line.strip_prefix('|')?;
    let mut cells = Vec::new();
    let (mut start, mut is_escaped) = (0, false);
    for (position, c) in row.char_indices() {
        if c == '|' && !is_escaped {
            cells.push(row.get(start..position).unwrap_or_default().trim());
            start = position + 1;
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    Some(cells)
}

fn is_link_definition(line: &str) -> bool {
    let end = line.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    end.is_some_and(|(_, target)| target.starts_with(": "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_block_is_recognised() {
        let page = "# A\n\nb\nc\n\n> q\n\n- x\n  - y\n\n| h | i |\n|---|---|\n| 1 \\| 2 | |\n\n[n]: \
                    https://example.com/\n";
        let item = |depth, text| Item { depth, text };
        assert_eq!(
            parse(page),
            [
                Block::Heading { level: 1, text: "A" },
                Block::Paragraph("b c".to_owned()),
                Block::Quote("q".to_owned()),
                Block::List(vec![item(0, "x"), item(1, "y")]),
                Block::Table(vec![vec!["h", "i"], vec!["1 \\| 2", ""]]),
            ]
        );
        assert_eq!(parse("\\# a"), [Block::Paragraph("\\# a".to_owned())]);
        assert_eq!(parse("[n]\\: a"), [Block::Paragraph("[n]\\: a".to_owned())]);
    }
}
