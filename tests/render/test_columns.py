"""Plain text broken into lines by the columns it takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.render.columns import WIDTH, columns, filled, gist, line

_JAPANESE = "海底ケーブルの切断でインターネットが低速になり、銀行は引き出しを制限した。" * 4
WORD = st.text(st.characters(codec="utf-8", exclude_categories=["Z", "C"]), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("text", "width"),
    [("Hello", 5), ("日本", 4), ("한국어", 6), ("e\u0301", 1), ("שלום", 4), ("\uff21", 2), ("", 0)],
)
def test_a_wide_letter_takes_two_columns_and_a_combining_one_none(text: str, width: int) -> None:
    """As a terminal or a mail client with a fixed font shows it."""
    assert columns(text) == width


def test_japanese_is_broken_at_72_columns() -> None:
    """Thirty-six letters a line, though there is no space to break at."""
    lines = filled(_JAPANESE).splitlines()
    assert max(columns(part) for part in lines) <= WIDTH
    assert min(columns(part) for part in lines[:-1]) >= WIDTH - 4
    assert "".join(lines) == _JAPANESE


def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one() -> None:
    """The rules of Japanese and Chinese typesetting."""
    text = "日本語の「引用」、そして『注』。ゃっー" * 20
    lines = filled(text).splitlines()
    assert len(lines) > 5
    assert not [part for part in lines if part[0] in "」、』。ゃっー"]
    assert not [part for part in lines if part[-1] in "「『"]


def test_words_and_addresses_are_never_broken() -> None:
    """A link that is longer than a line stands on one of its own."""
    address = "https://news.example/" + "a" * 90
    assert filled(f"Read it at {address} today").splitlines() == ["Read it at", address, "today"]


def test_indents_are_kept() -> None:
    """The first line may have another one."""
    lines = filled("word " * 40, "  ", "* ").splitlines()
    assert lines[0].startswith("* word")
    assert all(part.startswith("  word") for part in lines[1:])


def test_spaces_inside_a_line_stay() -> None:
    """A time and its headline stand apart."""
    assert filled("07:05  Ferry returns", "  ", "- ") == "- 07:05  Ferry returns"
    assert filled("   ") == ""


@given(st.lists(WORD, max_size=40))
def test_filling_loses_no_letter(words: list[str]) -> None:
    """Whatever the script, only spaces may become line ends, or line ends be added."""
    text = " ".join(words)
    assert "".join(filled(text).split()) == "".join(text.split())


@given(st.lists(WORD, min_size=1, max_size=20), st.integers(6, 80))
def test_a_single_line_fits(words: list[str], width: int) -> None:
    """Never more columns than asked for, and what fits is left whole."""
    text = " ".join(words)
    cut = line(text, width)
    assert columns(cut) <= width
    assert cut == text or columns(text) > width


@pytest.mark.parametrize(
    ("text", "width", "said"),
    [
        ("Short.", 40, "Short."),
        ("It rained all night. Nobody slept, and the river rose.", 40, "It rained all night."),
        ("It rained. Nobody slept, and a river rose.", 40, "It rained. Nobody slept, and a river…"),
        ("The U.S. Senate met with Dr. Ames on Monday night. It went on.", 56,
         "The U.S. Senate met with Dr. Ames on Monday night."),
        ("“We left at once.” They took the last boat out of town.", 30, "“We left at once.”"),
        ("海底电缆中断。银行限制取款并改用卫星电话。", 30, "海底电缆中断。"),
        ("বন্যায় শহর ডুবে গেছে। মানুষ নৌকায় চলছে এখন।", 34, "বন্যায় শহর ডুবে গেছে।"),
        ("A sentence that never seems to end at all", 20, "A sentence that…"),
    ],
)  # fmt: skip
def test_the_gist_is_whole_sentences_where_they_fit(text: str, width: int, said: str) -> None:
    """Abbreviations end nothing; what is too long to have an end is cut after a word."""
    assert gist(text, width) == said


@given(st.lists(WORD, max_size=30).map(" ".join), st.integers(2, 90))
def test_the_gist_is_never_wider_than_asked(text: str, width: int) -> None:
    """Whatever is written."""
    assert columns(gist(text, width)) <= max(width, columns(line(text, width)))
