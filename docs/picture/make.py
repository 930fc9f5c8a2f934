#!/usr/bin/env python3
"""Draws the moving picture of README.md: light.svg and dark.svg.

    docs/picture/make.py BINARY [FOLDER]

Runs BINARY (`leadhook`) against a receiver that hashes JSON.stringify(body), and draws what it
prints as a terminal session: `check` finds the mistake, `verify` names what the code hashed. The
files are written to FOLDER, by default that of this script. Only durations and the port differ from
run to run; the port is shown as 3000.

The pictures are animated with CSS alone, need no font or file from elsewhere, and contain their
text as text. Readers who prefer reduced motion see the last frame.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

SECRET = "s3cret"
# The same leads, ids and signatures in every run.
SEED, NOW = "7", "2026-11-30T09:00:00Z"

PROMPT, COLUMNS = "$ ", 84
CHARACTER, LINE, MARGIN = 8.4, 18, 18

# In seconds: the whole loop, and the time for each step of it.
LOOP = 14.0
BEFORE_TYPING, KEY, BEFORE_OUTPUT, PARAGRAPH, TO_READ = 0.4, 0.02, 0.3, 0.25, 2.6

# Names of the styles that `leadhook` uses, by their escape sequence.
STYLES = {
    "1": "strong", "2": "dim",
    "38;5;196": "bad", "38;5;29": "good", "38;5;166": "warn", "38;5;32": "hint",
}

THEMES = {
    "light": {
        "paper": "#f6f8fa", "edge": "#d1d9e0", "text": "#1f2328", "dim": "#59636e",
        "bad": "#cf222e", "good": "#1a7f37", "warn": "#8a5a00", "hint": "#0f6a75",
    },
    "dark": {
        "paper": "#0d1117", "edge": "#3d444d", "text": "#e6edf3", "dim": "#9198a1",
        "bad": "#ff7b72", "good": "#56d364", "warn": "#e3b341", "hint": "#56d4dd",
    },
}

TITLE = "leadhook check finds a signature bug, and leadhook verify names it"


class Row(NamedTuple):
    """A line of the screen: its styled parts, and when it appears."""

    parts: list  # of (style or "", text)
    appears: float
    # Of a command: when its last key is typed.
    typed: float | None = None


class Screen:
    """The rows of the session, in the order of time."""

    def __init__(self):
        self.rows = []
        self.now = 0.0

    def type(self, text):
        """Types a command after a prompt."""
        start = self.now
        self.now += BEFORE_TYPING + KEY * len(text)
        self.rows.append(Row([("dim", PROMPT), ("strong", text)], start, typed=self.now))

    def show(self, *parts):
        """Shows a line at once."""
        self.rows.append(Row(list(parts), self.now))
        self.now += BEFORE_TYPING

    def print(self, output):
        """Prints the output of a command, paragraph by paragraph."""
        self.now += BEFORE_OUTPUT
        for line in output.rstrip("\n").split("\n"):
            if not line:
                self.now += PARAGRAPH
            self.rows.append(Row(styled(line), self.now))

    def pause(self):
        """Leaves time to read."""
        self.rows.append(Row([], self.now))
        self.now += TO_READ


def styled(line):
    """Returns the parts of a line with escape sequences."""
    parts, style = [], ""
    for number, piece in enumerate(re.split(r"\x1b\[([0-9;]*)m", line)):
        if number % 2:
            # An unknown sequence is an error: its style would be missing in the picture.
            style = "" if piece in ("", "0") else STYLES[piece]
        elif piece:
            parts.append((style, piece))
    return parts


@contextlib.contextmanager
def receiver(binary, folder, environment):
    """Runs the receiver with the mistake, and returns its port."""
    command = [binary, "practice", ":0", "--secret", SECRET, "--fault", "hash-parsed-body"]
    ready = folder / "ready"
    process = subprocess.Popen(
        [*command, "--ready-file", str(ready)],
        cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )
    try:
        while not (ready.exists() and ready.read_text().strip()):
            if process.poll() is not None:
                sys.exit(f"error: {shlex.join(command)} ended with {process.returncode}")
            time.sleep(0.02)
        yield re.search(r":(\d+)", ready.read_text().split("//")[1]).group(1)
    finally:
        process.terminate()
        process.wait()


def mistaken_digest(capture):
    """Returns the digest that the receiver computes for a captured request."""
    body = json.loads(json.loads(capture.read_text())["body"])
    printed = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    return hmac.new(SECRET.encode(), printed.encode(), hashlib.sha256).hexdigest()


def session(binary):
    """Runs the commands and returns the screen."""
    screen = Screen()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {
            "PATH": os.environ.get("PATH", ""), "HOME": name, "COLUMNS": str(COLUMNS),
            "LEADHOOK_SEED": SEED, "LEADHOOK_NOW": NOW,
        }
        with receiver(binary, folder, environment) as port:

            def run(command, expected):
                actual = command.replace(":3000", f":{port}").replace("\\\n", "")
                done = subprocess.run(
                    [binary, *shlex.split(actual)[1:], "--color", "always"],
                    cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
                )
                if done.returncode != expected:
                    sys.exit(f"error: {actual}: exit status {done.returncode}\n{done.stdout}")
                screen.print(done.stdout.replace(f":{port}", ":3000"))

            screen.show(("dim", f"{PROMPT}# Is my app on port 3000 ready for Real Geeks?"))
            check = f"leadhook check :3000/hooks --secret {SECRET} --save-failures failed"
            screen.type(check)
            run(check, 1)
            screen.pause()

            capture = "failed/event-created-1.json"
            digest = mistaken_digest(folder / capture)
            verify = f"leadhook verify {capture} --secret {SECRET} \\"
            mine = f"    --mine {digest}"
            screen.show(("dim", f"{PROMPT}# My app logged the digest that it computed. What did it hash?"))
            screen.type(verify)
            screen.show(("strong", mine))
            run(f"{verify}\n{mine}", 0)
    if screen.now > LOOP - 3:
        sys.exit(f"error: the session takes {screen.now:.1f} s, which leaves too little to read it")
    return screen.rows


def percent(seconds):
    """Returns a time as part of the loop."""
    return f"{seconds / LOOP * 100:.2f}%"


def animations(rows):
    """Returns the style sheet of the animations."""
    rules = [f"g,text{{animation-duration:{LOOP:g}s;animation-iteration-count:infinite}}"]
    for time_ in sorted({row.appears for row in rows if row.appears}):
        name = moment(time_)
        rules.append(
            f".{name}{{animation-name:{name};animation-timing-function:step-end}}"
            f"@keyframes {name}{{0%{{opacity:0}}{percent(time_)}{{opacity:1}}}}"
        )
    for number, row in enumerate(rows):
        if row.typed:
            keys = sum(len(text) for _, text in row.parts) - len(PROMPT)
            start, end = percent(row.typed - KEY * keys), percent(row.typed)
            left = percent(row.typed + BEFORE_OUTPUT)
            to = f"translate({keys * CHARACTER:.1f}px)"
            # The cover moves to the right key by key, and the cursor leaves with it.
            rules.append(
                f".t{number}{{display:inline;animation-name:t{number}}}"
                f"@keyframes t{number}{{0%{{transform:none}}"
                f"{start}{{transform:none;animation-timing-function:steps({keys})}}"
                f"{end}{{transform:{to};visibility:visible;"
                f"animation-timing-function:step-end}}"
                f"{left},to{{transform:{to};visibility:hidden}}}}"
            )
    return "@media (prefers-reduced-motion:no-preference){" + "".join(rules) + "}"


def moment(time_):
    """Returns the class of what appears at a time."""
    return f"a{round(time_ * 1000)}"


def drawn(number, row):
    """Returns the elements of a row."""
    text = "".join(text for _, text in row.parts)
    if not text.strip():
        return ""
    x, y = MARGIN, MARGIN + LINE * number
    # Leading white space is a position: what is left has no two spaces that a reader may collapse.
    indent = len(text) - len(text.lstrip())
    parts = [(style, part) for style, part in row.parts]
    parts[0] = (parts[0][0], parts[0][1][indent:])
    spans = "".join(
        f'<tspan class="{style}">{escape(part)}</tspan>' if style else escape(part)
        for style, part in parts
    )
    appears = f' class="{moment(row.appears)}"' if row.appears else ""
    elements = (
        f'<text{"" if row.typed else appears} x="{x + indent * CHARACTER:.1f}" y="{y + 13}" '
        f'textLength="{(len(text) - indent) * CHARACTER:.1f}" xml:space="preserve">{spans}</text>'
    )
    if row.typed:
        left = x + len(PROMPT) * CHARACTER
        elements += (
            f'<g class="t{number} cover"><rect class="paper" x="{left:.1f}" y="{y}" '
            f'width="{COLUMNS * CHARACTER:.1f}" height="{LINE}"/>'
            f'<rect class="cursor" x="{left:.1f}" y="{y + 1}" width="{CHARACTER}" height="{LINE - 2}"/></g>'
        )
        elements = f"<g{appears}>{elements}</g>"
    return elements + "\n"


def picture(rows, colours):
    """Returns the picture in the colours of a theme."""
    width = round(COLUMNS * CHARACTER) + 2 * MARGIN
    height = len(rows) * LINE + 2 * MARGIN
    fills = "".join(
        f".{style}{{fill:{colours[style]}}}" for style in ("dim", "bad", "good", "warn", "hint")
    )
    styles = (
        f"text{{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,'Liberation Mono',monospace;"
        f"fill:{colours['text']};white-space:pre}}{fills}.strong{{font-weight:bold}}"
        f".paper{{fill:{colours['paper']}}}.cursor{{fill:{colours['dim']}}}.cover{{display:none}}"
    )
    text = "".join(drawn(number, row) for number, row in enumerate(rows))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" aria-labelledby="title">\n'
        f'<title id="title">{TITLE}</title>\n'
        f"<style>{styles}\n{animations(rows)}</style>\n"
        f'<clipPath id="window"><rect x="1" y="1" width="{width - 2}" height="{height - 2}" rx="7"/></clipPath>\n'
        f'<rect class="paper" x=".5" y=".5" width="{width - 1}" height="{height - 1}" rx="8" '
        f'stroke="{colours["edge"]}"/>\n<g clip-path="url(#window)">\n{text}</g>\n</svg>\n'
    )


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    binary = str(Path(sys.argv[1]).resolve())
    folder = Path(sys.argv[2] if len(sys.argv) == 3 else __file__ + "/..").resolve()
    rows = session(binary)
    for theme, colours in THEMES.items():
        (folder / f"{theme}.svg").write_text(picture(rows, colours), encoding="utf-8")


if __name__ == "__main__":
    main()
