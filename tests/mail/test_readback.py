"""The judge notices what a writer could do wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import MessageError
from digest.mail import ListHeaders, compile_message
from digest.mail.readback import Meant, compare, read
from digest.models.compositions import Rendered

RECEIVED = {"preferences_url": "https://x.example/p", "unsubscribe_url": "https://x.example/u"}


LIST = ListHeaders("News <news@news.example>", datetime(2026, 11, 23, 7, tzinfo=UTC), "daily.b.c")


@pytest.fixture
def mail(rendered: Rendered, headers: ListHeaders) -> bytes:
    compiled = compile_message(rendered, headers)
    return compiled.join(RECEIVED, "a@b.example", "Ann", "<1@news.example>")


@pytest.fixture
def meant(rendered: Rendered, headers: ListHeaders) -> Meant:
    text, page = rendered.text, rendered.html
    for token, name in rendered.holes.items():
        text, page = text.replace(token, RECEIVED[name]), page.replace(token, RECEIVED[name])
    return Meant(rendered.subject, text, page, {}, ("Ann", "a@b.example"), headers.date)


def test_faithful_mail_passes(mail: bytes, meant: Meant) -> None:
    """A mail that says what was meant is let through."""
    compare(mail, meant, where="test")


@given(text=st.text(), page=st.text(), eight_bit=st.booleans())
def test_reads_as_the_standard_library_does(text: str, page: str, *, eight_bit: bool) -> None:
    """Headers and parts are those that the library's parser finds in the whole mail."""
    variant = Rendered("all", "en", "Subject", page, text)
    compiled = compile_message(variant, LIST, eight_bit=eight_bit)
    data = compiled.join({"unsubscribe_url": "https://x.example/u"}, "a@b.example", "", "<1@b.c>")
    whole = message_from_bytes(data, policy=policy.default)
    assert isinstance(whole, EmailMessage)
    found = read(data)
    assert [found.fields, *((part.fields, part.content) for part in found.parts)] == facts(whole)


def facts(mail: EmailMessage) -> list[object]:
    """Return every header field and what each part holds."""
    parts = [part for part in mail.iter_parts() if isinstance(part, EmailMessage)]
    return [
        mail.items(),
        *((part.items(), part.get_payload(decode=True)) for part in parts),
    ]


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        (b"\r\nTo: Ann", b"\r\nBcc: x@y.example\r\nTo: Ann", "there is a Bcc"),
        (b"\r\nTo: Ann", b"\r\nTo: Bob", "To differs"),
        (b"Subject: =?utf-8?q?The_", b"Subject: =?utf-8?q?An_", "subject differs"),
        (b"Date: Mon, 23", b"Date: Tue, 24", "Date differs"),
        (b"MIME-Version: 1.0\r\n", b"", "MIME-Version is not there once"),
        (b"Good day\r\n", b"Bad day\r\n", "text part differs"),
        (b"<p>Good", b"<p>Bad", "HTML part differs"),
        (b"Good day\r\n", b"Good day\n", "line ends other than CRLF"),
        (b"Good day\r\n", b"Good day\r\n.\r\n", "begins with a dot"),
        (b"Good day\r\n", b"x" * 1200 + b"\r\n", "line over 998"),
        (b"text/plain", b"text/html", "parts are not text and HTML"),
        (b"text/plain; charset=utf-8", b"text/plain; charset=latin-1", "not in UTF-8"),
        (b"text/plain; charset=utf-8", b"text/plain", "defect"),
        (b"quoted-printable", b"x-unknown", "defect"),
        (b"quoted-printable", b"base64", "defect"),
        (b"\r\nTo: Ann", b"\r\nTo Ann", "defect"),
        (b"\r\nDate: ", b"\r\nNo-Date: ", "defect"),
        (b"--\r\n", b"\r\n", "defect"),
        (b"--\r\n", b"--\r\nmore\r\n", "defect"),
        (b"multipart/alternative", b"multipart/mixed", "defect"),
        (b"\r\n\r\n--=_", b"\r\n\r\nbefore\r\n--=_", "defect"),
    ],
)
def test_changed_mail_is_refused(
    mail: bytes, meant: Meant, before: bytes, after: bytes, fault: str
) -> None:
    """Each change of header, body or wire form is named."""
    assert before in mail
    with pytest.raises(MessageError, match=fault):
        compare(mail.replace(before, after, 1), meant, where="test")
