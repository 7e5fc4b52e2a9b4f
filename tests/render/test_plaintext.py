"""What others wrote, made fit for a page."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.render.plaintext import cased, clean, clip, direction, full_stop, host, link, together


@given(st.text())
def test_cleaned_text_is_one_line_without_controls(text: str) -> None:
    """Whatever comes in, one line comes out, with nothing that controls or turns the page."""
    kinds = {unicodedata.category(letter) for letter in clean(text)}
    turning = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert not kinds & {"Cc", "Cs", "Zl", "Zp"}
    assert not set(clean(text)) & turning


def test_a_right_to_left_override_is_taken_out() -> None:
    """A headline cannot show another file name or amount than the one that is written."""
    assert clean("Pay \u202e001\u202c now") == "Pay 001 now"


def test_marks_that_writers_need_stay() -> None:
    """Left-to-right marks, joiners and no-break spaces between words are no attack."""
    text = "\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \u200e(1)"
    assert clean(text) == text


@given(st.text(max_size=200), st.integers(2, 100))
def test_a_clipped_text_keeps_to_its_length(text: str, length: int) -> None:
    """Clipping never gives more than it was asked for, and leaves short texts alone."""
    clipped = clip(text, length)
    assert len(clipped) <= length
    assert clipped == text or clipped.endswith("…")


def test_clipping_ends_after_a_word() -> None:
    """A reader does not see half a word where there is a place to stop."""
    assert clip("One two three, four", 16) == "One two three…"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Hello", "ltr"), ("שלום", "rtl"), ("12: مرحبا", "rtl"), ("1, 2!", ""), ("", "")],
)
def test_the_first_strong_letter_gives_the_direction(text: str, expected: str) -> None:
    """Digits and signs have no direction of their own (UAX #9 P2)."""
    assert direction(text) == expected


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//news.example/x",
        "/relative",
        "https://",
        "https://[broken",
        "",
    ],
)
def test_only_http_and_mailto_may_be_linked(url: str) -> None:
    """Anything a mail client should not follow has no address at all."""
    assert link(url) == ""


def test_a_link_has_only_characters_that_addresses_have() -> None:
    """Quotes, angle brackets and spaces are percent-encoded; what is encoded stays so."""
    assert link('https://news.example/a b"<>?q=1&r=%20ü#x') == (
        "https://news.example/a%20b%22%3C%3E?q=1&r=%20%C3%BC#x"
    )


def test_a_host_is_named_as_readers_know_it() -> None:
    """The "www." says nothing."""
    assert host("https://www.news.example:8080/x") == "news.example"


def test_words_that_belong_together_stay_on_a_line() -> None:
    """No line ends inside a figure and its unit."""
    assert together("4 min read") == "4\u00a0min\u00a0read"
    assert together("7:30\u202fAM") == "7:30\u00a0AM"  # mail fonts lack the narrow space


@pytest.mark.parametrize(
    ("title", "stop"),
    [
        ("A bell is found", ". "), ("Is it a bell?", " "), ("Found…", " "), ('"It rings."', " "),
        ("段永朝为CSS安全峰会破题", "\u3002"), ("鐘\uff01", ""), ("종을 찾았다", ". "),
        ("समाचार", "\u0964 "), ("খবর", "\u0964 "), ("أخبار", ". "), ("ข่าว", " "), ("", ". "),
    ],
)  # fmt: skip
def test_a_headline_ends_as_its_script_does(title: str, stop: str) -> None:
    """With the script's own full stop, if it has not ended already, and the room after it."""
    assert full_stop(title) == stop


@pytest.mark.parametrize(
    ("text", "has"),
    [
        ("News", True),
        ("Новини", True),
        ("12", True),
        ("", True),
        ("1 新聞", False),
        ("חדשות", False),
    ],
)
def test_a_text_has_capitals_or_has_not(text: str, has: bool) -> None:
    """Its first letter tells."""
    assert cased(text) is has
