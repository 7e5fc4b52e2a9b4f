"""Links: nobody can make one, change one, or use one for another purpose."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscribers.errors import TokenInvalid
from subscribers.store.models import new_public_id
from subscribers.tokens import Link, LinkTokens, Purpose

KEY = "k" * 32
TOKENS = LinkTokens([KEY])
PUBLIC_ID = "mZ7-_k3vQpX0aBcDeFgHiJ"


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_token_reads_back_for_its_purpose_only(purpose: Purpose) -> None:
    """Every other purpose refuses it."""
    token = TOKENS.sign(purpose, PUBLIC_ID, "daily")
    assert TOKENS.read(purpose, token) == Link(PUBLIC_ID, "daily")
    for other in set(Purpose) - {purpose}:
        with pytest.raises(TokenInvalid):
            TOKENS.read(other, token)


def test_a_token_fits_a_url_and_stays_short() -> None:
    """Letters that need no escaping, and room left in a header line."""
    token = TOKENS.sign(Purpose.UNSUBSCRIBE, new_public_id(), "a-weekly_one")
    assert set(token) <= set(string.ascii_letters + string.digits + "-_.")
    assert len(token) < 90


@given(st.data())
def test_a_token_with_any_letter_changed_is_refused(data: st.DataObject) -> None:
    """Wherever the change is. The last letter of base64 may hold bits that count for nothing."""
    token = TOKENS.sign(Purpose.CONFIRM, PUBLIC_ID, "daily")
    place = data.draw(st.integers(0, len(token) - 2))
    letter = data.draw(st.sampled_from(string.ascii_letters + string.digits + ".-_é\n"))
    changed = token[:place] + letter + token[place + 1 :]
    if changed != token:
        with pytest.raises(TokenInvalid):
            TOKENS.read(Purpose.CONFIRM, changed)


@given(st.text(max_size=700))
def test_any_text_is_refused(text: str) -> None:
    """Never anything but TokenInvalid."""
    with pytest.raises(TokenInvalid):
        TOKENS.read(Purpose.VIEW, text)


@given(
    st.from_regex(r"[A-Za-z0-9_-]{22}", fullmatch=True),
    st.from_regex(r"[a-z0-9_-]{1,40}", fullmatch=True),
)
def test_every_reader_and_edition_reads_back(public_id: str, edition: str) -> None:
    """Whatever letters ids are made of."""
    token = TOKENS.sign(Purpose.PREFERENCES, public_id, edition)
    assert TOKENS.read(Purpose.PREFERENCES, token) == Link(public_id, edition)


def test_a_new_key_in_front_signs_and_the_old_one_still_reads() -> None:
    """Links in mails that were sent before go on working until the old key is dropped."""
    old = TOKENS.sign(Purpose.UNSUBSCRIBE, PUBLIC_ID, "daily")
    both = LinkTokens(["n" * 32, KEY])
    assert both.read(Purpose.UNSUBSCRIBE, old) == Link(PUBLIC_ID, "daily")
    new = both.sign(Purpose.UNSUBSCRIBE, PUBLIC_ID, "daily")
    assert LinkTokens(["n" * 32]).read(Purpose.UNSUBSCRIBE, new) == Link(PUBLIC_ID, "daily")
    with pytest.raises(TokenInvalid):
        TOKENS.read(Purpose.UNSUBSCRIBE, new)


@pytest.mark.parametrize("keys", [[], [""], [KEY, ""]])
def test_without_a_key_nothing_is_signed(keys: list[str]) -> None:
    """An empty key would let anybody sign."""
    with pytest.raises(ValueError, match="key"):
        LinkTokens(keys)


def test_public_ids_do_not_repeat() -> None:
    """128 bits each, in 22 letters."""
    ids = {new_public_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert {len(each) for each in ids} == {22}
