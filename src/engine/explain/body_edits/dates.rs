//! Other spellings of a date and time in UTC.

/// The names of UTC.
const ZONES: [&str; 5] = ["Z", "+00:00", "", "+0000", " UTC"];

/// Returns spellings of a date such as `2026-11-28T12:17:35Z`; empty for other text.
///
/// They are in the same order for every date, so that all dates of a body are changed in the same
/// way. Some are the received spelling.
pub(super) fn date_spellings(text: &str) -> Vec<String> {
    let Some((date, separator, time, fraction, zone)) = split(text) else { return Vec::new() };
    let digits = fraction.trim_start_matches('.').trim_end_matches('0');
    let padded = |width: usize| match (digits.len() <= width, width) {
        (false, _) => fraction.to_owned(),
        (true, 0) => String::new(),
        (true, _) => format!(".{digits:0<width$}"),
    };
    let shortest = if digits.is_empty() { String::new() } else { format!(".{digits}") };
    let fractions = [fraction.to_owned(), shortest, padded(3), padded(6)];
    let separators = [separator, if separator == "T" { " " } else { "T" }];
    let mut spellings = Vec::new();
    for separator in separators {
        for zone in std::iter::once(zone).chain(ZONES) {
            for fraction in &fractions {
                spellings.push(format!("{date}{separator}{time}{fraction}{zone}"));
            }
        }
    }
    spellings
}

/// Splits a date into the day, the separator, the time, the fraction with its point, and the zone.
fn split(text: &str) -> Option<(&str, &str, &str, &str, &str)> {
    if text.len() > 40 || !text.is_ascii() {
        return None;
    }
    let has_shape = |part: &str, shape: &str| {
        part.len() == shape.len()
            && part.bytes().zip(shape.bytes()).all(|(byte, expected)| match expected {
                b'0' => byte.is_ascii_digit(),
                _ => byte == expected,
            })
    };
    let (date, separator, time) = (text.get(..10)?, text.get(10..11)?, text.get(11..19)?);
    let is_time = has_shape(date, "0000-00-00")
        && matches!(separator, "T" | " ")
        && has_shape(time, "00:00:00");
    let rest = text.get(19..).filter(|_| is_time)?;
    let fraction_end = match rest.strip_prefix('.') {
        Some(digits) => 1 + digits.bytes().take_while(u8::is_ascii_digit).count(),
        None => 0,
    };
    let (fraction, zone) = rest.split_at(fraction_end);
    (ZONES.contains(&zone) && fraction.len() != 1)
        .then_some((date, separator, time, fraction, zone))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_common_spellings_lead_to_each_other() {
        let common = [
            "2026-11-28T12:17:35Z",
            "2026-11-28T12:17:35.000Z",
            "2026-11-28T12:17:35+00:00",
            "2026-11-28 12:17:35",
            "2026-11-28 12:17:35 UTC",
            "2026-11-28T12:17:35.000000Z",
        ];
        for from in common {
            let spellings = date_spellings(from);
            for to in common.into_iter().filter(|to| *to != from) {
                assert!(spellings.iter().any(|spelling| spelling == to), "{from} {to}");
            }
        }
        let fraction = date_spellings("2026-11-28T12:17:35.5Z");
        assert!(fraction.contains(&"2026-11-28T12:17:35.500Z".to_owned()));
        for text in ["", "2026-11-28", "2026-11-28T12:17:35.Z", "2026-11-28T12:17:35+02:00", "x"] {
            assert!(date_spellings(text).is_empty(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_handled(text: String) {
            let _ = date_spellings(&text);
        }
    }
}
