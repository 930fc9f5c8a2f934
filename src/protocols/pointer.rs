//! JSON Pointer (RFC 6901) and the dotted paths that users type.

use serde_json::Value;

/// Splits `/a/b~1c` into `a`, `b/c`.
#[must_use]
pub fn segments(pointer: &str) -> Vec<String> {
    pointer.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~")).collect()
}

/// Joins `a`, `b/c` into `/a/b~1c`.
#[must_use]
pub fn join<S: AsRef<str>>(segments: &[S]) -> String {
    segments.iter().flat_map(|part| ["/".to_owned(), escape(part.as_ref())]).collect()
}

/// Writes one segment as a pointer has it.
#[must_use]
pub fn escape(segment: &str) -> String {
    segment.replace('~', "~0").replace('/', "~1")
}

/// Reads `a.b[0].c` or a JSON Pointer into segments; none where it is neither.
#[must_use]
pub fn parse_path(path: &str) -> Option<Vec<String>> {
    if path.starts_with('/') {
        return Some(segments(path));
    }
    let mut found = Vec::new();
    for part in path.split('.') {
        let (name, indices) = part.split_at(part.find('[').unwrap_or(part.len()));
        if name.is_empty() {
            return None;
        }
        found.push(name.to_owned());
        let mut rest = indices;
        while let Some(opened) = rest.strip_prefix('[') {
            let (index, left) = opened.split_once(']')?;
            index.parse::<u32>().ok()?;
            found.push(index.to_owned());
            rest = left;
        }
        if !rest.is_empty() {
            return None;
        }
    }
    Some(found)
}

/// Every place of a value that has a name, as pointers in document order.
#[must_use]
pub fn all(value: &Value) -> Vec<String> {
    fn walk(value: &Value, at: &str, found: &mut Vec<String>) {
        let members: Vec<(String, &Value)> = match value {
            Value::Object(map) => map.iter().map(|(name, value)| (escape(name), value)).collect(),
            Value::Array(items) => {
                items.iter().enumerate().map(|(i, value)| (i.to_string(), value)).collect()
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
        };
        for (name, value) in members {
            let here = format!("{at}/{name}");
            found.push(here.clone());
            walk(value, &here, found);
        }
    }
    let mut found = Vec::new();
    walk(value, "", &mut found);
    found
}

/// A place that a pattern stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Where it stands in the document: comparing two tells which comes first.
    pub position: Vec<usize>,
    /// The same as a pointer.
    pub pointer: String,
    /// Which item of its list it is or lies in: that of the last `*`.
    pub item: Option<usize>,
}

/// One step of a pattern.
enum Step {
    /// Into the member, or the item, of this name.
    Into(String),
    /// Into every item.
    Every,
    /// No further, and only where this member is this text.
    Where(String, String),
}

/// Every place of `value` that `pattern` stands for, in document order.
///
/// A pattern is a JSON Pointer in which `*` stands for every item of a list, and `[member=text]`
/// goes on only from an object that has this text there: `/activities/*/[type=note]/created`.
#[must_use]
pub fn expand(pattern: &str, value: &Value) -> Vec<Place> {
    let step = |segment: String| {
        let inside = segment.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        match (segment.as_str(), inside.and_then(|inside| inside.split_once('='))) {
            ("*", _) => Step::Every,
            (_, Some((member, text))) => Step::Where(member.to_owned(), text.to_owned()),
            _ => Step::Into(segment),
        }
    };
    let steps: Vec<_> = segments(pattern).into_iter().map(step).collect();
    let mut found = Vec::new();
    if pattern.starts_with('/') {
        walk(value, &steps, Place::default(), &mut found);
    }
    found
}

fn walk(value: &Value, steps: &[Step], here: Place, found: &mut Vec<Place>) {
    let Some((step, steps)) = steps.split_first() else { return found.push(here) };
    let into = |name: &str, index: usize, item: Option<usize>| Place {
        position: [here.position.as_slice(), &[index]].concat(),
        pointer: format!("{}/{}", here.pointer, escape(name)),
        item,
    };
    match (step, value) {
        (Step::Every, Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, steps, into(&index.to_string(), index, Some(index)), found);
            }
        }
        (Step::Into(name), Value::Array(items)) => {
            // As in RFC 6901: `01` and `+1` are no index.
            let index = name.parse().ok().filter(|index: &usize| index.to_string() == *name);
            if let Some((index, item)) = index.and_then(|index| Some((index, items.get(index)?))) {
                walk(item, steps, into(name, index, here.item), found);
            }
        }
        (Step::Into(name), Value::Object(members)) => {
            let at = members.iter().position(|(known, _)| known == name);
            if let Some((index, member)) = at.and_then(|at| Some((at, members.get(name)?))) {
                walk(member, steps, into(name, index, here.item), found);
            }
        }
        (Step::Where(member, text), value) if value[member.as_str()] == *text.as_str() => {
            walk(value, steps, here, found);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn paths_have_two_spellings() {
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
        expand(pattern, value).into_iter().map(|place| place.pointer).collect()
    }

    #[test]
    fn a_star_stands_for_every_item() {
        let value = json!({"a": [{"b": 1}, {"b": 2}, {"c": 3}], "o": {"p": 4}});
        assert_eq!(expanded("/a/*/b", &value), ["/a/0/b", "/a/1/b"]);
        assert_eq!(expanded("/a/1/b", &value), ["/a/1/b"]);
        for nowhere in ["/x", "/o/*", "/a/3", "/a/01/b", "a", "", "/a/b", "/o/p/q"] {
            assert_eq!(expanded(nowhere, &value), Vec::<String>::new(), "{nowhere}");
        }
    }

    #[test]
    fn a_condition_goes_no_further_and_stops_where_it_does_not_hold() {
        let value = json!({"kind": "x", "a": [{"type": "n", "b": 1}, {"type": "m", "b": 2}, [3]]});
        assert_eq!(expanded("/a/*/[type=m]/b", &value), ["/a/1/b"]);
        assert_eq!(expanded("/[kind=x]/a/0/b", &value), ["/a/0/b"]);
        assert_eq!(expanded("/[kind=y]/a/0/b", &value), Vec::<String>::new());
    }

    #[test]
    fn a_place_knows_its_item_and_what_comes_before_it() {
        let value = json!({"z": [[0, 1], [2]], "a": 1, "b": {"~/": 2}});
        let of = |pattern: &str| expand(pattern, &value);
        let items: Vec<_> = of("/z/*/*").into_iter().map(|place| place.item).collect();
        assert_eq!(items, [Some(0), Some(1), Some(0)]);
        assert_eq!(of("/b/~0~1")[0].pointer, "/b/~0~1");
        let mut places = [of("/b"), of("/b/~0~1"), of("/a"), of("/z/*/0")].concat();
        places.sort();
        let order: Vec<_> = places.iter().map(|place| place.pointer.as_str()).collect();
        assert_eq!(order, ["/z/0/0", "/z/1/0", "/a", "/b", "/b/~0~1"]);
    }
}
