//! Whole numbers beyond 2^53 that a double has rounded.

use crate::engine::explain::body_edits::received_body::{Form, ReceivedBody};
use crate::protocols::json::nearest_double;
use crate::protocols::json_layout::{JsonLayout, Kind, Node};

/// The first whole number from which not every one is a double: 2^53.
const LIMIT: u128 = 1 << 53;

/// The maximum number of whole numbers that are tried for one rounded number: enough for 2^61.
const MAX_NUMBERS: u128 = 1030;

/// The maximum number of bytes of all forms.
const MAX_BYTES: usize = 1 << 20;

/// The maximum number of rounded numbers of a body that are restored.
const MAX_ROUNDED: usize = 3;

/// Returns the body with each whole number that would have been rounded to a number in it.
pub(super) fn restored(body: &ReceivedBody<'_>) -> Vec<Form> {
    let Some(layout) = body.layout() else { return Vec::new() };
    let mut forms = Vec::new();
    let limit = MAX_BYTES / (body.len() + 1);
    for node in layout.nodes().iter().filter(|node| is_rounded(layout, node)).take(MAX_ROUNDED) {
        let text = layout.slice(&node.range);
        for number in originals(text).take(limit.saturating_sub(forms.len())) {
            let restored = layout.replace(std::iter::once((&node.range, number.as_str())));
            forms.push((restored.into_bytes(), format!("`{number}` instead of `{text}`")));
        }
    }
    forms
}

/// Returns the first whole number beyond 2^53 that has the spelling of a rounded one.
pub(in crate::engine::explain) fn first_rounded<'b>(body: &'b ReceivedBody<'_>) -> Option<&'b str> {
    let layout = body.layout()?;
    let node = layout.nodes().iter().find(|node| is_rounded(layout, node))?;
    Some(layout.slice(&node.range))
}

/// Returns `true` for a whole number beyond 2^53 that is spelled as JavaScript or as an exact
/// conversion prints the double.
fn is_rounded(layout: &JsonLayout<'_>, node: &Node) -> bool {
    let text = layout.slice(&node.range);
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_long = node.kind == Kind::Number && (16..=20).contains(&digits.len());
    let number = is_long.then(|| digits.parse::<u128>().ok()).flatten();
    number.is_some_and(|number| number >= LIMIT && is_printed_double(digits, number))
}

/// Returns `true` if a number is spelled as libraries print its double.
fn is_printed_double(digits: &str, number: u128) -> bool {
    let double = nearest_double(digits);
    // In the range of 20 digits a double is a whole number.
    let exact = format!("{double:.0}").parse::<u128>();
    exact == Ok(number) || ryu_js::Buffer::new().format_finite(double) == digits
}

/// Returns the other whole numbers with the same double, the nearest ones first.
fn originals(text: &str) -> impl Iterator<Item = String> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let sign = if digits.len() < text.len() { "-" } else { "" };
    let number = digits.parse::<u128>().unwrap_or_default();
    let double = nearest_double(digits);
    let distances = 1..=MAX_NUMBERS / 2;
    let near = distances.flat_map(move |distance| {
        [number.saturating_add(distance), number.saturating_sub(distance)]
    });
    let has_same_double =
        move |near: &u128| nearest_double(&near.to_string()).to_bits() == double.to_bits();
    near.filter(has_same_double).map(move |near| format!("{sign}{near}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::explain::body_edits::received_body::BodyContext;

    fn forms(body: &str) -> Vec<String> {
        let body = ReceivedBody::new(body.as_bytes(), BodyContext::default());
        let forms = restored(&body).into_iter();
        forms.map(|(bytes, _)| String::from_utf8(bytes).unwrap()).collect()
    }

    #[test]
    fn a_rounded_number_is_restored() {
        // Node: JSON.stringify(JSON.parse("[9007199254740993]")) is "[9007199254740992]".
        assert!(forms("[9007199254740992]").contains(&"[9007199254740993]".to_owned()));
        let many = forms("{\"id\":1234567890123456800,\"n\":1}");
        assert!(many.contains(&"{\"id\":1234567890123456789,\"n\":1}".to_owned()));
        assert!(forms("[-9007199254740992]").contains(&"[-9007199254740993]".to_owned()));
    }

    #[test]
    fn other_numbers_are_kept() {
        for body in [
            "[9007199254740991]",
            "[9007199254740993]",
            "[1.5,1e300]",
            "[123456789012345678901234]",
            "x",
        ] {
            assert_eq!(forms(body), [""; 0], "{body}");
        }
    }
}
