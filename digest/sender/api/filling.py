"""The holes of a variant: filled for one recipient, or turned into a provider's own variables.

Values are plain text. In HTML they are escaped here, never by a provider: most do not escape.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from email.utils import formataddr
from functools import lru_cache
from html import escape
from typing import NamedTuple

from digest.models.calls import Call, Content, Share
from digest.sender.api.json_body import EncodedText, TextWithHoles, inside

_KEPT = 16  # variants that are under way


class Bodies(NamedTuple):
    """The two parts of a mail."""

    html: str
    text: str


class EncodedBodies(NamedTuple):
    """The two parts of a mail as JSON writes them, for `json_body.json_of`."""

    html: EncodedText
    text: EncodedText


def filled(content: Content, share: Share) -> EncodedBodies:
    """Return both parts as this recipient gets them."""
    html, text = _cut(content)
    plain, marked = {}, {}
    for name in _names(content):
        value = share.values[name]
        inner = escape(value)
        plain[name] = inside(value)
        # Most are links, in which there is nothing to escape.
        marked[name] = plain[name] if inner is value else inside(inner)
    return EncodedBodies(html.filled(marked), text.filled(plain))


@lru_cache(maxsize=_KEPT)
def _cut(content: Content) -> tuple[TextWithHoles, TextWithHoles]:
    return _cut_at(content.html, content.holes), _cut_at(content.text, content.holes)


def _cut_at(text: str, holes: Mapping[str, str]) -> TextWithHoles:
    if not holes:
        return TextWithHoles([inside(text)], [])
    longest_first = sorted(holes, key=len, reverse=True)
    pieces = re.split(f"({'|'.join(map(re.escape, longest_first))})", text)
    names = [holes[token] for token in pieces[1::2]]
    pieces[1::2] = [""] * len(names)
    return TextWithHoles([inside(piece) for piece in pieces], names)


@lru_cache(maxsize=_KEPT)
def with_variables(content: Content, variable: Callable[[str], str]) -> Bodies:
    """Return both parts with `variable(name)` in each hole; in HTML the name ends in "_html"."""
    html, text = content.html, content.text
    for token, name in content.holes.items():
        html = html.replace(token, variable(f"{name}_html"))
        text = text.replace(token, variable(name))
    return Bodies(html, text)


def variables(content: Content, share: Share) -> dict[str, str]:
    """Return the values of the variables that `with_variables` puts into the holes."""
    plain = {name: share.values[name] for name in _names(content)}
    return plain | {f"{name}_html": escape(value) for name, value in plain.items()}


@lru_cache(maxsize=_KEPT)
def _names(content: Content) -> tuple[str, ...]:
    return tuple(sorted({*content.holes.values()}))


@lru_cache(maxsize=_KEPT)
def sender(content: Content) -> str:
    """Return From as one text: "Name <address>"."""
    return formataddr((content.from_name, content.from_addr_spec), charset="utf-8")


def headers_of(call: Call, share: Share) -> dict[str, str]:
    """Return a recipient's header fields: those of the list, and their own."""
    return dict((*call.content.headers, *share.headers))


@lru_cache(maxsize=_KEPT)
def neutral(content: Content, opening: str, html: str, text: str) -> Content:
    """Return the content with every `opening` of a variable that a story holds made inert."""
    return replace(
        content,
        html=content.html.replace(opening, html),
        text=content.text.replace(opening, text),
        subject=content.subject.replace(opening, text),
    )


def without(headers: dict[str, str], *names: str) -> dict[str, str]:
    """Return the header fields but those that the provider writes itself; names in lower case."""
    return {name: value for name, value in headers.items() if name.lower() not in names}
