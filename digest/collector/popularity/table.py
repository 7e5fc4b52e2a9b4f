"""A table of pages and counts, CSV or JSON, in a file or at an address: whatever else counts.

CSV: a heading that names the columns, or two columns without one. JSON: a list of objects or of
pairs, an object of page to count, or any of these under "results", "data", "items" or "pages".
"""

from __future__ import annotations

import csv
import io
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import model_validator

from digest.collector.http.document import HttpRequest
from digest.collector.popularity.contract import Adapter, Counter, Figure
from digest.collector.popularity.reading import count_of, figures, load_answer
from digest.errors import SourceUnreadable
from digest.extension.table import OptionalHttpUrl, Table

_PAGES = ("url", "link", "page", "path", "href", "address", "page url", "page path", "landing page")
_COUNTS = ("count", "views", "pageviews", "page views", "hits", "visits", "reads", "nb_hits")
_HOLDERS = ("results", "data", "items", "pages", "rows")
_MOST_CELLS = 100
_PAIR = 2


class TableKeys(Table):
    """The place of the table: an address, or in a file beside digest.toml."""

    url: OptionalHttpUrl = ""
    path: Path | None = None

    @model_validator(mode="after")
    def _says_where(self) -> TableKeys:
        if bool(self.url) == bool(self.path):
            raise ValueError('kind = "table" needs either url or path: where the table is')
        return self


def ask(counter: Counter[TableKeys], _now: datetime, _token: str) -> HttpRequest:
    """Fetch the table; a secret is sent as a Bearer token."""
    headers = {"Authorization": f"Bearer {counter.secret}"} if counter.secret else {}
    return HttpRequest(counter.keys.url, headers)


def read(text: str, most: int) -> tuple[Figure, ...]:
    """Read the table, JSON if it begins like JSON; raises SourceUnreadable without any figure."""
    start = text.lstrip("\ufeff \t\r\n")
    rows = _of_json(load_answer(start)) if start[:1] in {"[", "{"} else _of_csv(start, most)
    found = figures(rows, most)
    if not found and start.strip("[]{} \r\n"):
        raise SourceUnreadable(
            "the table holds no row with a page and a count",
            fix='Give it two columns, "url" and "count"',
        )
    return found


def _of_json(answer: Any) -> list[tuple[object, object]]:  # noqa: ANN401 - JSON may be anything
    if isinstance(answer, dict):
        inner = next(
            (answer[name] for name in _HOLDERS if isinstance(answer.get(name), list)), None
        )
        if inner is None:
            return list(answer.items())
        answer = inner
    rows: list[tuple[object, object]] = []
    for one in answer if isinstance(answer, list) else []:
        if isinstance(one, dict):
            named = {str(key).strip().casefold(): value for key, value in one.items()}
            rows.append((_named(named, _PAGES), _named(named, _COUNTS)))
        elif isinstance(one, list) and len(one) == _PAIR:
            rows.append((one[0], one[1]))
    return rows


def _of_csv(text: str, most: int) -> list[tuple[object, object]]:
    first = next((line for line in text.splitlines() if not line.lstrip().startswith("#")), "")
    delimiter = max((",", ";", "\t"), key=first.count)
    try:
        lines = [
            [cell.strip() for cell in row[:_MOST_CELLS]]
            for row in islice(csv.reader(io.StringIO(text), delimiter=delimiter), most + 1)
            if row and not row[0].lstrip().startswith("#")
        ]
    except csv.Error as error:
        raise SourceUnreadable(
            f"the table cannot be read ({error})", fix="Save it as CSV in UTF-8"
        ) from error
    if not lines:
        return []
    heading = [cell.casefold() for cell in lines[0]]
    page, count = _place(heading, _PAGES), _place(heading, _COUNTS)
    if page is not None and count is not None:
        return [(row[page], row[count]) for row in lines[1:] if len(row) > max(page, count)]
    return [(row[0], row[1]) for row in lines if len(row) >= _PAIR and count_of(row[1]) is not None]


def _place(heading: list[str], names: tuple[str, ...]) -> int | None:
    return next((heading.index(name) for name in names if name in heading), None)


def _named(row: dict[str, Any], names: tuple[str, ...]) -> object:
    return next((row[name] for name in names if name in row), None)


ADAPTER = Adapter(name="table", keys=TableKeys, ask=ask, read=read, file=lambda keys: keys.path)
