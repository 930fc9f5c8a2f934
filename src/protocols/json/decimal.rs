//! Exact comparison of number literals, in time linear to their length.

use std::iter;

/// The limit for an exponent and for the difference of two.
///
/// The point of a literal shifts its exponent by at most the length of the literal, so literals
/// whose exponents differ by more than this never have equal values.
const MAX_EXPONENT_GAP: i128 = 10_i128.pow(30);

/// A parsed number literal: its digits times a power of ten.
///
/// It borrows from the literal, so `1e999999999` takes eleven bytes and not a gigabyte.
#[derive(Clone, Copy, Debug)]
struct Decimal<'a> {
    negative: bool,
    /// The digits before the point, without leading zeros; also without trailing zeros if there is
    /// no fraction.
    whole: &'a str,
    /// The digits after the point, without trailing zeros; also without leading zeros if `whole` is
    /// empty.
    fraction: &'a str,
    /// The power of ten of the last significant digit, ignoring the exponent part.
    scale: i128,
    exponent: Exponent<'a>,
}

impl<'a> Decimal<'a> {
    fn new(literal: &'a str) -> Self {
        let negative = literal.starts_with('-');
        let unsigned = literal.strip_prefix('-').unwrap_or(literal);
        let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));

        let mut whole = integer.trim_start_matches('0');
        let mut fraction = fraction.trim_end_matches('0');
        let mut scale = -length(fraction);
        if fraction.is_empty() {
            scale = length(whole);
            whole = whole.trim_end_matches('0');
            scale -= length(whole);
        }
        if whole.is_empty() {
            fraction = fraction.trim_start_matches('0');
        }
        Self { negative, whole, fraction, scale, exponent: Exponent::new(exponent) }
    }

    /// Returns the significant digits, none for zero.
    fn digits(self) -> impl Iterator<Item = u8> {
        self.whole.bytes().chain(self.fraction.bytes())
    }

    fn is_zero(self) -> bool {
        self.digits().next().is_none()
    }

    /// Formats the number as `0.DIGITSeEXP`, with no zero after the point.
    fn to_fraction(self) -> String {
        let Self { whole, fraction, scale, exponent, .. } = self;
        let exponent = exponent.clamped() + scale + length(whole) + length(fraction);
        let sign = if self.negative { "-" } else { "" };
        format!("{sign}0.{whole}{fraction}e{exponent}")
    }
}

/// The exponent part of a literal, with any number of digits.
#[derive(Clone, Copy, Debug)]
struct Exponent<'a> {
    sign: i128,
    digits: &'a str,
}

impl<'a> Exponent<'a> {
    fn new(exponent: &'a str) -> Self {
        let sign = if exponent.starts_with('-') { -1 } else { 1 };
        Self { sign, digits: exponent.trim_start_matches(['+', '-']) }
    }

    /// Subtracts `other`, or returns `None` if the difference reaches the limit for exponents.
    fn minus(self, other: Self) -> Option<i128> {
        let width = self.digits.len().max(other.digits.len());
        let mut pairs = self.padded(width).zip(other.padded(width));
        // From the most significant digit: a gap beyond the limit only grows with further digits.
        pairs.try_fold(0, |gap: i128, (left, right)| {
            let gap = gap * 10 + left - right;
            (gap.abs() < MAX_EXPONENT_GAP).then_some(gap)
        })
    }

    /// Returns the value, clamped to the limit for exponents.
    fn clamped(self) -> i128 {
        self.minus(Self::new("0")).unwrap_or(self.sign * MAX_EXPONENT_GAP)
    }

    /// Returns `width` signed digits, padded with leading zeros.
    fn padded(self, width: usize) -> impl Iterator<Item = i128> {
        let zeros = iter::repeat_n(b'0', width.saturating_sub(self.digits.len()));
        zeros.chain(self.digits.bytes()).map(move |byte| self.sign * (i128::from(byte) - 48))
    }
}

/// Returns `true` if two number literals have exactly the same value; zero has no sign.
pub(super) fn same_value(left: &str, right: &str) -> bool {
    let (left, right) = (Decimal::new(left), Decimal::new(right));
    if left.is_zero() || right.is_zero() {
        return left.is_zero() && right.is_zero();
    }
    left.negative == right.negative
        && left.digits().eq(right.digits())
        && left.exponent.minus(right.exponent) == Some(right.scale - left.scale)
}

/// Returns the double nearest to a number literal, or infinity if it is out of range.
///
/// The literal must be a JSON number, as [`read`](super::read) returns it. Any other string gives
/// `NaN`, or the number that Rust parses it as, such as `inf`, `+1` or `.5`.
pub(crate) fn nearest_double(literal: &str) -> f64 {
    // `f64::from_str` does not parse a long exponent completely: 700,000 zeros after the point
    // and `e700001` give zero. A short literal cannot have that many zeros.
    const MAX_SHORT_LENGTH: usize = 1024;
    let double = if literal.len() <= MAX_SHORT_LENGTH {
        literal.parse()
    } else {
        Decimal::new(literal).to_fraction().parse()
    };
    double.unwrap_or(f64::NAN)
}

/// Prints the double nearest to a number literal as ECMAScript does, if it is finite.
///
/// It differs from `{:e}`: if two shortest representations are equally near, as for
/// 2087506051221634.25, Rust ends in `3` and ECMAScript in the even `2`.
fn print_as_double(literal: &str) -> Option<String> {
    let double = nearest_double(literal);
    double.is_finite().then(|| ryu_js::Buffer::new().format_finite(double).to_owned())
}

/// Returns `true` if a number literal keeps its value when parsed as a double and printed again.
///
/// `0.1` does, `9007199254740993` and `1e400` do not.
pub(super) fn round_trips_as_double(literal: &str) -> bool {
    // A double represents every whole number of 15 digits, and most numbers are such.
    let is_short_integer =
        matches!(literal.len(), 1..=15) && literal.bytes().all(|byte| byte.is_ascii_digit());
    is_short_integer
        || print_as_double(literal).is_some_and(|printed| same_value(&printed, literal))
}

fn length(text: &str) -> i128 {
    text.len() as i128
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_may_be_written_differently() {
        let cases: &[&[&str]] = &[
            &["75", "75.0", "7.5e1", "75.00e+00", "750E-1", "0.00075e5", "0.75e002"],
            &["0", "-0", "0.0", "-0.00e99", "0e-99999999999999999999999999999999999999999999"],
            &["-1.05", "-105e-2", "-0.105e1", "-0.00105E+3"],
            &["1e999999999", "10e999999998", "0.001e1000000002", "1.000e+999999999"],
            &["1e-999999999", "10e-1000000000", "0.1e-999999998"],
            &["9007199254740993", "9007199254740.993e3", "90071992547409930e-1"],
            &[
                "1e100000000000000000000000000000000000000000000000000",
                "10e99999999999999999999999999999999999999999999999999",
                "0.01e00100000000000000000000000000000000000000000000000002",
            ],
        ];
        for (left_row, left_literals) in cases.iter().enumerate() {
            for left in *left_literals {
                for (right_row, right_literals) in cases.iter().enumerate() {
                    for right in *right_literals {
                        assert_eq!(
                            same_value(left, right),
                            left_row == right_row,
                            "{left} and {right}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn literals_that_differ_by_one_digit_or_sign_are_not_equal() {
        let cases = [
            ("9007199254740993", "9007199254740992"),
            ("1", "-1"),
            ("1", "10"),
            ("1", "0"),
            ("1.01", "1.001"),
            ("1e5", "1e-5"),
            ("1e400", "1e401"),
            (
                "1e99999999999999999999999999999999999999",
                "1e-99999999999999999999999999999999999999",
            ),
            (
                "1e99999999999999999999999999999999999999",
                "1e99999999999999999999999999999999999998",
            ),
        ];
        for (left, right) in cases {
            assert!(!same_value(left, right), "{left} and {right}");
        }
    }

    #[test]
    fn long_literals_parse_exactly() {
        let zeros = "0".repeat(700_000);
        let cases = [
            (format!("0.{zeros}1e700001"), 1.0),
            (format!("-2.50{zeros}e+1"), -25.0),
            (format!("1{zeros}e-700000"), 1.0),
            (format!("-1{zeros}e-700001"), -0.1),
            (format!("0.{zeros}e700001"), 0.0),
            (format!("1{zeros}"), f64::INFINITY),
            (format!("1e{}", "9".repeat(2000)), f64::INFINITY),
            (format!("-1e{}", "9".repeat(2000)), f64::NEG_INFINITY),
            (format!("1e-{}", "9".repeat(2000)), 0.0),
            (format!("1e{zeros}5"), 1e5),
            (format!("1.{}", "2".repeat(2000)), 11.0 / 9.0),
        ];
        for (literal, double) in cases {
            let (start, length) = (&literal[..10], literal.len());
            assert_eq!(
                nearest_double(&literal).to_bits(),
                double.to_bits(),
                "{start}… of {length}"
            );
        }
    }

    #[test]
    fn a_number_round_trips_if_its_value_is_unchanged() {
        let cases = [
            ("0", true),
            ("-0.0", true),
            ("0.1", true),
            ("2087506051221634.2", true),
            ("2087506051221634.3", false),
            ("75.0", true),
            ("1e23", true),
            ("5e-324", true),
            ("1.7976931348623157e308", true),
            ("9007199254740992", true),
            ("9007199254740993", false),
            ("0.10000000000000001", false),
            ("1180591620717411303424", false),
            ("1e400", false),
            ("-1e400", false),
            ("1e-400", false),
            ("1e999999999999999999999999999999999999999999", false),
        ];
        for (literal, round_trips) in cases {
            assert_eq!(round_trips_as_double(literal), round_trips, "{literal}");
        }
    }

    #[test]
    fn invalid_numbers_do_not_panic() {
        let cases =
            ["", "-", "e", ".", "1e", "é", "1eé", "--1", "1e--5", "1.2.3", "NaN", "inf", "1é.é"];
        for text in cases {
            assert!(!round_trips_as_double(text), "{text}");
            assert!(same_value(text, text), "{text}");
        }
        assert!(nearest_double(&"é".repeat(1000)).is_nan());
    }
}
