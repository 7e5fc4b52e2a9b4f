"""The mail that came back, inside the one that brings it: its Message-ID, addresses and links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from digest.feedback.addresses import addresses_in
from digest.feedback.parts import MimePart

_MOST = 20
_LONGEST_TEXT = 100_000
_RECEIVERS = (
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "to",
    "cc",
    "received",
)
_SENDERS = ("return-path", "x-envelope-from", "x-original-from", "errors-to", "sender")
_ID = re.compile(r"^[ \t>]*message-id:\s*(<[^<>\s]{1,250}>)", re.IGNORECASE | re.MULTILINE)
_LINK = re.compile(r"https?://[^\s<>\"')]{1,900}")
_FOLD = re.compile(r"\n[ \t]+")


def original_ids(parts: Sequence[MimePart]) -> tuple[str, ...]:
    """Return the Message-IDs of mails that the parts hold, in their order."""
    found = [value.strip() for part in parts[1:] for value in part.all("message-id")]
    found += (match[1] for part in parts for match in _ID.finditer(part.text[:_LONGEST_TEXT]))
    return tuple(dict.fromkeys(found))[:_MOST]


def unsubscribe_links(parts: Sequence[MimePart]) -> tuple[str, ...]:
    """Return the links in List-Unsubscribe fields, of parts and of headers quoted as text."""
    return tuple(dict.fromkeys(_links(parts)))[:_MOST]


def _links(parts: Sequence[MimePart]) -> Iterator[str]:
    for part in parts:
        for value in part.all("list-unsubscribe"):
            yield from _LINK.findall(value)
        text = _FOLD.sub(" ", part.text[:_LONGEST_TEXT])
        for line in re.findall(
            r"^[ \t>]*list-unsubscribe:([^\n]*)", text, re.IGNORECASE | re.MULTILINE
        ):
            yield from _LINK.findall(line)


def candidates(parts: Sequence[MimePart]) -> tuple[str, ...]:
    """Return addresses that may be a reverse path of ours, the likelier first.

    A bounce is sent to the reverse path, so the mail's own receivers come first; then the reverse
    path that the returned mail names; then any address in the text.
    """
    top = parts[0]
    received = (value for name in _RECEIVERS for value in top.all(name))
    returned = (value for part in parts[1:] for name in _SENDERS for value in part.all(name))
    texts = (part.text[:_LONGEST_TEXT] for part in parts)
    found = (*addresses_in(received), *addresses_in(returned), *addresses_in(texts))
    return tuple(dict.fromkeys(found))
