"""Text becomes one safe header field."""

from __future__ import annotations

from email.header import decode_header, make_header

import pytest

from digest.mail.header_text import clean, encoded_words, field, phrase, unstructured


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\r\nBcc: b", "a Bcc: b"),
        ("a\u2028b\u2029c\x85d\x00e", "a b c d e"),
        ("\u202eabc\u2066", "abc"),
        ("  two  spaces ", "two spaces"),
        ("lone \ud800", "lone \ufffd"),
        ("non\u00a0breaking", "non\u00a0breaking"),
        ("\u05d0 \u200f\u05d1", "\u05d0 \u200f\u05d1"),
    ],
)
def test_clean_leaves_one_line(text: str, expected: str) -> None:
    """Line ends and controls become a space, overrides vanish, direction marks stay."""
    assert clean(text) == expected


def test_clean_marks_what_it_cuts() -> None:
    """A text that is too long ends in an ellipsis."""
    assert clean("abc def", longest=5) == "abc…"


def test_plain_words_stay_readable() -> None:
    """ASCII is not encoded, and long lines fold between words."""
    text = "word " * 30
    folded = field("Subject", unstructured(clean(text)))
    assert b"=?" not in folded
    assert all(len(line) <= 78 for line in folded.split(b"\r\n"))


def test_what_looks_encoded_is_encoded() -> None:
    """A text with =? can never be taken for an encoded word."""
    words = unstructured("=?utf-8?q?a=0d=0aBcc:_x@y?=")
    assert words == ["=?utf-8?q?=3D=3Futf-8=3Fq=3Fa=3D0d=3D0aBcc=3A=5Fx=40y=3F=3D?="]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ann Reader", ["Ann", "Reader"]),
        ("Reader, Ann", ['"Reader, Ann"']),
        ('Ann "A" \\', ['"Ann \\"A\\" \\\\"']),
        ("Zoë", ["=?utf-8?q?Zo=C3=AB?="]),
        ("", []),
    ],
)
def test_phrase_quotes_or_encodes(name: str, expected: list[str]) -> None:
    """A name is atoms, a quoted string or encoded words."""
    assert phrase(name) == expected


def test_encoded_words_keep_the_limit_and_whole_letters() -> None:
    """Each word has at most 75 characters, and no letter is cut in two (RFC 2047 section 5)."""
    words = encoded_words("日本語のニュース" * 20)
    assert all(len(word) <= 75 for word in words)
    assert all(word.startswith("=?utf-8?b?") for word in words)


@pytest.mark.parametrize("name", ["To", "From", "Subject", "List-Id", "Reply-To"])
@pytest.mark.parametrize(
    "text",
    [
        "海底ケーブルの切断で三つの島国のインターネットが低速になり銀行は引き出しを制限した",
        "Обрив підводного кабелю сповільнив інтернет на трьох островах",
        "انقطاع كابل بحري يبطئ الإنترنت في ثلاث دول جزرية ويوقف المصارف عن العمل",
        "תקלה בכבל תת־ימי מאטה את האינטרנט בשלוש מדינות איים",
        "समुद्री केबल टूटने से तीन द्वीप देशों में इंटरनेट धीमा",
        "Überschwemmungen: Städte rücken näher zusammen, Züge fahren überall später",
        "Üç ada ülkesinde internet günlerce yavaş: gözler gelecek gemide, köprüde bekleyiş",
        "Zażółć gęślą jaźń i pchnij w tę łódź jeża lub ośm skrzyń fig, po trzykroć",
    ],
)
def test_a_folded_line_keeps_the_limit(name: str, text: str) -> None:
    """A line with encoded words has at most 76 characters, the first too (RFC 2047 section 2)."""
    folded = field(name, unstructured(clean(text)))
    assert b"=?" in folded
    assert all(len(line) <= 76 for line in folded.split(b"\r\n"))
    unfolded = folded.decode().partition(": ")[2].replace("\r\n", "")
    assert str(make_header(decode_header(unfolded))) == text
