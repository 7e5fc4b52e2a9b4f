"""A mailbox's mails → events, in batches; each mail is done with once its event is durable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from digest.feedback.reading import read_mail
from digest.log import log
from digest.models.events import DeliveryEvent
from digest.models.feedback import MailKind, MailReading
from digest.pipeline.feedback.judging import event_of
from digest.pipeline.feedback.mailboxes.contract import FeedbackMailbox, WaitingMail
from digest.pipeline.feedback.proving import MailOrigin, Proofs
from digest.store import Store
from digest.store.ledger.events import AboutDelivery

_BATCH = 50  # mails in memory: of a megabyte each at most


@dataclass
class FeedbackReport:
    """How many mails were read, and what they were.

    `kinds` counts events by their kind. `known` were recorded before, `unmatched` are reports of no
    delivery of ours, `automatic` replies of programs, `personal` mails that a person should read.
    """

    read: int = 0
    known: int = 0
    unmatched: int = 0
    automatic: int = 0
    personal: int = 0
    kinds: Counter[str] = field(default_factory=Counter)


class FeedbackReader:
    """Reads mailboxes at one moment; a rehearsal records and moves nothing."""

    def __init__(self, store: Store, proofs: Proofs, now: datetime, *, rehearsal: bool) -> None:
        self._store, self._proofs, self._now = store, proofs, now
        self._rehearsal = rehearsal
        self._total = FeedbackReport()

    def read(self, mailbox: FeedbackMailbox) -> FeedbackReport:
        """Read all mails that wait; return what they were.

        A mail for a person stays as it is, so that a person sees it.
        """
        with closing(mailbox):
            waiting = mailbox.mails()
            while batch := list(islice(waiting, _BATCH)):
                for key in self._record(batch):
                    mailbox.done(key)
        total = self._total
        log.info("feedback read", mails=total.read, known=total.known, unmatched=total.unmatched)
        return total

    def _record(self, batch: list[WaitingMail]) -> list[str]:
        """Record a batch in one transaction; return the keys of mails that are done with."""
        readings = [read_mail(mail.raw) for mail in batch]
        origins = [self._proofs.origin_of(reading) for reading in readings]
        about = self._about(origins)
        events, done = [], []
        for mail, reading, origin in zip(batch, readings, origins, strict=True):
            event = event_of(reading, origin, about.get(origin), self._now)
            self._count(reading, event)
            if event is not None:
                events.append(event)
            if event is not None or reading.kind is MailKind.AUTOMATIC:
                done.append(mail.key)
        if self._rehearsal:
            return []
        heard = self._store.events.record(events, self._now)
        self._total.known += heard.known
        self._total.unmatched += heard.unmatched
        return done

    def _about(self, origins: Iterable[MailOrigin]) -> dict[MailOrigin, AboutDelivery]:
        """Return what is known of the mails of ours that came back, in two questions."""
        events, known = self._store.events, set(origins)
        deliveries = events.about(one.delivery for one in known if one.delivery is not None)
        singles = events.about_single_mails(
            one.single_mail for one in known if one.single_mail is not None
        )
        found = {MailOrigin(number): one for number, one in deliveries.items()}
        return found | {MailOrigin(None, number): one for number, one in singles.items()}

    def _count(self, reading: MailReading, event: DeliveryEvent | None) -> None:
        self._total.read += 1
        if event is not None:
            self._total.kinds[str(event.kind)] += 1
        elif reading.kind is MailKind.AUTOMATIC:
            self._total.automatic += 1
        else:
            self._total.personal += 1
