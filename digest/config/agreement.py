"""References between tables of digest.toml: names that must exist, and exist once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from digest.config.edition import EditionSettings
from digest.config.faults import TomlFile
from digest.config.offered import Location, Offered
from digest.config.settings import Settings
from digest.extension.registry import nearest


def disagreements(file: TomlFile, settings: Settings, offered: Offered) -> Iterator[str]:
    """Say everything that is wrong between tables; each name is looked up where it is offered."""
    names = {
        "source": [row.id for row in settings.source],
        "popularity": [row.id for row in settings.popularity],
        "section": [row.id for row in settings.section],
        "edition": [row.id for row in settings.edition],
    }
    for table, ids in names.items():
        yield from _twice(file, table, ids)
    for index, section in enumerate(settings.section):
        place: Location = ("section", index, "sources")
        yield from _unknown(file, place, "source", section.sources, names["source"])
    for index, edition in enumerate(settings.edition):
        yield from _edition(file, index, edition, names)
        yield from _other_ids(file, index, settings.edition)
        yield from _rules(file, ("edition", index, "lint_allow"), edition.lint_allow, offered)
    for at, words in offered.clashes(settings):
        yield f"{file.place(at)}: {words}"


def _twice(file: TomlFile, table: str, ids: Sequence[str]) -> Iterator[str]:
    for index, name in enumerate(ids):
        if name in ids[:index]:
            where = file.place((table, index, "id"))
            yield f"{where}: this id stands twice. Give each {table} its own."


def _edition(
    file: TomlFile, index: int, edition: EditionSettings, names: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    place: Location = ("edition", index, "sections")
    yield from _unknown(file, place, "section", edition.sections, names["section"])
    others: Location = ("edition", index, "without_stories_of")
    yield from _unknown(file, others, "edition", edition.without_stories_of, names["edition"])
    if edition.approval == "window" and not edition.editors:
        where = file.place(("edition", index, "approval"))
        yield f'{where}: approval = "window" tells nobody. Add editors = ["name@news.example"].'
    if len(set(edition.sections)) < len(edition.sections):
        yield f"{file.place(place)}: a section stands twice. Name each once."


def _other_ids(file: TomlFile, index: int, editions: Sequence[EditionSettings]) -> Iterator[str]:
    """Check the ids that an edition had before, and the one that readers can have instead."""
    edition, known = editions[index], [one.id for one in editions]
    where = file.place(("edition", index, "was"))
    for name in edition.was:
        if name in known:
            yield f'{where}: was = "{name}" is the id of an edition of today. Take it away.'
        if any(name in one.was for one in editions[:index]):
            yield f'{where}: was = "{name}" stands in another edition too. Keep it in one.'
    place: Location = ("edition", index, "less_often")
    if edition.less_often == edition.id:
        yield f"{file.place(place)}: less_often names this edition itself. Name another one."
    elif edition.less_often:
        yield from _unknown(file, place, "edition", [edition.less_often], known)


def _unknown(
    file: TomlFile, place: Location, table: str, names: Iterable[str], known: Sequence[str]
) -> Iterator[str]:
    for name in names:
        if name not in known:
            close = nearest(name, known)
            hint = close if close.endswith("?") else f"Add a [[{table}]] with that id."
            yield f'{file.place(place)}: there is no {table} "{name}". {hint}'


def _rules(
    file: TomlFile, place: Location, names: Sequence[str], offered: Offered
) -> Iterator[str]:
    known = sorted(offered.rules()) if names else []
    for name in names:
        if name not in known:
            yield (
                f'{file.place(place)}: "lint_allow": there is no rule "{name}".'
                f" {nearest(name, known)}"
            )
