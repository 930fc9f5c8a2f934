//! Combinations of white space and escapes that no library has by default.
//!
//! Hand-written serializers, and libraries with options that [`STYLES`](super::STYLES) lacks, print
//! like this. The combinations have no language, so they never explain who printed a body.

use crate::protocols::json_print::libraries::{AS_WRITTEN, COMPACT, PHP_OBJECT, PHP_SLASHES};
use crate::protocols::json_print::style::{Escapes, Layout, NonAscii, Style};

/// A space after each comma and each colon.
const SPACED: Layout = Layout { comma: ", ", colon: ": ", ..COMPACT };

/// A space after each colon.
const COLON_SPACED: Layout = Layout { colon: ": ", ..COMPACT };

/// `\/`, and no other escapes than those of RFC 8259.
const SLASHES: Escapes = Escapes { non_ascii: NonAscii::None, ..PHP_OBJECT.escapes };

const fn layout(code: &'static str, call: &'static str, layout: Layout, escapes: Escapes) -> Style {
    Style { code, call, layout, escapes, ..AS_WRITTEN }
}

/// Every combination, with numbers and keys as written.
pub(crate) static LAYOUTS: &[Style] = &[
    layout("spaced", "a space after `,` and `:`", SPACED, AS_WRITTEN.escapes),
    layout("spaced-ascii", "a space after `,` and `:`, and `\\u` escapes", SPACED, PHP_SLASHES),
    layout("spaced-slashes", "a space after `,` and `:`, and `\\/`", SPACED, SLASHES),
    layout(
        "spaced-ascii-slashes",
        "a space after `,` and `:`, `\\/` and `\\u` escapes",
        SPACED,
        PHP_OBJECT.escapes,
    ),
    layout("compact", "no white space", COMPACT, AS_WRITTEN.escapes),
    layout("compact-ascii", "no white space, and `\\u` escapes", COMPACT, PHP_SLASHES),
    layout("compact-slashes", "no white space, and `\\/`", COMPACT, SLASHES),
    layout(
        "compact-ascii-slashes",
        "no white space, `\\/` and `\\u` escapes",
        COMPACT,
        PHP_OBJECT.escapes,
    ),
    layout("colon", "a space after `:`", COLON_SPACED, AS_WRITTEN.escapes),
    layout("colon-ascii", "a space after `:`, and `\\u` escapes", COLON_SPACED, PHP_SLASHES),
];
