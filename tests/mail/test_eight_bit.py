"""Parts that go as they are: short lines, nothing else changed, and never without leave."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy
from html import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from digest.errors import MessageError
from digest.mail import ListHeaders, compile_message
from digest.mail.eight_bit import fits, laid_out
from digest.models.compositions import Rendered

NEWS = "干ばつ警報の共有協定に14か国が署名し、運河の街は石橋を守る。"
TAG = '<td class="ink" style="font-family:Georgia,Times New Roman,serif;padding:0 20px">'
PIECES = st.sampled_from(
    [
        *(TAG, "</td>", "<p>", "</p>", '<img src="https://x.example/a.jpg" alt="a > b, \'c\'">'),
        *(
            "<br>",
            "<!--[if mso]>",
            "<![endif]-->",
            "<o:AllowPNG/>",
            "a word or two ",
            "\n",
            "x" * 90,
        ),
        *(NEWS, "Новини дня. " * 40, "<style>p{margin:0}</style>", "<a title='say \"so\"'>", " "),
    ]
)


def _mail(rendered: Rendered, headers: ListHeaders, values: dict[str, str]) -> bytes:
    compiled = compile_message(rendered, headers, eight_bit=True)
    return compiled.join(values, "reader@inbox.example", "", "<1@news.example>")


def _encodings(data: bytes) -> list[str]:
    read = message_from_bytes(data, policy=policy.default.clone(raise_on_defect=True))
    return [str(part["Content-Transfer-Encoding"]) for part in read.walk()][1:]


@pytest.fixture
def japanese(rendered: Rendered) -> Rendered:
    """Return an issue without a line end in its HTML."""
    page = "".join(f"{TAG}<p>{NEWS * 4}</p></td>" for _ in range(100))
    return replace(rendered, html=rendered.html + page, text=rendered.text + f"{NEWS}\n" * 200)


def test_with_leave_a_part_goes_as_it_is(
    japanese: Rendered, headers: ListHeaders, values: dict[str, str]
) -> None:
    """It weighs its text and little more; lines are short and end in CRLF."""
    data = _mail(japanese, headers, values)
    assert _encodings(data) == ["8bit", "8bit"]
    assert len(data) < 1.1 * len((japanese.html + japanese.text).encode())
    assert max(map(len, data.split(b"\r\n"))) <= 998
    assert data.count(b"\r\n") == data.count(b"\n") == data.count(b"\r")
    assert b"\0" not in data


def test_without_leave_no_byte_is_outside_ascii(
    japanese: Rendered, headers: ListHeaders, values: dict[str, str]
) -> None:
    """The default is fit for every relay."""
    compiled = compile_message(japanese, headers)
    data = compiled.join(values, "reader@inbox.example", "", "<1@news.example>")
    assert data.isascii()
    assert compiled.dotless


def test_an_8bit_mail_may_have_a_line_with_a_dot(
    japanese: Rendered, headers: ListHeaders, values: dict[str, str]
) -> None:
    """So it says, and the sender stuffs it."""
    compiled = compile_message(japanese, headers, eight_bit=True)
    assert not compiled.dotless
    assert b"\r\n.hidden\r\n" in _mail(japanese, headers, values)


def test_what_has_no_short_lines_is_encoded(
    japanese: Rendered, headers: ListHeaders, values: dict[str, str]
) -> None:
    """A text of one endless word cannot go as it is; the other part still can."""
    endless = replace(japanese, text=f"{japanese.text}{'語' * 400}\n")
    assert _encodings(_mail(endless, headers, values)) == ["base64", "8bit"]
    nothing = replace(japanese, html=f"{japanese.html}<p>a\0b</p>")
    assert _encodings(_mail(nothing, headers, values)) == ["8bit", "base64"]


def test_a_value_stays_on_its_line(
    japanese: Rendered, headers: ListHeaders, values: dict[str, str]
) -> None:
    """Line ends and NUL in a reader's value become a space; one that is too long is refused."""
    sly = {**values, "preferences_url": "a\r\n--=_x\r\n\0b"}
    assert b"Choose: a --=_x b\r\n" in _mail(japanese, headers, sly)
    with pytest.raises(MessageError, match=r"preferences_url.*too long for an 8bit line"):
        _mail(japanese, headers, {**values, "preferences_url": "я" * 151})
    data = _mail(japanese, headers, {**values, "preferences_url": "я" * 150})
    assert max(map(len, data.split(b"\r\n"))) <= 998


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(texts=st.lists(st.lists(PIECES, max_size=30).map("".join), min_size=1, max_size=3))
def test_only_line_ends_are_put_in(texts: list[str]) -> None:
    """Without them the text is as it was, whatever the HTML is like."""
    assert [text.replace("\n", "") for text in laid_out(texts)] == [
        text.replace("\n", "") for text in texts
    ]


def test_a_page_says_the_same_in_short_lines() -> None:
    """A parser finds the same elements, attributes and words; a hole in a tag is no matter."""
    row = f'{TAG}<p>{escape(NEWS)}</p><a class="ink" href="HOLE" style="{"color:#000000;" * 20}">'
    page = f"<table><tr>{row * 40}{'слово ' * 400}</tr></table>"
    laid = laid_out(page.split("HOLE"))
    assert fits([text.replace("\n", "\r\n").encode() for text in laid])
    assert _read("HOLE".join(laid)) == _read(page)


def _read(page: str) -> list[tuple[str, dict[str, str], list[str]]]:
    root = etree.fromstring(page, etree.HTMLParser())
    return [
        (str(one.tag), {str(k): str(v) for k, v in one.items()}, f"{one.text} {one.tail}".split())
        for one in root.iter()
    ]
