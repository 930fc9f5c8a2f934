//! JSON Pointers (RFC 6901), dotted paths as in `a.b[0].c`, and the patterns of packs.

use crate::domain::excerpt::{MAX_STORED_BYTES, prefix};
use serde_json::Value;
use std::borrow::Cow;

/// One step from a value to one inside it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PointerStep<'a> {
    /// To the field with this name.
    Name(Cow<'a, str>),
    /// To the item with this index.
    Index(usize),
}

/// Formats the pointer that leads from the root along `steps`.
#[must_use]
pub fn format_steps<'s>(steps: impl IntoIterator<Item = &'s PointerStep<'s>>) -> String {
    let mut pointer = String::new();
    for step in steps {
        pointer.push('/');
        match step {
            PointerStep::Name(name) => pointer.push_str(&escape(name)),
            PointerStep::Index(index) => pointer.push_str(&index.to_string()),
        }
    }
    pointer
}

/// Formats the beginning of the pointer that leads along `steps`, in at most [`MAX_STORED_BYTES`] bytes.
///
/// A name can be as long as the document, so the complete pointers of several values can be many
/// times its size.
#[must_use]
pub fn format_excerpt<'s>(steps: impl IntoIterator<Item = &'s PointerStep<'s>>) -> String {
    let mut pointer = String::new();
    for step in steps {
        if pointer.len() >= MAX_STORED_BYTES {
            break;
        }
        pointer.push('/');
        match step {
            PointerStep::Name(name) => pointer.push_str(&escape(prefix(name, MAX_STORED_BYTES))),
            PointerStep::Index(index) => pointer.push_str(&index.to_string()),
        }
    }
    pointer.truncate(prefix(&pointer, MAX_STORED_BYTES).len());
    pointer
}

/// Joins `a`, `b/c` into `/a/b~1c`.
#[must_use]
pub fn join<S: AsRef<str>>(names: &[S]) -> String {
    names.iter().flat_map(|name| ["/".to_owned(), escape(name.as_ref())]).collect()
}

/// Escapes one name for a pointer.
#[must_use]
pub fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Splits `/a/b~1c` into `a`, `b/c`. A `~` that begins no escape stays.
pub fn segments(pointer: &str) -> impl Iterator<Item = Cow<'_, str>> {
    pointer.split('/').skip(1).map(unescape)
}

/// Unescapes one segment; `None` if a `~` in it begins no escape.
#[must_use]
pub fn parse_name(segment: &str) -> Option<Cow<'_, str>> {
    let name = unescape(segment);
    let is_plain = matches!(name, Cow::Borrowed(_));
    let is_escape = |rest: &str| rest.starts_with(['0', '1']);
    (is_plain || segment.split('~').skip(1).all(is_escape)).then_some(name)
}

/// Parses the index of an item, which has neither a sign nor a leading zero.
#[must_use]
pub fn parse_index(segment: &str) -> Option<usize> {
    let is_canonical = segment == "0" || segment.starts_with(|c| matches!(c, '1'..='9'));
    segment.parse().ok().filter(|_| is_canonical)
}

fn unescape(segment: &str) -> Cow<'_, str> {
    if segment.contains('~') {
        segment.replace("~1", "/").replace("~0", "~").into()
    } else {
        segment.into()
    }
}

/// Parses `a.b[0].c` or a JSON Pointer into segments; `None` if it is neither.
#[must_use]
pub fn parse_path(path: &str) -> Option<Vec<String>> {
    if path.starts_with('/') {
        return Some(segments(path).map(Cow::into_owned).collect());
    }
    let mut segments = Vec::new();
    for part in path.split('.') {
        let (name, indices) = part.split_at(part.find('[').unwrap_or(part.len()));
        if name.is_empty() {
            return None;
        }
        segments.push(name.to_owned());
        let mut rest = indices;
        while let Some(bracket) = rest.strip_prefix('[') {
            let (index, after) = bracket.split_once(']')?;
            index.parse::<u32>().ok()?;
            segments.push(index.to_owned());
            rest = after;
        }
        if !rest.is_empty() {
            return None;
        }
    }
    Some(segments)
}

/// Returns the pointer to every value inside `value`, in document order.
#[must_use]
pub fn all_pointers(value: &Value) -> Vec<String> {
    fn walk(value: &Value, parent: &str, pointers: &mut Vec<String>) {
        let children: Vec<(String, &Value)> = match value {
            Value::Object(map) => map.iter().map(|(name, value)| (escape(name), value)).collect(),
            Value::Array(items) => {
                items.iter().enumerate().map(|(i, value)| (i.to_string(), value)).collect()
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
        };
        for (name, value) in children {
            let pointer = format!("{parent}/{name}");
            pointers.push(pointer.clone());
            walk(value, &pointer, pointers);
        }
    }
    let mut pointers = Vec::new();
    walk(value, "", &mut pointers);
    pointers
}

/// A value that a pattern matches.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct PatternMatch {
    /// The index among its siblings of each step to it. Positions sort in document order.
    pub position: Vec<usize>,
    /// Its location as a pointer.
    pub pointer: String,
    /// The index of the item that the last `*` of the pattern matched.
    pub item_index: Option<usize>,
}

/// One step of a pattern.
enum PatternStep<'p> {
    /// To the field or the item with this name.
    Child(Cow<'p, str>),
    /// To every item of a list.
    EveryItem,
    /// Stays at an object whose field has this value, and otherwise ends the match.
    Condition(Cow<'p, str>, Cow<'p, str>),
}

/// A step of the walk through the document.
struct WalkStep<'v> {
    step: PointerStep<'v>,
    /// Its index among its siblings.
    position: usize,
    /// `true` if it matches a `*`.
    is_every_item: bool,
}

/// Returns every match of `pattern` in `value`, in document order.
///
/// A pattern is a JSON Pointer in which `*` stands for every item of a list, and `[field=value]`
/// continues only from an object with this field value: `/activities/*/[type=note]/created`.
#[must_use]
pub fn find_matches(pattern: &str, value: &Value) -> Vec<PatternMatch> {
    let step = |segment| {
        let condition = str::strip_prefix(segment, "[").and_then(|rest| rest.strip_suffix(']'));
        match condition.and_then(|condition| condition.split_once('=')) {
            Some((field, text)) => PatternStep::Condition(unescape(field), unescape(text)),
            None if segment == "*" => PatternStep::EveryItem,
            None => PatternStep::Child(unescape(segment)),
        }
    };
    let mut found = Vec::new();
    if pattern.starts_with('/') {
        let steps: Vec<_> = pattern.split('/').skip(1).map(step).collect();
        walk(value, &steps, &mut Vec::new(), &mut found);
    }
    found
}

/// Follows the remaining `steps` from `value`, to which `trail` leads, and collects the matches.
fn walk<'v>(
    value: &'v Value,
    steps: &[PatternStep<'_>],
    trail: &mut Vec<WalkStep<'v>>,
    found: &mut Vec<PatternMatch>,
) {
    let Some((step, steps)) = steps.split_first() else { return found.push(pattern_match(trail)) };
    let mut descend = |value: &'v Value, step: WalkStep<'v>| {
        trail.push(step);
        walk(value, steps, trail, found);
        trail.pop();
    };
    match (step, value) {
        (PatternStep::EveryItem, Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                descend(
                    item,
                    WalkStep {
                        step: PointerStep::Index(index),
                        position: index,
                        is_every_item: true,
                    },
                );
            }
        }
        (PatternStep::Child(name), Value::Array(items)) => {
            let found = parse_index(name).and_then(|index| Some((index, items.get(index)?)));
            if let Some((index, item)) = found {
                descend(
                    item,
                    WalkStep {
                        step: PointerStep::Index(index),
                        position: index,
                        is_every_item: false,
                    },
                );
            }
        }
        (PatternStep::Child(name), Value::Object(children)) => {
            let child = children.iter().enumerate().find(|(_, (known, _))| *known == name);
            if let Some((position, (name, value))) = child {
                descend(
                    value,
                    WalkStep {
                        step: PointerStep::Name(name.into()),
                        position,
                        is_every_item: false,
                    },
                );
            }
        }
        (PatternStep::Condition(field, text), Value::Object(children))
            if children.get(&**field).is_some_and(|value| *value == **text) =>
        {
            walk(value, steps, trail, found);
        }
        _ => {}
    }
}

fn pattern_match(trail: &[WalkStep<'_>]) -> PatternMatch {
    let item = trail.iter().rfind(|step| step.is_every_item).map(|step| step.position);
    PatternMatch {
        position: trail.iter().map(|step| step.position).collect(),
        pointer: format_steps(trail.iter().map(|step| &step.step)),
        item_index: item,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_path_is_dotted_or_a_json_pointer() {
        for (path, expected) in [
            ("a", vec!["a"]),
            ("a.b[0].c", vec!["a", "b", "0", "c"]),
            ("a[0][1]", vec!["a", "0", "1"]),
            ("/a/b~1c/0", vec!["a", "b/c", "0"]),
        ] {
            assert_eq!(parse_path(path).unwrap(), expected, "{path}");
        }
        for wrong in ["", ".", "a.", "a[", "a[x]", "a[0]b", "a[-1]", "[0]"] {
            assert_eq!(parse_path(wrong), None, "{wrong}");
        }
    }

    fn expanded(pattern: &str, value: &Value) -> Vec<String> {
        find_matches(pattern, value).into_iter().map(|found| found.pointer).collect()
    }

    #[test]
    fn a_star_stands_for_every_item() {
        let value = json!({"a": [{"b": 1}, {"b": 2}, {"c": 3}], "o": {"p": 4}});
        assert_eq!(expanded("/a/*/b", &value), ["/a/0/b", "/a/1/b"]);
        assert_eq!(expanded("/a/1/b", &value), ["/a/1/b"]);
        for unmatched in ["/x", "/o/*", "/a/3", "/a/01/b", "a", "", "/a/b", "/o/p/q"] {
            assert_eq!(expanded(unmatched, &value), Vec::<String>::new(), "{unmatched}");
        }
    }

    #[test]
    fn a_false_condition_ends_the_match() {
        let value = json!({"kind": "x", "a": [{"type": "n", "b": 1}, {"type": "m", "b": 2}, [3]]});
        assert_eq!(expanded("/a/*/[type=m]/b", &value), ["/a/1/b"]);
        assert_eq!(expanded("/[kind=x]/a/0/b", &value), ["/a/0/b"]);
        assert_eq!(expanded("/[kind=y]/a/0/b", &value), Vec::<String>::new());
    }

    #[test]
    fn a_match_has_its_item_and_its_position() {
        let value = json!({"z": [[0, 1], [2]], "a": 1, "b": {"~/": 2}});
        let of = |pattern: &str| find_matches(pattern, &value);
        let items: Vec<_> = of("/z/*/*").into_iter().map(|found| found.item_index).collect();
        assert_eq!(items, [Some(0), Some(1), Some(0)]);
        assert_eq!(of("/b/~0~1")[0].pointer, "/b/~0~1");
        let mut matches = [of("/b"), of("/b/~0~1"), of("/a"), of("/z/*/0")].concat();
        matches.sort();
        let order: Vec<_> = matches.iter().map(|found| found.pointer.as_str()).collect();
        assert_eq!(order, ["/z/0/0", "/z/1/0", "/a", "/b", "/b/~0~1"]);
    }
}
