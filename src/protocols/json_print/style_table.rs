//! The table of styles, in the order in which they are tried.

use crate::protocols::json_print::libraries::{
    GO_MAP, GO_PLAIN, GO_STRUCT, GSON, GSON_PLAIN, JACKSON, JACKSON_BYTES, JACKSON_PRETTY,
    JSON_STRINGIFY, NEWTONSOFT, PHP_ARRAY, PHP_OBJECT, PHP_SLASHES, PHP_SLASHES_UNICODE,
    PHP_UNICODE, PYTHON, PYTHON_COMPACT, PYTHON_UNICODE, RAILS, RUBY, SERDE_JSON, SYSTEM_TEXT_JSON,
    UNSAFE_RELAXED, pretty,
};
use crate::protocols::json_print::style::{EmptyLayout, Keys, Layout, Nulls, Style};

/// All known styles, the most common ones first.
///
/// Two styles may print a value as the same bytes.
pub static STYLES: &[Style] = &[
    JSON_STRINGIFY,
    PYTHON,
    PYTHON_COMPACT,
    Style {
        code: "python-dumps-unicode",
        call: "`json.dumps(data, ensure_ascii=False)`",
        escapes: PYTHON_UNICODE,
        ..PYTHON
    },
    Style {
        code: "python-dumps-compact-unicode",
        call: "`json.dumps(data, separators=(\",\", \":\"), ensure_ascii=False)`",
        escapes: PYTHON_UNICODE,
        ..PYTHON_COMPACT
    },
    PHP_ARRAY,
    Style {
        code: "php-array-slashes",
        call: "`json_encode($array, JSON_UNESCAPED_SLASHES)`",
        escapes: PHP_SLASHES,
        ..PHP_ARRAY
    },
    Style {
        code: "php-array-unicode",
        call: "`json_encode($array, JSON_UNESCAPED_UNICODE)`",
        escapes: PHP_UNICODE,
        ..PHP_ARRAY
    },
    Style {
        code: "php-array-slashes-unicode",
        call: "`json_encode($array, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE)`",
        escapes: PHP_SLASHES_UNICODE,
        ..PHP_ARRAY
    },
    PHP_OBJECT,
    Style {
        code: "php-object-slashes",
        call: "`json_encode($object, JSON_UNESCAPED_SLASHES)`",
        escapes: PHP_SLASHES,
        ..PHP_OBJECT
    },
    Style {
        code: "php-object-unicode",
        call: "`json_encode($object, JSON_UNESCAPED_UNICODE)`",
        escapes: PHP_UNICODE,
        ..PHP_OBJECT
    },
    Style {
        code: "php-object-slashes-unicode",
        call: "`json_encode($object, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE)`",
        escapes: PHP_SLASHES_UNICODE,
        ..PHP_OBJECT
    },
    RUBY,
    Style { code: "ruby-rails", call: "`data.to_json` of Rails", escapes: RAILS, ..RUBY },
    GO_MAP,
    GO_STRUCT,
    Style {
        code: "go-encoder-map",
        call: "`Encoder.Encode(m)` with `SetEscapeHTML(false)`",
        escapes: GO_PLAIN,
        ..GO_MAP
    },
    JACKSON,
    Style {
        code: "java-jackson-bytes",
        call: "`mapper.writeValueAsBytes(node)` of Jackson",
        escapes: JACKSON_BYTES,
        ..JACKSON
    },
    GSON,
    Style {
        code: "java-gson-nulls",
        call: "`gson.toJson(element)` of Gson with `serializeNulls()`",
        nulls: Nulls::Kept,
        ..GSON
    },
    Style {
        code: "java-gson-plain",
        call: "`gson.toJson(element)` of Gson with `disableHtmlEscaping()`",
        escapes: GSON_PLAIN,
        ..GSON
    },
    SYSTEM_TEXT_JSON,
    Style {
        code: "dotnet-system-text-json-relaxed",
        call: "`JsonSerializer.Serialize(element)` with `UnsafeRelaxedJsonEscaping`",
        escapes: UNSAFE_RELAXED,
        ..SYSTEM_TEXT_JSON
    },
    NEWTONSOFT,
    SERDE_JSON,
    Style {
        code: "rust-serde-json-preserve-order",
        call: "`serde_json::to_string(&value)` with `preserve_order`",
        keys: Keys::FirstOccurrence,
        ..SERDE_JSON
    },
    Style {
        code: "python-dumps-sorted",
        call: "`json.dumps(data, sort_keys=True)`",
        keys: Keys::Sorted,
        ..PYTHON
    },
    Style {
        code: "python-dumps-sorted-unicode",
        call: "`json.dumps(data, sort_keys=True, ensure_ascii=False)`",
        keys: Keys::Sorted,
        escapes: PYTHON_UNICODE,
        ..PYTHON
    },
    Style {
        code: "python-dumps-sorted-compact",
        call: "`json.dumps(data, sort_keys=True, separators=(\",\", \":\"))`",
        keys: Keys::Sorted,
        ..PYTHON_COMPACT
    },
    Style {
        code: "python-dumps-sorted-compact-unicode",
        call: "`json.dumps(data, sort_keys=True, separators=(\",\", \":\"), ensure_ascii=False)`",
        keys: Keys::Sorted,
        escapes: PYTHON_UNICODE,
        ..PYTHON_COMPACT
    },
    Style {
        code: "javascript-stringify-indent-2",
        call: "`JSON.stringify(data, null, 2)`",
        layout: pretty("  "),
        ..JSON_STRINGIFY
    },
    Style {
        code: "javascript-stringify-indent-4",
        call: "`JSON.stringify(data, null, 4)`",
        layout: pretty("    "),
        ..JSON_STRINGIFY
    },
    Style {
        code: "javascript-stringify-tab",
        call: "`JSON.stringify(data, null, \"\\t\")`",
        layout: pretty("\t"),
        ..JSON_STRINGIFY
    },
    Style {
        code: "python-dumps-indent-2",
        call: "`json.dumps(data, indent=2)`",
        layout: pretty("  "),
        ..PYTHON
    },
    Style {
        code: "python-dumps-indent-2-unicode",
        call: "`json.dumps(data, indent=2, ensure_ascii=False)`",
        layout: pretty("  "),
        escapes: PYTHON_UNICODE,
        ..PYTHON
    },
    Style {
        code: "python-dumps-indent-4",
        call: "`json.dumps(data, indent=4)`",
        layout: pretty("    "),
        ..PYTHON
    },
    Style {
        code: "python-dumps-indent-4-unicode",
        call: "`json.dumps(data, indent=4, ensure_ascii=False)`",
        layout: pretty("    "),
        escapes: PYTHON_UNICODE,
        ..PYTHON
    },
    Style {
        code: "php-array-pretty",
        call: "`json_encode($array, JSON_PRETTY_PRINT)`",
        layout: pretty("    "),
        ..PHP_ARRAY
    },
    Style {
        code: "php-array-pretty-slashes-unicode",
        call: "`json_encode($array, JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE)`",
        layout: pretty("    "),
        escapes: PHP_SLASHES_UNICODE,
        ..PHP_ARRAY
    },
    Style {
        code: "php-object-pretty",
        call: "`json_encode($object, JSON_PRETTY_PRINT)`",
        layout: pretty("    "),
        ..PHP_OBJECT
    },
    Style {
        code: "php-object-pretty-slashes-unicode",
        call: "`json_encode($object, JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE)`",
        layout: pretty("    "),
        escapes: PHP_SLASHES_UNICODE,
        ..PHP_OBJECT
    },
    Style {
        code: "ruby-pretty-generate",
        call: "`JSON.pretty_generate(data)`",
        layout: pretty("  "),
        ..RUBY
    },
    // json 2.8 closed them: https://github.com/ruby/json/pull/626
    Style {
        code: "ruby-pretty-generate-before-2-8",
        call: "`JSON.pretty_generate(data)` of json 2.7 and older",
        layout: Layout { empty: EmptyLayout::Broken, ..pretty("  ") },
        ..RUBY
    },
    Style {
        code: "go-marshal-map-indent-2",
        call: "`json.MarshalIndent(m, \"\", \"  \")` of a map",
        layout: pretty("  "),
        ..GO_MAP
    },
    Style {
        code: "go-marshal-map-tab",
        call: "`json.MarshalIndent(m, \"\", \"\\t\")` of a map",
        layout: pretty("\t"),
        ..GO_MAP
    },
    Style {
        code: "java-jackson-pretty",
        call: "`mapper.writerWithDefaultPrettyPrinter().writeValueAsString(node)` of Jackson",
        layout: JACKSON_PRETTY,
        ..JACKSON
    },
    Style {
        code: "java-gson-pretty",
        call: "`gson.toJson(element)` of Gson with `setPrettyPrinting()`",
        layout: pretty("  "),
        ..GSON
    },
    Style {
        code: "dotnet-system-text-json-indented",
        call: "`JsonSerializer.Serialize(element)` with `WriteIndented`",
        layout: pretty("  "),
        ..SYSTEM_TEXT_JSON
    },
    Style {
        code: "dotnet-newtonsoft-indented",
        call: "`token.ToString(Formatting.Indented)` of Newtonsoft.Json",
        layout: pretty("  "),
        ..NEWTONSOFT
    },
];
