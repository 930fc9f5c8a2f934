"""How long `leadhook verify` takes to explain a signature that does not hold.

    cargo build --release
    python3 tests/benches/explain.py

It needs Linux or macOS and Python 3.9, nothing else, reaches no network, and leaves nothing behind.
One capture with a body of 64 KiB is judged as it is, and with one fault each; the rounds are
interleaved. An explanation takes what a capture with a fault takes beyond the one without.

Two peers run in the same rounds: a process of Python that parses the capture and computes one HMAC
over its body, and, with `--against BINARY`, another build of leadhook on the same captures. Their
ratio depends less on the machine than milliseconds do.
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

# The worst case, with nothing found, and a match.
BUDGET_MS = 100
MATCH_MS = 10

VALID = "valid"
WORST = ("another secret: nothing found", "the same, printed by Python")
MINE = ("--mine: printed by Python", "--mine: nothing found")
PEER_NAME = "peer: Python, one HMAC"
AGAINST = " (other)"

# One HMAC over the body, without a search.
PEER = """
import hashlib, hmac, json, sys
capture = json.load(open(sys.argv[1]))
print(hmac.new(b"%s", capture["body"].encode(), hashlib.sha256).hexdigest())
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", type=Path, default=HERE.parent.parent / "target/release/leadhook")
    parser.add_argument("--against", type=Path, help="another build of leadhook")
    parser.add_argument("--rounds", type=int, default=15, help="at least 5")
    options = parser.parse_args()
    if options.rounds < 5:
        parser.error("fewer than 5 rounds say nothing")
    for binary in filter(None, [options.binary, options.against]):
        if not binary.exists():
            parser.error(f"`{binary}` is not there: `cargo build --release` makes it")
    with tempfile.TemporaryDirectory() as folder:
        paths = captures(sample(options.binary, "realgeeks:created"), Path(folder))
        commands = commands_of(options.binary, paths)
        if options.against:
            others = commands_of(options.against, paths).items()
            commands |= {f"{name}{AGAINST}": command for name, command in others if name not in MINE}
        commands[PEER_NAME] = [sys.executable, "-c", PEER % SECRET, paths[VALID]]
        runs = {name: [] for name in commands}
        for number in range(options.rounds):
            names = list(commands)
            for name in names[number % len(names):] + names[: number % len(names)]:
                runs[name].append(run(commands[name]))
        report(runs)


def commands_of(binary, paths):
    """What is measured, by name: each capture, and the search for the digest of a user's code."""
    commands = {name: [binary, "verify", path] for name, path in paths.items()}
    body = json.loads(paths[VALID].read_text())["body"]
    python = hmac.digest(SECRET.encode(), json.dumps(json.loads(body)).encode(), "sha256").hex()
    for name, digest in zip(MINE, (python, "0f" * 32)):
        commands[name] = [binary, "verify", paths[VALID], "--mine", digest]
    return commands


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
        (VALID, digest, signed),
        ("a newline was added", digest, signed + b"\n"),
        ("printed again by Python", digest, python),
        (WORST[0], wrong, signed),
        (WORST[1], wrong, python),
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
    valid = runs[VALID]
    peer = statistics.median(took for took, _ in runs[PEER_NAME])
    print(f"{SIZE // 1024} KiB, {os.cpu_count()} cores, {len(valid)} rounds\n")
    print(f"{'':40}  ms (least to most)       of all cores  beyond the valid one (least)  to the peer")
    slow = []
    for name, figures in runs.items():
        took, cores = zip(*figures)
        base = runs[VALID + AGAINST] if name.endswith(AGAINST) else valid
        beyond = [took - plain for took, (plain, _) in zip(took, base)]
        print(
            f"{name:40}  {statistics.median(took):5.1f} ({min(took):5.1f} to {max(took):6.1f})  "
            f"{statistics.median(cores):12.1f}  {statistics.median(beyond):5.1f} ({min(beyond):.1f})"
            f"{'':16}  {statistics.median(took) / peer:5.2f}"
        )
        is_worst = name in WORST or name == MINE[1]
        if name not in (VALID, PEER_NAME) and not name.endswith(AGAINST):
            budget = BUDGET_MS if is_worst else MATCH_MS
            # The least of the rounds: the others contain the work of other processes.
            slow += [f"{name}: {min(beyond):.1f} ms of {budget}"] if min(beyond) > budget else []
    print(f"\nnothing found: less than {BUDGET_MS} ms; a match: less than {MATCH_MS} ms")
    if slow:
        sys.exit("over budget: " + "; ".join(slow))


if __name__ == "__main__":
    main()
