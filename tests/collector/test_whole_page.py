"""A page built to hurt is read in bounded time."""

from __future__ import annotations

import time

from digest.collector.looks import read_looks
from digest.collector.menu import read_menu
from digest.collector.page_feeds import read_head
from digest.collector.whole_page import read_page


def test_absurd_depth_is_cut_off() -> None:
    """What stands before it is read; the rest does not cost the square of its depth."""
    text = '<html lang="de"><nav><a href="/sport/">Sport</a></nav>' + "<div>" * 200_000
    started = time.monotonic()
    assert read_head(text, "https://site.example/").language == "de"
    assert len(read_menu(text, "https://site.example/")) == 1
    assert read_looks(text, "https://site.example/").logo == ""
    assert time.monotonic() - started < 20


def test_ordinary_depth_is_whole() -> None:
    """Elements that HTML closes by itself do not count."""
    tree = read_page("<ul>" + "<li>x" * 5_000 + "<b id=end>y</b>")
    assert tree.css_first("#end") is not None
