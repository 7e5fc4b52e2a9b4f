"""Suppressions: who must not be written to, and what makes an erased address known again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, func, or_, select

from subscribers.address import Address
from subscribers.consent import Proof
from subscribers.errors import KeyMissing
from subscribers.lifecycle import Suppressed
from subscribers.pseudonyms import Pseudonyms
from subscribers.store.leaving import end_all
from subscribers.store.models import SUBSCRIBER, SUBSCRIPTION, SUPPRESSION
from subscribers.store.statements import among, insert_many, or_nothing
from subscribers.values import SuppressionRecord

_PREFIX = len("hmac:00000000")


def suppressed_among(
    connection: Connection, addresses: Sequence[Address], pseudonyms: Pseudonyms
) -> tuple[set[str], set[str]]:
    """Return the keys that are suppressed, and the keys that were erased."""
    by_key = {address.key: address.key for address in addresses}
    folded = {one.folded_key: one.key for one in addresses if one.folded_key != one.key}
    found = connection.execute(
        select(SUPPRESSION.c.email_key).where(_named(connection, list(by_key), list(folded)))
    ).scalars()
    suppressed = {by_key.get(key) or folded[key] for key in found}
    if not _marks_at_all(connection):
        return suppressed, set()
    by_mark = {mark: one.key for one in addresses for mark in pseudonyms.marks(one)}
    marked = connection.execute(
        select(SUPPRESSION.c.email_key).where(among(connection, SUPPRESSION.c.email_key, by_mark))
    ).scalars()
    return suppressed, {by_mark[mark] for mark in marked}


def require_keys(connection: Connection, pseudonyms: Pseudonyms) -> None:
    """Refuse to take anybody in while some erased addresses cannot be recognised. KeyMissing."""
    # A mark begins with the name of its key: "hmac:" and eight digits.
    prefix = func.substr(SUPPRESSION.c.email_key, 1, _PREFIX)
    found = connection.execute(
        select(prefix, func.count())
        .where(SUPPRESSION.c.reason == str(Suppressed.ERASURE))
        .group_by(prefix)
    )
    lost = sum(number for mark, number in found if not pseudonyms.recognises(mark + ":"))
    if lost:
        raise KeyMissing(
            f"{lost} erased addresses were remembered under a key that is not at hand: "
            "a list could bring them back",
            fix="Put the former DIGEST_SECRET_KEY into DIGEST_SECRET_KEYS_OLD; if it is lost, "
            "`digest tidy --forget-lost-marks` forgets those addresses.",
        )


def suppressions_of(
    connection: Connection, address: Address, pseudonyms: Pseudonyms
) -> tuple[SuppressionRecord, ...]:
    """Return everything that keeps mail from this address."""
    found = connection.execute(select(SUPPRESSION).where(_all_of(connection, address, pseudonyms)))
    return tuple(
        SuppressionRecord(row.email_key, Suppressed(row.reason), row.detail, row.created_at)
        for row in found
    )


def lift(connection: Connection, address: Address, pseudonyms: Pseudonyms) -> bool:
    """Forget every suppression of this address, its erasure too; say whether there was one."""
    gone = connection.execute(delete(SUPPRESSION).where(_all_of(connection, address, pseudonyms)))
    return gone.rowcount > 0


def forget_erasure(connection: Connection, address: Address, pseudonyms: Pseudonyms) -> None:
    """Let somebody who was erased come back by their own word; other reasons stay."""
    marks = list(pseudonyms.marks(address))
    connection.execute(delete(SUPPRESSION).where(SUPPRESSION.c.email_key.in_(marks)))


def remember(connection: Connection, records: Iterable[SuppressionRecord]) -> None:
    """Suppress addresses; the first reason of each stays on record."""
    rows = [
        {
            "email_key": one.key,
            "reason": str(one.reason),
            "detail": one.detail,
            "created_at": one.created_at,
        }
        for one in sorted(records, key=lambda one: one.key)
    ]
    if rows:
        insert_many(connection, or_nothing(connection, SUPPRESSION, "email_key"), rows)


def leave_everything(
    connection: Connection, keys: Sequence[str], proof: Proof, now: datetime
) -> None:
    """End every subscription of these addresses, as somebody who complained would wish."""
    whose = select(SUBSCRIBER.c.id).where(SUBSCRIBER.c.email_key.in_(keys))
    end_all(connection, SUBSCRIPTION.c.subscriber_id.in_(whose), proof, now)


def _marks_at_all(connection: Connection) -> bool:
    """Whether there is any mark: hashing every address of a list costs more than looking.

    SQLite finds them by their beginning in the index; other databases' order of letters may be
    any, so there it is taken for granted.
    """
    if connection.dialect.name != "sqlite":
        return True
    key = SUPPRESSION.c.email_key
    ranges = (and_(key >= "hmac:", key < "hmac;"), and_(key >= "sha256:", key < "sha256;"))
    return any(
        connection.execute(select(SUPPRESSION.c.id).where(one).limit(1)).first() for one in ranges
    )


def _named(connection: Connection, keys: list[str], folded: list[str]) -> ColumnElement[bool]:
    plain = among(connection, SUPPRESSION.c.email_key, keys)
    if not folded:
        return plain
    older = among(connection, SUPPRESSION.c.email_key, folded)
    return or_(plain, and_(older, SUPPRESSION.c.folded))


def _all_of(
    connection: Connection, address: Address, pseudonyms: Pseudonyms
) -> ColumnElement[bool]:
    folded = [] if address.folded_key == address.key else [address.folded_key]
    named = _named(connection, [address.key], folded)
    return or_(named, SUPPRESSION.c.email_key.in_(list(pseudonyms.marks(address))))
