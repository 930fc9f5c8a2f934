#!/usr/bin/env python3
"""Writes payloads in a folder for each provider, and beside each what must be said of it.

`leadpro/NAME.json` is a payload, `leadpro/NAME.expected.json` its expectation. Standard library
only, and nothing of leadhook: the payloads are built here, and what must be said of each is stated
by hand in `rows/`, after the pages of the vendors.

    make.py            write what has changed, and remove what no row makes
    make.py --check    exit 1 and name the files that are not as the rows make them
"""

import json
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

from rows import leadpro  # noqa: E402
from rows import realgeeks  # noqa: E402
from rows import realtorbot  # noqa: E402
from rows import senders  # noqa: E402

HERE = Path(__file__).resolve().parent

LARGEST = 20_000


def made():
    """Returns the content of every file by its path."""
    files = {}
    for part in (realgeeks, leadpro, realtorbot, senders):
        for row in part.rows():
            assert row.name not in files, f"{row.name} is made twice"
            assert len(row.content) <= LARGEST, f"{row.name} is too large"
            expectation = str(Path(row.name).with_suffix(".expected.json"))
            files[row.name] = row.content
            files[expectation] = (json.dumps(row.expected(), ensure_ascii=False, indent=2) + "\n").encode()
    return files


def main():
    """Writes the files, or compares them."""
    files = made()
    there = {f"{path.parent.name}/{path.name}" for path in HERE.glob("*/*") if path.suffix == ".json"}
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
    print(f"{len(files) // 2} payloads with expectations, {len(wrong)} files written or removed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
