"""Refusing to send blind (invariant 10): a ledger that is missing or older than the one known.

Such a ledger does not know who has the mail; to send by it would double readers. It is noticed by
what is remembered outside the store, told with what is known, and adopted only on order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from digest.config import Settings
from digest.errors import DigestError, LedgerRefused
from digest.log import log
from digest.models.deliveries import DeliveryState
from digest.models.issues import IssueState
from digest.pipeline.issue.slots import edition_named, named_slot
from digest.pipeline.operator.mark_file import Outside, Remembered
from digest.store import LedgerMark, NewIssue, Store, StoredIssue

_HELD = "held when the ledger was adopted: some of its pending readers may have it"
_GONE = "sent under a ledger that is lost; this slot is not sent again"
_LOOKED_AT = 1000


class Difference(StrEnum):
    """The difference between the ledger and its mark; the words go on from "the ledger"."""

    NONE = ""
    FORGOTTEN = "has a history, but nothing is remembered of it here"
    MISSING = "is empty or from before it was marked, but another one is remembered"
    OTHER = "is not the one that is remembered"
    MOVED = (
        "was begun in another database than this one: this is a dump that was restored, a restore"
        " to a point in time, or a server that took over"
    )
    OLDER = "is older than what is remembered of it: it was restored from a backup"

    @property
    def may_double(self) -> bool:
        """Whether readers whom this ledger calls pending may have the mail."""
        return self not in {Difference.NONE, Difference.FORGOTTEN}


@dataclass(frozen=True, slots=True)
class Comparison:
    """The ledger and its mark, side by side.

    `short` are issues of which more readers have the mail than this ledger knows: by key, how
    many are remembered, and how many the ledger has (None: it does not know the issue).
    """

    difference: Difference
    ledger: LedgerMark | None
    remembered: Remembered | None
    short: dict[str, tuple[int, int | None]]

    def as_json(self) -> dict[str, object]:
        """Return what `--json` prints."""
        kept = self.remembered
        return {
            "agrees": not self.difference,
            "message": str(self.difference),
            "ledger": {"epoch": self.ledger.epoch, "number": self.ledger.number}
            if self.ledger
            else None,
            "remembered": {"epoch": kept.mark.epoch, "number": kept.mark.number} if kept else None,
            "issues": {
                key: {"remembered": remembered, "ledger": known}
                for key, (remembered, known) in self.short.items()
            },
        }


def outside_of(settings: Settings) -> Outside:
    """Return what remembers the ledger of this newsroom."""
    mark = settings.store.mark
    return Outside((settings.folder / mark).absolute() if mark else None)


def compare(settings: Settings, store: Store) -> Comparison:
    """Look from both sides; nothing is changed. LedgerRefused if the file makes no sense."""
    outside = outside_of(settings)
    # In this order: another run may plan at this moment, and the ledger is always ahead.
    remembered = outside.read()
    ledger = store.marks.current()
    if remembered is None and (remembered := outside.read()) is not None:
        # The newsroom's very first run began in between: it remembers that before it plans.
        ledger = store.marks.current()
    short = _short(store, remembered)
    watched = outside.path is not None
    difference = (
        difference_between(ledger, remembered, short=bool(short)) if watched else Difference.NONE
    )
    home = store.marks.home()
    if home.is_another and difference in {Difference.NONE, Difference.FORGOTTEN}:
        difference = Difference.MOVED
    elif home.is_the_same and difference is Difference.FORGOTTEN:
        # A fresh machine: the database itself tells that it is the one it was.
        difference = Difference.NONE
    return Comparison(difference, ledger, remembered, short)


def difference_between(
    ledger: LedgerMark | None, kept: Remembered | None, *, short: bool
) -> Difference:
    """Say how they differ; a ledger that is ahead is as it should be after a crash."""
    if kept is None:
        # At 0 nothing was ever planned under this mark.
        return Difference.FORGOTTEN if ledger and ledger.number else Difference.NONE
    if ledger is None:
        return Difference.MISSING
    if ledger.epoch != kept.mark.epoch:
        return Difference.OTHER
    if ledger.number < kept.mark.number or short:
        return Difference.OLDER
    return Difference.NONE


def require_known_ledger(settings: Settings, store: Store, *, dry_run: bool) -> None:
    """Raise LedgerRefused unless the ledger is the one that is remembered, or all is new.

    A newsroom that begins is remembered from now on; with `dry_run` nothing is written.
    """
    found = compare(settings, store)
    if found.difference:
        raise LedgerRefused(
            f"the ledger {found.difference}; sending could give readers a second copy",
            where=_where(settings),
            fix="Restore the right database or file; or see `digest reconcile`. Nothing was sent.",
        )
    if not dry_run:
        outside_of(settings).learn(Remembered(store.marks.begin()))


def _where(settings: Settings) -> str:
    path = outside_of(settings).path
    return str(path) if path else "the ledger"


def remember(settings: Settings, store: Store, issue: StoredIssue, accepted: int) -> None:
    """Have it remembered how far the ledger is. LedgerRefused if that cannot be written."""
    outside_of(settings).learn(Remembered(store.marks.begin(), {issue.key: accepted}))


def adopt(settings: Settings, store: Store, now: datetime) -> tuple[Comparison, tuple[str, ...]]:
    """Take the store's ledger for the right one; give what differed, and what was done.

    Where readers could be doubled, every issue that is being sent is held, and a slot whose issue
    the ledger does not know is closed: the operator decides on them one by one.
    """
    found = compare(settings, store)
    if not found.difference:
        return found, ()
    done = _made_safe(settings, store, found, now) if found.difference.may_double else ()
    known = found.remembered.mark.number if found.remembered else 0
    mark = store.marks.adopt(known) if found.difference.may_double else store.marks.begin()
    outside_of(settings).learn(Remembered(mark))
    log.warning("ledger adopted", why=f"it {found.difference}", epoch=mark.epoch, done=len(done))
    return found, done


def _made_safe(
    settings: Settings, store: Store, found: Comparison, now: datetime
) -> tuple[str, ...]:
    done = []
    for issue in store.issues.list(limit=_LOOKED_AT):
        if issue.state is IssueState.SENDING:
            store.issues.set_state(issue.id, IssueState.HELD, now, _HELD)
            done.append(f"{issue.key} is held")
    for key, (_, known) in found.short.items():
        if known is None and _closed(settings, store, key, now):
            done.append(f"{key} is closed")
    return tuple(done)


def _closed(settings: Settings, store: Store, key: str, now: datetime) -> bool:
    """Put a cancelled issue where one was lost, so that its slot is not sent again."""
    edition, _, slot_key = key.rpartition("/")
    try:
        slot = named_slot(edition_named(settings, edition), slot_key)
    except DigestError:
        return False  # the edition, or its schedule, is no more: nobody can send that slot
    lost = store.issues.create(NewIssue(slot, "{}", ""), IssueState.HELD, now)
    store.issues.set_state(lost.id, IssueState.CANCELLED, now, _GONE)
    return True


def _short(store: Store, kept: Remembered | None) -> dict[str, tuple[int, int | None]]:
    short: dict[str, tuple[int, int | None]] = {}
    for key, remembered in (kept.accepted if kept else {}).items():
        issue = store.issues.get(key)
        if issue is None:
            short[key] = (remembered, None)
            continue
        known = store.ledger.counts(issue.id)[DeliveryState.ACCEPTED]
        if known < remembered:
            short[key] = (remembered, known)
    return short
