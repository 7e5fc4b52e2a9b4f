"""Acts of consent in one cell: a JSON array of [act, way, words, network, at, recorded_at]."""

from __future__ import annotations

import json
from collections.abc import Iterable

from subscribers.consent import Act, ConsentRecord, Proof, Way
from subscribers.lists.moments import moment
from subscribers.lists.standings import Unclear


def written(acts: Iterable[ConsentRecord]) -> str:
    """Return the cell; "" for none."""
    rows = [
        [
            one.act,
            one.way,
            one.words,
            one.network,
            one.at.isoformat() if one.at else "",
            one.recorded_at.isoformat(),
        ]
        for one in acts
    ]
    return json.dumps(rows, ensure_ascii=False) if rows else ""


def acts_in(cell: str) -> tuple[tuple[Act, Proof], ...]:
    """Read the cell. Unclear if it is no such array: consent is not guessed."""
    try:
        rows = json.loads(cell)
        return tuple(_act(*map(str, row)) for row in rows)
    except (ValueError, TypeError, RecursionError) as error:
        raise Unclear(f"its record of consent cannot be read ({error})"[:160]) from None


def _act(  # noqa: PLR0913, PLR0917 - the six parts of an act
    act: str, way: str, words: str, network: str, at: str, recorded_at: str
) -> tuple[Act, Proof]:
    return Act(act), Proof(Way(way), words, network, moment(at), moment(recorded_at))
