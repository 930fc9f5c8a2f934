//! Recorded output of the real libraries, so that the tests run without them.
//!
//! Recorded with Node 20, Python 3.11, PHP 8.2, json 2.6 of Ruby, Active Support 6.1, Go 1.19,
//! Jackson 2.14, Gson 2.10, Java 17 and `serde_json` 1.0. The rows of .NET and of json 2.8 follow
//! their documentation.

use std::collections::BTreeSet;

use crate::protocols::json::read;
use crate::protocols::json_print::{STYLES, print_text};

/// A document with numbers of all kinds.
const NUMBERS: &str = "[0,-0,-0.0,75,75.0,350000.00,1e2,0.1,1E-7,0.00001,0.0001,1e7,1e15,1e16,1e17,1.5e300,5e-324,9007199254740993,18446744073709551616]";

/// A document with characters that libraries escape.
const STRINGS: &str = r#"["\"\\\/\t\u001f\u007f</a>&'+=`","\u0085\u00e9\u2028\u3000\ud83d\ude00"]"#;

/// A document that shows the order of keys, with a duplicate.
const KEYS: &str = r#"{"b":1,"a":2,"10":3,"9":null,"b":4,"😀":5,"￮":6}"#;

/// A document that shows the white space, with objects that PHP may print as lists.
const LAYOUT: &str =
    r#"{"a":[1,[2,{"b":[]}],{}],"list":{"0":{"1":3},"1":null},"other":{"1":0.5,"0":"é/"}}"#;

/// A document, its output, and the styles that print it.
const RECORDED_OUTPUTS: &[(&str, &str, &[&str])] = &[
    (
        NUMBERS,
        "[0,0,0,75,75,350000,100,0.1,1e-7,0.00001,0.0001,10000000,1000000000000000,10000000000000000,100000000000000000,1.5e+300,5e-324,9007199254740992,18446744073709552000]",
        &["javascript-stringify"],
    ),
    (
        NUMBERS,
        "[0, 0, -0.0, 75, 75.0, 350000.0, 100.0, 0.1, 1e-07, 1e-05, 0.0001, 10000000.0, 1000000000000000.0, 1e+16, 1e+17, 1.5e+300, 5e-324, 9007199254740993, 18446744073709551616]",
        &["python-dumps"],
    ),
    (
        NUMBERS,
        "[0,0,-0.0,75,75.0,350000.0,100.0,0.1,1e-07,1e-05,0.0001,10000000.0,1000000000000000.0,1e+16,1e+17,1.5e+300,5e-324,9007199254740993,18446744073709551616]",
        &[
            "python-dumps-compact",
            "python-dumps-compact-unicode",
            "python-dumps-sorted-compact",
            "python-dumps-sorted-compact-unicode",
        ],
    ),
    (
        NUMBERS,
        "[0,0,-0,75,75,350000,100,0.1,1.0e-7,1.0e-5,0.0001,10000000,1000000000000000,10000000000000000,1.0e+17,1.5e+300,5.0e-324,9007199254740993,1.8446744073709552e+19]",
        &[
            "php-array",
            "php-array-slashes",
            "php-array-unicode",
            "php-array-slashes-unicode",
            "php-object",
            "php-object-slashes",
            "php-object-unicode",
            "php-object-slashes-unicode",
        ],
    ),
    (
        NUMBERS,
        "[0,0,-0.0,75,75.0,350000.0,100.0,0.1,1.0e-07,1.0e-05,0.0001,10000000.0,1.0e+15,1.0e+16,1.0e+17,1.5e+300,5.0e-324,9007199254740993,18446744073709551616]",
        &["ruby-generate", "ruby-rails"],
    ),
    (
        NUMBERS,
        "[0,-0,-0,75,75,350000,100,0.1,1e-7,0.00001,0.0001,10000000,1000000000000000,10000000000000000,100000000000000000,1.5e+300,5e-324,9007199254740992,18446744073709552000]",
        &["go-marshal-map", "go-encoder-map"],
    ),
    (
        NUMBERS,
        "[0,0,-0,75,75,350000,100,0.1,1e-7,0.00001,0.0001,10000000,1000000000000000,10000000000000000,100000000000000000,1.5e+300,5e-324,9007199254740993,18446744073709552000]",
        &["go-marshal-struct"],
    ),
    (
        NUMBERS,
        "[0,0,-0.0,75,75.0,350000.0,100.0,0.1,1.0E-7,1.0E-5,1.0E-4,1.0E7,1.0E15,1.0E16,1.0E17,1.5E300,4.9E-324,9007199254740993,18446744073709551616]",
        &["java-jackson", "java-jackson-bytes"],
    ),
    (
        NUMBERS,
        "[0,-0,-0.0,75,75.0,350000.00,1e2,0.1,1E-7,0.00001,0.0001,1e7,1e15,1e16,1e17,1.5e300,5e-324,9007199254740993,18446744073709551616]",
        &[
            "java-gson",
            "java-gson-nulls",
            "java-gson-plain",
            "dotnet-system-text-json",
            "dotnet-system-text-json-relaxed",
        ],
    ),
    (
        NUMBERS,
        "[0,0,-0.0,75,75.0,350000.0,100.0,0.1,1E-07,1E-05,0.0001,10000000.0,1E+15,1E+16,1E+17,1.5E+300,5E-324,9007199254740993,18446744073709551616]",
        &["dotnet-newtonsoft"],
    ),
    (
        NUMBERS,
        "[0,-0.0,-0.0,75,75.0,350000.0,100.0,0.1,1e-7,0.00001,0.0001,10000000.0,1000000000000000.0,1e+16,1e+17,1.5e+300,5e-324,9007199254740993,1.8446744073709552e+19]",
        &["rust-serde-json", "rust-serde-json-preserve-order"],
    ),
    (
        STRINGS,
        "[\"\\\"\\\\/\\t\\u001f\u{7f}</a>&'+=`\",\"\u{85}é\u{2028}\u{3000}😀\"]",
        &[
            "javascript-stringify",
            "python-dumps-compact-unicode",
            "ruby-generate",
            "rust-serde-json",
            "rust-serde-json-preserve-order",
            "python-dumps-sorted-compact-unicode",
        ],
    ),
    (
        STRINGS,
        "[\"\\\"\\\\/\\t\\u001f\\u007f</a>&'+=`\", \"\\u0085\\u00e9\\u2028\\u3000\\ud83d\\ude00\"]",
        &["python-dumps", "python-dumps-sorted"],
    ),
    (
        STRINGS,
        "[\"\\\"\\\\/\\t\\u001f\\u007f</a>&'+=`\",\"\\u0085\\u00e9\\u2028\\u3000\\ud83d\\ude00\"]",
        &["python-dumps-compact", "python-dumps-sorted-compact"],
    ),
    (
        STRINGS,
        "[\"\\\"\\\\/\\t\\u001f\u{7f}</a>&'+=`\", \"\u{85}é\u{2028}\u{3000}😀\"]",
        &["python-dumps-unicode", "python-dumps-sorted-unicode"],
    ),
    (
        STRINGS,
        "[\"\\\"\\\\\\/\\t\\u001f\u{7f}<\\/a>&'+=`\",\"\\u0085\\u00e9\\u2028\\u3000\\ud83d\\ude00\"]",
        &["php-array", "php-object"],
    ),
    (
        STRINGS,
        "[\"\\\"\\\\/\\t\\u001f\u{7f}</a>&'+=`\",\"\\u0085\\u00e9\\u2028\\u3000\\ud83d\\ude00\"]",
        &["php-array-slashes", "php-object-slashes"],
    ),
    (
        STRINGS,
        "[\"\\\"\\\\\\/\\t\\u001f\u{7f}<\\/a>&'+=`\",\"\u{85}é\\u2028\u{3000}😀\"]",
        &["php-array-unicode", "php-object-unicode"],
    ),
    (
        STRINGS,
        "[\"\\\"\\\\/\\t\\u001f\u{7f}</a>&'+=`\",\"\u{85}é\\u2028\u{3000}😀\"]",
        &[
            "php-array-slashes-unicode",
            "php-object-slashes-unicode",
            "go-encoder-map",
            "java-gson-plain",
        ],
    ),
    (
        STRINGS,
        "[\"\\\"\\\\/\\t\\u001f\u{7f}\\u003c/a\\u003e\\u0026'+=`\",\"\u{85}é\\u2028\u{3000}😀\"]",
        &["ruby-rails", "go-marshal-map", "go-marshal-struct"],
    ),
    (
        STRINGS,
        "[\"\\\"\\\\/\\t\\u001F\u{7f}</a>&'+=`\",\"\u{85}é\u{2028}\u{3000}😀\"]",
        &["java-jackson"],
    ),
    (
        STRINGS,
        "[\"\\\"\\\\/\\t\\u001F\u{7f}</a>&'+=`\",\"\u{85}é\u{2028}\u{3000}\\uD83D\\uDE00\"]",
        &["java-jackson-bytes"],
    ),
    (
        STRINGS,
        "[\"\\\"\\\\/\\t\\u001f\u{7f}\\u003c/a\\u003e\\u0026\\u0027+\\u003d`\",\"\u{85}é\\u2028\u{3000}😀\"]",
        &["java-gson", "java-gson-nulls"],
    ),
    (
        STRINGS,
        "[\"\\u0022\\\\/\\t\\u001F\\u007F\\u003C/a\\u003E\\u0026\\u0027\\u002B=\\u0060\",\"\\u0085\\u00E9\\u2028\\u3000\\uD83D\\uDE00\"]",
        &["dotnet-system-text-json"],
    ),
    (
        STRINGS,
        "[\"\\\"\\\\/\\t\\u001F\\u007F</a>&'+=`\",\"\\u0085é\\u2028\\u3000\\uD83D\\uDE00\"]",
        &["dotnet-system-text-json-relaxed"],
    ),
    (
        STRINGS,
        "[\"\\\"\\\\/\\t\\u001f\u{7f}</a>&'+=`\",\"\\u0085é\\u2028\u{3000}😀\"]",
        &["dotnet-newtonsoft"],
    ),
    (
        STRINGS,
        "[ \"\\\"\\\\/\\t\\u001F\u{7f}</a>&'+=`\", \"\u{85}é\u{2028}\u{3000}😀\" ]",
        &["java-jackson-pretty"],
    ),
    (KEYS, "{\"9\":null,\"10\":3,\"b\":4,\"a\":2,\"😀\":5,\"￮\":6}", &["javascript-stringify"]),
    (
        KEYS,
        "{\"b\": 4, \"a\": 2, \"10\": 3, \"9\": null, \"\\ud83d\\ude00\": 5, \"\\uffee\": 6}",
        &["python-dumps"],
    ),
    (
        KEYS,
        "{\"b\":4,\"a\":2,\"10\":3,\"9\":null,\"\\ud83d\\ude00\":5,\"\\uffee\":6}",
        &[
            "python-dumps-compact",
            "php-array",
            "php-array-slashes",
            "php-object",
            "php-object-slashes",
        ],
    ),
    (
        KEYS,
        "{\"b\": 4, \"a\": 2, \"10\": 3, \"9\": null, \"😀\": 5, \"￮\": 6}",
        &["python-dumps-unicode"],
    ),
    (
        KEYS,
        "{\"b\":4,\"a\":2,\"10\":3,\"9\":null,\"😀\":5,\"￮\":6}",
        &[
            "python-dumps-compact-unicode",
            "php-array-unicode",
            "php-array-slashes-unicode",
            "php-object-unicode",
            "php-object-slashes-unicode",
            "ruby-generate",
            "ruby-rails",
            "go-marshal-struct",
            "java-jackson",
            "java-gson-nulls",
            "dotnet-newtonsoft",
            "rust-serde-json-preserve-order",
        ],
    ),
    (
        KEYS,
        "{\"10\":3,\"9\":null,\"a\":2,\"b\":4,\"￮\":6,\"😀\":5}",
        &[
            "go-marshal-map",
            "go-encoder-map",
            "rust-serde-json",
            "python-dumps-sorted-compact-unicode",
        ],
    ),
    (
        KEYS,
        "{\"b\":4,\"a\":2,\"10\":3,\"9\":null,\"\\uD83D\\uDE00\":5,\"￮\":6}",
        &["java-jackson-bytes"],
    ),
    (KEYS, "{\"b\":4,\"a\":2,\"10\":3,\"😀\":5,\"￮\":6}", &["java-gson", "java-gson-plain"]),
    (
        KEYS,
        "{\"b\":1,\"a\":2,\"10\":3,\"9\":null,\"b\":4,\"\\uD83D\\uDE00\":5,\"\\uFFEE\":6}",
        &["dotnet-system-text-json"],
    ),
    (
        KEYS,
        "{\"b\":1,\"a\":2,\"10\":3,\"9\":null,\"b\":4,\"\\uD83D\\uDE00\":5,\"￮\":6}",
        &["dotnet-system-text-json-relaxed"],
    ),
    (
        KEYS,
        "{\"10\": 3, \"9\": null, \"a\": 2, \"b\": 4, \"\\uffee\": 6, \"\\ud83d\\ude00\": 5}",
        &["python-dumps-sorted"],
    ),
    (
        KEYS,
        "{\"10\": 3, \"9\": null, \"a\": 2, \"b\": 4, \"￮\": 6, \"😀\": 5}",
        &["python-dumps-sorted-unicode"],
    ),
    (
        KEYS,
        "{\"10\":3,\"9\":null,\"a\":2,\"b\":4,\"\\uffee\":6,\"\\ud83d\\ude00\":5}",
        &["python-dumps-sorted-compact"],
    ),
    (
        LAYOUT,
        "{\"a\":[1,[2,{\"b\":[]}],{}],\"list\":{\"0\":{\"1\":3},\"1\":null},\"other\":{\"0\":\"é/\",\"1\":0.5}}",
        &[
            "javascript-stringify",
            "go-marshal-map",
            "go-encoder-map",
            "rust-serde-json",
            "python-dumps-sorted-compact-unicode",
        ],
    ),
    (
        LAYOUT,
        "{\"a\": [1, [2, {\"b\": []}], {}], \"list\": {\"0\": {\"1\": 3}, \"1\": null}, \"other\": {\"1\": 0.5, \"0\": \"\\u00e9/\"}}",
        &["python-dumps"],
    ),
    (
        LAYOUT,
        "{\"a\":[1,[2,{\"b\":[]}],{}],\"list\":{\"0\":{\"1\":3},\"1\":null},\"other\":{\"1\":0.5,\"0\":\"\\u00e9/\"}}",
        &["python-dumps-compact", "php-object-slashes"],
    ),
    (
        LAYOUT,
        "{\"a\": [1, [2, {\"b\": []}], {}], \"list\": {\"0\": {\"1\": 3}, \"1\": null}, \"other\": {\"1\": 0.5, \"0\": \"é/\"}}",
        &["python-dumps-unicode"],
    ),
    (
        LAYOUT,
        "{\"a\":[1,[2,{\"b\":[]}],{}],\"list\":{\"0\":{\"1\":3},\"1\":null},\"other\":{\"1\":0.5,\"0\":\"é/\"}}",
        &[
            "python-dumps-compact-unicode",
            "php-object-slashes-unicode",
            "ruby-generate",
            "ruby-rails",
            "go-marshal-struct",
            "java-jackson",
            "java-jackson-bytes",
            "java-gson-nulls",
            "dotnet-system-text-json-relaxed",
            "dotnet-newtonsoft",
            "rust-serde-json-preserve-order",
        ],
    ),
    (
        LAYOUT,
        "{\"a\":[1,[2,{\"b\":[]}],[]],\"list\":[{\"1\":3},null],\"other\":{\"1\":0.5,\"0\":\"\\u00e9\\/\"}}",
        &["php-array"],
    ),
    (
        LAYOUT,
        "{\"a\":[1,[2,{\"b\":[]}],[]],\"list\":[{\"1\":3},null],\"other\":{\"1\":0.5,\"0\":\"\\u00e9/\"}}",
        &["php-array-slashes"],
    ),
    (
        LAYOUT,
        "{\"a\":[1,[2,{\"b\":[]}],[]],\"list\":[{\"1\":3},null],\"other\":{\"1\":0.5,\"0\":\"é\\/\"}}",
        &["php-array-unicode"],
    ),
    (
        LAYOUT,
        "{\"a\":[1,[2,{\"b\":[]}],[]],\"list\":[{\"1\":3},null],\"other\":{\"1\":0.5,\"0\":\"é/\"}}",
        &["php-array-slashes-unicode"],
    ),
    (
        LAYOUT,
        "{\"a\":[1,[2,{\"b\":[]}],{}],\"list\":{\"0\":{\"1\":3},\"1\":null},\"other\":{\"1\":0.5,\"0\":\"\\u00e9\\/\"}}",
        &["php-object"],
    ),
    (
        LAYOUT,
        "{\"a\":[1,[2,{\"b\":[]}],{}],\"list\":{\"0\":{\"1\":3},\"1\":null},\"other\":{\"1\":0.5,\"0\":\"é\\/\"}}",
        &["php-object-unicode"],
    ),
    (
        LAYOUT,
        "{\"a\":[1,[2,{\"b\":[]}],{}],\"list\":{\"0\":{\"1\":3}},\"other\":{\"1\":0.5,\"0\":\"é/\"}}",
        &["java-gson", "java-gson-plain"],
    ),
    (
        LAYOUT,
        "{\"a\":[1,[2,{\"b\":[]}],{}],\"list\":{\"0\":{\"1\":3},\"1\":null},\"other\":{\"1\":0.5,\"0\":\"\\u00E9/\"}}",
        &["dotnet-system-text-json"],
    ),
    (
        LAYOUT,
        "{\"a\": [1, [2, {\"b\": []}], {}], \"list\": {\"0\": {\"1\": 3}, \"1\": null}, \"other\": {\"0\": \"\\u00e9/\", \"1\": 0.5}}",
        &["python-dumps-sorted"],
    ),
    (
        LAYOUT,
        "{\"a\": [1, [2, {\"b\": []}], {}], \"list\": {\"0\": {\"1\": 3}, \"1\": null}, \"other\": {\"0\": \"é/\", \"1\": 0.5}}",
        &["python-dumps-sorted-unicode"],
    ),
    (
        LAYOUT,
        "{\"a\":[1,[2,{\"b\":[]}],{}],\"list\":{\"0\":{\"1\":3},\"1\":null},\"other\":{\"0\":\"\\u00e9/\",\"1\":0.5}}",
        &["python-dumps-sorted-compact"],
    ),
    (
        LAYOUT,
        "{\n  \"a\": [\n    1,\n    [\n      2,\n      {\n        \"b\": []\n      }\n    ],\n    {}\n  ],\n  \"list\": {\n    \"0\": {\n      \"1\": 3\n    },\n    \"1\": null\n  },\n  \"other\": {\n    \"0\": \"é/\",\n    \"1\": 0.5\n  }\n}",
        &["javascript-stringify-indent-2", "go-marshal-map-indent-2"],
    ),
    (
        LAYOUT,
        "{\n    \"a\": [\n        1,\n        [\n            2,\n            {\n                \"b\": []\n            }\n        ],\n        {}\n    ],\n    \"list\": {\n        \"0\": {\n            \"1\": 3\n        },\n        \"1\": null\n    },\n    \"other\": {\n        \"0\": \"é/\",\n        \"1\": 0.5\n    }\n}",
        &["javascript-stringify-indent-4"],
    ),
    (
        LAYOUT,
        "{\n\t\"a\": [\n\t\t1,\n\t\t[\n\t\t\t2,\n\t\t\t{\n\t\t\t\t\"b\": []\n\t\t\t}\n\t\t],\n\t\t{}\n\t],\n\t\"list\": {\n\t\t\"0\": {\n\t\t\t\"1\": 3\n\t\t},\n\t\t\"1\": null\n\t},\n\t\"other\": {\n\t\t\"0\": \"é/\",\n\t\t\"1\": 0.5\n\t}\n}",
        &["javascript-stringify-tab", "go-marshal-map-tab"],
    ),
    (
        LAYOUT,
        "{\n  \"a\": [\n    1,\n    [\n      2,\n      {\n        \"b\": []\n      }\n    ],\n    {}\n  ],\n  \"list\": {\n    \"0\": {\n      \"1\": 3\n    },\n    \"1\": null\n  },\n  \"other\": {\n    \"1\": 0.5,\n    \"0\": \"\\u00e9/\"\n  }\n}",
        &["python-dumps-indent-2"],
    ),
    (
        LAYOUT,
        "{\n  \"a\": [\n    1,\n    [\n      2,\n      {\n        \"b\": []\n      }\n    ],\n    {}\n  ],\n  \"list\": {\n    \"0\": {\n      \"1\": 3\n    },\n    \"1\": null\n  },\n  \"other\": {\n    \"1\": 0.5,\n    \"0\": \"é/\"\n  }\n}",
        &["python-dumps-indent-2-unicode", "ruby-pretty-generate", "dotnet-newtonsoft-indented"],
    ),
    (
        LAYOUT,
        "{\n    \"a\": [\n        1,\n        [\n            2,\n            {\n                \"b\": []\n            }\n        ],\n        {}\n    ],\n    \"list\": {\n        \"0\": {\n            \"1\": 3\n        },\n        \"1\": null\n    },\n    \"other\": {\n        \"1\": 0.5,\n        \"0\": \"\\u00e9/\"\n    }\n}",
        &["python-dumps-indent-4"],
    ),
    (
        LAYOUT,
        "{\n    \"a\": [\n        1,\n        [\n            2,\n            {\n                \"b\": []\n            }\n        ],\n        {}\n    ],\n    \"list\": {\n        \"0\": {\n            \"1\": 3\n        },\n        \"1\": null\n    },\n    \"other\": {\n        \"1\": 0.5,\n        \"0\": \"é/\"\n    }\n}",
        &["python-dumps-indent-4-unicode", "php-object-pretty-slashes-unicode"],
    ),
    (
        LAYOUT,
        "{\n    \"a\": [\n        1,\n        [\n            2,\n            {\n                \"b\": []\n            }\n        ],\n        []\n    ],\n    \"list\": [\n        {\n            \"1\": 3\n        },\n        null\n    ],\n    \"other\": {\n        \"1\": 0.5,\n        \"0\": \"\\u00e9\\/\"\n    }\n}",
        &["php-array-pretty"],
    ),
    (
        LAYOUT,
        "{\n    \"a\": [\n        1,\n        [\n            2,\n            {\n                \"b\": []\n            }\n        ],\n        []\n    ],\n    \"list\": [\n        {\n            \"1\": 3\n        },\n        null\n    ],\n    \"other\": {\n        \"1\": 0.5,\n        \"0\": \"é/\"\n    }\n}",
        &["php-array-pretty-slashes-unicode"],
    ),
    (
        LAYOUT,
        "{\n    \"a\": [\n        1,\n        [\n            2,\n            {\n                \"b\": []\n            }\n        ],\n        {}\n    ],\n    \"list\": {\n        \"0\": {\n            \"1\": 3\n        },\n        \"1\": null\n    },\n    \"other\": {\n        \"1\": 0.5,\n        \"0\": \"\\u00e9\\/\"\n    }\n}",
        &["php-object-pretty"],
    ),
    (
        LAYOUT,
        "{\n  \"a\": [\n    1,\n    [\n      2,\n      {\n        \"b\": [\n\n        ]\n      }\n    ],\n    {\n    }\n  ],\n  \"list\": {\n    \"0\": {\n      \"1\": 3\n    },\n    \"1\": null\n  },\n  \"other\": {\n    \"1\": 0.5,\n    \"0\": \"é/\"\n  }\n}",
        &["ruby-pretty-generate-before-2-8"],
    ),
    (
        LAYOUT,
        "{\n  \"a\" : [ 1, [ 2, {\n    \"b\" : [ ]\n  } ], { } ],\n  \"list\" : {\n    \"0\" : {\n      \"1\" : 3\n    },\n    \"1\" : null\n  },\n  \"other\" : {\n    \"1\" : 0.5,\n    \"0\" : \"é/\"\n  }\n}",
        &["java-jackson-pretty"],
    ),
    (
        LAYOUT,
        "{\n  \"a\": [\n    1,\n    [\n      2,\n      {\n        \"b\": []\n      }\n    ],\n    {}\n  ],\n  \"list\": {\n    \"0\": {\n      \"1\": 3\n    }\n  },\n  \"other\": {\n    \"1\": 0.5,\n    \"0\": \"é/\"\n  }\n}",
        &["java-gson-pretty"],
    ),
    (
        LAYOUT,
        "{\n  \"a\": [\n    1,\n    [\n      2,\n      {\n        \"b\": []\n      }\n    ],\n    {}\n  ],\n  \"list\": {\n    \"0\": {\n      \"1\": 3\n    },\n    \"1\": null\n  },\n  \"other\": {\n    \"1\": 0.5,\n    \"0\": \"\\u00E9/\"\n  }\n}",
        &["dotnet-system-text-json-indented"],
    ),
];

#[test]
fn each_style_prints_the_recorded_output_of_its_library() {
    for (document, expected, codes) in RECORDED_OUTPUTS {
        let json = read(document.as_bytes()).unwrap();
        for code in *codes {
            let style = STYLES.iter().find(|style| style.code == *code);
            let style = style.unwrap_or_else(|| panic!("no style `{code}`"));
            assert_eq!(print_text(&json, style), *expected, "{code}");
        }
    }
}

#[test]
fn every_style_has_recorded_output() {
    let all: BTreeSet<_> = STYLES.iter().map(|style| style.code).collect();
    let recorded = RECORDED_OUTPUTS.iter().filter(|(document, ..)| *document == LAYOUT);
    let codes: BTreeSet<_> = recorded.flat_map(|(.., codes)| codes.iter().copied()).collect();
    assert_eq!(codes, all);
}
