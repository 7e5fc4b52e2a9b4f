"""`digest status`: how things stand, on one screen. Sends nothing and changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from digest.collector.health import SourceState
from digest.config import Settings
from digest.errors import DigestError, LedgerRefused
from digest.models.deliveries import DeliveryState
from digest.pipeline.configured.transports import transport_checks
from digest.pipeline.gathering.source_health import health_of
from digest.pipeline.operator.ledger_guard import require_known_ledger
from digest.pipeline.schedule.calendar import CalendarEntry, calendar_of
from digest.pipeline.setup.fit_to_send import is_here
from digest.pipeline.setup.sender_dns import DnsFinding, Lookup, dns_findings
from digest.plurals import counted
from digest.store import Store

_REACH = timedelta(days=8)
_ISSUES = 5
_SERVER_SECONDS = 5.0
_COMING = 1  # next slots of each edition
_WELL = frozenset({SourceState.FINE, SourceState.QUIET})


@dataclass(frozen=True, slots=True)
class IssueLine:
    """One of the last issues: its state, and how many of those planned have it."""

    key: str
    state: str
    planned: int
    accepted: int
    note: str

    def as_json(self) -> dict[str, object]:
        """Return one entry of `issues`."""
        return {
            "issue": self.key,
            "state": self.state,
            "planned": self.planned,
            "accepted": self.accepted,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """One thing and whether it is well; `ok` is None where nobody knows."""

    name: str
    ok: bool | None
    words: str

    def as_json(self) -> dict[str, object]:
        """Return what `--json` prints."""
        return {"name": self.name, "ok": self.ok, "words": self.words}


@dataclass(frozen=True, slots=True)
class Status:
    """How things stand at a moment."""

    now: datetime
    slots: tuple[CalendarEntry, ...]
    issues: tuple[IssueLine, ...]
    ledger: HealthCheck
    feeds: tuple[HealthCheck, ...]
    transport: tuple[HealthCheck, ...]
    dns: tuple[DnsFinding, ...]

    def as_json(self) -> dict[str, object]:
        """Return what `--json` prints."""
        return {
            "now": self.now.isoformat(),
            "slots": [one.as_json() for one in self.slots],
            "issues": [one.as_json() for one in self.issues],
            "ledger": self.ledger.as_json(),
            "feeds": [one.as_json() for one in self.feeds],
            "transport": [one.as_json() for one in self.transport],
            "dns": [one.as_json() for one in self.dns],
        }


def status_of(settings: Settings, store: Store, now: datetime, lookup: Lookup) -> Status:
    """Look at everything; one thing that is away hides no other."""
    return Status(
        now=now,
        slots=tuple(_slots(settings, store, now)),
        issues=tuple(_issues(store)),
        ledger=_ledger(settings, store),
        feeds=tuple(_feeds(settings, store, now)),
        transport=tuple(_transport(settings)),
        dns=dns_findings(settings, lookup, _server_of(settings)),
    )


def _slots(settings: Settings, store: Store, now: datetime) -> Iterator[CalendarEntry]:
    """Yield of each edition the slot that came last, and the next."""
    entries = calendar_of(settings, store, now, _REACH)
    for edition in settings.edition:
        own = [one for one in entries if one.slot.edition == edition.id]
        yield from [one for one in own if one.slot.at <= now][-1:]
        yield from [one for one in own if one.slot.at > now][:_COMING]


def _issues(store: Store) -> Iterator[IssueLine]:
    for issue in store.issues.list(limit=_ISSUES):
        counts: Mapping[DeliveryState, int] = store.ledger.counts(issue.id)
        accepted = counts.get(DeliveryState.ACCEPTED, 0)
        yield IssueLine(issue.key, str(issue.state), issue.planned or 0, accepted, issue.note)


def _ledger(settings: Settings, store: Store) -> HealthCheck:
    readers = counted(store.subscribers.count(), "reader")
    try:
        require_known_ledger(settings, store, dry_run=True)
    except LedgerRefused as error:
        return HealthCheck("ledger", ok=False, words=str(error))
    kind = urlsplit(settings.store.url).scheme
    return HealthCheck("ledger", ok=True, words=f"{kind}, {readers}; it is the one known last")


def _feeds(settings: Settings, store: Store, now: datetime) -> Iterator[HealthCheck]:
    for name, row in health_of(store, settings.source, now).items():
        well = row.health.state in _WELL
        yield HealthCheck(name, well, row.health.reason or str(row.health.state))


def _transport(settings: Settings) -> Iterator[HealthCheck]:
    name = settings.mail.transport
    try:
        checks = transport_checks(settings)
    except DigestError as error:
        yield HealthCheck(name, ok=False, words=str(error))
        return
    for check in checks:

        async def bounded(check=check) -> str:  # type: ignore[no-untyped-def] # noqa: ANN001
            async with asyncio.timeout(_SERVER_SECONDS):
                return (await check()).words  # type: ignore[no-any-return]

        try:
            yield HealthCheck(name, ok=True, words=asyncio.run(bounded()))
        except DigestError as error:
            yield HealthCheck(name, ok=False, words=str(error))
        except TimeoutError:
            words = f"no answer within {_SERVER_SECONDS:g} s"
            yield HealthCheck(name, ok=False, words=words)


def _server_of(settings: Settings) -> str:
    """Return the mail server's name, where it is one of the outside."""
    table = settings.own.get("smtp")
    host = str(table.get("host", "")) if isinstance(table, Mapping) else ""
    return "" if settings.mail.transport != "smtp" or not host or is_here(host) else host
