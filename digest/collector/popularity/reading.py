"""Shared by the adapters: JSON of vendors within bounds, and counts of every spelling."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from itertools import islice
from typing import Any

from digest.collector.articles.text import clip, untagged
from digest.collector.kinds.json_document import load, text_at
from digest.collector.popularity.contract import Figure
from digest.errors import SourceError, SourceUnreadable

_DEEPEST = 60
_COMPLAINT_LENGTH = 200
_GROUPED = re.compile(r"\d{1,3}(?:[,\u00a0\u202f' ]\d{3})+")


def load_answer(text: str) -> Any:  # noqa: ANN401 - JSON may be anything
    """Parse a vendor's answer; raises SourceUnreadable or SourceUnsafe."""
    return load(text, _DEEPEST)


def complaint(text: str) -> str:
    """Return a service's own words for why it refuses; "" where it says none.

    {"error": {"message": …}} (Google), {"error": …, "message": …} (WordPress.com), {"error": …}
    (Plausible), {"result": "error", "message": …} (Matomo), {"error_description": …} (RFC 6749).
    """
    try:
        answer = load_answer(text)
    except SourceError:
        return ""
    places = (("error", "message"), ("error_description",), ("message",), ("error",))
    found = (text_at(answer, *place) for place in places)
    return clip(untagged(next(filter(None, found), "")), _COMPLAINT_LENGTH)


def count_of(value: object) -> float | None:
    """Read a count: 12, 12.5, "12", "1,234"; None for what is none."""
    if isinstance(value, str):
        text = value.strip()
        value = re.sub(r"\D", "", text) if _GROUPED.fullmatch(text) else text
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and number >= 0 else None


def figures(rows: Iterable[tuple[object, object]], most: int) -> tuple[Figure, ...]:
    """Keep those of the first `most` rows that name a page and a count."""
    found = (
        Figure(page.strip(), count)
        for page, value in islice(rows, most)
        if isinstance(page, str) and page.strip() and (count := count_of(value)) is not None
    )
    return tuple(found)


def listed(value: Any, what: str) -> list[Any]:  # noqa: ANN401 - JSON may be anything
    """Return `value` if it is a list; raise SourceUnreadable, with the name, if it is not."""
    if not isinstance(value, list):
        raise SourceUnreadable(
            f"the answer holds no {what}", fix="Check that kind and url name the right service"
        )
    return value
