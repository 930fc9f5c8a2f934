#!/usr/bin/env python3
"""How long `simulate` takes for a stream in an outage, beside the same in Python.

    tests/benches/simulate.py target/release/leadhook

The stream is even, 30 leads a second, and the endpoint is down from minute 30 to hour 9: most of a
million leads fail several times. The peer is the plain way to write it: a heap of attempts
(`heapq`), one retry schedule, no chart. Both must come to the same totals. Runs take turns; each figure is
the median of five, and a ratio is that of the medians.

Limits: a million leads in under 2 s and under 200 MiB, and a time that grows no faster than
n log n in the attempts n, with 1.3 for noise.
"""

import heapq
import json
import math
import os
import statistics
import subprocess
import sys
import time

WAITS = [600, 600, 600, 1800, 3600, 7200, 14400]
RATE, START, END = 30, 30 * 60, 9 * 3600
ROUNDS = 5


def peer(leads):
    """The totals of `leads` leads: messages, first time, late, lost, attempts."""
    waiting = []
    first_attempt = late = lost = attempts = 0
    delays = []
    lead = 0
    while lead < leads or waiting:
        arriving = lead / RATE
        if waiting and (lead >= leads or waiting[0][0] <= arriving):
            at, arrived, attempt = heapq.heappop(waiting)
        else:
            at, arrived, attempt = arriving, arriving, 1
            lead += 1
        attempts += 1
        if not START <= at < END:
            if attempt == 1:
                first_attempt += 1
            else:
                late += 1
                delays.append(at - arrived)
        elif attempt <= len(WAITS):
            heapq.heappush(waiting, (at + WAITS[attempt - 1], arrived, attempt + 1))
        else:
            lost += 1
    delays.sort()
    return [leads, first_attempt, late, lost, attempts]


def leadhook(binary, leads, more=()):
    """Seconds, MiB at the most, and the totals."""
    command = [binary, "simulate", "created", "--format", "json", "--arrivals", "even"]
    command += ["--events", f"{RATE}/s", "--count", str(leads), "--outage", "30m..9h", *more]
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.PIPE)
    peak = 0
    out = b""
    while True:
        try:
            with open(f"/proc/{child.pid}/status") as status:
                # `ru_maxrss` of a child starts at its parent's.
                peak = max([peak] + [int(l.split()[1]) for l in status if l.startswith("VmHWM")])
        except (FileNotFoundError, ProcessLookupError):
            pass
        try:
            out, _ = child.communicate(timeout=0.01)
            break
        except subprocess.TimeoutExpired:
            continue
    took = time.perf_counter() - start
    totals = json.loads(out)["totals"]
    keys = ["messages", "first_attempt", "late", "lost", "attempts"]
    return took, peak / 1024, [totals[key] for key in keys]


def main():
    binary = sys.argv[1]
    figures, attempts = {}, {}
    for leads in (100_000, 1_000_000):
        ours, theirs, memory = [], [], 0
        for _ in range(ROUNDS):
            took, peak, totals = leadhook(binary, leads)
            ours.append(took)
            memory = max(memory, peak)
            start = time.perf_counter()
            expected = peer(leads)
            theirs.append(time.perf_counter() - start)
            assert totals == expected, (totals, expected)
        figures[leads], attempts[leads] = statistics.median(ours), totals[4]
        ratio = statistics.median(theirs) / figures[leads]
        print(
            f"{leads:>9,} leads, {totals[4]:>9,} attempts: {figures[leads]:.3f} s "
            f"({min(ours):.3f} to {max(ours):.3f}), {memory:.1f} MiB; "
            f"the peer takes {ratio:.1f} times as long"
        )
    chance = ["--seed", "1", "--latency", "1s..40s", "--fail-rate", "10%", "--then", "activity_added=5m"]
    took, peak, totals = leadhook(binary, 1_000_000, chance)
    print(
        f"{totals[0]:>9,} messages, by chance and with all there is, {totals[4]:,} attempts: "
        f"{took:.2f} s, {peak:.0f} MiB"
    )
    growth = figures[1_000_000] / figures[100_000]
    few, many = attempts[100_000], attempts[1_000_000]
    allowed = many * math.log(many) / (few * math.log(few)) * 1.3
    print(f"{many / few:.1f} times the attempts take {growth:.1f} times as long (at most {allowed:.1f})")
    held = figures[1_000_000] < 2 and memory < 200 and growth < allowed
    print("the limits hold" if held else "A LIMIT DOES NOT HOLD")
    os._exit(0 if held else 1)


if __name__ == "__main__":
    main()
