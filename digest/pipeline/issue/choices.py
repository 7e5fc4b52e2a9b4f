"""Readers' choices of sections, held against the sections that the edition has.

A section that was renamed names its former ids (`was`), and its readers' choices are carried over.
A choice that names only sections that are gone gets no mail: its readers did not ask for the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from digest.config import EditionSettings, Settings
from digest.plurals import counted
from digest.store import AudiencePlan, Store


def carry_over(settings: Settings, store: Store, edition: EditionSettings, now: datetime) -> int:
    """Rename the chosen sections as digest.toml says; return how many choices changed."""
    renamed = _renamed(settings, edition)
    return store.subscribers.rename_sections(edition.id, renamed, now) if renamed else 0


def carried_over(settings: Settings, edition: EditionSettings, choice: str) -> str:
    """Return a choice ("tech,world") as `carry_over` would write it; nothing is changed."""
    renamed = _renamed(settings, edition)
    return ",".join(sorted({renamed.get(name, name) for name in choice.split(",")}))


def _renamed(settings: Settings, edition: EditionSettings) -> dict[str, str]:
    return {
        former: section.id for section in settings.sections_of(edition) for former in section.was
    }


def present_choices(
    settings: Settings, edition: EditionSettings, choices: Iterable[str]
) -> dict[str, str]:
    """Return what each choice stands for now; see `carried_over`."""
    return {text: carried_over(settings, edition, text) for text in choices}


def audience_plan(
    edition: EditionSettings,
    variants: Mapping[str, str | None],
    present: Mapping[str, str],
    first: Collection[str] = (),
) -> AudiencePlan:
    """Return who would get what: variants by choice, and the choices of sections that are gone.

    `first` are the keys of addresses that are sent to first.
    """
    lost = gone_choices(edition, present.values())
    gone = frozenset(text for text in variants if present[text] in lost)
    return AudiencePlan(edition.id, variants, first, gone)


def gone_choices(edition: EditionSettings, choices: Iterable[str]) -> frozenset[str]:
    """Return those of the choices ("tech,world") that name no section of the edition."""
    known = set(edition.sections)
    return frozenset(text for text in choices if text and known.isdisjoint(text.split(",")))


def missing_sections(
    settings: Settings, edition: EditionSettings, choices: Mapping[str, int]
) -> dict[str, int]:
    """Return how many readers chose each section that the edition does not have, by its id.

    `choices` maps each choice to how many readers made it. Sections that a rename carries over
    are not missing.
    """
    known = set(edition.sections)
    known |= {former for section in settings.sections_of(edition) for former in section.was}
    missing: Counter[str] = Counter()
    for text, number in choices.items():
        missing.update({name: number for name in text.split(",") if name and name not in known})
    return dict(sorted(missing.items()))


def missing_words(edition: EditionSettings, missing: Mapping[str, int]) -> str:
    """Say which chosen sections are missing, how many readers chose each, and what to do."""
    named = ", ".join(f'"{name}" ({counted(number, "reader")})' for name, number in missing.items())
    return (
        f"{edition.id}: readers chose sections that the edition no longer has: {named}. If one was"
        f' renamed, write was = ["{next(iter(missing))}"] in its [[section]]; readers of nothing'
        " else get no mail."
    )
