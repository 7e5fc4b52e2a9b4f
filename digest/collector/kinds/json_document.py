"""JSON of strangers: parsed within limits, and asked for values of the type that is needed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from digest.errors import SourceUnreadable, SourceUnsafe

_NOTICES = 20_000  # characters in which JSON must begin
_NOTICE = re.compile(r"<|\[|[A-Z]\w+|PHP|\(|#|/")
_BEGINS = re.compile(r"(?:(?<=[\s>;)])|^)(?:\[\s*(?:\{|\])|\{\s*\")")
_PAGE = re.compile(r"<(?:!doctype|html|head|body|script)\b", re.IGNORECASE)
Object = Mapping[str, Any]
# A text always matches, to the end if nothing closes it: a failure would be tried again at
# every quotation mark, which is quadratic.
_BRACKETS_OR_TEXT = re.compile(r'"(?:[^"\\]|\\(?:.|\Z))*+(?:"|\Z)|[\[{]|[\]}]', re.DOTALL)


def load(text: str, max_depth: int) -> Any:  # noqa: ANN401 - JSON may be anything
    """Parse `text`; raises SourceUnreadable where it is no JSON, SourceUnsafe where too deep."""
    text = from_json(text)
    _check_depth(text, max_depth)
    try:
        return json.JSONDecoder().raw_decode(text)[0]
    except (ValueError, RecursionError) as error:
        raise SourceUnreadable(
            f"the JSON is broken or cut off ({str(error)[:80]})", fix="The next run tries again"
        ) from error


def from_json(text: str) -> str:
    """Return `text` from where its JSON begins: a server's notices may stand before and behind it.

    A web page is returned as it is, whatever its scripts hold.
    """
    start = text[: 2 * _NOTICES].lstrip("\ufeff\x00 \t\r\n")
    if start.startswith(("{", '["', "[{", "[]", "[[")) or not _NOTICE.match(start):
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
