"""A page built to hurt is read in bounded time."""

from __future__ import annotations

import time

from digest.collector.discovery.site_style import read_style, style_sheets
from digest.collector.kinds.html_page import read_head, read_page
from digest.collector.kinds.site_menu import read_menu
from digest.models.limits import DocumentLimits


def test_absurd_depth_is_cut_off() -> None:
    """What stands before it is read; the rest does not cost the square of its depth."""
    text = '<html lang="de"><nav><a href="/sport/">Sport</a></nav>' + "<div>" * 200_000
    started = time.monotonic()
    assert read_head(text, "https://site.example/").language == "de"
    assert len(read_menu(text, "https://site.example/")) == 1
    assert read_style(text, "https://site.example/").logo == ""
    assert time.monotonic() - started < 20


def test_ordinary_depth_is_whole() -> None:
    """Elements that HTML closes by itself do not count."""
    tree = read_page("<ul>" + "<li>x" * 5_000 + "<b id=end>y</b>")
    assert tree.css_first("#end") is not None


def test_no_more_of_a_page_is_read_than_allowed() -> None:
    """Characters and depth end where the bounds say, in every reading of a page."""
    text = '<html><nav><a href="/sport/">Sport</a><div><b><a href="/arts/">Arts</a></b></div></nav>'
    site = "https://site.example/"

    def menu(limits: DocumentLimits) -> list[str]:
        return [link.title for link in read_menu(text, site, limits)]

    assert menu(DocumentLimits()) == ["Sport", "Arts"]
    assert menu(DocumentLimits(max_page_characters=text.index("<div>"))) == ["Sport"]
    assert menu(DocumentLimits(max_page_depth=3)) == ["Sport"]
    assert menu(DocumentLimits(max_links=1)) == ["Sport"]
    assert read_head(
        f"<title>{'x' * 90}</title>", site, DocumentLimits(max_page_characters=20)
    ).name == ("x" * 13)


def test_no_more_style_sheets_are_named_than_allowed() -> None:
    """The first ones speak."""
    text = "".join(f'<link rel="stylesheet" href="/{number}.css">' for number in range(9))
    assert len(style_sheets(text, "https://site.example/", DocumentLimits(max_stylesheets=2))) == 2
