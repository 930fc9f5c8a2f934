"""Values that a framework, a model or a database has changed; the payload is not looked at."""

import json

from .requests import realgeeks
from .requests import stringify
from .row import fails
from .row import row


def seen(name, fault, signed, body, *codes, says=()):
    """A body whose values were others when it was signed."""
    return row(
        f"values/{name}.json",
        fault,
        realgeeks("user_updated", body, signed=signed),
        fails(*codes, payload="unchecked", says=says),
        args=("--no-payload",),
    )


def rows():
    """Every row of this file."""
    for name, signed, body, code, says in (
        ("all", '{"a":"","b":""}', '{"a":null,"b":null}', "empty-string-to-null", ("`null` to `\"\"`", "one more value")),
        ("some", '{"a":"","b":null,"c":""}', '{"a":null,"b":null,"c":null}', "empty-string-to-null", ()),
        ("spaced", '{\n "a" : ""\n}', '{\n "a" : null\n}', "empty-string-to-null", ()),
        ("all", '{"a":null,"b":null}', '{"a":"","b":""}', "null-to-empty-string", ("`\"\"` to `null`",)),
        ("name", '{"a":null}', '{"a":"None"}', "null-to-empty-string", ()),
        ("one", '{"a":136.0,"b":3}', '{"a":136,"b":3}', "decimals-dropped", ("`136` to `136.0`",)),
        ("mixed", '{"a":136.0,"b":2.50,"c":7.00}', '{"a":136,"b":2.5,"c":7}', "decimals-dropped", ()),
        ("many", json.dumps({f"k{n}": f"@{n}" for n in range(20)}).replace('"@', "").replace('",', ".0,").replace('"}', ".0}"),
         json.dumps({f"k{n}": n for n in range(20)}), "decimals-dropped", ("19 more values",)),
        ("one", '{"a":136}', '{"a":136.0}', "decimals-added", ()),
        ("two", '{"a":136,"b":2.5}', '{"a":136.00,"b":2.50}', "decimals-added", ()),
        ("node", '{"id":9007199254740993}', '{"id":9007199254740992}', "rounded-number", ("beyond 2^53",)),
        ("long", '{"id":1234567890123456789,"n":1}', '{"id":1234567890123456800,"n":1}', "rounded-number", ("`1234567890123456789`",)),
        ("millis", '{"t":"2026-11-28T12:17:35Z"}', '{"t":"2026-11-28T12:17:35.000Z"}', "date-format-changed", ()),
        ("offset", '{"t":"2026-11-28T12:17:35+00:00"}', '{"t":"2026-11-28T12:17:35Z"}', "date-format-changed", ()),
        ("space", '{"t":"2026-11-28T12:17:35.123456Z"}', '{"t":"2026-11-28 12:17:35.123456"}', "date-format-changed", ()),
        ("unquoted", '{"a":1,"b":2}', '{"a":"1","b":"2"}', "number-and-string", ("`\"1\"` to `1`",)),
        ("quoted", '{"a":"1","b":2}', '{"a":1,"b":2}', "number-and-string", ()),
        ("number", '{"a":true,"b":false}', '{"a":1,"b":0}', "boolean-changed", ()),
        ("word", '{"a":"true","b":"false"}', '{"a":true,"b":false}', "boolean-changed", ()),
        ("php", '{"a":{},"b":[]}', '{"a":[],"b":[]}', "empty-array-and-object", ("`[]` to `{}`",)),
        ("one", '{"id":"1","role":null,"name":"x"}', '{"id":"1","name":"x"}', "null-fields-dropped", ("`role`",)),
        ("one", '{"a":1}', '{"a":1,"b":null}', "null-fields-added", ("`b`",)),
        ("nested", '{"a":{"c":2},"d":null}', '{"a":{"b":null,"c":2},"d":null,"e":null}', "null-fields-added", ()),
        ("end", '{"a":"Kalea ","b":"x"}', '{"a":"Kalea","b":"x"}', "strings-trimmed", ("`\"Kalea\"` to `\"Kalea \"`",)),
        ("windows", '{"a":"x\\r\\ny"}', '{"a":"x\\ny"}', "newlines-in-strings", ()),
    ):
        yield seen(f"{code}-{name}", "A value was changed after the body was signed.", signed, body, code, says=says)
    yield seen(
        "empty-string-to-null-printed",
        "Empty strings became null, and the body was printed again.",
        json.dumps({"a": "", "b": "Zoë"}),
        stringify({"a": None, "b": "Zoë"}),
        "empty-string-to-null",
        "reserialised-javascript",
        says=("`json.dumps(data)`", "`null` to `\"\"`"),
    )
