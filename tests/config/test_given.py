"""Keys of [collector] on the command line: what is meant, and what is wrong with it."""

from __future__ import annotations

import pytest

from digest.config import CollectorSettings, given_rules
from digest.errors import UsageError


def test_values_are_read_as_in_the_file_or_as_they_are() -> None:
    """Numbers, yes and no, and an address without quotes."""
    rules = given_rules(
        ["timeout = 40", "max_items=9", "proxy=http://proxy.example:3128"],
        allow_private_hosts=True,
    )
    assert (rules.timeout, rules.max_items, rules.allow_private_hosts) == (40.0, 9, True)
    assert rules.proxy == "http://proxy.example:3128"
    assert given_rules([]) == CollectorSettings()


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        ("timeout", '"timeout" is not KEY=VALUE'),
        ("time_out=3", "time_out: is not known"),
        ("timeout=soon", "timeout: Input should be a valid number"),
        ("max_items=0", "max_items: Input should be greater than or equal to 1"),
        ("proxy=elsewhere", 'proxy: "elsewhere" is not a URL'),
    ],
)
def test_what_is_no_key_or_no_value_is_refused(pair: str, said: str) -> None:
    """With the key, the fault and where all keys are listed."""
    with pytest.raises(UsageError) as caught:
        given_rules([pair])
    assert said in caught.value.what
    assert caught.value.fix
