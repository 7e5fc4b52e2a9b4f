"""JSON of strangers: damage that harms no item is read past, as it is in XML."""

from __future__ import annotations

import json

import pytest

from digest.collector.kinds import ghost, jsonfeed, wordpress
from digest.collector.kinds.contract import FetchedPage
from digest.collector.kinds.json_document import load, load_whole_items
from digest.errors import SourceUnreadable
from digest.models.limits import DocumentLimits

POSTS = "https://news.example/wp-json/wp/v2/posts?per_page=100"


def _post(number: int) -> dict[str, object]:
    return {
        "id": number,
        "link": f"https://news.example/{number}",
        "title": {"rendered": f"Número {number}"},
        "_embedded": {"wp:term": [[{"name": "Mundo"}]]},
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<br />\n<b>Aviso</b>: línea <b>[12]</b><br />", ""),
        ("stdClass Object\n(\n    [a] => 1\n)\n", ""),
        ('array(1) {\n  [0]=>\n  string(1) "a"\n}\n', ""),
        (")]}',\n", ""),
        ("while(1);", ""),
        ("for(;;);", ""),
        ("1f4a\r\n", ""),
        ("callback(", ");"),
        ("\ufeff\ufeff\n", "\n<!-- 0.3 s -->"),
    ],
)
def test_what_stands_around_the_json_is_read_past(before: str, after: str) -> None:
    """Notices, guards against scripts, calls, and a comment of a cache."""
    text = f"{before}{json.dumps([_post(1)])}{after}"
    page = FetchedPage(POSTS, text, "application/json")
    assert wordpress.recognises(page)
    assert [item.title for item in wordpress.parse(page, DocumentLimits()).items] == ["Número 1"]


def test_damage_inside_harms_no_text() -> None:
    """A line break in a text, and a comma with nothing behind it; one in a text stays."""
    assert load('{"a": "one\ntwo,]", "b": [1, 2, ],}', 9) == {"a": "one\ntwo,]", "b": [1, 2]}
    with pytest.raises(SourceUnreadable):
        load('{"a": "one', 9)


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_an_answer_that_is_cut_off_keeps_its_whole_items(cut: int) -> None:
    """And says so; half an item is none."""
    text = json.dumps([_post(number) for number in range(3)])[:-cut]
    value, torn = load_whole_items(text, 20)
    assert torn
    assert value == [_post(0), _post(1)] or cut == 1
    read = wordpress.parse(FetchedPage(POSTS, text), DocumentLimits())
    assert read.notes == (f"the answer is cut off after {len(value)} whole items",)


def test_feeds_and_ghost_keep_their_whole_items_too() -> None:
    """Their lists stand inside an object, behind other lists."""
    items = [{"id": str(n), "url": f"https://news.example/{n}", "title": "T"} for n in range(3)]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "authors": [{"name": "A"}],
        "items": items,
    }
    read = jsonfeed.parse(FetchedPage("", json.dumps(feed)[:-20]), DocumentLimits())
    assert (len(read.items), read.items[0].authors) == (2, ("A",))
    posts = {"posts": [{**one, "feature_image": None, "tags": [{"name": "x"}]} for one in items]}
    assert len(ghost.parse(FetchedPage("", json.dumps(posts)[:-30]), DocumentLimits()).items) == 2


@pytest.mark.parametrize(
    "answer",
    [
        {"0": _post(0), "2": _post(2)},
        {"body": [_post(0), _post(2)], "status": 200, "headers": {}},
    ],
)
def test_a_list_with_gaps_or_in_an_envelope_is_a_list(answer: object) -> None:
    """PHP writes it as an object once a plug-in has taken a post out."""
    page = FetchedPage(POSTS, json.dumps(answer), "application/json")
    assert wordpress.recognises(page)
    titles = [item.title for item in wordpress.parse(page, DocumentLimits()).items]
    assert titles == ["Número 0", "Número 2"]


def test_names_alone_are_authors() -> None:
    """Where a feed writes a text for JSON Feed's objects."""
    item = {"id": "1", "url": "https://news.example/1", "title": "T"}
    for said in ({"authors": ["Anna", {"name": "Bert"}]}, {"author": "Anna"}):
        feed = {"version": "https://jsonfeed.org/version/1.1", "items": [item | said]}
        read = jsonfeed.parse(FetchedPage("", json.dumps(feed)), DocumentLimits())
        assert read.items[0].authors[0] == "Anna"
