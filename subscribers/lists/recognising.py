"""Recognises the format of a header and the meaning of its columns. Ambiguous ones are refused."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from subscribers.errors import ImportUnreadable
from subscribers.lists.contract import Field, ListFormat
from subscribers.lists.formats import FORMATS, GENERIC
from subscribers.lists.names import EMAIL, PLACES, bare, bare_all
from subscribers.lists.standings import LEFT, Said, by_word, if_filled, if_suppressed

IGNORE = "ignore"
_SHOWN = 80
# What `--map` says of a column is heard like what a format knows of one.
_BY_HAND: dict[Field | str, Said] = {
    Field.STATUS: by_word,
    Field.LEFT: if_filled(LEFT),
    Field.SUPPRESSED: if_suppressed,
}
# Parts of names of columns that may tell who left; "state" and the like are read by generic.py.
_TELLING = bare_all(
    "unsub optout optedout bounc complain abuse block blacklist suppress delete disabled cancel"
    " status consent subscrib dsinscri desinscri desabon abgemeld abmeld abonn disiscri uitgeschr"
    " wypis odhlas donot estatus статус отпис відпис подпис 状態 状态 狀態 配信停止 退会 退订 退訂"
    " 구독 수신거부 상태 الحالة סטטוס"  # noqa: RUF001
)
# Names that hold such a part, and say nothing of the kind.
_HARMLESS = ("subscriberid", "subscribername", "subscriptionid", "blocknumber", "subscribersource")


@dataclass(frozen=True, slots=True)
class Layout:
    """A header as it is understood: the place of each field, and of each column that is heard.

    `silent` columns mean nothing as far as is known; `ignored` names them, and those that `--map`
    told to ignore.
    """

    format: ListFormat
    header: tuple[str, ...]
    fields: Mapping[Field, int]
    said: tuple[tuple[int, Said], ...]
    ignored: tuple[str, ...]
    silent: tuple[int, ...] = ()


def lay_out(
    header: Sequence[str],
    where: str,
    *,
    named: str = "",
    mapped: Mapping[str, str] | None = None,
    addresses: Sequence[int] = (),
) -> Layout:
    """Understand a header; `named` is a format's name, `mapped` columns by field ("ignore" too).

    `addresses` are the columns that hold one on the first line. ImportUnreadable if it is no known
    header, or one that can be read in two ways.
    """
    names = [bare(name) for name in header]
    places = _mapped(header, names, mapped or {}, where)
    taken = {place for found in places.values() for place in found}
    chosen = _format(frozenset(names), named, where, by_hand=Field.EMAIL in places)
    fields = {one: found[0] for one, found in places.items() if isinstance(one, Field)}
    for one, wanted in chosen.columns.items():
        if one not in fields:
            found = _places(names, [bare(name) for name in wanted], taken, generic=_any(chosen))
            _once(one, found, header, where, generic=_any(chosen))
            if found:
                fields[one] = found[0]
    if Field.EMAIL not in fields:
        raise _no_email(header, addresses, where)
    said = _said(chosen, names, places, taken)
    heard = {*fields.values(), *(place for place, _ in said)}
    silent = [place for place in range(len(header)) if place not in heard and place not in taken]
    if _any(chosen):
        _ask(header, names, silent, said, taken, where)
    ignored = [header[place].strip() for place in [*silent, *places.get(IGNORE, ())]]
    told = tuple(name for name in ignored if name)
    # Whose format is known, every column of it is: only there may a word be about anything.
    unknown = tuple(silent) if _any(chosen) else ()
    return Layout(chosen, tuple(header), fields, said, told, unknown)


def format_named(name: str, where: str) -> ListFormat:
    """Return the format that `--format` names. ImportUnreadable."""
    for one in FORMATS:
        if one.name == name:
            return one
    known = ", ".join(one.name for one in FORMATS)
    close = difflib.get_close_matches(name, [one.name for one in FORMATS], n=1)
    raise ImportUnreadable(
        f'no format is called "{name[:_SHOWN]}"',
        where=where,
        fix=f'Did you mean "{close[0]}"?' if close else f"There are: {known}.",
    )


def knows_email(names: Sequence[str]) -> bool:
    """Whether a header has a column of addresses that needs no `--map`."""
    return any(bare(name) in EMAIL for name in names)


def _any(chosen: ListFormat) -> bool:
    return chosen is GENERIC


def _format(header: frozenset[str], named: str, where: str, *, by_hand: bool) -> ListFormat:
    if named:
        return format_named(named, where)
    if by_hand:
        return GENERIC
    return next((one for one in FORMATS if one.recognises(header)), GENERIC)


def _mapped(
    header: Sequence[str], names: Sequence[str], mapped: Mapping[str, str], where: str
) -> dict[Field | str, list[int]]:
    """Find the columns that `--map` names, by name or by number from 1."""
    found: dict[Field | str, list[int]] = {}
    for key, columns in mapped.items():
        for column in columns.split("\n"):
            found.setdefault(_field(key, where), []).append(_place(column, header, names, where))
    return found


def _field(key: str, where: str) -> Field | str:
    if key == IGNORE:
        return key
    try:
        return Field(key)
    except ValueError:
        raise ImportUnreadable(
            f'--map knows no "{key[:_SHOWN]}"',
            where=where,
            fix=f"There are: {', '.join([*Field, IGNORE])}.",
        ) from None


def _place(column: str, header: Sequence[str], names: Sequence[str], where: str) -> int:
    if bare(column) in names:
        return names.index(bare(column))
    if column.isdecimal() and 1 <= int(column) <= len(header):
        return int(column) - 1
    raise ImportUnreadable(
        f'it has no column "{column[:_SHOWN]}"',
        where=where,
        fix=f"It has: {_shown(header)}.",
    )


def _places(
    names: Sequence[str], wanted: Sequence[str], taken: set[int], *, generic: bool
) -> list[int]:
    """Return where the wanted names stand: the first of a format's, all of a generic list's."""
    if generic:
        return [place for place, name in enumerate(names) if name in wanted and place not in taken]
    for name in wanted:
        found = [place for place, one in enumerate(names) if one == name and place not in taken]
        if found:
            return found
    return []


def _once(
    one: Field, found: Sequence[int], header: Sequence[str], where: str, *, generic: bool
) -> None:
    """Ask if two columns tell the same of what there is only one."""
    if len(found) < 2 or (generic and one is not Field.EMAIL):  # noqa: PLR2004 - two are one too many
        return
    both = [header[place].strip() for place in found]
    same = len(set(map(bare, both))) == 1
    raise ImportUnreadable(
        f"it has two columns called {both[0]}" if same else f"it has several: {', '.join(both)}",
        where=where,
        fix="Take one of them out."
        if same
        else f'Say which one it is: --map {one}="{both[0]}", and --map ignore="{both[1]}".',
    )


def _said(
    chosen: ListFormat,
    names: Sequence[str],
    places: Mapping[Field | str, list[int]],
    taken: set[int],
) -> tuple[tuple[int, Said], ...]:
    readers = {bare(name): read for name, read in chosen.said.items()}
    heard = [
        (place, readers[name])
        for place, name in enumerate(names)
        if name in readers and place not in taken
    ]
    by_hand = [(place, read) for one, read in _BY_HAND.items() for place in places.get(one, ())]
    return (*heard, *by_hand)


def _ask(  # noqa: PLR0913, PLR0917 - all that is known of a header
    header: Sequence[str],
    names: Sequence[str],
    silent: Sequence[int],
    said: Sequence[tuple[int, Said]],
    taken: set[int],
    where: str,
) -> None:
    """Refuse a header with a column that may say who left, and that nobody explained."""
    for place in silent:
        name = names[place]
        if name not in _HARMLESS and any(part in name for part in _TELLING):
            raise _ambiguous(header[place], "may say who left or is blocked", where)
    region = bool(PLACES & set(names))
    for place, _ in said:
        if region and names[place] in {"state", "estado", "stato"} and place not in taken:
            raise _ambiguous(header[place], "may be of an address or of a subscription", where)


def _ambiguous(column: str, what: str, where: str) -> ImportUnreadable:
    shown = column.strip()[:_SHOWN]
    return ImportUnreadable(
        f'its column "{shown}" {what}, and nobody shall get mail by a guess',
        where=where,
        fix=f'Say what it is: --map status="{shown}" (or left=, suppressed=), or that it is'
        f' nothing of the kind: --map ignore="{shown}".',
    )


def _no_email(header: Sequence[str], addresses: Sequence[int], where: str) -> ImportUnreadable:
    likely = header[addresses[0]].strip() if len(addresses) == 1 else "…"
    return ImportUnreadable(
        f'its first line is "{_shown(header)}", and no column there is called email'
        if any(name.strip() for name in header)
        else "its first line is empty",
        where=where,
        fix=f'Name the column of addresses: --map email="{likely}", or a number from 1.',
    )


def _shown(header: Sequence[str]) -> str:
    return ",".join(name.strip() for name in header)[:_SHOWN]
