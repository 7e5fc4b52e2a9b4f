"""Planning: the audience of an issue becomes rows of the ledger, in one statement.

candidates = planned + skipped. A candidate is everybody who is subscribed to the edition and has
not left: active or paused, the suppressed among them too, so that their skip is on record. Pending
readers never confirmed and unsubscribed ones have left: neither was promised a mail, neither is a
candidate. A reader who leaves after the plan is skipped when their turn comes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Label,
    and_,
    case,
    func,
    literal,
    null,
    or_,
    select,
)

from digest.models.deliveries import DeliveryState, SkipReason
from digest.store.database.batch import BATCH, batches
from digest.store.database.tables import (
    DELIVERY,
    ISSUE,
    ISSUE_VARIANT,
    SUBSCRIBER,
    SUBSCRIPTION,
    SUPPRESSION,
)
from digest.store.ledger.ledger_mark import move_on
from digest.store.values import AudienceChanged, AudiencePlan, PlanCounts
from subscribers.lifecycle import State

_CANDIDATES = (str(State.ACTIVE), str(State.PAUSED))


def candidates_of(edition: str) -> ColumnElement[bool]:
    """Say which subscriptions an issue of this edition has to account for."""
    return and_(SUBSCRIPTION.c.edition == edition, SUBSCRIPTION.c.state.in_(_CANDIDATES))


def paused(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Say whether a subscription rests; a pause whose end has passed is over."""
    return and_(
        SUBSCRIPTION.c.state == str(State.PAUSED),
        or_(SUBSCRIPTION.c.paused_until.is_(None), SUBSCRIPTION.c.paused_until > now),
    )


def plan(
    connection: Connection, issue_id: int, audience: AudiencePlan, now: datetime
) -> PlanCounts:
    """Write the plan inside the caller's transaction; an issue that has one keeps it.

    AudienceChanged if a candidate's sections are not among the plan's variants: then roll back.
    """
    planned_at = connection.execute(
        select(ISSUE.c.planned_at).where(ISSUE.c.id == issue_id).with_for_update()
    ).scalar_one()
    if planned_at is None:
        _write_variants(connection, issue_id, audience.variants)
        _refuse_unmapped(connection, issue_id, audience.edition)
        _write_deliveries(connection, issue_id, audience, now)
        _write_counts(connection, issue_id, now)
        move_on(connection)
    return counts(connection, issue_id)


def forecast(connection: Connection, audience: AudiencePlan, now: datetime) -> PlanCounts:
    """Count what a plan would come to, without writing one. AudienceChanged as for `plan`."""
    why_not = case(*_unfit(now), else_=null()).label("reason")
    rows = connection.execute(
        select(SUBSCRIPTION.c.sections, why_not, func.count())
        .join(SUBSCRIBER, SUBSCRIBER.c.id == SUBSCRIPTION.c.subscriber_id)
        .outerjoin(SUPPRESSION, SUPPRESSION.c.email_key == SUBSCRIBER.c.email_key)
        .where(candidates_of(audience.edition))
        .group_by(SUBSCRIPTION.c.sections, why_not)
    ).all()
    if missing := tuple(sorted({sections for sections, _, _ in rows} - set(audience.variants))):
        raise AudienceChanged(missing, where=audience.edition)
    skipped: dict[SkipReason, int] = {}
    by_variant: dict[str, int] = {}
    for sections, reason, number in rows:
        variant = audience.variants[sections]
        if reason is None and variant is not None:
            by_variant[variant] = by_variant.get(variant, 0) + number
        else:
            gone = sections in audience.gone
            why = SkipReason(reason or (SkipReason.NO_SECTION if gone else SkipReason.NO_NEWS))
            skipped[why] = skipped.get(why, 0) + number
    candidates = sum(number for _, _, number in rows)
    return PlanCounts(candidates, candidates - sum(skipped.values()), skipped, by_variant)


def counts(connection: Connection, issue_id: int) -> PlanCounts:
    """Return the plan as it was made, whatever became of the deliveries since."""
    issue = connection.execute(
        select(ISSUE.c.candidates, ISSUE.c.planned).where(ISSUE.c.id == issue_id)
    ).one()
    # Who was skipped by the plan was never claimed; who was skipped later had a variant.
    rows = connection.execute(
        select(DELIVERY.c.reason, func.count())
        .where(DELIVERY.c.issue_id == issue_id, DELIVERY.c.state == str(DeliveryState.SKIPPED))
        .where(DELIVERY.c.variant.is_(None))
        .group_by(DELIVERY.c.reason)
    )
    skipped = {SkipReason(reason): number for reason, number in rows}
    return PlanCounts(issue.candidates or 0, issue.planned or 0, skipped)


def _write_variants(
    connection: Connection, issue_id: int, variants: Mapping[str, str | None]
) -> None:
    rows = (
        {"issue_id": issue_id, "sections": sections, "variant": variant}
        for sections, variant in variants.items()
    )
    for batch in batches(rows, BATCH):
        connection.execute(ISSUE_VARIANT.insert(), batch)


def _refuse_unmapped(connection: Connection, issue_id: int, edition: str) -> None:
    mapped = select(ISSUE_VARIANT.c.sections).where(ISSUE_VARIANT.c.issue_id == issue_id)
    missing = connection.execute(
        select(SUBSCRIPTION.c.sections)
        .distinct()
        .where(candidates_of(edition), SUBSCRIPTION.c.sections.not_in(mapped))
        .order_by(SUBSCRIPTION.c.sections)
    ).scalars()
    if sections := tuple(missing):
        raise AudienceChanged(sections, where=edition)


def _write_deliveries(
    connection: Connection, issue_id: int, audience: AudiencePlan, now: datetime
) -> None:
    skip = _skip_reason(audience.gone, now)
    rows = (
        select(
            literal(issue_id),
            SUBSCRIPTION.c.subscriber_id,
            case((skip.is_(None), ISSUE_VARIANT.c.variant), else_=null()),
            case((skip.is_(None), str(DeliveryState.PENDING)), else_=str(DeliveryState.SKIPPED)),
            skip,
            literal(0),
            literal(0),
            literal(now, DELIVERY.c.updated_at.type),
        )
        .select_from(SUBSCRIPTION)
        .join(SUBSCRIBER, SUBSCRIBER.c.id == SUBSCRIPTION.c.subscriber_id)
        .join(
            ISSUE_VARIANT,
            and_(
                ISSUE_VARIANT.c.issue_id == issue_id,
                ISSUE_VARIANT.c.sections == SUBSCRIPTION.c.sections,
            ),
        )
        .outerjoin(SUPPRESSION, SUPPRESSION.c.email_key == SUBSCRIBER.c.email_key)
        .where(candidates_of(audience.edition))
        .order_by(*_order(audience.first))
    )
    columns = [
        "issue_id",
        "subscriber_id",
        "variant",
        "state",
        "reason",
        "fence",
        "attempts",
        "updated_at",
    ]
    connection.execute(DELIVERY.insert().from_select(columns, rows))


def _order(first: Collection[str]) -> list[ColumnElement[int]]:
    """Deliveries are claimed in the order of their rows."""
    seeds = case((SUBSCRIBER.c.email_key.in_(first), 0), else_=1)
    return [*([seeds] if first else []), SUBSCRIPTION.c.subscriber_id]


def _skip_reason(gone: Collection[str], now: datetime) -> Label[Any]:
    return case(
        *_unfit(now),
        (SUBSCRIPTION.c.sections.in_(gone), str(SkipReason.NO_SECTION)),
        (ISSUE_VARIANT.c.variant.is_(None), str(SkipReason.NO_NEWS)),
        else_=null(),
    ).label("reason")


def _unfit(now: datetime) -> tuple[tuple[ColumnElement[bool], str], ...]:
    return (
        (SUPPRESSION.c.id.is_not(None), str(SkipReason.SUPPRESSED)),
        (paused(now), str(SkipReason.PAUSED)),
    )


def _write_counts(connection: Connection, issue_id: int, now: datetime) -> None:
    pending = case((DELIVERY.c.state == str(DeliveryState.PENDING), 1), else_=0)
    candidates, planned = connection.execute(
        select(func.count(), func.coalesce(func.sum(pending), 0)).where(
            DELIVERY.c.issue_id == issue_id
        )
    ).one()
    connection.execute(
        ISSUE.update()
        .where(ISSUE.c.id == issue_id)
        .values(candidates=candidates, planned=planned, planned_at=now)
    )
