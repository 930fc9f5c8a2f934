"""How fast `leadhook verify` reads a JSON Lines file of captures, and how much memory it takes.

    cargo build --release
    python3 tests/benches/verify.py

It needs Linux or macOS and Python 3.9, nothing else, reaches no network, and leaves nothing behind. The captures
are varied from samples that `leadhook send --dry-run` prints, 1 KiB of body each, signed here with
`hmac`. The same file goes to `leadhook verify`, which judges signature and schema, and to
`json_and_hmac.py`, which does JSON and HMAC alone; the rounds are interleaved, so that whatever
else the machine does falls on both.
"""

import argparse
import hmac
import json
import os
import random
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
SECRET = "a secret of more than 32 bytes, for this alone"
SIZE = 1024

# How many leads and texts there are; what is left to tell two requests apart is their ids.
VARIETY = 500

# The events, and the text in each that may be as long as it takes to fill the body.
EVENTS = [
    ("realgeeks:created", ["notes"]),
    ("realgeeks:updated", ["notes"]),
    ("realgeeks:activity_added", ["activities", 0, "description"]),
    ("realtorbot:conversation.message", ["data", "text"]),
    ("realtorbot:email.received", ["data", "text"]),
]
WORDS = 'pool garden lanai "corner lot" view, quiet street near schools Kāneʻohe bay\nopen Sunday'.split(" ")
NAMES = ["Malia", "Erik", "Noelani", "Jürgen", "Keoni", "Ana", "Søren", "Leilani"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", type=Path, default=HERE.parent.parent / "target/release/leadhook")
    parser.add_argument("--lines", type=int, default=100_000, help="of the file that is timed")
    parser.add_argument("--rounds", type=int, default=7, help="at least 5")
    options = parser.parse_args()
    if options.rounds < 5:
        parser.error("fewer than 5 rounds say nothing")
    if not options.binary.exists():
        parser.error(f"`{options.binary}` is not there: `cargo build --release` makes it")
    with tempfile.TemporaryDirectory() as folder:
        samples = [(sample(options.binary, event), place) for event, place in EVENTS]
        path = Path(folder) / "captures.jsonl"
        write(path, samples, options.lines)
        print(f"{options.lines:,} lines, {path.stat().st_size / 1e6:.0f} MB, {os.cpu_count()} cores\n")
        measure_time(options, path)
        print()
        for lines in [10_000, 100_000, 300_000]:
            write(path, samples, lines)
            print(f"{lines:>9,} lines  {peak([options.binary, 'verify', path]):5.1f} MiB at most")


def measure_time(options, path):
    contestants = {
        "leadhook verify": [options.binary, "verify", path],
        "leadhook verify --format json": [options.binary, "verify", path, "--format", "json"],
        "json_and_hmac.py": [sys.executable, "-I", HERE / "json_and_hmac.py", path],
    }
    runs = {name: [] for name in contestants}
    for number in range(options.rounds):
        names = list(contestants)
        # Each goes first as often as the others.
        for name in names[number % len(names):] + names[: number % len(names)]:
            runs[name].append(run(contestants[name]))
    theirs = [took for took, _ in runs["json_and_hmac.py"]]
    print(f"{'':30}  seconds (least to most)  of all cores   lines/s  times as fast (least to most)")
    for name, figures in runs.items():
        taken, cores = zip(*figures)
        median = statistics.median(taken)
        ratios = [their / our for their, our in zip(theirs, taken)]
        print(
            f"{name:30}  {median:7.3f} ({min(taken):.3f} to {max(taken):.3f})  "
            f"{statistics.median(cores):12.3f}  {options.lines / median:8,.0f}  "
            f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
        )


def sample(binary, event):
    """The request that `leadhook` would send."""
    command = [binary, "send", event, "--dry-run", "--print", "json", "--quiet"]
    with tempfile.TemporaryFile() as out:
        run(command, out)
        out.seek(0)
        return json.load(out)


def write(path, samples, lines):
    """Writes as many captures, no two of them the same, one a line."""
    chance = random.Random(1)
    moulds = [mould(*samples[number % len(samples)], chance) for number in range(VARIETY)]
    with open(path, "wb") as file:
        for number in range(lines):
            capture, body, old = moulds[number % VARIETY]
            body = body.replace(old, f"{chance.getrandbits(48):012x}".encode())
            digest = hmac.digest(SECRET.encode(), body, "sha256").hex()
            body = compact(body.decode())
            file.write(capture.replace(b"DIGEST", digest.encode()).replace(b"BODY", body) + b"\n")


def mould(capture, place, chance):
    """A capture with another lead, another text, and a body of exactly `SIZE` bytes.

    Gives the capture without its body and its digest, the body, and what is to be replaced in it.
    """
    body = json.loads(capture["body"])
    if "first_name" in body:
        body["first_name"] = chance.choice(NAMES)
    if "email" in body:
        body["email"] = f"lead{chance.randrange(10**6)}@example.com"
    *path, key = place
    holder = body
    for step in path:
        holder = holder[step]
    holder[key] = ""
    shorten(body)
    size = len(compact(body))
    while True:
        word = chance.choice(WORDS) + " "
        more = len(compact(word)) - 2
        if size + more > SIZE:
            break
        holder[key] += word
        size += more
    holder[key] += "." * (SIZE - size)
    headers = [
        [name, "DIGEST" if name.lower().endswith("-signature") else value]
        for name, value in capture["headers"]
    ]
    # As `leadhook listen --save` writes it: no spaces, and letters as they are.
    capture = compact({**capture, "headers": headers, "body": "BODY"}).replace(b'"BODY"', b"BODY")
    return capture, compact(body), body["id"][-12:].encode()


def shorten(body):
    """Leaves out what the vendors leave out as well, until there is room for a text."""
    room = SIZE - 100
    while len(compact(body)) > room and len(body["activities"]) > 1:
        body["activities"].pop()
    for holder, key in [(body["activities"][0] if "activities" in body else {}, "property")] + [
        (body, key) for key in ("site_login_url", "source_details", "second_email", "address", "phone2")
    ]:
        if len(compact(body)) > room:
            holder.pop(key, None)


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def spawn(command, out=None):
    environment = {"LEADHOOK_SECRET": SECRET, "PATH": os.defpath}
    command = [str(part) for part in command]
    with open(os.devnull, "r+b") as null:
        actions = [
            (os.POSIX_SPAWN_DUP2, null.fileno(), 0),
            (os.POSIX_SPAWN_DUP2, (out or null).fileno(), 1),
        ]
        return os.posix_spawn(command[0], command, environment, file_actions=actions)


def check(status, command):
    if status != 0:
        code = os.waitstatus_to_exitcode(status)
        sys.exit(f"`{' '.join(map(str, command[:2]))}` ended with {code}")


def run(command, out=None):
    """Runs a command that must succeed: seconds by the clock, and seconds of all cores."""
    start = time.perf_counter()
    _, status, usage = os.wait4(spawn(command, out), 0)
    took = time.perf_counter() - start
    check(status, command)
    return took, usage.ru_utime + usage.ru_stime


def peak(command):
    """The most memory that a command takes, in MiB.

    On Linux `ru_maxrss` begins with what the parent had, which here is more: the kernel's own mark
    of the process is read while it runs.
    """
    child, highest, done = spawn(command), 0, 0
    while not done:
        try:
            status = Path(f"/proc/{child}/status").read_text()
            highest = max([highest, *(int(kib) for kib in re.findall(r"VmHWM:\s+(\d+)", status))])
        except OSError:
            pass
        time.sleep(0.001)
        done, status, usage = os.wait4(child, os.WNOHANG)
    check(status, command)
    # macOS, which has no /proc, counts in bytes.
    return highest / 2**10 if highest else usage.ru_maxrss / 2**20


if __name__ == "__main__":
    main()
