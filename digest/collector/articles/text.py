"""Feed text → plain text: one line, no markup, no characters that lie about what is read."""

from __future__ import annotations

import html
import re
import unicodedata

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,2000}>|<!--.*?-->", re.DOTALL)
_SCRIPT = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
# Bidi overrides and isolates, invisible operators, byte order marks, line and paragraph marks.
# ZWJ and ZWNJ stay: Persian, Hindi and emoji need them.
_INVISIBLE = re.compile(r"[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc]")
_DROPPED = frozenset({"Cc", "Co", "Cn", "Cs"})


def plain(text: str) -> str:
    """Return `text` as one clean line.

    Entities are decoded (twice where they were encoded twice), mojibake is repaired where that
    is certain, invisible and private characters go. Tags are kept as they are, see `untagged`.
    """
    return plain_text(_decoded(text))


def plain_text(text: str) -> str:
    """Return `text`, which is no HTML, as one clean line: nothing in it is decoded."""
    line = " ".join(repair(text).split())
    if line.isascii() and line.isprintable():
        return line
    if not line.isprintable():  # what follows costs a look at every character
        line = _INVISIBLE.sub("", line)
        line = "".join(c for c in line if unicodedata.category(c) not in _DROPPED)
    return " ".join(unicodedata.normalize("NFC", line).split())


def untagged(text: str) -> str:
    """Return a title's `text` without markup that was escaped into it; `a < b` stays."""
    decoded = _decoded(text)
    return plain(_TAG.sub(" ", _SCRIPT.sub(" ", decoded)) if "<" in decoded else decoded)


def _decoded(text: str) -> str:
    if "&" not in text:
        return text
    once = html.unescape(text)
    return html.unescape(once) if _ENTITY.search(once) else once


def clip(text: str, length: int) -> str:
    """Cut `text` to at most `length` characters, at a word, with an ellipsis."""
    if len(text) <= length:
        return text
    head = text[: length - 1]
    at_word = head.rsplit(" ", 1)[0] if " " in head[length // 2 :] else head
    return at_word.rstrip(" ,;:-\u2013\u2014") + "\u2026"


def repair(text: str) -> str:
    """Undo "UTF-8 read as Windows-1252" where every suspicious character is part of it."""
    if text.isascii() or not _SEQUENCE.search(text):
        return text
    for _ in range(2):
        repaired = _repaired(text)
        if repaired == text:
            break
        text = repaired
    return text


def _byte_table() -> dict[str, int]:
    table = {chr(code): code for code in range(0x80, 0x100)}
    for code in range(0x80, 0xA0):
        try:
            table[bytes([code]).decode("cp1252")] = code
        except UnicodeDecodeError:
            continue  # five bytes have no character there and stay C1 controls
    return table


_BYTES = _byte_table()
_FIRST_LEAD = 0xC0  # bytes below it continue a sequence (RFC 3629 section 3)
_REST = "[" + "".join(re.escape(c) for c, code in _BYTES.items() if code < _FIRST_LEAD) + "]"
_SEQUENCE = re.compile(
    f"[\u00c2-\u00df]{_REST}|[\u00e0-\u00ef]{_REST}{{2}}|[\u00f0-\u00f4]{_REST}{{3}}"
)
_HONEST = re.compile("[\u00c0-\u00ff]")


def _repaired(text: str) -> str:
    """Repair only if every accented letter is part of such a sequence: one honest "é" vetoes."""
    if _HONEST.search(_SEQUENCE.sub("", text)):
        return text
    try:
        return _SEQUENCE.sub(lambda found: bytes(_BYTES[c] for c in found[0]).decode(), text)
    except UnicodeDecodeError:
        return text
