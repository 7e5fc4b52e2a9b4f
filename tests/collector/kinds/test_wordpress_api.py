"""Where WordPress's API stands, and the addresses of its routes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.collector.kinds.wordpress_api import api_root, home_of, route

SITE = "https://paper.example"
POSTS = f"{SITE}/wp-json/wp/v2/posts"
PARAMETER = f"{SITE}/index.php?rest_route=/wp/v2/posts"


@pytest.mark.parametrize(
    ("root", "posts", "home"),
    [
        (f"{SITE}/wp-json/", f"{POSTS}?tags=7", SITE),
        (f"{SITE}/blog/wp-json/", f"{SITE}/blog/wp-json/wp/v2/posts?tags=7", f"{SITE}/blog"),
        (f"{SITE}/index.php?rest_route=/", f"{PARAMETER}&tags=7", ""),
        (f"{SITE}/?rest_route=/", f"{SITE}/?rest_route=/wp/v2/posts&tags=7", ""),
    ],
)
def test_routes_of_an_api(root: str, posts: str, home: str) -> None:
    """Below its root, or in its parameter."""
    assert route(root, "wp/v2/posts", "tags=7") == posts
    assert home_of(root) == home


def test_the_api_is_mostly_at_the_root() -> None:
    """Unless the page says something else."""
    assert api_root("", f"{SITE}/world/") == f"{SITE}/wp-json/"
    assert api_root("/blog/wp-json/", f"{SITE}/world/") == f"{SITE}/blog/wp-json/"
    assert api_root("javascript:x", f"{SITE}/world/") == f"{SITE}/wp-json/"


@given(st.text(max_size=60), st.sampled_from(["", f"{SITE}/?rest_route=", f"{SITE}/a/wp-json"]))
def test_whatever_a_page_says_the_api_has_an_address(said: str, start: str) -> None:
    """Of http(s), below which routes can be named."""
    root = api_root(start + said, f"{SITE}/world/")
    assert root.startswith(("http://", "https://"))
    assert route(root, "wp/v2/posts", "tags=7").startswith(("http://", "https://"))
    assert home_of(root) == "" or home_of(root).startswith(("http://", "https://"))
