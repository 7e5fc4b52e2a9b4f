"""Errors: what happened, where, and what to do next, in one line."""

from __future__ import annotations

import pytest

from subscribers.errors import SubscriberError
from subscribers.values import RejectedLine


@pytest.mark.parametrize(
    ("where", "fix", "line"),
    [
        ("", "", "it is odd."),
        ("list.csv", "", "list.csv: it is odd."),
        ("", "Mend it.", "it is odd. Mend it."),
        ("list.csv", "Mend it.", "list.csv: it is odd. Mend it."),
    ],
)
def test_an_error_reads_as_one_line(where: str, fix: str, line: str) -> None:
    """Parts that are not there leave nothing behind, and no full stop stands twice."""
    error = SubscriberError("it is odd.", where=where, fix=fix)
    assert str(error) == line
    assert (error.what, error.where, error.fix) == ("it is odd.", where, fix)
    assert error.args == ("it is odd.",)


def test_a_word_that_ends_as_a_full_stop_might_keeps_its_letters() -> None:
    """Nothing but full stops is taken off before the fix."""
    assert str(SubscriberError("it is in X", fix="Mend it.")) == "it is in X. Mend it."


def test_a_fault_of_a_list_reads_with_its_line() -> None:
    """By number."""
    assert str(RejectedLine(7, "it is odd")) == "line 7: it is odd"
