"""The result of a backtest: each slot in figures, and the limit that they suggest to move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from digest.config import EditionSettings
from digest.models.issues import Slot
from digest.pipeline.issue.policy import look_back_hours
from digest.plurals import counted

_CLIPPED = 102_000  # bytes of HTML above which Gmail hides the rest


@dataclass(frozen=True, slots=True)
class TestedSlot:
    """One past slot, as it would have been for a reader of all sections.

    `sections` are its stories by section, the lead counted; `expired` are articles that were
    carried over before and are too old now, so nobody ever reads them; `dropped` were dropped by
    the editors, withdrawn by their site, or had no headline; `left` are stories that left to keep
    the mail to its size, and are carried over; `html_bytes` is the HTML; `remarks` are what the
    overlays ask in vain; `parted` are stories that some readers were told and others wait for.
    """

    __test__ = False  # it is named as the command is; pytest shall not collect it

    issue: str
    stories: int
    sections: Mapping[str, int]
    merged: int
    carried: int
    expired: int
    dropped: int
    left: int
    html_bytes: int
    duplicates: tuple[tuple[str, str, float], ...] = ()
    remarks: tuple[str, ...] = ()
    parted: int = 0

    def as_json(self) -> dict[str, object]:
        """Return what `--json` prints."""
        return {
            "issue": self.issue,
            "stories": self.stories,
            "sections": dict(self.sections),
            "merged": self.merged,
            "carried": self.carried,
            "expired": self.expired,
            "dropped": self.dropped,
            "left_for_size": self.left,
            "told_to_some": self.parted,
            "html_bytes": self.html_bytes,
            "duplicates_suspected": [
                {"one": one, "other": other, "likeness": likeness}
                for one, other, likeness in self.duplicates
            ],
            "remarks": list(self.remarks),
        }


@dataclass(frozen=True, slots=True)
class Backtest:
    """The slots, oldest first, and remarks for the operator."""

    edition: str
    slots: tuple[TestedSlot, ...]
    notes: tuple[str, ...] = ()

    @property
    def sections(self) -> tuple[str, ...]:
        """Name the sections in the edition's order."""
        return tuple(self.slots[0].sections)

    def as_json(self) -> dict[str, object]:
        """Return what `--json` prints."""
        return {
            "edition": self.edition,
            "slots": [one.as_json() for one in self.slots],
            "notes": list(self.notes),
        }


def remarks_on(
    tested: Sequence[TestedSlot], slots: Sequence[Slot], edition: EditionSettings
) -> list[str]:
    """Say which limit to move, where the slots show that one is in the way."""
    notes = []
    if expired := sum(one.expired for one in tested):
        notes.append(
            f"{counted(expired, 'article')} waited until too old: raise latest or top of their "
            f"sections, or look_back_hours ({look_back_hours(edition, slots[-1]):g})"
        )
    if parted := max(one.parted for one in tested):
        notes.append(
            f"Up to {counted(parted, 'story', 'stories')} of a slot had room in some mails only: "
            "other readers get them later, as far as there is room then"
        )
    if left := sum(one.left for one in tested):
        notes.append(
            f"{counted(left, 'story', 'stories')} left to keep mails to "
            f"{edition.max_html_kb:g} KB: set max_stories, or lower latest and top"
        )
    if large := sum(one.html_bytes > _CLIPPED for one in tested):
        notes.append(
            f"{counted(large, 'issue')} larger than what Gmail shows (102 KB): "
            "set max_stories, or lower latest and top"
        )
    never = [
        name for name in tested[0].sections if not any(one.sections.get(name) for one in tested)
    ]
    if never:
        notes.append(f"No slot had anything in: {', '.join(never)}")
    return notes
