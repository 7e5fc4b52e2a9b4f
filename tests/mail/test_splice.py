"""A compiled mail reads back as it was meant, whatever text and values are in it."""

from __future__ import annotations

import html
from dataclasses import replace
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digest.errors import MessageError
from digest.mail import ListHeaders, compile_message, name_message
from digest.mail.header_text import clean
from digest.models.compositions import Rendered

FIELDS = {
    *("from", "to", "subject", "date", "reply-to", "content-language", "message-id", "list-id"),
    *("list-help", "list-archive", "feedback-id", "auto-submitted", "list-unsubscribe"),
    *("list-unsubscribe-post", "mime-version", "content-type"),
}
NASTY = st.one_of(
    st.text(),
    st.sampled_from(
        [
            "=?utf-8?q?a=0d=0aBcc:_x@y?=",
            "a\r\nBcc: x@y.example",
            "a\u2028Bcc: x@y.example",
            "\x85Bcc: x",
            "\u202egnp.exe",
            "x" * 3000,
            "日本語" * 400,  # enough of it, and the part is base64
            "Ещё новости " * 300,
            "...\n..\n.\n" * 30,
            '"quoted" \\ and, (comment) <angle>',
            "=?",
            "Ünï cödé =?utf-8?b?QQ==?= tail",
            "\x00\x0b\x0c\x1c\x1d",
        ]
    ),
)
ADDRESS = "reader+x@inbox.example"
MESSAGE_ID = name_message("daily/2026-11-23", "p0000001", "news.example")
relaxed = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def read(data: bytes) -> EmailMessage:
    return message_from_bytes(
        data, _class=EmailMessage, policy=policy.default.clone(raise_on_defect=True)
    )


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    content: str = part.get_content()
    return lines_of(content)


def to_name(data: bytes) -> str:
    # The newer interface keeps the space between two encoded words, against RFC 2047 section 6.2.
    raw = message_from_bytes(data, policy=policy.compat32)["To"]
    return str(make_header(decode_header(parseaddr(raw.replace("\r\n", ""))[0])))


def lines_of(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n")


def assert_safe(data: bytes) -> None:
    assert data.isascii()
    assert data.count(b"\r\n") == data.count(b"\n") == data.count(b"\r")
    assert max(map(len, data.split(b"\r\n"))) <= 998
    assert b"\r\n." not in data
    assert {name.lower() for name in read(data)} <= FIELDS


def test_every_header_is_there(
    rendered: Rendered, headers: ListHeaders, values: dict[str, str]
) -> None:
    """The mail carries what RFC 5322, 2369, 2919, 3834 and 8058 ask of a list."""
    data = compile_message(rendered, headers).join(values, ADDRESS, "Zoë", MESSAGE_ID)
    mail = read(data)
    assert {name.lower() for name in mail} == FIELDS
    assert str(mail["List-Unsubscribe"]) == (
        f"<{values['unsubscribe_url']}>, <mailto:leave@news.example?subject=leave>"
    )
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Id"] == "Daily briefing <daily.news.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == MESSAGE_ID
    assert str(mail["To"]) == "Zoë <reader+x@inbox.example>"
    assert mail["Subject"] == rendered.subject


def test_long_unsubscribe_link_stays_a_link(
    rendered: Rendered, headers: ListHeaders, values: dict[str, str]
) -> None:
    """A link of 800 characters is written as it is: encoded, no mailbox would find it."""
    values["unsubscribe_url"] = "https://digest.news.example/u/" + "t" * 800
    data = compile_message(rendered, headers).join(values, ADDRESS, "", MESSAGE_ID)
    assert f"\r\nList-Unsubscribe: <{values['unsubscribe_url']}>,\r\n".encode() in data


def test_same_recipient_same_bytes(
    rendered: Rendered, headers: ListHeaders, values: dict[str, str]
) -> None:
    """A retry is the same mail, compiled again or not."""
    first = compile_message(rendered, headers).join(values, ADDRESS, "Zoë", MESSAGE_ID)
    assert compile_message(rendered, headers).join(values, ADDRESS, "Zoë", MESSAGE_ID) == first


def test_values_are_text_not_markup(
    rendered: Rendered, headers: ListHeaders, values: dict[str, str]
) -> None:
    """A value cannot bring its own markup into the HTML part."""
    values["preferences_url"] = '"><script>alert(1)</script>'
    mail = read(compile_message(rendered, headers).join(values, ADDRESS, "", MESSAGE_ID))
    assert "<script>" not in body(mail, "html")
    assert "<script>" in body(mail, "plain")


@pytest.mark.parametrize(
    "address", ["a b@c.example", "a@b\r\nBcc: x@y.example", "nobody", "a@b>,<c@d"]
)
def test_address_that_is_none_is_refused(
    rendered: Rendered, headers: ListHeaders, values: dict[str, str], address: str
) -> None:
    """An address that could change the header is an error, and the error does not repeat it."""
    compiled = compile_message(rendered, headers)
    with pytest.raises(MessageError) as caught:
        compiled.join(values, address, "", MESSAGE_ID)
    assert address not in str(caught.value)


@pytest.mark.parametrize(
    "link", ["", "javascript:alert(1)", "https://x.example/>,<b", "https://x.example/\r\nBcc: a@b"]
)
def test_unsubscribe_link_that_is_none_is_refused(
    rendered: Rendered, headers: ListHeaders, values: dict[str, str], link: str
) -> None:
    """Whatever cannot stand between < and > never gets there."""
    compiled = compile_message(rendered, headers)
    with pytest.raises(MessageError, match="List-Unsubscribe"):
        compiled.join({**values, "unsubscribe_url": link}, ADDRESS, "", MESSAGE_ID)


def test_missing_value_is_named(rendered: Rendered, headers: ListHeaders) -> None:
    """A hole without a value stops the mail and is named."""
    compiled = compile_message(rendered, headers)
    with pytest.raises(MessageError, match="preferences_url"):
        compiled.join({"unsubscribe_url": "https://x.example/"}, ADDRESS, "", MESSAGE_ID)


def test_hole_in_the_subject_is_refused(rendered: Rendered, headers: ListHeaders) -> None:
    """The subject is the same for everybody: a token there would be sent as it stands."""
    with_hole = replace(rendered, subject=f"For you: {next(iter(rendered.holes))}")
    with pytest.raises(MessageError, match="subject has a hole"):
        compile_message(with_hole, headers)


@pytest.mark.parametrize("text", ["Доброго ранку, новини дня. ", "今日の主なニュースです。"])
def test_other_scripts_do_not_weigh_double(
    headers: ListHeaders, rendered: Rendered, values: dict[str, str], text: str
) -> None:
    """An issue in Ukrainian or Japanese weighs at most 1.4 times its UTF-8 text."""
    article = f"<p>{text * 8}</p>\n" * 200
    heavy = replace(rendered, html=rendered.html + article, text=rendered.text + text * 900)
    data = compile_message(heavy, headers).join(values, ADDRESS, "", MESSAGE_ID)
    assert len(data) <= 1.4 * len((heavy.html + heavy.text).encode())


@relaxed
@given(subject=NASTY, name=NASTY)
def test_headers_survive_any_text(
    rendered: Rendered, headers: ListHeaders, values: dict[str, str], subject: str, name: str
) -> None:
    """Any title and any reader's name read back as themselves, and add no field."""
    compiled = compile_message(replace(rendered, subject=subject), headers)
    data = compiled.join(values, ADDRESS, name, MESSAGE_ID)
    assert_safe(data)
    mail = read(data)
    assert str(mail["Subject"]) == clean(subject, longest=240)
    assert [one.addr_spec for one in mail["To"].addresses] == [ADDRESS]
    assert to_name(data) == clean(name, longest=120)


@relaxed
@given(pieces=st.lists(NASTY, min_size=3, max_size=5), value=NASTY)
def test_bodies_survive_any_text_and_values(
    rendered: Rendered, headers: ListHeaders, values: dict[str, str], pieces: list[str], value: str
) -> None:
    """Text, HTML and values come out as they went in, in either encoding."""
    token = next(name for name, hole in rendered.holes.items() if hole == "preferences_url")
    text = token.join(pieces)
    mixed = replace(rendered, html=text, text=text)
    data = compile_message(mixed, headers).join(
        {**values, "preferences_url": value}, ADDRESS, "", MESSAGE_ID
    )
    assert_safe(data)
    assert max(map(len, data.partition(b"\r\n\r\n")[2].split(b"\r\n"))) <= 76
    mail = read(data)
    sent = lines_of(text).replace("\n", "\r\n")  # a value that ends with CR stands before CRLF
    assert body(mail, "plain") == lines_of(sent.replace(token, value))
    assert body(mail, "html") == lines_of(sent.replace(token, html.escape(value)))
