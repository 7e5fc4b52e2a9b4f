"""An issue as bytes that never change: what is approved is what is sent, provably.

The JSON is canonical (sorted keys, no blanks, ASCII only), so equal issues have equal SHA-256
sums on every machine. It carries a version: a later Digest refuses what it cannot read instead of
sending something else. No file and no database is touched here.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache

from pydantic import TypeAdapter, ValidationError

from digest.errors import StoreError
from digest.models.issues import Issue

VERSION = 1


@dataclass(frozen=True, slots=True)
class Frozen:
    """An issue's canonical JSON, and the SHA-256 of its bytes in lower-case hexadecimal."""

    json: str
    sha256: str


def freeze(issue: Issue) -> Frozen:
    """Write the issue down; equal issues give equal bytes.

    Raises StoreError if a text holds half of a surrogate pair or a figure is not finite: neither
    would come back as it went in.
    """
    try:
        content = {"version": VERSION, "issue": _adapter().dump_python(issue, mode="json")}
        _canonical(content, ascii_only=False).encode("utf-8")
        text = _canonical(content, ascii_only=True)
    except ValueError as error:
        raise StoreError(
            f"the issue cannot be written as JSON ({error})",
            where=issue.key,
            fix="Build the issue again; if it happens again, drop the story it names",
        ) from error
    return Frozen(json=text, sha256=digest_of(text))


def thaw(text: str) -> Issue:
    """Read back what `freeze` wrote.

    Raises StoreError if the text is no frozen issue, or one of another version.
    """
    try:
        envelope = json.loads(text)
    except ValueError as error:
        raise _unreadable(f"it is not JSON ({error})") from error
    if not isinstance(envelope, dict) or "issue" not in envelope:
        raise _unreadable("it holds no issue")
    if envelope.get("version") != VERSION:
        raise StoreError(
            f"this issue was frozen as version {envelope.get('version')!r}, and this Digest reads "
            f"version {VERSION}",
            where="frozen issue",
            fix="Finish it with the Digest that built it, or cancel it and build it again",
        )
    try:
        return _adapter().validate_json(json.dumps(envelope["issue"]))
    except ValidationError as error:
        raise _unreadable(str(error).splitlines()[0]) from error


def digest_of(text: str) -> str:
    """Return the SHA-256 of a frozen issue's text, to compare with the one that was recorded."""
    return hashlib.sha256(text.encode("ascii", "backslashreplace")).hexdigest()


def _canonical(content: object, *, ascii_only: bool) -> str:
    return json.dumps(
        content,
        ensure_ascii=ascii_only,
        allow_nan=False,
        separators=(",", ":"),
        sort_keys=True,
    )


@cache
def _adapter() -> TypeAdapter[Issue]:
    return TypeAdapter(Issue)


def _unreadable(reason: str) -> StoreError:
    return StoreError(
        f"the frozen issue cannot be read: {reason}",
        where="frozen issue",
        fix="Restore the database from its last backup, or cancel the issue and build it again",
    )
