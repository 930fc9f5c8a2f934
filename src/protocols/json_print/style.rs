//! What can differ between two libraries.

/// How one library prints JSON, with the arguments that are in common use.
#[derive(Clone, Debug)]
pub struct Style {
    /// The name in kebab case, such as `python-dumps`.
    pub code: &'static str,
    /// The language, or the framework where that prints in its own way.
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

/// The white space.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    /// Between two items.
    pub(super) comma: &'static str,
    /// Between a key and its value.
    pub(super) colon: &'static str,
    /// In front of an item, once for each level; without one, all is on one line.
    pub(super) indent: &'static str,
    pub(super) arrays: Arrays,
    pub(super) empty: Empty,
}

/// Where the elements of an array stand in an indented form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrays {
    /// Each on a line of its own.
    Broken,
    /// All on one line, with a space at both ends.
    Inline,
}

/// What stands between brackets which hold nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Empty {
    /// Nothing.
    Closed,
    /// One space.
    Spaced,
    /// A line feed and the indent, and an empty line before that in an array.
    Broken,
}

/// How characters are escaped. `\` is doubled everywhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct Escapes {
    /// Characters below U+0080 with a short escape: some of `"`, `/`, U+0008 and its like.
    pub(super) short: &'static str,
    /// Characters below U+0080 which are written as `\uXXXX` beside the other controls.
    pub(super) unicode: &'static str,
    pub(super) beyond: Beyond,
    pub(super) lone: Lone,
    pub(super) hex: Hex,
}

/// Which characters from U+0080 on are written as `\uXXXX`, in pairs above U+FFFF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beyond {
    None,
    /// U+2028 and U+2029, which end a line in old JavaScript.
    Lines,
    /// Those and U+0085.
    LinesAndNextLine,
    /// Those above U+FFFF.
    Pairs,
    /// What .NET does not call a defined character of the basic plane.
    Undefined,
    All,
}

/// What becomes of half a surrogate pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lone {
    /// It is escaped.
    Escaped,
    /// It becomes U+FFFD when it is read, or the library refuses it.
    Replaced,
    /// It becomes a question mark when the text is turned into bytes.
    Questioned,
}

/// The case of hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hex {
    Lower,
    Upper,
}

/// The order of the members of an object, and what becomes of a key that is there twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keys {
    /// As written, twice where it was there twice.
    Written,
    /// In the place of the first, with the value of the last.
    Created,
    /// The same, behind the array indices in ascending order.
    IndicesFirst,
    /// In the order of the code points, with the value of the last.
    Sorted,
}

/// What an object is when it is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Objects {
    Objects,
    /// An array where its keys are `0`, `1` and so on in order, or where it has none.
    ListsWhereNumbered,
}

/// What becomes of a member whose value is `null`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nulls {
    Kept,
    Dropped,
}

/// How numbers are read and printed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Numbers {
    /// As written.
    Written,
    /// As numbers of the language.
    Read { integers: Integers, minus_zero: MinusZero, floats: Floats },
}

/// What becomes of a number without a fraction and without an exponent.
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

/// What becomes of `-0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MinusZero {
    Integer,
    Double,
}

/// How a double is printed: its shortest digits, plain or with an exponent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Floats {
    /// The smallest and the greatest power of ten of the first digit without an exponent.
    pub(super) plain: (i32, i32),
    /// The greatest one where there are digits behind the point.
    pub(super) plain_with_fraction: i32,
    /// What ends a whole number without an exponent.
    pub(super) whole: &'static str,
    /// What stands between a single digit and an exponent.
    pub(super) single: &'static str,
    /// What stands in front of an exponent which is not negative, `-` in the place of `+` included.
    pub(super) exponent: &'static str,
    /// What stands in front of the digits of a negative exponent.
    pub(super) negative_exponent: &'static str,
    /// The smallest number of digits of an exponent.
    pub(super) exponent_digits: usize,
    /// A zero with a sign.
    pub(super) minus_zero: &'static str,
    /// What is too great for a double, and the same below zero.
    pub(super) infinite: [&'static str; 2],
    pub(super) digits: Digits,
}

/// Which digits stand for a double.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Digits {
    /// The fewest that come back as the same double, and of those the nearest.
    Shortest,
    /// The same, but never fewer than two.
    TwoAtLeast,
}
