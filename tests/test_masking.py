"""Addresses and secrets leave no trace."""

from __future__ import annotations

import pytest

from digest.masking import mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("no such user <ann@b.example>", "no such user <a…@b.example>"),
        ("ann@b.example, bob@c.example", "a…@b.example, b…@c.example"),
        ("bounce+ann=b.example@n.example", "b…@n.example"),
        ("two\r\nlines\x00", "two lines"),
        ("nobody here", "nobody here"),
    ],
)
def test_addresses_are_masked(text: str, masked: str) -> None:
    """Only the first letter and the host stay."""
    assert mask(text) == masked


def test_secrets_are_blotted_out() -> None:
    """A server that repeats the password does not bring it into our messages."""
    assert (
        mask("login of bob with hunter2 failed", "hunter2", "bob", "") == "login of … with … failed"
    )
