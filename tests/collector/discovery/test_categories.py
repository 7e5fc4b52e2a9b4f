"""Categories and the menu become sections, whatever a stranger's JSON says."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from digest.collector.discovery.categories import read_categories
from digest.collector.kinds.site_menu import MenuLink

SITE = "https://paper.example/"
VALUES = st.none() | st.booleans() | st.integers(-5, 200) | st.text(max_size=10) | st.just([1])
ANSWERS = st.lists(
    st.dictionaries(
        st.sampled_from(["id", "name", "slug", "count", "parent", "link"]), VALUES, max_size=6
    )
    | VALUES,
    max_size=6,
)


@given(ANSWERS | VALUES)
def test_any_answer_gives_sections_that_can_be_collected(answer: object) -> None:
    """Each with a title and absolute addresses, or none at all."""
    menu = (MenuLink("World", f"{SITE}category/world/"), MenuLink("Arts", f"{SITE}category/arts/"))
    found, left_out = read_categories(json.loads(json.dumps(answer)), menu, SITE, f"{SITE}wp-json/")
    for one in found:
        assert one.title
        assert one.url.startswith(("http://", "https://"))
        assert one.feed_url.startswith(("http://", "https://"))
        assert one.posts_url == "" or one.posts_url.startswith(f"{SITE}wp-json/wp/v2/posts?")
    assert all(isinstance(name, str) for name in left_out)
