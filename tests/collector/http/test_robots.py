"""robots.txt as RFC 9309 has it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.collector.http.robots import read_robots

TEXT = """
User-agent: OtherBot
Disallow: /

user-agent: digest  # us
User-agent: Friend
Allow: /news/public$
Disallow: /news/
Disallow: /*.pdf$
Disallow: /search*q=
Disallow:

User-agent: *
Disallow: /everybody
"""


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", True),
        ("/news/today", False),
        ("/news/public", True),
        ("/news/public/more", False),
        ("/a/b.pdf", False),
        ("/a/b.pdf?x=1", True),
        ("/search/?q=1", False),
        ("/%6Eews/x", False),
        ("/everybody", True),
    ],
)
def test_our_own_group_decides(path: str, *, allowed: bool) -> None:
    """The longest rule wins; * and $ have their meaning; others' groups are not ours."""
    assert read_robots(TEXT, "Digest").allow(f"https://site.example{path}") is allowed


def test_without_a_group_of_ours_that_for_all_decides() -> None:
    """The group of * holds for whoever is not named."""
    assert not read_robots(TEXT, "Nobody").allow("https://site.example/everybody")
    assert read_robots("", "Nobody").allow("https://site.example/everybody")


def test_allow_wins_a_tie() -> None:
    """Two rules of one length: the kinder one."""
    rules = read_robots("User-agent: *\nDisallow: /a\nAllow: /a\n", "Digest")
    assert rules.allow("https://site.example/a")


def test_stars_cost_no_more_than_their_length() -> None:
    """A pattern of many stars ends quickly."""
    started = time.monotonic()
    rules = read_robots("User-agent: *\nDisallow: /" + "*a" * 20_000 + "$\n", "Digest")
    assert rules.allow("https://site.example/" + "a" * 2_000)
    assert time.monotonic() - started < 15


@given(st.text(max_size=400), st.text(max_size=60))
def test_any_text_gives_an_answer(text: str, path: str) -> None:
    """Whatever stands there, the question has an answer."""
    rules = read_robots(f"User-agent: *\nDisallow: {path}\n{text}", "Digest")
    assert rules.allow(f"https://site.example/{path}") in {True, False}
