"""The words of a bounce: what the mail system wrote, without the mail that it sends back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from digest.feedback.parts import MimePart

_LONGEST, _LONGEST_LINE, _LONGEST_HTML = 20_000, 300, 100_000
_SENT_BACK = frozenset(
    {"message/rfc822", "text/rfc822-headers", "message/delivery-status", "message/global"}
)
_ORIGINAL = re.compile(
    r"[-=_ ]{2,}.{0,20}(original|returned|unsent|undelivered|your) (message|mail|email)\b.{0,60}"
    r"|[-= ]*(this is a copy of|below this line is a copy|message headers? follow).{0,80}"
    r"|.{0,30}(original|returned) (message|mail)( headers?)?"
    r"( follows| is (included|attached)| below).{0,40}"
    r"|(the )?(header|body) of the (original )?message.{0,40}|received: (from|by) .*"
    r"|return-path: .*",
    re.IGNORECASE,
)
_QUOTES = " \t>*|#"
_TAG = re.compile(r"<[/!]?[a-z][^<>@]{0,400}>", re.IGNORECASE)
_UNSEEN = ("style", "script", "head")


def notice_of(parts: Sequence[MimePart]) -> str:
    """Return the first text that a reader sees, up to the mail it sends back."""
    shallow = takewhile(lambda part: part.content_type not in _SENT_BACK, parts)
    texts = (_words(part) for part in shallow if part.content_type.startswith("text/"))
    first = next((text for text in texts if text.strip()), parts[0].text[:_LONGEST])
    own = "\n".join(_own_lines(first))
    return own if own.strip() else first


def _own_lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if _ORIGINAL.fullmatch(line[:_LONGEST_LINE].strip(_QUOTES)):
            return
        yield line


def _words(part: MimePart) -> str:
    if part.content_type != "text/html":
        return part.text[:_LONGEST]
    text = part.text[:_LONGEST_HTML]
    for name in _UNSEEN:
        text = _without(text, name)
    return _TAG.sub(" ", text).replace("&lt;", "<").replace("&gt;", ">")[:_LONGEST]


def _without(html: str, name: str) -> str:
    """Return HTML without the elements of that name; an element that never ends goes to the end."""
    kept: list[str] = []
    lower, at = html.lower(), 0
    while (begin := lower.find(f"<{name}", at)) >= 0:
        kept.append(html[at:begin])
        end = lower.find(f"</{name}", begin)
        at = len(html) if end < 0 else end
        lower_end = lower.find(">", at)
        at = len(html) if lower_end < 0 else lower_end + 1
    return "".join([*kept, html[at:]])
