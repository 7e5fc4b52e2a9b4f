"""XML is bounded and closed before a parser sees it."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from digest.collector.kinds.xml_outline import outline, root_of
from digest.errors import SourceUnsafe


def feed(items: int) -> str:
    inside = "".join(f"<item><a><![CDATA[</item>]]></a><b/>{n}</item>" for n in range(items))
    head = "<!DOCTYPE x [<!ENTITY a 'b'>]><rss><channel><image><url>u</url></image>"
    return f"{head}{inside}</channel></rss>"


def test_enough_items_are_kept_and_closed() -> None:
    """What is left out is left out whole, and the rest is still well-formed."""
    outlined = outline(feed(10), max_items=3, max_depth=20)
    assert (outlined.items, outlined.cut, outlined.torn) == (3, True, False)
    assert len(list(ET.fromstring(outlined.text).iter("item"))) == 3  # noqa: S314 - written above


def test_all_of_it_is_kept_where_it_fits() -> None:
    """Only what stands before the root goes."""
    outlined = outline(feed(3), max_items=3000, max_depth=20)
    assert (outlined.items, outlined.cut, outlined.torn) == (3, False, False)
    assert outlined.text == feed(3).partition("]>")[2]


@pytest.mark.parametrize("end", range(60, 250, 7))
def test_a_torn_document_is_closed(end: int) -> None:
    """Cut anywhere, what is handed on is well-formed and holds whole items only."""
    outlined = outline(feed(5)[:end], max_items=100, max_depth=20)
    root = ET.fromstring(outlined.text)  # noqa: S314 - written above
    assert outlined.torn
    assert len(list(root.iter("item"))) == outlined.items


def test_too_many_elements_in_an_item_are_refused() -> None:
    """An item of thousands of elements is there to cost time."""
    with pytest.raises(SourceUnsafe, match="elements in one item"):
        outline(f"<rss><item/><item>{'<b/>' * 5000}", max_items=9, max_depth=20)


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("<?xml version='1.0'?><rss version='2.0'>", "rss"),
        ("<rdf:RDF>", "rdf"),
        ("<a:feed xmlns:a='x'>", "feed"),
        ("<!-- <html> --><urlset>", "html"),
        ("<!DOCTYPE html><p><rss>", "html"),
        ("<svg/>", ""),
        ("", ""),
    ],
)
def test_the_root_is_named(text: str, root: str) -> None:
    """A document is told by its first element."""
    assert root_of(text) == root
