"""Changes beyond one subscription: a person's address and language, renamed ids."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, exists, select

from subscribers.address import Address
from subscribers.consent import OPERATORS_WORD, Act
from subscribers.errors import AddressTaken, SubscriberUnknown
from subscribers.lifecycle import State
from subscribers.store.models import CONSENT, SUBSCRIBER, SUBSCRIPTION


def change_address(connection: Connection, public_id: str, address: Address) -> None:
    """Change a reader's address. AddressTaken, SubscriberUnknown.

    Suppressions belong to addresses: those of the former one stay with it.
    """
    owner = connection.execute(
        select(SUBSCRIBER.c.public_id).where(SUBSCRIBER.c.email_key == address.key)
    ).scalar_one_or_none()
    if owner not in {None, public_id}:
        raise AddressTaken(
            "this address has a subscription of its own",
            fix="Manage it by the links in the mails that come there, and unsubscribe here.",
        )
    changed = connection.execute(
        SUBSCRIBER.update()
        .where(SUBSCRIBER.c.public_id == public_id)
        .values(email=address.addr_spec, email_key=address.key)
    )
    if not changed.rowcount:
        raise SubscriberUnknown("there is no such reader", fix="They were erased.")


def set_locale(connection: Connection, public_id: str, locale: str) -> None:
    """Choose the language of a reader's pages and single mails; "" is the site's."""
    connection.execute(
        SUBSCRIBER.update().where(SUBSCRIBER.c.public_id == public_id).values(locale=locale)
    )


def rename_edition(connection: Connection, former: str, present: str, now: datetime) -> int:
    """Make the readers of an edition's former id its readers; return how many they were.

    Acts of consent go with them. Nobody's state is raised: somebody who has both ids keeps the
    subscription of the present one, and leaves it if they left the former one and have not
    confirmed the present one by themselves.
    """
    other = SUBSCRIPTION.alias()
    both = exists().where(
        other.c.subscriber_id == SUBSCRIPTION.c.subscriber_id, other.c.edition == present
    )
    _leave_with_the_former(connection, former, present, now)
    mine = select(SUBSCRIPTION.c.subscriber_id).where(SUBSCRIPTION.c.edition == former)
    connection.execute(
        CONSENT.update()
        .where(CONSENT.c.subscriber_id.in_(mine), CONSENT.c.edition == former)
        .values(edition=present)
    )
    moved = connection.execute(
        SUBSCRIPTION.update()
        .where(SUBSCRIPTION.c.edition == former, ~both)
        .values(edition=present, updated_at=now)
    ).rowcount
    doubled = connection.execute(SUBSCRIPTION.delete().where(SUBSCRIPTION.c.edition == former))
    return moved + doubled.rowcount


def _leave_with_the_former(
    connection: Connection, former: str, present: str, now: datetime
) -> None:
    """Lower the subscription of the present id where its reader left the former one."""
    left = (
        select(SUBSCRIPTION.c.subscriber_id)
        .where(SUBSCRIPTION.c.edition == former)
        .where(SUBSCRIPTION.c.state == str(State.UNSUBSCRIBED))
    )
    came_back = exists().where(
        CONSENT.c.subscriber_id == SUBSCRIPTION.c.subscriber_id,
        CONSENT.c.edition == present,
        CONSENT.c.act == str(Act.CONFIRMED),
        CONSENT.c.way.not_in([str(way) for way in OPERATORS_WORD]),
    )
    connection.execute(
        SUBSCRIPTION.update()
        .where(SUBSCRIPTION.c.edition == present, SUBSCRIPTION.c.subscriber_id.in_(left))
        .where(SUBSCRIPTION.c.state != str(State.UNSUBSCRIBED), ~came_back)
        .values(state=str(State.UNSUBSCRIBED), unsubscribed_at=now, updated_at=now)
    )


def rename_sections(
    connection: Connection, edition: str, renamed: Mapping[str, str], now: datetime
) -> int:
    """Carry the readers' choices over from former section ids; return how many choices changed.

    `renamed` maps a former id to the present one. The work is one statement for each distinct
    choice that names a former id, however many readers made it.
    """
    mine = SUBSCRIPTION.c.edition == edition
    texts = connection.execute(select(SUBSCRIPTION.c.sections).distinct().where(mine)).scalars()
    changed = 0
    for text in texts.all():
        present = ",".join(sorted({renamed.get(name, name) for name in text.split(",")}))
        if present != text:
            statement = SUBSCRIPTION.update().where(mine, SUBSCRIPTION.c.sections == text)
            values = {"sections": present, "updated_at": now}
            changed += connection.execute(statement.values(values)).rowcount
    return changed
