"""`digest tidy` forgets records that need not be kept any longer. It may run at any time."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from digest.pipeline.operator.audience import translated
from digest.plurals import counted
from digest.store import Store


@dataclass(frozen=True, slots=True)
class TidyTerms:
    """How long things are kept, in days; `rehearsal` only counts."""

    unconfirmed_days: int = 30
    mails_days: int = 90
    events_days: int = 180
    ledger_days: int = 400
    lost_marks: bool = False
    rehearsal: bool = False


@dataclass(frozen=True, slots=True)
class TidyReport:
    """The records forgotten, or those that would be; a rehearsal counts no `mails` (None)."""

    unconfirmed: int
    plain_marks: int
    lost_marks: int
    deliveries: int
    events: int
    mails: int | None
    forgot_lost_marks: bool
    rehearsal: bool

    def as_json(self) -> dict[str, object]:
        """Return what `--json` prints."""
        return asdict(self)

    def sentences(self) -> list[str]:
        """Say it to a person."""
        told = "would be" if self.rehearsal else "were"
        old = counted(self.deliveries, "old delivery", "old deliveries")
        lines = [
            f"{counted(self.unconfirmed, 'subscription')} that nobody confirmed {told} deleted.",
            f"{old} {told} parted from their readers; their states stay.",
            f"{counted(self.events, 'old event')} {told} deleted.",
        ]
        if self.mails is not None:
            lines.append(f"{counted(self.mails, 'old mail')} outside issues {told} deleted.")
        if self.plain_marks:
            marks = counted(self.plain_marks, "plain hash", "plain hashes")
            lines.append(f"{marks} of erased addresses {told} keyed.")
        if self.lost_marks and self.forgot_lost_marks:
            marks = counted(self.lost_marks, "erased address", "erased addresses")
            lines.append(f"{marks} whose key is lost {told} forgotten: a list can bring them back.")
        elif self.lost_marks:
            lines.append(
                f"{counted(self.lost_marks, 'mark')} of erased addresses were made with a key that"
                " is not at hand, so that no list is taken in: put it into DIGEST_SECRET_KEYS_OLD,"
                " or forget them with --forget-lost-marks."
            )
        return lines


def tidy(store: Store, terms: TidyTerms, now: datetime) -> TidyReport:
    """Forget what is older than `terms` say. UsageError if a key is needed and missing."""

    def ago(days: int) -> datetime:
        return now - timedelta(days=days)

    with translated():
        people = store.subscribers.tidy(
            ago(terms.unconfirmed_days), rehearsal=terms.rehearsal, lost_marks=terms.lost_marks
        )
    return TidyReport(
        unconfirmed=people.unconfirmed,
        plain_marks=people.plain_marks,
        lost_marks=people.lost_marks,
        deliveries=store.ledger.forget_readers(ago(terms.ledger_days), rehearsal=terms.rehearsal),
        events=store.events.forget_old(ago(terms.events_days), rehearsal=terms.rehearsal),
        mails=None if terms.rehearsal else store.single_mails.forget_old(ago(terms.mails_days)),
        forgot_lost_marks=terms.lost_marks,
        rehearsal=terms.rehearsal,
    )
