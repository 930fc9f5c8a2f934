//! Files that list secrets: `.env` files, YAML, JSON, TOML, properties, Kubernetes and Docker.
//!
//! Such a file names no format, and one that is edited by hand often follows none. Instead of
//! parsing each format, every line is read in all the spellings that it may have: a wrong one is a
//! key that verifies nothing.

use crate::protocols::json::{self, Json};
use crate::protocols::schemes::digest::decode_any_base64;
use crate::protocols::secret_text::{
    before_comment, decode_file, json_strings, plain_value, single_dollars, split_assignment,
    strip_quotes, unescape, variable_default,
};

/// The maximum number of values that are returned.
pub const MAX_VALUES: usize = 20_000;

/// The maximum number of values of one line.
const MAX_PER_LINE: usize = 16;

/// The maximum number of quoted strings, and of fields between commas, in one line.
const MAX_PARTS: usize = 6;

/// The maximum number of words of a line whose last word may be the secret.
const MAX_WORDS: usize = 4;

/// The maximum number of characters of a JSON pointer that is kept.
const MAX_POINTER_CHARS: usize = 80;

/// A value of a file that may be a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct ListedSecret {
    /// Its location: `line 3`, or a JSON pointer in backticks.
    pub location: String,
    /// The value, which is never printed.
    pub value: Vec<u8>,
    /// What stands around the value in the file.
    pub surroundings: Surroundings,
}

/// The characters around a value of a file that some loaders keep as part of it, and others remove.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Those that the listed value has, by name in the plural.
    pub kept: Vec<&'static str>,
    /// Those that it lacks.
    pub removed: Vec<&'static str>,
}

/// Returns `true` if a value has the characters of a row of [`AROUND`].
type HasAround = fn(&str) -> bool;

/// The characters around a value, by name.
static AROUND: [(&str, HasAround); 3] = [
    ("quotes", |text| strip_quotes(text.trim()).is_some()),
    ("trailing spaces", |text| {
        let text = text.trim_end_matches('\r');
        text != text.trim_end()
    }),
    ("carriage return", |text| text.ends_with('\r')),
];

impl Surroundings {
    /// Compares a listed value with the text that it was read from. A value that was read in another
    /// way than by removing what is around it has no surroundings.
    fn of(value: &[u8], text: &str) -> Self {
        let inside = |text: &'_ str| {
            let trimmed = text.trim();
            strip_quotes(trimmed).unwrap_or(trimmed).to_owned()
        };
        let mut surroundings = Self::default();
        let Ok(value) = std::str::from_utf8(value) else { return surroundings };
        if inside(value) != inside(text) {
            return surroundings;
        }
        for (name, has) in AROUND.iter().filter(|(_, has)| has(text)) {
            let names = if has(value) { &mut surroundings.kept } else { &mut surroundings.removed };
            names.push(name);
        }
        surroundings
    }
}

/// The values of a file that may be secrets.
#[derive(Clone, Default)]
pub struct SecretList {
    /// The values, in the order of the file.
    pub secrets: Vec<ListedSecret>,
    /// `true` if the file has more than [`MAX_VALUES`].
    pub is_truncated: bool,
}

impl SecretList {
    /// Adds the values of one location that are new there. `text` is what the loader of a file may
    /// take as the value, as it is written.
    fn extend(
        &mut self,
        location: &str,
        text: Option<&str>,
        values: impl IntoIterator<Item = Vec<u8>>,
    ) {
        for value in values {
            if self.secrets.len() >= MAX_VALUES {
                self.is_truncated = true;
                return;
            }
            let recent = self.secrets.iter().rev().take_while(|found| found.location == location);
            if value.is_empty() || recent.take(MAX_PER_LINE).any(|found| found.value == value) {
                continue;
            }
            let surroundings = text.map(|text| Surroundings::of(&value, text)).unwrap_or_default();
            self.secrets.push(ListedSecret { location: location.to_owned(), value, surroundings });
        }
    }
}

/// Returns the values of a file that may be secrets.
#[must_use]
pub fn read(bytes: &[u8]) -> SecretList {
    let (bytes, _) = decode_file(bytes);
    let mut list = SecretList::default();
    let is_document =
        bytes.trim_ascii_start().starts_with(b"{") || bytes.trim_ascii_start().starts_with(b"[");
    if let Some(json) = is_document.then(|| json::read(&bytes).ok()).flatten() {
        add_json(&json, &mut String::new(), false, &mut list);
        // One line of JSON may itself be the secret.
        let line = bytes.trim_ascii();
        if !line.contains(&b'\n') {
            list.extend("line 1", None, [line.to_vec()]);
        }
        return list;
    }
    // The indentation of the `data:` of a Kubernetes Secret, below which values are base64.
    let mut encoded_block: Option<usize> = None;
    for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        if list.is_truncated {
            break;
        }
        let location = format!("line {}", index + 1);
        let Ok(whole) = std::str::from_utf8(line) else {
            list.extend(&location, None, [line.strip_suffix(b"\r").unwrap_or(line).to_vec()]);
            continue;
        };
        let text = whole.strip_suffix('\r').unwrap_or(whole);
        let indentation = text.len() - text.trim_start().len();
        if !text.trim().is_empty() && encoded_block.is_some_and(|block| indentation <= block) {
            encoded_block = None;
        }
        if matches!(text.trim(), "data:" | "binaryData:") {
            encoded_block = Some(indentation);
        }
        let assigned = assigned_text(whole);
        let with_return = assigned.filter(|_| text != whole).map(values_with_return);
        let values = line_values(text, encoded_block.is_some());
        let values = values.into_iter().chain(with_return.into_iter().flatten());
        list.extend(&location, assigned, values);
    }
    list
}

/// Adds every string and number of a JSON document, with its pointer.
fn add_json(json: &Json, pointer: &mut String, is_encoded: bool, list: &mut SecretList) {
    if list.is_truncated {
        return;
    }
    let length = pointer.len();
    match json {
        Json::Text(text) => {
            let Some(text) = text.as_str() else { return };
            let shown: String = pointer.chars().take(MAX_POINTER_CHARS).collect();
            let decoded = is_encoded.then(|| decode_any_base64(text.trim())).flatten();
            let inner = single_dollars(text).map(String::into_bytes);
            // A string may hold another document, as secrets managers keep them, or assignments,
            // as a list of environment variables does.
            let nested = json_strings(text).into_iter().map(String::into_bytes);
            let assigned = split_assignment(text).into_iter().flat_map(|(_, value)| {
                [value, plain_value(value).unwrap_or(value)].map(|value| value.as_bytes().to_vec())
            });
            let verbatim = [text.as_bytes().to_vec(), text.trim().as_bytes().to_vec()];
            let values = verbatim.into_iter().chain(decoded).chain(inner).chain(nested);
            list.extend(&format!("`{shown}`"), None, values.chain(assigned).take(MAX_PER_LINE));
        }
        Json::Number(literal) => {
            let shown: String = pointer.chars().take(MAX_POINTER_CHARS).collect();
            list.extend(&format!("`{shown}`"), None, [literal.clone().into_bytes()]);
        }
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                pointer.push('/');
                pointer.push_str(&index.to_string());
                add_json(item, pointer, is_encoded, list);
                pointer.truncate(length);
            }
        }
        Json::Object(fields) => {
            for (name, value) in fields {
                let name = name.to_string_lossy().replace('~', "~0").replace('/', "~1");
                pointer.push('/');
                pointer.push_str(&name);
                let is_data = is_encoded || matches!(&*name, "data" | "binaryData");
                add_json(value, pointer, is_data, list);
                pointer.truncate(length);
            }
        }
        Json::Null | Json::Bool(_) => {}
    }
}

/// Returns the text after `NAME=`, as it is written, or a line that is no assignment of any format. In
/// other formats, such as YAML and TOML (`name = "value"`), no loader keeps quotes.
fn assigned_text(line: &str) -> Option<&str> {
    if split_assignment(line).is_none() {
        return Some(line);
    }
    let start = line.trim_start();
    let (name, value) = start.strip_prefix("export ").unwrap_or(start).split_once('=')?;
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let is_spaced = name.ends_with(' ');
    let name = name.trim_end();
    let is_toml = is_spaced && strip_quotes(value.trim()).is_some();
    (!name.is_empty() && name.bytes().all(is_name) && !is_toml).then_some(value)
}

/// Returns the values of a text that ends in a carriage return, which some loaders keep: with the
/// quotes around it, and without.
fn values_with_return(text: &str) -> [Vec<u8>; 2] {
    let trimmed = text.trim();
    let inside = strip_quotes(trimmed).unwrap_or(trimmed);
    [text.as_bytes().to_vec(), [inside.as_bytes(), b"\r"].concat()]
}

/// Returns the values that a line may mean, the line itself first.
fn line_values(line: &str, is_encoded: bool) -> Vec<Vec<u8>> {
    let trimmed = line.trim();
    let mut values: Vec<String> = vec![line.to_owned(), trimmed.to_owned()];
    values.extend(trimmed.strip_prefix("- ").map(str::to_owned));
    if let Some((_, value)) = split_assignment(line) {
        let plain = plain_value(value).unwrap_or(value);
        let decoded = is_encoded.then(|| decode_any_base64(plain.trim())).flatten();
        let decoded = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
        values.extend([value.to_owned(), value.trim().to_owned(), plain.to_owned()]);
        values.extend(strip_quotes(plain).map(str::to_owned));
        // A list item in quotes, or `-e "NAME=value"`.
        values.extend(plain.strip_suffix(['"', '\'']).map(str::to_owned));
        values.extend(decoded);
        values.extend(single_dollars(plain));
        values.extend(unescape(plain));
        values.extend(variable_default(plain).map(str::to_owned));
    } else {
        values.extend(strip_quotes(trimmed).map(str::to_owned));
        values.extend(plain_value(trimmed).map(str::to_owned));
        values.extend(before_comment(trimmed).map(str::to_owned));
        values.extend(single_dollars(trimmed));
    }
    values.extend(json_strings(trimmed.trim_end_matches(',')));
    values.extend(quoted_parts(trimmed));
    values.extend(fields(trimmed));
    values.extend(between_tags(trimmed).map(str::to_owned));
    let mut distinct: Vec<String> = Vec::new();
    for value in values {
        if !distinct.contains(&value) && distinct.len() < MAX_PER_LINE {
            distinct.push(value);
        }
    }
    distinct.into_iter().map(String::into_bytes).collect()
}

/// Returns the quoted strings anywhere in a line, such as those of XML attributes and of code. One
/// that is an assignment, as in `- "NAME=value"`, is followed by its value.
fn quoted_parts(line: &str) -> Vec<String> {
    let parts = line.split(['"', '\'']).skip(1).step_by(2).take(MAX_PARTS);
    let both = parts.flat_map(|part| {
        let assigned = split_assignment(part).map(|(_, value)| value.to_owned());
        std::iter::once(part.to_owned()).chain(assigned)
    });
    both.collect()
}

/// Returns the fields between commas, tabs and braces, the last word of a short line, and the values
/// of assignments among its words.
fn fields(line: &str) -> Vec<String> {
    let is_end = |c: char| ",\t{}".contains(c);
    let parts = line.split(is_end).filter(|_| line.contains(is_end)).take(MAX_PARTS);
    let parts = parts.flat_map(|part| {
        let assigned = split_assignment(part).map(|(_, value)| plain_value(value).unwrap_or(value));
        [Some(part.trim()), assigned.map(str::trim)].into_iter().flatten()
    });
    let words = line.split_ascii_whitespace();
    let last = words.clone().last().filter(|_| (2..=MAX_WORDS).contains(&words.count()));
    // An assignment may be one word of a command, as in `docker run -e NAME=value IMAGE`.
    let words = line.split_ascii_whitespace().skip(1).take(MAX_PER_LINE);
    let assigned = words.filter(|word| word.contains('=')).filter_map(split_assignment);
    let assigned = assigned.map(|(_, value)| plain_value(value).unwrap_or(value));
    parts.chain(last).chain(assigned).map(str::to_owned).collect()
}

/// Returns the text of an XML element that fills the line.
fn between_tags(line: &str) -> Option<&str> {
    let (_, rest) = line.strip_prefix('<')?.split_once('>')?;
    Some(rest.rsplit_once("</")?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn locations_of(file: &str, secret: &str) -> Vec<String> {
        let list = read(file.as_bytes());
        let found = list.secrets.iter().filter(|listed| listed.value == secret.as_bytes());
        found.map(|listed| listed.location.clone()).collect()
    }

    #[test]
    fn the_secret_is_found_in_every_spelling() {
        let secret = "s3cret-of-the-shop";
        for file in [
            "A=1\nX=s3cret-of-the-shop\n",
            "A=1\r\nexport X=\"s3cret-of-the-shop\" # the shop\r\n",
            "A: 1\nX: 's3cret-of-the-shop' # the shop\n",
            "x:\n  secret: s3cret-of-the-shop\n",
            "a:\n  - X=s3cret-of-the-shop\n",
            "a:\n  - \"X=s3cret-of-the-shop\"\n",
            "a = 1\nx = \"s3cret-of-the-shop\"\n",
            "\nweb.hook.secret=s3cret-of-the-shop\n",
            "\n  s3cret-of-the-shop  \n",
            "data:\n  secret: czNjcmV0LW9mLXRoZS1zaG9w\n",
            "\n# X=s3cret-of-the-shop\n",
            "\nX=${X:-s3cret-of-the-shop}\n",
            "\n<add key=\"X\" value=\"s3cret-of-the-shop\"/>\n",
            "\n<secret>s3cret-of-the-shop</secret>\n",
            "\nconst secret = 's3cret-of-the-shop';\n",
            "started\n{\"a\":{\"b\":\"s3cret-of-the-shop\"}}\n",
            "\nshop,https://shop.example,s3cret-of-the-shop\n",
            "\nENV X s3cret-of-the-shop\n",
            "\n$env:X = \"s3cret-of-the-shop\"\n",
            "\nhooks: {secret: s3cret-of-the-shop}\n",
            "\npassword s3cret-of-the-shop\n",
            "\nset -x X s3cret-of-the-shop\n",
            "\nsecret = s3cret-of-the-shop ; the shop\n",
            "\nEnvironment=\"X=s3cret-of-the-shop\"\n",
            "\ndefine('SECRET', 's3cret-of-the-shop');\n",
            "\ndocker run -e X=s3cret-of-the-shop image\n",
        ] {
            let found = locations_of(file, secret);
            assert_eq!(found, ["line 2"], "{file}");
        }
        assert_eq!(locations_of("X=a\\$b\n", "a$b"), ["line 1"]);
        assert_eq!(locations_of("X: a$$b\n", "a$b"), ["line 1"]);
    }

    /// Returns what a file has around the secret `s3cret` and the value keeps, and what it lacks.
    fn around(file: &str, value: &str) -> (String, String) {
        let list = read(file.as_bytes());
        let found = list.secrets.iter().find(|listed| listed.value == value.as_bytes());
        let Surroundings { kept, removed } =
            &found.unwrap_or_else(|| panic!("{file}")).surroundings;
        (kept.join(" "), removed.join(" "))
    }

    #[test]
    fn a_value_says_what_it_keeps_of_its_surroundings() {
        for (file, value, kept, removed) in [
            ("A=s3cret\n", "s3cret", "", ""),
            ("A=\"s3cret\"\n", "s3cret", "", "quotes"),
            ("A=\"s3cret\"\n", "\"s3cret\"", "quotes", ""),
            ("export A='s3cret'\n", "s3cret", "", "quotes"),
            ("A=s3cret \n", "s3cret", "", "trailing spaces"),
            ("A = s3cret \n", "s3cret", "", "trailing spaces"),
            ("A=s3cret \n", "s3cret ", "trailing spaces", ""),
            ("A=s3cret\r\n", "s3cret", "", "carriage return"),
            ("A=s3cret\r\n", "s3cret\r", "carriage return", ""),
            ("A=\"s3cret\"\r\n", "s3cret\r", "carriage return", "quotes"),
            ("A=\"s3cret\"\r\n", "\"s3cret\"\r", "quotes carriage return", ""),
            ("s3cret\r\n", "s3cret", "", "carriage return"),
            // Every parser of YAML and TOML removes the quotes.
            ("a: \"s3cret\"\n", "s3cret", "", ""),
            ("a = \"s3cret\"\n", "s3cret", "", ""),
            ("[\"s3cret\"]", "s3cret", "", ""),
        ] {
            let expected = (kept.to_owned(), removed.to_owned());
            assert_eq!(around(file, value), expected, "{file:?} {value:?}");
        }
    }

    #[test]
    fn values_of_json_are_named_by_their_pointer() {
        for (file, pointer) in [
            (r#"{"a":{"b":[1,{"secret":"abc"}]}}"#, "`/a/b/1/secret`"),
            (r#"{"kind":"Secret","data":{"x":"YWJj"}}"#, "`/data/x`"),
            (r#"{"SecretString":"{\"secret\":\"abc\"}"}"#, "`/SecretString`"),
            (r#"[{"environment":["X=abc"]}]"#, "`/0/environment/0`"),
            (r#"{"a/b":"abc"}"#, "`/a~1b`"),
        ] {
            assert_eq!(locations_of(file, "abc"), [pointer], "{file}");
        }
    }

    #[test]
    fn the_number_of_values_is_limited() {
        let list = read("a=b\n".repeat(MAX_VALUES).as_bytes());
        assert_eq!((list.secrets.len(), list.is_truncated), (MAX_VALUES, true));
        assert!(!read(b"a=b\n").is_truncated);
    }
}
