"""Issues: what one edition says in one slot, frozen by whoever comes first.

An issue is keyed by edition and slot. A late, repeated or concurrent run meets the issue that is
there, and joins it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, Delete, Engine, String, literal, select

from digest.errors import LedgerRefused
from digest.models.compositions import Rendered
from digest.models.issues import IssueState, Slot, Telling
from digest.store.database.batch import batches, insert, packed, rows_of
from digest.store.database.engine import reading
from digest.store.database.rows import issue_of, issue_row
from digest.store.database.tables import DELIVERY, ISSUE, ISSUE_STORY, SUBSCRIBER
from digest.store.issues import renderings, tellings
from digest.store.ledger import planning
from digest.store.ledger.transitions import ISSUE_TRANSITIONS
from digest.store.values import (
    AudiencePlan,
    IssueSummary,
    NewIssue,
    PlanCounts,
    StoredHistory,
    StoredIssue,
    StoredVariant,
)

_STORIES = 5_000  # rows of the seen-ledger that go in at once
_SHOWN = {"variant": String(), "article_id": String()}


class IssueStore:
    """Every issue there was, and which articles each one carried."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)

    def get(self, key: str) -> StoredIssue | None:
        """Return the issue named "daily/2026-11-23", or None."""
        edition, _, slot = key.rpartition("/")
        with self._reading.begin() as connection:
            return _find(connection, edition, slot)

    def again(self, issue: StoredIssue) -> StoredIssue:
        """Return the issue as it is now, whatever its edition is called by now."""
        with self._reading.begin() as connection:
            return _by_id(connection, issue.id)

    def list(self, edition: str | None = None, limit: int = 20) -> tuple[StoredIssue, ...]:
        """Return the newest issues, of one edition or of all, latest slot first."""
        query = select(ISSUE).order_by(ISSUE.c.slot_at.desc(), ISSUE.c.id.desc()).limit(limit)
        if edition is not None:
            query = query.where(ISSUE.c.edition == edition)
        with self._reading.begin() as connection:
            return tuple(issue_of(row) for row in connection.execute(query).mappings())

    def lines(self, edition: str | None = None, limit: int = 20) -> tuple[IssueSummary, ...]:
        """Return the newest issues without their content, latest slot first: for a list."""
        query = (
            select(
                ISSUE.c.edition,
                ISSUE.c.slot,
                ISSUE.c.slot_at,
                ISSUE.c.state,
                ISSUE.c.planned,
                ISSUE.c.planned_at,
                ISSUE.c.note,
            )
            .order_by(ISSUE.c.slot_at.desc(), ISSUE.c.id.desc())
            .limit(limit)
        )
        if edition is not None:
            query = query.where(ISSUE.c.edition == edition)
        with self._reading.begin() as connection:
            return tuple(
                IssueSummary(
                    Slot(row.edition, row.slot, row.slot_at),
                    IssueState(row.state),
                    row.planned,
                    row.planned_at,
                    row.note,
                )
                for row in connection.execute(query)
            )

    def newest_planned(self, edition: str) -> StoredIssue | None:
        """Return the planned issue of the edition's latest slot, corrections apart; or None."""
        query = (
            select(ISSUE)
            .where(ISSUE.c.edition == edition, ISSUE.c.planned_at.is_not(None))
            .where(ISSUE.c.slot.not_like("%correction%"))
            .order_by(ISSUE.c.slot_at.desc())
            .limit(1)
        )
        with self._reading.begin() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return issue_of(row) if row else None

    def variants(self, issue_id: int) -> tuple[StoredVariant, ...]:
        """Return the issue's variants by name, without their pages."""
        with self._reading.begin() as connection:
            return renderings.names_of(connection, issue_id)

    def carriers(self, edition: str, before: datetime) -> dict[str, str]:
        """Return the articles in the edition's issues of earlier slots, with the first key.

        Whoever reads that edition; `history` says who was told what.
        """
        with self._reading.begin() as connection:
            return tellings.carriers(connection, edition, before)

    def history(self, slot: Slot, since: datetime, *, later: bool = True) -> StoredHistory:
        """Return what issues of the edition's other slots told: and whom, for those since `since`.

        Later slots count, unless asked not to: who sends an older slot after a newer one must not
        tell its readers the same again.
        """
        with self._reading.begin() as connection:
            return tellings.history(connection, slot, since, later=later)

    def telling(self, issue: StoredIssue) -> Telling:
        """Return what this issue told whom."""
        with self._reading.begin() as connection:
            return tellings.telling(connection, issue.id, issue.key)

    def create(self, new: NewIssue, state: IssueState, now: datetime) -> StoredIssue:
        """Freeze an issue without a plan; if it is frozen already, return it as it is."""
        with self._engine.begin() as connection:
            return _create(connection, new, state, now)

    def hold(self, new: NewIssue, why: str, now: datetime) -> None:
        """Write an issue as held before it is planned; resumed, it is a draft, composed again.

        One that was planned meanwhile stays as it is.
        """
        with self._engine.begin() as connection:
            connection.execute(_drafts(new.slot))
            issue = _create(connection, new, IssueState.HELD, now)
            if issue.planned_at is None:
                named = ISSUE.update().where(ISSUE.c.id == issue.id)
                connection.execute(named.values(note=why))

    def wait(self, new: NewIssue, why: str, now: datetime) -> StoredIssue:
        """Freeze an issue that waits for an editor; nobody is planned.

        It takes the place of one that waited before it. One that was planned, held or cancelled
        meanwhile stays as it is. Returns what is there then.
        """
        with self._engine.begin() as connection:
            connection.execute(_drafts(new.slot))
            issue = _create(connection, new, IssueState.WAITING, now)
            if issue.state is IssueState.WAITING:
                named = ISSUE.update().where(ISSUE.c.id == issue.id)
                connection.execute(named.values(note=why))
            return _by_id(connection, issue.id)

    def create_and_plan(
        self, new: NewIssue, audience: AudiencePlan, now: datetime
    ) -> tuple[StoredIssue, PlanCounts]:
        """Freeze the issue, write its plan and open it for sending: all of it, or nothing.

        A draft of the same name, or one that waits for an editor, is replaced: the caller knows
        what was approved. If the issue was
        planned before, it and its plan are returned as they are: the content may then differ from
        the one handed in, and the stored one is what readers get. LedgerRefused if it was frozen
        meanwhile without a plan: `audience` was not made from it. AudienceChanged as for a plan.
        """
        with self._engine.begin() as connection:
            connection.execute(_drafts(new.slot))
            issue = _create(connection, new, IssueState.SENDING, now)
            renderings.keep_reasons(connection, issue.id, new.reasons)
            if issue.planned_at is None and issue.state is not IssueState.SENDING:
                raise LedgerRefused(
                    f"somebody froze this issue meanwhile, as {issue.state}",
                    where=issue.key,
                    fix="Run this again: it goes on from what is frozen.",
                )
            counts = planning.plan(connection, issue.id, audience, now)
            return _by_id(connection, issue.id), counts

    def reasons(self, issue_id: int) -> str:
        """Return the text that was kept to say why the issue is as it is; empty if none was."""
        with self._reading.begin() as connection:
            return renderings.reasons_of(connection, issue_id)

    def renderings(self, issue_id: int) -> dict[str, Rendered]:
        """Return every variant as it was rendered when the issue was planned."""
        with self._reading.begin() as connection:
            return renderings.all_of(connection, issue_id)

    def rendering_for(self, issue_id: int, public_id: str) -> Rendered | None:
        """Return the variant that this reader was planned to get, or None if there is none."""
        query = (
            select(DELIVERY.c.variant)
            .join(SUBSCRIBER, SUBSCRIBER.c.id == DELIVERY.c.subscriber_id)
            .where(DELIVERY.c.issue_id == issue_id, SUBSCRIBER.c.public_id == public_id)
        )
        with self._reading.begin() as connection:
            variant = connection.execute(query).scalar_one_or_none()
            return renderings.one_of(connection, issue_id, variant) if variant else None

    def set_state(self, issue_id: int, state: IssueState, now: datetime, note: str = "") -> None:
        """Move an issue on; LedgerRefused if it cannot go there from where it is."""
        with self._engine.begin() as connection:
            query = select(ISSUE).where(ISSUE.c.id == issue_id).with_for_update()
            row = connection.execute(query).mappings().one_or_none()
            if row is None:
                raise LedgerRefused(
                    f"there is no issue {issue_id}", fix="See `digest issues list`."
                )
            issue = issue_of(row)
            if issue.state is state:
                return
            _refuse_illegal(issue, state)
            values = {"state": str(state), "finished_at": _finished_at(state, now)}
            if note:
                values["note"] = note
            connection.execute(ISSUE.update().where(ISSUE.c.id == issue_id).values(**values))


def _refuse_illegal(issue: StoredIssue, state: IssueState) -> None:
    if state not in ISSUE_TRANSITIONS[issue.state]:
        ways = ", ".join(sorted(ISSUE_TRANSITIONS[issue.state])) or "nothing else"
        raise LedgerRefused(
            f"an issue that is {issue.state} cannot become {state}",
            where=issue.key,
            fix=f"It can become: {ways}.",
        )


def _finished_at(state: IssueState, now: datetime) -> datetime | None:
    return now if state is IssueState.FINISHED else None


def _find(connection: Connection, edition: str, slot: str) -> StoredIssue | None:
    query = select(ISSUE).where(ISSUE.c.edition == edition, ISSUE.c.slot == slot)
    row = connection.execute(query).mappings().one_or_none()
    return issue_of(row) if row else None


def _by_id(connection: Connection, issue_id: int) -> StoredIssue:
    return issue_of(
        connection.execute(select(ISSUE).where(ISSUE.c.id == issue_id)).mappings().one()
    )


def _drafts(slot: Slot) -> Delete:
    return ISSUE.delete().where(
        ISSUE.c.edition == slot.edition,
        ISSUE.c.slot == slot.key,
        ISSUE.c.state.in_([str(IssueState.DRAFT), str(IssueState.WAITING)]),
        ISSUE.c.planned_at.is_(None),
    )


def _create(connection: Connection, new: NewIssue, state: IssueState, now: datetime) -> StoredIssue:
    created = connection.execute(
        insert(connection, ISSUE)
        .values(issue_row(new, state, now))
        .on_conflict_do_nothing(index_elements=["edition", "slot"])
        .returning(ISSUE.c.id)
    ).scalar()
    if created is not None:
        _write_stories(connection, created, new.shown)
        renderings.keep(connection, created, new.rendered)
    met = select(ISSUE).where(ISSUE.c.edition == new.slot.edition, ISSUE.c.slot == new.slot.key)
    return issue_of(connection.execute(met).mappings().one())


def _write_stories(
    connection: Connection, issue_id: int, shown: Mapping[str, tuple[str, ...]]
) -> None:
    said = rows_of(connection.dialect, _SHOWN)
    told = select(literal(issue_id, ISSUE_STORY.c.issue_id.type), *said.c)
    statement = ISSUE_STORY.insert().from_select(["issue_id", *_SHOWN], told)
    stories = (
        (variant, article_id) for variant, ids in shown.items() for article_id in dict.fromkeys(ids)
    )
    for batch in batches(stories, _STORIES):
        connection.execute(statement, packed(connection, _SHOWN, batch))
