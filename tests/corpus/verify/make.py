#!/usr/bin/env python3
"""Writes captured requests in a folder for each kind, and beside each what `verify` must say of it.

`body/bom-added.json` is an input, `body/bom-added.expected.json` its expectation. Standard library
only, and nothing of leadhook but the samples in `fixtures/`: the requests are built and signed here,
and what must be said of each is stated by hand in `rows/`.

    make.py            write what has changed, and remove what no row makes
    make.py --check    exit 1 and name the files that are not as the rows make them
"""

import json
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

from rows import body  # noqa: E402
from rows import charsets  # noqa: E402
from rows import documents  # noqa: E402
from rows import escaped  # noqa: E402
from rows import facts  # noqa: E402
from rows import given  # noqa: E402
from rows import logs  # noqa: E402
from rows import mine  # noqa: E402
from rows import payload  # noqa: E402
from rows import secret  # noqa: E402
from rows import senders  # noqa: E402
from rows import signature  # noqa: E402
from rows import texts  # noqa: E402
from rows import token  # noqa: E402
from rows import transfer  # noqa: E402
from rows import unreadable  # noqa: E402
from rows import valid  # noqa: E402
from rows import values  # noqa: E402

HERE = Path(__file__).resolve().parent

# Folders here that hold no inputs.
BESIDE = {"rows", "__pycache__"}

LARGEST = 100_000


def made():
    """Returns the content of every file by its path."""
    files = {}
    parts = [valid, documents, logs, texts, body, transfer, charsets, values, escaped, secret, given, signature, token, facts, mine, senders]
    for part in [*parts, payload, unreadable]:
        for row in part.rows():
            assert row.name not in files, f"{row.name} is made twice"
            assert len(row.content) <= LARGEST, f"{row.name} is too large"
            files[row.name] = row.content
            expectation = str(Path(row.name).with_suffix(".expected.json"))
            assert expectation not in files, f"{row.name} has the expectation of another file"
            files[expectation] = (json.dumps(row.expected(), ensure_ascii=False, indent=2) + "\n").encode()
    return files


def main():
    """Writes the files, or compares them."""
    files = made()
    found = {path.relative_to(HERE) for path in HERE.glob("*/*")}
    there = {path.as_posix() for path in found if path.parts[0] not in BESIDE}
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
            (HERE / name).parent.mkdir(exist_ok=True)
            (HERE / name).write_bytes(files[name])
        else:
            (HERE / name).unlink()
    print(f"{len(files) // 2} inputs with expectations, {len(wrong)} files written or removed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
