"""Workflow commands of GitHub Actions, which Forgejo and Gitea read too, as texts.

docs.github.com, "Workflow commands for GitHub Actions", read in November 2026: one a line, values
escaped. Nothing is printed here.
"""

from __future__ import annotations

import re

_PLACE = re.compile(r"^(?P<file>[\w./-]+\.(?:toml|html|txt|css|csv)):(?P<line>\d+)\b[: ]*")
_SHORTEST_SECRET = 6


def annotation(level: str, text: str, title: str = "Digest") -> str:
    """Return an annotation, beside its line where the text begins with "file.toml:14".

    `level` is "error", "warning" or "notice".
    """
    found = _PLACE.match(text)
    place = f"file={_property(found['file'])},line={found['line']}," if found else ""
    return f"::{level} {place}title={_property(title)}::{_data(text)}"


def group(title: str) -> str:
    """Return what begins a group of the log."""
    return f"::group::{_data(title)}"


END_GROUP = "::endgroup::"


def masks(secrets: tuple[str, ...]) -> list[str]:
    """Return what blots each secret, and each of its lines, out of the log."""
    lines = {line.strip() for secret in secrets for line in secret.splitlines()}
    return [f"::add-mask::{_data(one)}" for one in sorted(lines) if len(one) >= _SHORTEST_SECRET]


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
