"""The desk over real HTTP, without its script: every button is a form."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from digest.store import open_store
from digest.web.desk.application import make_desk
from digest.web.desk.backend import DeskBackend
from digest.web.local_access import OneTimeKeys
from digest.web.server.serving import serving
from subscribers.lifecycle import Suppressed
from tests.web.desk.conftest import HEADLINES, NOW, article_of


class Editor:
    """A browser without script: it sends what the page's forms hold."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client

    def page(self, query: str = "") -> str:
        return self.client.get(f"/edition/daily{query}").text

    def version(self) -> str:
        found = re.search(r'name="version" value="([0-9a-f]*)"', self.page())
        assert found
        return found[1]

    def does(self, action: str, **fields: str) -> str:
        """Send one form; return the page that comes back."""
        body = {"version": self.version(), "action": action, **fields}
        origin = {"Origin": str(self.client.base_url).rstrip("/")}
        answer = self.client.post("/edition/daily/do", data=body, headers=origin)
        assert answer.status_code == 200
        return answer.text


@pytest.fixture
def editor(desk: tuple[str, OneTimeKeys]) -> Iterator[Editor]:
    """Yield an editor who opened the address that was printed."""
    base_url, keys = desk
    with httpx.Client(base_url=base_url, timeout=60, follow_redirects=True) as client:
        assert client.get(f"/?key={keys.new()}").status_code == 200
        yield Editor(client)


def _told(page: str) -> str:
    found = re.search(r'id="told" role="status">\s*<p>(.*?)</p>', page, re.DOTALL)
    return found[1] if found else ""


def _headlines(page: str) -> list[str]:
    return re.findall(r'class="headline">(.*?)</p>', page)


def _wishes(overlay: Path) -> dict[str, Any]:
    return tomllib.loads(overlay.read_text())


def test_the_page_starts_with_the_mail_and_says_why_each_story_is_there(editor: Editor) -> None:
    """The mail stands before the panel; reasons are in an editor's words."""
    page = editor.page()
    assert page.index("<iframe") < page.index('id="panel"')
    assert "The best story of the day" in page
    assert "Among the newest in World News" in page
    assert "Waits for approval" in page


def test_a_lead_a_drop_and_a_note_are_written_and_shown(editor: Editor, overlay: Path) -> None:
    """By the article's id, as the documentation writes them."""
    editor.does("lead", story="feed-3")
    editor.does("drop", story="tech-0")
    page = editor.does("note", text="Good morning.\r\n\r\nMind the wind.", byline="Ann")
    assert "Done: the note" in _told(page)
    assert _headlines(page)[0] == "Lighthouse sold to its keeper"
    assert "Sensors listen for leaks" not in _headlines(page)
    assert _wishes(overlay) == {
        "lead": {"story": "feed-3"},
        "drop": [{"story": "tech-0"}],
        "note": {"text": "Good morning.\n\nMind the wind.", "byline": "Ann"},
    }
    assert "Mind the wind." in editor.client.get("/edition/daily/frame").text


def test_a_story_moves_up_and_down_and_over(editor: Editor, overlay: Path) -> None:
    """Among its like by order, past them and into another section by a pin."""
    first = _headlines(editor.page())
    moved = _headlines(editor.does("down", story="feed-1", section="world", place="1"))
    assert moved[1:3] == [first[2], first[1]]
    over = editor.does("to-section", story="feed-1", section="world", to="tech")
    assert _wishes(overlay)["pin"] == [{"story": "feed-1", "section": "tech", "place": 1}]
    tech = over.partition('data-section="tech"')[2]
    assert _headlines(tech)[0] == first[1]


def test_what_was_left_out_says_what_it_lost_to_and_comes_in(editor: Editor) -> None:
    """One click pins it at the end of its section; the mail then shows it."""
    left = editor.page("?panel=left")
    assert "Island ferry finds a new captain" in left
    assert "No room in World News: the last one in is “" in left
    page = editor.does("pin", story="feed-6", section="world")
    assert "Island ferry finds a new captain" in _headlines(page)


def test_words_are_changed_and_come_back(editor: Editor, overlay: Path) -> None:
    """What the form leaves as it was stays the story's own."""
    own = {"own_headline": "Harbour wall repaired at last", "own_excerpt": "x", "excerpt": "x"}
    page = editor.does("reword", story="feed-0", headline="The wall stands again", **own)
    assert _headlines(page)[0] == "The wall stands again"
    assert _wishes(overlay)["replace"] == [{"story": "feed-0", "headline": "The wall stands again"}]
    editor.does("own-words", story="feed-0")
    assert not overlay.exists() or "replace" not in _wishes(overlay)


def test_sponsor_link_and_subject(editor: Editor, overlay: Path) -> None:
    """Added and removed by forms; a wrong day or address is told and not written."""
    editor.does("subject", subject="Today: {{ lead.title }}", preheader="And more")
    editor.does("sponsor", label="Ad", text="Tea", section="world", starts="2026-11-20")
    page = editor.does("link", title="Podcast", url="nonsense")
    assert "is not a URL" in _told(page)
    assert "is no day" in _told(editor.does("sponsor", label="Ad", text="x", starts="soon"))
    editor.does("link", title="Podcast", url="https://news.example/listen")
    assert sorted(_wishes(overlay)) == ["link", "preheader", "sponsor", "subject"]
    assert "<h1>Today: Harbour wall" in editor.page()
    editor.does("remove", kind="sponsor", number="0")
    assert "sponsor" not in _wishes(overlay)


def test_two_stories_are_merged_and_taken_apart(editor: Editor, overlay: Path) -> None:
    """The one that is chosen second leads; the other stands beneath it and can be split off."""
    assert "Which story tells the same as" in editor.page("?merge=feed-2")
    page = editor.does("merge", story="feed-1", other="feed-2")
    assert "tell “Night train returns to the coast” together with “Council votes" in _told(page)
    assert _wishes(overlay) == {"merge": [{"stories": ["feed-1", "feed-2"]}]}
    assert "Split off: Night train returns to the coast" in page
    assert "Night train returns to the coast" not in _headlines(page)
    page = editor.does("split", story="feed-2")
    assert "Night train returns to the coast" in _headlines(page)
    assert not overlay.exists()
    assert "one story already" in _told(editor.does("merge", story="feed-1", other="feed-1"))


def test_a_merge_with_what_was_left_out_brings_it_in(editor: Editor) -> None:
    """As part of the story."""
    page = editor.does("merge", story="feed-1", other="feed-6")
    assert "Split off: Island ferry finds a new captain" in page


def test_headings_change_their_order(editor: Editor, overlay: Path) -> None:
    """And back: an order that is the edition's own is not written."""
    editor.does("heading-up", section="tech")
    assert _wishes(overlay) == {"sections": ["tech", "world"]}
    page = editor.page()
    assert page.index('data-section="tech"') < page.index('data-section="world"')
    editor.does("heading-down", section="tech")
    assert not overlay.exists()


def test_a_sponsor_is_edited_in_place(editor: Editor, overlay: Path) -> None:
    """With its days; the last is not before the first; a moment stays a moment."""
    editor.does("sponsor", label="Ad", text="Tea", starts="2026-11-20", expires="2026-11-30")
    page = editor.page("?panel=words")
    assert 'name="expires" value="2026-11-30"' in page
    days = {"starts": "2026-11-21 06:00:00", "expires": "2026-12-24"}
    editor.does("sponsor", number="0", label="Ad", text="Coffee", **days)
    (sponsor,) = _wishes(overlay)["sponsor"]
    assert (sponsor["text"], sponsor["starts"].hour, str(sponsor["expires"])) == (
        "Coffee",
        6,
        "2026-12-24",
    )
    days = {"starts": "2026-12-02", "expires": "2026-12-01"}
    page = editor.does("sponsor", number="0", label="Ad", text="Coffee", **days)
    assert "is before the first" in _told(page)


def test_undo_and_redo(editor: Editor, overlay: Path) -> None:
    """Each says what it did."""
    editor.does("drop", story="feed-0")
    assert "Undone: drop “Harbour wall" in _told(editor.does("undo"))
    assert not overlay.exists()
    assert "Made again: drop" in _told(editor.does("redo"))
    assert _wishes(overlay) == {"drop": [{"story": "feed-0"}]}


def test_a_change_over_another_is_refused_and_may_be_made_again(
    editor: Editor, overlay: Path
) -> None:
    """Both are shown: what the other wrote, and a button for one's own."""
    seen = editor.version()
    overlay.parent.mkdir(parents=True)
    overlay.write_text('subject = "By hand"\n')
    page = editor.does("drop", story="feed-0", version=seen)
    assert "somebody changed the overlay" in _told(page)
    assert "+subject = &#34;By hand&#34;" in page
    assert "Make my change all the same" in page
    assert overlay.read_text() == 'subject = "By hand"\n'
    editor.does("drop", story="feed-0")
    assert overlay.read_text() == 'subject = "By hand"\n\n[[drop]]\nstory = "feed-0"\n'


def test_exactly_what_is_on_the_screen_is_approved(editor: Editor, folder: Path) -> None:
    """The hash of the page; once something changes, the page says what."""
    page = editor.page()
    sha256 = re.findall(r'name="sha256" value="([0-9a-f]{64})"', page)[0]
    assert "Approved by Ann" in editor.does("approve", sha256=sha256)
    with open_store("sqlite:///digest.db", folder) as store:
        (issue,) = {review.slot for review in store.reviews.of(_slot(store))}
        assert issue.key == "2026-11-23"
    changed = editor.does("drop", story="feed-0")
    assert "Changed since it was approved" in changed
    assert "Gone: &#34;Harbour wall" in changed
    refused = editor.does("approve", sha256="0" * 64)
    assert "nothing was approved" in _told(refused)


def _slot(_store: object) -> Any:  # noqa: ANN401 - the slot of this newsroom
    from datetime import UTC, datetime

    from digest.models.issues import Slot

    return Slot("daily", "2026-11-23", datetime(2026, 11, 23, 7, tzinfo=UTC))


def test_an_issue_is_held_and_released(editor: Editor) -> None:
    """Nothing can be approved meanwhile."""
    page = editor.does("hold")
    assert "Held. Nothing is sent" in _told(page)
    assert 'value="release"' in page
    assert 'value="approve"' not in page
    assert "Released" in _told(editor.does("release"))


def test_a_test_mail_is_sent_and_a_wrong_address_told(editor: Editor, folder: Path) -> None:
    """The outbox has it; the page says so."""
    page = editor.does("test", to="ann@news.example")
    assert "Test sent to ann@news.example: accepted" in _told(page)
    assert "outbox" in _told(page)
    assert list((folder / "outbox").rglob("*.eml"))
    assert "no-address" in _told(editor.does("test", to="no-address"))


def test_the_mail_can_be_taken_along(editor: Editor) -> None:
    """HTML, text, and the whole message, under the issue's name."""
    for kind, begins in (("html", "<!doctype"), ("txt", "Daily briefing"), ("eml", "From: ")):
        answer = editor.client.get(f"/edition/daily/issue.{kind}")
        assert f"daily-2026-11-23.{kind}" in answer.headers["content-disposition"]
        assert begins.lower() in answer.text.lower()
    assert editor.client.get("/edition/daily/issue.exe").status_code == 404


def test_nothing_is_fetched_from_outside_unless_asked(editor: Editor) -> None:
    """Pictures are off until an editor wants them; that is remembered."""
    policy = editor.client.get("/edition/daily/frame").headers["content-security-policy"]
    assert "img-src data:;" in policy
    assert "sandbox" in policy
    editor.page("?pictures=on")
    policy = editor.client.get("/edition/daily/frame").headers["content-security-policy"]
    assert "img-src https:" in policy


def test_faults_are_told_one_by_one_and_go_when_mended(editor: Editor, overlay: Path) -> None:
    """With file and line, above the mail that comes of all other wishes."""
    overlay.parent.mkdir(parents=True)
    overlay.write_text('[[pin]]\nstory = "x"\n[[drop]]\nstory = "y"\n')
    page = editor.page()
    assert "nothing is sent until this is mended" in page
    assert page.count("<code>overlays/daily/2026-11-23.toml:") == 2
    assert "<iframe" in page
    overlay.unlink()
    assert "nothing is sent until this is mended" not in editor.page()
    assert "<iframe" in editor.page()


def test_the_mail_as_gmail_and_outlook_show_it(editor: Editor) -> None:
    """In a frame of its own kind; the page says that Word was not run."""
    page = editor.page("?view=outlook")
    assert "Word is not run here" in page
    frame = re.search(r'<iframe [^>]*src="([^"]*)"', page)
    assert frame
    assert "view=outlook" in frame[1]
    shown = editor.client.get(frame[1].replace("&amp;", "&")).text
    assert "@media" not in shown
    assert "@media" in editor.client.get("/edition/daily/frame").text
    assert "Gmail shows all of it" in editor.page("?view=gmail")


def test_all_widths_stand_beside_each_other(editor: Editor) -> None:
    """Three frames of one mail, six with both schemes."""
    assert editor.page("?width=all").count("<iframe") == 3
    assert editor.page("?width=all&scheme=both").count("<iframe") == 6


def test_past_issues_are_listed_and_shown_as_they_went_out(
    editor: Editor, yesterday: str, overlay: Path
) -> None:
    """Whatever was changed since; a change of one is refused."""
    page = editor.page("?panel=issues")
    assert f"?slot={yesterday}&amp;panel=issues" in page
    assert "9 stories; then 1" in page
    assert "It led with “Choir sings in the square”" in page
    assert "?slot=2026-11-24&amp;panel=issues" in page  # to come, as it would be now
    shown = editor.page(f"?slot={yesterday}&view=headers")
    assert "As sent: frozen Sun 22 Nov 2026, 12:00 UTC" in shown
    assert "List-Unsubscribe" in shown
    assert 'value="approve"' not in shown
    answer = editor.client.post(
        f"/edition/daily/do?slot={yesterday}",
        data={"action": "drop", "story": "feed-0"},
        headers={"Origin": str(editor.client.base_url).rstrip("/")},
    )
    assert "cannot be changed any more" in answer.text
    assert not overlay.exists()


def test_a_named_readers_mail_is_shown_and_the_address_masked(
    editor: Editor, folder: Path, yesterday: str
) -> None:
    """Their sections, and whether they get it; the address is in no address of a page."""
    with open_store("sqlite:///digest.db", folder) as store:
        store.subscribers.add(
            "bo@reader.example", edition="daily", confirmed=True, sections={"tech"}, now=NOW
        )
        store.subscribers.add("cy@reader.example", edition="daily", confirmed=True, now=NOW)
        store.subscribers.suppress("cy@reader.example", Suppressed.COMPLAINT, NOW)
    page = editor.does("reader", address="bo@reader.example")
    assert "The mail of <b>b…@reader.example</b>, who gets this" in page
    assert "bo@reader" not in page
    assert "World News" not in "".join(re.findall(r"<h2 id=\"s-[^>]*>(.*?)</h2>", page))
    assert "gets no mail: complaint" in editor.does("reader", address="cy@reader.example")
    assert "nothing is kept of" in _told(editor.does("reader", address="nobody@reader.example"))
    body = {"action": "reader", "address": "amara@reader.example"}
    origin = {"Origin": str(editor.client.base_url).rstrip("/")}
    past = editor.client.post(f"/edition/daily/do?slot={yesterday}", data=body, headers=origin)
    assert "who this issue: pending" in past.text


def test_who_gets_it_and_who_is_skipped(editor: Editor, folder: Path) -> None:
    """Counted as a plan would, with the reason of each skip."""
    with open_store("sqlite:///digest.db", folder) as store:
        store.subscribers.add("cy@reader.example", edition="daily", confirmed=True, now=NOW)
        away = store.subscribers.find_by_email("cy@reader.example")
        assert away
        store.subscribers.pause(away.public_id, "daily", NOW, NOW + timedelta(days=9))
    page = editor.page("?panel=readers")
    assert "<b>1</b> would get this issue" in page
    assert "<td>Paused</td><td>1</td>" in page


def test_what_differs_from_the_last_build_is_told(editor: Editor) -> None:
    """An approval is one: what was there then, and what is now."""
    assert "was not built or approved yet" in editor.page("?panel=issues")
    sha256 = re.findall(r'name="sha256" value="([0-9a-f]{64})"', editor.page())[0]
    editor.does("approve", sha256=sha256)
    assert "Nothing differs." in editor.page("?panel=issues")
    editor.does("drop", story="feed-0")
    assert "<li>Gone: &#34;Harbour wall" in editor.page("?panel=issues")


def test_stories_that_may_be_one_event_stand_in_the_checks(editor: Editor) -> None:
    """Two headlines that read alike; one can be dropped there."""
    assert "One event?" not in editor.page("?panel=checks")
    words = {"own_headline": "x", "own_excerpt": "", "own_picture": ""}
    editor.does("reword", story="feed-1", headline="Harbour wall repaired in the end", **words)
    page = editor.page("?panel=checks")
    assert "One event?" in page
    assert "Drop the second" in page


def test_sources_that_are_not_well_are_told(editor: Editor) -> None:
    """These were never asked, so they are late."""
    page = editor.page("?panel=checks")
    assert "2 of 2 need a look" in page
    assert "<b>tech</b> is late" in page


def test_every_panel_and_view_is_there(editor: Editor) -> None:
    """Checks by rule, readers by choice, words, headers and source."""
    assert "All sections</td><td>1" in editor.page("?panel=readers")
    assert 'id="note"' in editor.page("?panel=words")
    assert "<details" in editor.page("?panel=checks") or "Nothing to mend" in editor.page()
    assert "List-Unsubscribe" in editor.page("?view=headers")
    assert "MIME-Version" in editor.page("?view=source")
    assert editor.client.get("/edition/hourly").status_code == 404


def test_the_preview_is_the_same_page_without_the_right_to_change(
    backend: DeskBackend, overlay: Path
) -> None:
    """No form is on it, and one that is sent all the same changes nothing."""
    with (
        serving(make_desk(backend, may_change=False)) as base_url,
        httpx.Client(base_url=base_url, timeout=60, follow_redirects=True) as client,
    ):
        page = client.get("/edition/daily").text
        assert 'value="drop"' not in page
        assert "it changes nothing" in page
        version = re.search(r'value="([0-9a-f]{64})"', page)
        body = {"action": "drop", "story": "feed-0", "version": version[1] if version else ""}
        assert "it changes nothing" in client.post("/edition/daily/do", data=body).text
    assert not overlay.exists()


def test_the_most_read_story_is_told_with_the_counters_window(editor: Editor, folder: Path) -> None:
    """Where all counters count alike; where they differ no time is told."""
    counters = '[[popularity]]\nid = "reads"\nkind = "wpp"\nurl = "https://news.example"\n'
    before = (folder / "digest.toml").read_text()
    (folder / "digest.toml").write_text(before + counters)
    reads = {"feed-1": 90.0, "feed-2": 40.0, "feed-0": 10.0}
    with open_store("sqlite:///digest.db", folder) as store:
        articles = [
            article_of("feed", int(id_[-1]), HEADLINES["feed"][int(id_[-1])], read)
            for id_, read in reads.items()
        ]
        store.articles.save("feed", articles, NOW)
    assert "most read in World News in the last 24 hours" in editor.page()
    other = counters.replace("reads", "more") + "window_hours = 48\n"
    (folder / "digest.toml").write_text(before + counters + other)
    page = editor.page()
    assert "most read in World News" in page
    assert "in the last" not in page


def test_a_dead_link_is_told_once_somebody_asks(
    editor: Editor, folder: Path, overlay: Path
) -> None:
    """By asking a real server that answers 404; one that answers is not named."""

    def answer(request: Request) -> Response:
        return Response("", 404 if request.url.path.endswith("gone") else 200)

    others = [f"{source}-{at}" for source, all_ in HEADLINES.items() for at in range(len(all_))]
    overlay.parent.mkdir(parents=True)
    overlay.write_text("".join(f'[[drop]]\nstory = "{one}"\n' for one in others))
    with serving(Starlette(routes=[Route("/{page}", answer)])) as site:
        toml = folder / "digest.toml"
        toml.write_text("[collector]\nallow_private_hosts = true\n" + toml.read_text())
        with open_store("sqlite:///digest.db", folder) as store:
            gone = replace(article_of("feed", 80, "A page that is gone"), url=f"{site}/gone")
            here = replace(article_of("feed", 81, "A page that is there"), url=f"{site}/here")
            store.articles.save("feed", [gone, here], NOW)
        assert "Not checked for this mail yet" in editor.page("?panel=checks")
        assert "did not answer" in _told(editor.does("links"))
        page = editor.page("?panel=checks")
    assert f"{site}/gone" in page
    assert "404" in page
    assert f"{site}/here" not in page.partition("<h2>Links</h2>")[2]
