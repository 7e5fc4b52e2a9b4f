"""An overlay's file: read as it was written, or told with every fault, its line and the way on."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from digest.editorial import Overlay, parse_overlay
from digest.editorial.overlay.wishes import (
    Boost,
    Drop,
    LeadEntry,
    MergeWish,
    OrderWish,
    PinWish,
    Replacement,
    SplitWish,
    SponsorSlot,
)
from digest.errors import ConfigError
from digest.models.articles import Picture
from digest.models.editors import EditorsNote, ExtraLink

FILE = "overlays/daily/2026-11-23.toml"
KNOWN = (
    "boost, drop, lead, link, merge, note, order, pin, preheader, replace, sections, split,"
    " sponsor, subject"
)
NO_DAY = "Write a day or a moment, without quotes: 2026-11-23, 2026-11-23T07:00:00."
NO_URL = "is not a URL. It must start with https:// (or http://)."
PAID = '[[sponsor]]\ntext = "a"\nlabel = "b"\n'
WHOLE = '''
subject = "S"
preheader = "P"
sections = ["b", "a"]

[note]
text = """
[[pin]]
story = 3
"""
byline = "Ann"
[lead]
story = "l"
section = "a"
everyone = true
[[pin]]
story = "p"
[[pin]]
story = "q"
section = "a"
place = 200
[[drop]]
story = "d"
[[drop]]
story = "e"
why = "legal"
[[order]]
section = "a"
stories = ["x", "y"]
[[replace]]
story = "r"
headline = "H"
[[replace]]
story = "s"
excerpt = ""
picture = "https://x.example/p.jpg"
picture_alt = "Alt"
[[boost]]
story = "b"
factor = 100
[[sponsor]]
text = "T"
label = "Ad"
[[sponsor]]
text = "T"
label = "Ad"
link = "http://x.example/"
picture = "https://x.example/q.jpg"
section = "a"
starts = 2026-11-23
expires = 2026-11-24T07:00:00Z
[[link]]
title = "L"
url = "https://x.example/l"
[[merge]]
stories = ["m", "n"]
[[split]]
story = "z"
'''


def test_everything_that_a_file_says_is_a_wish_with_its_line() -> None:
    """What it does not say has a default; what stands in a long text is no wish."""
    assert parse_overlay(WHOLE, FILE) == Overlay(
        subject="S",
        preheader="P",
        sections=("b", "a"),
        sections_where=f"{FILE}:4",
        note=EditorsNote("[[pin]]\nstory = 3\n", "Ann"),
        lead=LeadEntry(f"{FILE}:12", "l", "a", everyone=True),
        pins=(PinWish(f"{FILE}:16", "p", "", 1), PinWish(f"{FILE}:18", "q", "a", 200)),
        drops=(Drop(f"{FILE}:22", "d", ""), Drop(f"{FILE}:24", "e", "legal")),
        orders=(OrderWish(f"{FILE}:27", "a", ("x", "y")),),
        replacements=(
            Replacement(f"{FILE}:30", "r", "H", None, None),
            Replacement(f"{FILE}:33", "s", None, "", Picture("https://x.example/p.jpg", alt="Alt")),
        ),
        boosts=(Boost(f"{FILE}:38", "b", 100.0),),
        sponsors=(
            SponsorSlot(f"{FILE}:41", "T", "Ad"),
            SponsorSlot(
                where=f"{FILE}:44",
                text="T",
                label="Ad",
                url="http://x.example/",
                picture=Picture("https://x.example/q.jpg"),
                section="a",
                starts=date(2026, 11, 23),
                expires=datetime(2026, 11, 24, 7, tzinfo=UTC),
            ),
        ),
        links=(ExtraLink("L", "https://x.example/l"),),
        merges=(MergeWish(f"{FILE}:55", ("m", "n")),),
        splits=(SplitWish(f"{FILE}:57", "z"),),
    )
    assert parse_overlay("", FILE) == Overlay(sections_where=FILE)


def test_a_standing_file_wishes_for_what_need_not_be_there() -> None:
    """Its drops and boosts may meet nothing, and its sponsors may rest."""
    text = f'[[drop]]\nstory = "d"\n[[boost]]\nstory = "b"\nfactor = 2\n{PAID}'
    standing = parse_overlay(text, FILE, standing=True)
    assert not standing.drops[0].must_match
    assert not standing.boosts[0].must_match
    assert not standing.sponsors[0].must_run


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('\nsubjct = "x"', f'{FILE}:2: "subjct" is not known here. Did you mean "subject"?'),
        ("zzzzz = 1", f'{FILE}:1: "zzzzz" is not known here. Known: {KNOWN}.'),
        ("[[zz]]\na = 1", f'{FILE}:1: "zz" is not known here. Known: {KNOWN}.'),
        ('[note]\nzz = 1\ntext = "b"', f'{FILE}:2: "zz" is not known here. Known: byline, text.'),
        ("\nsubject = 3", f'{FILE}:2: "subject": Input should be a valid string.'),
        ('sections = ["a", 3]', f'{FILE}:1: "sections": Input should be a valid string.'),
        ("\nsections = 3", f'{FILE}:2: "sections": Input should be a valid list.'),
        ("\npin = 3", f'{FILE}:2: "pin": Input should be a valid list.'),
        ('\n[pin]\nstory = "a"', f'{FILE}:2: "pin": Input should be a valid list.'),
        ("lead = {story = 3}", f'{FILE}:1: "story": Input should be a valid string.'),
        ("[[pin]]\nplace = 2", f'{FILE}:1: [pin]: "story" is missing.'),
        ('[lead]\nsection = "x"', f'{FILE}:1: [lead]: "story" is missing.'),
        (
            '[[pin]]\nstory = "a"\n[[pin]]\nstory = "b"\nplace = 0',
            f'{FILE}:5: "place": Input should be greater than or equal to 1.',
        ),
        (
            '[[pin]]\nstory = "a"\nplace = 201',
            f'{FILE}:3: "place": Input should be less than or equal to 200.',
        ),
        (
            '[[replace]]\nstory = "a"\nheadline = "x"\n[[replace]]\nstory = "b"',
            f'{FILE}:4: "replace": give it a headline, an excerpt or a picture.',
        ),
        (
            '[[link]]\ntitle = "a"\nurl = "ftp://x.example"',
            f'{FILE}:3: "url": "ftp://x.example" {NO_URL}',
        ),
        ('[[link]]\ntitle = "a"\nurl = "https://"', f'{FILE}:3: "url": "https://" {NO_URL}'),
        (
            '[[boost]]\nstory = "x"\nfactor = 0',
            f'{FILE}:3: "factor": Input should be greater than 0.',
        ),
        (f'{PAID}starts = "x"', f'{FILE}:4: "starts": {NO_DAY}'),
        (f"{PAID}\nexpires = 3", f'{FILE}:5: "expires": {NO_DAY}'),
        (f"{PAID}link = 3", f'{FILE}:4: "link": Input should be a valid string.'),
    ],
)
def test_a_fault_is_told_once_with_its_line_and_what_would_be_right(text: str, said: str) -> None:
    """Of the key where it has one, else of the entry."""
    with pytest.raises(ConfigError) as caught:
        parse_overlay(text, FILE)
    assert str(caught.value) == said


def test_a_file_that_is_no_toml_is_told_with_what_it_must_be() -> None:
    """In the parser's words for the place."""
    with pytest.raises(ConfigError) as caught:
        parse_overlay("x ==", FILE)
    assert str(caught.value) == (
        f"{FILE}: not valid TOML: Invalid value (at line 1, column 4). Strings need quotes; entries"
        " start with [[pin]], [[drop]] and so on"
    )


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("lead", '[lead]\nstory = "a"'),
        ("pin", '[[pin]]\nstory = "a"'),
        ("order", '[[order]]\nsection = "s"\nstories = ["a"]'),
        ("replace", '[[replace]]\nstory = "a"\nheadline = "x"'),
        ("merge", '[[merge]]\nstories = ["a", "b"]'),
        ("split", '[[split]]\nstory = "a"'),
    ],
)
def test_a_standing_file_speaks_of_no_story_of_one_issue(name: str, entry: str) -> None:
    """It is told where such a wish belongs."""
    with pytest.raises(ConfigError) as caught:
        parse_overlay(f"\n{entry}", FILE, standing=True)
    assert str(caught.value) == (
        f'{FILE}:2: "{name}" speaks of a story of one issue. Move it to the overlay of that issue:'
        " overlays/<edition>/<slot>.toml."
    )


def test_the_wishes_of_an_issue_lie_over_the_standing_ones() -> None:
    """Single words win; lists add up, its own first; an order of sections goes with its place."""
    standing = parse_overlay(
        'subject = "A"\npreheader = "B"\nsections = ["a"]\n[note]\ntext = "N"\n'
        f'[[drop]]\nstory = "d"\n[[boost]]\nstory = "b"\nfactor = 2\n{PAID}'
        '[[link]]\ntitle = "L"\nurl = "https://x.example/"\n',
        "standing.toml",
        standing=True,
    )
    own = parse_overlay(WHOLE, FILE)
    both = own.over(standing)
    assert (both.subject, both.preheader, both.note) == ("S", "P", own.note)
    assert (both.sections, both.sections_where) == (("b", "a"), f"{FILE}:4")
    assert both.drops == own.drops + standing.drops
    assert both.boosts == own.boosts + standing.boosts
    assert both.sponsors == own.sponsors + standing.sponsors
    assert both.links == own.links + standing.links
    assert (both.pins, both.lead, both.merges) == (own.pins, own.lead, own.merges)
    assert parse_overlay("", FILE).over(standing) == standing


@pytest.mark.parametrize(
    ("entry", "known"),
    [
        ("[note]", "byline, text"),
        ("[lead]", "everyone, section, story"),
        ("[[pin]]", "place, section, story"),
        ("[[drop]]", "story, why"),
        ("[[order]]", "section, stories"),
        ("[[replace]]", "excerpt, headline, picture, picture_alt, story"),
        ("[[boost]]", "factor, story"),
        (
            "[[sponsor]]",
            "expires, label, link, picture, picture_alt, section, starts, text",
        ),
        ("[[link]]", "title, url"),
        ("[[merge]]", "stories"),
        ("[[split]]", "story"),
    ],
)
def test_a_key_that_is_not_known_is_told_with_those_of_its_entry(entry: str, known: str) -> None:
    """Whichever it is."""
    with pytest.raises(ConfigError) as caught:
        parse_overlay(f"{entry}\nqqq = 1", FILE)
    assert f'{FILE}:2: "qqq" is not known here. Known: {known}.' in str(caught.value).splitlines()
