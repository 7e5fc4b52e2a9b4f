"""Changes to an overlay: read back they are the same wishes, and the file stays a person's."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.editorial import parse_overlay
from digest.errors import UsageError
from digest.pipeline.desk.overlay_changes import (
    changed,
)
from digest.pipeline.desk.overlay_wishes import (
    ArrangeSection,
    Change,
    DropStory,
    LeadStory,
    LetRankLead,
    MergeStories,
    OrderHeadings,
    PinStory,
    PutLink,
    PutSponsor,
    RemoveEntry,
    RestoreStory,
    RewordStory,
    SplitArticle,
    StoryNames,
    UnpinStory,
    WriteNote,
    WriteSubject,
)

A, B, C = (
    StoryNames(one, frozenset({f"https://news.example/{one}", f"Headline of {one}"}))
    for one in ("a1", "b2", "c3")
)
BY_HAND = """\
# The Monday file. Ask Ann before changing it.
subject = "Storm: {{ lead.title }}"   # agreed with the night desk

# legal said so
[[drop]]
story = "https://news.example/a1"     # not the wire's version
why = "legal"

# the second paragraph of this remark
# stands right above its entry

[[pin]]
story = "Headline of b2"
section = "world"
place = 2 # below the fold

[note]
text = \"\"\"
Good [morning].
# no comment
[[pin]]
\"\"\"

[[drop]]
story = "x9"
# the end
"""


def _read(text: str) -> dict[str, Any]:
    parse_overlay(text, "overlays/daily/x.toml")
    return tomllib.loads(text)


def test_a_first_change_makes_a_file_that_reads_well() -> None:
    """Entries are written as the documentation writes them."""
    text = changed("", DropStory(A, "legal"))
    text = changed(text, LeadStory(B))
    text = changed(text, WriteSubject("Storm over", ""))
    assert text == (
        'subject = "Storm over"\n\n[[drop]]\nstory = "a1"\nwhy = "legal"\n\n[lead]\nstory = "b2"\n'
    )


def test_every_comment_and_the_order_stay() -> None:
    """A change of one entry leaves all other lines as they were written."""
    text = changed(BY_HAND, PinStory(B, "tech", 1))
    before, after = BY_HAND.splitlines(), text.splitlines()
    assert [line for line in before if line not in after] == [
        'story = "Headline of b2"',
        'section = "world"',
        "place = 2 # below the fold",
    ]
    assert "place = 1 # below the fold" in after
    assert len(before) == len(after)


def test_a_story_is_found_by_address_and_by_headline_too() -> None:
    """What a person wrote by address or headline is the same story to the desk."""
    text = changed(BY_HAND, RestoreStory(A))
    assert "legal" not in text
    assert "# the second paragraph of this remark" in text
    assert [one["story"] for one in _read(text)["drop"]] == ["x9"]
    assert "pin" not in _read(changed(text, DropStory(B)))


def test_what_is_dropped_is_wished_nothing_else() -> None:
    """A lead, a pin, an order or words of a dropped story would be faults."""
    text = ""
    for change in (
        LeadStory(A),
        ArrangeSection("world", (A, B)),
        RewordStory(A, headline="Better"),
        PinStory(B, "world"),
        DropStory(A),
        DropStory(B),
    ):
        text = changed(text, change)
    assert _read(text) == {"drop": [{"story": "a1"}, {"story": "b2"}]}


def test_two_pins_never_stand_at_one_place() -> None:
    """The later wish gets the place; the other moves down."""
    text = ""
    for change in (PinStory(A, "world"), PinStory(B, "world"), PinStory(C, "world")):
        text = changed(text, change)
    places = {one["story"]: one["place"] for one in _read(text)["pin"]}
    assert places["c3"] == 1
    assert sorted(places.values()) == [1, 2, 3]


def test_an_arranged_section_moves_its_pins_along() -> None:
    """A pin says a place: it must not hold a story back that was moved."""
    text = changed("", PinStory(A, "world", 1))
    found = _read(changed(text, ArrangeSection("world", (B, C, A))))
    assert found["pin"] == [{"story": "a1", "section": "world", "place": 3}]
    assert found["order"] == [{"section": "world", "stories": ["b2", "c3", "a1"]}]


def test_a_merge_is_one_entry_and_taking_it_apart_leaves_none() -> None:
    """The first leads; a third joins the entry; what was joined by hand just leaves it."""
    text = changed(changed("", PinStory(B, "world")), MergeStories(A, B))
    assert _read(text) == {"merge": [{"stories": ["a1", "b2"]}]}
    text = changed(text, MergeStories(A, C))
    assert _read(text)["merge"] == [{"stories": ["a1", "c3", "b2"]}]
    text = changed(text, SplitArticle(B))
    assert _read(text) == {"merge": [{"stories": ["a1", "c3"]}]}
    text = changed(text, SplitArticle(A))
    assert not text
    assert _read(changed(text, SplitArticle(A))) == {"split": [{"story": "a1"}]}


def test_a_merged_lead_leads_on() -> None:
    """By the story that leads the merged one."""
    text = changed(changed("", LeadStory(B, everyone=True)), MergeStories(A, B))
    assert _read(text)["lead"] == {"story": "a1", "everyone": True}


def test_tables_in_one_line_become_entries_when_changed() -> None:
    """TOML knows two ways to write a list of tables, and they do not mix."""
    text = 'drop = [{ story = "x" }, { story = "y" }]\nnote.text = "Hello"\n'
    found = _read(changed(text, DropStory(A)))
    assert found == {
        "drop": [{"story": "x"}, {"story": "y"}, {"story": "a1"}],
        "note": {"text": "Hello"},
    }


def test_windows_line_ends_stay() -> None:
    """Version control shows one changed entry, not a changed file."""
    text = changed('subject = "x"\r\n\r\n[[drop]]\r\nstory = "y"\r\n', DropStory(A))
    assert text.count("\r\n") == text.count("\n") == 7


def test_words_of_several_lines_are_written_so() -> None:
    """A note is a paragraph a line, not one line full of backslashes."""
    text = changed("", WriteNote('Good morning.\r\n\r\nThe storm has "passed".', "Ann"))
    assert 'Good morning.\n\nThe storm has "passed".' in text
    assert _read(text)["note"]["text"] == 'Good morning.\n\nThe storm has "passed".'


def test_an_entry_that_is_gone_cannot_be_removed() -> None:
    """The number is checked, whatever a page sends."""
    with pytest.raises(UsageError, match="no sponsor number 1"):
        changed("", RemoveEntry("sponsor", 0))


def test_what_is_not_toml_is_not_touched() -> None:
    """A file in the middle of an edit is never made worse."""
    with pytest.raises(UsageError, match="not valid TOML"):
        changed("[[drop]\n", DropStory(A))


_WORDS = st.text(
    st.sampled_from("\"'\\\n#[") | st.characters(codec="utf-8", exclude_characters="\r"),
    min_size=1,
    max_size=30,
)
_STORIES = st.sampled_from([A, B, C])
_SECTIONS = st.sampled_from(["world", "tech"])
_CHANGES: st.SearchStrategy[Change] = st.one_of(
    st.builds(LeadStory, _STORIES, st.booleans()),
    st.just(LetRankLead()),
    st.builds(PinStory, _STORIES, _SECTIONS, st.integers(1, 4)),
    st.builds(UnpinStory, _STORIES),
    st.builds(DropStory, _STORIES, st.sampled_from(["", "legal"])),
    st.builds(RestoreStory, _STORIES),
    st.builds(
        ArrangeSection, _SECTIONS, st.permutations([A, B, C]).map(lambda some: tuple(some[:2]))
    ),
    st.builds(RewordStory, _STORIES, st.none() | _WORDS, st.none() | _WORDS),
    st.permutations([A, B, C]).map(lambda some: MergeStories(some[0], some[1])),
    st.builds(SplitArticle, _STORIES),
    st.builds(WriteNote, _WORDS),
    st.builds(WriteSubject, _WORDS, _WORDS),
    st.builds(
        PutSponsor,
        _WORDS,
        _WORDS,
        section=_SECTIONS,
        starts=st.none() | st.dates(min_value=date(2026, 1, 1)),
    ),
    st.builds(PutLink, _WORDS, st.just("https://news.example/x")),
    st.builds(OrderHeadings, st.permutations(["world", "tech"]).map(tuple)),
)


@given(st.lists(_CHANGES, max_size=8), st.sampled_from(["", BY_HAND]))
def test_any_sequence_of_changes_reads_back_as_the_same_wishes(
    changes: list[Change], text: str
) -> None:
    """Whole, valid, with every comment line still there, and the last word of each kind heeded."""
    for change in changes:
        text = changed(text, change)
        found = _read(text)
        _heeded(change, found)
        again = PutSponsor | PutLink | DropStory | SplitArticle
        assert changed(text, change) == text or isinstance(change, again)
        places = [(one["section"], one["place"]) for one in found.get("pin", ()) if "place" in one]
        assert len(places) == len(set(places))
        assert "\n\n\n" not in _without_strings(text)
        assert not text or text.endswith("\n")


def _without_strings(text: str) -> str:
    return text if '"""' not in text else ""


def _heeded(change: Change, found: dict[str, Any]) -> None:
    match change:
        case LeadStory(story, everyone):
            assert found["lead"]["story"] == story.id or story.is_called(found["lead"]["story"])
            assert found["lead"].get("everyone", False) is everyone
        case PinStory(story, section, place):
            (pin,) = [one for one in found["pin"] if story.is_called(one["story"])]
            assert (pin["section"], pin["place"]) == (section, place)
        case DropStory(story):
            assert sum(story.is_called(one["story"]) for one in found["drop"]) == 1
        case ArrangeSection(section, stories):
            (order,) = [one for one in found["order"] if one["section"] == section]
            assert order["stories"] == [story.id for story in stories]
        case MergeStories() | SplitArticle():
            _regrouped(change, found)
        case WriteSubject(subject, preheader):
            assert (found["subject"], found["preheader"]) == (subject, preheader)
        case WriteNote(text):
            assert found.get("note", {}).get("text", "") == text.strip()
        case RewordStory(story, headline, excerpt) if headline or excerpt:
            (words,) = [one for one in found["replace"] if story.is_called(one["story"])]
            assert (words.get("headline"), words.get("excerpt")) == (headline, excerpt)
        case PutSponsor(text, label):
            assert (found["sponsor"][-1]["text"], found["sponsor"][-1]["label"]) == (text, label)
        case _:
            pass


def _regrouped(change: MergeStories | SplitArticle, found: dict[str, Any]) -> None:
    merges = [one["stories"] for one in found.get("merge", ())]
    if isinstance(change, SplitArticle):
        assert not any(change.article.is_called(name) for names in merges for name in names)
        return
    (merge,) = [names for names in merges if any(map(change.other.is_called, names))]
    assert merge[0] == change.first.id
    assert sum(map(change.first.is_called, merge)) == 1
    assert not any(change.other.is_called(one["story"]) for one in found.get("pin", ()))
