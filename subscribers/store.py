"""The subscribers' store: people, what they subscribed to, and who must not be written to.

It is handed an engine. Every transaction that changes something is one `engine.begin()`; those
that only read say so, and wait for nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from itertools import islice
from typing import Any, TextIO

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, Select, func, select

from subscribers.address import Address, fingerprint, normalise
from subscribers.enrolling import SUBSCRIBER, SUBSCRIPTION, SUPPRESSION, enrol, or_nothing
from subscribers.errors import SubscriberUnknown
from subscribers.exporting import write_csv
from subscribers.lifecycle import Event, State, Suppressed, after
from subscribers.sections import canonical, chosen_of
from subscribers.values import (
    Counts,
    Enrolled,
    Fault,
    ImportReport,
    Listed,
    Row,
    SubscriberRecord,
    SubscriptionRecord,
)

_BATCH = 1000


class SubscriberStore:
    """Readers: values come in, values go out."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = engine.execution_options(postgresql_readonly=True)

    def add(  # noqa: PLR0913 - what is known of a reader, each part by its name
        self,
        email: str,
        *,
        edition: str,
        confirmed: bool,
        now: datetime,
        name: str = "",
        sections: Iterable[str] = (),
        locale: str = "",
        timezone: str = "",
    ) -> Enrolled:
        """Subscribe one reader; `confirmed` says that their consent is known.

        AddressInvalid if that is no address. Somebody who left stays out (LEFT): they come back
        by `subscribe_again`, and that only by their own will.
        """
        row = Row(0, normalise(email), name, canonical(sections), locale, timezone)
        event = Event.IMPORT if confirmed else Event.SUBSCRIBE
        with self._engine.begin() as connection:
            return enrol(connection, [row], edition, event, now)[0]

    def subscribe_again(self, public_id: str, edition: str, now: datetime) -> State:
        """Take the wish of somebody who left to come back: pending until they confirm."""
        return self._apply(public_id, edition, Event.SUBSCRIBE, now)

    def import_rows(
        self,
        rows: Iterable[Row | Fault],
        *,
        edition: str,
        confirmed: bool,
        now: datetime,
        on_fault: Callable[[Fault], None],
    ) -> ImportReport:
        """Take in what `read_csv` gives, in batches; importing the same again changes nothing.

        `on_fault` is told each wrong line as it is met. Batches are kept as they are done, so
        that an import that breaks off is simply run again.
        """
        event = Event.IMPORT if confirmed else Event.SUBSCRIBE
        counted = dict.fromkeys(asdict(ImportReport()), 0)
        rest = iter(rows)
        while batch := list(islice(rest, _BATCH)):
            good = [row for row in batch if isinstance(row, Row)]
            with self._engine.begin() as connection:
                for verdict in enrol(connection, good, edition, event, now):
                    counted[verdict] += 1
            for row in batch:
                if isinstance(row, Fault):
                    counted["rejected"] += 1
                    on_fault(row)
        return ImportReport(**counted)

    def list(self, edition: str | None = None, state: State | None = None) -> Iterator[Listed]:
        """Go through the subscriptions, oldest first, a page at a time: memory stays flat."""
        query = _listing(edition, state)
        last = 0
        while True:
            with self._reading.begin() as connection:
                page = query.where(SUBSCRIPTION.c.id > last).limit(_BATCH)
                rows = connection.execute(page).mappings().all()
            if not rows:
                return
            yield from map(_listed, rows)
            last = rows[-1]["number"]

    def count(self, edition: str | None = None) -> int:
        """Count the lines that `list` gives."""
        query = select(func.count()).select_from(SUBSCRIPTION)
        if edition is not None:
            query = query.where(SUBSCRIPTION.c.edition == edition)
        with self._reading.begin() as connection:
            return connection.execute(query).scalar_one()

    def export(self, stream: TextIO, edition: str | None = None) -> int:
        """Write one CSV line for each subscription; give how many."""
        return write_csv(self.list(edition), stream)

    def find(self, public_id: str) -> SubscriberRecord | None:
        """Return the reader a link speaks for, or None once they were erased."""
        return self._one(SUBSCRIBER.c.public_id == public_id)

    def find_by_email(self, email: str) -> SubscriberRecord | None:
        """Return the reader with this address, however it is written; or None."""
        return self._one(SUBSCRIBER.c.email_key == normalise(email).key)

    def set_sections(
        self, public_id: str, edition: str, sections: Iterable[str], now: datetime
    ) -> None:
        """Choose sections, none meaning all; issues that are planned keep their variant."""
        with self._engine.begin() as connection:
            number, _ = _subscription(connection, public_id, edition)
            _update(connection, number, sections=canonical(sections), updated_at=now)

    def confirm(self, public_id: str, edition: str, now: datetime) -> State:
        """Take the reader's own word that they want this edition."""
        return self._apply(public_id, edition, Event.CONFIRM, now)

    def pause(
        self, public_id: str, edition: str, now: datetime, until: datetime | None = None
    ) -> State:
        """Let a subscription rest, until a moment or until it is resumed."""
        return self._apply(public_id, edition, Event.PAUSE, now, paused_until=until)

    def resume(self, public_id: str, edition: str, now: datetime) -> State:
        """End a pause."""
        return self._apply(public_id, edition, Event.RESUME, now, paused_until=None)

    def unsubscribe(self, public_id: str, edition: str, now: datetime) -> State:
        """Let a reader leave; a second time changes nothing."""
        return self._apply(public_id, edition, Event.UNSUBSCRIBE, now)

    def suppress(self, email: str, reason: Suppressed, now: datetime, detail: str = "") -> None:
        """Never write to this address again, whether or not anybody here has it.

        Who complained has left every edition as well. The first reason stays on record.
        """
        address = normalise(email)
        with self._engine.begin() as connection:
            _remember(connection, address.key, reason, now, detail)
            if reason is Suppressed.COMPLAINT:
                _leave_everything(connection, address, now)

    def lift_suppression(self, email: str) -> bool:
        """Allow mail to this address again; say whether it was suppressed."""
        key = normalise(email).key
        with self._engine.begin() as connection:
            gone = connection.execute(
                SUPPRESSION.delete().where(SUPPRESSION.c.email_key.in_([key, fingerprint(key)]))
            )
            return gone.rowcount > 0

    def remove(self, email: str, now: datetime) -> bool:
        """Erase a person (GDPR Article 17); say whether there was one.

        Name, address, choices and links go. What stays is a SHA-256 of the address, so that an
        old list does not bring them back, and the ledger's rows, which name nobody.
        """
        address = normalise(email)
        mark = fingerprint(address.key)
        with self._engine.begin() as connection:
            gone = connection.execute(
                SUBSCRIBER.delete().where(SUBSCRIBER.c.email_key == address.key)
            )
            connection.execute(SUPPRESSION.delete().where(SUPPRESSION.c.email_key == address.key))
            _remember(connection, mark, Suppressed.ERASURE, now, "")
            return gone.rowcount > 0

    def counts(self) -> Counts:
        """Count people, subscriptions by edition and state, and suppressed addresses."""
        by_state = select(SUBSCRIPTION.c.edition, SUBSCRIPTION.c.state, func.count()).group_by(
            SUBSCRIPTION.c.edition, SUBSCRIPTION.c.state
        )
        with self._reading.begin() as connection:
            by_edition: dict[str, dict[State, int]] = {}
            for edition, state, number in connection.execute(by_state):
                by_edition.setdefault(edition, dict.fromkeys(State, 0))[State(state)] = number
            people, suppressed = (
                connection.execute(select(func.count()).select_from(rows)).scalar_one()
                for rows in (SUBSCRIBER, SUPPRESSION)
            )
        return Counts(people, by_edition, suppressed)

    def _one(self, condition: ColumnElement[bool]) -> SubscriberRecord | None:
        query = (
            select(SUBSCRIBER, SUPPRESSION.c.reason)
            .outerjoin(SUPPRESSION, SUPPRESSION.c.email_key == SUBSCRIBER.c.email_key)
            .where(condition)
        )
        with self._reading.begin() as connection:
            row = connection.execute(query).mappings().one_or_none()
            return _record(connection, row) if row else None

    def _apply(
        self, public_id: str, edition: str, event: Event, now: datetime, **values: datetime | None
    ) -> State:
        with self._engine.begin() as connection:
            number, before = _subscription(connection, public_id, edition)
            state = after(before, event)
            if state is before and not values:
                return state
            stamps = _stamps(before, state, now)
            _update(connection, number, state=str(state), updated_at=now, **(stamps | values))
            return state


def _stamps(before: State, state: State, now: datetime) -> dict[str, datetime | None]:
    stamps: dict[str, datetime | None] = {}
    if state is State.UNSUBSCRIBED:
        stamps["unsubscribed_at"] = now
    if state is State.ACTIVE and before is State.PENDING:
        stamps["confirmed_at"] = now
    if state is not State.PAUSED:
        stamps["paused_until"] = None
    return stamps


def _subscription(connection: Connection, public_id: str, edition: str) -> tuple[int, State]:
    row = connection.execute(
        select(SUBSCRIPTION.c.id, SUBSCRIPTION.c.state)
        .join(SUBSCRIBER, SUBSCRIBER.c.id == SUBSCRIPTION.c.subscriber_id)
        .where(SUBSCRIBER.c.public_id == public_id, SUBSCRIPTION.c.edition == edition)
        .with_for_update(of=SUBSCRIPTION)
    ).one_or_none()
    if row is None:
        raise SubscriberUnknown(
            "there is no such subscription",
            where=edition,
            fix="They were erased, or never subscribed to this edition.",
        )
    return row.id, State(row.state)


def _update(connection: Connection, number: int, **values: str | datetime | None) -> None:
    connection.execute(SUBSCRIPTION.update().where(SUBSCRIPTION.c.id == number).values(**values))


def _leave_everything(connection: Connection, address: Address, now: datetime) -> None:
    whose = select(SUBSCRIBER.c.id).where(SUBSCRIBER.c.email_key == address.key)
    connection.execute(
        SUBSCRIPTION.update()
        .where(SUBSCRIPTION.c.subscriber_id.in_(whose))
        .where(SUBSCRIPTION.c.state != str(State.UNSUBSCRIBED))
        .values(state=str(State.UNSUBSCRIBED), unsubscribed_at=now, updated_at=now)
    )


def _remember(
    connection: Connection, key: str, reason: Suppressed, now: datetime, detail: str
) -> None:
    row = {"email_key": key, "reason": str(reason), "detail": detail, "created_at": now}
    connection.execute(or_nothing(connection, SUPPRESSION, "email_key").values(row))


def _listing(edition: str | None, state: State | None) -> Select[Any]:
    query = (
        select(
            SUBSCRIPTION.c.id.label("number"),
            SUBSCRIPTION.c.edition,
            SUBSCRIPTION.c.state,
            SUBSCRIPTION.c.sections,
            SUBSCRIPTION.c.created_at,
            *(SUBSCRIBER.c[name] for name in ("public_id", "email", "name", "locale", "timezone")),
            func.coalesce(SUPPRESSION.c.reason, "").label("suppressed"),
        )
        .join(SUBSCRIBER, SUBSCRIBER.c.id == SUBSCRIPTION.c.subscriber_id)
        .outerjoin(SUPPRESSION, SUPPRESSION.c.email_key == SUBSCRIBER.c.email_key)
        .order_by(SUBSCRIPTION.c.id)
    )
    if edition is not None:
        query = query.where(SUBSCRIPTION.c.edition == edition)
    return query if state is None else query.where(SUBSCRIPTION.c.state == str(state))


def _listed(row: RowMapping) -> Listed:
    cells = {name: row[name] for name in Listed.__dataclass_fields__ if name != "state"}
    return Listed(**cells, state=State(row["state"]))


def _record(connection: Connection, row: RowMapping) -> SubscriberRecord:
    found = connection.execute(
        select(SUBSCRIPTION)
        .where(SUBSCRIPTION.c.subscriber_id == row["id"])
        .order_by(SUBSCRIPTION.c.edition)
    ).mappings()
    return SubscriberRecord(
        id=row["id"],
        public_id=row["public_id"],
        email=row["email"],
        name=row["name"],
        locale=row["locale"],
        timezone=row["timezone"],
        created_at=row["created_at"],
        suppressed=row["reason"] or "",
        subscriptions=tuple(_subscription_record(each) for each in found),
    )


def _subscription_record(row: RowMapping) -> SubscriptionRecord:
    return SubscriptionRecord(
        edition=row["edition"],
        state=State(row["state"]),
        sections=chosen_of(row["sections"]),
        paused_until=row["paused_until"],
        created_at=row["created_at"],
        confirmed_at=row["confirmed_at"],
        unsubscribed_at=row["unsubscribed_at"],
    )
