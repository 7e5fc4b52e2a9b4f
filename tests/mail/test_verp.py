"""A reverse path of its own: it names the delivery, and cannot be made up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import ConfigError
from digest.mail.verp import ReversePaths

PATHS = ReversePaths("bounce+{}@news.example", "a key")


@given(st.integers(min_value=1, max_value=2**63 - 1), st.booleans())
def test_every_delivery_reads_back(number: int, shouted: bool) -> None:
    """Also after a server changed its capitals; it fits into an SMTP command."""
    address = PATHS.of(number)
    assert len(address.partition("@")[0]) <= 64
    assert PATHS.delivery_of(address.upper() if shouted else address) == number


@given(st.integers(min_value=1, max_value=2**63 - 1))
def test_a_mail_outside_an_issue_is_no_delivery(number: int) -> None:
    """Both are numbered from 1: a bounce of the one is never taken for the other's."""
    issue, single = PATHS.of(number), PATHS.of_single_mail(number)
    assert (PATHS.delivery_of(issue), PATHS.single_mail_of(issue)) == (number, None)
    assert (PATHS.delivery_of(single), PATHS.single_mail_of(single)) == (None, number)
    assert PATHS.delivery_of(single.replace("_", "-")) is None


@given(st.text(max_size=60))
def test_an_address_not_made_here_names_nobody(text: str) -> None:
    """Whatever somebody sends to the bounce address, it is nobody's bounce."""
    assert PATHS.delivery_of(text) is None
    assert PATHS.delivery_of(f"bounce+{text}@news.example") is None


def test_a_number_without_end_names_nobody() -> None:
    """Whoever sends thousands of digits to the bounce address gets no error out of it."""
    assert PATHS.delivery_of(f"bounce+{'9' * 10_000}-aaaaaaaaaa@news.example") is None


def test_another_number_or_another_key_is_refused() -> None:
    """The seal holds for its own number and key."""
    assert PATHS.delivery_of(PATHS.of(12).replace("12-", "13-")) is None
    assert ReversePaths("bounce+{}@news.example", "other").delivery_of(PATHS.of(12)) is None


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "bounce@news.example",
        "{}{}@a.example",
        "bounce@{}.example",
        "a b{}@c.example",
        "{}",
        "x" * 40 + "{}@news.example",
        "bounce+{}@news.example>\r\nRCPT TO:<x@y",
    ],
)
def test_a_pattern_that_cannot_work_is_refused(pattern: str) -> None:
    """The error shows how it is written."""
    with pytest.raises(ConfigError, match=r"bounce\+\{\}@news\.example"):
        ReversePaths(pattern, "a key")
