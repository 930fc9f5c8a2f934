"""How long `leadhook verify` takes to explain a signature that does not hold.

    cargo build --release
    python3 tests/benches/explain.py

It needs Linux or macOS and Python 3.9, nothing else, reaches no network, and leaves nothing behind.
One capture with a body of 64 KiB is judged as it is, and with one fault each; the rounds are
interleaved. What an explanation takes is what a capture with a fault takes beyond the one without.
"""

import argparse
import hmac
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from verify import HERE, SECRET, compact, sample, spawn

SIZE = 64 * 1024
TEXT = 'Zoë asked for a/b, <b>12</b> & "more" — '
BUDGET_MS = 100


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", type=Path, default=HERE.parent.parent / "target/release/leadhook")
    parser.add_argument("--rounds", type=int, default=15, help="at least 5")
    options = parser.parse_args()
    if options.rounds < 5:
        parser.error("fewer than 5 rounds say nothing")
    if not options.binary.exists():
        parser.error(f"`{options.binary}` is not there: `cargo build --release` makes it")
    with tempfile.TemporaryDirectory() as folder:
        paths = captures(sample(options.binary, "realgeeks:created"), Path(folder))
        runs = {name: [] for name in paths}
        for number in range(options.rounds):
            names = list(paths)
            for name in names[number % len(names):] + names[: number % len(names)]:
                runs[name].append(run([options.binary, "verify", paths[name]]))
        report(runs)


def captures(capture, folder):
    """A valid capture, and the same with a fault: the name of each, and its file."""
    body = json.loads(capture["body"])
    body["rooms"] = []
    while len(compact(body)) < SIZE:
        number = len(body["rooms"])
        body["rooms"].append({"text": TEXT, "number": number, "price": number + 0.5, "last": None})
    python = json.dumps(body).encode()
    signed = compact(body)
    digest = hmac.digest(SECRET.encode(), signed, "sha256").hex()
    wrong = hmac.digest(b"another secret that is not configured", signed, "sha256").hex()
    paths = {}
    for name, signature, text in [
        ("valid", digest, signed),
        ("a newline was added", digest, signed + b"\n"),
        ("printed again by Python", digest, python),
        ("another secret: nothing holds", wrong, signed),
        ("the same, printed by Python", wrong, python),
    ]:
        headers = [
            [header, signature if header.lower().endswith("-signature") else value]
            for header, value in capture["headers"]
        ]
        paths[name] = folder / f"{len(paths)}.json"
        paths[name].write_text(json.dumps({**capture, "headers": headers, "body": text.decode()}))
    return paths


def run(command):
    """Milliseconds by the clock, and of all cores; a signature that does not hold is an answer."""
    start = time.perf_counter()
    _, status, usage = os.wait4(spawn(command), 0)
    took = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"`{' '.join(map(str, command))}` ended with {os.waitstatus_to_exitcode(status)}")
    return 1000 * took, 1000 * (usage.ru_utime + usage.ru_stime)


def report(runs):
    valid = runs["valid"]
    print(f"{SIZE // 1024} KiB, {os.cpu_count()} cores, {len(valid)} rounds\n")
    print(f"{'':32}  ms (least to most)       of all cores  beyond the valid one (least)")
    for name, figures in runs.items():
        took, cores = zip(*figures)
        beyond = [took - plain for took, (plain, _) in zip(took, valid)]
        print(
            f"{name:32}  {statistics.median(took):5.1f} ({min(took):5.1f} to {max(took):6.1f})  "
            f"{statistics.median(cores):12.1f}  {statistics.median(beyond):5.1f} ({min(beyond):.1f})"
        )
    print(f"\nan explanation must take less than {BUDGET_MS} ms")


if __name__ == "__main__":
    main()
