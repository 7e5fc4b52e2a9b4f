"""What `init` writes is a configuration, whatever was found."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from digest.config import Settings, parse_settings
from digest.pipeline.skeleton import SectionDraft, SiteDraft, configuration_text

FOUND = SiteDraft(
    name="The Paper",
    logo="https://paper.example/logo.png",
    accent="#b5411c",
    paper="#fbf8f2",
    popularity="wpp",
)


def read(text: str) -> Settings:
    return parse_settings(text, Path("digest.toml"), {})


def test_looks_are_a_table_that_waits_for_its_reader() -> None:
    """Commented out at first; without the signs they are the brand."""
    text = configuration_text(FOUND)
    assert read(text).brand.accent is None
    assert "# Its logo: https://paper.example/logo.png" in text
    used = (
        text.replace("#[brand]", "[brand]").replace("#accent", "accent").replace("#paper", "paper")
    )
    assert (read(used).brand.accent, read(used).brand.paper) == ("#b5411c", "#fbf8f2")


def test_a_counter_that_was_found_is_configured() -> None:
    """At once, because it needs no secret."""
    (counter,) = read(configuration_text(FOUND)).popularity
    assert (counter.id, counter.kind) == ("views", "wpp")
    assert read(configuration_text(SiteDraft())).popularity == ()


def test_kinds_are_written_where_they_must_be() -> None:
    """What `auto` finds by itself needs no word."""
    feed = SectionDraft("a", "A", "https://p.example/a", "https://p.example/a/feed", "feed")
    page = SectionDraft("b", "B", "https://p.example/b", "https://p.example/b", "webpage")
    written = read(configuration_text(SiteDraft(sections=(feed, page))))
    assert [source.kind for source in written.source] == ["auto", "webpage"]


words = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30)


@settings(max_examples=60, deadline=None)
@given(words, words)
def test_any_title_makes_a_configuration(title: str, logo: str) -> None:
    """Quotes, signs and every script: what was found cannot break the file."""
    section = SectionDraft("a", title, "", "https://p.example/feed", "auto")
    draft = SiteDraft(sections=(section,), logo=logo.replace("\n", ""), accent="#aabbcc")
    assert read(configuration_text(draft)).section[0].title == title
