"""Bytes become text, whatever the label says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.collector.http.document import decode


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        ("<a>\u00e9</a>".encode(), ""),
        ("<a>\u00e9</a>".encode("utf-8-sig"), ""),
        ("<a>\u00e9</a>".encode("utf-16"), ""),
        ("<a>\u00e9</a>".encode("utf-16-le"), ""),
        ("<a>\u00e9</a>".encode("utf-32-be"), ""),
        ("<a>\u00e9</a>".encode("latin-1"), "iso-8859-1"),
        ("<a>\u00e9</a>".encode("latin-1"), "no-such-charset"),
        ("<a>\u00e9</a>".encode("latin-1"), "base64"),
        ("<a>\u00e9</a>".encode("latin-1"), "unicode_escape"),
        ("<a>\u00e9</a>".encode(), "iso-8859-1"),
    ],
)
def test_the_text_is_found(body: bytes, charset: str) -> None:
    """Marks, widths, labels and mislabelled UTF-8 all give the same text."""
    assert decode(body, charset) == "<a>\u00e9</a>"


def test_the_documents_own_label_counts() -> None:
    """Without a label in HTTP the declaration decides."""
    text = '<?xml version="1.0" encoding="EUC-JP"?><a>\u65e5\u8a18</a>'
    assert decode(text.encode("euc-jp")) == text


def test_latin_1_is_read_as_the_web_does() -> None:
    """Labelled ISO-8859-1, written by Windows: the euro sign is meant."""
    assert decode(b"\x80 5", "iso-8859-1") == "\u20ac 5"


@given(st.binary(max_size=200), st.text(max_size=20))
def test_it_never_fails(body: bytes, charset: str) -> None:
    """Any bytes and any label give some text."""
    assert isinstance(decode(body, charset), str)
