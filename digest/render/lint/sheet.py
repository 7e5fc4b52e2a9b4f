"""A mail parsed once for all rules: its elements, its facts, and its style sheets."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from lxml import etree

from digest.render.lint.elements import hides, parsed
from digest.render.lint.facts import KnownBlocks, PageFacts, facts_of
from digest.render.lint.finding import Expectations, Mail

_STYLED = etree.XPath("descendant-or-self::*[@style]")


class Sheet:
    """The material of the rules. `want` is what the mail has to say."""

    def __init__(self, mail: Mail, want: Expectations, known: KnownBlocks | None = None) -> None:
        """Take a mail; what is `known` of its blocks need not be parsed again."""
        self.mail = mail
        self.want = want
        self._known = known

    @cached_property
    def root(self) -> etree._Element:
        """The mail, parsed as browsers do when a rule asks for it; anything parses."""
        return parsed(self.mail.html)

    @cached_property
    def facts(self) -> PageFacts:
        """Links and texts: all that rules of a variant ask of its HTML."""
        blocks = self.mail.blocks
        summed = None
        if self._known is not None and "".join(blocks) == self.mail.html:
            summed = self._known.facts(blocks)
        return facts_of(self.root) if summed is None else summed

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
        tops = (one for one in _STYLED(self.root) if hides(one.get("style")))
        return frozenset(inner for top in tops for inner in top.iter(etree.Element))

    @cached_property
    def body_text(self) -> str:
        """All words of the body that can be seen, in one line."""
        return " ".join(" ".join(self.facts.shown).split())
