"""Ghost: what the Content API answers is covered with every kind; here its key."""

from __future__ import annotations

import pytest

from digest.collector.kinds.ghost import KIND


@pytest.mark.parametrize(
    ("url", "secret", "asked"),
    [
        ("https://a.example", "k", "https://a.example?key=k"),
        ("https://a.example/?filter=tag:x", "k", "https://a.example/?filter=tag%3Ax&key=k"),
        ("https://a.example/?key=mine", "k", "https://a.example/?key=mine"),
        ("https://a.example/?filter=tag:x", "", "https://a.example/?filter=tag:x"),
    ],
)
def test_the_key_may_come_from_the_environment(url: str, secret: str, asked: str) -> None:
    """An address that holds its key, or a source without a secret, stays as it was written."""
    assert KIND.configured is not None
    assert KIND.configured(url, None, secret) == asked
