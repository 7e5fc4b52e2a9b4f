"""Wishes of a known reader beyond one edition: another edition, another address, their data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from digest.config import Settings
from digest.pipeline.readers.bounds import mailbox_limit
from digest.store import Store
from digest.store.single_mails.queue import NewSingleMail
from digest.store.single_mails.requests import RequestLimit
from subscribers.address import normalise
from subscribers.consent import Proof, Way
from subscribers.lifecycle import UNCONFIRMED

_ADDRESS_LASTS = timedelta(days=2)
_DATA_LASTS = timedelta(days=1)
_WINDOW = timedelta(days=1)
_MAILS_A_WINDOW = 3
_BY_LINK = Proof(Way.LINK)


class Moves:
    """Carries such wishes out; what goes to a mailbox first is only asked for here."""

    def __init__(self, settings: Settings, store: Store, hurry: Callable[[], None]) -> None:
        """`hurry` is called when a mail was queued."""
        self._settings = settings
        self._store = store
        self._hurry = hurry

    def join(self, who: str, edition: str, now: datetime) -> None:
        """Subscribe a reader to one edition more: their signed link is their own word.

        Nothing if they are gone; an edition that they had and left begins again.
        """
        readers = self._store.subscribers
        reader = readers.find(who)
        if reader is None:
            return
        asked = readers.ask(reader.email, edition=edition, proof=_BY_LINK, now=now)
        if asked.state in UNCONFIRMED:
            readers.confirm(who, edition, now, _BY_LINK, asked_at=now)

    def less_often(self, who: str, edition: str, now: datetime) -> None:
        """Let the rarer edition come instead, with the same sections where it has them.

        SubscriberError if the reader does not have the edition any more.
        """
        found = self._settings.edition_of(edition)
        rarer = self._settings.edition_of(found.less_often) if found else None
        reader = self._store.subscribers.find(who)
        if rarer is None or reader is None:
            return
        chosen = next(
            (part.sections for part in reader.subscriptions if part.edition == edition), frozenset()
        )
        self.join(who, rarer.id, now)
        kept = chosen & set(rarer.sections)
        self._store.subscribers.set_sections(who, rarer.id, kept, now)
        self._store.subscribers.unsubscribe(who, edition, now, Proof(Way.LINK, "less often"))

    def ask_for_address(self, who: str, edition: str, email: str, now: datetime) -> None:
        """Write to a new address, which counts once it is confirmed there. AddressInvalid."""
        address = normalise(email)
        reader = self._store.subscribers.find(who)
        # A stranger's mailbox may be named: it counts as if that address had been signed up.
        bound = mailbox_limit(self._settings, self._store, address)
        if reader is None or not self._may_write(f"move:{who}", now, bound):
            return
        self._queue(
            NewSingleMail(
                kind="address",
                reason=f"address:{who}:{self._store.subscribers.pseudonyms.mark(address)}:"
                f"{now.date()}",
                subscriber_id=reader.id,
                locale=reader.locale,
                address=address.addr_spec,
                address_key=address.key,
                expires_at=now + _ADDRESS_LASTS,
                facts={"editions": [edition]},
            ),
            now,
        )

    def ask_for_data(self, who: str, edition: str, now: datetime) -> None:
        """Mail a reader the link to what is kept of them: a forwarded mail must not open it."""
        reader = self._store.subscribers.find(who)
        if reader is None or not self._may_write(f"data:{who}", now):
            return
        self._queue(
            NewSingleMail(
                kind="data",
                reason=f"data:{who}:{now.isoformat(timespec='minutes')}",
                subscriber_id=reader.id,
                locale=reader.locale,
                expires_at=now + _DATA_LASTS,
                facts={"editions": [edition]},
            ),
            now,
        )

    def _may_write(self, key: str, now: datetime, *more: RequestLimit) -> bool:
        limit = RequestLimit(key, _MAILS_A_WINDOW, _WINDOW)
        return not self._store.requests.take([limit, *more], now)

    def _queue(self, mail: NewSingleMail, now: datetime) -> None:
        if self._store.single_mails.put(mail, now) is not None:
            self._hurry()
