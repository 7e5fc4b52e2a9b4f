"""Text in header fields: cleaned, encoded (RFC 2047) and folded (RFC 5322 section 2.2.3).

Feed text and readers' names end up here, so whatever comes in, one field comes out: no line
end, no control, and never a second field. Header *values with a syntax* (URLs, mailboxes) are
put together in headers.py.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable

_LINE = 76  # what a line with an encoded word may have (RFC 2047 section 2)
_WORD_ROOM = 63  # of the 75 characters of an encoded word, 12 are =?utf-8?b? and ?=
_FIRST_ROOM = _LINE - 12 - len("Reply-To: ")  # beside the longest name of a field with words
_LONGEST_RAW_WORD = 66

_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_BREAKING = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029\ufeff]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_PRINTABLE = re.compile(r"[ -~]*")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+(?: [A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+)*")
_Q_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")


def clean(text: str, *, longest: int | None = None) -> str:
    """Return `text` on one line: controls and line ends become a space, bidi controls vanish.

    `longest` is in characters; what is cut off is marked with an ellipsis.
    """
    text = _SURROGATE.sub("\ufffd", _BIDI.sub("", text))
    text = _BREAKING.sub(" ", text).strip(" ")
    if longest is not None and len(text) > longest:
        text = text[: longest - 1].rstrip(" ") + "…"
    return text


def unstructured(text: str) -> list[str]:
    """Return cleaned text as words that may be folded between: raw where ASCII, else encoded."""
    raw = text.split(" ")
    if _is_plain(text) and max(map(len, raw)) <= _LONGEST_RAW_WORD:
        return raw
    return encoded_words(text)


def phrase(text: str) -> list[str]:
    """Return a cleaned display name as atoms, a quoted string or encoded words (RFC 5322 3.2.5)."""
    if not text:
        return []
    if len(text) <= _LONGEST_RAW_WORD and _is_plain(text):
        if _ATOMS.fullmatch(text):
            return text.split(" ")
        return ['"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"']
    return encoded_words(text)


def _is_plain(text: str) -> bool:
    # "=?" is encoded even where it is harmless: a reader must never take it for an encoded word.
    return "=?" not in text and _PRINTABLE.fullmatch(text) is not None


def encoded_words(text: str) -> list[str]:
    """Encode as RFC 2047 words of at most 75 characters: in Q where most of it stays readable."""
    quoted = sum(map(_q_cost, text))
    if quoted <= 2 * len(text.encode()):
        return [f"=?utf-8?q?{_q(part)}?=" for part in _parts(text, binary=False)]
    return [
        f"=?utf-8?b?{b64encode(part.encode()).decode()}?=" for part in _parts(text, binary=True)
    ]


def _parts(text: str, *, binary: bool) -> Iterable[str]:
    # Words are cut between characters: RFC 2047 section 5 forbids halves in a word.
    part, used, room = "", 0, _room(_FIRST_ROOM, binary=binary)
    for letter in text:
        cost = len(letter.encode()) if binary else _q_cost(letter)
        if used + cost > room:
            yield part
            part, used, room = "", 0, _room(_WORD_ROOM, binary=binary)
        part += letter
        used += cost
    yield part


def _room(characters: int, *, binary: bool) -> int:
    return characters // 4 * 3 if binary else characters


def _q_cost(letter: str) -> int:
    return len(_q(letter))


def _q(text: str) -> str:
    return "".join(
        chr(byte) if byte in _Q_SAFE else "_" if byte == ord(" ") else f"={byte:02X}"
        for byte in text.encode()
    )


def field(name: str, words: Iterable[str]) -> bytes:
    """Return one header field with its CRLF, folded between words so that lines stay short."""
    lines, line = [], f"{name}:"
    for word in words:
        if len(line) + 1 + len(word) > _LINE and line.strip() != f"{name}:":
            lines.append(line)
            line = ""
        line += f" {word}"
    lines.append(line)
    return ("\r\n".join(lines) + "\r\n").encode()
