"""The mails that are judged: made by the product's own code, of every kind."""

from __future__ import annotations

import re

import pytest

from judges.clients import fallbacks
from judges.mails import LENGTHS, PICTURES, judged_mails
from judges.parsing import strict_parser
from judges.verdict import JudgedMail


@pytest.fixture(scope="module")
def mails() -> dict[str, JudgedMail]:
    """Make one theme in two scripts, at every length."""
    return {mail.name: mail for mail in judged_mails(("frontpage",), ("en", "he"))}


def test_each_is_made_at_every_length(mails: dict[str, JudgedMail]) -> None:
    """A long one holds what a newsroom may add, a short one no picture."""
    assert set(mails) == {
        f"frontpage-{name}-{length}" for name in ("en", "he") for length in LENGTHS
    }
    long, short = mails["frontpage-he-long"].html, mails["frontpage-he-short"].html
    for part in ("logo-dark.png", "Advertisement", "The crossword", "coast.example", "WhatsApp"):
        assert part in long
    assert "<img" not in short
    assert 'dir="rtl"' in short


def test_every_picture_has_a_drawing(mails: dict[str, JudgedMail]) -> None:
    """A judge in a browser sees all of them without a network."""
    for mail in mails.values():
        assert set(re.findall(r'<img src="([^"]+)"', mail.html)) <= set(PICTURES)


def test_the_strict_parser_tells_what_is_broken(mails: dict[str, JudgedMail]) -> None:
    """The mail itself has no fault; without its boundary, or with a bare line end, it has."""
    mail = mails["frontpage-en-short"]
    unbound = mail.data.replace(b'boundary="=_', b'boundary="x', 1)
    bare = mail.data.replace(b"\r\n", b"\n", 1)
    assert not strict_parser([mail], {}).all_faults()
    for data in (unbound, bare):
        broken = JudgedMail("frontpage", "en", "broken", mail.html, data)
        assert strict_parser([broken], {}).all_faults()


def test_every_fallback_says_how() -> None:
    """A list of exceptions without a reason is no list of fallbacks."""
    listed = fallbacks()
    assert len(listed) > 30
    for one in listed.values():
        assert len(one.how) > 10
        assert list(one.clients) == sorted(set(one.clients))
