"""Subscribing by form: a wish is counted, written down, and answered by one mail, whoever asks.

What the page says never depends on whether the address is known. The mail tells its owner: to
confirm, or that they read it already. An address that is suppressed gets none.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from digest.config import EditionSettings, Settings
from digest.pipeline.mails.rendering import link_tokens
from digest.pipeline.readers.bounds import common_limits, mailbox_limit
from digest.pipeline.readers.welcome import queue_welcome
from digest.store import Store
from digest.store.single_mails.queue import NewSingleMail, SingleMail
from subscribers.address import normalise
from subscribers.consent import Proof, Way
from subscribers.errors import TokenExpired, TokenInvalid, TransitionRefused
from subscribers.lifecycle import UNCONFIRMED, State
from subscribers.tokens import Link, Purpose
from subscribers.values import SubscriberRecord

# The same wish again within this time is the same wish: a button pressed twice.
_SAME_WISH = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class SignUpWish:
    """The wish of a form: editions, each with its chosen sections (none: all).

    `network` is the client's address, `words` what the reader agreed to.
    """

    email: str
    editions: Mapping[str, frozenset[str]]
    network: str = ""
    words: str = ""
    locale: str = ""
    way: Way = Way.FORM


class Taken(StrEnum):
    """The outcome of a wish, as far as anybody may know: it was taken, or all are too many."""

    TAKEN = "taken"
    BUSY = "busy"


class LinkState(StrEnum):
    """The worth of a link to confirm by."""

    GOOD = "good"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The meaning of a link to confirm by; without `reader` there is nothing to confirm."""

    state: LinkState
    reader: SubscriberRecord | None = None
    editions: tuple[str, ...] = ()
    locale: str = ""


class Signups:
    """Takes wishes and confirmations."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        clock: Callable[[], datetime],
        hurry: Callable[[], None] = lambda: None,
    ) -> None:
        """`hurry` is called when a mail was queued. ConfigError when links cannot be signed."""
        self._settings = settings
        self._store = store
        self._requests = store.requests
        self._clock = clock
        self._hurry = hurry
        self._tokens = link_tokens(settings)

    def ask(self, wish: SignUpWish) -> Taken:
        """Take a wish. AddressInvalid if that is no address; unknown editions are left out."""
        address, now = normalise(wish.email), self._clock()
        if self._requests.take(common_limits(self._settings, self._store, wish.network), now):
            return Taken.BUSY
        if self._requests.take([mailbox_limit(self._settings, self._store, address)], now):
            return Taken.TAKEN
        self._write_down(wish, now)
        self._hurry()
        return Taken.TAKEN

    def look(self, token: str) -> Confirmation:
        """Return what a link to confirm by stands for; nothing changes."""
        link, state = self._read(token)
        mail = self._mail_of(link)
        reader = self._store.subscribers.find(link.public_id) if link and mail else None
        if mail is None or reader is None:
            return Confirmation(LinkState.UNKNOWN if state is LinkState.GOOD else state)
        wanted = [name for name in mail.facts["editions"] if not _left_since(reader, name, mail)]
        if not wanted:
            return Confirmation(LinkState.EXPIRED)
        return Confirmation(state, reader, tuple(wanted), mail.locale)

    def confirm(self, token: str, network: str) -> Confirmation:
        """Take the reader's word; once more changes nothing. The first time, they are welcomed."""
        found = self.look(token)
        link, _ = self._read(token)
        mail = self._mail_of(link)
        if found.state is not LinkState.GOOD or found.reader is None or mail is None:
            return found
        now, who = self._clock(), found.reader
        fresh = [
            edition
            for edition in found.editions
            if self._confirmed(who, edition, mail, network, now)
        ]
        if fresh:
            queue_welcome(self._settings, self._store, who, fresh, mail.locale, now)
            self._hurry()
        return found

    def _confirmed(
        self,
        reader: SubscriberRecord,
        edition: str,
        mail: SingleMail,
        network: str,
        now: datetime,
    ) -> bool:
        """Confirm one edition; say whether that brought the reader in."""
        before = {part.edition: part.state for part in reader.subscriptions}.get(edition)
        if before not in UNCONFIRMED:
            return False
        readers = self._store.subscribers
        proof = Proof(Way.LINK, mail.facts.get("words", ""), readers.pseudonyms.network(network))
        try:
            readers.confirm(reader.public_id, edition, now, proof, asked_at=mail.created_at)
        except TransitionRefused:
            return False  # they left meanwhile, in another tab
        readers.set_sections(reader.public_id, edition, mail.facts["sections"][edition], now)
        return True

    def _write_down(self, wish: SignUpWish, now: datetime) -> None:
        readers = self._store.subscribers
        proof = Proof(wish.way, wish.words, readers.pseudonyms.network(wish.network))
        sections = {
            edition.id: sorted(chosen & set(edition.sections))
            for edition, chosen in self._editions(wish.editions)
        }
        asked = [
            readers.ask(
                wish.email,
                edition=edition,
                proof=proof,
                now=now,
                sections=chosen,
                locale=wish.locale,
            )
            for edition, chosen in sections.items()
        ]
        if not asked or any(one.suppressed for one in asked):
            return
        pending = [
            edition
            for edition, one in zip(sections, asked, strict=True)
            if one.state in UNCONFIRMED
        ]
        reader = readers.find(asked[0].public_id)
        if reader is None:
            return
        facts = {
            "editions": pending or list(sections),
            "sections": {name: sections[name] for name in pending},
            "words": wish.words if pending else "",
        }
        self._store.single_mails.put(
            NewSingleMail(
                kind="confirm" if pending else "known",
                reason=_reason(reader.public_id, facts, now),
                subscriber_id=reader.id,
                locale=reader.locale or wish.locale,
                expires_at=now + timedelta(days=self._settings.readers.confirm_days),
                facts=facts,
            ),
            now,
        )

    def _editions(
        self, wished: Mapping[str, frozenset[str]]
    ) -> Iterable[tuple[EditionSettings, frozenset[str]]]:
        for edition in self._settings.edition:
            if edition.id in wished:
                chosen = wished[edition.id]
                yield edition, frozenset() if chosen >= set(edition.sections) else chosen

    def _read(self, token: str) -> tuple[Link | None, LinkState]:
        try:
            return self._tokens.read(Purpose.CONFIRM, token, self._clock()), LinkState.GOOD
        except TokenExpired:
            return None, LinkState.EXPIRED
        except TokenInvalid:
            return None, LinkState.UNKNOWN

    def _mail_of(self, link: Link | None) -> SingleMail | None:
        """Return the mail whose button was pressed: it says what was asked for."""
        if link is None or not link.edition.isdecimal():
            return None
        mail = self._store.single_mails.get(int(link.edition))
        return mail if mail is not None and mail.kind == "confirm" else None


def _left_since(reader: SubscriberRecord, edition: str, mail: SingleMail) -> bool:
    """Whether the reader left after the mail was made: its button brings nobody back."""
    return any(
        part.edition == edition
        and part.state is State.UNSUBSCRIBED
        and part.unsubscribed_at is not None
        and part.unsubscribed_at > mail.created_at
        for part in reader.subscriptions
    )


def _reason(public_id: str, facts: Mapping[str, object], now: datetime) -> str:
    moment = int(now.timestamp() // _SAME_WISH.total_seconds())
    wish = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]
    return f"wish:{public_id}:{wish}:{moment}"
