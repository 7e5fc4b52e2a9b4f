"""A stream of rows goes into the store in batches; importing the same again changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

from sqlalchemy import Engine

from subscribers.consent import Act, Proof, Way
from subscribers.lifecycle import State
from subscribers.store.enrolling import Entrance, enrol, rehearse
from subscribers.store.suppressing import require_keys
from subscribers.values import ACTIVE, ImportReport, ListedState, RejectedLine, Row, RowVerdict

_BATCH = 2_000

Told: TypeAlias = Callable[[RowVerdict | RejectedLine], None]


@dataclass(frozen=True)
class Terms:
    """The operator's word on every line: `edition` and `words` are of rows that name none.

    `words` are where and when they agreed, as the operator says; `told` hears of each line.
    """

    edition: str
    confirmed: bool
    told: Told
    words: str = ""
    rehearsal: bool = False

    @cached_property
    def by_list(self) -> tuple[tuple[Act, Proof], ...]:
        """The acts of everybody of whom the list says nothing else."""
        return _by_list(ACTIVE, self)


def import_rows(
    engine: Engine, rows: Iterable[Row | RejectedLine], terms: Terms, entrance: Entrance
) -> ImportReport:
    """Take rows in; batches are kept as they are done, so a broken import is simply run again.

    KeyMissing, before anything is taken in, if erased addresses could not be recognised.
    """
    with engine.begin() as connection:
        require_keys(connection, entrance.pseudonyms)
    counts, said = Counter[str](), Counter[str]()
    for batch in _batches(_at_home(row, terms.edition) for row in rows):
        good = [row for row in batch if isinstance(row, Row)]
        with engine.begin() as connection:
            work = rehearse if terms.rehearsal else enrol
            verdicts = iter(work(connection, good, entrance))
        for each in batch:
            result = each if isinstance(each, RejectedLine) else next(verdicts)
            _count(result, counts, said)
            terms.told(result)
    return ImportReport(**counts, said=dict(said))


def words_for(standing: ListedState) -> str:
    """Return what a list said of somebody who is not simply active in it, or ""."""
    if standing.suppressed is not None:
        return str(standing.suppressed)
    return "" if standing.state in {None, State.ACTIVE} else str(standing.state)


def _count(result: RowVerdict | RejectedLine, counts: Counter[str], said: Counter[str]) -> None:
    if isinstance(result, RejectedLine):
        counts["other" if result.other else "rejected"] += 1
        return
    counts[str(result.outcome)] += 1
    counts["lowered"] += result.lowered
    if words := words_for(result.row.standing):
        said[words] += 1


def _at_home(row: Row | RejectedLine, edition: str) -> Row | RejectedLine:
    if isinstance(row, RejectedLine) or row.edition:
        return row
    return replace(row, edition=edition)


def proofs_of(row: Row, terms: Terms) -> tuple[tuple[Act, Proof], ...]:
    """Return by which acts a row comes in: its own, worded as all are, or what is said of all."""
    if row.proofs:
        return tuple((act, _worded(proof, terms.words)) for act, proof in row.proofs)
    return terms.by_list if row.standing is ACTIVE else _by_list(row.standing, terms)


def _worded(proof: Proof, words: str) -> Proof:
    return proof if proof.words or not words else replace(proof, words=words)


def _by_list(standing: ListedState, terms: Terms) -> tuple[tuple[Act, Proof], ...]:
    if standing.state is None:
        return ()
    if standing.state is State.UNSUBSCRIBED:
        return ((Act.WITHDREW, Proof(Way.LIST, standing.detail, at=standing.since)),)
    act = Act.ASKED if standing.state is State.PENDING or not terms.confirmed else Act.CONFIRMED
    return ((act, Proof(Way.LIST, terms.words)),)


def _batches(rows: Iterable[Row | RejectedLine]) -> Iterator[list[Row | RejectedLine]]:
    """Cut the stream; rows of a batch differ in address or edition, so one write does for each."""
    batch: list[Row | RejectedLine] = []
    met: set[tuple[str, str]] = set()
    for row in rows:
        key = ("", "") if isinstance(row, RejectedLine) else (row.address.key, row.edition)
        if len(batch) >= _BATCH or (key in met and isinstance(row, Row)):
            yield batch
            batch, met = [], set()
        batch.append(row)
        met.add(key)
    if batch:
        yield batch
