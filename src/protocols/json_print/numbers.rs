//! Serializes numbers in a given style.

use std::fmt;
use std::fmt::Write;

use crate::protocols::json::nearest_double;
use crate::protocols::json_print::style::{Digits, Floats, Integers, MinusZero, Numbers};

/// Writes a number literal after a round trip through the library.
pub(super) fn write_number(out: &mut impl Write, literal: &str, numbers: &Numbers) -> fmt::Result {
    let Numbers::Parsed { integers, minus_zero, floats } = numbers else {
        return out.write_str(literal);
    };
    if literal == "-0" && *minus_zero == MinusZero::Integer {
        return out.write_str("0");
    }
    let is_whole = literal != "-0" && !literal.contains(['.', 'e', 'E']);
    let is_exact = is_whole
        && match integers {
            Integers::Doubles => false,
            Integers::Signed64 => literal.parse::<i64>().is_ok(),
            Integers::Any64 => literal.parse::<i64>().is_ok() || literal.parse::<u64>().is_ok(),
            Integers::Exact => true,
        };
    // JSON has only one spelling of a whole number, so an exact integer prints as its literal.
    if is_exact {
        out.write_str(literal)
    } else {
        write_double(out, nearest_double(literal), floats)
    }
}

fn write_double(out: &mut impl Write, double: f64, floats: &Floats) -> fmt::Result {
    if !double.is_finite() {
        let [positive, negative] = floats.infinities;
        return out.write_str(if double < 0.0 { negative } else { positive });
    }
    if double == 0.0 {
        if double.is_sign_negative() {
            return out.write_str(floats.minus_zero);
        }
        out.write_char('0')?;
        return out.write_str(floats.whole_suffix);
    }
    if double < 0.0 {
        out.write_char('-')?;
    }
    let Decimal { digits, exponent } = shortest_decimal(double.abs(), floats.digits);
    let (min, max) = floats.plain_exponents;
    let has_fraction = count_digits(&digits) > exponent + 1;
    let max = if has_fraction { floats.max_plain_exponent_with_fraction } else { max };
    if (min..=max).contains(&exponent) {
        write_plain(out, &digits, exponent, floats)
    } else {
        write_scientific(out, &digits, exponent, floats)
    }
}

fn write_plain(out: &mut impl Write, digits: &str, exponent: i32, floats: &Floats) -> fmt::Result {
    let Ok(exponent) = usize::try_from(exponent) else {
        out.write_str("0.")?;
        (1..-exponent).try_for_each(|_| out.write_char('0'))?;
        return out.write_str(digits);
    };
    let point = exponent + 1;
    if point < digits.len() {
        let (integer, fraction) = digits.split_at(point);
        return [integer, ".", fraction].into_iter().try_for_each(|part| out.write_str(part));
    }
    out.write_str(digits)?;
    (digits.len()..point).try_for_each(|_| out.write_char('0'))?;
    out.write_str(floats.whole_suffix)
}

fn write_scientific(
    out: &mut impl Write,
    digits: &str,
    exponent: i32,
    floats: &Floats,
) -> fmt::Result {
    let (first, others) = digits.split_at(1);
    out.write_str(first)?;
    if others.is_empty() {
        out.write_str(floats.single_digit_suffix)?;
    } else {
        write!(out, ".{others}")?;
    }
    let is_negative = exponent < 0;
    out.write_str(if is_negative {
        floats.negative_exponent_prefix
    } else {
        floats.exponent_prefix
    })?;
    write!(out, "{:0width$}", exponent.unsigned_abs(), width = floats.min_exponent_digits)
}

/// A positive number: its digits with the point after the first, times a power of ten.
struct Decimal {
    digits: String,
    exponent: i32,
}

/// Returns the shortest digits of a positive double, or at least two of them.
fn shortest_decimal(double: f64, style: Digits) -> Decimal {
    // If two shortest representations are equally near, all libraries choose the even one, like
    // ECMAScript.
    let mut buffer = ryu_js::Buffer::new();
    let printed = buffer.format_finite(double);
    let (mantissa, power) = printed.split_once('e').unwrap_or((printed, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = format!("{whole}{fraction}");
    let digits = all_digits.trim_start_matches('0');
    let power: i32 = power.parse().unwrap_or_default();
    let exponent =
        power + count_digits(whole) - 1 - (count_digits(&all_digits) - count_digits(digits));
    let digits = digits.trim_end_matches('0');
    // Java picks the nearest two digits, which need not be the shortest one followed by a zero.
    if style == Digits::AtLeastTwo && digits.len() == 1 {
        let printed = format!("{double:.1e}");
        let (mantissa, power) = printed.split_once('e').unwrap_or((&printed, "0"));
        let digits = mantissa.replace('.', "");
        return Decimal {
            digits: digits.trim_end_matches('0').to_owned(),
            exponent: power.parse().unwrap_or(exponent),
        };
    }
    Decimal { digits: digits.to_owned(), exponent }
}

/// Counts digits, of which there are at most a few hundred.
fn count_digits(digits: &str) -> i32 {
    i32::try_from(digits.len()).unwrap_or(i32::MAX)
}
