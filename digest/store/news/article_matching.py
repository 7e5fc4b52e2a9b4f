"""Whether an article that was met is one that is known: by guid, by address, by its words. Pure.

Guid and address count together. A guid that a site uses twice, and an address that several stories
share, do not make two stories one: then the words decide. A site may give an article a new address,
a new headline or a new guid: then what stayed decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from digest.models.articles import Article

_WORD = re.compile(r"\w{3,}")
_RELATED = 0.34  # of the words of the shorter one: less is another story
_ALIKE = 0.6
_NEAR = timedelta(hours=12)
_NOW = timedelta(0)
A_DAY = timedelta(days=1)
# A text that tells an article under a new address; a canned phrase is shorter.
_TELLING_TEXT = 60


@dataclass(slots=True)
class KnownNames:
    """A known article, as far as telling it again needs: `guids` are those of its sources.

    `claims` are the sources that brought it in this save, `pages` the keys of its pages.
    """

    id: str
    number: int | None
    source_id: str
    title: str
    excerpt: str
    published: datetime | None
    guids: dict[str, int] = field(default_factory=dict)
    claims: set[str] = field(default_factory=set)
    pages: set[int] = field(default_factory=set)


def is_the_same(met: Article, known: KnownNames, guid: int | None, *, crowded: bool) -> bool:
    """Tell whether `met` is the article `known`, which has its page.

    `guid` is the key of its own guid, None where that only repeats the address or there is none;
    `crowded` says that the page has several stories.
    """
    other = known.guids.get(met.source_id)
    changed_guid = guid is not None and other is not None and guid != other
    same_title = _letters(met.title) == _letters(known.title)
    if changed_guid or met.source_id in known.claims:
        return is_word_for_word(met, known)
    if crowded:
        again = same_title and other is None and not _differs(_shared_text(met, known))
        return again or is_word_for_word(met, known)
    if same_title:
        return not (_differs(_shared_text(met, known)) and _gap(met, known) >= _NEAR)
    if guid is not None or met.names.guid or met.source_id != known.source_id:
        return _gap(met, known) < _NEAR or _is_related(met, known)
    return _is_reworded(met, known)


def _is_reworded(met: Article, known: KnownNames) -> bool:
    """Tell whether an item without a guid has a new headline, or its page tells a new story."""
    gap, text = _gap(met, known), _shared_text(met, known)
    if gap == _NOW and met.published and known.published:
        return True
    if gap >= _NEAR:
        return text is not None and text >= _ALIKE
    return text is None or _is_related(met, known)


def _is_related(met: Article, known: KnownNames) -> bool:
    text = _shared_text(met, known)
    related = text is not None and text >= _RELATED
    return related or _shared(met.title, known.title) >= _RELATED


def has_its_guid(met: Article, known: KnownNames, *, same_page: bool) -> bool:
    """Tell whether a common guid makes `met` the article `known`: not where all else differs."""
    if met.source_id in known.claims:
        return is_word_for_word(met, known)
    text = _shared_text(met, known)
    related = _shared(met.title, known.title) >= _RELATED or (text is not None and text >= _RELATED)
    return same_page or related or _gap(met, known) == _NOW


def is_word_for_word(met: Article, known: KnownNames) -> bool:
    """Tell whether headline and text are the same, or the text and the moment."""
    gap, text = _gap(met, known), bool(met.excerpt) and met.excerpt == known.excerpt
    if _letters(met.title) == _letters(known.title):
        shared = _shared_text(met, known)
        return text or (gap == _NOW and not _differs(shared))
    return is_renamed(met, known) and met.published == known.published


def can_be_renamed(met: Article) -> bool:
    """Tell whether moment and text of an article would tell it under another address."""
    return met.published is not None and len(met.excerpt) >= _TELLING_TEXT


def is_renamed(met: Article, known: KnownNames) -> bool:
    """Tell whether `met` is `known` under another address and headline: same day, same text."""
    return can_be_renamed(met) and met.excerpt == known.excerpt and _gap(met, known) <= A_DAY


def _gap(met: Article, known: KnownNames) -> timedelta:
    """Return how far apart they are dated; nothing where one of them is not."""
    if met.published is None or known.published is None:
        return _NOW
    return abs(met.published - known.published)


def _differs(share: float | None) -> bool:
    return share is not None and share < _ALIKE


def _shared_text(met: Article, known: KnownNames) -> float | None:
    if not met.excerpt or not known.excerpt:
        return None
    return _shared(met.excerpt, known.excerpt)


def _shared(one: str, other: str) -> float:
    """Return the share of the shorter one's words that the other has too."""
    first, second = _words(one), _words(other)
    if not first or not second:
        return 0.0
    return len(first & second) / min(len(first), len(second))


def _words(text: str) -> set[str]:
    """Return the words; pairs of letters where a script sets no blanks."""
    found = set(_WORD.findall(text.casefold()))
    if len(found) > len(text) / 15:
        return found
    letters = _letters(text)
    return found | {letters[place : place + 2] for place in range(len(letters) - 1)}


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
