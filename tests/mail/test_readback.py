"""The judge notices what a writer could do wrong."""

from __future__ import annotations

import pytest

from digest.errors import MessageError
from digest.mail import ListHeaders, compile_message
from digest.mail.readback import Meant, compare
from digest.models.compositions import Rendered

RECEIVED = {"preferences_url": "https://x.example/p", "unsubscribe_url": "https://x.example/u"}


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
        (b"--\r\n", b"\r\n", "defect"),
    ],
)
def test_changed_mail_is_refused(
    mail: bytes, meant: Meant, before: bytes, after: bytes, fault: str
) -> None:
    """Each change of header, body or wire form is named."""
    assert before in mail
    with pytest.raises(MessageError, match=fault):
        compare(mail.replace(before, after, 1), meant, where="test")
