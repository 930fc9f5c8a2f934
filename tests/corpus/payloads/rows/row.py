"""What a row is: a payload, its fault in words, and everything that must be said of it."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A file of the corpus."""

    provider: str
    event: str
    what: str
    fault: str
    content: bytes
    # `severity code /pointer` of each finding, in order.
    findings: tuple
    # Parts of the messages of the findings.
    says: tuple = ()

    @property
    def name(self):
        """Where the file stands."""
        return f"{self.provider}/{self.event}.{self.what}.json"

    def expected(self):
        """The row as it stands in its `.expected.json`, without what is not there."""
        severities = {finding.split()[0] for finding in self.findings}
        assert severities <= {"error", "warning"}, self.name
        status = "invalid" if "error" in severities else "warnings" if severities else "valid"
        said = {
            "provider": self.provider,
            "event": self.event,
            "fault": self.fault,
            "status": status,
            "findings": list(self.findings),
        }
        if "warning" in severities:
            # With `--strict` every warning is an error.
            said["strict"] = "invalid"
        if self.says:
            said["says"] = list(self.says)
        return said


def compact(value):
    """JSON without white space, as UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def teller(provider):
    """Makes the rows of one provider."""

    def row(event, what, fault, value, *findings, says=()):
        content = value if isinstance(value, bytes) else compact(value)
        return Row(provider, event, what, fault, content, findings, tuple(says))

    return row


def steps(value, pointer):
    """What holds the place of a JSON Pointer, and the key of the place in it."""
    *above, last = pointer.removeprefix("/").split("/")
    for step in above:
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value, int(last) if isinstance(value, list) else last


def but(value, places):
    """The same with other values in the places of these JSON Pointers."""
    changed = copy.deepcopy(value)
    for pointer, new in places.items():
        holder, key = steps(changed, pointer)
        holder[key] = new
    return changed


def without(value, *pointers):
    """The same without the members in these places."""
    changed = copy.deepcopy(value)
    for pointer in pointers:
        holder, key = steps(changed, pointer)
        del holder[key]
    return changed


def named(pointer):
    """A place as it stands in the name of a file."""
    return pointer.removeprefix("/").replace("/", "-")
