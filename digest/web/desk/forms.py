"""A form of the desk → the change that it asks for, with words to undo it by.

Every field is checked here; what a page never sends is a UsageError.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from digest.errors import UsageError
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
from digest.web.desk.contract import DeskPage
from digest.web.desk.view import SectionRows

Fields = Mapping[str, str]
_LENGTH_OF_A_DAY = len("2026-11-30")


@dataclass(frozen=True, slots=True)
class ChangeAsked:
    """A change, and its name in words: 'drop "Storm over"'."""

    change: Change
    words: str


def change_asked(action: str, fields: Fields, shown: DeskPage) -> ChangeAsked:
    """Return the change that a form asks for. Raises UsageError."""
    make = _ACTIONS.get(action)
    if make is None:
        raise UsageError(f'the desk knows no "{action}"')
    return make(fields, shown)


def _lead(fields: Fields, shown: DeskPage) -> ChangeAsked:
    story = _story(fields, shown)
    everyone = fields.get("everyone") == "1"
    return ChangeAsked(LeadStory(story, everyone), f"lead with {_title(story, shown)}")


def _unlead(_fields: Fields, _shown: DeskPage) -> ChangeAsked:
    return ChangeAsked(LetRankLead(), "let the ranking choose the lead")


def _pin(fields: Fields, shown: DeskPage) -> ChangeAsked:
    story, section = _story(fields, shown), _section(fields, shown)
    place = int(fields["place"]) if fields.get("place", "").isdecimal() else 0
    size = len(_rows(shown, section).rows)
    pin = PinStory(story, section, _pin_place(shown, section, place or size + 1))
    return ChangeAsked(pin, f"put {_title(story, shown)} into {_heading(shown, section)}")


def _unpin(fields: Fields, shown: DeskPage) -> ChangeAsked:
    story = _story(fields, shown)
    return ChangeAsked(UnpinStory(story), f"unpin {_title(story, shown)}")


def _drop(fields: Fields, shown: DeskPage) -> ChangeAsked:
    story = _story(fields, shown)
    return ChangeAsked(DropStory(story, fields.get("why", "")), f"drop {_title(story, shown)}")


def _restore(fields: Fields, shown: DeskPage) -> ChangeAsked:
    story = _story(fields, shown)
    return ChangeAsked(RestoreStory(story), f"take the drop of {_title(story, shown)} back")


def _place(fields: Fields, shown: DeskPage) -> ChangeAsked:
    """Move a story to a place of a section: by order among its like, else by a pin."""
    story, section = _story(fields, shown), _section(fields, shown)
    rows = _rows(shown, section).rows
    ids = [row.id for row in rows]
    wanted = int(fields["place"]) if fields.get("place", "").isdecimal() else 1
    words = f"move {_title(story, shown)}"
    if story.id not in ids:
        pin = PinStory(story, section, _pin_place(shown, section, wanted))
        return ChangeAsked(pin, f"{words} to {_heading(shown, section)}")
    before, after = ids.index(story.id), min(max(wanted, 1), len(ids)) - 1
    tops = _tops(shown, section)
    if (before < tops) != (after < tops):
        return ChangeAsked(PinStory(story, section, _pin_place(shown, section, wanted)), words)
    ids.insert(after, ids.pop(before))
    return ChangeAsked(ArrangeSection(section, tuple(_named(one, shown) for one in ids)), words)


def _up(fields: Fields, shown: DeskPage) -> ChangeAsked:
    return _place({**fields, "place": str(_here(fields) - 1)}, shown)


def _down(fields: Fields, shown: DeskPage) -> ChangeAsked:
    return _place({**fields, "place": str(_here(fields) + 1)}, shown)


def _here(fields: Fields) -> int:
    return int(fields["place"]) if fields.get("place", "").isdecimal() else 1


def _to_section(fields: Fields, shown: DeskPage) -> ChangeAsked:
    return _place({**fields, "section": fields.get("to", ""), "place": "1"}, shown)


def _reword(fields: Fields, shown: DeskPage) -> ChangeAsked:
    """Take over what differs from the words that the form was filled with."""
    story = _story(fields, shown)
    before = _replaced(story, shown)

    def word(name: str) -> str | None:
        new = fields.get(name, "").strip()
        if new == fields.get(f"own_{name}", "").strip():
            return before.get(name)
        return new if new or name == "excerpt" else None

    alt = fields.get("picture_alt", "").strip() or before.get("picture_alt")
    change = RewordStory(story, word("headline"), word("excerpt"), word("picture"), alt)
    return ChangeAsked(change, f"reword {_title(story, shown)}")


def _own_words(fields: Fields, shown: DeskPage) -> ChangeAsked:
    story = _story(fields, shown)
    return ChangeAsked(RewordStory(story), f"give {_title(story, shown)} its own words back")


def _merge(fields: Fields, shown: DeskPage) -> ChangeAsked:
    first, other = _story(fields, shown), _story({"story": fields.get("other", "")}, shown)
    if other.is_called(first.id):
        raise UsageError("those are one story already")
    words = f"tell {_title(other, shown)} together with {_title(first, shown)}"
    return ChangeAsked(MergeStories(first, other), words)


def _split(fields: Fields, shown: DeskPage) -> ChangeAsked:
    """Split one article off: the story's other names must not mean it."""
    article = _story(fields, shown)
    verdicts = shown.page.verdicts if shown.page else ()
    one = next((found for found in verdicts if found.article_id == article.id), None)
    names = frozenset({one.url, one.title} - {""}) if one else frozenset[str]()
    alone = StoryNames(article.id, names)
    return ChangeAsked(SplitArticle(alone), f"tell {_title(article, shown)} by itself")


def _heading_up(fields: Fields, shown: DeskPage) -> ChangeAsked:
    return _heading_moved(fields, shown, -1)


def _heading_down(fields: Fields, shown: DeskPage) -> ChangeAsked:
    return _heading_moved(fields, shown, 1)


def _heading_moved(fields: Fields, shown: DeskPage, by: int) -> ChangeAsked:
    """Exchange a heading with the one that the mail shows before or after it."""
    section = _section(fields, shown)
    seen = [one.id for one in shown.stories if one.id]
    if section not in seen:
        raise UsageError(f"the mail shows no story of {_heading(shown, section)}")
    at = seen.index(section)
    to = min(max(at + by, 0), len(seen) - 1)
    seen[at], seen[to] = seen[to], seen[at]
    own = [id_ for id_, _ in shown.edition.sections]
    order = (*seen, *(id_ for id_ in own if id_ not in seen))
    wished = OrderHeadings(() if list(order) == own else order)
    return ChangeAsked(wished, f"move the heading {_heading(shown, section)}")


def _note(fields: Fields, _shown: DeskPage) -> ChangeAsked:
    return ChangeAsked(WriteNote(fields.get("text", ""), fields.get("byline", "")), "the note")


def _subject(fields: Fields, _shown: DeskPage) -> ChangeAsked:
    subject, preheader = fields.get("subject", "").strip(), fields.get("preheader", "").strip()
    return ChangeAsked(WriteSubject(subject, preheader), "subject and preheader")


def _sponsor(fields: Fields, _shown: DeskPage) -> ChangeAsked:
    def said(name: str) -> str:
        return fields.get(name, "").strip()

    sponsor = PutSponsor(
        text=said("text"),
        label=said("label"),
        link=said("link"),
        picture=said("picture"),
        picture_alt=said("picture_alt"),
        section=said("section"),
        starts=_day(fields, "starts"),
        expires=_day(fields, "expires"),
        number=int(fields["number"]) if fields.get("number", "").isdecimal() else None,
    )
    if sponsor.starts and sponsor.expires and _date(sponsor.starts) > _date(sponsor.expires):
        raise UsageError(
            f"the last day, {sponsor.expires}, is before the first, {sponsor.starts}",
            fix="Exchange the two",
        )
    return ChangeAsked(sponsor, "the sponsor")


def _date(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _link(fields: Fields, _shown: DeskPage) -> ChangeAsked:
    link = PutLink(fields.get("title", "").strip(), fields.get("url", "").strip())
    return ChangeAsked(link, "the link")


def _remove(fields: Fields, _shown: DeskPage) -> ChangeAsked:
    kind, number = fields.get("kind", ""), fields.get("number", "")
    if not number.isdecimal():
        raise UsageError("the form names no entry")
    return ChangeAsked(RemoveEntry(kind, int(number)), f"remove the {kind}")


_ACTIONS: Mapping[str, Callable[[Fields, DeskPage], ChangeAsked]] = {
    "lead": _lead,
    "unlead": _unlead,
    "pin": _pin,
    "unpin": _unpin,
    "drop": _drop,
    "restore": _restore,
    "place": _place,
    "up": _up,
    "down": _down,
    "to-section": _to_section,
    "reword": _reword,
    "own-words": _own_words,
    "merge": _merge,
    "split": _split,
    "heading-up": _heading_up,
    "heading-down": _heading_down,
    "note": _note,
    "subject": _subject,
    "sponsor": _sponsor,
    "link": _link,
    "remove": _remove,
}


def _story(fields: Fields, shown: DeskPage) -> StoryNames:
    story = fields.get("story", "")
    if story not in shown.own_titles and story not in {row.id for row in _all(shown)}:
        raise UsageError(
            "that story is not among the articles of this issue any more",
            fix="Look again; it may have been withdrawn or merged",
        )
    return _named(story, shown)


def _named(story: str, shown: DeskPage) -> StoryNames:
    """Return a story with all names of its articles, merged ones included."""
    verdicts = shown.page.verdicts if shown.page else ()
    one = next((found for found in verdicts if found.article_id == story), None)
    if one is None:
        return StoryNames(story)
    merged = [other for other in verdicts if other.title in one.merged_with]
    names = {
        name
        for article in (one, *merged)
        for name in (article.article_id, article.url, article.title)
    }
    return StoryNames(story, frozenset(names - {""}))


def _title(story: StoryNames, shown: DeskPage) -> str:
    return f"“{shown.own_titles.get(story.id, story.id)}”"


def _section(fields: Fields, shown: DeskPage) -> str:
    section = fields.get("section", "")
    if section not in dict(shown.edition.sections):
        raise UsageError(f'this edition has no section "{section}"')
    return section


def _heading(shown: DeskPage, section: str) -> str:
    return dict(shown.edition.sections)[section]


def _rows(shown: DeskPage, section: str) -> SectionRows:
    found = (one for one in shown.stories if one.id == section)
    return next(found, SectionRows(section, _heading(shown, section), ()))


def _all(shown: DeskPage) -> list[StoryNames]:
    return [StoryNames(row.id) for section in shown.stories for row in section.rows]


def _tops(shown: DeskPage, section: str) -> int:
    """Return how many stories of a section the mail shows as its top ones."""
    page = shown.page.composition if shown.page else None
    parts = page.sections if page else ()
    return next((len(part.top) for part in parts if part.id == section), 0)


def _pin_place(shown: DeskPage, section: str, place: int) -> int:
    """Return a pin's place: one among the latest counts after all the room that tops have."""
    tops, room = _tops(shown, section), shown.page.tops.get(section, 0) if shown.page else 0
    return place if place <= tops else place - tops + room


def _replaced(story: StoryNames, shown: DeskPage) -> Mapping[str, str]:
    entries = shown.written.entries.get("replace", ()) if shown.written else ()
    return next((one for one in entries if story.is_called(one.get("story", ""))), {})


def _day(fields: Fields, name: str) -> date | datetime | None:
    """Read a day, or a moment as a file may have it: "2026-11-30", "2026-11-30 18:00:00"."""
    text = fields.get(name, "").strip()
    try:
        if not text:
            return None
        return (
            date.fromisoformat(text)
            if len(text) <= _LENGTH_OF_A_DAY
            else datetime.fromisoformat(text)
        )
    except ValueError:
        raise UsageError(f'"{text}" is no day', fix="Write it as 2026-11-30") from None
