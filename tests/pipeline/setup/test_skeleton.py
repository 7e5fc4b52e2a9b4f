"""What `init` writes is a configuration, whatever was found."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from digest.config import Settings
from digest.pipeline.configured.loading import parse_settings
from digest.pipeline.setup.skeleton import (
    SectionDraft,
    SiteDraft,
    configuration_text,
    write_configuration,
)

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


def test_the_mailbox_of_bounces_waits_for_its_reader() -> None:
    """Commented out at first; without the signs it is a mailbox."""
    text = configuration_text(SiteDraft(host="paper.example"))
    assert not read(text).feedback.imap
    table = text[text.index("#[feedback]") : text.index("[store]")]
    used = read(text.replace(table, table.replace("#", ""))).feedback
    assert (used.imap, used.address) == ("imap.paper.example", "feedback@paper.example")


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


def test_what_no_repository_should_hold_is_named_in_gitignore(tmp_path: Path) -> None:
    """The key, the store with its journals, and what is written out; the ledger's mark may stay."""
    written = write_configuration(tmp_path / "digest.toml", SiteDraft(), secret_key="k" * 32)
    assert tmp_path / ".gitignore" in written
    lines = (tmp_path / ".gitignore").read_text().splitlines()
    patterns = {line for line in lines if line and not line.startswith("#")}
    assert {".env", "*.db", "*.db-wal", "*.db-shm", "/outbox/", "/build/"} <= patterns
    assert not any(fnmatch(".digest-ledger.json", pattern) for pattern in patterns)


def test_a_gitignore_that_is_there_is_never_touched(tmp_path: Path) -> None:
    """It is the newsroom's own."""
    (tmp_path / ".gitignore").write_text("mine\n")
    written = write_configuration(tmp_path / "digest.toml", SiteDraft(), secret_key="k" * 32)
    assert tmp_path / ".gitignore" not in written
    assert (tmp_path / ".gitignore").read_text() == "mine\n"


def test_without_a_domain_the_readers_pages_are_on_this_machine() -> None:
    """An address of bare figures gives no name to build on; what to fill in is said beside it."""
    text = configuration_text(SiteDraft(host="", url="http://127.0.0.1:8371"))
    written = read(text)
    assert written.site.public_url == "http://127.0.0.1:8026"
    assert written.mail.addr_spec == "digest@news.example"
    assert "readers need a public https address" in text
    assert "your own domain" in text


def test_with_a_domain_the_readers_pages_stand_under_it() -> None:
    """And so does the sender."""
    written = read(configuration_text(SiteDraft(host="paper.example")))
    assert written.site.public_url == "https://digest.paper.example"
    assert written.mail.addr_spec == "digest@paper.example"
