"""Prints each document on standard input again, once in each style that is named.

A line in is one JSON text. A line out is the printed bytes in Base64, or `!` where
the text cannot be read or printed. The first style comes first, with all documents.
"""

import base64
import json
import sys

COMPACT = (",", ":")
STYLES = {
    "python-dumps": {},
    "python-dumps-unicode": {"ensure_ascii": False},
    "python-dumps-compact": {"separators": COMPACT},
    "python-dumps-compact-unicode": {"separators": COMPACT, "ensure_ascii": False},
    "python-dumps-sorted": {"sort_keys": True},
    "python-dumps-sorted-unicode": {"sort_keys": True, "ensure_ascii": False},
    "python-dumps-sorted-compact": {"sort_keys": True, "separators": COMPACT},
    "python-dumps-sorted-compact-unicode": {
        "sort_keys": True,
        "separators": COMPACT,
        "ensure_ascii": False,
    },
    "python-dumps-indent-2": {"indent": 2},
    "python-dumps-indent-2-unicode": {"indent": 2, "ensure_ascii": False},
    "python-dumps-indent-4": {"indent": 4},
    "python-dumps-indent-4-unicode": {"indent": 4, "ensure_ascii": False},
}


def printed(text, arguments):
    try:
        printed = json.dumps(json.loads(text), **arguments).encode("utf-8")
    except ValueError:
        return "!"
    return base64.b64encode(printed).decode("ascii")


documents = sys.stdin.buffer.read().decode("utf-8").split("\n")[:-1]
for code in sys.argv[1:]:
    for text in documents:
        print(printed(text, STYLES[code]))
