//! The place of a signature or of a secret in a request: a header, a query parameter or a field.

use crate::domain::message::Message;
use crate::domain::pointer;
use crate::protocols::http1::trim_field_value;
use crate::protocols::json;
use crate::protocols::json::Json;
use crate::protocols::json_style::AS_SAMPLE;
use crate::protocols::json_text::JsonText;
use std::borrow::Cow;
use std::fmt;
use url::form_urlencoded;

/// The place of a signature, or of a secret that is sent as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignaturePlace<'s> {
    /// The header with this name.
    Header(&'s str),
    /// The query parameter with this name.
    Query(&'s str),
    /// The field of the body at this JSON Pointer.
    Field(&'s str),
    /// Nowhere: the scheme adds nothing to a request.
    Nowhere,
}

impl<'s> SignaturePlace<'s> {
    /// Returns the name of the header, if the place is one.
    #[must_use]
    pub fn header(self) -> Option<&'s str> {
        match self {
            Self::Header(name) => Some(name),
            Self::Query(_) | Self::Field(_) | Self::Nowhere => None,
        }
    }

    /// Returns `true` if the place is in the body, whose bytes then depend on the value.
    #[must_use]
    pub fn is_in_body(self) -> bool {
        matches!(self, Self::Field(_))
    }

    /// Returns every value at this place, in the order of the request.
    #[must_use]
    pub fn values(self, message: &Message) -> Vec<Vec<u8>> {
        match self {
            Self::Header(name) => {
                let values = message.headers.get_all(name);
                values.map(|value| trim_field_value(value).to_vec()).collect()
            }
            Self::Query(name) => query_values(&message.target, name),
            Self::Field(pointer) => {
                json::read(&message.body).map_or_else(|_| Vec::new(), |body| fields(&body, pointer))
            }
            Self::Nowhere => Vec::new(),
        }
    }

    /// Returns `true` if the request has a value at this place.
    #[must_use]
    pub fn is_present(self, message: &Message) -> bool {
        match self {
            Self::Header(name) => message.headers.contains(name),
            Self::Query(_) | Self::Field(_) | Self::Nowhere => !self.values(message).is_empty(),
        }
    }

    /// Returns the only value, if it is text.
    #[must_use]
    pub fn text(self, message: &Message) -> Option<String> {
        match self {
            Self::Header(name) => message.headers.get_str(name).map(str::to_owned),
            Self::Query(_) | Self::Field(_) | Self::Nowhere => {
                self.values(message).into_iter().next().and_then(|it| String::from_utf8(it).ok())
            }
        }
    }

    /// Writes a value: replaces the one at this place, or adds it.
    ///
    /// A body that is not a JSON object with the parent of the field stays as it is.
    pub fn write(self, value: &str, message: &mut Message) {
        match self {
            Self::Header(name) if message.headers.contains(name) => {
                message.headers.replace(name, value);
            }
            Self::Header(name) => message.headers.push(name, value),
            Self::Query(name) => {
                let encoded = form_urlencoded::byte_serialize(value.as_bytes()).collect::<String>();
                if !replace_in_query(&mut message.target, name, Some(&encoded)) {
                    let name: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
                    let separator = if message.target.contains('?') { '&' } else { '?' };
                    message.target = format!("{}{separator}{name}={encoded}", message.target);
                }
            }
            Self::Field(pointer) => {
                let literal = serde_json::Value::from(value).to_string();
                if let Some(mut text) = JsonText::read(&message.body)
                    && (text.replace(pointer, &literal) || text.put(pointer, &literal, &AS_SAMPLE))
                {
                    message.body = text.into_bytes().into();
                }
            }
            Self::Nowhere => {}
        }
    }

    /// Removes every value at this place.
    pub fn remove(self, message: &mut Message) {
        match self {
            Self::Header(name) => message.headers.remove(name),
            Self::Query(name) => {
                replace_in_query(&mut message.target, name, None);
            }
            Self::Field(pointer) => {
                if let Some(mut text) = JsonText::read(&message.body)
                    && text.remove(pointer)
                {
                    message.body = text.into_bytes().into();
                }
            }
            Self::Nowhere => {}
        }
    }

    /// Replaces every value at this place.
    pub fn replace_all(self, value: &str, message: &mut Message) {
        match self {
            Self::Header(name) => {
                let headers = message.headers.iter().map(|(known, old)| {
                    let is_same = known.eq_ignore_ascii_case(name);
                    (known.to_owned(), if is_same { value.as_bytes() } else { old }.to_vec())
                });
                message.headers = headers.collect();
            }
            Self::Query(name) => {
                replace_in_query(&mut message.target, name, Some(value));
            }
            Self::Field(pointer) => {
                let literal = serde_json::Value::from(value).to_string();
                if let Some(mut text) = JsonText::read(&message.body)
                    && text.replace(pointer, &literal)
                {
                    message.body = text.into_bytes().into();
                }
            }
            Self::Nowhere => {}
        }
    }

    /// Names the place in Markdown, where `code` marks up a name: "the header `X-Key`".
    #[must_use]
    pub fn describe(self, code: &dyn Fn(&str) -> String) -> String {
        match self {
            Self::Header(name) => format!("the header {}", code(name)),
            Self::Query(name) => format!("the query parameter {}", code(name)),
            Self::Field(pointer) => format!("the body field {}", code(pointer)),
            Self::Nowhere => "no part of the request".to_owned(),
        }
    }
}

impl fmt::Display for SignaturePlace<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.describe(&|name| format!("`{name}`")))
    }
}

/// Returns the decoded values of a query parameter.
fn query_values(target: &str, name: &str) -> Vec<Vec<u8>> {
    let query = query_of(target).unwrap_or_default();
    query.split('&').filter(|pair| decoded_name(pair) == name).map(decoded_value).collect()
}

/// Returns the query of a request target.
fn query_of(target: &str) -> Option<&str> {
    target.split_once('?').map(|(_, query)| query.split('#').next().unwrap_or_default())
}

fn decoded_name(pair: &str) -> Cow<'_, str> {
    let name = pair.split('=').next().unwrap_or_default();
    form_urlencoded::parse(name.as_bytes()).next().map_or(Cow::Borrowed(""), |(name, _)| name)
}

/// Returns the value of a pair as bytes: a receiver may compare bytes that are not UTF-8.
fn decoded_value(pair: &str) -> Vec<u8> {
    let value = pair.split_once('=').map_or("", |(_, value)| value).replace('+', " ");
    percent_encoding::percent_decode_str(&value).collect()
}

/// Replaces every value of a query parameter, or removes it. Returns `false` if there is none.
fn replace_in_query(target: &mut String, name: &str, value: Option<&str>) -> bool {
    let Some(query) = query_of(target) else { return false };
    let mut is_found = false;
    let pairs = query.split('&').filter_map(|pair| {
        if decoded_name(pair) != name {
            return Some(pair.to_owned());
        }
        is_found = true;
        let written = pair.split('=').next().unwrap_or_default();
        value.map(|value| format!("{written}={value}"))
    });
    let pairs = pairs.collect::<Vec<_>>().join("&");
    if is_found {
        let start = target.find('?').unwrap_or(target.len());
        let rest = target.find('#').map(|end| target[end..].to_owned()).unwrap_or_default();
        target.truncate(start);
        let separator = if pairs.is_empty() { "" } else { "?" };
        *target = format!("{target}{separator}{pairs}{rest}");
    }
    is_found
}

/// Returns the strings at a pointer; several if a key on the way to it is repeated. A value that is
/// not a string is empty.
fn fields(body: &Json, pointer: &str) -> Vec<Vec<u8>> {
    let mut found = vec![body];
    for name in pointer::segments(pointer) {
        let children = found.into_iter().flat_map(|value| -> Vec<&Json> {
            if let Some(object) = value.as_object() {
                let same = object.iter().filter(|(key, _)| key.as_str() == Some(&*name));
                return same.map(|(_, value)| value).collect();
            }
            let index = pointer::parse_index(&name);
            let item = value.as_array().and_then(|items| items.get(index?));
            item.into_iter().collect()
        });
        found = children.collect();
    }
    found.into_iter().map(|value| value.as_str().unwrap_or_default().as_bytes().to_vec()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::message::Headers;

    fn message(target: &str, body: &str) -> Message {
        Message::post(target, Headers::from_iter([("X-Key", "a")]), body.to_owned())
    }

    #[test]
    fn a_query_parameter_is_written_and_removed_without_touching_the_others() {
        let place = SignaturePlace::Query("key");
        for (before, written, removed) in [
            ("/h", "/h?key=a+%26%2B", "/h"),
            ("/h?a=%41", "/h?a=%41&key=a+%26%2B", "/h?a=%41"),
            ("/h?key=old&b", "/h?key=a+%26%2B&b", "/h?b"),
            ("/h?k%65y=1", "/h?k%65y=a+%26%2B", "/h"),
        ] {
            let mut message = message(before, "{}");
            place.write("a &+", &mut message);
            assert_eq!(message.target, written);
            assert_eq!(place.values(&message), [b"a &+".to_vec()]);
            place.remove(&mut message);
            assert_eq!(message.target, removed);
        }
    }

    #[test]
    fn a_field_is_written_where_it_is_or_added_and_repetitions_are_found() {
        let place = SignaturePlace::Field("/a~1b/key");
        let mut message = message("/", r#"{"a/b": {"x": 1.50, "key": "old"}}"#);
        place.write("\"é", &mut message);
        assert_eq!(message.body, r#"{"a/b": {"x": 1.50, "key": "\"é"}}"#.as_bytes());
        place.remove(&mut message);
        assert!(!place.is_present(&message));
        place.write("new", &mut message);
        assert_eq!(place.values(&message), [b"new".to_vec()]);
        message.body = r#"{"a/b":{"key":"1"},"a/b":{"key":2,"key":"3"}}"#.into();
        assert_eq!(place.values(&message), [b"1".to_vec(), Vec::new(), b"3".to_vec()]);
        message.body = "not JSON".into();
        place.write("new", &mut message);
        assert_eq!(message.body, "not JSON");
    }

    #[test]
    fn every_value_at_a_place_is_replaced() {
        let mut message = message("/?key=1&a=2&key=3", r#"{"key":"1","key":2}"#);
        message.headers.push("x-key", "b");
        SignaturePlace::Header("X-Key").replace_all("*", &mut message);
        SignaturePlace::Query("key").replace_all("*", &mut message);
        SignaturePlace::Field("/key").replace_all("*", &mut message);
        assert_eq!(message.headers, Headers::from_iter([("X-Key", "*"), ("x-key", "*")]));
        assert_eq!(message.target, "/?key=*&a=2&key=*");
        assert_eq!(message.body, r#"{"key":"*","key":"*"}"#);
    }
}
