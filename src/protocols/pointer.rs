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

/// Every pointer that `pattern` stands for in `value`; `*` stands for each item of an array.
#[must_use]
pub fn expand(pattern: &str, value: &Value) -> Vec<String> {
    let wanted = segments(pattern);
    let fits = |pointer: &String| {
        let here = segments(pointer);
        here.len() == wanted.len()
            && here.iter().zip(&wanted).all(|(here, wanted)| wanted == "*" || here == wanted)
    };
    all(value).into_iter().filter(fits).collect()
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

    #[test]
    fn a_star_stands_for_every_item() {
        let value = json!({"a": [{"b": 1}, {"b": 2}, {"c": 3}]});
        assert_eq!(expand("/a/*/b", &value), ["/a/0/b", "/a/1/b"]);
        assert_eq!(expand("/x", &value), Vec::<String>::new());
    }
}
