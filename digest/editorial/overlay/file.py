"""An overlay's TOML text → Overlay. Pure: the file's name is only named, never read.

Every fault of the file is told at once, each with its line.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from digest.editorial.overlay.wishes import (
    Boost,
    Drop,
    LeadEntry,
    MergeWish,
    OrderWish,
    Overlay,
    PinWish,
    Replacement,
    SplitWish,
    SponsorSlot,
)
from digest.errors import ConfigError
from digest.models.articles import Picture
from digest.models.editors import EditorsNote, ExtraLink

_HEADER = re.compile(r"\s*\[\[?\s*([A-Za-z_]+)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([A-Za-z_]+)\s*=")
_FENCES = ('"""', "'''")
_ONE_ISSUE_ONLY = ("lead", "pin", "order", "replace", "merge", "split")
_LONGEST_NOTE = 20_000
_DAYS = {"date", "datetime"}
_NO_DAY = "Write a day or a moment, without quotes: 2026-11-23, 2026-11-23T07:00:00"
_Any = TypeVar("_Any")


def _url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f'"{value}" is not a URL. It must start with https:// (or http://)')
    return value


Words = Annotated[str, Field(min_length=1)]
Url = Annotated[str, AfterValidator(_url)]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class _Note(_Entry):
    text: Annotated[str, Field(min_length=1, max_length=_LONGEST_NOTE)]
    byline: str = ""


class _Lead(_Entry):
    story: Words
    section: str = ""
    everyone: bool = False


class _Pin(_Entry):
    story: Words
    section: str = ""
    place: Annotated[int, Field(ge=1, le=200)] = 1


class _Drop(_Entry):
    story: Words
    why: str = ""


class _Merge(_Entry):
    stories: Annotated[list[Words], Field(min_length=2)]


class _Split(_Entry):
    story: Words


class _Order(_Entry):
    section: Words
    stories: Annotated[list[Words], Field(min_length=1)]


class _Pictured(_Entry):
    picture: Url | None = None
    picture_alt: str = ""

    def shown(self) -> Picture | None:
        return Picture(self.picture, alt=self.picture_alt) if self.picture else None


class _Replace(_Pictured):
    story: Words
    headline: Words | None = None
    excerpt: str | None = None

    @model_validator(mode="after")
    def _says_something(self) -> _Replace:
        if self.headline is None and self.excerpt is None and self.picture is None:
            raise ValueError("give it a headline, an excerpt or a picture")
        return self


class _Boost(_Entry):
    story: Words
    factor: Annotated[float, Field(gt=0, le=100, strict=False)]


class _Sponsor(_Pictured):
    text: Words
    label: Words
    link: Url | None = None
    section: str = ""
    starts: datetime | date | None = None
    expires: datetime | date | None = None


class _Link(_Entry):
    title: Words
    url: Url


class _File(_Entry):
    subject: str = ""
    preheader: str = ""
    sections: list[Words] = []
    note: _Note | None = None
    lead: _Lead | None = None
    pin: list[_Pin] = []
    drop: list[_Drop] = []
    order: list[_Order] = []
    replace: list[_Replace] = []
    boost: list[_Boost] = []
    sponsor: list[_Sponsor] = []
    link: list[_Link] = []
    merge: list[_Merge] = []
    split: list[_Split] = []


def parse_overlay(text: str, file: str, *, standing: bool = False) -> Overlay:
    """Read the wishes of one issue, or the standing ones of an edition.

    Raises ConfigError that names `file` and line of each fault. A standing overlay may not speak
    of single stories, except to drop or boost them whenever they appear.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            f"not valid TOML: {error}",
            where=file,
            fix="Strings need quotes; entries start with [[pin]], [[drop]] and so on",
        ) from None
    lines = _Lines(text, file)
    faults = list(_misplaced(raw, lines)) if standing else []
    try:
        read = _File.model_validate(raw)
    except ValidationError as error:
        # What may be a day or a moment, and is neither, is wrong twice in one place.
        faults += dict.fromkeys(_fault(one, lines) for one in error.errors())
    if faults:
        raise ConfigError("\n".join(faults))
    return _overlay(read, lines, must_match=not standing)


def _misplaced(raw: Mapping[str, Any], lines: _Lines) -> Iterator[str]:
    for name in _ONE_ISSUE_ONLY:
        if name in raw:
            yield (
                f'{lines.place(name, 0)}: "{name}" speaks of a story of one issue. '
                "Move it to the overlay of that issue: overlays/<edition>/<slot>.toml."
            )


def _overlay(read: _File, lines: _Lines, *, must_match: bool) -> Overlay:
    def wherever(name: str, entries: Sequence[_Any]) -> Iterator[tuple[str, _Any]]:
        return ((lines.place(name, number), one) for number, one in enumerate(entries))

    lead = read.lead
    return Overlay(
        subject=read.subject,
        preheader=read.preheader,
        sections=tuple(read.sections),
        sections_where=lines.place("", 0, "sections"),
        note=EditorsNote(read.note.text, read.note.byline) if read.note else None,
        lead=LeadEntry(lines.place("lead", 0), lead.story, lead.section, lead.everyone)
        if lead
        else None,
        pins=tuple(
            PinWish(at, one.story, one.section, one.place) for at, one in wherever("pin", read.pin)
        ),
        drops=tuple(
            Drop(at, one.story, one.why, must_match) for at, one in wherever("drop", read.drop)
        ),
        orders=tuple(
            OrderWish(at, one.section, tuple(one.stories))
            for at, one in wherever("order", read.order)
        ),
        replacements=tuple(
            Replacement(at, one.story, one.headline, one.excerpt, one.shown())
            for at, one in wherever("replace", read.replace)
        ),
        boosts=tuple(
            Boost(at, one.story, one.factor, must_match)
            for at, one in wherever("boost", read.boost)
        ),
        sponsors=tuple(
            _sponsor(at, one, must_run=must_match) for at, one in wherever("sponsor", read.sponsor)
        ),
        links=tuple(ExtraLink(one.title, one.url) for one in read.link),
        merges=tuple(
            MergeWish(at, tuple(one.stories)) for at, one in wherever("merge", read.merge)
        ),
        splits=tuple(SplitWish(at, one.story) for at, one in wherever("split", read.split)),
    )


def _sponsor(where: str, one: _Sponsor, *, must_run: bool) -> SponsorSlot:
    return SponsorSlot(
        where=where,
        text=one.text,
        label=one.label,
        url=one.link or "",
        picture=one.shown(),
        section=one.section,
        starts=one.starts,
        expires=one.expires,
        must_run=must_run,
    )


class _Lines:
    """The line of each table and key of the text: parsers do not keep it, a person needs it."""

    def __init__(self, text: str, file: str) -> None:
        self._file = file
        self._found: dict[tuple[str, int, str], int] = {}
        table, index, fence = "", 0, ""
        seen: dict[str, int] = {}
        for number, line in enumerate(text.splitlines(), start=1):
            if not fence:
                if header := _HEADER.match(line):
                    table = header.group(1)
                    index = seen.get(table, 0)
                    seen[table] = index + 1
                    self._found[table, index, ""] = number
                elif key := _KEY.match(line):
                    self._found.setdefault((table, index if table else 0, key.group(1)), number)
            fence = _fence_after(line, fence)

    def place(self, table: str, index: int, key: str = "") -> str:
        """Return "file:line" of a key or its table; the file alone if it is written unusually."""
        line = self._found.get((table, index, key)) or self._found.get((table, index, ""))
        line = line or self._found.get(("", 0, table))
        return f"{self._file}:{line}" if line else self._file


def _fence_after(line: str, fence: str) -> str:
    """Say which kind of long string is open after the line, if any."""
    while True:
        if fence:
            _, closed, line = line.partition(fence)
            if not closed:
                return fence
            fence = ""
        starts = [(line.find(one), one) for one in _FENCES if one in line]
        if not starts:
            return ""
        at, fence = min(starts)
        line = line[at + len(fence) :]


def _fault(detail: Mapping[str, Any], lines: _Lines) -> str:
    location = tuple(detail["loc"])
    # An entry and its key; behind them stands which of several types was tried.
    names = [part for part in location if isinstance(part, str)][:2]
    index = next((part for part in location if isinstance(part, int)), 0)
    where = lines.place(names[0], index, names[-1])
    message = str(detail["msg"]).removeprefix("Value error, ")
    if location[-1] in _DAYS:
        message = _NO_DAY
    if detail["type"] == "missing":
        return f'{where}: [{names[0]}]: "{names[-1]}" is missing.'
    if detail["type"] == "extra_forbidden":
        return f'{where}: "{names[-1]}" is not known here. {_nearest(names)}'
    return f'{where}: "{names[-1]}": {message.rstrip(".")}.'


def _nearest(names: list[str]) -> str:
    entries: dict[str, type[BaseModel]] = {
        "note": _Note, "lead": _Lead, "pin": _Pin, "drop": _Drop, "order": _Order,
        "replace": _Replace, "boost": _Boost, "sponsor": _Sponsor, "link": _Link,
        "merge": _Merge, "split": _Split,
    }  # fmt: skip
    model = _File if len(names) == 1 else entries[names[0]]
    known = sorted(model.model_fields)
    close = difflib.get_close_matches(names[-1], known, n=1)
    return f'Did you mean "{close[0]}"?' if close else f"Known: {', '.join(known)}."
