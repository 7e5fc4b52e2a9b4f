"""Changes that readers make themselves: ask, confirm, pause, leave. One transaction each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from subscribers.address import Address
from subscribers.consent import OPERATORS_WORD, Act, Proof, Way
from subscribers.errors import SubscriberUnknown, TransitionRefused
from subscribers.lifecycle import Event, State, after
from subscribers.store.acts import NewAct, record
from subscribers.store.models import (
    CONSENT,
    SUBSCRIBER,
    SUBSCRIPTION,
    SUPPRESSION,
    new_public_id,
)
from subscribers.store.statements import or_nothing
from subscribers.values import Row, SignupOutcome

_ACTS = {Event.CONFIRM: Act.CONFIRMED, Event.SUBSCRIBE: Act.ASKED, Event.UNSUBSCRIBE: Act.WITHDREW}
_ACTS[Event.COMPLAIN] = Act.WITHDREW
BY_LINK = Proof(Way.LINK)
_BATCH = 1_000


def ask(connection: Connection, row: Row, proof: Proof, now: datetime) -> SignupOutcome:
    """Take in a reader's own wish: pending until they confirm, unless they are active already.

    Somebody who left stays so until they confirm. The wish is recorded in any case. Sections of
    somebody who is here stay as they are: anybody can type anybody's address into a form.
    """
    number, public_id = _person(connection, row, now)
    before = _state(connection, number, row.edition)
    state = after(before, Event.SUBSCRIBE)
    if before is None:
        _begin(connection, number, row, now)
    record(connection, [NewAct(number, row.edition, Act.ASKED, proof.shortened())], now)
    reason = connection.execute(
        select(SUPPRESSION.c.reason).where(SUPPRESSION.c.email_key == row.address.key)
    ).scalar()
    return SignupOutcome(public_id, before, state, reason or "")


def apply(  # noqa: PLR0913, PLR0917 - who, what, when and by which proof
    connection: Connection,
    public_id: str,
    edition: str,
    event: Event,
    now: datetime,
    proof: Proof = BY_LINK,
    pause: Sequence[datetime | None] = (),
) -> State:
    """Let `event` happen; return the new state. `pause` holds the end of a pause, if it has one.

    SubscriberUnknown if there is no such subscription, TransitionRefused if it cannot happen to
    it. The act is recorded if it changed something.
    """
    number, before = _subscription(connection, public_id, edition)
    state = after(before, event)
    if state is before and not pause:
        return state
    values = _stamps(before, state, now) | ({"paused_until": pause[0]} if pause else {})
    _write(connection, number, edition, state=str(state), updated_at=now, **values)
    if event in _ACTS and state is not before:
        record(connection, [NewAct(number, edition, _ACTS[event], proof.shortened())], now)
    return state


def confirm(  # noqa: PLR0913, PLR0917 - who, what, when and by which proof
    connection: Connection,
    public_id: str,
    edition: str,
    asked_at: datetime | None,
    now: datetime,
    proof: Proof = BY_LINK,
) -> State:
    """Take a reader's word for what they asked at `asked_at`; errors as `apply` has them.

    TransitionRefused if they left, and are not known to have asked since: an old link brings
    nobody back.
    """
    number, before = _subscription(connection, public_id, edition)
    if before is State.UNSUBSCRIBED and not _asked_since(connection, number, edition, asked_at):
        raise TransitionRefused(
            "they left, and have not asked since",
            where=edition,
            fix="They have to subscribe again.",
        )
    return apply(connection, public_id, edition, Event.CONFIRM, now, proof)


def confirm_listed(connection: Connection, edition: str, proof: Proof, now: datetime) -> int:
    """Make active who is pending, and asked only by an operator's word; return how many."""
    words = [str(way) for way in OPERATORS_WORD]
    mine = (
        select(CONSENT.c.id)
        .where(CONSENT.c.subscriber_id == SUBSCRIPTION.c.subscriber_id)
        .where(CONSENT.c.edition == edition)
    )
    whose = (
        select(SUBSCRIPTION.c.subscriber_id)
        .where(SUBSCRIPTION.c.edition == edition, SUBSCRIPTION.c.state == str(State.PENDING))
        .where(~mine.where(CONSENT.c.way.not_in(words)).exists())
        .order_by(SUBSCRIPTION.c.subscriber_id)
        .limit(_BATCH)
        .with_for_update()
    )
    changed = 0
    while numbers := list(connection.execute(whose).scalars()):
        connection.execute(
            SUBSCRIPTION.update()
            .where(SUBSCRIPTION.c.edition == edition, SUBSCRIPTION.c.subscriber_id.in_(numbers))
            .values(state=str(State.ACTIVE), confirmed_at=now, updated_at=now)
        )
        acts = [NewAct(one, edition, Act.CONFIRMED, proof.shortened()) for one in numbers]
        record(connection, acts, now)
        changed += len(numbers)
    return changed


def choose(
    connection: Connection, public_id: str, edition: str, sections: str, now: datetime
) -> None:
    """Write chosen sections, canonical text. SubscriberUnknown if there is no such subscription."""
    number, _ = _subscription(connection, public_id, edition)
    _write(connection, number, edition, sections=sections, updated_at=now)


def address_of(connection: Connection, public_id: str) -> Address | None:
    """Return the address of a reader."""
    row = connection.execute(
        select(SUBSCRIBER.c.email, SUBSCRIBER.c.email_key).where(
            SUBSCRIBER.c.public_id == public_id
        )
    ).one_or_none()
    return Address(row.email, row.email_key) if row else None


def _person(connection: Connection, row: Row, now: datetime) -> tuple[int, str]:
    connection.execute(
        or_nothing(connection, SUBSCRIBER, "email_key").values(
            public_id=new_public_id(),
            email=row.address.addr_spec,
            email_key=row.address.key,
            name=row.name,
            locale=row.locale,
            created_at=now,
        )
    )
    found = connection.execute(
        select(SUBSCRIBER.c.id, SUBSCRIBER.c.public_id).where(
            SUBSCRIBER.c.email_key == row.address.key
        )
    ).one()
    return found.id, found.public_id


def _begin(connection: Connection, number: int, row: Row, now: datetime) -> None:
    connection.execute(
        or_nothing(connection, SUBSCRIPTION, "edition", "subscriber_id").values(
            subscriber_id=number,
            edition=row.edition,
            state=str(State.PENDING),
            sections=row.sections,
            created_at=now,
            updated_at=now,
        )
    )


def _state(connection: Connection, number: int, edition: str) -> State | None:
    found = connection.execute(
        select(SUBSCRIPTION.c.state)
        .where(SUBSCRIPTION.c.subscriber_id == number, SUBSCRIPTION.c.edition == edition)
        .with_for_update()
    ).scalar()
    return State(found) if found else None


def _subscription(connection: Connection, public_id: str, edition: str) -> tuple[int, State]:
    row = connection.execute(
        select(SUBSCRIPTION.c.subscriber_id, SUBSCRIPTION.c.state)
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
    return row.subscriber_id, State(row.state)


def _asked_since(
    connection: Connection, number: int, edition: str, asked_at: datetime | None
) -> bool:
    if asked_at is None:
        return False
    left = (
        select(SUBSCRIPTION.c.id)
        .where(SUBSCRIPTION.c.subscriber_id == number, SUBSCRIPTION.c.edition == edition)
        .where(SUBSCRIPTION.c.unsubscribed_at > asked_at)
    )
    return connection.execute(left).first() is None


def _stamps(before: State, state: State, now: datetime) -> dict[str, datetime | None]:
    stamps: dict[str, datetime | None] = {}
    if state is State.UNSUBSCRIBED:
        stamps["unsubscribed_at"] = now
    if state is State.ACTIVE and before in {State.PENDING, State.UNSUBSCRIBED}:
        stamps["confirmed_at"] = now
    if state is not State.PAUSED:
        stamps["paused_until"] = None
    return stamps


def _write(
    connection: Connection, number: int, edition: str, **values: str | datetime | None
) -> None:
    connection.execute(
        SUBSCRIPTION.update()
        .where(SUBSCRIPTION.c.subscriber_id == number, SUBSCRIPTION.c.edition == edition)
        .values(**values)
    )
