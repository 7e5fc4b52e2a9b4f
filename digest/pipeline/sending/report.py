"""The report of a send: the contract of `digest send --json`, and words for a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from digest.errors import ExitCode, TransportError, TransportRejected
from digest.models.deliveries import DeliveryState as State
from digest.pipeline.sending.outlook import Outlook
from digest.sender.dispatch.report import DispatchReport
from digest.store import PlanCounts

_DONE = (State.ACCEPTED, State.FAILED, State.EXPIRED)
_SHORT_SECONDS, _LONG_MINUTES = 90, 120
_OPEN = (State.PENDING, State.CLAIMED, State.INFLIGHT)


@dataclass(frozen=True, slots=True)
class SendReport:
    """The state of the issue's ledger after a run.

    The counts are the ledger's, not the run's: running again tells the same. `sent_now`,
    `seconds` and `error` are this run's own. `retry_at` is when the next deferred reader is due,
    `waits_until` when a canary's pause or a limit is over; `elsewhere` counts those whom another
    run holds now. With `cancelled` nobody is to get it any more. `goes_at` is when an issue goes
    out that its editors were shown, unless they stop it.
    """

    issue: str
    words: str = ""
    counts: Mapping[State, int] = field(default_factory=dict)
    sent_now: int = 0
    seconds: float = 0.0
    hints: tuple[str, ...] = ()
    error: TransportError | None = None
    retry_at: datetime | None = None
    waits_until: datetime | None = None
    elsewhere: int = 0
    cancelled: bool = False
    goes_at: datetime | None = None

    @classmethod
    def forecast(cls, issue: str, plan: PlanCounts, outlook: Outlook | None = None) -> SendReport:
        """Report what a send would do, from a plan that was only counted."""
        skipped = sum(plan.skipped.values())
        return cls(
            issue,
            "this is what would be sent; nothing was changed",
            {State.PENDING: plan.planned, State.SKIPPED: skipped},
            is_forecast=True,
            outlook=outlook,
        )

    is_forecast: bool = False
    outlook: Outlook | None = None

    @property
    def is_about_nobody(self) -> bool:
        """Whether the slot had nothing new, or nobody to send it to."""
        return not any(self.counts.values()) and self.goes_at is None

    @property
    def planned(self) -> int:
        """Everybody who was to get the issue: the sum of all states but skipped."""
        return sum(count for state, count in self.counts.items() if state is not State.SKIPPED)

    @property
    def settled(self) -> int:
        """Everybody whose outcome is final."""
        return sum(self.counts.get(state, 0) for state in _DONE)

    @property
    def per_second(self) -> float:
        """Mails a second in this run."""
        return self.sent_now / self.seconds if self.seconds > 0 else 0.0

    @property
    def exit_code(self) -> ExitCode:
        """Return RECIPIENTS when somebody should have the issue and has not.

        Nobody should have a cancelled one: that is a decision, and no fault. A server that refuses
        us (its login, our sender address) is a matter of configuration, and one that refuses too
        many mails holds the issue.
        """
        if self.is_forecast or self.cancelled:
            return ExitCode.DONE
        if isinstance(self.error, TransportRejected):
            return self.error.exit_code
        return (
            ExitCode.DONE
            if self.planned == self.counts.get(State.ACCEPTED, 0)
            else (ExitCode.RECIPIENTS)
        )

    def as_json(self) -> dict[str, object]:
        """Return what `--json` prints; `failed` counts those whose time ran out too."""
        count = self.counts.get
        return {
            "issue": self.issue,
            "planned": self.planned,
            "accepted": count(State.ACCEPTED, 0),
            "deferred": count(State.DEFERRED, 0),
            "failed": count(State.FAILED, 0) + count(State.EXPIRED, 0),
            "uncertain": count(State.UNCERTAIN, 0),
            "held": count(State.HELD, 0),
            "skipped": count(State.SKIPPED, 0),
            "pending": sum(count(state, 0) for state in _OPEN),
            "elsewhere": self.elsewhere,
            "retry_at": self.retry_at.isoformat() if self.retry_at else None,
            "waits_until": self.waits_until.isoformat() if self.waits_until else None,
            "goes_at": self.goes_at.isoformat() if self.goes_at else None,
            "seconds": round(self.seconds, 3),
            "per_second": round(self.per_second, 1),
            "message": self.words,
            **({"forecast": self.outlook.as_json()} if self.outlook else {}),
        }

    def sentence(self) -> str:
        """Say it to a person in one line."""
        if self.is_about_nobody or self.goes_at:
            return f"{self.issue}: {self.words.rstrip('.')}."
        states = [f"{count} {state}" for state, count in self.counts.items() if count]
        pace = f" in {self.seconds:.1f} s ({self.per_second:.0f}/s)" if self.sent_now else ""
        words = f" — {self.words.rstrip('.')}" if self.words else ""
        return f"{self.issue}: {self.planned} planned; {', '.join(states)}{pace}{words}."


@dataclass(frozen=True, slots=True)
class SendProgress:
    """A running send: `before` were settled by earlier runs, `run` is what this one did.

    `until` is when it goes on, if it waits.
    """

    planned: int
    before: int
    run: DispatchReport
    until: datetime | None = None

    @property
    def done(self) -> int:
        """The number of readers who need not be tried again."""
        return self.before + self.run.done

    @property
    def seconds_left(self) -> float | None:
        """The seconds that the rest will take at the rate so far; None if nothing has left yet."""
        rate = self.run.per_second
        return max(0, self.planned - self.done) / rate if rate else None

    def words(self) -> str:
        """Say the rate, what is not as it should be, and the time that is left."""
        run = self.run
        parts = [f"{run.per_second:.0f}/s"]
        for name, count in (
            ("deferred", run.deferred),
            ("failed", run.failed),
            ("uncertain", run.uncertain),
        ):
            if count:
                parts.append(f"{count} {name}")
        if self.until is not None:
            why = f"{run.error.what}; " if run.error else ""
            parts[0] = f"{why}goes on at {self.until:%H:%M:%S} UTC"
        elif self.seconds_left:
            parts.append(f"{lasting(timedelta(seconds=self.seconds_left))} left")
        return " · ".join(parts)

    def as_json(self) -> dict[str, object]:
        """Return what `--json-lines` prints on the way."""
        run = self.run
        return {
            "planned": self.planned,
            "done": self.done,
            "accepted": run.accepted,
            "deferred": run.deferred,
            "failed": run.failed,
            "uncertain": run.uncertain,
            "per_second": round(run.per_second, 1),
            "seconds_left": None if self.seconds_left is None else round(self.seconds_left),
            "waits_until": self.until.isoformat() if self.until else None,
        }


def lasting(time: timedelta) -> str:
    """Say a length of time as a person does: 45 s, 12 min, 3 h 20 min."""
    seconds = time.total_seconds()
    minutes = round(seconds / 60)
    if minutes < _LONG_MINUTES:
        return f"{seconds:.0f} s" if seconds < _SHORT_SECONDS else f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"
