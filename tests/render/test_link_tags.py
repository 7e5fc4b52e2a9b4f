"""Tags on the links of a mail: on our own alone, and nothing that was there is lost."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from digest.models.editors import ExtraLink, Sponsor
from digest.render import Theme, render
from digest.render.link_tags import tagged

if TYPE_CHECKING:
    from tests.render.conftest import Newsroom

TAGS = (("utm_source", "daily"), ("utm_campaign", "daily 2026-11-23"))
QUERY = "utm_source=daily&utm_campaign=daily%202026-11-23"


@pytest.mark.parametrize(
    ("url", "want"),
    [
        ("https://a.example/x", f"https://a.example/x?{QUERY}"),
        ("https://a.example/x?b=1&c=%20#part", f"https://a.example/x?b=1&c=%20&{QUERY}#part"),
        (
            "https://a.example/?utm_source=own",
            "https://a.example/?utm_source=own&utm_campaign=daily%202026-11-23",
        ),
        ("mailto:desk@a.example", "mailto:desk@a.example"),
        ("", ""),
    ],
)
def test_what_an_address_has_stays(url: str, want: str) -> None:
    """Query, fragment, and a tag of the same name."""
    assert tagged(url, TAGS) == want
    assert tagged(url, ()) == url


def test_articles_and_sections_are_tagged_and_nothing_else(
    newsroom: Newsroom, frontpage: Theme
) -> None:
    """Sponsors, other sites' pages among the links, and what a reader leaves by stay bare."""
    page = newsroom.everything()
    issue = replace(
        newsroom.issue(page),
        link_tags=TAGS,
        sponsors=(Sponsor("Tea", "Advertisement", "https://tea.example/?x=1"),),
        links=(
            ExtraLink("Podcast", "https://news.example/listen"),
            ExtraLink("Weather", "https://weather.example/"),
        ),
    )
    (mail,) = render(issue, [page], frontpage, newsroom.nonce).values()
    story = "https://news.example/world/1/?from=feed&x=1"
    assert f"{story}&{QUERY}".replace("&", "&amp;") in mail.html
    assert f"{story}&{QUERY}" in mail.text
    for part in (mail.html.replace("&amp;", "&"), mail.text):
        assert f"https://news.example/listen?{QUERY}" in part
        assert "https://weather.example/?" not in part
        assert "https://tea.example/?x=1&" not in part
        bare = [word for word in part.split() if "digesthole" in word and "utm_" in word]
        assert bare == []
    assert urlsplit(story).query == "from=feed&x=1"
