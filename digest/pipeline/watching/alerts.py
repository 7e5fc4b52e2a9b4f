"""What is told of a run to those who watch: what is held, failed or missed; each once a day."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from digest.config import AlertsSettings
from digest.errors import DigestError, ExitCode
from digest.log import mask
from digest.pipeline.schedule.report import EditionRun, RunReport
from digest.pipeline.sending.report import SendReport
from digest.store import Store
from digest.store.single_mails.requests import RequestLimit

_DAY = timedelta(days=1)
_MOST = 400  # characters of one alert
_HAS_IT = frozenset({ExitCode.DONE, ExitCode.HELD})


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing that a person should know; `name` is the same however often it is found."""

    state: str
    name: str
    words: str

    def sentence(self) -> str:
        """Say it in one line, addresses masked."""
        return mask(f"{self.name}: {self.state}. {' '.join(self.words.split())}")[:_MOST]


def alerts_of(rules: AlertsSettings, report: RunReport) -> tuple[Alert, ...]:
    """Return what is to be told of a run, of the states that `rules` name."""
    return tuple(one for one in _found(report) if one.state in rules.on)


def alert_of_fault(error: DigestError) -> Alert:
    """Return what is to be told of a run that could not even begin."""
    return Alert("failed", error.where or "digest run", str(error))


def unsaid(store: Store, alerts: tuple[Alert, ...], now: datetime) -> tuple[Alert, ...]:
    """Return those that were not told within a day, and remember them as told."""
    return tuple(one for one in alerts if not store.requests.take([_once(one)], now))


def _once(alert: Alert) -> RequestLimit:
    said = hashlib.sha256(f"{alert.state}\0{alert.name}".encode()).hexdigest()[:32]
    return RequestLimit(f"alert:{said}", 1, _DAY)


def _found(report: RunReport) -> Iterator[Alert]:
    for one in report.editions:
        if one.state in {"held", "failed", "missed", "waiting-for-approval"}:
            yield Alert(str(one.state), one.slot.issue_key, _words(one))
        elif one.exit_code not in _HAS_IT and not _goes_on(one.report):
            yield Alert("failed", one.slot.issue_key, _words(one))
    named = {one.slot.issue_key for one in report.editions}
    for missed in report.missed:
        if missed.slot.issue_key not in named:
            yield Alert("missed", missed.slot.issue_key, missed.why)


def _goes_on(report: SendReport | None) -> bool:
    """Tell whether those who have not got it yet wait for a later run: greylisting is no fault."""
    if report is None or report.error is not None:
        return False
    return bool(report.retry_at or report.waits_until or report.elsewhere)


def _words(one: EditionRun) -> str:
    if one.error is not None:
        return str(one.error)
    return one.report.sentence() if one.report else one.words
