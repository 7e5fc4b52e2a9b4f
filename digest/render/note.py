"""The editor's note: a little Markdown → safe markup and plain text.

Paragraphs, *emphasis*, **strong** and [links](https://…), which is what a note is made of. The text
is escaped before anything is marked up: what else is written, tags included, stays text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from markupsafe import Markup, escape

from digest.models.editors import EditorsNote
from digest.render.environment import safe_markup
from digest.render.plaintext import clean, clip, link

_LENGTH = 4000
_PARAGRAPH = re.compile(r"(?:\r?\n[ \t]*){2,}")
_LINK = re.compile(r"\[([^\[\]]+)\]\(([^()\s]+)\)")
_STRONG = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_EMPHASIS = re.compile(r"(?<![\w*])[*_](?=\S)([^*_]+?)(?<=\S)[*_](?![\w*])")


@dataclass(frozen=True, slots=True)
class NoteView:
    """The note as templates see it: paragraphs as markup and as text, and who says it."""

    paragraphs: tuple[Markup, ...]
    lines: tuple[str, ...]
    byline: str


def note_view(note: EditorsNote | None) -> NoteView | None:
    """Return the note, or None if it says nothing."""
    written = clip(note.text, _LENGTH) if note else ""
    paragraphs = [said for part in _PARAGRAPH.split(written) if (said := clean(part))]
    if note is None or not paragraphs:
        return None
    return NoteView(
        tuple(_marked_up(part) for part in paragraphs),
        tuple(_plain(part) for part in paragraphs),
        clip(clean(note.byline), 80),
    )


def _marked_up(text: str) -> Markup:
    """Escape first; then links, whose addresses are checked; then strong and emphasis."""

    def anchor(found: re.Match[str]) -> str:
        address = link(unescape(found.group(2)))
        label = found.group(1)
        return f'<a href="{escape(address)}" class="ink">{label}</a>' if address else label

    parts = re.split(r"(<a [^>]*>)", _LINK.sub(anchor, str(escape(text))))
    return safe_markup(
        "".join(part if part.startswith("<a ") else _stressed(part) for part in parts)
    )


def _stressed(text: str) -> str:
    return _EMPHASIS.sub(r"<i>\1</i>", _STRONG.sub(r"<b>\1</b>", text))


def _plain(text: str) -> str:
    """Return the text with each link's address after its words."""
    said = _LINK.sub(lambda found: f"{found.group(1)} <{link(found.group(2))}>", text)
    return _EMPHASIS.sub(r"\1", _STRONG.sub(r"\1", said)).replace(" <>", "")
