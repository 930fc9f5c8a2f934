//! Reader for the `.bru` files of Bruno: blocks such as `headers { … }`, one request per file.

use crate::domain::message::{Headers, Message};
use crate::protocols::requests::address;
use crate::protocols::requests::http_text::{Variables, lines};
use crate::protocols::requests::parsed::{ParsedRequest, ReadRequest, ReadResults, with_locations};
use url::form_urlencoded;

/// The blocks that are named after the method.
const METHODS: [&str; 9] =
    ["get", "post", "put", "delete", "patch", "options", "head", "trace", "connect"];

/// The bodies that the file contains as text, by the mode in the block of the method.
const TEXT_BODIES: [(&str, &str); 5] = [
    ("json", "body:json"),
    ("text", "body:text"),
    ("xml", "body:xml"),
    ("sparql", "body:sparql"),
    ("", "body"),
];

/// The maximum number of blocks; a file has about ten.
const MAX_BLOCKS: usize = 1_000;

/// A block: its name and its lines without the indentation.
struct Block<'a> {
    name: &'a str,
    lines: Vec<&'a str>,
}

/// Returns `true` if a text begins with a block of Bruno.
pub(super) fn is_bruno(text: &[u8]) -> bool {
    let first = lines(text).next().unwrap_or_default();
    let first = first.trim_ascii_end();
    let name = first.strip_suffix(b"{").map(<[u8]>::trim_ascii_end);
    name.is_some_and(|name| {
        name == b"meta" || METHODS.iter().any(|method| method.as_bytes() == name)
    })
}

/// Parses the request of a file.
pub(super) fn read(text: &[u8]) -> ReadResults {
    let text = std::str::from_utf8(text).map_err(|_| "it is not UTF-8".to_owned())?;
    Ok(with_locations(vec![read_request(text)]))
}

fn read_request(text: &str) -> ReadRequest {
    let blocks = blocks(text)?;
    let find = |name: &str| blocks.iter().find(|block| block.name == name);
    let method = METHODS.iter().find_map(|method| find(method));
    let method = method.ok_or("expected a block for the method, such as `post { … }`")?;
    let variables = find("vars:pre-request")
        .map_or_else(Variables::default, |block| Variables::new(block.pairs()));
    let mut left = text.len().saturating_mul(8);
    let mut expand = |value: &str| variables.expand(value.as_bytes(), &mut left);
    let url = method.value("url").ok_or("expected the line `url: …`")?;
    let url = String::from_utf8(expand(url)?).map_err(|_| "its URL is not UTF-8".to_owned())?;
    let mut headers = Headers::new();
    for (name, value) in find("headers").into_iter().flat_map(Block::pairs) {
        headers.push(name, expand(value)?);
    }
    if let Some(token) = find("auth:bearer").and_then(|block| block.value("token"))
        && !headers.contains("Authorization")
    {
        headers.push("Authorization", [b"Bearer ".as_slice(), &expand(token)?].concat());
    }
    let body = body(method.value("body").unwrap_or_default(), find)?;
    let (host, target) = address::split_url(&url);
    let mut message = Message {
        method: method.name.to_ascii_uppercase(),
        target,
        http_version: "HTTP/1.1".to_owned(),
        headers,
        body: expand(&body)?.into(),
    };
    address::add_host(&mut message, host);
    Ok(ParsedRequest::from_message(message))
}

/// Returns the body of a mode, such as `json`.
fn body<'a>(mode: &str, find: impl Fn(&str) -> Option<&'a Block<'a>>) -> Result<String, String> {
    let mode = if mode == "none" { "" } else { mode };
    if mode == "form-urlencoded" || mode == "formUrlEncoded" {
        let fields = find("body:form-urlencoded").into_iter().flat_map(Block::pairs);
        return Ok(form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish());
    }
    let known = TEXT_BODIES.iter().find(|(known, _)| *known == mode);
    let (_, block) = known.ok_or_else(|| {
        let mode: String = mode.chars().take(40).collect();
        format!("its body is `{mode}`, expected `json`, `text`, `xml` or `form-urlencoded`")
    })?;
    Ok(find(block).map(|block| block.lines.join("\n")).unwrap_or_default())
}

/// Splits a file into blocks, which end at a `}` without indentation.
fn blocks(text: &str) -> Result<Vec<Block<'_>>, String> {
    let mut blocks = Vec::new();
    let mut open: Option<Block<'_>> = None;
    for line in text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)) {
        match &mut open {
            Some(_) if line.trim_end() == "}" => blocks.extend(open.take()),
            Some(block) => block.lines.push(line.strip_prefix("  ").unwrap_or(line)),
            None => {
                let name = line.trim_end().strip_suffix('{').map(str::trim_end);
                open = name.map(|name| Block { name, lines: Vec::new() });
            }
        }
        if blocks.len() > MAX_BLOCKS {
            return Err(format!("expected at most {MAX_BLOCKS} blocks"));
        }
    }
    match open {
        Some(block) => {
            let name: String = block.name.chars().take(40).collect();
            Err(format!("expected a `}}` at the end of the block `{name}`"))
        }
        None => Ok(blocks),
    }
}

impl<'a> Block<'a> {
    /// Returns the pairs of a block, without those that `~` disables.
    fn pairs(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.lines.iter().filter_map(|line| {
            let (name, value) = line.trim().split_once(':')?;
            (!name.starts_with('~')).then(|| (name.trim().trim_matches('"'), value.trim()))
        })
    }

    fn value(&self, name: &str) -> Option<&'a str> {
        self.pairs().find(|(known, _)| *known == name).map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests;
