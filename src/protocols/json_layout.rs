//! The byte ranges of the values in a JSON text, to cut them out or replace them exactly as written.

use crate::domain::pointer::{self, PointerStep};
use crate::protocols::json::read_text;
use std::borrow::Cow;
use std::ops::Range;

/// The maximum nesting, as for [`read`](crate::protocols::json::read).
const MAX_DEPTH: usize = crate::protocols::json::MAX_DEPTH;

/// The kind of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Object,
    Array,
    String,
    Number,
    /// `true`, `false` or `null`.
    Literal,
}

/// One value and its position in the text.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    /// The bytes of the value, with the quotes or brackets around it.
    pub(crate) range: Range<usize>,
    /// The bytes of its key with the quotes, if it is a field of an object.
    pub(crate) key: Option<Range<usize>>,
    /// The position among the values of the same parent.
    index: usize,
    /// The parent, by its position among the nodes.
    pub(crate) parent: Option<usize>,
    pub(crate) depth: usize,
    child_count: usize,
}

/// The values of a JSON text in the order in which they begin; the first one is the document.
#[derive(Clone, Debug)]
pub(crate) struct JsonLayout<'t> {
    text: &'t str,
    nodes: Vec<Node>,
}

impl Node {
    /// Returns `true` for an array or an object without content.
    pub(crate) fn is_empty_container(&self) -> bool {
        matches!(self.kind, Kind::Object | Kind::Array) && self.child_count == 0
    }
}

impl<'t> JsonLayout<'t> {
    /// Finds the values of a text, or returns `None` if it is not an object or an array, its
    /// brackets do not match, or it has more than `max_values` values.
    ///
    /// The syntax is checked only as far as the ranges need it: [`read`](crate::protocols::json::read)
    /// is the parser.
    pub(crate) fn read(text: &'t str, max_values: usize) -> Option<Self> {
        let mut scanner = Scanner { text, position: 0, nodes: Vec::new(), open: Vec::new() };
        scanner.skip_white_space();
        if !matches!(scanner.peek()?, b'{' | b'[') {
            return None;
        }
        while scanner.step()? {
            if scanner.nodes.len() > max_values {
                return None;
            }
        }
        Some(Self { text, nodes: scanner.nodes })
    }

    /// Returns the values in the order in which they begin.
    pub(crate) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Returns the bytes in this range.
    pub(crate) fn slice(&self, range: &Range<usize>) -> &'t str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// Returns the key of a value, without an escape.
    pub(crate) fn key(&self, node: &Node) -> Option<&'t str> {
        let quoted = self.slice(node.key.as_ref()?);
        quoted.strip_prefix('"')?.strip_suffix('"').filter(|key| !key.contains('\\'))
    }

    /// Returns the key of a value, decoded, with each lone surrogate replaced.
    pub(crate) fn name(&self, node: &Node) -> Option<Cow<'t, str>> {
        let decoded = || {
            let (name, _) = read_text(self.slice(node.key.as_ref()?))?;
            Some(Cow::Owned(name.into_string_lossy()))
        };
        self.key(node).map(Cow::Borrowed).or_else(decoded)
    }

    /// Returns the values directly in a container, with their positions among the nodes.
    ///
    /// What is inside of them is not visited, only searched past.
    pub(crate) fn children(&self, container: usize) -> impl Iterator<Item = (usize, &Node)> {
        let child = move |position: usize| {
            let node = self.nodes.get(position)?;
            (node.parent == Some(container)).then_some((position, node))
        };
        std::iter::successors(child(container + 1), move |(position, node)| {
            let inside = self.nodes.get(position + 1..)?;
            // The nodes are in the order in which they begin.
            let skipped = match node.child_count {
                0 => 0,
                _ => inside.partition_point(|inner| inner.range.start < node.range.end),
            };
            child(position + 1 + skipped)
        })
    }

    /// Returns the RFC 6901 pointer of a value, or the beginning of a long one.
    pub(crate) fn pointer(&self, node: &Node) -> String {
        let mut steps = Vec::new();
        let mut current = Some(node);
        while let Some(node) = current {
            match (&node.key, node.parent) {
                (_, None) => {}
                (Some(key), _) => {
                    let quoted = self.slice(key);
                    steps.push(PointerStep::Name(Cow::Borrowed(quoted.trim_matches('"'))));
                }
                (None, Some(_)) => steps.push(PointerStep::Index(node.index)),
            }
            current = node.parent.and_then(|parent| self.nodes.get(parent));
        }
        steps.reverse();
        pointer::format_excerpt(&steps)
    }

    /// Returns the text with the bytes of some ranges replaced; the ranges are in ascending order
    /// and do not overlap.
    pub(crate) fn replace<'r>(
        &self,
        replacements: impl Iterator<Item = (&'r Range<usize>, &'r str)>,
    ) -> String {
        let mut result = String::with_capacity(self.text.len() + 64);
        let mut copied = 0;
        for (range, replacement) in replacements {
            result.push_str(self.text.get(copied..range.start).unwrap_or_default());
            result.push_str(replacement);
            copied = range.end;
        }
        result.push_str(self.text.get(copied..).unwrap_or_default());
        result
    }
}

/// A pass over a text that pushes a node for every value.
struct Scanner<'t> {
    text: &'t str,
    position: usize,
    nodes: Vec<Node>,
    /// The containers around the position, each with the key that waits for its value.
    open: Vec<(usize, Option<Range<usize>>)>,
}

impl Scanner<'_> {
    /// Reads one token; returns `false` at the end of the document, `None` at a syntax error.
    fn step(&mut self) -> Option<bool> {
        self.skip_white_space();
        let start = self.position;
        let Some(byte) = self.peek() else {
            return (self.open.is_empty() && !self.nodes.is_empty()).then_some(false);
        };
        // Nothing follows the document.
        if self.open.is_empty() && !self.nodes.is_empty() {
            return None;
        }
        match byte {
            b'{' | b'[' => {
                let kind = if byte == b'{' { Kind::Object } else { Kind::Array };
                self.position += 1;
                self.push(kind, start);
                if self.open.len() >= MAX_DEPTH {
                    return None;
                }
                self.open.push((self.nodes.len() - 1, None));
            }
            b'}' | b']' => {
                let (index, _) = self.open.pop()?;
                self.position += 1;
                self.nodes.get_mut(index)?.range.end = self.position;
            }
            b',' => self.position += 1,
            b'"' => self.string(start)?,
            b'-' | b'0'..=b'9' => {
                self.skip_while(|byte| {
                    byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E')
                });
                self.push(Kind::Number, start);
            }
            b't' | b'f' | b'n' => {
                self.skip_while(|byte| byte.is_ascii_lowercase());
                if !matches!(self.text.get(start..self.position)?, "true" | "false" | "null") {
                    return None;
                }
                self.push(Kind::Literal, start);
            }
            _ => return None,
        }
        Some(true)
    }

    /// Reads a string: a key if a colon follows, else a value.
    fn string(&mut self, start: usize) -> Option<()> {
        let bytes = self.text.as_bytes();
        self.position += 1;
        loop {
            let rest = bytes.get(self.position..)?;
            let special = rest.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
            let is_end = rest.get(special) == Some(&b'"');
            self.position += special + if is_end { 1 } else { 2 };
            if is_end {
                break;
            }
        }
        let end = self.position;
        self.skip_white_space();
        let is_key = self.peek() == Some(b':');
        if is_key {
            let (container, key) = self.open.last_mut()?;
            let is_object = self.nodes.get(*container)?.kind == Kind::Object;
            if !is_object || key.is_some() {
                return None;
            }
            *key = Some(start..end);
            self.position += 1;
        } else {
            self.position = end;
            self.push(Kind::String, start);
        }
        Some(())
    }

    /// Adds a value that begins at `start` and ends at the position.
    fn push(&mut self, kind: Kind, start: usize) {
        let depth = self.open.len();
        let (parent, key) = match self.open.last_mut() {
            Some((parent, key)) => (Some(*parent), key.take()),
            None => (None, None),
        };
        let container = parent.and_then(|parent| self.nodes.get_mut(parent));
        let index = container.map_or(0, |container| {
            container.child_count += 1;
            container.child_count - 1
        });
        let range = start..self.position;
        self.nodes.push(Node { kind, range, key, index, parent, depth, child_count: 0 });
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.position).copied()
    }

    fn skip_white_space(&mut self) {
        self.skip_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'));
    }

    fn skip_while(&mut self, is_skipped: impl Fn(u8) -> bool) {
        while self.peek().is_some_and(&is_skipped) {
            self.position += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::json::arbitrary;
    use crate::protocols::json::read;
    use proptest::prelude::*;

    #[test]
    fn values_are_found_with_their_bytes_and_pointers() {
        let text = " { \"a\" : [1.50, \"x\\\"]\", {} ] ,\"b\":{\"c\":null}}\n";
        let layout = JsonLayout::read(text, 100).unwrap();
        let found: Vec<_> = layout
            .nodes()
            .iter()
            .map(|node| (layout.pointer(node), layout.slice(&node.range), node.depth))
            .collect();
        let expected = [
            ("", text.trim(), 0),
            ("/a", "[1.50, \"x\\\"]\", {} ]", 1),
            ("/a/0", "1.50", 2),
            ("/a/1", "\"x\\\"]\"", 2),
            ("/a/2", "{}", 2),
            ("/b", "{\"c\":null}", 1),
            ("/b/c", "null", 2),
        ];
        let expected = expected.map(|(pointer, text, depth)| (pointer.to_owned(), text, depth));
        assert_eq!(found, expected);
        assert_eq!(layout.key(&layout.nodes()[6]), Some("c"));
        assert!(layout.nodes()[4].is_empty_container());
        assert!(JsonLayout::read(text, 3).is_none());
    }

    #[test]
    fn children_are_visited_and_what_is_inside_of_them_is_not() {
        let text = r#"[[], {"a": [1, {"b": 2}], "\u0061": {}, "\ud800": 3}, "x", [[4], 5]]"#;
        let layout = JsonLayout::read(text, 100).unwrap();
        let children = |container| -> Vec<_> {
            layout.children(container).map(|(_, node)| layout.slice(&node.range)).collect()
        };
        assert_eq!(children(0).len(), 4);
        assert_eq!(children(0)[2..], ["\"x\"", "[[4], 5]"]);
        assert_eq!(children(1), [""; 0]);
        assert_eq!(children(2), [r#"[1, {"b": 2}]"#, "{}", "3"]);
        let names: Vec<_> = layout.children(2).filter_map(|(_, node)| layout.name(node)).collect();
        assert_eq!(names, ["a", "a", "\u{fffd}"]);
        let last = layout.nodes().len() - 1;
        assert_eq!((children(last), children(last + 1)), (Vec::new(), Vec::new()));
    }

    #[test]
    fn malformed_text_has_no_layout() {
        for text in
            ["", "x", "1", "\"a\"", "{", "[}1", "{\"a", "{\"a\\", "{}{}", "[nul]", "[\u{e9}]"]
        {
            assert!(JsonLayout::read(text, 100).is_none(), "{text}");
        }
        assert!(JsonLayout::read(&"[".repeat(1000), 10_000).is_none());
    }

    proptest! {
        #[test]
        fn every_document_has_a_layout(text in arbitrary::text()) {
            let json = read(text.as_bytes()).unwrap();
            let is_container = json.as_object().is_some() || json.as_array().is_some();
            let layout = JsonLayout::read(&text, usize::MAX);
            prop_assert_eq!(layout.is_some(), is_container);
            for node in layout.iter().flat_map(super::JsonLayout::nodes) {
                prop_assert!(read(&text.as_bytes()[node.range.clone()]).is_ok());
            }
            for (container, layout) in layout.iter().flat_map(|it| {
                (0..it.nodes().len()).map(move |container| (container, it))
            }) {
                let found = layout.children(container).map(|(position, _)| position);
                let nodes = layout.nodes().iter().enumerate();
                let expected = nodes.filter(|(_, node)| node.parent == Some(container));
                prop_assert!(found.eq(expected.map(|(position, _)| position)));
            }
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in "[\\[\\]{}\",:\\\\a1 ntfé-]{0,40}") {
            let _ = JsonLayout::read(&text, 50);
        }
    }
}
