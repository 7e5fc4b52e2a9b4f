"""Sections have ids that people can write, and that tell them apart."""

from __future__ import annotations

import pytest

from digest.collector.discovery.sections import distinct, make_section

SITE = "https://paper.example"
REST = f"{SITE}/wp-json/wp/v2/posts?categories=7"


@pytest.mark.parametrize(
    ("title", "url", "feed_url", "name"),
    [
        ("World & More", f"{SITE}/w/", f"{SITE}/w/feed/", "world-more"),
        ("Мир", f"{SITE}/category/mir/", REST, "category-mir"),
        ("Мир", f"{SITE}/", f"{SITE}/mir/feed/", "mir"),
        ("Мир", f"{SITE}/%D0%BC%D0%B8%D1%80/", REST, "section"),
        ("世界", f"{SITE}/", "", "section"),
    ],
)
def test_an_id_is_of_the_title_or_of_the_sections_page(
    title: str, url: str, feed_url: str, name: str
) -> None:
    """Never of an API's address, which is the same for all of them."""
    assert make_section(title, url, feed_url, found_by="menu").id == name


def test_ids_that_repeat_are_numbered() -> None:
    """In their order."""
    sections = [make_section("世界", f"{SITE}/", REST, found_by="menu") for _ in range(3)]
    assert [one.id for one in distinct(sections, 30)] == ["section", "section-2", "section-3"]
