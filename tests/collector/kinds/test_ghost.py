"""Ghost: what the Content API answers is covered with every kind; here its key."""

from __future__ import annotations

import json

import pytest

from digest.collector.kinds.contract import FetchedPage
from digest.collector.kinds.ghost import KIND
from digest.models.limits import DocumentLimits


@pytest.mark.parametrize(
    ("url", "secret", "asked"),
    [
        ("https://a.example", "k", "https://a.example?key=k"),
        ("https://a.example/?filter=tag:x", "k", "https://a.example/?filter=tag%3Ax&key=k"),
        ("https://a.example/?key=mine", "k", "https://a.example/?key=mine"),
        ("https://a.example/?filter=tag:x", "", "https://a.example/?filter=tag:x"),
    ],
)
def test_the_key_may_come_from_the_environment(url: str, secret: str, asked: str) -> None:
    """An address that holds its key, or a source without a secret, stays as it was written."""
    assert KIND.configured is not None
    assert KIND.configured(url, None, secret) == asked


@pytest.mark.parametrize(("featured", "said"), [(True, "featured"), (False, "")])
def test_a_featured_post_is_put_forward(featured: bool, said: str) -> None:
    """As its site does on its front page."""
    post = {"title": "News", "url": "https://a.example/news/", "featured": featured}
    page = FetchedPage("https://a.example/", json.dumps({"posts": [post]}))
    (item,) = KIND.parse(page, DocumentLimits(max_items=10, max_depth=20)).items
    assert item.promoted == said
