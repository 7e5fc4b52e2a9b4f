"""A mail parsed once for all rules: its elements, what can be seen, and its style sheets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache

from lxml import etree

from digest.render.lint.finding import Expectations, Mail

_DECLARATION = re.compile(r"\s*([\w-]+)\s*:\s*((?:[^;\"'(]|\([^)]*\)|\"[^\"]*\"|'[^']*')+)")
_HIDDEN = re.compile(r"display:none|visibility:hidden|mso-hide:all")
_STYLED = etree.XPath("descendant-or-self::*[@style]")
_SHOWN = 60
_LABELS = ("href", "src", "class")


class Sheet:
    """The material of the rules. `want` is what the mail has to say."""

    def __init__(self, mail: Mail, want: Expectations) -> None:
        """Parse the mail as browsers do; anything parses."""
        self.mail = mail
        self.want = want
        self.root = _parsed(mail.html)

    def all(self, *tags: str) -> Iterator[etree._Element]:
        """Yield elements of these tags in order; every element without tags."""
        yield from self.root.iter(*(tags or (etree.Element,)))

    @cached_property
    def styles(self) -> tuple[str, ...]:
        """The style sheets of the head, as written."""
        return tuple("".join(element.itertext()) for element in self.all("style"))

    @cached_property
    def links(self) -> tuple[tuple[etree._Element, str], ...]:
        """Every link with its address."""
        return tuple(
            (one, one.get("href", "").strip()) for one in self.all("a") if "href" in one.attrib
        )

    def hidden(self, element: etree._Element) -> bool:
        """Say whether the element or one around it is not shown."""
        return element in self._hidden

    @cached_property
    def _hidden(self) -> frozenset[etree._Element]:
        """Every element that is not shown, found once: each rule asks of each text."""
        tops = (one for one in _STYLED(self.root) if _hides(one.get("style")))
        return frozenset(inner for top in tops for inner in top.iter(etree.Element))

    @cached_property
    def body_text(self) -> str:
        """All words of the body that can be seen, in one line."""
        body = self.root.find(".//body")
        if body is None:
            return ""
        shown = (text for element, text in texts(body) if not self.hidden(element))
        return " ".join(" ".join(shown).split())


@lru_cache(maxsize=4096)  # a mail has the same few styles hundreds of times
def _hides(style: str) -> bool:
    return _HIDDEN.search(style.replace(" ", "").lower()) is not None


def _parsed(markup: str) -> etree._Element:
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
        if element.tag in {"style", "script", "title", "head"}:
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
