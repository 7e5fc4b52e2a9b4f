"""Counts: when two numbers contradict each other."""

from __future__ import annotations

import pytest

from digest.editorial.stories.counts import counts_clash


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        ("Storm: 12 killed in Valencia", "Storm: 31 killed in Valencia", True),
        ("Stage 8 of the Tour goes to Ganna", "Stage 9 of the Tour goes to Pidcock", True),
        ("Former premier dies at 97", "Former premier dies at 94", True),
        ("Quake kills 5 in Cali", "12 arrested after the quake in Cali", False),
        ("At least 44 die as ferry sinks", "More than 40 dead after a ferry capsizes", False),
        ("Almost 40 homes burnt in Evia", "More than 50 homes burnt in Evia", False),
        ("At least 40 homes burnt in Evia", "400 homes burnt in Evia", True),
        ("Mindestens 44 Tote bei Unglück", "Über 40 Tote bei Unglück", False),
        ("Au moins 12 morts à Lyon", "Près de 15 morts à Lyon", False),
        ("Más de 30 heridos en Sevilla", "35 heridos en Sevilla", False),
        ("30 heridos en Sevilla", "35 heridos en Sevilla", True),
        ("Spain beats Italy 2-1", "Spain beats Italy 3-0", True),
        ("12 killed in Valencia", "Twelve killed in Valencia", False),
        ("", "12 killed", False),
    ],
)
def test_numbers_contradict_only_if_they_count_the_same(
    one: str, other: str, *, clash: bool
) -> None:
    """Asked either way round the answer is the same."""
    assert counts_clash(one, other) is clash
    assert counts_clash(other, one) is clash
