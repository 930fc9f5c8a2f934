"""What a row is: a file, its fault in words, and what must be said of it."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field

from .forms import capture
from .requests import Request


@dataclass(frozen=True)
class Verdict:
    """What the verdict on one request must say; every code and every place, in order."""

    signature: str
    explanations: tuple = ()
    payload: str = "valid"
    findings: tuple = ()
    matched: str | None = None
    # What the signature alone is remarked on.
    remarks: tuple = ()
    # Parts of the words of the explanations.
    says: tuple = ()
    # What is said of the digest of `--mine`: its code.
    mine: str | None = None

    def expected(self):
        """The verdict as it stands in an `.expected.json`."""
        own = {"mine": self.mine} if self.mine else {}
        return own | {
            "signature": self.signature,
            "matched": self.matched,
            "explanations": list(self.explanations),
            "remarks": list(self.remarks),
            "payload": self.payload,
            "findings": list(self.findings),
            "says": list(self.says),
        }


def holds(matched="raw", **more):
    """The signature holds."""
    return Verdict("valid", matched=matched, **more)


def fails(*explanations, signature="invalid", **more):
    """The signature does not hold, for these reasons."""
    return Verdict(signature, explanations, **more)


@dataclass(frozen=True)
class Row:
    """A file of the corpus."""

    # Its path: the folder is the kind.
    name: str
    fault: str
    content: bytes
    exit: int
    verdicts: tuple
    args: tuple = ()
    secrets: tuple = ("s3cret",)
    env: dict = field(default_factory=dict)
    # Lines of a file of candidates, in the folder of the run.
    candidates: str | None = None
    # Other files of the corpus, given after this one; their verdicts follow.
    also: tuple = ()
    # Codes and parts of the messages of the errors.
    errors: tuple = ()

    def expected(self):
        """The row as it stands in its `.expected.json`, without what is not there."""
        said = {"fault": self.fault, "exit": self.exit}
        optional = {
            "args": list(self.args),
            "secrets": None if self.secrets == ("s3cret",) else list(self.secrets),
            "env": self.env,
            "candidates": self.candidates,
            "also": list(self.also),
        }
        said |= {name: value for name, value in optional.items() if value or value == [] and name == "secrets"}
        said["verdicts"] = [verdict.expected() for verdict in self.verdicts]
        said["errors"] = [{"code": code, "says": list(says)} for code, *says in self.errors]
        return said


def row(name, fault, content, *verdicts, form=capture, exit=None, **more):
    """A row; a request is written as `form` writes it, and the exit status follows the verdicts."""
    if isinstance(content, Request):
        content = form(content)
    if exit is None:
        sound = all(v.signature == "valid" and v.payload != "invalid" for v in verdicts)
        exit = 0 if sound else 1
    return Row(name, fault, content, exit, verdicts, **more)
