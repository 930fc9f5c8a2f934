//! Combinations of other spellings of the values in a JSON body, bounded in number and bytes.

use crate::engine::explain::body_edits::received_body::{Form, ReceivedBody};
use crate::protocols::json_layout::{JsonLayout, Kind, Node};
use std::ops::Range;

/// The maximum number of combinations that are all tried.
const MAX_COMBINATIONS: usize = 128;

/// The maximum number of values that are changed one at a time.
const MAX_SINGLES: usize = 24;

/// The maximum number of forms in which two values are changed.
const MAX_PAIRS: usize = 96;

/// The number of spellings of each value of a pair that are tried.
const PAIRED_SPELLINGS: usize = 2;

/// The maximum number of bytes of all forms of one row.
const MAX_BYTES: usize = 512 << 10;

/// Another spelling of values: returns the spellings that `node` may have had.
pub(super) type OtherSpellings = fn(&Spelled<'_>) -> Vec<String>;

/// A value as written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spelled<'v> {
    pub(super) kind: Kind,
    /// The bytes of the value, with quotes or brackets.
    pub(super) text: &'v str,
    pub(super) is_empty_container: bool,
}

impl<'v> Spelled<'v> {
    /// Returns the content of a string, with its escapes.
    pub(super) fn content(&self) -> Option<&'v str> {
        let is_string = self.kind == Kind::String;
        is_string.then(|| self.text.strip_prefix('"')?.strip_suffix('"')).flatten()
    }
}

/// A value with its other spellings.
struct Choice {
    range: Range<usize>,
    spellings: Vec<String>,
}

/// Returns the body with other spellings of its values: of all of them, of one, or every
/// combination if there are few.
///
/// The detail names the change of the first value, such as `136` to `136.0`.
pub(super) fn respelled(body: &ReceivedBody<'_>, spellings: OtherSpellings) -> Vec<Form> {
    let Some(layout) = body.layout() else { return Vec::new() };
    let spelled = |node: &Node| Spelled {
        kind: node.kind,
        text: layout.slice(&node.range),
        is_empty_container: node.is_empty_container(),
    };
    let choice = |node: &Node| {
        let is_whole =
            !matches!(node.kind, Kind::Object | Kind::Array) || node.is_empty_container();
        let spellings = if is_whole { spellings(&spelled(node)) } else { Vec::new() };
        (!spellings.is_empty()).then(|| Choice { range: node.range.clone(), spellings })
    };
    let choices: Vec<Choice> = layout.nodes().iter().filter_map(choice).collect();
    if choices.is_empty() {
        return Vec::new();
    }
    let limit = MAX_BYTES / (body.len() + 1);
    let forms = selections(&choices, limit).into_iter();
    forms.map(|selection| form(layout, &choices, &selection)).collect()
}

/// Returns for each form the spelling of each value, 0 for the one received.
fn selections(choices: &[Choice], limit: usize) -> Vec<Vec<usize>> {
    let most = choices.iter().map(|choice| choice.spellings.len()).max().unwrap_or_default();
    // The same spelling for all, which is what a library does.
    let uniform = (1..=most).map(|spelling| {
        choices.iter().map(|choice| spelling.min(choice.spellings.len())).collect()
    });
    let mut selections: Vec<Vec<usize>> = uniform.take(limit).collect();
    let combinations = choices.iter().try_fold(1_usize, |product, choice| {
        product.checked_mul(choice.spellings.len() + 1).filter(|count| *count <= MAX_COMBINATIONS)
    });
    if let Some(count) = combinations {
        let rest = limit.saturating_sub(selections.len());
        selections.extend((1..count).take(rest).map(|number| mixed_digits(choices, number)));
        return selections;
    }
    // The first spellings of a few values are combined although all of them are too many.
    let few = u32::try_from(choices.len()).ok();
    let few = few.and_then(|count| (PAIRED_SPELLINGS + 1).checked_pow(count));
    if let Some(count) = few.filter(|count| *count <= MAX_COMBINATIONS) {
        let capped: Vec<_> =
            choices.iter().map(|choice| choice.spellings.len().min(PAIRED_SPELLINGS) + 1).collect();
        let rest = limit.saturating_sub(selections.len());
        selections.extend((1..count).take(rest).map(|number| digits_of(&capped, number)));
    }
    for (index, choice) in choices.iter().enumerate().take(MAX_SINGLES) {
        for spelling in 1..=choice.spellings.len() {
            if selections.len() >= limit {
                return selections;
            }
            let mut selection = vec![0; choices.len()];
            if let Some(chosen) = selection.get_mut(index) {
                *chosen = spelling;
            }
            selections.push(selection);
        }
    }
    let rest = limit.saturating_sub(selections.len()).min(MAX_PAIRS);
    selections.extend(pairs(choices).take(rest));
    selections
}

/// Returns the forms in which two values have one of their first spellings.
fn pairs(choices: &[Choice]) -> impl Iterator<Item = Vec<usize>> {
    let count = choices.len().min(MAX_SINGLES);
    let spellings = |index: usize| {
        1..=choices.get(index).map_or(0, |choice| choice.spellings.len()).min(PAIRED_SPELLINGS)
    };
    // Neighbours first, such as a first and a last name.
    let indices = (1..count).flat_map(move |gap| (gap..count).map(move |end| (end - gap, end)));
    indices.flat_map(move |(start, end)| {
        spellings(start).flat_map(move |first| {
            spellings(end).map(move |second| {
                let chosen = [(start, first), (end, second)];
                let spelling = |index| chosen.iter().find(|(at, _)| *at == index);
                (0..choices.len()).map(|index| spelling(index).map_or(0, |found| found.1)).collect()
            })
        })
    })
}

/// Returns the digits of a number whose bases are the numbers of spellings.
fn mixed_digits(choices: &[Choice], number: usize) -> Vec<usize> {
    let bases: Vec<_> = choices.iter().map(|choice| choice.spellings.len() + 1).collect();
    digits_of(&bases, number)
}

/// Returns the digits of a number with these bases, none of which is zero.
fn digits_of(bases: &[usize], mut number: usize) -> Vec<usize> {
    let mut digit = |base: &usize| {
        let digit = number % base;
        number /= base;
        digit
    };
    bases.iter().map(&mut digit).collect()
}

/// Returns the body with the selected spellings, and the first change.
fn form(layout: &JsonLayout<'_>, choices: &[Choice], selection: &[usize]) -> Form {
    let changes = || {
        choices.iter().zip(selection).filter_map(|(choice, spelling)| {
            let spelling = choice.spellings.get(spelling.checked_sub(1)?)?;
            Some((&choice.range, spelling.as_str()))
        })
    };
    let text = layout.replace(changes());
    let count = changes().count();
    let first = changes()
        .next()
        .map(|(range, spelling)| format!("{} to {}", shown(layout.slice(range)), shown(spelling)));
    let others = match count {
        0 | 1 => String::new(),
        2 => ", and one more value".to_owned(),
        _ => format!(", and {} more values", count - 1),
    };
    (text.into_bytes(), format!("{}{others}", first.unwrap_or_default()))
}

/// The maximum number of characters of a value that is shown.
const MAX_SHOWN: usize = 40;

/// Returns a value for a sentence, in backticks; a long one is cut.
pub(in crate::engine::explain) fn shown(value: &str) -> String {
    let cut: String = value.chars().filter(|c| *c != '`').take(MAX_SHOWN).collect();
    if cut.len() < value.len() { format!("`{cut}…`") } else { format!("`{cut}`") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::explain::body_edits::received_body::BodyContext;

    fn forms(body: &str) -> Vec<String> {
        let body = ReceivedBody::new(body.as_bytes(), BodyContext::default());
        let spellings: OtherSpellings = |value| match value.text {
            "1" => vec!["1.0".to_owned(), "1.00".to_owned()],
            "2" => vec!["2.0".to_owned()],
            _ => Vec::new(),
        };
        let forms = respelled(&body, spellings).into_iter();
        forms.map(|(bytes, _)| String::from_utf8(bytes).unwrap()).collect()
    }

    #[test]
    fn few_values_are_combined() {
        assert_eq!(forms("[3]"), [""; 0]);
        let found = forms("[1, 2]");
        assert_eq!(found[..2], ["[1.0, 2.0]", "[1.00, 2.0]"]);
        for expected in ["[1.0, 2]", "[1.00, 2]", "[1, 2.0]", "[1.00, 2.0]"] {
            assert!(found.iter().any(|form| form == expected), "{expected}");
        }
    }

    #[test]
    fn many_values_are_changed_together_or_alone() {
        let found = forms("[1,1,1,1,1]");
        assert!(found.contains(&"[1.0,1.0,1.0,1.0,1.0]".to_owned()));
        assert!(found.contains(&"[1,1,1,1.00,1]".to_owned()));
        assert!(found.contains(&"[1,1.00,1,1.0,1]".to_owned()));
        // Five values with two spellings have ten pairs.
        assert_eq!(found.len(), 2 + 5 * 2 + 10 * 4);
        let long = format!("[{}]", vec!["1"; 40_000].join(","));
        assert_eq!(forms(&long).len(), MAX_BYTES / (long.len() + 1));
    }

    #[test]
    fn the_detail_names_the_first_change() {
        let body = ReceivedBody::new(b"[1,1,1]", BodyContext::default());
        let found = respelled(&body, |_| vec!["x".repeat(50)]);
        assert_eq!(found[0].1, format!("`1` to `{}…`, and 2 more values", "x".repeat(40)));
    }
}
