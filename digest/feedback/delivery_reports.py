"""A delivery status notification's recipients (RFC 3464): what is said of each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from digest.feedback.addresses import addresses_in
from digest.feedback.parts import MimePart, fields_of

_MOST_RECIPIENTS, _LONGEST = 50, 100_000
_EMPTY_LINE = re.compile(r"\n[ \t]*\n")
_OF_A_RECIPIENT = frozenset({"final-recipient", "original-recipient", "action", "status"})
_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})


@dataclass(frozen=True, slots=True)
class ReportedRecipient:
    """A recipient's block of fields; `action` is one of RFC 3464 2.3.3's words, or ""."""

    addresses: tuple[str, ...]
    action: str
    status: str
    said: str


def reported_recipients(parts: Sequence[MimePart]) -> tuple[ReportedRecipient, ...]:
    """Return what the delivery-status parts say of each recipient; () if there are none."""
    found: list[ReportedRecipient] = []
    for part in parts:
        if part.content_type in _TYPES:
            found += (_recipient(block) for block in _blocks(part.text))
    return tuple(one for one in found[:_MOST_RECIPIENTS] if one.addresses or one.status)


def _blocks(text: str) -> Iterator[dict[str, list[str]]]:
    """Yield each block of fields; one that names a second final recipient is two."""
    for lines in _EMPTY_LINE.split(text[:_LONGEST])[: 2 * _MOST_RECIPIENTS]:
        block: dict[str, list[str]] = {}
        for name, value in fields_of(lines.encode("utf-8", "replace")):
            if name == "final-recipient" and name in block:
                yield block
                block = {}
            block.setdefault(name, []).append(value)
        if _OF_A_RECIPIENT & set(block):
            yield block


def _recipient(block: dict[str, list[str]]) -> ReportedRecipient:
    names = ("final-recipient", "original-recipient", "x-actual-recipient")
    action = block.get("action", [""])[0].lower().split(" ")[0].strip()
    return ReportedRecipient(
        addresses_in(value for name in names for value in block.get(name, [])),
        action,
        block.get("status", [""])[0].strip(),
        " ".join(
            value.partition(";")[2].strip() or value for value in block.get("diagnostic-code", [])
        ),
    )
