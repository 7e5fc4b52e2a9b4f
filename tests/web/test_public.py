"""The readers' pages over real HTTP: what a person, a scanner and a mail program do with them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from digest.render.languages import catalogue, languages
from digest.resources import templates_folder
from digest.web.readers.application import make_public
from digest.web.readers.contract import Action, Change, ReaderState
from digest.web.server.front import Front
from digest.web.server.serving import serving

if TYPE_CHECKING:
    from tests.web.conftest import Readers


@pytest.fixture
def client(readers: Readers) -> Iterator[httpx.Client]:
    """Yield a client of the readers' pages that follows no redirect and has no cookie."""
    app = make_public(readers, site_name="Harbour Gazette", site_url="https://gazette.example")
    with serving(app) as base_url, httpx.Client(base_url=base_url, timeout=60) as client:
        yield client


@pytest.mark.parametrize("path", ["/u/good-token", "/p/good-token", "/v/good-token"])
def test_nothing_but_a_post_changes_anything(
    client: httpx.Client, readers: Readers, path: str
) -> None:
    """Scanners open every link, whatever query they add (invariant 11)."""
    query = {"action": "unsubscribe", "edition": "daily", "List-Unsubscribe": "One-Click"}
    for method in ("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"):
        answer = client.request(method, path, params=query)
        assert answer.status_code == (200 if method in {"GET", "HEAD"} else 405)
    assert readers.changes == []


def test_the_unsubscribe_page_asks_with_one_button(client: httpx.Client) -> None:
    """A person sees what will happen, and one button that does it."""
    page = client.get("/u/good-token").text
    assert page.count("<button") == 1
    assert "Stop getting <bdi>Daily briefing</bdi>?" in page
    assert "a…@reader.example" in page


_ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.mark.parametrize(
    "body",
    [{"data": _ONE_CLICK}, {"files": {"List-Unsubscribe": (None, "One-Click")}}, {"data": {}}],
    ids=["urlencoded", "multipart", "the page's button"],
)
def test_one_post_unsubscribes_and_answers_200_at_once(
    client: httpx.Client, readers: Readers, body: dict[str, dict[str, Any]]
) -> None:
    """RFC 8058: no cookie, no login, no redirect, in either encoding."""
    answer = client.post("/u/good-token", data=body.get("data"), files=body.get("files"))
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert readers.changes == [Change("daily", Action.UNSUBSCRIBE)]
    assert "Done. You are unsubscribed" in answer.text


def test_unsubscribing_twice_is_harmless(client: httpx.Client, readers: Readers) -> None:
    """A mail program that repeats its POST is answered the same."""
    answers = [client.post("/u/good-token", data=_ONE_CLICK).status_code for _ in range(2)]
    assert answers == [200, 200]
    assert readers.reader.current.state is ReaderState.UNSUBSCRIBED
    assert "already unsubscribed" in client.get("/u/good-token").text


def test_sections_are_saved_and_shown_again(client: httpx.Client, readers: Readers) -> None:
    """The chosen sections, and only known ones, reach the backend; the page says so."""
    form = {"action": "sections", "edition": "daily", "section": ["tech", "health", "nonsense"]}
    answer = client.post("/p/good-token", data=form, follow_redirects=True)
    assert readers.changes == [
        Change("daily", Action.SECTIONS, sections=frozenset({"tech", "health"}))
    ]
    assert answer.history[0].status_code == 303
    assert "Saved." in answer.text


def test_a_pause_names_its_days_and_can_be_ended(client: httpx.Client, readers: Readers) -> None:
    """Paused until a day, then resumed."""
    client.post("/p/good-token", data={"action": "pause", "edition": "weekend", "days": "14"})
    assert "paused until December 7" in client.get("/p/good-token").text
    client.post("/p/good-token", data={"action": "resume", "edition": "weekend"})
    assert readers.changes == [
        Change("weekend", Action.PAUSE, days=14),
        Change("weekend", Action.RESUME),
    ]
    assert "paused until" not in client.get("/p/good-token").text


def test_everything_can_be_stopped_at_once(client: httpx.Client, readers: Readers) -> None:
    """One button ends every subscription of the reader."""
    client.post("/p/good-token", data={"action": "unsubscribe-all"})
    assert {one.state for one in readers.reader.editions} == {ReaderState.UNSUBSCRIBED}


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({}, "does not fit"),
        ({"action": "sections", "edition": "other"}, "does not fit"),
        ({"action": "burn", "edition": "daily"}, "does not fit"),
        ({"action": "sections", "edition": "daily"}, "at least one section"),
        ({"action": "pause", "edition": "daily", "days": "9999"}, "how long"),
    ],
)
def test_a_form_that_was_not_offered_is_refused_in_plain_words(
    client: httpx.Client, readers: Readers, form: dict[str, str], words: str
) -> None:
    """Whatever the page did not offer changes nothing and is explained."""
    answer = client.post("/p/good-token", data=form)
    assert answer.status_code == 422
    assert words in answer.text
    assert readers.changes == []


@pytest.mark.parametrize(
    ("token", "status", "words"),
    [("old-token", 410, "retired"), ("<script>", 404, "does not work"), ("x" * 3000, 404, "cut")],
)
def test_a_bad_link_is_explained_without_echoing_it(
    client: httpx.Client, readers: Readers, token: str, status: int, words: str
) -> None:
    """Unknown is 404, retired is 410, and neither page repeats what was in the address."""
    answers = [client.get(path + token) for path in ("/u/", "/p/", "/v/")]
    answers += [client.post(path + token, data=_ONE_CLICK) for path in ("/u/", "/p/")]
    for answer in answers:
        assert answer.status_code == status
        assert words in answer.text
        assert token not in answer.text
    assert readers.changes == []


def test_the_issue_is_shown_without_script_or_form(client: httpx.Client) -> None:
    """View in browser serves the mail's HTML under a policy that runs nothing."""
    answer = client.get("/v/good-token")
    policy = answer.headers["content-security-policy"]
    assert "tech+world" in answer.text
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy


def test_every_page_is_private_and_strict(client: httpx.Client) -> None:
    """Tokens stay out of caches, referrers, search engines and other sites' frames."""
    for path in ("/u/good-token", "/p/good-token", "/u/unknown", "/static/readers.css"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
    assert "noindex" in client.get("/p/good-token").headers["x-robots-tag"]


def test_pages_name_their_files_relatively(client: httpx.Client) -> None:
    """The pages work under any path of the public address: nothing starts at the root."""
    for path in ("/u/good-token", "/p/good-token"):
        page = client.get(path).text
        assert 'href="/' not in page
        assert 'action="/' not in page
    assert client.get("/static/readers.css").status_code == 200


def test_a_huge_form_is_refused(client: httpx.Client, readers: Readers) -> None:
    """Nobody fills the memory through a form."""
    assert client.post("/u/good-token", content=b"a" * 100_000).status_code == 413
    assert readers.changes == []


_PAGES = (
    *("/u/good-token", "/u/old-token", "/p/nobody", "/p/good-token?done=sections"),
    *("/p/good-token?done=pause", "/p/good-token?done=resume"),
    *("/p/good-token?done=unsubscribe", "/p/good-token?done=unsubscribe-all"),
    *("/p/good-token?done=less", "/p/good-token?done=join", "/p/good-token?done=language"),
    *("/p/good-token?done=address", "/p/good-token?done=data"),
)
_WISHES: tuple[dict[str, Any], ...] = (
    {"action": "pause", "edition": "daily", "days": "1"},
    {"action": "sections", "edition": "daily"},
    {"action": "dance"},
    {"action": "pause", "edition": "daily", "days": "7"},
    {"action": "unsubscribe", "edition": "weekend"},
)


_TEMPLATES = ("unsubscribe", "goodbye", "preferences", "problem")
# Said of what these readers cannot do; tests/web/readers has them.
_NEED_A_STORE = {
    *("page_no_email", "page_no_editions", "page_busy", "page_taken", "page_fault"),
    *("page_expired", "page_nobody"),
}


def _words_of(page: str) -> set[str]:
    template = templates_folder() / "web" / f"readers-{page}.html"
    found = re.findall(r"words(?:\.say\(\"|\.)((?:page|state|reason)_\w+)", template.read_text())
    return set(found)


async def _everything_said(app: Front) -> list[str]:
    """Read every page in every state, as a reader would come across them."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        said = [(await client.get(path)).text for path in _PAGES]
        for wish in _WISHES:
            answer = await client.post("/p/good-token", data=wish)
            again = answer if answer.status_code == 422 else await client.get("/p/good-token")
            said.append(again.text)
        said.append((await client.post("/u/good-token")).text)
        said.append((await client.get("/u/good-token")).text)
        said.append((await client.post("/u/good-token", content=b"x" * 20_000)).text)
        return said


@pytest.fixture
def spoken(readers: Readers) -> Callable[[str], list[str]]:
    """Return what reads all the pages in a language, for a reader of three newsletters."""
    daily, weekend = readers.reader.editions
    waiting = replace(daily, id="late", title="Late", state=ReaderState.PENDING)
    daily = replace(daily, less_often=("weekend", "Weekend"))
    readers.reader = replace(
        readers.reader, editions=(daily, weekend, waiting), others=(("extra", "Extra"),)
    )

    def read(language: str) -> list[str]:
        app = make_public(
            deepcopy(readers),
            site_name="Gazette",
            site_url="https://gazette.example",
            language=language,
        )
        return asyncio.run(_everything_said(app))

    return read


@pytest.mark.parametrize("language", sorted(set(languages()) - {"en"}))
def test_every_page_speaks_the_sites_language(
    spoken: Callable[[str], list[str]], language: str
) -> None:
    """No English is left on any page, and each says how its language runs."""
    english = {
        str(message.context): str(message.string)
        for message in catalogue("en")
        if str(message.context).startswith("page_") and " " in str(message.string)
    }
    pages = spoken(language)
    direction = "rtl" if language in {"ar", "he"} else "ltr"
    tag = language.replace("_", "-")
    assert all(f'<html lang="{tag}" dir="{direction}"' in page for page in pages)
    assert not {key for key, said in english.items() for page in pages if said in page}
    assert not any("{" in page for page in pages)


def test_the_walk_reaches_every_sentence(spoken: Callable[[str], list[str]]) -> None:
    """So what looks for English in it looks everywhere."""
    said = re.sub(r"<[^>]+>", "", unescape(" ".join(spoken("en"))))
    known = {name for page in _TEMPLATES for name in _words_of(page)} - _NEED_A_STORE
    for message in catalogue("en"):
        if str(message.context) in known:
            forms = [message.id] if isinstance(message.id, str) else message.id
            pattern = "|".join(re.sub(r"\\{\w+\\}", ".+", re.escape(form)) for form in forms)
            assert re.search(pattern, said), message.context


def test_a_date_is_the_languages_own(spoken: Callable[[str], list[str]]) -> None:
    """On the page that tells how long a pause is."""
    assert any("pausiert bis 7. Dezember" in page for page in spoken("de"))
