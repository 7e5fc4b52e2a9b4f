"""Things that digest.toml names: each is looked up where it is offered, with the keys of its own.

It works on what the file holds, before `Settings` is made of it, so that one fault hides no other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import ValidationError

from digest.config.faults import NO_TABLES, TomlFile, own_faults, unknown_key
from digest.config.mail import MailSettings
from digest.config.offered import Location, Named, Offered
from digest.config.popularity import PopularitySettings
from digest.config.settings import Settings
from digest.config.source import SourceSettings
from digest.extension.registry import Registry
from digest.extension.table import Table

_AUTO = "auto"


def named_faults(file: TomlFile, offered: Offered) -> Iterator[str]:
    """Say what is wrong with names of things and with the keys that those things declare."""
    yield from _sources(file, offered.kinds)
    yield from _counters(file, offered.counters)
    yield from _transports(file, offered)


def _sources(file: TomlFile, kinds: Registry[Named]) -> Iterator[str]:
    """Look a kind up closer only where it must be: importing one costs a tenth of a second."""
    for index, named, own in _rows(file, "source", SourceSettings):
        kind = named or _AUTO
        if kind != _AUTO and kind not in kinds:
            place = file.place(("source", index, "kind"))
            yield f'{place}: "kind": {kinds.refusal(kind, also=(_AUTO,))}'
        elif own:
            keys = None if kind == _AUTO else kinds[kind].keys
            yield from _own(file, ("source", index), f'kind = "{kind}"', keys or Table, own)


def _counters(file: TomlFile, counters: Registry[Named]) -> Iterator[str]:
    for index, kind, own in _rows(file, "popularity", PopularitySettings):
        if kind is not None and kind not in counters:
            place = file.place(("popularity", index, "kind"))
            yield f'{place}: "kind": {counters.refusal(kind)}'
        elif kind is not None:
            keys = counters[kind].keys or Table
            yield from _own(file, ("popularity", index), f'kind = "{kind}"', keys, own)


def _rows(
    file: TomlFile, table: str, model: type[Table]
) -> Iterator[tuple[int, str | None, Mapping[str, object]]]:
    """Yield each row's number, its kind if it names one, and the keys that are not the table's."""
    rows = file.raw.get(table)
    for index, row in enumerate(rows if isinstance(rows, list) else []):
        if isinstance(row, dict):
            kind = row.get("kind")
            own = {key: row[key] for key in row if key not in model.model_fields}
            yield index, kind if isinstance(kind, str) else None, own


def _transports(file: TomlFile, offered: Offered) -> Iterator[str]:
    """Look up the transport, and check the table of every transport that has one."""
    known = offered.transports
    chosen = _chosen(file)
    if chosen not in known:
        yield f'{file.place(("mail", "transport"))}: "transport": {known.refusal(chosen)}'
    own = [name for name in file.raw if name in NO_TABLES or name not in Settings.model_fields]
    for name in own:
        if name not in known:
            fields = (field for field in Settings.model_fields if field not in NO_TABLES)
            yield unknown_key(file, (name,), sorted({*fields, *known}))
    for name in dict.fromkeys((*own, chosen)):
        if name in known:
            kind = known[name]
            held = file.raw.get(name, kind.absent)
            yield from _own(file, (name,), f"[{name}]", kind.keys, held)


def _chosen(file: TomlFile) -> str:
    mail = file.raw.get("mail")
    named = mail.get("transport") if isinstance(mail, dict) else None
    return named if isinstance(named, str) else MailSettings.model_fields["transport"].default


def _own(
    file: TomlFile, at: Location, owner: str, keys: type[Table], held: object
) -> Iterator[str]:
    try:
        keys.model_validate(held)
    except ValidationError as error:
        yield from own_faults(file, at, owner, keys, error)
