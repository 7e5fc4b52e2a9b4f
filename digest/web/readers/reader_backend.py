"""A known reader over the store: whom a token speaks for, and what they wish."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from digest.config import EditionSettings, Settings
from digest.frozen import thaw
from digest.models.mails import Recipient
from digest.pipeline.mails.rendering import filled, link_tokens, reader_values
from digest.pipeline.readers.leaving import Departures, current_edition
from digest.pipeline.readers.moving import Moves
from digest.store import Store
from digest.web.readers.contract import (
    Action,
    Change,
    Left,
    LinkProblem,
    Reader,
    ReaderEdition,
    ReaderState,
    SectionChoice,
    WishRefused,
)
from subscribers.address import masked
from subscribers.consent import Proof, Way
from subscribers.errors import AddressInvalid, SubscriberError, TokenInvalid
from subscribers.lifecycle import State
from subscribers.tokens import Link, Purpose
from subscribers.values import Leaving, SubscriberRecord, SubscriptionRecord


class ReaderBackend:
    """Resolves tokens and carries out readers' wishes in the store."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        clock: Callable[[], datetime],
        hurry: Callable[[], None] = lambda: None,
    ) -> None:
        """Keep what every request needs. ConfigError when links cannot be verified."""
        self._settings = settings
        self._store = store
        self._clock = clock
        self._moves = Moves(settings, store, hurry)
        self._departures = Departures(settings, store, clock)
        self._tokens = link_tokens(settings)

    def find(self, token: str) -> Reader | LinkProblem:
        """Say whom a token speaks for."""
        link = self._link(token, Purpose.MANAGE)
        if link is None:
            return LinkProblem.UNKNOWN
        record = self._store.subscribers.find(link.public_id)
        if record is None or not record.subscriptions:
            return LinkProblem.NOBODY
        return self._reader(
            record, current_edition(self._settings, link.edition, _editions_of(record))
        )

    async def leave(self, token: str, reason: str, *, one_click: bool) -> Left | LinkProblem:
        """Unsubscribe, whatever became of the edition since; once more changes nothing."""
        link = self._link(token, Purpose.MANAGE)
        if link is None:
            return LinkProblem.UNKNOWN
        proof = Proof(Way.ONE_CLICK if one_click else Way.LINK, reason)
        found = await self._departures.leave(Leaving(link.public_id, link.edition, proof))
        if found is None:
            return Left(link.edition, self._title(link.edition), "")
        return Left(found.edition, self._title(found.edition), masked(found.email), found.locale)

    def change(self, token: str, change: Change) -> None:
        """Carry out a wish; doing it again changes nothing more."""
        link = self._link(token, Purpose.MANAGE)
        if link is None:
            return
        try:
            self._carry_out(link.public_id, change, self._clock())
        except AddressInvalid:
            raise WishRefused("email") from None
        except SubscriberError:
            # Another tab, or another device, was quicker: the form is of a state that is over.
            raise WishRefused("form", 409) from None

    def issue(self, token: str) -> str | LinkProblem:
        """Return the issue and variant that this reader was sent, as it was frozen."""
        link = self._link(token, Purpose.VIEW)
        if link is None:
            return LinkProblem.UNKNOWN
        edition, _, slot = link.edition.partition("~")
        stored = self._store.issues.get(self._settings.issue_key(f"{edition}/{slot}"))
        if stored is None:
            return LinkProblem.RETIRED
        rendered = self._store.issues.rendering_for(stored.id, link.public_id)
        if rendered is None:
            return LinkProblem.RETIRED
        reader = Recipient(0, 0, link.public_id, "", "", rendered.variant)
        values = reader_values(self._settings, thaw(stored.content))
        return filled(rendered, values(reader))[0]

    def _carry_out(self, who: str, change: Change, now: datetime) -> None:
        readers, edition = self._store.subscribers, change.edition
        match change.action:
            case Action.UNSUBSCRIBE:
                readers.unsubscribe(who, edition, now, Proof(Way.LINK, change.value))
            case Action.PAUSE:
                readers.pause(who, edition, now, until=now + timedelta(days=change.days))
            case Action.SECTIONS:
                readers.set_sections(who, edition, self._chosen(change), now)
            case Action.LESS:
                self._moves.less_often(who, edition, now)
            case Action.JOIN:
                self._moves.join(who, edition, now)
            case Action.LANGUAGE:
                readers.set_locale(who, change.value)
            case Action.ADDRESS:
                self._moves.ask_for_address(who, edition, change.value, now)
            case Action.DATA:
                self._moves.ask_for_data(who, edition, now)
            case _:
                self._welcome_back(who, edition, now)

    def _link(self, token: str, purpose: Purpose) -> Link | None:
        try:
            return self._tokens.read(purpose, token)
        except TokenInvalid:
            return None

    def _chosen(self, change: Change) -> frozenset[str]:
        """Write "all of them" as no choice, so that a section added later reaches them too."""
        edition = self._settings.edition_of(change.edition)
        everything = frozenset(edition.sections) if edition else frozenset()
        chosen = change.sections & everything
        return frozenset() if chosen == everything else chosen

    def _welcome_back(self, who: str, edition: str, now: datetime) -> None:
        """End a pause, or undo an unsubscription: the signed link is the reader's own word."""
        readers = self._store.subscribers
        record = readers.find(who)
        parts = record.subscriptions if record else ()
        state = next((part.state for part in parts if part.edition == edition), None)
        if state is State.UNSUBSCRIBED:
            readers.confirm(who, edition, now, asked_at=now)
        elif state is State.PAUSED:
            readers.resume(who, edition, now)

    def _reader(self, record: SubscriberRecord, current: str) -> Reader:
        by_id = {part.edition: part for part in record.subscriptions}
        known = [one.id for one in self._settings.edition if one.id in by_id]
        # An edition that is no more still has readers, and they may still leave it.
        known += [name for name in by_id if name not in known and name == current]
        return Reader(
            address=masked(record.email),
            edition=current,
            editions=tuple(self._edition(name, by_id[name]) for name in known),
            others=tuple(
                (one.id, one.title) for one in self._settings.edition if one.id not in by_id
            ),
            locale=record.locale,
        )

    def _edition(self, name: str, part: SubscriptionRecord) -> ReaderEdition:
        edition = self._settings.edition_of(name)
        until = part.paused_until
        zone = ZoneInfo(edition.timezone if edition else "UTC")
        return ReaderEdition(
            id=name,
            title=self._title(name),
            state=ReaderState(part.state.value),
            sections=self._sections(edition, part) if edition else (),
            paused_until=until.astimezone(zone).date() if until else None,
            less_often=self._rarer(edition, part) if edition else None,
        )

    def _sections(
        self, edition: EditionSettings, part: SubscriptionRecord
    ) -> tuple[SectionChoice, ...]:
        return tuple(
            SectionChoice(
                section.id, section.title, not part.sections or section.id in part.sections
            )
            for section in self._settings.sections_of(edition)
        )

    def _rarer(self, edition: EditionSettings, part: SubscriptionRecord) -> tuple[str, str] | None:
        if not edition.less_often or part.state not in {State.ACTIVE, State.PAUSED}:
            return None
        return edition.less_often, self._title(edition.less_often)

    def _title(self, name: str) -> str:
        edition = self._settings.edition_of(name)
        return edition.title if edition else name


def _editions_of(record: SubscriberRecord) -> list[str]:
    return [part.edition for part in record.subscriptions]
