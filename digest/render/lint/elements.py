"""The elements of a page: parsed, told to a person, and with the styles they carry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

SILENT = frozenset({"style", "script", "title", "head"})
"""Elements whose text nobody reads."""

_DECLARATION = re.compile(r"\s*([\w-]+)\s*:\s*((?:[^;\"'(]|\([^)]*\)|\"[^\"]*\"|'[^']*')+)")
_HIDDEN = re.compile(r"display:none|visibility:hidden|mso-hide:all")
_SHOWN = 60
_LABELS = ("href", "src", "class")


@lru_cache(maxsize=4096)  # a mail has the same few styles hundreds of times
def hides(style: str) -> bool:
    """Say whether a style attribute hides its element."""
    return _HIDDEN.search(style.replace(" ", "").lower()) is not None


def parsed(markup: str) -> etree._Element:
    """Parse as browsers do; what holds nothing is an empty page."""
    parser = etree.HTMLParser(huge_tree=True, encoding="utf-8")
    try:
        root = etree.fromstring(markup.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        root = None
    return etree.Element("html") if root is None else root


def texts(body: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Yield each text with the element it stands in; style sheets and comments are no text."""
    for element in body.iter(etree.Element):
        if element.tag in SILENT:
            continue
        if element.text and element.text.strip():
            yield element, element.text.strip()
        for child in element:
            if child.tail and child.tail.strip():
                yield element, child.tail.strip()


def declarations(style: str) -> dict[str, str]:
    """Return property → value of a style attribute or a rule's body, in lower case."""
    return dict(_declared(style))


@lru_cache(maxsize=4096)
def _declared(style: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (found.group(1).lower(), found.group(2).strip().lower())
        for found in _DECLARATION.finditer(style)
    )


def words(element: etree._Element) -> str:
    """Return an element's text in one line."""
    return " ".join("".join(element.itertext()).split())


def place(element: etree._Element) -> str:
    """Say where an element is, for a person: its tag, and its words or its address."""
    said = words(element)
    if said:
        return f'<{element.tag}> "{cut(said)}"'
    label = next((name for name in _LABELS if element.get(name)), "")
    return (
        f'<{element.tag} {label}="{cut(element.get(label, ""))}">' if label else f"<{element.tag}>"
    )


def cut(text: str) -> str:
    """Shorten a text to what fits beside a finding."""
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
