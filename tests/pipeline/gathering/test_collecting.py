"""Collecting with a memory, against a real web server: polite, and nothing lost."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from digest.collector import Limits
from digest.config import Settings
from digest.config.collector import CollectorSettings
from digest.errors import ConfigError
from digest.pipeline.configured.loading import parse_settings
from digest.pipeline.gathering.collecting import collect_articles
from digest.pipeline.gathering.limits import limits_of
from digest.pipeline.gathering.report import SourceReport
from digest.pipeline.gathering.source_health import health_of
from digest.store import Store, open_store

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
_TOML = """\
[collector]
allow_private_hosts = true
timeout = 5
[[source]]
id = "world"
url = "{url}"
kind = "{kind}"
[[section]]
id = "world"
title = "World"
sources = ["world"]
[[edition]]
id = "daily"
title = "Daily"
sections = ["world"]
"""


@dataclass
class Site:
    """Answers by path: status, headers and body; what it was asked; where it lives."""

    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    url: str = ""

    def feed(self, *numbers: int, hours: int = 10, title: str = "Story") -> None:
        """Let /feed hold these articles, dated from `hours` ago on, an hour apart."""
        items = "".join(
            f"<item><title>{title} {number}</title><link>{self.url}/story/{number}</link>"
            f"<pubDate>{NOW - timedelta(hours=hours - number):%a, %d %b %Y %T} +0000</pubDate>"
            "</item>"
            for number in numbers
        )
        body = f"<rss version='2.0'><channel>{items}</channel></rss>".encode()
        self.answers["/feed"] = (200, {}, body)
        for number in numbers:
            self.answers[f"/story/{number}"] = (200, {}, b"<p>story</p>")

    def pages(self, *numbers: int) -> None:
        """Let /section be a web page that links these stories, each of which says its facts."""
        links = "".join(
            f'<a href="/2026/11/23/story-{number}/">A headline that is long enough</a>'
            for number in numbers
        )
        self.answers["/section"] = (200, {}, f"<html><main>{links}</main>".encode())
        for number in numbers:
            head = '<meta property="og:type" content="article">'
            date = f"{NOW - timedelta(hours=number):%Y-%m-%dT%H:%M:%SZ}"
            when = f'<meta property="article:published_time" content="{date}">'
            story = f"<html>{head}{when}<title>Story {number}</title>".encode()
            self.answers[f"/2026/11/23/story-{number}/"] = (200, {}, story)


@pytest.fixture
def site() -> Iterator[Site]:
    """Yield a site on loopback."""
    told = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append(self.path)
            status, headers, body = told.answers.get(self.path, (404, {}, b""))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield told
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass(frozen=True)
class Desk:
    """A configuration with one source, and its store."""

    settings: Settings
    store: Store

    def collect(self, now: datetime = NOW) -> SourceReport:
        report = asyncio.run(collect_articles(self.settings, self.store, now))
        return report.sources[0]

    def state(self, now: datetime = NOW) -> str:
        return health_of(self.store, self.settings.source, now)["world"].health.state

    def known(self) -> dict[str, str]:
        """Return titles by id of all that the store knows."""
        found = self.store.articles.window(["world"], NOW - timedelta(days=30), None)
        return {known.article.id: known.article.title for known in found}


@pytest.fixture
def desk(
    site: Site, sqlite_url: str, tmp_path: Path, sample_head: str
) -> Iterator[Callable[..., Desk]]:
    """Yield a newsroom whose source is `path` of the site; the store stays the same."""
    with open_store(sqlite_url, tmp_path) as store:

        def make(path: str = "/feed", kind: str = "auto") -> Desk:
            text = sample_head + _TOML.format(url=site.url + path, kind=kind)
            return Desk(parse_settings(text, tmp_path / "digest.toml", {}), store)

        yield make


def test_every_limit_has_a_name_in_the_configuration(desk: Callable[..., Desk]) -> None:
    """What the collector bounds can be set under [collector], and arrives."""
    settings = desk().settings
    given = limits_of(settings)
    for key in fields(Limits):
        said = settings.site.url if key.name == "contact" else getattr(settings.collector, key.name)
        assert getattr(given, key.name) == said


@pytest.mark.parametrize("key", [key.name for key in fields(CollectorSettings)])
def test_every_key_of_the_collector_is_checked(sample_head: str, key: str) -> None:
    """What cannot be is refused with the key's name, wherever its range is written."""
    wrong = '"yes, please"' if key in {"allow_private_hosts", "proxy"} else "-1"
    with pytest.raises(ConfigError, match=f'"{key}"'):
        parse_settings(f"{sample_head}\n[collector]\n{key} = {wrong}\n", Path("digest.toml"), {})


def test_every_key_of_the_collector_is_documented() -> None:
    """With its default, in the table of the configuration."""
    docs = (Path(__file__).parents[3] / "docs" / "configuration.md").read_text()
    table = docs.partition("## [collector]")[2].partition("\n## ")[0]
    for name in (key.name for key in fields(CollectorSettings)):
        assert f"`{name}`" in table, name


def test_a_moved_feed_is_asked_at_its_new_address(site: Site, desk: Callable[..., Desk]) -> None:
    """From the next run on; if that address stops to serve, the configured one is asked again."""
    site.feed(1, 2)
    site.answers["/old"] = (301, {"Location": "/feed"}, b"")
    newsroom = desk("/old")
    newsroom.collect()
    assert newsroom.collect().status == "ok"
    assert site.asked == ["/old", "/feed", "/feed"]
    site.answers["/feed"] = (410, {}, b"")
    site.answers["/newer"] = (200, {}, b"<rss><channel></channel></rss>")
    site.answers["/old"] = (301, {"Location": "/newer"}, b"")
    newsroom.collect()
    assert newsroom.collect().status == "ok"
    assert site.asked[3:] == ["/feed", "/old", "/newer"]


def test_410_retires_a_source_until_its_url_changes(site: Site, desk: Callable[..., Desk]) -> None:
    """It is never asked again, and says so; another address is a new beginning."""
    site.answers["/gone"] = (410, {}, b"")
    newsroom = desk("/gone")
    assert newsroom.collect().status == "failed"
    later = NOW + timedelta(days=30)
    report = newsroom.collect(later)
    assert (report.status, newsroom.state(later)) == ("retired", "retired")
    assert "410" in report.error
    assert site.asked == ["/gone"]
    site.feed(1)
    assert desk("/feed").collect(later).status == "ok"


def test_back_off_remembers_between_runs(site: Site, desk: Callable[..., Desk]) -> None:
    """From the second failure on it is left alone for a while; a success ends it."""
    newsroom = desk()
    newsroom.collect()
    newsroom.collect()
    report = newsroom.collect(NOW + timedelta(minutes=4))
    assert (report.status, len(site.asked), newsroom.state()) == ("resting", 2, "failing")
    assert "not asked again before 2026-11-23 07:05 UTC" in report.error
    site.feed(1)
    assert newsroom.collect(NOW + timedelta(minutes=6)).status == "ok"
    assert newsroom.state() in {"fine", "quiet"}


def test_retry_after_is_kept_between_runs(site: Site, desk: Callable[..., Desk]) -> None:
    """The first failure already counts where the site says when."""
    site.answers["/feed"] = (503, {"Retry-After": "3600"}, b"")
    newsroom = desk()
    newsroom.collect()
    assert newsroom.collect(NOW + timedelta(minutes=59)).status == "resting"
    assert newsroom.collect(NOW + timedelta(minutes=61)).status == "failed"
    assert len(site.asked) == 2


def test_what_the_site_withdrew_is_marked(site: Site, desk: Callable[..., Desk]) -> None:
    """Gone from the feed and from the site; only gone from the feed is not withdrawn."""
    site.feed(1, 2, 3, 4)
    newsroom = desk()
    newsroom.collect()
    titles = newsroom.known()
    site.feed(1, 4)
    site.answers["/story/2"] = (404, {}, b"")
    newsroom.collect()
    withdrawn = newsroom.store.articles.withdrawn(titles)
    assert [titles[name] for name in withdrawn] == ["Story 2"]
    site.feed(1, 2, 4)
    newsroom.collect()
    assert newsroom.store.articles.withdrawn(titles) == frozenset()


@pytest.mark.parametrize(("days", "checks"), [(0, 20), (7, 0)])
def test_nothing_is_looked_for_where_nothing_may_be(
    site: Site, desk: Callable[..., Desk], days: int, checks: int
) -> None:
    """Too old to be looked for, or nobody is to look: the page is not asked for."""
    site.feed(1, 2, 3, 4)
    newsroom = desk()
    rules = replace(newsroom.settings.collector, withdrawal_days=days, withdrawal_checks=checks)
    settings = newsroom.settings.model_copy(update={"collector": rules})
    newsroom = Desk(settings, newsroom.store)
    newsroom.collect()
    site.feed(1, 4)
    site.answers["/story/2"] = (404, {}, b"")
    newsroom.collect()
    assert site.asked == ["/feed", "/feed"]


def test_what_only_left_the_end_of_the_feed_is_not_looked_for(
    site: Site, desk: Callable[..., Desk]
) -> None:
    """Older than anything in the feed: it made room, and nobody is asked about it."""
    site.feed(1, 2, 3)
    newsroom = desk()
    newsroom.collect()
    site.feed(3, 4)
    newsroom.collect()
    assert set(site.asked) == {"/feed"}


def test_a_changed_headline_is_kept_with_what_it_was(site: Site, desk: Callable[..., Desk]) -> None:
    """The article is updated in place."""
    site.feed(1)
    newsroom = desk()
    newsroom.collect()
    site.feed(1, title="Corrected story")
    report = newsroom.collect()
    ((name, title),) = newsroom.known().items()
    (change,) = newsroom.store.articles.changes(name)
    assert (report.new, report.updated, title) == (0, 1, "Corrected story 1")
    assert (change.field, change.before, change.after) == ("title", "Story 1", "Corrected story 1")


def test_a_second_run_over_web_pages_reads_none_of_them_again(
    site: Site, desk: Callable[..., Desk]
) -> None:
    """Only the section's page is; the articles still count as what the source brought."""
    site.pages(1, 2, 3)
    newsroom = desk("/section", kind="webpage")
    assert newsroom.collect().new == 3
    site.asked.clear()
    report = newsroom.collect()
    assert (report.status, report.new, report.updated) == ("ok", 0, 0)
    assert site.asked == ["/robots.txt", "/section"]
    health = health_of(newsroom.store, newsroom.settings.source, NOW)["world"].as_json()
    assert (health["last_items"], health["usual_items"]) == (3, 3.0)


def test_a_withdrawn_page_is_marked_and_read_again_when_it_comes_back(
    site: Site, desk: Callable[..., Desk]
) -> None:
    """What is remembered of a page does not outlive its article."""
    site.pages(1, 2, 3)
    newsroom = desk("/section", kind="webpage")
    newsroom.collect()
    titles = newsroom.known()
    site.pages(1, 3)
    site.answers["/2026/11/23/story-2/"] = (404, {}, b"")
    newsroom.collect()
    withdrawn = newsroom.store.articles.withdrawn(titles)
    assert [titles[name] for name in withdrawn] == ["Story 2"]
    site.pages(1, 2, 3)
    newsroom.collect()
    assert newsroom.store.articles.withdrawn(titles) == frozenset()


def test_a_page_that_was_withdrawn_while_it_was_left_alone_is_asked_for(
    site: Site, desk: Callable[..., Desk]
) -> None:
    """The section still lists it: reading it again brings its article back."""
    site.pages(1, 2)
    newsroom = desk("/section", kind="webpage")
    newsroom.collect()
    titles = newsroom.known()
    newsroom.store.articles.withdraw(titles, NOW)
    newsroom.collect()
    assert newsroom.store.articles.withdrawn(titles) == frozenset()


def test_a_site_that_guesses_another_article_has_withdrawn_this_one(
    site: Site, desk: Callable[..., Desk]
) -> None:
    """WordPress redirects the address of a deleted post to one that begins alike."""
    site.feed(1, 2, 3, 20)
    newsroom = desk()
    newsroom.collect()
    titles = newsroom.known()
    site.feed(1, 3, 20)
    site.answers["/story/2"] = (301, {"Location": "/story/20"}, b"")
    newsroom.collect()
    assert [titles[name] for name in newsroom.store.articles.withdrawn(titles)] == ["Story 2"]


def test_the_order_of_a_front_page_is_kept_and_moves_with_it(
    site: Site, desk: Callable[..., Desk]
) -> None:
    """Pages that are not read again move too; what left the page has no place any more."""
    newsroom = desk("/section", "webpage")
    for order in ((4, 1, 9, 2, 7), (9, 7, 2, 4)):
        site.pages(*order)
        newsroom.collect()
        known = newsroom.store.articles.window(["world"], NOW - timedelta(days=3), None)
        places = {one.article.title: one.prominence.place for one in known}
        listed = {f"Story {number}": place for place, number in enumerate(order, start=1)}
        assert places == dict.fromkeys(places) | listed


def test_pictures_of_unknown_size_are_looked_at_once(site: Site, desk: Callable[..., Desk]) -> None:
    """Where that is asked for: new ones, and the size stays when the feed is read again."""
    small = b"GIF89a" + (150).to_bytes(2, "little") + (90).to_bytes(2, "little")
    site.answers["/small.gif"] = (200, {}, small)
    item = "<item><title>Story</title><link>{0}/story/1</link>{1}"
    shown = f'<enclosure url="{site.url}/small.gif" type="image/gif" length="0"/></item>'
    feed = f"<rss version='2.0'><channel>{item.format(site.url, shown)}</channel></rss>"
    site.answers["/feed"] = (200, {}, feed.encode())
    newsroom = desk()
    asked = replace(newsroom.settings.collector, picture_checks=5)
    settings = newsroom.settings.model_copy(update={"collector": asked})
    for hour in range(2):
        again = NOW + timedelta(hours=hour)
        assert Desk(settings, newsroom.store).collect(again).status == "ok"
    (known,) = newsroom.store.articles.window(["world"], NOW - timedelta(days=1), None)
    assert known.article.picture is not None
    assert (known.article.picture.width, known.article.picture.height) == (150, 90)
    assert site.asked.count("/small.gif") == 1


def test_no_picture_is_looked_at_unless_that_is_asked_for(
    site: Site, desk: Callable[..., Desk]
) -> None:
    """The sizes that feeds tell are enough for most."""
    shown = f'<enclosure url="{site.url}/a.gif" type="image/gif" length="0"/>'
    item = f"<item><title>Story</title><link>{site.url}/story/1</link>{shown}</item>"
    site.answers["/feed"] = (200, {}, f"<rss><channel>{item}</channel></rss>".encode())
    desk().collect()
    assert "/a.gif" not in site.asked
