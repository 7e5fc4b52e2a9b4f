"""Links: nobody can make one, change one, or use one for another purpose."""

from __future__ import annotations

import hmac
import os
import string
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscribers.errors import TokenExpired, TokenInvalid
from subscribers.store.models import new_public_id
from subscribers.tokens import Link, LinkTokens, Purpose

KEY = "k" * 32
TOKENS = LinkTokens([KEY])
PUBLIC_ID = "mZ7-_k3vQpX0aBcDeFgHiJ"
NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
SOON = NOW + timedelta(days=7)
EXPIRING = {Purpose.CONFIRM, Purpose.ADDRESS, Purpose.DATA}
_FORGED = 1_000_000 if os.environ.get("DIGEST_TORTURE") == "long" else 50_000
_SIGNS = string.ascii_letters + string.digits + "-_.~"


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_token_reads_back_for_its_purpose_only(purpose: Purpose) -> None:
    """Every other purpose refuses it."""
    token = _token(purpose)
    assert TOKENS.read(purpose, token, NOW) == Link(PUBLIC_ID, "daily")
    for other in set(Purpose) - {purpose}:
        with pytest.raises(TokenInvalid):
            TOKENS.read(other, token, NOW)


def _token(purpose: Purpose) -> str:
    return TOKENS.sign(purpose, PUBLIC_ID, "daily", SOON if purpose in EXPIRING else None)


@pytest.mark.parametrize("purpose", sorted(EXPIRING))
def test_a_link_that_expires_is_good_until_then(purpose: Purpose) -> None:
    """Not a second longer, and its time cannot be written anew."""
    token = _token(purpose)
    assert TOKENS.read(purpose, token, SOON - timedelta(seconds=1)) == Link(PUBLIC_ID, "daily")
    with pytest.raises(TokenExpired):
        TOKENS.read(purpose, token, SOON)
    head, _, signature = token.rpartition(".")
    later = f"{head.rpartition('.')[0]}.{int(SOON.timestamp()) + 9:x}.{signature}"
    with pytest.raises(TokenInvalid):
        TOKENS.read(purpose, later, NOW)


@pytest.mark.parametrize("label", ["unsubscribe", "preferences"])
def test_links_of_earlier_versions_still_manage(label: str) -> None:
    """When leaving and preferences had a key each, mails went out that are still read."""
    key = hmac.digest(KEY.encode(), f"subscribers.link.{label}".encode(), "sha256")
    said = f"{PUBLIC_ID}.daily"
    signature = urlsafe_b64encode(hmac.digest(key, said.encode(), "sha256")).rstrip(b"=").decode()
    assert TOKENS.read(Purpose.MANAGE, f"{said}.{signature}") == Link(PUBLIC_ID, "daily")
    for other in set(Purpose) - {Purpose.MANAGE}:
        with pytest.raises(TokenInvalid):
            TOKENS.read(other, f"{said}.{signature}", NOW)


@pytest.mark.parametrize(
    "tail",
    ["=", "==", "/", "//", ">", ").", ".", "&utm_source=mail", "?fbclid=1", " ", "\n", "%20"],
)
def test_what_is_hung_on_behind_does_not_matter(tail: str) -> None:
    """Padding, a slash, a bracket, a tracker: whoever got the mail can leave."""
    token = _token(Purpose.MANAGE)
    assert TOKENS.read(Purpose.MANAGE, token + tail) == Link(PUBLIC_ID, "daily")


def test_forged_or_altered_tokens_open_nothing() -> None:
    """Every power, by seeded chance: one letter changed, cut, swapped, or made up whole."""
    chance = Random(11)  # noqa: S311 - the same forgeries each time
    tokens = {purpose: _token(purpose) for purpose in Purpose}
    accepted = 0
    for _ in range(_FORGED // len(Purpose)):
        for purpose, token in tokens.items():
            forged = _altered(token, chance)
            try:
                TOKENS.read(purpose, forged, NOW)
            except TokenInvalid:
                continue
            accepted += forged != token
    assert accepted == 0


def _altered(token: str, chance: Random) -> str:
    place = chance.randrange(len(token))
    match chance.randrange(4):
        case 0:
            return token[:place] + chance.choice(_SIGNS) + token[place + 1 :]
        case 1:
            return token[:place]
        case 2:
            return token[:place] + chance.choice(_SIGNS) + token[place:]
        case _:
            return f"{PUBLIC_ID}.daily.{''.join(chance.choices(_SIGNS[:64], k=43))}"


def test_a_token_fits_a_url_and_stays_short() -> None:
    """Letters that need no escaping, and room left in a header line."""
    token = TOKENS.sign(Purpose.MANAGE, new_public_id(), "a-weekly_one")
    assert set(token) <= set(string.ascii_letters + string.digits + "-_.")
    assert len(token) < 90


@given(st.data())
def test_a_token_with_any_letter_changed_is_refused(data: st.DataObject) -> None:
    """Wherever the change is, the last letter too, though base64 reads four of them alike."""
    token = _token(Purpose.CONFIRM)
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from(string.ascii_letters + string.digits + ".-_é\n"))
    changed = token[:place] + letter + token[place + 1 :]
    if changed != token:
        with pytest.raises(TokenInvalid):
            TOKENS.read(Purpose.CONFIRM, changed, NOW)


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
    token = TOKENS.sign(Purpose.MANAGE, public_id, edition)
    assert TOKENS.read(Purpose.MANAGE, token) == Link(public_id, edition)


def test_a_new_key_in_front_signs_and_the_old_one_still_reads() -> None:
    """Links in mails that were sent before go on working until the old key is dropped."""
    old = TOKENS.sign(Purpose.MANAGE, PUBLIC_ID, "daily")
    both = LinkTokens(["n" * 32, KEY])
    assert both.read(Purpose.MANAGE, old) == Link(PUBLIC_ID, "daily")
    new = both.sign(Purpose.MANAGE, PUBLIC_ID, "daily")
    assert LinkTokens(["n" * 32]).read(Purpose.MANAGE, new) == Link(PUBLIC_ID, "daily")
    with pytest.raises(TokenInvalid):
        TOKENS.read(Purpose.MANAGE, new)


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


def test_a_refused_link_is_told_with_the_way_on() -> None:
    """One that is not ours, and one whose time is over."""
    refused = (
        "this link was not made here, or lost a part on its way."
        " Open the link in the mail again, or copy the whole of it."
    )
    token = _token(Purpose.VIEW)
    for wrong in ("", "x" * 513, token[:-1], token.partition(".")[2], f".{token}"):
        with pytest.raises(TokenInvalid) as caught:
            TOKENS.read(Purpose.VIEW, wrong)
        assert str(caught.value) == refused
    with pytest.raises(TokenExpired) as late:
        TOKENS.read(Purpose.DATA, _token(Purpose.DATA), SOON)
    assert str(late.value) == (
        "this link was good for a while only, and its time is over."
        " Ask for a new one where you asked for this one."
    )


def test_a_link_expires_if_its_power_does_and_is_read_at_a_moment() -> None:
    """Whoever forgets one or the other has made a mistake, and no link."""
    with pytest.raises(ValueError, match=r"^a confirm link must expire$"):
        TOKENS.sign(Purpose.CONFIRM, PUBLIC_ID, "daily")
    with pytest.raises(ValueError, match=r"^a view link cannot expire$"):
        TOKENS.sign(Purpose.VIEW, PUBLIC_ID, "daily", SOON)
    with pytest.raises(ValueError, match=r"^a link that expires is read at a moment$"):
        TOKENS.read(Purpose.CONFIRM, _token(Purpose.CONFIRM))


def test_a_token_may_be_as_long_as_its_ids_and_a_tail_as_long_again() -> None:
    """512 letters are read, however much hangs on behind, up to 1,024 in all."""
    room = 512 - len(TOKENS.sign(Purpose.MANAGE, PUBLIC_ID, ""))
    token = TOKENS.sign(Purpose.MANAGE, PUBLIC_ID, "e" * room)
    link = Link(PUBLIC_ID, "e" * room)
    assert TOKENS.read(Purpose.MANAGE, token + "=" * 512) == link
    longer = TOKENS.sign(Purpose.MANAGE, PUBLIC_ID, "e" * (room + 1))
    for wrong in (longer, token + "=" * 513):
        with pytest.raises(TokenInvalid):
            TOKENS.read(Purpose.MANAGE, wrong)
