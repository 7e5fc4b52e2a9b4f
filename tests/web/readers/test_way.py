"""The whole way of a reader, by HTTP and mail, from the form to one click."""

from __future__ import annotations

import re

import feedparser
import httpx
import pytest

from digest.pipeline.mails.rendering import link_tokens
from subscribers.consent import Act, Way
from subscribers.lifecycle import State, Suppressed
from subscribers.tokens import Purpose

from .conftest import Pressroom

_FORM = {"email": "nora@reader.example", "edition": "daily", "section": "daily.tech"}
NORA = "nora@reader.example"


def test_from_the_form_to_one_click(room: Pressroom, client: httpx.Client) -> None:
    """Asked, confirmed, welcomed, with the chosen section alone; less often; gone by one click."""
    answer = client.post("/subscribe", data=_FORM)
    assert (answer.status_code, answer.headers["location"]) == (303, "subscribe/sent")
    assert "Check your mail" in client.get("/subscribe/sent").text
    assert room.state(NORA) is State.PENDING
    link = room.link("c", NORA)
    assert "Daily briefing" in client.get(link).text
    assert room.state(NORA) is State.PENDING
    assert "Welcome" in client.post(link).text
    assert room.state(NORA) is State.ACTIVE
    assert room.sections(NORA) == frozenset({"tech"})
    manage = room.link("p", NORA)
    assert client.post(manage, data={"action": "less", "edition": "daily"}).status_code == 303
    assert room.state(NORA) is State.UNSUBSCRIBED
    assert room.state(NORA, "weekly") is State.ACTIVE
    assert room.sections(NORA, "weekly") == frozenset({"tech"})
    one_click = _one_click(room)
    assert client.post(manage, data={"action": "resume", "edition": "daily"}).status_code == 303
    gone = client.post(one_click, data={"List-Unsubscribe": "One-Click"})
    assert (gone.status_code, room.state(NORA)) == (200, State.UNSUBSCRIBED)


def test_consent_is_recorded_with_its_words_and_ways(room: Pressroom, client: httpx.Client) -> None:
    """The moment, the way, the network, and the words: the sentence of the form."""
    client.post("/subscribe", data=_FORM)
    client.post(room.link("c", NORA))
    client.post(_one_click(room))
    record = room.store.subscribers.find_by_email(NORA)
    assert record is not None
    told = [(act.act, act.way) for act in record.consent]
    assert told == [
        (Act.ASKED, Way.FORM),
        (Act.CONFIRMED, Way.LINK),
        (Act.WITHDREW, Way.LINK),
    ]
    sentence = record.consent[0].words
    assert sentence in client.get("/subscribe").text.replace("<bdi>", "").replace("</bdi>", "")
    assert len(record.consent[0].network) == 24
    assert "127.0.0" not in repr(record)


def _one_click(room: Pressroom) -> str:
    header = str(room.mails(NORA)[-1]["List-Unsubscribe"])
    found = re.search(r"<https://digest\.news\.example(/u/[^>]+)>", header)
    assert found
    return found[1]


def test_a_reason_is_kept_and_none_is_needed(room: Pressroom, client: httpx.Client) -> None:
    """One of those that the page offers; anything else is no reason."""
    for email, reason, kept in (("a@x.example", "many", "many"), ("b@x.example", "<b>", "")):
        who = room.subscribed(email)
        link = _manage(room, who)
        client.post(f"/u/{link}", data={"reason": reason})
        record = room.store.subscribers.find(who)
        assert record is not None
        assert record.consent[-1].words == kept


def _manage(room: Pressroom, public_id: str, edition: str = "daily") -> str:
    return link_tokens(room.settings).sign(Purpose.MANAGE, public_id, edition)


def test_somebody_who_reads_it_already_is_told_so_by_mail_alone(
    room: Pressroom, client: httpx.Client
) -> None:
    """Nothing changes for them, whatever the form said."""
    room.subscribed(NORA)
    client.post("/subscribe", data=_FORM)
    (mail,) = room.mails(NORA)
    assert mail["Subject"] == "You already read Example News"
    assert (room.state(NORA), room.sections(NORA)) == (State.ACTIVE, frozenset())


def test_who_left_comes_back_by_their_own_word(room: Pressroom, client: httpx.Client) -> None:
    """Asking is not coming back; confirming is, and it is recorded anew."""
    who = room.subscribed(NORA)
    client.post(f"/u/{_manage(room, who)}")
    client.post("/subscribe", data=_FORM)
    assert room.state(NORA) is State.UNSUBSCRIBED
    client.post(room.link("c", NORA))
    record = room.store.subscribers.find(who)
    assert record is not None
    assert room.state(NORA) is State.ACTIVE
    assert [act.act for act in record.consent][-3:] == [Act.WITHDREW, Act.ASKED, Act.CONFIRMED]


@pytest.mark.parametrize("reason", [Suppressed.HARD_BOUNCE, Suppressed.COMPLAINT])
def test_a_suppressed_address_gets_no_mail(
    room: Pressroom, client: httpx.Client, reason: Suppressed
) -> None:
    """Not even the one that would ask; the page says what it always says."""
    room.store.subscribers.suppress(NORA, reason, room.now)
    assert client.post("/subscribe", data=_FORM).headers["location"] == "subscribe/sent"
    assert room.mails(NORA) == []


def test_a_new_address_counts_once_it_is_confirmed_there(
    room: Pressroom, client: httpx.Client
) -> None:
    """The mail to it opens nothing else, and the former address is told."""
    who = room.subscribed("old@reader.example")
    manage = f"/p/{_manage(room, who)}"
    answer = client.post(manage, data={"action": "address", "value": "new@reader.example"})
    assert answer.status_code == 303
    assert room.store.subscribers.find_by_email("new@reader.example") is None
    (mail,) = room.mails("new@reader.example")
    assert mail["List-Unsubscribe"] is None
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert set(re.findall(r"digest\.news\.example/(\w)/", text)) == {"n"}
    client.post(room.link("n", "new@reader.example"))
    assert room.store.subscribers.find_by_email("old@reader.example") is None
    moved = room.store.subscribers.find_by_email("new@reader.example")
    assert moved is not None
    assert moved.public_id == who
    assert room.mails("old@reader.example")[-1]["Subject"].startswith("Your address at")


def test_two_people_are_not_made_one(room: Pressroom, client: httpx.Client) -> None:
    """An address with a subscription of its own is not taken over; it is told to its owner."""
    who, other = room.subscribed("old@reader.example"), room.subscribed(NORA)
    client.post(f"/p/{_manage(room, who)}", data={"action": "address", "value": NORA})
    answer = client.post(room.link("n", NORA))
    assert answer.status_code == 409
    assert "subscription of its own" in answer.text
    found = room.store.subscribers.find_by_email(NORA)
    assert found is not None
    assert found.public_id == other


def test_own_data_are_shown_downloaded_and_erased(room: Pressroom, client: httpx.Client) -> None:
    """By a link that comes by mail, is good for a day, and opens nothing else."""
    who = room.subscribed(NORA)
    client.post(f"/p/{_manage(room, who)}", data={"action": "data"})
    link = room.link("d", NORA)
    assert NORA in client.get(link).text
    kept = client.get(f"{link}/data.json").json()
    assert (kept["email"], kept["subscriptions"][0]["edition"]) == (NORA, "daily")
    token = link.rpartition("/")[2]
    assert client.get(f"/p/{token}").status_code == client.get(f"/c/{token}").status_code == 404
    room.later(days=1)
    assert client.get(link).status_code == 410
    room.later(days=-1)
    assert client.post(link).status_code == 200
    assert room.store.subscribers.find(who) is None
    assert client.post(link).status_code == 410


def test_an_erased_reader_may_leave_and_may_come_back(
    room: Pressroom, client: httpx.Client
) -> None:
    """One click answers 200; a list cannot bring them back, their own word can."""
    who = room.subscribed(NORA)
    link = _manage(room, who)
    room.store.subscribers.erase(NORA, room.now)
    assert client.post(f"/u/{link}", data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert client.get(f"/p/{link}").status_code == 410
    room.store.subscribers.add(NORA, edition="daily", confirmed=True, now=room.now)
    assert room.state(NORA) is None
    client.post("/subscribe", data=_FORM)
    client.post(room.link("c", NORA))
    assert room.state(NORA) is State.ACTIVE
    assert room.store.subscribers.suppressions(NORA) == ()


def test_language_is_the_readers_own(room: Pressroom, client: httpx.Client) -> None:
    """Pages and single mails speak it; the form can ask for it, and the preferences change it."""
    client.post("/subscribe", data={**_FORM, "locale": "de"})
    link = room.link("c", NORA)
    assert 'lang="de"' in client.get(link).text
    client.post(link)
    assert room.mails(NORA)[-1]["Content-Language"] == "de"
    manage = room.link("p", NORA)
    client.post(manage, data={"action": "language", "value": "fr"})
    assert 'lang="fr"' in client.get(manage).text
    assert client.post(manage, data={"action": "language", "value": "xx"}).status_code == 422


def test_the_archive_shows_what_went_out(room: Pressroom, client: httpx.Client) -> None:
    """A list, a page without anybody's links, what a shared link shows, and a valid feed."""
    assert "No issue has been sent yet" in client.get("/archive").text
    who = room.subscribed(NORA)
    room.send_issue()
    listed = client.get("/archive/daily").text
    assert "Harbour &lt;towns&gt; count the cost &amp; rebuild" in listed
    page = client.get("/archive/daily/2026-11-23")
    assert who not in page.text
    assert "/u/" not in page.text
    assert 'property="og:image" content="https://news.example/a.jpg"' in page.text
    assert "sandbox" in page.headers["content-security-policy"]
    feed = feedparser.parse(client.get("/archive/daily/feed.atom").content)
    assert not feed.bozo
    (entry,) = feed.entries
    assert entry.title == "Harbour <towns> count the cost & rebuild"
    assert entry.link == "https://digest.news.example/archive/daily/2026-11-23"
    for missing in ("/archive/none", "/archive/daily/2026-11-24", "/archive/daily/../x"):
        assert client.get(missing).status_code == 404


def test_an_archive_that_is_closed_is_nowhere(room: Pressroom) -> None:
    """No page, and no link to one."""
    room.toml += "\n[readers]\narchive = false\n"
    with room.pages() as client:
        assert client.get("/archive").status_code == 404
        assert "/archive" not in client.get("/subscribe").text


def test_pages_bear_the_newsrooms_logo(room: Pressroom) -> None:
    """Those of [brand], for each scheme; nothing else from elsewhere may be loaded."""
    logo = '{{ url = "https://cdn.news.example/{}.png", width = 600, height = 120 }}'
    room.toml += (
        f"\n[brand]\nlogo_light = {logo.format('ink')}\nlogo_dark = {logo.format('white')}\n"
    )
    with room.pages() as client:
        page = client.get("/subscribe")
    assert 'src="https://cdn.news.example/ink.png" width="600" height="120"' in page.text
    assert 'alt="Example News" referrerpolicy="no-referrer"' in page.text
    assert '(prefers-color-scheme: dark)" srcset="https://cdn.news.example/white.png"' in page.text
    policy = page.headers["content-security-policy"]
    assert "img-src 'self' https://cdn.news.example;" in policy
    assert policy.count("https://") == 1
