"""Feed text becomes one honest line."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from digest.collector.articles.text import clip, plain, repair, untagged


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\r\nBcc: x\n b", "a Bcc: x b"),
        ("Tom &amp;amp; Ann &#8217;", "Tom & Ann \u2019"),
        ("invoice\u202egnp.exe", "invoicegnp.exe"),
        ("\u2066a\u2069\ufeff\u200b\x00\x07\x9d\ue000", "a"),
        ("one\u2028two\u2029three", "one two three"),
        (
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        ),
        ("e\u0301", "\u00e9"),
        ("\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469"),
    ],
)
def test_plain(text: str, expected: str) -> None:
    """Breaks, double entities, bidi overrides and private characters go; joiners stay."""
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Saarbr\u00c3\u00bccken", "Saarbr\u00fccken"),
        ("l\u00e2\u20ac\u2122\u00c3\u00a9t\u00c3\u00a9 \u2013 d\u00e9j\u00c3\u00a0", None),
        ("l\u00e2\u20ac\u2122\u00c3\u00a9t\u00c3\u00a9", "l\u2019\u00e9t\u00e9"),
        (
            "\u00d0\u0178\u00d1\u20ac\u00d0\u00b8\u00d0\u00b2\u00d0\u00b5\u00d1\u201a",
            "\u041f\u0440\u0438\u0432\u0435\u0442",
        ),
        ("voil\u00c3\u00a0", "voil\u00e0"),
        ("d\u00e9j\u00e0 vu", None),
        ("S\u00c3O PAULO", None),
        ("Gar\u00e7on \u00ab oui \u00bb", None),
        ("\u20ac 5 \u2013 10", None),
    ],
)
def test_mojibake_is_repaired_only_where_it_is_certain(text: str, expected: str | None) -> None:
    """UTF-8 that was read as Windows-1252 comes back; honest accents are never touched."""
    assert repair(text) == (expected or text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<b>Bold</b> &lt;i&gt;words&lt;/i&gt;", "Bold words"),
        ("a<script>alert(1)</script>b", "a b"),
        ("&amp;lt;script&amp;gt;alert(1)", ""),
        ("3 < 4 and 5 > 4", "3 < 4 and 5 > 4"),
        ("I <3 you", "I <3 you"),
    ],
)
def test_a_title_holds_no_markup(text: str, expected: str) -> None:
    """Tags go, escaped once or twice, with what scripts hold; comparisons stay."""
    assert untagged(text) == expected


@given(st.text(max_size=300))
def test_plain_text_is_one_printable_line(text: str) -> None:
    """Whatever comes in: no control, no override, no line break, no blank at the ends."""
    line = plain(text)
    assert line == line.strip()
    assert not any(unicodedata.category(c) in {"Cc", "Co", "Cs", "Zl", "Zp"} for c in line)
    assert not set(line) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@given(
    st.text(alphabet=st.characters(max_codepoint=0x2FFF, exclude_categories=["Cs"]), max_size=80)
)
def test_repair_undoes_the_misreading(text: str) -> None:
    """Text that was UTF-8 read as Windows-1252 comes back as it was."""
    misread = "".join(
        bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode()
    )
    assume(repair(text) == text)  # else it is a misreading itself, and is taken back further
    assert repair(misread) == text


def test_clip_cuts_at_a_word() -> None:
    """A title of any length ends within the limit, at a word, with an ellipsis."""
    clipped = clip("word " * 2000, 300)
    assert len(clipped) <= 300
    assert clipped.endswith("word\u2026")
    assert len(clip("x" * 10_000, 300)) == 300
    assert clip("short", 300) == "short"
