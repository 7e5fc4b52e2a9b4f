"""Acts of consent: written once, never changed, read in their order."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, func, select

from subscribers.consent import OPERATORS_WORD, Act, ConsentRecord, Proof, Way
from subscribers.store.models import CONSENT, WORDING
from subscribers.store.statements import among, insert_many, or_nothing


@dataclass(frozen=True, slots=True)
class NewAct:
    """One act that is to be recorded."""

    subscriber_id: int
    edition: str
    act: Act
    proof: Proof


def record(
    connection: Connection,
    acts: Sequence[NewAct],
    now: datetime,
    wordings: dict[str, int] | None = None,
) -> None:
    """Write acts, in the caller's transaction; `wordings` remembers ids from call to call."""
    if not acts:
        return
    known = {} if wordings is None else wordings
    _learn(connection, {one.proof.words for one in acts} - {""}, known)
    insert_many(connection, CONSENT.insert(), [_row(one, now, known) for one in acts])


def acts_of(connection: Connection, subscriber_id: int) -> tuple[ConsentRecord, ...]:
    """Return a person's acts, as they were recorded."""
    found = connection.execute(_acts().where(CONSENT.c.subscriber_id == subscriber_id))
    return tuple(map(_record, found.mappings()))


def acts_of_many(
    connection: Connection, subscriber_ids: Sequence[int]
) -> dict[tuple[int, str], tuple[ConsentRecord, ...]]:
    """Return the acts of many, by person and edition."""
    found: dict[tuple[int, str], tuple[ConsentRecord, ...]] = {}
    query = _acts().where(among(connection, CONSENT.c.subscriber_id, subscriber_ids))
    for row in connection.execute(query).mappings():
        key = (row["subscriber_id"], row["edition"])
        found[key] = (*found.get(key, ()), _record(row))
    return found


def last_own_word(
    connection: Connection, subscriber_ids: Iterable[int]
) -> dict[tuple[str, int], datetime]:
    """Return when each reader last confirmed by themselves, by edition and person."""
    found = connection.execute(
        select(CONSENT.c.edition, CONSENT.c.subscriber_id, func.max(CONSENT.c.at))
        .where(among(connection, CONSENT.c.subscriber_id, subscriber_ids))
        .where(CONSENT.c.act == str(Act.CONFIRMED))
        .where(CONSENT.c.way.not_in([str(way) for way in OPERATORS_WORD]))
        .group_by(CONSENT.c.edition, CONSENT.c.subscriber_id)
    )
    return {(edition, number): at for edition, number, at in found if at is not None}


def without_proof(connection: Connection, edition: str, subscriber_ids: set[int]) -> set[int]:
    """Return those of whom no act is known in this edition."""
    found = connection.execute(
        select(CONSENT.c.subscriber_id)
        .where(CONSENT.c.edition == edition)
        .where(among(connection, CONSENT.c.subscriber_id, subscriber_ids))
        .distinct()
    ).scalars()
    return subscriber_ids - set(found)


def _acts() -> Select[Any]:
    return (
        select(CONSENT, func.coalesce(WORDING.c.words, "").label("words"))
        .outerjoin(WORDING, WORDING.c.id == CONSENT.c.wording_id)
        .order_by(CONSENT.c.id)
    )


def _record(row: RowMapping) -> ConsentRecord:
    return ConsentRecord(
        edition=row["edition"],
        act=Act(row["act"]),
        way=Way(row["way"]),
        words=row["words"],
        network=row["network"],
        at=row["at"],
        recorded_at=row["recorded_at"],
    )


def _row(one: NewAct, now: datetime, wordings: dict[str, int]) -> dict[str, Any]:
    # An operator's word may be of a day nobody knows any more; the reader's own act is of now.
    known = one.proof.at or one.proof.recorded_at or now
    at = one.proof.at if one.proof.way in OPERATORS_WORD else known
    return {
        "subscriber_id": one.subscriber_id,
        "edition": one.edition,
        "act": str(one.act),
        "way": str(one.proof.way),
        "wording_id": wordings.get(one.proof.words),
        "network": one.proof.network,
        "at": at,
        "recorded_at": one.proof.recorded_at or now,
    }


def _learn(connection: Connection, words: set[str], known: dict[str, int]) -> None:
    """Find or make the id of each text; a list of a million different ones stays in bounds."""
    if len(known) > _REMEMBERED:
        known.clear()
    digests = {_digest(text): text for text in sorted(words - known.keys())}
    if not digests:
        return
    connection.execute(
        or_nothing(connection, WORDING, "digest"),
        [{"digest": digest, "words": text} for digest, text in sorted(digests.items())],
    )
    found = connection.execute(
        select(WORDING.c.digest, WORDING.c.id).where(WORDING.c.digest.in_(list(digests)))
    )
    known |= {digests[digest]: number for digest, number in found}


_REMEMBERED = 1_000


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
