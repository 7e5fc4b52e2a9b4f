"""The editors' preview over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import httpx
import pytest

from digest.errors import ConfigError
from digest.web.preview import make_preview
from digest.web.server.serving import serving

if TYPE_CHECKING:
    from tests.web.conftest import Newsroom

_FAULT = ConfigError('"htps://x" is not a URL', where="digest.toml:14", fix="Did you mean https?")


@pytest.fixture
def client(newsroom: Newsroom) -> Iterator[httpx.Client]:
    """Yield a client of the preview of that newsroom."""
    with (
        serving(make_preview(newsroom)) as base_url,
        httpx.Client(base_url=base_url, timeout=60) as client,
    ):
        yield client


def test_the_first_edition_is_shown_as_an_inbox_would_list_it(client: httpx.Client) -> None:
    """Subject, preheader, sender, size and issue key are on the page."""
    page = client.get("/", follow_redirects=True)
    assert page.url.path == "/edition/daily"
    for words in (
        "Harbour Gazette",
        "Harbour towns count the cost of the longest storm",
        "Councils say the repairs",
        "daily/2026-11-24",
        " 102 KB",
        "only 1 of 5 stories has a picture",
    ):
        assert words in page.text


def test_checkboxes_show_any_variant_and_the_frame_shows_the_same(
    client: httpx.Client, newsroom: Newsroom
) -> None:
    """The chosen sections and the slot reach the backend once, for page and frame together."""
    query = {"section": ["tech", "world", "nonsense"], "slot": "2026-11-30"}
    page = client.get("/edition/daily", params=query).text
    frame = client.get("/edition/daily/frame", params=query).text
    assert newsroom.built == [("daily", frozenset({"tech", "world"}), "2026-11-30")]
    assert "tech+world" in page
    assert '<p id="chosen">tech+world</p>' in frame
    assert page.count(" checked") == 2
    assert "section=tech&amp;section=world&amp;slot=2026-11-30&amp;view=text" in page


def test_a_slot_that_was_sent_says_so_with_the_way_to_compose_it_again(
    client: httpx.Client,
) -> None:
    """And the way back; every link of either page keeps to it."""
    sent = client.get("/edition/daily?slot=2026-11-22").text
    assert "As sent: frozen Sun 22 Nov 2026, finished" in sent
    assert '<a href="?slot=2026-11-22&amp;again=1">Compose it again</a>' in sent
    again = client.get("/edition/daily?slot=2026-11-22&again=1").text
    assert "nobody gets this" in again
    assert '<a href="?slot=2026-11-22">As it was sent</a>' in again
    assert "slot=2026-11-22&amp;again=1&amp;view=text" in again
    assert "frozen" not in client.get("/edition/daily?slot=2026-11-24").text


def test_every_box_and_no_box_are_all_sections(client: httpx.Client, newsroom: Newsroom) -> None:
    """All boxes ticked is the variant of readers who chose nothing in particular."""
    client.get("/edition/daily?section=world&section=tech&section=travel&section=health")
    client.get("/edition/daily")
    assert newsroom.built == [("daily", frozenset(), "")]


def test_why_lists_every_verdict_escaped(client: httpx.Client) -> None:
    """Each article is told with its reason, and a headline's markup stays text."""
    page = client.get("/edition/daily?view=why").text
    for words in (
        *("In this issue", "Merged with another article", "with a", "tech-feed"),
        *("world 0.486 = weight 1", "Same story: Harbour towns: the bill"),
    ):
        assert words in page
    assert "&lt;b&gt;Old&lt;/b&gt; news" in page


def test_a_variant_without_news_says_that_nothing_is_sent(client: httpx.Client) -> None:
    """A quiet day is told as such, not as a fault."""
    page = client.get("/edition/daily?section=health")
    assert page.status_code == 200
    assert "No mail for this reader" in page.text


def test_a_hostile_subject_is_text(client: httpx.Client, newsroom: Newsroom) -> None:
    """Feed text never becomes markup of the editors' page."""
    newsroom.subject = '"><script>alert(1)</script>'
    page = client.get("/edition/daily").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_fault_is_told_with_where_and_fix_and_mends_itself(
    client: httpx.Client, newsroom: Newsroom
) -> None:
    """While the configuration is broken the page says what to do; then the issue is back."""
    sound = client.get("/stamp").text
    newsroom.fault = _FAULT
    page = client.get("/edition/daily")
    assert page.status_code == 500
    for words in ("digest.toml:14", "&#34;htps://x&#34; is not a URL", "Did you mean https?"):
        assert words in page.text
    broken = client.get("/stamp").text
    assert broken != sound
    assert f'data-stamp="{broken}"' in page.text
    newsroom.fault = None
    assert client.get("/stamp").text == sound
    assert client.get("/edition/daily").status_code == 200


@pytest.mark.usefixtures("faults_logged")
def test_a_fault_nobody_foresaw_is_shown_too(
    client: httpx.Client, newsroom: Newsroom, capsys: pytest.CaptureFixture[str]
) -> None:
    """A template that divides by zero does not take the page away; the log has the trace."""
    newsroom.fault = ZeroDivisionError("division by zero")
    page = client.get("/edition/daily")
    assert page.status_code == 500
    assert "ZeroDivisionError: division by zero" in page.text
    assert "Traceback" in capsys.readouterr().err


def test_a_new_stamp_builds_the_issue_again(client: httpx.Client, newsroom: Newsroom) -> None:
    """The same address is built once a state, and again when the state changed."""
    client.get("/edition/daily")
    client.get("/edition/daily")
    newsroom.state = "second"
    client.get("/edition/daily")
    assert len(newsroom.built) == 2


def test_an_unknown_edition_is_named(client: httpx.Client) -> None:
    """A wrong address says which edition is missing."""
    page = client.get("/edition/hourly")
    assert page.status_code == 404
    assert "hourly" in page.text


def test_the_pages_are_strict(client: httpx.Client) -> None:
    """Our pages load nothing from elsewhere; only the mail's pictures may."""
    policy = client.get("/edition/daily").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    frame = client.get("/edition/daily/frame").headers["content-security-policy"]
    assert "sandbox" in frame
    assert "img-src https: http: data:" in frame
