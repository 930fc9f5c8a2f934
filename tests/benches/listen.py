#!/usr/bin/env python3
"""How fast `leadhook listen` is, beside others that do less or the same, in one run.

Every figure is the median of several rounds that take turns. Needs `wrk`; a peer that is not
installed is named and left out. `cargo build --release --bins --examples` comes first.
"""

import argparse
import concurrent.futures
import http.client
import http.server
import json
import os
import pathlib
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
RECEIVERS = ROOT / "tests/receivers"
SECRET = "s3cret"
BODY_SIZE = 1024
SLOW_SECONDS = 5


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def delivery(binary, event, path, id_header, more=()):
    """A genuine delivery of an event, with its text padded to 1 KiB, and where its own id stands."""
    def made(padding):
        command = [str(binary), "send", event, "--secret", SECRET, "--seed", "7", "--dry-run",
                   "--print", "http", "--set", f"{path}={padding}", *more]
        out = subprocess.run(command, text=True, capture_output=True, check=True).stdout
        return out.replace("\r\n", "\n").partition("\n\n")
    short = len(made("x")[2])
    head, _, text = made("x" * max(1, BODY_SIZE - short + 1))
    headers = dict(line.split(": ", 1) for line in head.split("\n")[1:])
    for name in ("Host", "Content-Length", id_header):
        headers.pop(name, None)
    return text, headers, id_header


def script(folder, load, path):
    """What `wrk` sends: the same body, and an id of its own for each request."""
    text, headers, id_header = load
    lines = "".join(f"{name}: {value}\\r\\n" for name, value in headers.items())
    file = folder / "load.lua"
    file.write_text(
        f'local head = "POST {path} HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: {len(text)}\\r\\n'
        f'{lines}{id_header}: "\n'
        f"local tail = '\\r\\n\\r\\n' .. [==[{text}]==]\n"
        "local n = 0\n"
        "request = function() n = n + 1 return head .. n .. tail end\n"
    )
    return file


class Peer:
    def __init__(self, name, load, command, announces=False, cwd=None, path="/"):
        self.name, self.load, self.path, self.figures, self.memory = name, load, path, [], []
        self.port = None if announces else free_port()
        command = [part.replace("{PORT}", str(self.port)) for part in command]
        env = dict(os.environ, WEBHOOK_SECRET=SECRET)
        self.process = subprocess.Popen(
            command, env=env, cwd=cwd, text=True,
            stdout=subprocess.PIPE if announces else subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        if announces:
            self.port = int(re.search(r"\d+", self.process.stdout.readline()).group())
        self.wait()

    def wait(self):
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                time.sleep(0.05)
        sys.exit(f"{self.name} does not listen")

    def ask(self, forged=False):
        text, headers, id_header = self.load
        if forged:
            text = text.replace("xx", "xy", 1)
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"POST {self.path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(text)}\r\n"
        with socket.create_connection(("127.0.0.1", self.port)) as stream:
            stream.sendall(f"{head}{lines}{id_header}: probe\r\n\r\n{text}".encode())
            return int(stream.recv(4096).split(b" ")[1])

    def rss(self):
        """Peak memory in MiB, with that of its children."""
        family, found = [self.process.pid], 0
        for pid in family:
            try:
                status = pathlib.Path(f"/proc/{pid}/status").read_text()
                found += int(re.search(r"VmHWM:\s+(\d+)", status).group(1))
                children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
                family += [int(child) for child in children]
            except (OSError, AttributeError):
                pass
        return found / 1024

    def measure(self, folder, seconds):
        lua = script(folder, self.load, self.path)
        command = ["wrk", "-t1", "-c64", f"-d{seconds}s", "--latency", "-s", str(lua)]
        out = subprocess.run(command + [f"http://127.0.0.1:{self.port}/"], text=True, capture_output=True).stdout
        if "Non-2xx" in out or "Socket errors" in out:
            print(f"  {self.name}: {re.findall(r'(Non-2xx.*|Socket errors.*)', out)}")
        rate = float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))
        p99 = re.search(r"99%\s+(\S+)", out).group(1)
        self.figures.append((rate, p99))
        self.memory.append(self.rss())


def settle():
    """Waits until nothing else is at work: what was measured last may still be busy."""
    def busy():
        fields = [int(field) for field in pathlib.Path("/proc/stat").read_text().split("\n")[0].split()[1:]]
        return sum(fields) - fields[3] - fields[4], sum(fields)
    end = time.monotonic() + 10
    while time.monotonic() < end:
        before = busy()
        time.sleep(0.3)
        after = busy()
        if after[0] - before[0] < 0.1 * (after[1] - before[1]):
            return


def fsync_rate(folder):
    """Appends of one capture with a sync each, a second: what the disk gives to one writer."""
    with open(folder / "probe", "ab", buffering=0) as file:
        line, count, end = b"x" * 1800, 0, time.monotonic() + 1
        while time.monotonic() < end:
            file.write(line)
            os.fdatasync(file.fileno())
            count += 1
    return count


def peers(binary, folder, wanted):
    geeks = delivery(binary, "created", "notes", "X-Lead-Router-Message-Id",
                 ["--set-json", "activities=[]"])
    bot = delivery(binary, "realtorbot:lead.created", "data.lastName", "X-Bench-Id")
    for text, _, _ in (geeks, bot):
        print(f"a body of {len(text)} bytes")
    listen = [str(binary), "listen", "127.0.0.1:{PORT}", "--secret", SECRET, "-q", "--max-requests", "100000000"]
    hooks = folder / "hooks.json"
    hooks.write_text(json.dumps([{
        "id": "lead", "execute-command": "/bin/true",
        "trigger-rule-mismatch-http-response-code": 401,
        "trigger-rule": {"match": {"type": "payload-hmac-sha256", "secret": SECRET,
                                   "parameter": {"source": "header", "name": "X-Lead-Router-Signature"}}},
    }]))
    python = os.environ.get("LEADHOOK_TEST_PYTHON") or str(ROOT / "target/receivers/bin/python")
    gunicorn = [python, "-m", "gunicorn", "-w", "2", "-b", "127.0.0.1:{PORT}", "flask_realgeeks:app"]
    has_gunicorn = subprocess.run([python, "-c", "import gunicorn, flask"], capture_output=True).returncode == 0 if os.path.exists(python) else False
    rows = [
        ("listen", True, geeks, listen, {}),
        ("listen realtorbot", True, bot, listen, {}),
        ("listen --save", True, geeks, listen + ["--save", str(folder / "caps.jsonl")], {}),
        ("bare hyper", (ROOT / "target/release/examples/bare-hyper").exists(), geeks,
         [str(ROOT / "target/release/examples/bare-hyper")], {"announces": True}),
        ("webhook", shutil.which("webhook"), geeks,
         ["webhook", "-hooks", str(hooks), "-ip", "127.0.0.1", "-port", "{PORT}", "-urlprefix", ""], {"path": "/lead"}),
        ("node", shutil.which("node"), bot, ["node", str(RECEIVERS / "node_realtorbot.js")], {"announces": True}),
        ("gunicorn flask", has_gunicorn, geeks, gunicorn, {"cwd": RECEIVERS}),
    ]
    for name, is_there, load, command, more in rows:
        if wanted and name not in wanted:
            continue
        if is_there:
            yield Peer(name, load, command, **more)
        else:
            print(f"  {name} is not installed: left out")


def connections(peer, count):
    """Memory with that number of connections, each of which delivered once."""
    text, headers, id_header = peer.load
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    streams = []
    for number in range(count):
        stream = socket.create_connection(("127.0.0.1", peer.port))
        stream.sendall(f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {len(text)}\r\n{lines}{id_header}: c{number}\r\n\r\n{text}".encode())
        assert stream.recv(4096).startswith(b"HTTP/1.1 200")
        streams.append(stream)
    return peer.rss()


class SlowLead(http.server.BaseHTTPRequestHandler):
    """An app that takes 5 s for each delivery of one lead."""
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        lead = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["id"]
        if lead == "slow":
            time.sleep(SLOW_SECONDS)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def post(port, lead):
    """Posts a delivery of one lead, and returns the seconds to its response."""
    body = json.dumps({"id": lead})
    headers = {"X-Lead-Router-Action": "updated", "Content-Type": "application/json"}
    start = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", "/hooks", body, headers)
    status = connection.getresponse().status
    connection.close()
    if status != 200:
        sys.exit(f"forwarding: {status} for {lead}")
    return time.monotonic() - start


def measure_slow_lead(binary, more, others=50):
    """The seconds of one slow delivery, and those of later deliveries of other leads."""
    app = http.server.ThreadingHTTPServer(("127.0.0.1", 0), SlowLead)
    threading.Thread(target=app.serve_forever, daemon=True).start()
    port = free_port()
    command = [str(binary), "listen", f"127.0.0.1:{port}", "-q", "--forward", f":{app.server_port}", *more]
    listener = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.05)
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            slow = pool.submit(post, port, "slow")
            # The slow delivery arrives first.
            time.sleep(0.5)
            times = [post(port, f"other-{number}") for number in range(others)]
            return slow.result(), times
    finally:
        listener.terminate()
        listener.wait()
        app.shutdown()


def report_slow_lead(binary):
    for name, more in [("by default", []), ("with --forward-concurrency 1", ["--forward-concurrency", "1"])]:
        slow, times = measure_slow_lead(binary, more)
        print(f"forwarding {name}: one lead took {slow:.2f} s; {len(times)} deliveries of other leads "
              f"meanwhile took {statistics.median(times) * 1000:.1f} ms (median), {max(times):.3f} s (most)")
    print("(goal by default: most below 0.5 s; with 1 the first waits for the slow one)")


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--seconds", type=int, default=4)
    options.add_argument("--binary", type=pathlib.Path, default=ROOT / "target/release/leadhook")
    options.add_argument("--only", action="append", help="measure this one alone (can be repeated)")
    options.add_argument("--million", action="store_true", help="go on to a million requests, for the memory")
    options.add_argument("--slow-lead", action="store_true",
                         help="measure only that a lead whose target takes 5 s does not hold up others")
    options = options.parse_args()
    if options.slow_lead:
        return report_slow_lead(options.binary)
    if not shutil.which("wrk"):
        sys.exit("this needs `wrk`")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        found = list(peers(options.binary, folder, options.only))
        try:
            for peer in found:
                genuine, forged = peer.ask(), peer.ask(forged=True)
                refuses = forged >= 400 or peer.name == "bare hyper"
                if genuine != 200 or not refuses:
                    sys.exit(f"{peer.name}: {genuine} to a genuine delivery, {forged} to a forged one")
            syncs = []
            for _ in range(options.rounds):
                syncs.append(fsync_rate(folder))
                for peer in found:
                    settle()
                    peer.measure(folder, options.seconds)
            report(found, statistics.median(syncs))
            if not options.only:
                report_slow_lead(options.binary)
            listen = next((peer for peer in found if peer.name == "listen"), None)
            if listen:
                print(f"memory of listen with 1,000 connections: {connections(listen, 1000):.1f} MiB")
            if listen and options.million:
                done = sum(int(rate * options.seconds) for rate, _ in listen.figures)
                while done < 1_000_000:
                    listen.measure(folder, options.seconds)
                    done += int(listen.figures[-1][0] * options.seconds)
                print(f"memory of listen after {done} requests: {listen.rss():.1f} MiB")
        finally:
            for peer in found:
                peer.process.terminate()
            for peer in found:
                peer.process.wait()


def report(found, syncs):
    rates = {}
    print(f"{'':20}{'req/s':>10}{'least':>10}{'most':>10}{'p99':>10}{'MiB':>8}")
    for peer in found:
        all_rates = [rate for rate, _ in peer.figures]
        rates[peer.name] = statistics.median(all_rates)
        p99 = peer.figures[len(peer.figures) // 2][1]
        print(f"{peer.name:20}{rates[peer.name]:10.0f}{min(all_rates):10.0f}{max(all_rates):10.0f}{p99:>10}{max(peer.memory):8.1f}")
    goals = [("listen", "bare hyper", 0.5), ("listen", "webhook", 6),
             ("listen realtorbot", "node", 3.5), ("listen", "gunicorn flask", 9)]
    for own, other, goal in goals:
        if own in rates and other in rates:
            print(f"{own} / {other}: {rates[own] / rates[other]:.2f} (goal: {goal})")
    if "listen --save" in rates:
        print(f"durable: {rates['listen --save']:.0f} req/s; this disk syncs {syncs:.0f} times a second (goal: 5000 where it allows)")


if __name__ == "__main__":
    main()
