//! The changes of the values in an object or an array, written with the white space of the values
//! beside them.

use crate::domain::pointer;
use crate::protocols::json_layout::{JsonLayout, Kind, Node};
use crate::protocols::json_style::JsonStyle;
use serde_json::Value;
use std::collections::BTreeMap;
use std::ops::Range;

/// The maximum length of a separator that is copied: a hostile body has white space of any length.
const MAX_SEPARATOR: usize = 256;

/// The change of one field or element.
#[derive(Clone, Copy, Debug)]
pub(super) enum Change<'c> {
    /// Replaces the value by this literal, or adds it if there is none.
    Put(&'c str),
    /// Removes the field or the element.
    Remove,
    /// Applies a JSON Merge Patch (RFC 7396) to the value, or adds what it creates.
    Merge(&'c Value),
}

/// Collects the changes of a text.
#[derive(Debug)]
pub(super) struct Changes<'l, 't> {
    layout: &'l JsonLayout<'t>,
    style: &'l JsonStyle,
    /// What is printed between the first key and its value.
    first_colon: &'t str,
    replacements: Vec<(Range<usize>, String)>,
}

/// A field or an element.
struct Item {
    /// Its bytes, with its key.
    range: Range<usize>,
    is_removed: bool,
}

impl<'l, 't> Changes<'l, 't> {
    /// Returns no changes of a text. New keys and values are printed in `style`.
    pub(super) fn new(layout: &'l JsonLayout<'t>, style: &'l JsonStyle) -> Self {
        let first_field = layout.nodes().iter().find(|node| node.key.is_some());
        let first_colon = colon(layout, first_field).unwrap_or(":");
        Self { layout, style, first_colon, replacements: Vec::new() }
    }

    /// Returns the changed text; `None` if there are no changes.
    pub(super) fn apply(mut self) -> Option<String> {
        if self.replacements.is_empty() {
            return None;
        }
        self.replacements.sort_by_key(|(range, _)| range.start);
        let replacements = self.replacements.iter();
        Some(self.layout.replace(replacements.map(|(range, new)| (range, new.as_str()))))
    }

    /// Applies a merge patch to a value: objects are merged, anything else is replaced.
    pub(super) fn merge(&mut self, position: usize, patch: &Value) {
        let Some(node) = self.layout.nodes().get(position) else { return };
        let Some(fields) = patch.as_object().filter(|_| node.kind == Kind::Object) else {
            let printed = self.style.print_text(without_nulls(patch));
            return self.replacements.push((node.range.clone(), printed));
        };
        let changes: Vec<_> = fields
            .iter()
            .map(|(name, value)| {
                let change = if value.is_null() { Change::Remove } else { Change::Merge(value) };
                (name.as_str(), change)
            })
            .collect();
        self.change(position, &changes);
    }

    /// Changes the values with these names in an object, all of them if a key is repeated, or the
    /// value with this index in an array.
    pub(super) fn change(&mut self, position: usize, changes: &[(&str, Change<'_>)]) {
        let Some(container) = self.layout.nodes().get(position) else { return };
        let names: BTreeMap<_, _> =
            changes.iter().enumerate().map(|(at, (name, _))| (*name, at)).collect();
        let mut is_present = vec![false; changes.len()];
        let mut items = Vec::new();
        let mut last = None;
        for (index, (child, node)) in self.layout.children(position).enumerate() {
            let at = match self.layout.name(node) {
                Some(name) => names.get(&*name).copied(),
                None => changes.iter().position(|(it, _)| pointer::parse_index(it) == Some(index)),
            };
            let change = at.and_then(|at| changes.get(at)).map(|(_, change)| *change);
            if let Some(is_present) = at.and_then(|at| is_present.get_mut(at)) {
                *is_present = true;
            }
            match change {
                Some(Change::Put(new)) => {
                    self.replacements.push((node.range.clone(), new.to_owned()));
                }
                Some(Change::Merge(patch)) => self.merge(child, patch),
                Some(Change::Remove) | None => {}
            }
            let is_removed = matches!(change, Some(Change::Remove));
            last = Some(node);
            items.push(Item { range: key_start(node)..node.range.end, is_removed });
        }
        let missing = changes.iter().zip(is_present).filter(|(_, is_present)| !is_present);
        let colon = colon(self.layout, last).unwrap_or(self.first_colon);
        let added: Vec<_> = missing
            .filter_map(|((name, change), _)| {
                let new = self.created(*change)?;
                match container.kind {
                    Kind::Object => {
                        Some(format!("{}{colon}{new}", self.style.print_text((*name).into())))
                    }
                    Kind::Array => is_next(name, items.len()).then_some(new),
                    Kind::String | Kind::Number | Kind::Literal => None,
                }
            })
            .collect();
        self.rewrite(container, &items, &added);
    }

    /// Removes items together with one of the commas beside each, and adds others at the end.
    fn rewrite(&mut self, container: &Node, items: &[Item], added: &[String]) {
        let comma = self.comma(container, items);
        let kept = items.iter().position(|item| !item.is_removed);
        let (Some(first), Some(last)) = (items.first(), items.last()) else {
            if !added.is_empty() {
                self.replacements.push((inside(container), added.join(&comma)));
            }
            return;
        };
        let Some(kept) = kept else {
            let replaced = if added.is_empty() {
                inside(container)
            } else {
                first.range.start..last.range.end
            };
            return self.replacements.push((replaced, added.join(&comma)));
        };
        // The first items go with the separator after each, the others with the one before.
        if let Some(kept) = items.get(kept).filter(|_| kept > 0) {
            self.replacements.push((first.range.start..kept.range.start, String::new()));
        }
        let pairs = items.iter().skip(kept).zip(items.iter().skip(kept + 1));
        for (before, item) in pairs.filter(|(_, item)| item.is_removed) {
            self.replacements.push((before.range.end..item.range.end, String::new()));
        }
        if !added.is_empty() {
            let added = added.iter().flat_map(|new| [comma.as_str(), new]).collect();
            self.replacements.push((last.range.end..last.range.end, added));
        }
    }

    /// Returns the value that a change creates where there is none, as it is printed.
    fn created(&self, change: Change<'_>) -> Option<String> {
        match change {
            Change::Put(new) => Some(new.to_owned()),
            Change::Merge(patch) => Some(self.style.print_text(without_nulls(patch))),
            Change::Remove => None,
        }
    }

    /// Returns what is printed between two items: as between the last ones, or with the white space
    /// before the only one.
    fn comma(&self, container: &Node, items: &[Item]) -> String {
        let comma = match items {
            [.., before, last] => self.layout.slice(&(before.range.end..last.range.start)).into(),
            [only] => {
                let start = container.range.start + 1..only.range.start;
                format!(",{}", self.layout.slice(&start))
            }
            [] => String::new(),
        };
        if (1..=MAX_SEPARATOR).contains(&comma.len()) { comma } else { ",".to_owned() }
    }
}

/// Returns what is printed between the key of a field and its value.
fn colon<'t>(layout: &JsonLayout<'t>, field: Option<&Node>) -> Option<&'t str> {
    let field = field?;
    let colon = layout.slice(&(field.key.as_ref()?.end..field.range.start));
    Some(colon).filter(|colon| colon.len() <= MAX_SEPARATOR)
}

/// Returns the value that a merge patch creates where there is none.
fn without_nulls(patch: &Value) -> Value {
    let Value::Object(changes) = patch else { return patch.clone() };
    let kept = changes.iter().filter(|(_, change)| !change.is_null());
    Value::Object(kept.map(|(name, change)| (name.clone(), without_nulls(change))).collect())
}

/// Returns `true` if a segment of a pointer stands for the position after the last element.
fn is_next(segment: &str, length: usize) -> bool {
    segment == "-" || pointer::parse_index(segment) == Some(length)
}

fn key_start(node: &Node) -> usize {
    node.key.as_ref().map_or(node.range.start, |key| key.start)
}

/// Returns the bytes between the brackets of a container.
fn inside(container: &Node) -> Range<usize> {
    container.range.start + 1..container.range.end - 1
}
