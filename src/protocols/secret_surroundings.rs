//! What surrounds a secret that was copied from a URL, a document or a chat.

use url::form_urlencoded;

/// The maximum number of values of a URL.
const MAX_VALUES: usize = 8;

/// Returns the values of the query, the password and the last segment of the path of a URL.
pub fn url_values(text: &str) -> impl Iterator<Item = String> + use<> {
    let text = text.trim();
    let query = text.split_once('?').map_or("", |(_, query)| query);
    let bare = if text.contains("://") || text.contains('?') { query } else { text };
    let is_query = bare.contains('=') && (text.contains('&') || text.contains('?'));
    let values = form_urlencoded::parse(if is_query { bare.as_bytes() } else { b"" })
        .take(MAX_VALUES)
        .map(|(_, value)| value.into_owned());
    let values: Vec<_> = values.collect();
    let user_info = text.split_once("://").and_then(|(_, rest)| rest.split_once('@'));
    let user_info = user_info.map(|(info, _)| info).filter(|info| !info.contains('/'));
    let password = user_info.map(|info| info.split_once(':').map_or(info, |(_, after)| after));
    let path = text.split_once("://").map(|(_, rest)| rest.split('?').next().unwrap_or(rest));
    let segment = path.and_then(|path| path.trim_end_matches('/').rsplit_once('/'));
    let other = [password, segment.map(|(_, last)| last)];
    let other: Vec<_> = other.into_iter().flatten().map(str::to_owned).collect();
    values.into_iter().chain(other)
}

/// Returns the text inside of brackets, a tag or punctuation.
pub fn without_punctuation(text: &str) -> impl Iterator<Item = &str> {
    let is_outside = |c: char| "[](){}<>.,;:*|!?~_ \t".contains(c);
    let tag = text.strip_prefix('<').and_then(|rest| {
        let (_, inside) = rest.split_once('>')?;
        Some(inside.rsplit_once("</")?.0.trim())
    });
    let mut characters = text.chars();
    let pair = [('[', ']'), ('(', ')'), ('{', '}'), ('<', '>')];
    let ends = (characters.next(), characters.next_back());
    let inside = pair.into_iter().find(|pair| (Some(pair.0), Some(pair.1)) == ends);
    let inside = inside.map(|_| characters.as_str().trim());
    let trimmed = text.trim_matches(is_outside);
    let end = text.trim_end_matches(is_outside);
    tag.into_iter().chain(inside).chain([end, trimmed])
}

/// Returns the ASCII character that a character looks like.
#[must_use]
pub fn to_ascii(character: char) -> char {
    match character {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{2018}' | '\u{2019}' => '\'',
        '\u{201c}' | '\u{201d}' => '"',
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character)
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn values_of_urls_are_found() {
        for (text, expected) in [
            ("?secret=a%2Bb", ["a+b"].as_slice()),
            ("https://x.example/h?a=1&b=2", &["1", "2", "h"]),
            ("https://user:pass@x.example/", &["pass"]),
            ("a=b", &[]),
        ] {
            assert_eq!(url_values(text).collect::<Vec<_>>(), expected, "{text}");
        }
    }

    #[test]
    fn surroundings_are_removed() {
        for text in ["[abc]", "<abc>", "{abc}", "abc.", "**abc**", "<s>abc</s>", "abc,"] {
            assert!(without_punctuation(text).any(|inside| inside == "abc"), "{text}");
        }
        let text: String = "\u{ff41}\u{2011}b\u{2013}".chars().map(to_ascii).collect();
        assert_eq!(text, "a-b-");
    }

    proptest! {
        #[test]
        fn any_text_is_handled(text in "[a-z<>/?:@&={}. é]{0,30}") {
            let _ = (url_values(&text).count(), without_punctuation(&text).count());
        }
    }
}
