"""The history of earlier issues: every choice of sections gets each story once, and none is lost.

A story that had room in some variants of an issue and in others not is told for those that had it
only. For the others it waits, as long as it is eligible. A choice that an issue was not planned for
counts as told whatever that issue told anybody: who chooses anew rather misses a story that others
were told than gets one twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from digest.editorial.stories.stories import Grouped
from digest.models.issues import Issue, IssueSection, Telling, Waiting

Chosen = frozenset[str]
_EVERYTHING: Chosen = frozenset()
_NAMED = 3


def chosen_of(text: str, sections: Sequence[str]) -> Chosen | None:
    """Return the chosen ones of an edition's `sections`: none stands for all, None for no section.

    `text` is a subscription's: "tech,world", or "" for all. Sections that the edition no longer
    has are passed over.
    """
    known = frozenset(text.split(",")) & frozenset(sections)
    if text and not known:
        return None
    return _EVERYTHING if len(known) == len(sections) else known


def named(chosen: Chosen) -> str:
    """Write a choice down, whatever order the sections have today."""
    return ",".join(sorted(chosen))


@dataclass(frozen=True, slots=True)
class ToldHistory:
    """The stories that were told, to `everyone` or by recent issues to some choices.

    `issues` names the first of the recent ones that told an article.
    """

    everyone: frozenset[str] = frozenset()
    issues: Mapping[str, str] = field(default_factory=dict)
    by_choice: Mapping[Chosen, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, everyone: frozenset[str], recent: Iterable[Telling], sections: Sequence[str]
    ) -> ToldHistory:
        """Work out what each choice was told by `recent` issues, of an edition's `sections`."""
        recent = tuple(recent)
        tellings = [(_by_choice(one, sections), _all_of(one)) for one in recent]
        choices = {choice for variants, _ in tellings for choice in variants}
        return cls(
            everyone,
            {name: one.issue for one in reversed(recent) for name in _all_of(one)},
            {
                choice: frozenset().union(
                    *(variants.get(choice, told) for variants, told in tellings)
                )
                for choice in choices
            },
        )

    def told(self, stories: Iterable[Grouped], elsewhere: Mapping[str, str]) -> dict[str, Told]:
        """Return what is known of each story that somebody was told.

        `elsewhere` names another edition's issue that told an article.
        """
        issues = {**elsewhere, **self.issues}
        somebody = self.everyone | self.issues.keys()
        found: dict[str, Told] = {}
        for story in stories if somebody else ():
            ids = tuple(name for name in story.ids if name in somebody)
            if ids:
                by = min((issues[one] for one in ids if one in issues), default="")
                found[story.id] = Told(ids, by, self._waiting(story, ids))
        return found

    def when(self, ids: Iterable[str]) -> str:
        """Say when somebody was told one of these: "in daily/2026-11-22", "before", or nothing."""
        found = set(ids)
        issues = sorted(self.issues[name] for name in found if name in self.issues)
        if issues:
            return f"in {issues[0]}"
        return "" if found.isdisjoint(self.everyone) else "before"

    def untold(self, ids: Iterable[str]) -> tuple[Chosen, ...]:
        """Return the choices that were told none of these articles, whatever sections they read."""
        return tuple(one for one, told in self.by_choice.items() if told.isdisjoint(ids))

    def _waiting(self, story: Grouped, ids: Sequence[str]) -> tuple[Chosen, ...]:
        if not self.everyone.isdisjoint(ids):
            return ()
        return tuple(
            one for one in self.untold(ids) if not one or not one.isdisjoint(story.sections)
        )


class Told(NamedTuple):
    """A story that somebody was told: which of its articles, by which issue first ("" if unknown).

    `waiting` are the choices that read its sections and were not told it; none means all have it.
    """

    ids: tuple[str, ...]
    by: str
    waiting: tuple[Chosen, ...]

    @property
    def when(self) -> str:
        """Say when: "in daily/2026-11-22", or "before"."""
        return f"in {self.by}" if self.by else "before"


def _by_choice(one: Telling, sections: Sequence[str]) -> dict[Chosen, frozenset[str]]:
    """Return what each choice was told; of two texts that mean one choice today, both."""
    found: dict[Chosen, frozenset[str]] = {}
    for text, variant in one.variants.items():
        choice = chosen_of(text, sections)
        if choice is not None:
            told = one.told.get(variant or "", frozenset())
            found[choice] = found.get(choice, frozenset()) | told
    return found


def _all_of(one: Telling) -> frozenset[str]:
    return frozenset[str]().union(*one.told.values())


def waiting_of(waiting: Mapping[str, Sequence[Chosen]]) -> tuple[Waiting, ...]:
    """Turn story → choices that wait for it into what an issue keeps, in a fixed order."""
    found: dict[str, list[str]] = {}
    for story in sorted(waiting):
        for choice in waiting[story]:
            found.setdefault(named(choice), []).append(story)
    return tuple(Waiting(text, tuple(stories)) for text, stories in sorted(found.items()))


def awaited(issue: Issue, chosen: Chosen) -> frozenset[str]:
    """Return the stories told to others that this choice waits for."""
    if not issue.told:
        return frozenset()
    text = named(_among(issue.sections, chosen))
    return next(
        (frozenset(one.stories) for one in issue.waiting if one.sections == text), frozenset()
    )


def told_to(issue: Issue, chosen: Chosen) -> frozenset[str]:
    """Return the issue's stories that are not for this choice: it was told them, or counts so."""
    return frozenset(issue.told) - awaited(issue, chosen) if issue.told else frozenset()


def _among(sections: Sequence[IssueSection], chosen: Chosen) -> Chosen:
    known = frozenset(section.id for section in sections)
    return _EVERYTHING if known <= chosen else chosen & known


def readers(choices: Iterable[Chosen]) -> str:
    """Name a few of these choices for a person: "all sections, tech+world and 3 more"."""
    names = sorted("+".join(sorted(one)) or "all sections" for one in choices)
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
