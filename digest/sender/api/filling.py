"""The holes of a variant: filled for one recipient, or turned into a provider's own variables.

Values are plain text. In HTML they are escaped here, never by a provider: most do not escape.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from email.utils import formataddr
from html import escape
from typing import NamedTuple

from digest.models.calls import Call, Content, Share


class Bodies(NamedTuple):
    """The two parts of a mail."""

    html: str
    text: str


def filled(content: Content, share: Share) -> Bodies:
    """Return both parts as this recipient gets them."""
    html, text = content.html, content.text
    for token, name in content.holes.items():
        html = html.replace(token, escape(share.values[name], quote=True))
        text = text.replace(token, share.values[name])
    return Bodies(html, text)


def with_variables(content: Content, variable: Callable[[str], str]) -> Bodies:
    """Return both parts with `variable(name)` in each hole; in HTML the name ends in "_html"."""
    html, text = content.html, content.text
    for token, name in content.holes.items():
        html = html.replace(token, variable(f"{name}_html"))
        text = text.replace(token, variable(name))
    return Bodies(html, text)


def variables(content: Content, share: Share) -> dict[str, str]:
    """Return the values of the variables that `with_variables` puts into the holes."""
    names = set(content.holes.values())
    plain = {name: share.values[name] for name in sorted(names)}
    return plain | {f"{name}_html": escape(value, quote=True) for name, value in plain.items()}


def sender(content: Content) -> str:
    """Return From as one text: "Name <address>"."""
    return formataddr((content.from_name, content.from_addr_spec), charset="utf-8")


def headers_of(call: Call, share: Share) -> dict[str, str]:
    """Return a recipient's header fields: those of the list, and their own."""
    return dict((*call.content.headers, *share.headers))


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
