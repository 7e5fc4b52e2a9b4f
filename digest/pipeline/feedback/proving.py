"""Whose mail came back: only a seal of ours says so, never an address in the text.

    a reverse path (VERP) → a sealed subject (mailto-unsubscribe) → a reader's link in the mail that
    came back, together with its Message-ID

A bounce that names somebody, and has none of these, is kept as an event of no delivery.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from digest.config import Settings
from digest.mail import name_message
from digest.mail.delivery_seal import LEAVING, DeliverySeals
from digest.mail.verp import ReversePaths
from digest.models.feedback import MailKind, MailReading
from digest.store import Store
from subscribers.errors import TokenInvalid
from subscribers.tokens import LinkTokens, Purpose

_MOST_ADDRESSES = 150
_TOKEN = re.compile(r"/u/([A-Za-z0-9_.~-]{1,512})")


@dataclass(frozen=True, slots=True)
class MailOrigin:
    """The mail of ours that came back: a delivery of an issue, a mail outside one, or neither."""

    delivery: int | None = None
    single_mail: int | None = None

    @property
    def name(self) -> str:
        """Name it in an event's id."""
        return f"{self.delivery or 0}" if self.single_mail is None else f"single-{self.single_mail}"


class Proofs:
    """Finds the mail of ours that a mail is about, by every key that was ever used here."""

    def __init__(self, settings: Settings, store: Store) -> None:
        keys, pattern = settings.secret_keys, settings.mail.verp
        self._paths = [ReversePaths(pattern, key) for key in keys if pattern]
        self._leaving = [DeliverySeals(key, LEAVING) for key in keys]
        self._tokens = LinkTokens(keys) if keys else None
        self._domain = settings.mail.domain
        self._store = store

    def origin_of(self, reading: MailReading) -> MailOrigin:
        """Return the mail of ours; neither if nothing in it was made here."""
        for address in reading.addresses[:_MOST_ADDRESSES]:
            for paths in self._paths:
                found = MailOrigin(paths.delivery_of(address), paths.single_mail_of(address))
                if found != MailOrigin():
                    return found
        by_subject = next(self._by_subject(reading), None)
        return MailOrigin(by_subject or next(self._by_links(reading), None))

    def _by_subject(self, reading: MailReading) -> Iterator[int]:
        if reading.kind is MailKind.UNSUBSCRIBE:
            found = (seals.delivery_in(reading.subject) for seals in self._leaving)
            yield from (number for number in found if number is not None)

    def _by_links(self, reading: MailReading) -> Iterator[int]:
        """Yield the delivery whose Message-ID came back, of the readers whose links came back."""
        for public_id in self._readers(reading):
            for number, issue_key in self._store.events.deliveries_of(public_id):
                if name_message(issue_key, public_id, self._domain) in reading.original_ids:
                    yield number

    def _readers(self, reading: MailReading) -> Iterator[str]:
        for link in reading.links if self._tokens else ():
            found = _TOKEN.search(link)
            if found and self._tokens:
                try:
                    yield self._tokens.read(Purpose.MANAGE, found[1]).public_id
                except TokenInvalid:
                    continue
