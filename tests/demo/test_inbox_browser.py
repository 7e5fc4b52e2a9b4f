"""The inbox in a real browser."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from typing import TYPE_CHECKING

import pytest

from digest.demo.inbox import make_inbox
from digest.demo.receiver import Receiver
from digest.web.server.serving import serving
from tests.web.axe import looked_at

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

_HOSTILE = """<html><head><title>still</title></head><body onload="document.title='ran'">
<h1>Hostile</h1><script>document.title='ran'; top.location='/ran'</script>
<svg xmlns="http://www.w3.org/2000/svg" onload="document.title='ran'"><script>
document.title='ran'</script></svg><img src="data:broken" onerror="document.title='ran'">
<form action="/ran"><button>send</button></form>
<a href="javascript:document.title='ran'">link</a></body></html>"""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Yield a mail server on a free port."""
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def inbox(receiver: Receiver) -> Iterator[str]:
    """Yield the address of that server's inbox."""
    with serving(make_inbox(receiver)) as base_url:
        yield base_url


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Yield a fresh page at desktop width."""
    page = browser.new_page(viewport={"width": 1200, "height": 800})
    yield page
    page.close()


def _send(receiver: Receiver, subject: str, html: str = "<h1>Hello</h1>") -> None:
    mail = EmailMessage()
    mail["From"] = "Harbour Gazette <digest@gazette.example>"
    mail["Subject"] = subject
    mail.set_content(html, subtype="html")
    with smtplib.SMTP(receiver.host, receiver.port, timeout=10) as smtp:
        smtp.send_message(mail, "bounce@gazette.example", ["ada@reader.example"])


def test_no_view_has_a_serious_fault(page: Page, inbox: str, receiver: Receiver) -> None:
    """Before axe-core: the empty inbox, a mail's views, and a mail that is not there."""
    found = []
    page.goto(inbox)
    found += looked_at(page)
    _send(receiver, "Storm over")
    for path in ("/mail/1", "/mail/1?view=headers", "/mail/1?view=source", "/mail/7"):
        page.goto(inbox + path)
        found += looked_at(page)
    assert found == []


def test_mails_appear_by_themselves(page: Page, inbox: str, receiver: Receiver) -> None:
    """The first opens itself in the empty inbox; the next joins the list, the open one stays."""
    page.goto(inbox)
    page.wait_for_selector("text=Nothing has arrived yet")
    _send(receiver, "First mail")
    page.wait_for_selector("h1:has-text('First mail')", timeout=10_000)
    _send(receiver, "Second mail")
    page.wait_for_selector("#mails >> text=Second mail", timeout=10_000)
    assert page.inner_text("h1") == "First mail"
    assert page.inner_text("#count") == "2"


def test_j_and_k_walk_through_the_mails_and_digits_through_the_views(
    page: Page, inbox: str, receiver: Receiver
) -> None:
    """The keyboard reaches everything a mouse does."""
    _send(receiver, "First mail")
    _send(receiver, "Second mail")
    page.goto(inbox)
    page.keyboard.press("j")
    page.wait_for_url("**/mail/1")  # and until its keys are heard
    assert page.locator("h1").inner_text() == "First mail"
    page.keyboard.press("4")
    page.wait_for_url("**/mail/1?view=source")
    page.keyboard.press("k")
    page.wait_for_url("**/mail/2?view=source")


def test_nothing_in_a_mail_runs(page: Page, inbox: str, receiver: Receiver) -> None:
    """Scripts, handlers, SVG, forms and javascript: links stay still, framed or opened alone."""
    _send(receiver, "Hostile", _HOSTILE)
    page.goto(f"{inbox}/mail/1")
    frame = page.frames[1]
    frame.wait_for_selector("h1")
    frame.click("button")
    frame.click("a")
    page.wait_for_timeout(200)
    assert frame.title() == "still"
    assert page.url == f"{inbox}/mail/1"
    page.goto(f"{inbox}/mail/1/frame")
    assert page.title() == "still"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_list_then_mail_without_sideways_scrolling(
    browser: Browser, inbox: str, receiver: Receiver, scheme: str
) -> None:
    """At 320 px the list comes first, a tap opens the mail, and a link leads back."""
    _send(receiver, "A subject " + "that goes on " * 12 + "x" * 120)
    page = browser.new_page(
        viewport={"width": 320, "height": 640},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page.goto(inbox)
    page.click("#mails a")
    page.wait_for_selector(".back:visible")
    for view in ("", "?view=text", "?view=headers", "?view=source"):
        page.goto(f"{inbox}/mail/1{view}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.click(".back")
    page.wait_for_selector("#mails a:visible")
    page.close()
