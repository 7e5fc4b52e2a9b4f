"""One look at a source: whether it is due, what is asked, and what is to be remembered of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from digest.collector import SourceRequest, SourceResult
from digest.collector.back_off import BackOff, ask_again, retires
from digest.collector.contract import KnownPage
from digest.config import SourceSettings
from digest.errors import SourceGone, SourceRefused, SourceUnreadable
from digest.models.sources import SourceRules
from digest.pipeline.gathering.report import SourceReport
from digest.store import KnownSource, SourceOutcome


@dataclass(frozen=True, slots=True)
class SourceVisit:
    """One look at a source that is due: what is asked, and what was known before.

    `asked_at` is the configured URL as its kind asks it, with keys and secret. If that is
    another address, neither a move nor a validator of it is remembered: the store holds no secret,
    and keys or a secret that change are a new question under the same URL.
    """

    source: SourceSettings
    asked_at: str
    known: KnownSource | None
    back_off: BackOff
    pages: Mapping[str, KnownPage]
    rules: SourceRules = field(default_factory=SourceRules)

    @property
    def address(self) -> str:
        """The address to ask: where it moved for good, else as configured."""
        if self.known is None or self._is_own:
            return self.asked_at
        return self.known.address(self.source.url)

    @property
    def request(self) -> SourceRequest:
        """The question, with the validators of the last answer."""
        etag, modified = ("", "")
        if self.known and not self._is_own:
            etag, modified = self.known.validators(self.source.url)
        return SourceRequest(
            self.source.id,
            self.address,
            self.source.kind,
            etag,
            modified,
            self.pages,
            self.rules,
        )

    @property
    def moved(self) -> bool:
        """Whether it is asked elsewhere than configured."""
        return self.address != self.asked_at

    @property
    def _is_own(self) -> bool:
        return self.asked_at != self.source.url

    def outcome(self, result: SourceResult, now: datetime) -> SourceOutcome:
        """Return what is to be remembered of this look."""
        error = result.error
        failures = self.known.failures_in_a_row if self.known else 0
        return SourceOutcome(
            id=result.source_id,
            url=self.source.url,
            status=result.status,
            kind=self.source.kind,
            etag="" if self._is_own else result.etag,
            last_modified="" if self._is_own else result.last_modified,
            moved_to=self._moved_to(result),
            error=str(error) if error else "",
            items=len(result.articles) + len(result.kept),
            seconds=result.seconds,
            not_before=ask_again(error, failures, self.back_off, now) if error else None,
            retired=error is not None and retires(error, at_moved_address=self.moved),
            # An address that does not serve is no longer where it moved: the configured one may
            # lead somewhere else by now.
            forget_move=isinstance(error, SourceRefused | SourceGone | SourceUnreadable),
        )

    def _moved_to(self, result: SourceResult) -> str:
        if self._is_own:
            return ""
        return result.moved_to or (self.address if self.moved else "")


def not_asked(look: SourceVisit, now: datetime) -> SourceReport | None:
    """Return the report of a source that is left alone, or None."""
    known, url = look.known, look.source.url
    report = partial(SourceReport, look.source.id, new=0, updated=0, seconds=0.0)
    if known and known.is_retired(url):
        return report("retired", error=known.last_error)
    until = known.rests_until(url) if known else None
    if known and until and until > now:
        error = f"not asked again before {until:%Y-%m-%d %H:%M} UTC: {known.last_error}"
        return report("resting", error=error)
    return None
