"""Entities and DTDs built to hurt, in every kind that is XML: nothing expands, nothing is fetched.

Billion laughs, quadratic blow-up, external entities (a file, an address), external DTDs and
parameter entities, before the root and smuggled in behind it, plain and as UTF-16.
"""

from __future__ import annotations

import socket
import tracemalloc
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest

from digest.collector import SourceRequest, SourceResult
from digest.collector.articles.clean import Origin
from digest.collector.http.document import Document
from digest.collector.opml import read_opml
from digest.collector.parsing.document import ParsedDocument, ParseRequest, read_document
from digest.errors import SourceError, UsageError
from digest.models.limits import ParseLimits

Answer = bytes | Callable[[socket.socket, bytes], None]
Serve = Callable[[Mapping[str, Answer]], str]
Http = Callable[..., bytes]
Gather = Callable[..., list[SourceResult]]

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECRET = "a-secret-of-this-machine"
PLACES = ("before", "behind")
# The smallest document of each kind, with an entity where its words stand.
ROOTS = {
    "rss": "<rss><channel><item><guid>1</guid><title>Words {}</title></item></channel></rss>",
    "rdf": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns="http://purl.org/rss/1.0/"><item><link>https://a.example/1</link>'
    "<title>Words {}</title></item></rdf:RDF>",
    "atom": '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id>'
    "<title>Words {}</title></entry></feed>",
    "urlset": "<urlset><url><loc>https://a.example/1</loc><news><title>Words {}</title></news>"
    "</url></urlset>",
    "sitemapindex": "<sitemapindex><sitemap><loc>https://a.example/{}</loc></sitemap>"
    "</sitemapindex>",
}
_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
# Each is a DOCTYPE and the entity to call; FILE and URL stand for what must stay untouched.
DTDS = {
    "billion laughs": (f'<!DOCTYPE x [<!ENTITY l0 "lol">{_LAUGHS}]>', "&l11;"),
    "quadratic blow-up": (f'<!DOCTYPE x [<!ENTITY a "{"A" * 50_000}">]>', "&a;" * 5_000),
    "recursion": ('<!DOCTYPE x [<!ENTITY a "&b;"><!ENTITY b "&a;">]>', "&a;"),
    "external file": ('<!DOCTYPE x [<!ENTITY x SYSTEM "FILE">]>', "&x;"),
    "external address": ('<!DOCTYPE x [<!ENTITY x SYSTEM "URL/entity">]>', "&x;"),
    "public address": ('<!DOCTYPE x [<!ENTITY x PUBLIC "-//X" "URL/public">]>', "&x;"),
    "external DTD": ('<!DOCTYPE x SYSTEM "URL/all.dtd">', "&x;"),
    "parameter entity": (
        '<!DOCTYPE x [<!ENTITY % p SYSTEM "URL/p.dtd">%p;<!ENTITY % f SYSTEM "FILE">%f;]>',
        "&x;",
    ),
    "unclosed subset": (f'<!DOCTYPE x [<!ENTITY a "{"A" * 50_000}"', "&a;" * 5_000),
}


def written(kind: str, dtd: str, place: str, **stands_for: str) -> str:
    """Write a document of this kind with this DTD before its root or behind it."""
    doctype, call = DTDS[dtd]
    for name, value in stands_for.items():
        doctype = doctype.replace(name, value)
    root = ROOTS[kind].format(call)
    if place == "before":
        return f'<?xml version="1.0"?>{doctype}{root}'
    head, close, rest = root.partition(">")
    return f"{head}{close}{doctype}{rest}"


@pytest.fixture
def secret(tmp_path: Path) -> str:
    """Return the address of a file that nobody may read."""
    path = tmp_path / "secret"
    path.write_text(SECRET)
    return path.as_uri()


@pytest.mark.parametrize("kind", ROOTS)
@pytest.mark.parametrize("dtd", DTDS)
@pytest.mark.parametrize(
    ("place", "charset"), [("before", "utf-8"), ("before", "utf-16"), ("behind", "utf-8")]
)
def test_nothing_expands(kind: str, dtd: str, place: str, charset: str, secret: str) -> None:
    """The words arrive without what the entity would have been, in little memory, or not at all."""
    text = written(kind, dtd, place, FILE=secret, URL="http://127.0.0.1:1")
    document = Document("https://site.example/x", text.encode(charset))
    origin = Origin("s", "https://site.example/", NOW)
    tracemalloc.start()
    try:
        batch = read_document(
            ParseRequest("auto", document, origin, ParseLimits(max_items=100, max_depth=100))
        )
    except SourceError:
        batch = ParsedDocument("", (), 0)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40 * len(document.body) + 5_000_000
    for article in batch.articles:
        assert article.title.startswith("Words")
        assert len(article.title) <= 300
        assert "lollol" not in article.title
        assert "AAAA" not in article.title
        assert SECRET not in repr(article)
    assert SECRET not in repr(batch.more)


def test_nothing_is_fetched_on_behalf_of_a_document(
    serve: Serve, http: Http, gather: Gather, seen: list[bytes], secret: str
) -> None:
    """Of all these, the server that the entities name is asked for the documents alone."""
    answers: dict[str, Answer] = {}
    url = serve(answers)
    for number, (kind, dtd, place) in enumerate(product(ROOTS, DTDS, PLACES)):
        text = written(kind, dtd, place, FILE=secret, URL=url)
        answers[f"/{number}"] = http(text.encode())
    results = gather(*(SourceRequest(path, url + path) for path in answers))
    assert len(results) == len(answers) == 90
    asked = {head.split(b" ", 2)[1].decode() for head in seen}
    # What a sitemap index leads to is asked for, and carries no secret.
    assert {path for path in asked if not path.startswith("/&")} == set(answers)
    assert not any(SECRET in repr(result.articles) for result in results)


@pytest.mark.parametrize("dtd", DTDS)
def test_a_list_of_feeds_defines_no_entities(dtd: str, secret: str) -> None:
    """OPML with a DTD is read without it, or refused with what to do."""
    doctype, call = DTDS[dtd]
    doctype = doctype.replace("FILE", secret).replace("URL", "http://127.0.0.1:1")
    body = f'<outline text="Words {call}" xmlUrl="https://a.example/{call}"/>'
    try:
        feeds = read_opml(f"{doctype}<opml><body>{body}</body></opml>".encode()).feeds
    except UsageError:
        feeds = ()
    for feed in feeds:
        assert SECRET not in repr(feed)
        assert len(repr(feed)) < 3_000
