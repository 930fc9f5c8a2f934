//! The default styles of the libraries, verified against recorded output in the tests.

use crate::protocols::json_print::style::{
    ArrayLayout, Digits, EmptyLayout, Escapes, Floats, HexCase, Integers, Keys, Layout,
    LoneSurrogate, MinusZero, NonAscii, Nulls, Numbers, Objects, Style,
};

pub(super) const COMPACT: Layout = Layout {
    comma: ",",
    colon: ":",
    indent: "",
    arrays: ArrayLayout::Broken,
    empty: EmptyLayout::Closed,
};

pub(super) const fn pretty(indent: &'static str) -> Layout {
    Layout {
        comma: ",",
        colon: ": ",
        indent,
        arrays: ArrayLayout::Broken,
        empty: EmptyLayout::Closed,
    }
}

/// Only the escapes of RFC 8259.
pub(super) const PLAIN: Escapes = Escapes {
    short: "\"\u{8}\t\n\u{c}\r",
    unicode: "",
    non_ascii: NonAscii::None,
    lone_surrogate: LoneSurrogate::Replaced,
    hex_case: HexCase::Lower,
};

/// The style of ECMAScript: <https://tc39.es/ecma262/#sec-json.stringify>.
pub(crate) const JSON_STRINGIFY: Style = Style {
    code: "javascript-stringify",
    language: "JavaScript",
    call: "`JSON.stringify(data)`",
    layout: COMPACT,
    escapes: Escapes { lone_surrogate: LoneSurrogate::Escaped, ..PLAIN },
    keys: Keys::IndicesFirst,
    objects: Objects::Always,
    nulls: Nulls::Kept,
    numbers: Numbers::Parsed {
        integers: Integers::Doubles,
        minus_zero: MinusZero::Double,
        floats: ECMASCRIPT,
    },
};

/// The same with every character outside ASCII escaped, as libraries around `JSON.stringify` do for
/// channels that are not safe for UTF-8. No receiver prints like this by default, so it is not in the
/// table of styles that explain a signature.
pub(crate) const JAVASCRIPT_ASCII: Style = Style {
    code: "javascript-ascii",
    call: "`JSON.stringify(data)` with `\\uXXXX` for characters outside ASCII",
    escapes: Escapes { non_ascii: NonAscii::All, ..JSON_STRINGIFY.escapes },
    ..JSON_STRINGIFY
};

/// One line with every number, key and position as written. No library prints like this.
pub(crate) const AS_WRITTEN: Style = Style {
    code: "as-written",
    language: "no library",
    call: "as written, on one line",
    keys: Keys::AsWritten,
    numbers: Numbers::AsWritten,
    ..JSON_STRINGIFY
};

/// The same with one value per line, for people.
#[cfg(feature = "cli")]
pub(crate) const AS_WRITTEN_INDENTED: Style =
    Style { call: "as written, indented", layout: pretty("  "), ..AS_WRITTEN };

/// <https://tc39.es/ecma262/#sec-numeric-types-number-tostring>, and no infinity in JSON.
pub(super) const ECMASCRIPT: Floats = Floats {
    plain_exponents: (-6, 20),
    max_plain_exponent_with_fraction: 20,
    whole_suffix: "",
    single_digit_suffix: "",
    exponent_prefix: "e+",
    negative_exponent_prefix: "e-",
    min_exponent_digits: 1,
    minus_zero: "0",
    infinities: ["null", "null"],
    digits: Digits::Shortest,
};

/// <https://docs.python.org/3/library/json.html#basic-usage>.
pub(crate) const PYTHON: Style = Style {
    code: "python-dumps",
    language: "Python",
    call: "`json.dumps(data)`",
    layout: Layout { comma: ", ", colon: ": ", ..COMPACT },
    escapes: Escapes {
        unicode: "\u{7f}",
        non_ascii: NonAscii::All,
        lone_surrogate: LoneSurrogate::Escaped,
        ..PLAIN
    },
    keys: Keys::FirstOccurrence,
    objects: Objects::Always,
    nulls: Nulls::Kept,
    numbers: Numbers::Parsed {
        integers: Integers::Exact,
        minus_zero: MinusZero::Integer,
        floats: Floats {
            plain_exponents: (-4, 15),
            max_plain_exponent_with_fraction: 15,
            whole_suffix: ".0",
            min_exponent_digits: 2,
            minus_zero: "-0.0",
            infinities: ["Infinity", "-Infinity"],
            ..ECMASCRIPT
        },
    },
};

pub(super) const PYTHON_COMPACT: Style = Style {
    code: "python-dumps-compact",
    call: "`json.dumps(data, separators=(\",\", \":\"))`",
    layout: COMPACT,
    ..PYTHON
};

/// The escapes with `ensure_ascii=False`, under which a lone surrogate cannot be encoded.
pub(super) const PYTHON_UNICODE: Escapes = PLAIN;

/// <https://www.php.net/manual/en/function.json-encode.php>, with the `serialize_precision` of -1
/// that is the default since PHP 7.1.
pub(crate) const PHP_OBJECT: Style = Style {
    code: "php-object",
    language: "PHP",
    call: "`json_encode($object)`",
    layout: COMPACT,
    escapes: Escapes { short: "\"/\u{8}\t\n\u{c}\r", non_ascii: NonAscii::All, ..PLAIN },
    keys: Keys::FirstOccurrence,
    objects: Objects::Always,
    nulls: Nulls::Kept,
    numbers: Numbers::Parsed {
        integers: Integers::Signed64,
        minus_zero: MinusZero::Integer,
        floats: Floats {
            plain_exponents: (-4, 16),
            max_plain_exponent_with_fraction: 16,
            single_digit_suffix: ".0",
            minus_zero: "-0",
            ..ECMASCRIPT
        },
    },
};

/// After `json_decode($text, true)`, which turns objects into arrays.
pub(super) const PHP_ARRAY: Style = Style {
    code: "php-array",
    call: "`json_encode($array)`",
    objects: Objects::ArraysIfNumbered,
    ..PHP_OBJECT
};

pub(super) const PHP_SLASHES: Escapes = Escapes { non_ascii: NonAscii::All, ..PLAIN };

/// `JSON_UNESCAPED_LINE_TERMINATORS` is another flag.
pub(super) const PHP_UNICODE: Escapes =
    Escapes { short: "\"/\u{8}\t\n\u{c}\r", non_ascii: NonAscii::Lines, ..PLAIN };

pub(super) const PHP_SLASHES_UNICODE: Escapes = Escapes { non_ascii: NonAscii::Lines, ..PLAIN };

/// <https://docs.ruby-lang.org/en/3.4/JSON.html>, with the floats of `Float#to_s`.
///
/// From json 2.10 on, those with an exponent have another format, which changed more than once:
/// <https://github.com/ruby/json/blob/master/CHANGES.md>.
pub(super) const RUBY: Style = Style {
    code: "ruby-generate",
    language: "Ruby",
    call: "`JSON.generate(data)`",
    layout: COMPACT,
    escapes: PLAIN,
    keys: Keys::FirstOccurrence,
    objects: Objects::Always,
    nulls: Nulls::Kept,
    numbers: Numbers::Parsed {
        integers: Integers::Exact,
        minus_zero: MinusZero::Integer,
        floats: Floats {
            plain_exponents: (-4, 14),
            max_plain_exponent_with_fraction: 15,
            whole_suffix: ".0",
            single_digit_suffix: ".0",
            min_exponent_digits: 2,
            minus_zero: "-0.0",
            ..ECMASCRIPT
        },
    },
};

/// `escape_html_entities_in_json` is on:
/// <https://api.rubyonrails.org/classes/ActiveSupport/JSON/Encoding.html>.
pub(super) const RAILS: Escapes = Escapes { unicode: "<>&", non_ascii: NonAscii::Lines, ..PLAIN };

/// <https://pkg.go.dev/encoding/json#Marshal>: the keys of a map are sorted, numbers are `float64`.
///
/// U+0008 and U+000C have short escapes since 1.22: <https://go.dev/doc/go1.22#encoding/json>.
pub(super) const GO_MAP: Style = Style {
    code: "go-marshal-map",
    language: "Go",
    call: "`json.Marshal(m)` of a map",
    layout: COMPACT,
    escapes: Escapes { unicode: "<>&", non_ascii: NonAscii::Lines, ..PLAIN },
    keys: Keys::Sorted,
    objects: Objects::Always,
    nulls: Nulls::Kept,
    numbers: Numbers::Parsed {
        integers: Integers::Doubles,
        minus_zero: MinusZero::Double,
        floats: Floats { minus_zero: "-0", ..ECMASCRIPT },
    },
};

/// A struct: fields keep the order of their definition, and those for whole numbers are `int64`.
pub(crate) const GO_STRUCT: Style = Style {
    code: "go-marshal-struct",
    call: "`json.Marshal(s)` of a struct",
    keys: Keys::FirstOccurrence,
    numbers: Numbers::Parsed {
        integers: Integers::Signed64,
        minus_zero: MinusZero::Integer,
        floats: Floats { minus_zero: "-0", ..ECMASCRIPT },
    },
    ..GO_MAP
};

pub(super) const GO_PLAIN: Escapes = Escapes { non_ascii: NonAscii::Lines, ..PLAIN };

/// `writeValueAsString` of a `JsonNode`, with the doubles of Java 19 and later:
/// <https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/lang/Double.html#toString(double)>.
/// Older ones print one digit too many for some.
pub(super) const JACKSON: Style = Style {
    code: "java-jackson",
    language: "Java",
    call: "`mapper.writeValueAsString(node)` of Jackson",
    layout: COMPACT,
    escapes: Escapes {
        lone_surrogate: LoneSurrogate::QuestionMark,
        hex_case: HexCase::Upper,
        ..PLAIN
    },
    keys: Keys::FirstOccurrence,
    objects: Objects::Always,
    nulls: Nulls::Kept,
    numbers: Numbers::Parsed {
        integers: Integers::Exact,
        minus_zero: MinusZero::Integer,
        floats: JAVA,
    },
};

pub(super) const JAVA: Floats = Floats {
    plain_exponents: (-3, 6),
    max_plain_exponent_with_fraction: 6,
    whole_suffix: ".0",
    single_digit_suffix: ".0",
    exponent_prefix: "E",
    negative_exponent_prefix: "E-",
    minus_zero: "-0.0",
    infinities: ["\"Infinity\"", "\"-Infinity\""],
    digits: Digits::AtLeastTwo,
    ..ECMASCRIPT
};

/// The layout of `DefaultPrettyPrinter`.
pub(super) const JACKSON_PRETTY: Layout = Layout {
    comma: ",",
    colon: " : ",
    indent: "  ",
    arrays: ArrayLayout::Inline,
    empty: EmptyLayout::Spaced,
};

/// `writeValueAsBytes` encodes UTF-8 itself, and writes a surrogate pair as two escapes.
pub(super) const JACKSON_BYTES: Escapes = Escapes {
    non_ascii: NonAscii::SurrogatePairs,
    lone_surrogate: LoneSurrogate::Escaped,
    hex_case: HexCase::Upper,
    ..PLAIN
};

/// A `JsonElement`, which keeps numbers as written and drops `null` fields:
/// <https://javadoc.io/doc/com.google.code.gson/gson/latest/com.google.gson/com/google/gson/GsonBuilder.html#disableHtmlEscaping()>.
pub(super) const GSON: Style = Style {
    code: "java-gson",
    language: "Java",
    call: "`gson.toJson(element)` of Gson",
    layout: COMPACT,
    escapes: Escapes { unicode: "<>&='", ..GSON_PLAIN },
    keys: Keys::FirstOccurrence,
    objects: Objects::Always,
    nulls: Nulls::Dropped,
    numbers: Numbers::AsWritten,
};

pub(super) const GSON_PLAIN: Escapes =
    Escapes { non_ascii: NonAscii::Lines, lone_surrogate: LoneSurrogate::QuestionMark, ..PLAIN };

/// By its documentation, not verified: a `JsonDocument` or a `JsonElement`, which keep numbers and
/// even duplicate keys as written. Newlines in indented output are those of Linux;
/// on Windows they are CR LF.
/// <https://learn.microsoft.com/dotnet/standard/serialization/system-text-json/character-encoding>
pub(super) const SYSTEM_TEXT_JSON: Style = Style {
    code: "dotnet-system-text-json",
    language: ".NET",
    call: "`JsonSerializer.Serialize(element)`",
    layout: COMPACT,
    escapes: Escapes {
        short: "\u{8}\t\n\u{c}\r",
        unicode: "\"<>&'+`\u{7f}",
        non_ascii: NonAscii::All,
        lone_surrogate: LoneSurrogate::Replaced,
        hex_case: HexCase::Upper,
    },
    keys: Keys::AsWritten,
    objects: Objects::Always,
    nulls: Nulls::Kept,
    numbers: Numbers::AsWritten,
};

pub(super) const UNSAFE_RELAXED: Escapes = Escapes {
    unicode: "\u{7f}",
    non_ascii: NonAscii::GloballyBlocked,
    hex_case: HexCase::Upper,
    ..PLAIN
};

/// By its documentation, not verified: a `JToken` on .NET Core 3.0 or later, with times kept as
/// strings (`DateParseHandling.None`) and newlines as on Linux.
/// <https://www.newtonsoft.com/json/help/html/P_Newtonsoft_Json_JsonTextWriter_StringEscapeHandling.htm>
pub(super) const NEWTONSOFT: Style = Style {
    code: "dotnet-newtonsoft",
    language: ".NET",
    call: "`token.ToString(Formatting.None)` of Newtonsoft.Json",
    layout: COMPACT,
    escapes: Escapes { non_ascii: NonAscii::LineSeparatorsAndNextLine, ..PLAIN },
    keys: Keys::FirstOccurrence,
    objects: Objects::Always,
    nulls: Nulls::Kept,
    numbers: Numbers::Parsed {
        integers: Integers::Exact,
        minus_zero: MinusZero::Integer,
        floats: Floats {
            plain_exponents: (-4, 14),
            max_plain_exponent_with_fraction: 14,
            whole_suffix: ".0",
            exponent_prefix: "E+",
            negative_exponent_prefix: "E-",
            min_exponent_digits: 2,
            minus_zero: "-0.0",
            infinities: ["\"Infinity\"", "\"-Infinity\""],
            ..ECMASCRIPT
        },
    },
};

/// A `Value`, whose maps are sorted without `preserve_order`:
/// <https://docs.rs/serde_json/latest/serde_json/map/index.html>.
pub(super) const SERDE_JSON: Style = Style {
    code: "rust-serde-json",
    language: "Rust",
    call: "`serde_json::to_string(&value)`",
    layout: COMPACT,
    escapes: PLAIN,
    keys: Keys::Sorted,
    objects: Objects::Always,
    nulls: Nulls::Kept,
    numbers: Numbers::Parsed {
        integers: Integers::Any64,
        minus_zero: MinusZero::Double,
        floats: Floats {
            plain_exponents: (-5, 15),
            max_plain_exponent_with_fraction: 15,
            whole_suffix: ".0",
            minus_zero: "-0.0",
            ..ECMASCRIPT
        },
    },
};
