#!/usr/bin/env python3
"""Writes every file of this folder, and `expected.json` with what `leadhook verify` must say of it.

Standard library only, and nothing of leadhook but the samples in `fixtures/`: the requests are
built and signed here, and what must be said of each is stated by hand in `rows/`.

    make.py            write what has changed, and remove what no row makes
    make.py --check    exit 1 and name the files that are not as the rows make them
"""

import json
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

from rows import body  # noqa: E402
from rows import facts  # noqa: E402
from rows import payload  # noqa: E402
from rows import secret  # noqa: E402
from rows import signature  # noqa: E402
from rows import token  # noqa: E402
from rows import unreadable  # noqa: E402
from rows import valid  # noqa: E402

HERE = Path(__file__).resolve().parent

# What is here beside the files of the rows.
BESIDE = {"make.py", "rows", ".gitattributes", "expected.json"}

LARGEST = 100_000


def made():
    """Every file by its name."""
    files, expected = {}, {}
    for part in (valid, body, secret, signature, token, facts, payload, unreadable):
        for row in part.rows():
            assert row.name not in files, f"{row.name} is made twice"
            assert len(row.content) <= LARGEST, f"{row.name} is too large"
            files[row.name] = row.content
            expected[row.name] = row.expected()
    named = dict(sorted(expected.items()))
    lines = (f"{json.dumps(name)}: {json.dumps(said, ensure_ascii=False)}" for name, said in named.items())
    files["expected.json"] = ("{\n" + ",\n".join(lines) + "\n}\n").encode()
    return files


def main():
    """Writes the files, or compares them."""
    files = made()
    there = {path.name for path in HERE.iterdir()} - BESIDE - {"__pycache__"}
    wrong = sorted(there - files.keys())
    wrong += sorted(
        name
        for name, content in files.items()
        if not (HERE / name).is_file() or (HERE / name).read_bytes() != content
    )
    if sys.argv[1:] == ["--check"]:
        for name in wrong:
            print(f"{name} is not as the rows make it")
        return 1 if wrong else 0
    for name in wrong:
        if name in files:
            (HERE / name).write_bytes(files[name])
        else:
            (HERE / name).unlink()
    print(f"{len(files) - 1} files, {len(wrong)} written or removed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
