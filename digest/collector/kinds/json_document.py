"""JSON of strangers: parsed within limits, and asked for values of the type that is needed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from digest.errors import SourceUnreadable, SourceUnsafe

_NOTICES = 20_000  # characters in which JSON must begin
# Behind a notice, a guard against being run as a script (")]}',", "while(1);"), or a call.
_BEGINS = re.compile(r"(?:(?<=[\s>;,()])|^)(?:\[\s*(?:\{|\])|\{\s*\")")
_PAGE = re.compile(r"<(?:!doctype|html|head|body|script)\b", re.IGNORECASE)
Object = Mapping[str, Any]
# A text always matches, to the end if nothing closes it: a failure would be tried again at
# every quotation mark, which is quadratic.
_BRACKETS_OR_TEXT = re.compile(r'"(?:[^"\\]|\\(?:.|\Z))*+(?:"|\Z)|[\[{]|[\]}]', re.DOTALL)

# A comma with nothing behind it, and not in a text.
_COMMA_OR_TEXT = re.compile(r'"(?:[^"\\]|\\(?:.|\Z))*+(?:"|\Z)|,\s*([\]}])', re.DOTALL)


def load(text: str, max_depth: int) -> Any:  # noqa: ANN401 - JSON may be anything
    """Parse `text`; raises SourceUnreadable where it is no JSON, SourceUnsafe where too deep.

    Line breaks inside of texts and commas before a closing bracket are read past.
    """
    text = from_json(text)
    _check_depth(text, max_depth)
    try:
        return _decoded(text)
    except (ValueError, RecursionError) as error:
        raise SourceUnreadable(
            f"the JSON is broken or cut off ({str(error)[:80]})", fix="The next run tries again"
        ) from error


def load_whole_items(text: str, max_depth: int) -> tuple[Any, bool]:
    """Parse `text` as `load` does; where it is cut off, what is whole of it, and True."""
    try:
        return load(text, max_depth), False
    except SourceUnreadable:
        kept = _up_to_the_last_item(from_json(text))
        if not kept:
            raise
        return load(kept, max_depth), True


def torn_note(torn: bool, items: int) -> tuple[str, ...]:
    """Return what to say of an answer that is cut off."""
    return (f"the answer is cut off after {items} whole items",) * torn


def _decoded(text: str) -> Any:  # noqa: ANN401 - JSON may be anything
    decoder = json.JSONDecoder(strict=False)
    try:
        return decoder.raw_decode(text)[0]
    except ValueError:
        mended = _COMMA_OR_TEXT.sub(lambda found: found[1] or found[0], text)
        return decoder.raw_decode(mended)[0]


def _up_to_the_last_item(text: str) -> str:
    """Return `text` closed behind the last object of its list of items; "" without one.

    That list is the outermost that holds objects: an item's own lists lie deeper.
    """
    open_ones: list[str] = []
    best: tuple[int, str] | None = None
    for found in _BRACKETS_OR_TEXT.finditer(text):
        if found[0] in "[{":
            open_ones.append(found[0])
        elif found[0] in "]}" and open_ones:
            item = open_ones.pop() == "{" and open_ones[-1:] == ["["]
            depth = len(open_ones)
            if item and (best is None or depth <= len(best[1])):
                closing = "".join("]" if one == "[" else "}" for one in reversed(open_ones))
                best = (found.end(), closing)
    return text[: best[0]] + best[1] if best else ""


def from_json(text: str) -> str:
    """Return `text` from where its JSON begins: a server's notices may stand before and behind it.

    A web page is returned as it is, whatever its scripts hold.
    """
    start = text[: 2 * _NOTICES].lstrip("\ufeff\x00 \t\r\n")
    if start.startswith(("{", '["', "[{", "[]", "[[")):
        return text.lstrip("\ufeff\x00 \t\r\n")
    found = _BEGINS.search(text, 0, _NOTICES)
    if not found or _PAGE.search(text, 0, found.start()):
        return text
    return text[found.start() :]


def objects(value: Any) -> Sequence[Object]:  # noqa: ANN401 - JSON may be anything
    """Return the objects in `value` if it is a list, else none."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def member(value: Any, *path: str) -> Any:  # noqa: ANN401 - JSON may be anything
    """Follow `path` through objects; None where it leads nowhere."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def text_at(value: Any, *path: str) -> str:  # noqa: ANN401 - JSON may be anything
    """Return the text or whole number at `path`, else ""."""
    found = member(value, *path)
    if isinstance(found, bool):
        return ""
    return found if isinstance(found, str) else str(found) if isinstance(found, int) else ""


def number_at(value: Any, *path: str) -> int | None:  # noqa: ANN401 - JSON may be anything
    """Return the whole number at `path` if it is a sensible count or size, else None."""
    found = member(value, *path)
    fits = isinstance(found, int) and not isinstance(found, bool) and 0 <= found < 10**9
    return found if fits else None


def _check_depth(text: str, max_depth: int) -> None:
    depth = 0
    for found in _BRACKETS_OR_TEXT.finditer(text):
        if found[0] in "[{":
            depth += 1
        elif found[0] in "]}":
            depth -= 1
        if depth > max_depth:
            raise SourceUnsafe(
                f"the JSON nests deeper than {max_depth}",
                fix="No source needs that; if this one does, raise max_depth under [collector]",
            )
