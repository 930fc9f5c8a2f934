//! The differences between JSON libraries, as the options of one printer.

/// The output style of one library, with commonly used arguments.
#[derive(Clone, Debug)]
pub struct Style {
    /// The name in kebab case, such as `python-dumps`.
    pub code: &'static str,
    /// The language, or the framework if that has its own style.
    pub language: &'static str,
    /// The call in backticks, such as `` `json.dumps(data)` ``.
    pub call: &'static str,
    pub(super) layout: Layout,
    pub(super) escapes: Escapes,
    pub(super) keys: Keys,
    pub(super) objects: Objects,
    pub(super) nulls: Nulls,
    pub(super) numbers: Numbers,
}

/// The white space between the tokens.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    /// Between two items.
    pub(super) comma: &'static str,
    /// Between a key and its value.
    pub(super) colon: &'static str,
    /// Before an item, once for each level; if empty, everything is on one line.
    pub(super) indent: &'static str,
    pub(super) arrays: ArrayLayout,
    pub(super) empty: EmptyLayout,
}

/// The layout of arrays in an indented style.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ArrayLayout {
    /// Each element on its own line.
    Broken,
    /// All on one line, with a space at both ends.
    Inline,
}

/// The content of an empty array or object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EmptyLayout {
    /// Nothing.
    Closed,
    /// One space.
    Spaced,
    /// A newline and the indent, with an empty line before that in an array.
    Broken,
}

/// The escapes of strings. `\` is always doubled.
#[derive(Clone, Copy, Debug)]
pub(super) struct Escapes {
    /// Characters below U+0080 with a short escape: some of `"`, `/`, U+0008 and its like.
    pub(super) short: &'static str,
    /// Characters below U+0080 that are written as `\uXXXX`, in addition to the other controls.
    pub(super) unicode: &'static str,
    pub(super) non_ascii: NonAscii,
    pub(super) lone_surrogate: LoneSurrogate,
    pub(super) hex_case: HexCase,
}

/// The characters from U+0080 on that are written as `\uXXXX`, in pairs above U+FFFF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NonAscii {
    /// None of them.
    None,
    /// U+2028 and U+2029, which end a line in old JavaScript.
    Lines,
    /// U+0085, U+2028 and U+2029.
    LineSeparatorsAndNextLine,
    /// Characters above U+FFFF.
    SurrogatePairs,
    /// The characters that .NET escapes even with its relaxed encoder.
    GloballyBlocked,
    /// All of them.
    All,
}

/// The output for a lone surrogate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LoneSurrogate {
    /// It is escaped.
    Escaped,
    /// It becomes U+FFFD when it is parsed, or the library rejects it.
    Replaced,
    /// It becomes a question mark when the string is encoded.
    QuestionMark,
}

/// The case of hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HexCase {
    Lower,
    Upper,
}

/// The order of the fields of an object, and the handling of duplicate keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keys {
    /// As written, including duplicates.
    AsWritten,
    /// At the position of the first occurrence, with the value of the last.
    FirstOccurrence,
    /// Array indices first, in ascending order, then the others as in the variant above.
    IndicesFirst,
    /// In the order of the code points, with the value of the last occurrence.
    Sorted,
}

/// The output for an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Objects {
    /// An object.
    Always,
    /// An array if its keys are `0`, `1` and so on in order, or if it is empty.
    ArraysIfNumbered,
}

/// The handling of fields whose value is `null`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nulls {
    Kept,
    Dropped,
}

/// The parsing and printing of numbers.
#[derive(Clone, Copy, Debug)]
pub(super) enum Numbers {
    /// As written.
    AsWritten,
    /// As numbers of the language.
    Parsed { integers: Integers, minus_zero: MinusZero, floats: Floats },
}

/// The type of a number without a fraction and an exponent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Integers {
    /// A double, like every other number.
    Doubles,
    /// Exact in 64 bits with a sign, a double beyond.
    Signed64,
    /// Exact in 64 bits with or without a sign, a double beyond.
    Any64,
    /// Exact.
    Exact,
}

/// The type of `-0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MinusZero {
    Integer,
    Double,
}

/// The format of a double: its shortest digits, plain or with an exponent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Floats {
    /// The minimum and maximum power of ten of the first digit for the plain format.
    pub(super) plain_exponents: (i32, i32),
    /// The maximum power of ten for the plain format if there are digits after the point.
    pub(super) max_plain_exponent_with_fraction: i32,
    /// The suffix of a whole number without an exponent.
    pub(super) whole_suffix: &'static str,
    /// The string between a single digit and an exponent.
    pub(super) single_digit_suffix: &'static str,
    /// The prefix of an exponent that is not negative, including a sign if there is one.
    pub(super) exponent_prefix: &'static str,
    /// The prefix of the digits of a negative exponent.
    pub(super) negative_exponent_prefix: &'static str,
    /// The minimum number of digits of an exponent.
    pub(super) min_exponent_digits: usize,
    /// The output for negative zero.
    pub(super) minus_zero: &'static str,
    /// The output for positive and negative numbers beyond the range of a double.
    pub(super) infinities: [&'static str; 2],
    pub(super) digits: Digits,
}

/// The digits of a double.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Digits {
    /// The fewest that are parsed as the same double, and of those the nearest.
    Shortest,
    /// At least two: as above, but two digits instead of one.
    AtLeastTwo,
}
