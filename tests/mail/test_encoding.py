"""Each part goes in whichever encoding is smallest."""

from __future__ import annotations

import quopri
import re
from binascii import b2a_qp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.mail.encoding import Base64, BodyPart, QuotedPrintable, encode


@given(text=st.text(max_size=400))
def test_the_smaller_one_is_chosen(text: str) -> None:
    """Whatever the text is, to a line end: what the other would weigh is known without it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    segments = [lines.encode("utf-8", "replace")]
    made: list[BodyPart] = [QuotedPrintable(segments, [], str), Base64(segments, [], str)]
    sizes = [len(b"".join(part.fill({}))) for part in made]
    assert len(b"".join(encode([text], [], str).fill({}))) <= min(sizes) + len(b"\r\n")


@given(
    lines=st.lists(st.text(alphabet="a=. \té", max_size=160) | st.just("long " * 1000), max_size=12)
)
def test_lines_known_before_are_encoded_as_in_one_go(lines: list[str]) -> None:
    """Whatever stands around a line, and however often it was encoded before, it is the same."""
    text = "\r\n".join(lines).encode()
    whole = b2a_qp(text, istext=True).replace(b"\r\n", b"\n")
    while b"\n." in b"\n" + whole:  # a dot at the beginning of a line gets a line of its own
        whole = (b"\n" + whole).replace(b"\n.", b"\n=2E=\n")[1:]
    filled = b"".join(QuotedPrintable([text], [], str).fill({}))
    assert filled == whole.replace(b"\n", b"\r\n")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Good morning. " * 9, "quoted-printable"),
        ("おはよう" * 9, "base64"),
        ("", "quoted-printable"),
    ],
)
def test_the_script_decides(text: str, name: str) -> None:
    """Latin letters stay readable; others weigh a third more, not three times."""
    assert encode([text], [], str).name == name
    assert encode([text], [], str, [text]).name == ("8bit" if text else name)


@given(value=st.text(alphabet="=.a/?%", max_size=240))
def test_an_address_of_any_length_stands_on_lines_of_its_own(value: str) -> None:
    """It reads back as it was, no line is over 76, none begins with a dot or cuts an escape."""
    part = QuotedPrintable([b"before ", b" after"], ["url"], str)
    filled = b"".join(part.fill({"url": value}))
    assert quopri.decodestring(filled.replace(b"\r\n", b"\n")) == f"before {value} after".encode()
    lines = filled.split(b"\r\n")
    assert max(map(len, lines)) <= 76
    assert not any(line.startswith(b".") for line in lines)
    assert not any(re.search(rb"=[0-9A-F]?$", line[:-1]) for line in lines)
