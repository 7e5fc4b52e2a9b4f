"""A reader's own address and data over the store."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta

from digest.config import Settings
from digest.pipeline.mails.rendering import link_tokens
from digest.store import Store
from digest.store.single_mails.queue import NewSingleMail, SingleMail
from digest.web.readers.contract import Kept, LinkProblem, ReaderState, WishRefused
from subscribers.address import masked, normalise
from subscribers.errors import AddressTaken, TokenExpired, TokenInvalid
from subscribers.tokens import Link, Purpose
from subscribers.values import SubscriberRecord

_TOLD_WITHIN = timedelta(days=2)


class OwnOfStore:
    """The questions of the pages for a new address and for one's own data."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        clock: Callable[[], datetime],
        hurry: Callable[[], None] = lambda: None,
    ) -> None:
        """`hurry` is called when a mail was queued. ConfigError when links cannot be verified."""
        self._settings = settings
        self._store = store
        self._clock = clock
        self._hurry = hurry
        self._tokens = link_tokens(settings)

    def new_address(self, token: str) -> str | LinkProblem:
        """Return the address that a link would make the reader's; nothing changes."""
        found = self._asked(token)
        return found if isinstance(found, LinkProblem) else masked(found[1].address)

    def use_address(self, token: str) -> str | LinkProblem:
        """Make it so, and tell the address that was: whoever still reads it may object."""
        found = self._asked(token)
        if isinstance(found, LinkProblem):
            return found
        reader, mail = found
        now, new = self._clock(), normalise(mail.address)
        if normalise(reader.email).key == new.key:
            return masked(new.addr_spec)
        try:
            self._store.subscribers.change_address(reader.public_id, new.addr_spec)
        except AddressTaken:
            raise WishRefused("taken", 409) from None
        self._tell_the_former(reader, new.addr_spec, mail, now)
        return masked(new.addr_spec)

    def kept(self, token: str) -> Kept | LinkProblem:
        """Return everything that is kept of a reader."""
        reader = self._owner(token)
        if isinstance(reader, LinkProblem):
            return reader
        return Kept(
            address=reader.email,
            name=reader.name,
            locale=reader.locale,
            since=reader.created_at.date(),
            editions=tuple(
                (
                    self._title(part.edition),
                    ReaderState(part.state.value),
                    self._sections(part.sections),
                )
                for part in reader.subscriptions
            ),
            acts=tuple(
                (
                    act.at.date().isoformat() if act.at else "–",  # noqa: RUF001 - a dash that is seen
                    self._title(act.edition),
                    str(act.act),
                    act.words,
                )
                for act in reader.consent
            ),
            document=self._document(reader),
        )

    def erase(self, token: str) -> LinkProblem | None:
        """Erase the reader; None when it is done."""
        reader = self._owner(token)
        if isinstance(reader, LinkProblem):
            return reader
        self._store.erase_reader(reader.email, self._clock())
        return None

    def _document(self, reader: SubscriberRecord) -> str:
        mails = [
            {"kind": mail.kind, "state": str(mail.state), "at": mail.created_at.isoformat()}
            for mail in self._store.single_mails.of_subscriber(reader.id)
        ]
        return json.dumps({**reader.as_dict(), "mails": mails}, ensure_ascii=False, indent=2)

    def _asked(self, token: str) -> tuple[SubscriberRecord, SingleMail] | LinkProblem:
        """Return whose address shall change, and the mail that asked at the new one."""
        link = self._link(token, Purpose.ADDRESS)
        if isinstance(link, LinkProblem):
            return link
        mail = self._store.single_mails.get(int(link.edition)) if link.edition.isdecimal() else None
        reader = self._store.subscribers.find(link.public_id)
        if mail is None or reader is None or mail.kind != "address":
            return LinkProblem.NOBODY
        return reader, mail

    def _owner(self, token: str) -> SubscriberRecord | LinkProblem:
        link = self._link(token, Purpose.DATA)
        if isinstance(link, LinkProblem):
            return link
        return self._store.subscribers.find(link.public_id) or LinkProblem.NOBODY

    def _link(self, token: str, purpose: Purpose) -> Link | LinkProblem:
        try:
            return self._tokens.read(purpose, token, self._clock())
        except TokenExpired:
            return LinkProblem.EXPIRED
        except TokenInvalid:
            return LinkProblem.UNKNOWN

    def _tell_the_former(
        self, reader: SubscriberRecord, new: str, asked: SingleMail, now: datetime
    ) -> None:
        former = normalise(reader.email)
        self._store.single_mails.put(
            NewSingleMail(
                kind="moved",
                reason=f"moved:{asked.id}",
                subscriber_id=reader.id,
                locale=reader.locale,
                address=former.addr_spec,
                address_key=former.key,
                expires_at=now + _TOLD_WITHIN,
                facts={"editions": asked.facts.get("editions", []), "masked": masked(new)},
            ),
            now,
        )
        self._hurry()

    def _title(self, name: str) -> str:
        edition = self._settings.edition_of(name)
        return edition.title if edition else name

    def _sections(self, chosen: frozenset[str]) -> str:
        titles = {section.id: section.title for section in self._settings.section}
        return ", ".join(sorted(titles.get(one, one) for one in chosen))
