//! Numbers as written, compared by their exact value at the cost of their length.

use std::iter;

/// More than the length of any literal, so more than a point can shift an exponent.
const FAR: i128 = 10_i128.pow(30);

/// A number literal taken apart: its digits times a power of ten.
///
/// It borrows from the literal, so `1e999999999` costs eleven bytes and not a gigabyte.
#[derive(Clone, Copy, Debug)]
struct Decimal<'a> {
    negative: bool,
    /// The digits before the point, without the zeros which say nothing.
    whole: &'a str,
    /// The digits behind the point, without the zeros which say nothing.
    fraction: &'a str,
    /// The power of ten of the last digit, without the exponent.
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

    /// Gives the digits from the first which is not zero to the last: none for zero.
    fn digits(self) -> impl Iterator<Item = u8> {
        self.whole.bytes().chain(self.fraction.bytes())
    }

    fn is_zero(self) -> bool {
        self.digits().next().is_none()
    }

    /// Writes the number with no digit before the point, so that the exponent is its magnitude.
    fn to_fraction(self) -> String {
        let Self { whole, fraction, scale, exponent, .. } = self;
        let magnitude = exponent.clamped() + scale + length(whole) + length(fraction);
        let sign = if self.negative { "-" } else { "" };
        format!("{sign}0.{whole}{fraction}e{magnitude}")
    }
}

/// A power of ten of any length.
#[derive(Clone, Copy, Debug)]
struct Exponent<'a> {
    sign: i128,
    digits: &'a str,
}

impl<'a> Exponent<'a> {
    fn new(written: &'a str) -> Self {
        let sign = if written.starts_with('-') { -1 } else { 1 };
        Self { sign, digits: written.trim_start_matches(['+', '-']) }
    }

    /// Subtracts `other`, or gives nothing where the two are [`FAR`] apart.
    fn minus(self, other: Self) -> Option<i128> {
        let width = self.digits.len().max(other.digits.len());
        let mut pairs = self.padded(width).zip(other.padded(width));
        // From the front: a gap which one digit cannot close only grows with the next.
        pairs.try_fold(0, |gap: i128, (left, right)| {
            let gap = gap * 10 + left - right;
            (gap.abs() < FAR).then_some(gap)
        })
    }

    /// Gives the value, or [`FAR`] with its sign where it is beyond that.
    fn clamped(self) -> i128 {
        self.minus(Self::new("0")).unwrap_or(self.sign * FAR)
    }

    /// Gives the signed digits with zeros in front, `width` in all.
    fn padded(self, width: usize) -> impl Iterator<Item = i128> {
        let zeros = iter::repeat_n(b'0', width.saturating_sub(self.digits.len()));
        zeros.chain(self.digits.bytes()).map(move |byte| self.sign * (i128::from(byte) - 48))
    }
}

/// Says whether two number literals have exactly the same value; a zero has no sign.
pub(super) fn same_value(left: &str, right: &str) -> bool {
    let (left, right) = (Decimal::new(left), Decimal::new(right));
    if left.is_zero() || right.is_zero() {
        return left.is_zero() && right.is_zero();
    }
    left.negative == right.negative
        && left.digits().eq(right.digits())
        && left.exponent.minus(right.exponent) == Some(right.scale - left.scale)
}

/// Gives the double nearest to a number literal, infinite where it is out of range.
///
/// A text which is no number, which [`read`](super::read) never gives, is `NaN`.
pub(crate) fn nearest_double(literal: &str) -> f64 {
    // `f64::from_str` does not read an exponent to its end: 700,000 zeros behind the
    // point and `e700001` give it a zero. So many zeros do not fit into a short literal.
    const SHORT: usize = 1024;
    let double = if literal.len() <= SHORT {
        literal.parse()
    } else {
        Decimal::new(literal).to_fraction().parse()
    };
    double.unwrap_or(f64::NAN)
}

/// Gives what ECMAScript writes for the double nearest to a number literal, if it is finite.
///
/// Not what `{:e}` writes: where two shortest texts are as near, as for 2087506051221634.25,
/// Rust ends in `3` and ECMAScript in the even `2`.
fn through_double(literal: &str) -> Option<String> {
    let double = nearest_double(literal);
    double.is_finite().then(|| ryu_js::Buffer::new().format_finite(double).to_owned())
}

/// Says whether a number literal comes back from a double with the same value.
///
/// `0.1` does, `9007199254740993` and `1e400` do not.
pub(super) fn survives_double(literal: &str) -> bool {
    // A double holds every whole number of 15 digits, and most numbers are such.
    let is_short =
        matches!(literal.len(), 1..=15) && literal.bytes().all(|byte| byte.is_ascii_digit());
    is_short || through_double(literal).is_some_and(|back| same_value(&back, literal))
}

fn length(text: &str) -> i128 {
    text.len() as i128
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_equal_however_they_are_written() {
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
        for (row, class) in cases.iter().enumerate() {
            for left in *class {
                for (other, others) in cases.iter().enumerate() {
                    for right in *others {
                        assert_eq!(same_value(left, right), row == other, "{left} and {right}");
                    }
                }
            }
        }
    }

    #[test]
    fn values_differ_by_one_digit_or_one_sign() {
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
    fn long_literals_reach_the_same_double_as_short_ones() {
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
    fn a_number_survives_a_double_if_its_value_comes_back() {
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
        for (literal, survives) in cases {
            assert_eq!(survives_double(literal), survives, "{literal}");
        }
    }

    #[test]
    fn texts_which_are_no_numbers_do_no_harm() {
        let cases =
            ["", "-", "e", ".", "1e", "é", "1eé", "--1", "1e--5", "1.2.3", "NaN", "inf", "1é.é"];
        for text in cases {
            assert!(!survives_double(text), "{text}");
            assert!(same_value(text, text), "{text}");
        }
        assert!(nearest_double(&"é".repeat(1000)).is_nan());
    }
}
