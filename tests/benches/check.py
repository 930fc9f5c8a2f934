"""How long `leadhook check` takes, beside as many plain requests to the same receiver.

    cargo build --release
    python3 tests/benches/check.py

It needs Linux or macOS and Python 3.9, nothing else, and reaches no network. Each round starts a
practice receiver, runs all cases against it, then sends one plain request a case with `http.client`,
one after the other, each on a connection of its own. Some cases wait on purpose (a late
answer, a probe that has to settle), so the ratio has no goal; the seconds have one.
"""

import argparse
import http.client
import json
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
SECRET = "an-example-of-a-signing-secret-32"
BUDGET_S = 5


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", type=Path, default=HERE.parent.parent / "target/release/leadhook")
    parser.add_argument("--rounds", type=int, default=5, help="at least 3")
    options = parser.parse_args()
    if options.rounds < 3:
        parser.error("fewer than 3 rounds say nothing")
    if not options.binary.exists():
        parser.error(f"`{options.binary}` is not there: `cargo build --release` makes it")
    is_met = True
    for provider in ["realgeeks", "leadpro", "realtorbot"]:
        rounds = [one_round(options.binary, provider) for _ in range(options.rounds)]
        checks, plains = [took for took, _, _ in rounds], [took for _, took, _ in rounds]
        middle, peer = statistics.median(checks), statistics.median(plains)
        print(
            f"{provider:<11} {rounds[0][2]:>3} cases  check {middle:.2f} s"
            f" ({min(checks):.2f} to {max(checks):.2f})  plain {peer:.2f} s  ratio {middle / peer:.1f}"
        )
        is_met &= middle <= BUDGET_S
    print(f"goal: {BUDGET_S} s at most: {'met' if is_met else 'MISSED'}")
    sys.exit(0 if is_met else 1)


def one_round(binary, provider):
    """The seconds of a check and of its requests sent plainly, and the number of cases."""
    common = ["-p", provider, "--secret", SECRET, "--format", "json"]
    receiver = subprocess.Popen(
        [binary, "practice", ":0", *common], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        url = json.loads(receiver.stdout.readline())["url"]
        # It prints a line a request: a full pipe would stop it.
        threading.Thread(target=receiver.stdout.read, daemon=True).start()
        port = int(url.rstrip("/").rsplit(":", 1)[1])
        probe = f":{port}/count"
        begin = time.perf_counter()
        done = subprocess.run(
            [binary, "check", f":{port}", "--probe-url", probe, "--skip", "rotation", *common],
            stdout=subprocess.PIPE,
            text=True,
        )
        took = time.perf_counter() - begin
        cases = [json.loads(line) for line in done.stdout.splitlines()]
        if done.returncode != 0:
            sys.exit(f"{provider}: exit {done.returncode}: {cases[-1]}")
        count = sum(case["kind"] == "case" for case in cases)
        return took, plain(port, count), count
    finally:
        receiver.terminate()
        receiver.wait()


def plain(port, count):
    """The seconds of as many requests, one after the other."""
    begin = time.perf_counter()
    for _ in range(count):
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("POST", "/", body=b"{}")
        connection.getresponse().read()
        connection.close()
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
