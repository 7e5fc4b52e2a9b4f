"""Lists of feeds go in and out without loss, whoever wrote them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.collector.opml import ListedFeed, read_opml, write_opml
from digest.errors import UsageError
from digest.models.limits import ListLimits

LIST = b"""<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>My &amp; your feeds</title></head><body>
<outline text="World &amp; More">
  <outline type="rss" text="Wire" xmlUrl="https://wire.example/feed" htmlUrl="https://wire.example/"/>
  <outline title="Deep"><outline text="Inner" xmlURL="https://inner.example/rss"/></outline>
</outline>
<outline text="Alone" xmlUrl="https://alone.example/rss"/>
<outline text="Alone again" xmlUrl="https://alone.example/rss"/>
<outline text="Bad" xmlUrl="javascript:x"/><outline text="A note"/>
</body></opml>"""


def test_folders_titles_and_addresses_are_read() -> None:
    """The innermost folder counts; attributes in any case; no address twice in a folder."""
    listed = read_opml(LIST)
    assert listed.title == "My & your feeds"
    assert [(feed.folder, feed.title, feed.url) for feed in listed.feeds] == [
        ("World & More", "Wire", "https://wire.example/feed"),
        ("Deep", "Inner", "https://inner.example/rss"),
        ("", "Alone", "https://alone.example/rss"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<rss/>",
        b"words",
        b"\x00\xff",
        b'<!DOCTYPE o [<!ENTITY a "b">]><opml><body/></opml>',
        b"<opml" + b" " * 9_000_000,
    ],
)
def test_what_is_no_list_is_refused(body: bytes) -> None:
    """An error that says what a list is."""
    with pytest.raises(UsageError):
        read_opml(body)


def test_depth_is_bounded() -> None:
    """Folders in folders end somewhere; what stands above is read."""
    deep = b'<outline text="x">' * 5_000
    first = b'<outline text="F" xmlUrl="https://f.example/"/>'
    assert [feed.url for feed in read_opml(b"<opml><body>" + first + deep).feeds] == [
        "https://f.example/"
    ]


words = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x2FF, exclude_categories=("Cc", "Cs", "Z")),
    min_size=1,
    max_size=20,
).filter(lambda text: "&" not in text and "\xad" not in text)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(words, st.integers(0, 99), st.sampled_from(["", "Sport", 'A "b" <c>'])),
        max_size=12,
        unique_by=lambda row: (row[1], row[2]),
    )
)
def test_what_is_written_is_read(rows: list[tuple[str, int, str]]) -> None:
    """Out and in again: the same feeds in the same folders."""
    feeds = [
        ListedFeed(
            f"t{title}", f"https://f.example/{number}", "https://s.example/", folder, "ghost"
        )
        for title, number, folder in rows
    ]
    again = read_opml(write_opml("The Paper", feeds))
    assert {(feed.url, feed.folder, feed.kind) for feed in again.feeds} == {
        (feed.url, feed.folder, feed.kind) for feed in feeds
    }


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60), st.integers(0, len(LIST)), st.integers(0, 80))
def test_a_damaged_list_is_read_or_refused(noise: bytes, start: int, length: int) -> None:
    """Bytes written anywhere over a good list never give an unknown error."""
    try:
        listed = read_opml(LIST[:start] + noise + LIST[start + length :])
    except UsageError:
        return
    assert all(feed.url.startswith("http") for feed in listed.feeds)


def test_a_list_has_a_largest_size() -> None:
    """Its bytes and its feeds are counted, and the error names the key; folders end somewhere."""
    with pytest.raises(UsageError, match="larger than 20 bytes") as caught:
        read_opml(LIST, ListLimits(max_list_bytes=20))
    assert "max_list_bytes" in caught.value.fix
    with pytest.raises(UsageError, match="more than 1 feeds") as caught:
        read_opml(LIST, ListLimits(max_list_feeds=1))
    assert "max_list_feeds" in caught.value.fix
    assert len(read_opml(LIST, ListLimits(max_list_depth=1)).feeds) < len(read_opml(LIST).feeds)
