"""A feed's title → the section that readers know."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.collector.kinds.feed_titles import is_about_comments, section_title


@pytest.mark.parametrize(
    ("title", "site", "section"),
    [
        ("The Paper \u00bb World News Category Feed", "The Paper", "World News"),
        ("The Paper &raquo; Feed".replace("&raquo;", "\u00bb"), "The Paper", ""),
        ("NYT > World News", "NYT", "World News"),
        ("World News RSS", "BBC", "World News"),
        ("BBC News - World", "BBC News", "World"),
        ("RSS Feed for Sport", "Paper", "Sport"),
        ("Le Monde.fr - Actualit\u00e9s", "Le Monde.fr", "Actualit\u00e9s"),
        ("Beispiel \u00bb Politik Kategorie-Feed", "Beispiel", "Politik"),
        ("Ejemplo \u00bb Deportes RSS de la categor\u00eda", "Ejemplo", "Deportes"),
        ("Exemple \u00bb Flux", "Exemple", ""),
        ("Reuters: World News", "Reuters", "World News"),
        ("Fox & Friends: the show", "Fox News", "Fox & Friends: the show"),
        ("TechCrunch", "TechCrunch", ""),
        ("Ars Technica - All content", "Ars Technica", ""),
        ("RSS 2.0", "Paper", ""),
        ("", "Paper", ""),
        ("World", "", "World"),
    ],
)
def test_the_site_and_the_word_for_feed_go(title: str, site: str, section: str) -> None:
    """What is left is the section; nothing is left of the whole site's feed."""
    assert section_title(title, site) == section


@pytest.mark.parametrize(
    "title", ["Paper \u00bb Comments Feed", "Kommentare", "Exemple \u00bb Flux des commentaires"]
)
def test_comments_are_known_by_their_title(title: str) -> None:
    """Feeds of comments are none of articles, whatever their address."""
    assert is_about_comments(title)


@given(st.text(max_size=300), st.text(max_size=40))
def test_any_title_gives_part_of_itself(title: str, site: str) -> None:
    """No title crashes it, and what comes out has no more letters than went in."""
    assert len(section_title(title, site)) <= len(title) + 3 * title.count("|") + 10
    assert is_about_comments(title) in {True, False}
