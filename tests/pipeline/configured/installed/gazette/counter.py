"""A counter: one line a page, "count address"."""

from __future__ import annotations

from datetime import datetime

from digest.collector.http.document import HttpRequest
from digest.collector.popularity.contract import Adapter, Counter, Figure
from digest.extension.table import HttpUrl, Table


class TallyKeys(Table):
    """Where the tally is, and which board of it."""

    url: HttpUrl
    board: int


def ask(counter: Counter[TallyKeys], _now: datetime, _token: str) -> HttpRequest:
    """Ask for one board, with the secret."""
    return HttpRequest(f"{counter.keys.url}/{counter.keys.board}", {"X-Tally": counter.secret})


def read(text: str, most: int) -> tuple[Figure, ...]:
    """Read the lines."""
    rows = [line.split(" ") for line in text.splitlines()[:most]]
    return tuple(Figure(page, float(count)) for count, page in rows)


ADAPTER = Adapter(name="tally", keys=TallyKeys, ask=ask, read=read, needs_secret=True)
