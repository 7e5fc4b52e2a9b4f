"""The HTML of others allowed in a mail: words with marks inside a line, and nothing else. No IO.

The collector writes such HTML, and rendering believes none of it unproved: both ask here, so there
is one list. It is the only module that knows nh3.
"""

from __future__ import annotations

import re

import nh3

# Marks that change what words say and that every mail program shows; see docs/sources.md.
STRESS = frozenset({"b", "strong", "i", "em", "code", "sub", "sup", "cite"})
SCHEMES = frozenset({"http", "https", "mailto"})
LONGEST = 2_000
"""Characters of such a piece with its tags; addresses are most of it."""

_OPEN_LINK = '<a href="'
_TAGS = {"a", *STRESS}
# RFC 3986 section 2, with "&" written as HTML has it.
_ADDRESS = r"(?:http://|https://|mailto:)(?:[\w\-.~:/?#\[\]@!$'()*+,;=%]|&amp;)++"
_GRAMMAR = re.compile(
    rf"(?:[^<>&\x00-\x1f\x7f-\xa0\ud800-\udfff]++|&(?:amp|lt|gt);|</?(?:{'|'.join(sorted(STRESS))})>|"
    rf"{_OPEN_LINK}{_ADDRESS}\">|</a>)*+",
    re.ASCII,
)
_TAG = re.compile(r"<[^>]*>")


def is_proved(markup: str) -> bool:
    """Tell whether `markup` holds only words, stress and absolute http, https or mailto links.

    Two that share no code must agree: a grammar in which nothing else can be written, and nh3,
    which must find nothing to take out, to close or to write otherwise.
    """
    if len(markup) > LONGEST or not _GRAMMAR.fullmatch(markup):
        return False
    return markup == nh3.clean(
        markup,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes=set(SCHEMES),
        link_rel=None,
    )


def words_of(proved: str) -> str:
    """Return the words of HTML that is proved, as a reader sees them."""
    return unescaped(_TAG.sub("", proved))


def dressed(proved: str, look: str) -> str:
    """Return every link the class `look`: no other text that is proved holds its beginning."""
    return proved.replace(_OPEN_LINK, f'<a class="{look}" href="')


def opening(tag: str, address: str = "") -> str:
    """Write the beginning of a mark."""
    return f'{_OPEN_LINK}{escaped(address)}">' if tag == "a" else f"<{tag}>"


def escaped(text: str) -> str:
    """Write text as the grammar has it: quotation marks stay, they are no markup there."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescaped(text: str) -> str:
    """Read what `escaped` wrote."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
