"""Acts of consent in one cell: as they were, or unclear."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from subscribers.consent import Act, ConsentRecord, Proof, Way
from subscribers.lists.consent_cells import acts_in, written
from subscribers.lists.standings import Unclear

AT = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
CELL = (
    '[["asked", "form", "Ja, täglich.", "0a1b", "2026-11-23T07:00:00+00:00",'
    ' "2026-11-24T07:00:00+00:00"], ["confirmed", "list", "", "", "", "2026-11-24T07:00:00+00:00"]]'
)


def test_acts_are_written_with_everything_and_read_back() -> None:
    """Letters as they are; a moment that nobody knows is empty."""
    acts = [
        ConsentRecord("daily", Act.ASKED, Way.FORM, "Ja, täglich.", "0a1b", AT, LATER),
        ConsentRecord("daily", Act.CONFIRMED, Way.LIST, "", "", None, LATER),
    ]
    assert written(acts) == CELL
    assert acts_in(CELL) == (
        (Act.ASKED, Proof(Way.FORM, "Ja, täglich.", "0a1b", AT, LATER)),
        (Act.CONFIRMED, Proof(Way.LIST, "", "", None, LATER)),
    )
    assert written([]) == ""


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("nonsense", "Expecting value: line 1 column 1 (char 0)"),
        ('[["agreed", "form", "", "", "", ""]]', "'agreed' is not a valid Act"),
        ('[["asked", "pigeon", "", "", "", ""]]', "'pigeon' is not a valid Way"),
        ("[7]", "'int' object is not iterable"),
    ],
)
def test_what_is_no_record_of_consent_is_unclear(cell: str, why: str) -> None:
    """With what is wrong: consent is not guessed."""
    with pytest.raises(Unclear) as caught:
        acts_in(cell)
    assert str(caught.value) == f"its record of consent cannot be read ({why})"
    with pytest.raises(Unclear) as caught:
        acts_in(f'[["{"x" * 200}", "form", "", "", "", ""]]')
    assert len(str(caught.value)) == 160
