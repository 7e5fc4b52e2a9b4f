"""Chosen sections: equal choices are equal texts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from subscribers.sections import canonical, chosen_of

_ids = st.from_regex(r"[a-z0-9_-]{1,10}", fullmatch=True)


@given(st.lists(_ids))
def test_a_choice_reads_back_whatever_its_order(ids: list[str]) -> None:
    """Order and repeats make no difference; none is all."""
    assert canonical(ids) == canonical([*reversed(ids), *ids])
    assert chosen_of(canonical(ids)) == frozenset(ids)


def test_none_is_all() -> None:
    """The empty text is the empty set."""
    assert canonical([]) == ""
    assert chosen_of("") == frozenset()
