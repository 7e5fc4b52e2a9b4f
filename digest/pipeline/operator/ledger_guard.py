"""Refusing to send blind (invariant 10): a ledger that is missing or older than the one known.

Such a ledger does not know who has the mail; to send by it would double readers. It is noticed by
what is remembered outside the store, told with what is known, and adopted only on order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from digest.config import Settings
from digest.errors import DigestError, LedgerRefused
from digest.log import log
from digest.models.deliveries import DeliveryState
from digest.models.issues import IssueState
from digest.pipeline.issue.slots import due_slot, edition_named, named_slot
from digest.pipeline.operator.durability import require_durable
from digest.pipeline.operator.mark_file import BESIDE, MarkFile
from digest.pipeline.operator.mark_folder import MarkFolder, state_folder
from digest.pipeline.operator.remembered import Outside, Remembered
from digest.pipeline.operator.replica_mark import ReplicaMark
from digest.store import Condition, LedgerMark, NewIssue, Store, StoredIssue

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
    UNREADABLE = (
        "that is kept there cannot be opened: another key, another newsroom, or only a part of it"
    )

    @property
    def may_double(self) -> bool:
        """Whether readers whom this ledger calls pending may have the mail."""
        return self not in {Difference.NONE, Difference.FORGOTTEN}


_OF_REMOTE = {
    Condition.MISSING: Difference.MISSING,
    Condition.OLDER: Difference.OLDER,
    Condition.UNREADABLE: Difference.UNREADABLE,
}


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

    @property
    def is_all_new(self) -> bool:
        """Whether nothing was ever planned here, and nothing is remembered from elsewhere."""
        return self.remembered is None and not (self.ledger and self.ledger.number)

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


def outside_of(settings: Settings, store: Store) -> Outside | None:
    """Return what remembers the ledger of this newsroom; None if nothing is to be remembered."""
    mark, home = settings.store.mark, settings.surroundings.state_home
    if store.replica:
        return ReplicaMark(store.replica)
    if mark is None and home is not None:
        return MarkFolder(state_folder(home), store.place, settings.folder)
    if mark == "":
        return None
    return MarkFile((settings.folder / (mark or BESIDE)).absolute())


def compare(settings: Settings, store: Store) -> Comparison:
    """Look from both sides; nothing is changed. LedgerRefused if what is remembered is garbage."""
    outside = outside_of(settings, store)
    # In this order: another run may plan at this moment, and the ledger is always ahead.
    remembered = _remembered(outside, store)
    ledger = store.marks.current()
    if remembered is None and (remembered := _remembered(outside, store)) is not None:
        # The newsroom's very first run began in between: it remembers that before it plans.
        ledger = store.marks.current()
    short = _short(settings, store, remembered)
    difference = (
        difference_between(ledger, remembered, short=bool(short)) if outside else Difference.NONE
    )
    if store.replica and (of_remote := _OF_REMOTE.get(store.replica.condition)):
        return Comparison(of_remote, ledger, remembered, short)
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


def require_known_ledger(
    settings: Settings, store: Store, *, dry_run: bool, ephemeral: bool = False
) -> None:
    """Raise LedgerRefused unless the ledger is the one that is remembered, or all is new.

    A newsroom that begins is remembered from now on; with `dry_run` nothing is written. In CI it
    may not begin on a disk that is gone afterwards, unless that is meant (`ephemeral`).
    """
    found = compare(settings, store)
    if found.difference:
        raise LedgerRefused(
            f"the ledger {found.difference}; sending could give readers a second copy",
            where=outside.place if (outside := outside_of(settings, store)) else "the ledger",
            fix="Restore the right database or file; or see `digest reconcile`. Nothing was sent.",
        )
    if not dry_run:
        if found.is_all_new and not ephemeral:
            require_durable(settings, store)
        _learn(settings, store, Remembered(store.marks.begin()))


def refuse_to_begin(settings: Settings, store: Store) -> None:
    """Raise LedgerRefused where a ledger that began now would be gone after this run."""
    if compare(settings, store).is_all_new:
        require_durable(settings, store)


def remember(settings: Settings, store: Store, issue: StoredIssue, accepted: int) -> None:
    """Have it remembered how far the ledger is. LedgerRefused if that cannot be written."""
    _learn(settings, store, Remembered(store.marks.begin(), {issue.key: accepted}))


def adopt(settings: Settings, store: Store, now: datetime) -> tuple[Comparison, tuple[str, ...]]:
    """Take the store's ledger for the right one; give what differed, and what was done.

    A newsroom that has no ledger yet begins one here. Where readers could be doubled, every issue
    that is being sent is held, and a slot whose issue the ledger does not know is closed: the
    operator decides on them one by one.
    """
    found = compare(settings, store)
    if not found.difference:
        return found, _begun(settings, store, found)
    done = _made_safe(settings, store, found, now) if found.difference.may_double else ()
    known = found.remembered.mark.number if found.remembered else 0
    mark = store.marks.adopt(known) if found.difference.may_double else store.marks.begin()
    _learn(settings, store, Remembered(mark))
    log.warning("ledger adopted", why=f"it {found.difference}", epoch=mark.epoch, done=len(done))
    return found, done


def _begun(settings: Settings, store: Store, found: Comparison) -> tuple[str, ...]:
    """Begin and remember the ledger of a newsroom that has none."""
    if not found.is_all_new:
        return ()
    _learn(settings, store, Remembered(store.marks.begin()))
    return ("a ledger begins here",)


def _remembered(outside: Outside | None, store: Store) -> Remembered | None:
    if outside is None:
        return None
    mark = store.marks.current()
    return outside.read(mark.epoch if mark else None)


def _learn(settings: Settings, store: Store, more: Remembered) -> None:
    outside = outside_of(settings, store)
    if outside is not None:
        outside.learn(more)


def _made_safe(
    settings: Settings, store: Store, found: Comparison, now: datetime
) -> tuple[str, ...]:
    done = []
    store.begun_calls.forget()
    for issue in store.issues.list(limit=_LOOKED_AT):
        if issue.state is IssueState.SENDING:
            store.issues.set_state(issue.id, IssueState.HELD, now, _HELD)
            done.append(f"{issue.key} is held")
    lost = [key for key, (_, known) in found.short.items() if known is None]
    if found.difference is Difference.UNREADABLE:
        lost += _due_now(settings, store, now)
    done += [f"{key} is closed" for key in lost if _closed(settings, store, key, now)]
    if store.replica and store.replica.set_aside:
        done.append(f"what was there is kept as {store.replica.set_aside}")
    return tuple(done)


def _due_now(settings: Settings, store: Store, now: datetime) -> Iterator[str]:
    """Yield the issues that may have been sent, where nothing can be read of the ledger."""
    for edition in settings.edition:
        slot = due_slot(edition, now)
        if slot and store.issues.get(slot.issue_key) is None:
            yield slot.issue_key


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


def _short(
    settings: Settings, store: Store, kept: Remembered | None
) -> dict[str, tuple[int, int | None]]:
    short: dict[str, tuple[int, int | None]] = {}
    for key, remembered in (kept.accepted if kept else {}).items():
        issue = store.issues.get(settings.issue_key(key)) or store.issues.get(key)
        if issue is None:
            short[key] = (remembered, None)
            continue
        known = store.ledger.counts(issue.id)[DeliveryState.ACCEPTED]
        if known < remembered:
            short[key] = (remembered, known)
    return short
