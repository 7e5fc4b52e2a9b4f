"""Secrets of a thing: what is set is read, and what is needed and not set is named."""

from __future__ import annotations

import pytest

from digest.errors import ConfigError
from digest.extension.secret import Secret, values_of, variable_for

NEEDED = Secret("DIGEST_POSTMARK_TOKEN", "the token of your server")
LOOSE = Secret("DIGEST_POSTMARK_STREAM", needed=False)


def test_what_is_set_is_read_and_nothing_else() -> None:
    """A variable that no secret names is not handed on."""
    held = {"DIGEST_POSTMARK_TOKEN": "t", "HOME": "/root"}
    found = values_of([NEEDED, LOOSE], lambda name: held.get(name, ""), "here")
    assert found == {"DIGEST_POSTMARK_TOKEN": "t", "DIGEST_POSTMARK_STREAM": ""}


def test_a_needed_one_that_is_not_set_is_named() -> None:
    """With whose it is, and what it is to be."""
    with pytest.raises(ConfigError) as told:
        values_of([LOOSE, NEEDED], lambda _: "", "digest.toml [postmark]")
    assert str(told.value) == (
        "digest.toml [postmark]: DIGEST_POSTMARK_TOKEN is not set. "
        "Set it to the token of your server, in .env or in the environment"
    )


def test_one_of_several_has_a_variable_by_its_name() -> None:
    """In capitals, with _ for -."""
    assert variable_for("DIGEST_SOURCE", "our-views") == "DIGEST_SOURCE_OUR_VIEWS"
