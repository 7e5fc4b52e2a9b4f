"""What every kind of source must do, held for each of them."""

from __future__ import annotations

import contextlib
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.collector.articles.clean import Origin, clean_all
from digest.collector.http.document import decode
from digest.collector.kinds.contract import FetchedPage, Kind
from digest.collector.kinds.recognition import fingerprint_address, first_address, kind_for
from digest.collector.kinds.registry import KINDS
from digest.errors import SourceError, SourceUnreadable, SourceUnsafe
from digest.models.limits import DocumentLimits

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LIMITS = DocumentLimits(max_items=100, max_depth=100)
EXAMPLES = {
    "section.rss": "feed",
    "notes.atom": "feed",
    "old.rdf": "feed",
    "feed.json": "jsonfeed",
    "posts.json": "wordpress",
    "ghost.json": "ghost",
    "news-sitemap.xml": "sitemap",
    "article.html": "webpage",
}


def page(text: str) -> FetchedPage:
    return FetchedPage("https://site.example/feed", text)


def test_every_kind_has_an_example() -> None:
    """A kind without a document that shows it is not finished."""
    assert set(EXAMPLES.values()) == set(KINDS)


@pytest.mark.parametrize(("name", "kind"), EXAMPLES.items())
def test_auto_finds_exactly_the_right_kind(data: Path, name: str, kind: str) -> None:
    """Each example is recognised by its own kind and by no other."""
    example = page(decode((data / name).read_bytes()))
    assert [one.name for one in KINDS.values() if one.recognises(example)] == [kind]
    asked = kind if KINDS[kind].for_people else "auto"
    assert kind_for(asked, example).name == kind


@pytest.mark.parametrize(("name", "kind"), EXAMPLES.items())
def test_articles_are_whole_and_safe(data: Path, name: str, kind: str) -> None:
    """Whatever the kind: a title, an absolute address, a past date and no markup."""
    reading = KINDS[kind].parse(page(decode((data / name).read_bytes())), LIMITS)
    articles = clean_all(reading.items, Origin("s", "https://site.example/feed", NOW))
    assert articles
    for article in articles:
        assert article.title
        assert "<b" not in article.title + article.excerpt
        assert urlsplit(article.url).scheme == "https"
        assert article.published is None or article.published <= NOW
        assert article.picture is None or article.picture.url.startswith("https://")


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "[1, null]", "null", "<a>", "\x00", "<rss", "{" * 500]
)
def test_nothing_useful_is_empty_or_a_source_error(kind: Kind, text: str) -> None:
    """A kind that is handed something else says so instead of failing."""
    with contextlib.suppress(SourceUnreadable, SourceUnsafe):
        assert kind.parse(page(text), LIMITS).items == ()


@pytest.mark.parametrize(("name", "kind"), EXAMPLES.items())
def test_cut_anywhere_it_is_read_as_far_as_it_goes_or_refused(
    data: Path, name: str, kind: str
) -> None:
    """A document that ends too early gives whole items or a SourceError, never half an item."""
    whole = decode((data / name).read_bytes())
    titles = {item.title for item in KINDS[kind].parse(page(whole), LIMITS).items}
    for end in range(0, len(whole), 61):
        try:
            reading = KINDS[kind].parse(page(whole[:end]), LIMITS)
        except SourceError:
            continue
        assert {item.title for item in reading.items} <= titles


@settings(max_examples=150, deadline=None)
@given(
    data=st.data(),
    name=st.sampled_from(sorted(EXAMPLES)),
    noise=st.text(max_size=40),
)
def test_a_damaged_document_is_never_an_unknown_error(
    data: st.DataObject, name: str, noise: str
) -> None:
    """Text written anywhere over a good document gives articles or a SourceError."""
    whole = decode((Path(__file__).parent.parent / "data" / name).read_bytes())
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 200)))
    damaged = page(whole[:start] + noise + whole[end:])
    for kind in KINDS.values():
        try:
            reading = kind.parse(damaged, LIMITS)
        except SourceError:
            continue
        clean_all(reading.items, Origin("s", "https://site.example/", NOW))


@pytest.mark.parametrize("name", [*KINDS, "auto"])
@given(
    url=st.text(max_size=60)
    | st.text("htps:/[]@?=&%#.a0rest_route", max_size=60).map("https://paper.example/".__add__)
    | st.sampled_from(["http://[::1", "https://", "http://a:99999/", "https://x/?rest_route"])
)
def test_any_address_gives_one_to_start_at(name: str, url: str) -> None:
    """What is no address is refused where it is fetched, not where it is turned into another."""
    first_address(name, url)
    assert fingerprint_address(name, url) == "" or name == "wordpress"


_LOL = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
HOSTILE = {
    "entities": f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "lol">{_LOL}]>'
    "<rss><channel><item><title>&l11;</title></item></channel></rss>",
    "external": '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    "<rss><channel><item><title>&x;</title><guid>1</guid></item></channel></rss>",
    "sitemap entities": f'<!DOCTYPE l [<!ENTITY l0 "lol">{_LOL}]><urlset><url>'
    "<loc>https://a.example/</loc><news><title>&l11;</title></news></url></urlset>",
    "deep xml": "<rss>" + "<a>" * 300_000,
    "deep html": "<rss><channel><item><guid>1</guid><title>t</title><description><![CDATA["
    + "<div>" * 300_000
    + "]]></description></item></channel></rss>",
    "open cdata": "<rss><channel>" + "<![CDATA[" * 300_000,
    "open comments": "<rss><channel>" + "<!--" * 300_000,
    "open tags": "<rss><channel><item><title>" + "<a " * 300_000,
    "brackets": "<rss><channel><item><title>" + "<" * 500_000,
    "ampersands": "<rss><channel><item><guid>1</guid><title>" + "&" * 500_000 + "</title></item>",
    "doctypes": "<!DOCTYPE " * 200_000 + "<rss></rss>",
    "categories": "<rss><channel><item>"
    + "".join(f"<category>{n}</category>" for n in range(90_000)),
    "attributes": "<rss><channel><item " + 'a="1" ' * 200_000 + "></item></channel></rss>",
    "deep json": '{"version": "https://jsonfeed.org/version/1", "items": ' + "[" * 500_000,
    "deep list": '[{"id": 1, "link": "", "title": {"rendered": "' + "[{" * 300_000,
    "quotes": '{"version": "https://jsonfeed.org/version/1", "items": [' + '"\\' * 500_000,
    "long title": "<rss><channel><item><guid>1</guid><title>"
    + "wo rd" * 300_000
    + "</title></item></channel></rss>",
    "posts of quotes": "<rss><channel><item><guid>1</guid><title>t</title><description>"
    + "The post " * 100_000
    + "</description></item></channel></rss>",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_documents_built_to_hurt_end_quickly(text: str) -> None:
    """Bombs, depth and open ends cost no more than their length, and leak no file."""
    started = time.monotonic()
    for kind in KINDS.values():
        try:
            reading = kind.parse(page(text), LIMITS)
        except (SourceUnreadable, SourceUnsafe):
            continue
        articles = clean_all(reading.items, Origin("s", "https://site.example/", NOW))
        assert not any("root:" in article.title for article in articles)
        assert all(len(article.title) <= 300 for article in articles)
    assert time.monotonic() - started < 20
