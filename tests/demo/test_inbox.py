"""The inbox over real HTTP, with mails that came over real SMTP."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage

import httpx
import pytest

from digest.demo.inbox import make_inbox
from digest.demo.receiver import Receiver
from digest.web.server.serving import serving

_HTML = """<!doctype html><html><head><title>x</title></head><body>
<div style="display:none">Quiet seas ahead&#847;&zwnj;&nbsp;&#847;&zwnj;&nbsp;</div>
<h1>Harbour</h1><h2>World News</h2><h2>Tech Trends</h2></body></html>"""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Yield a mail server on a free port."""
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def client(receiver: Receiver) -> Iterator[httpx.Client]:
    """Yield a client of that server's inbox."""
    with (
        serving(make_inbox(receiver)) as base_url,
        httpx.Client(base_url=base_url, timeout=60) as client,
    ):
        yield client


def _mail(subject: str = "Storm passes", html: str = _HTML) -> bytes:
    mail = EmailMessage()
    mail["From"] = "Harbour Gazette <digest@gazette.example>"
    mail["To"] = "Søren <soren@reader.example>"
    mail["Subject"] = subject
    mail.set_content("Storm passes, as text.")
    if html:
        mail.add_alternative(html, subtype="html")
    return mail.as_bytes(policy=mail.policy.clone(linesep="\r\n"))


def _send(receiver: Receiver, data: bytes) -> None:
    with smtplib.SMTP(receiver.host, receiver.port, timeout=10) as smtp:
        smtp.sendmail("bounce@gazette.example", ["soren@reader.example"], data)


def test_an_empty_inbox_says_where_it_listens(client: httpx.Client, receiver: Receiver) -> None:
    """Before the first mail the page names the address to send to."""
    page = client.get("/").text
    assert "Nothing has arrived yet" in page
    assert f"127.0.0.1:{receiver.port}" in page


def test_a_mail_is_listed_with_what_a_person_looks_for(
    client: httpx.Client, receiver: Receiver
) -> None:
    """Sender, reader, subject, preheader, sections and size are in the list."""
    _send(receiver, _mail())
    page = client.get("/list").text
    for words in ("Harbour Gazette", "Søren", "Storm passes", "World News · Tech Trends", " bytes"):
        assert words in page
    assert '<span class="preheader">Quiet seas ahead</span>' in page


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "/mail/1/frame?scheme=light"),
        ("?scheme=both", "/mail/1/frame?scheme=dark"),
        ("?scheme=dark", "No dark rules in this mail"),
        ("?view=text", "Storm passes, as text."),
        ("?view=headers", "=?utf-8?"),
        ("?view=source", "Content-Transfer-Encoding"),
    ],
)
def test_every_view_shows_its_side_of_the_mail(
    client: httpx.Client, receiver: Receiver, query: str, words: str
) -> None:
    """Frame, text, headers decoded and raw, and source are a link away."""
    _send(receiver, _mail())
    assert words in client.get(f"/mail/1{query}").text


def test_the_download_is_the_mail_byte_for_byte(client: httpx.Client, receiver: Receiver) -> None:
    """What is saved is what arrived."""
    data = _mail()
    _send(receiver, data)
    answer = client.get("/mail/1.eml")
    assert answer.content == data
    assert answer.headers["content-disposition"] == 'attachment; filename="digest-1.eml"'


def test_the_list_answers_only_when_something_arrived(
    client: httpx.Client, receiver: Receiver
) -> None:
    """The watching page is told 204 until there is news."""
    assert client.get("/list?have=0").status_code == 204
    _send(receiver, _mail())
    assert client.get("/list?have=0").status_code == 200
    assert client.get("/list?have=1").status_code == 204


def test_a_hostile_subject_and_sender_stay_text(client: httpx.Client, receiver: Receiver) -> None:
    """Markup in a header is shown, never obeyed, on every page."""
    evil = "<script>alert(1)</script>"
    _send(receiver, f'From: "{evil}" <x@y.example>\r\nSubject: {evil}\r\n\r\n{evil}\r\n'.encode())
    for path in ("/", "/mail/1", "/mail/1?view=text", "/mail/1?view=source", "/list"):
        page = client.get(path).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\r\n\r\n",
        b"Subject: =?utf-8?q?=ff=fe?=\r\n\r\nx",
        b"Subject: caf\xe9\r\nFrom: <<>>,,\r\nTo: \xff\r\n\r\n\xff\xfe",
        b"Content-Type: text/html; charset=nonsense\r\n\r\n<p>\xff",
        b"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\nno end",
        b"Content-Type: multipart/alternative\r\n\r\nno boundary",
        b"Subject: " + b"x" * 900 + b"\r\n\r\n" + b"y" * 990,
    ],
)
def test_no_mail_is_too_broken_to_be_looked_at(
    client: httpx.Client, receiver: Receiver, data: bytes
) -> None:
    """Whatever arrives is listed, and every view of it answers."""
    _send(receiver, data)
    views = ("", "?view=text", "?view=headers", "?view=source")
    paths = ["/", *(f"/mail/1{view}" for view in views), "/mail/1/frame", "/mail/1.eml"]
    assert {client.get(path).status_code for path in paths} == {200}


def test_a_picture_the_mail_brought_along_is_shown(
    client: httpx.Client, receiver: Receiver
) -> None:
    """A cid: picture becomes data in the frame, because frames load nothing else."""
    mail = EmailMessage()
    mail["Subject"] = "Picture"
    mail.set_content('<img src="cid:logo">', subtype="html")
    mail.add_related(b"GIF89a", "image", "gif", cid="<logo>")
    _send(receiver, mail.as_bytes())
    assert "data:image/gif;base64,R0lGODlh" in client.get("/mail/1/frame").text


def test_a_mail_that_never_came_is_a_clear_404(client: httpx.Client) -> None:
    """The page says so and leads back."""
    answer = client.get("/mail/7")
    assert answer.status_code == 404
    assert "No mail 7 has arrived." in answer.text


def test_frames_may_load_pictures_from_loopback_only(
    client: httpx.Client, receiver: Receiver
) -> None:
    """The demo's mails show the demo site's pictures and reach no other machine."""
    _send(receiver, _mail())
    policy = client.get("/mail/1/frame").headers["content-security-policy"]
    assert "img-src http://127.0.0.1:* http://localhost:* data:;" in policy
    assert "frame-ancestors 'self'" in policy
    assert "'none'" in client.get("/mail/1").headers["content-security-policy"]
