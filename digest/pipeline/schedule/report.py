"""The report of a run: the contract of `digest run --json`, and words for a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from digest.errors import DigestError, ExitCode
from digest.models.issues import Slot
from digest.pipeline.gathering.report import CollectReport
from digest.pipeline.sending.report import SendReport, lasting
from digest.schedule import MissedSlot


class RunState(StrEnum):
    """The outcome of a run for one edition."""

    SENT = "sent"
    RESUMED = "resumed"
    NOTHING_NEW = "nothing-new"
    NOT_DUE = "not-due"
    WAITING_FOR_APPROVAL = "waiting-for-approval"
    HELD = "held"
    MISSED = "missed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class EditionRun:
    """The outcome of one slot of an edition; `slot` of a NOT_DUE edition is the coming one."""

    edition: str
    slot: Slot
    state: RunState
    late_minutes: int = 0
    report: SendReport | None = None
    error: DigestError | None = None
    words: str = ""

    @property
    def exit_code(self) -> ExitCode:
        """Return the exit code that this edition alone would have."""
        if self.error is not None:
            return self.error.exit_code
        if self.state in {RunState.HELD, RunState.WAITING_FOR_APPROVAL}:
            return ExitCode.HELD
        if self.state is RunState.MISSED:
            return ExitCode.RECIPIENTS
        return self.report.exit_code if self.report else ExitCode.DONE

    def as_json(self) -> dict[str, object]:
        """Return the edition's object in `--json`."""
        error = self.error
        return {
            "edition": self.edition,
            "slot": self.slot.key,
            "state": str(self.state),
            "late_minutes": self.late_minutes,
            "report": self.report.as_json() if self.report else None,
            "message": str(error) if error else self.words,
        }

    def sentence(self) -> str:
        """Say it to a person in one line."""
        late = (
            f" ({lasting(timedelta(minutes=self.late_minutes))} late)" if self.late_minutes else ""
        )
        if self.state is RunState.NOT_DUE and self.report is None:
            return (
                f"{self.edition}: not due. The next slot is {self.slot.key}, at {_at(self.slot)}."
            )
        if self.error is not None:
            return f"{self.slot.issue_key}: {self.state}{late}. {self.error}"
        if self.report is not None and self.report.goes_at:
            return self.report.sentence()
        if self.report is not None:
            return f"{self.state}{late} {self.report.sentence()}"
        return f"{self.slot.issue_key}: {self.state}{late}. {self.words}".rstrip()


@dataclass(frozen=True, slots=True)
class RunReport:
    """The outcome of a run for every edition, and the slots that it found missed."""

    now: datetime
    editions: tuple[EditionRun, ...]
    missed: tuple[MissedSlot, ...] = ()
    collected: CollectReport | None = None
    is_dry: bool = False

    @property
    def exit_code(self) -> ExitCode:
        """Return the gravest code of the editions."""
        return max((one.exit_code for one in self.editions), default=ExitCode.DONE)

    def as_json(self) -> dict[str, object]:
        """Return what `--json` prints."""
        return {
            "now": self.now.isoformat(),
            "dry_run": self.is_dry,
            "editions": [one.as_json() for one in self.editions],
            "missed": [
                {"edition": one.slot.edition, "slot": one.slot.key, "why": one.why}
                for one in self.missed
            ],
            "collected": self.collected.as_json() if self.collected else None,
        }


def _at(slot: Slot) -> str:
    return f"{slot.at:%Y-%m-%d %H:%M} UTC"
