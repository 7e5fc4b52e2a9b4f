"""Language: what the feed says, else small words; and which two are foreign to one another."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from digest.editorial.stories.language import foreign, language_of
from digest.models.articles import KnownArticle

Known = Callable[..., KnownArticle]


@pytest.mark.parametrize(
    ("title", "said", "language"),
    [
        ("The storm is over and the bridge is open", "", "en"),
        ("Der Sturm ist vorbei, und die Brücke ist offen", "", "de"),
        ("La tormenta ha pasado y el puente está abierto", "", "romance"),
        ("Storm over", "", ""),
        ("Storm over", "pt-BR", "pt"),
    ],
)
def test_a_language_is_declared_or_told_by_small_words(
    known: Known, title: str, said: str, language: str
) -> None:
    """Too few small words tell nothing."""
    assert language_of(known("a", title=title, language=said).article) == language


def test_what_is_not_known_is_not_foreign() -> None:
    """Nor is a guess among the Romance languages."""
    assert foreign("en", "de")
    assert foreign("fr", "es")
    assert not foreign("", "de")
    assert not foreign("fr", "romance")
    assert foreign("romance", "de")
