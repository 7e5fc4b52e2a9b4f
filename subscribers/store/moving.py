"""Changes beyond one subscription: a person's address and language, renamed ids."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, exists, select

from subscribers.address import Address
from subscribers.errors import AddressTaken, SubscriberUnknown
from subscribers.store.models import SUBSCRIBER, SUBSCRIPTION


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

    Nobody's state changes. Somebody who has both keeps both rows: what they chose under the
    present id counts, and the former one gets no mail.
    """
    other = SUBSCRIPTION.alias()
    both = exists().where(
        other.c.subscriber_id == SUBSCRIPTION.c.subscriber_id, other.c.edition == present
    )
    return connection.execute(
        SUBSCRIPTION.update()
        .where(SUBSCRIPTION.c.edition == former, ~both)
        .values(edition=present, updated_at=now)
    ).rowcount


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
