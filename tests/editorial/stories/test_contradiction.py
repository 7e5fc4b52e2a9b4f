"""Contradiction: only what is said of the same thing can be opposite."""

from __future__ import annotations

import pytest

from digest.editorial.stories.contradiction import claims_of, contradict


@pytest.mark.parametrize(
    ("one", "other", "opposite"),
    [
        ("Flood kills 12 people", "Flood kills 31 people", True),
        ("At least 44 die as boat sinks", "More than 40 dead after boat capsizes", False),
        ("At least 12 dead in flood", "At least 31 dead in flood", True),
        ("12 killed in flood, 40 homes lost", "Flood destroys 40 homes", False),
        ("Shares of 3 banks fall", "Bank lays off 200 workers", False),
        ("Bank raises rates again", "Bank cuts rates again", True),
        ("Bank raises rates as shares fall", "Shares fall as bank raises rates", False),
        ("Airline cuts jobs after fuel costs rise", "Airline jobs go after rise of fuel", False),
        ("Monday briefing", "Friday briefing", True),
        ("United wins cup", "United loses cup", True),
        ("", "12", False),
    ],
)
def test_numbers_and_verbs_contradict_where_they_speak_of_one_thing(
    one: str, other: str, *, opposite: bool
) -> None:
    """In whichever order the two are asked."""
    assert contradict(claims_of(one), claims_of(other)) is opposite
    assert contradict(claims_of(other), claims_of(one)) is opposite
