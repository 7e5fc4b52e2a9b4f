"""An excerpt once more as HTML: the same words, with the stress and the links they had.

Nothing of the source's HTML is passed on: marks are written anew around the plain text, and what
is not proved to be harmless (digest/inline_html.py) does not leave.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from digest.collector.articles.excerpt import Excerpt
from digest.collector.articles.inline_marks import Mark, Marker, Stretch, shared
from digest.collector.articles.markup import Fragment
from digest.inline_html import escaped, is_proved, opening, words_of

_ELLIPSIS = "\u2026"


def excerpt_html(excerpt: Excerpt, fragment: Fragment, page: str) -> str:
    """Return the excerpt of this fragment with its marks, links resolved against `page`.

    "" where the plain text says as much: nothing is marked, or all of it alike. Links are left
    out where they make it too long, or where one is no address after all.
    """
    if not any(fragment.runs):
        return ""
    linked = list(_stretches(excerpt, fragment, Marker(page)))
    linked = _without_what_is_everywhere(linked)
    return _proved(linked, excerpt.text) or _proved(
        [Stretch(one.text, _stress(one.marks)) for one in linked], excerpt.text
    )


def _proved(marked: Sequence[Stretch], text: str) -> str:
    """Write it, if it says more than the text and the proof holds."""
    html = _written(marked) if any(one.marks for one in marked) else ""
    return html if html and is_proved(html) and words_of(html) == text else ""


def _stretches(excerpt: Excerpt, fragment: Fragment, marker: Marker) -> Iterator[Stretch]:
    """Yield the paragraphs that the excerpt was taken from, each cut where it was."""
    length = -1
    for number, taken in excerpt.taken:
        if length >= 0:
            yield Stretch(" ")
        runs = fragment.runs[number] if number < len(fragment.runs) else ()
        yield from _first(taken, marker.stretches(fragment.paragraphs[number], runs))
        length += 1 + taken
    yield Stretch(excerpt.text[max(length, 0) :])


def _first(length: int, marked: Iterable[Stretch]) -> Iterator[Stretch]:
    """Yield so many characters."""
    for one in marked:
        if length > 0:
            yield Stretch(one.text[:length], one.marks)
        length -= len(one.text)


def _without_what_is_everywhere(marked: Sequence[Stretch]) -> list[Stretch]:
    """Drop stress that every word has: that is how a site sets its first paragraph."""
    words = [one.marks for one in marked if one.text.strip(f" {_ELLIPSIS}")]
    everywhere = set(_stress(words[0])).intersection(*words) if words else set()
    return [
        Stretch(one.text, tuple(mark for mark in one.marks if mark not in everywhere))
        for one in marked
    ]


def _stress(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    return tuple(mark for mark in marks if not mark.address)


def _written(marked: Iterable[Stretch]) -> str:
    """Write the stretches; a mark that goes on is not closed, so that all are properly nested."""
    parts: list[str] = []
    before: tuple[Mark, ...] = ()
    for one in (*marked, Stretch("")):
        going_on = len(shared(before, one.marks))
        parts += [f"</{mark.tag}>" for mark in reversed(before[going_on:])]
        parts += [opening(mark.tag, mark.address) for mark in one.marks[going_on:]]
        parts.append(escaped(one.text))
        before = one.marks
    return "".join(parts)
