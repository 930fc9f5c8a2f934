//! Tables in a terminal: columns if they fit into the width, otherwise an entry for each row.

use super::inline::plain;
use crate::output::theme::Theme;
use crate::output::wrap::{columns, wrap};

/// The number of columns between two cells.
const GAP: usize = 2;

/// The minimum width of a cell that is wrapped.
const MIN_WRAPPED: usize = 24;

/// The head of the column whose cells are secondary information.
const SOURCE: &str = "source";

/// The heads of the columns whose cells say nothing without them.
const NAMED: &[&str] = &["payload"];

/// The mark of a rule that does not invalidate a payload.
const WARNING: &str = "(warning)";

/// Returns the lines of a table with this head and these rows, within `width` columns.
pub(super) fn lines(rows: &[Vec<&str>], theme: Theme, width: usize) -> Vec<String> {
    let rows: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|cell| cell_text(cell)).collect()).collect();
    match column_widths(&rows, width) {
        Some(widths) => column_lines(&rows, &widths, theme),
        None => entry_lines(&rows, theme, width),
    }
}

/// Returns the text of a cell. One that is only code needs no backticks.
fn cell_text(markdown: &str) -> String {
    // Every vertical bar in a cell is escaped, in code too.
    let text = plain(&markdown.replace("\\|", "|"));
    match text.strip_prefix('`').and_then(|text| text.strip_suffix('`')) {
        Some(code) if !code.contains('`') => code.to_owned(),
        _ => text,
    }
}

/// Returns the width of each column if the table fits, with at most one column wrapped.
fn column_widths(rows: &[Vec<String>], width: usize) -> Option<Vec<usize>> {
    let count = rows.first()?.len();
    let natural = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| columns(cell)).max().unwrap_or(0)
    };
    let mut widths: Vec<_> = (0..count).map(natural).collect();
    let total = widths.iter().sum::<usize>() + GAP * count.saturating_sub(1);
    let excess = total.saturating_sub(width);
    if excess == 0 {
        return Some(widths);
    }
    let (widest, natural) = widths.iter().copied().enumerate().max_by_key(|(_, width)| *width)?;
    let wrapped = natural.checked_sub(excess).filter(|wrapped| *wrapped >= MIN_WRAPPED)?;
    // A cell of many lines is easier to read as an entry.
    if natural > 3 * wrapped {
        return None;
    }
    *widths.get_mut(widest)? = wrapped;
    Some(widths)
}

fn column_lines(rows: &[Vec<String>], widths: &[usize], theme: Theme) -> Vec<String> {
    let mut lines = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let cells: Vec<_> =
            row.iter().zip(widths).map(|(cell, width)| wrap(cell, *width)).collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(0);
        for number in 0..height {
            let parts = cells.iter().zip(widths).map(|(cell, width)| {
                let text = cell.get(number).map_or("", String::as_str);
                format!("{text}{:gap$}", "", gap = (width + GAP).saturating_sub(columns(text)))
            });
            let line = parts.collect::<String>();
            let line = line.trim_end();
            lines.push(if index == 0 { theme.dim(line) } else { line.to_owned() });
        }
    }
    lines
}

/// Returns an entry for each row: its first cell, with the others beside it or, if there is no room
/// for that, below it.
fn entry_lines(rows: &[Vec<String>], theme: Theme, width: usize) -> Vec<String> {
    let Some((head, rows)) = rows.split_first() else { return Vec::new() };
    let source = head.iter().position(|name| name == SOURCE);
    let label = |row: &Vec<String>| row.first().map_or(0, |cell| columns(cell));
    let widest = rows.iter().map(label).max().unwrap_or(0);
    // Labels that all fit stand beside the text, and long ones above it.
    let (is_beside, indent) = if widest <= width / 3 { (true, widest + GAP) } else { (false, 4) };
    let mut lines = Vec::new();
    for row in rows {
        let Some((label, cells)) = row.split_first() else { continue };
        let facts: Vec<_> = cells
            .iter()
            .enumerate()
            .filter(|(index, cell)| Some(index + 1) != source && !cell.is_empty())
            .map(|(index, cell)| match head.get(index + 1) {
                Some(name) if NAMED.contains(&name.as_str()) => format!("{name} {cell}"),
                _ => cell.clone(),
            })
            .collect();
        let text_width = width.saturating_sub(indent);
        let warning = theme.warn(WARNING);
        let facts = wrap(&facts.join("; "), text_width);
        let mut texts: Vec<_> = facts.iter().map(|line| line.replace(WARNING, &warning)).collect();
        let cited = source.and_then(|index| row.get(index));
        texts.extend(
            cited.iter().flat_map(|text| wrap(text, text_width)).map(|line| theme.dim(&line)),
        );
        let mut texts = texts.into_iter();
        if is_beside {
            let gap = indent.saturating_sub(columns(label));
            let first = texts.next().unwrap_or_default();
            lines.push(format!("{}{:gap$}{first}", theme.strong(label), ""));
        } else {
            lines.extend(wrap(label, width).iter().map(|line| theme.strong(line)));
        }
        lines.extend(texts.map(|line| format!("{:indent$}{line}", "")));
    }
    lines
}
