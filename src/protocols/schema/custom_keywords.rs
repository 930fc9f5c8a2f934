//! Custom keywords of schemas: limits on the size and the precision of a value.

use jsonschema::{Keyword, ValidationError};
use serde_json::Value;
use std::io;

/// A custom keyword.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CustomKeyword {
    /// The maximum number of bytes of a value as compact JSON in UTF-8: no white space between
    /// values, and only quotes, backslashes and control characters escaped.
    MaxBytes,
    /// The maximum number of decimals of a number, written without an exponent.
    MaxDecimals,
}

impl CustomKeyword {
    /// All custom keywords.
    pub(super) const ALL: [Self; 2] = [Self::MaxBytes, Self::MaxDecimals];

    /// Returns the keyword as written in a schema.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::MaxBytes => "x-max-bytes",
            Self::MaxDecimals => "x-max-decimals",
        }
    }

    /// Returns the limit with this keyword.
    pub(super) fn from_name(keyword: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|limit| limit.name() == keyword)
    }

    /// Measures a value in the unit of this limit.
    pub(super) fn measure(self, value: &Value) -> usize {
        match (self, value) {
            (Self::MaxBytes, value) => compact_length(value),
            (Self::MaxDecimals, Value::Number(number)) => decimals(&number.to_string()),
            (Self::MaxDecimals, _) => 0,
        }
    }

    /// Compiles the keyword for the validator.
    pub(super) fn compile<'a>(
        self,
        max: &'a Value,
    ) -> Result<Box<dyn for<'i> Keyword<'i>>, ValidationError<'a>> {
        let max = max.as_u64().and_then(|max| usize::try_from(max).ok());
        let max = max.ok_or_else(|| ValidationError::custom("expected a whole number"))?;
        Ok(Box::new(CompiledKeyword { keyword: self, max }))
    }
}

/// Returns the number of bytes of a value as compact JSON, without writing it anywhere.
fn compact_length(value: &Value) -> usize {
    struct Length(usize);
    impl io::Write for Length {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut length = Length(0);
    // Writing to memory cannot fail.
    let _ = serde_json::to_writer(&mut length, value);
    length.0
}

/// Counts the digits after the point in a number such as `1.50` or `2.5e-7`.
fn decimals(number: &str) -> usize {
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_end_matches('0');
    if significant.trim_matches(['-', '0']).is_empty() {
        return 0;
    }
    // The digits after the point, minus those that the exponent moves before it and trailing zeros.
    let decimals = i64::try_from(fraction.len()).unwrap_or(i64::MAX);
    let zeros = i64::try_from(digits.len() - significant.len()).unwrap_or_default();
    let exponent = exponent.parse::<i64>().unwrap_or_default();
    usize::try_from(decimals.saturating_sub(exponent).saturating_sub(zeros)).unwrap_or_default()
}

/// A compiled keyword: the limit and its maximum.
struct CompiledKeyword {
    keyword: CustomKeyword,
    max: usize,
}

impl<'i> Keyword<'i> for CompiledKeyword {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        if self.is_valid(instance) {
            return Ok(());
        }
        Err(ValidationError::custom(format!("more than {} are not allowed", self.max)))
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        self.keyword.measure(instance) <= self.max
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn decimals_are_counted_without_an_exponent() {
        for (number, expected) in [
            ("0", 0),
            ("-0.0", 0),
            ("1950", 0),
            ("1.50", 1),
            ("-1.255", 3),
            ("1e-7", 7),
            ("2.5e-7", 8),
            ("2.5e1", 0),
            ("2.5e+20", 0),
            ("120e-1", 0),
            ("125E-2", 2),
            ("0.0e-9", 0),
        ] {
            assert_eq!(decimals(number), expected, "{number}");
        }
    }

    #[test]
    fn bytes_of_compact_json_are_counted() {
        for (value, expected) in
            [(json!({"a": "é"}), 10), (json!(["\n", "/"]), 10), (json!("\u{1f600}"), 6)]
        {
            assert_eq!(CustomKeyword::MaxBytes.measure(&value), expected, "{value}");
        }
    }
}
