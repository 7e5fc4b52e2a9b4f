"""The readers' own orders: the token says who, the configuration says what there is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from digest.config import EditionSettings, Settings
from digest.frozen import thaw
from digest.models.mails import Recipient
from digest.pipeline.mails.rendering import filled, link_tokens, reader_values
from digest.store import Store
from digest.web.front import Front, FrontRules
from digest.web.public import (
    Action,
    Change,
    LinkProblem,
    Reader,
    ReaderEdition,
    ReaderState,
    SectionChoice,
    make_public,
)
from digest.web.server.limits import Limits
from subscribers.errors import TokenInvalid
from subscribers.lifecycle import State
from subscribers.tokens import Link, Purpose
from subscribers.values import SubscriberRecord, SubscriptionRecord

_CHANGING = (Purpose.UNSUBSCRIBE, Purpose.PREFERENCES)


def public_pages(settings: Settings, store: Store, clock: Callable[[], datetime]) -> Front:
    """Return the readers' pages of this newsroom as an application to serve."""
    backend = ReaderBackend(settings, store, clock)
    site = settings.site
    host = urlsplit(site.public_url).hostname or ""
    return make_public(
        backend,
        site_name=site.name,
        site_url=site.url,
        language=site.language,
        rules=FrontRules(
            hosts=frozenset({host, *settings.serve.hosts}),
            trusted=settings.serve.trusted_proxies,
        ),
    )


def server_limits(settings: Settings) -> Limits:
    """Return the bounds of the server as [serve] has them."""
    serve = settings.serve
    return Limits(
        head_seconds=serve.head_timeout,
        body_seconds=serve.body_timeout,
        answer_seconds=serve.answer_timeout,
        idle_seconds=serve.idle_timeout,
        connections=serve.connections,
        per_network=serve.connections_per_network,
        trusted=serve.trusted_proxies,
    )


class ReaderBackend:
    """Resolves tokens and carries out readers' wishes in the store."""

    def __init__(self, settings: Settings, store: Store, clock: Callable[[], datetime]) -> None:
        """Keep what every request needs. ConfigError when links cannot be verified."""
        self._settings = settings
        self._store = store
        self._clock = clock
        self._tokens = link_tokens(settings)

    def find(self, token: str) -> Reader | LinkProblem:
        """Say whom a token speaks for."""
        link = self._link(token)
        if link is None:
            return LinkProblem.UNKNOWN
        record = self._store.subscribers.find(link.public_id)
        known = {edition.id for edition in self._settings.edition}
        if record is None or link.edition not in known:
            return LinkProblem.RETIRED
        if all(part.edition != link.edition for part in record.subscriptions):
            return LinkProblem.RETIRED
        return self._reader(record, link.edition)

    def change(self, token: str, change: Change) -> None:
        """Carry out a wish; doing it again changes nothing more."""
        link = self._link(token)
        if link is None:
            return
        readers, who, edition = self._store.subscribers, link.public_id, change.edition
        now = self._clock()
        if change.action is Action.UNSUBSCRIBE:
            readers.unsubscribe(who, edition, now)
        elif change.action is Action.PAUSE:
            readers.pause(who, edition, now, until=now + timedelta(days=change.days))
        elif change.action is Action.SECTIONS:
            readers.set_sections(who, edition, self._chosen(change), now)
        else:
            self._welcome_back(who, edition, now)

    def issue(self, token: str) -> str | LinkProblem:
        """Return the issue and variant that this reader was sent, as it was frozen."""
        link = self._link(token, (Purpose.VIEW,))
        if link is None:
            return LinkProblem.UNKNOWN
        edition, _, slot = link.edition.partition("~")
        stored = self._store.issues.get(f"{edition}/{slot}")
        if stored is None:
            return LinkProblem.RETIRED
        rendered = self._store.issues.rendering_for(stored.id, link.public_id)
        if rendered is None:
            return LinkProblem.RETIRED
        reader = Recipient(0, 0, link.public_id, "", "", rendered.variant)
        values = reader_values(self._settings, thaw(stored.content))
        return filled(rendered, values(reader))[0]

    def _link(self, token: str, purposes: tuple[Purpose, ...] = _CHANGING) -> Link | None:
        for purpose in purposes:
            try:
                return self._tokens.read(purpose, token)
            except TokenInvalid:
                continue
        return None

    def _chosen(self, change: Change) -> frozenset[str]:
        """Write "all of them" as no choice, so that a section added later reaches them too."""
        edition = next(one for one in self._settings.edition if one.id == change.edition)
        everything = frozenset(edition.sections)
        chosen = change.sections & everything
        return frozenset() if chosen == everything else chosen

    def _welcome_back(self, who: str, edition: str, now: datetime) -> None:
        """End a pause, or undo an unsubscription: the signed link is the reader's own word."""
        readers = self._store.subscribers
        record = readers.find(who)
        parts = record.subscriptions if record else ()
        state = next((part.state for part in parts if part.edition == edition), None)
        if state is State.UNSUBSCRIBED:
            readers.subscribe_again(who, edition, now)
            readers.confirm(who, edition, now)
        elif state is State.PAUSED:
            readers.resume(who, edition, now)

    def _reader(self, record: SubscriberRecord, edition: str) -> Reader:
        by_id = {part.edition: part for part in record.subscriptions}
        return Reader(
            address=_masked(record.email),
            edition=edition,
            editions=tuple(
                self._edition(one, by_id[one.id])
                for one in self._settings.edition
                if one.id in by_id
            ),
        )

    def _edition(self, edition: EditionSettings, part: SubscriptionRecord) -> ReaderEdition:
        until = part.paused_until
        return ReaderEdition(
            id=edition.id,
            title=edition.title,
            state=ReaderState(part.state.value),
            sections=tuple(
                SectionChoice(
                    section.id, section.title, not part.sections or section.id in part.sections
                )
                for section in self._settings.sections_of(edition)
            ),
            paused_until=until.astimezone(ZoneInfo(edition.timezone)).date() if until else None,
        )


def _masked(email: str) -> str:
    local, _, domain = email.rpartition("@")
    return f"{local[:1]}…@{domain}"
