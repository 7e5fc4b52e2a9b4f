"""Changes that editors make to one issue's overlay: text and a change → text. Pure.

A story is written by its article's id. An entry that names it otherwise, by address or headline, is
found and changed too. A change leaves no entry behind that would be a fault afterwards: what is
dropped is not pinned any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import singledispatch

from digest.errors import UsageError
from digest.pipeline.desk.overlay_blocks import OverlayBlocks
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

_HIGHEST = 200
_STORY_KINDS = ("lead", "pin", "replace", "boost")


def changed(text: str, change: Change) -> str:
    """Return the overlay's text with the change made. Raises UsageError if it cannot be made."""
    blocks = OverlayBlocks(text)
    _make(change, blocks)
    return blocks.text


@singledispatch
def _make(change: Change, blocks: OverlayBlocks) -> None:
    raise TypeError(f"no change: {change!r} ({blocks.text[:40]!r})")


@_make.register
def _(change: LeadStory, blocks: OverlayBlocks) -> None:
    for kind in ("drop", "pin"):
        _remove(blocks, kind, _names(change.story))
    keys: dict[str, object] = {"story": change.story.id, "section": None, "everyone": None}
    if change.everyone:
        keys["everyone"] = True
    _put_single(blocks, "lead", keys)


@_make.register
def _(_change: LetRankLead, blocks: OverlayBlocks) -> None:
    _remove(blocks, "lead", lambda _entry: True)


@_make.register
def _(change: PinStory, blocks: OverlayBlocks) -> None:
    place = min(max(change.place, 1), _HIGHEST)
    for kind in ("drop", "lead"):
        _remove(blocks, kind, _names(change.story))
    _leave_orders(blocks, change.story, but=change.section)
    entry = {"story": change.story.id, "section": change.section, "place": place}
    numbers = [n for n, one in enumerate(blocks.entries("pin")) if _names(change.story)(one)]
    for number in reversed(numbers[1:]):
        blocks.remove("pin", number)
    if numbers:
        blocks.update("pin", numbers[0], entry)
    else:
        blocks.append("pin", entry)
    _make_room(blocks, change.section, change.story)


@_make.register
def _(change: UnpinStory, blocks: OverlayBlocks) -> None:
    _remove(blocks, "pin", _names(change.story))
    _leave_orders(blocks, change.story)


@_make.register
def _(change: DropStory, blocks: OverlayBlocks) -> None:
    for kind in (*_STORY_KINDS, "drop"):
        _remove(blocks, kind, _names(change.story))
    _leave_orders(blocks, change.story)
    blocks.append("drop", {"story": change.story.id, "why": change.why or None})


@_make.register
def _(change: RestoreStory, blocks: OverlayBlocks) -> None:
    _remove(blocks, "drop", _names(change.story))


@_make.register
def _(change: ArrangeSection, blocks: OverlayBlocks) -> None:
    ids = [story.id for story in change.stories]
    if not ids:
        return
    numbers = [
        n for n, one in enumerate(blocks.entries("order")) if one.get("section") == change.section
    ]
    for number in reversed(numbers[1:]):
        blocks.remove("order", number)
    if numbers:
        blocks.update("order", numbers[0], {"stories": ids})
    else:
        blocks.append("order", {"section": change.section, "stories": ids})
    for place, story in enumerate(change.stories, start=1):
        for number, pin in enumerate(blocks.entries("pin")):
            if story.is_called(pin["story"]) and pin.get("section", "") in {"", change.section}:
                keys = {"section": change.section, "place": min(place, _HIGHEST)}
                blocks.update("pin", number, keys)
    _make_room(blocks, change.section, *change.stories)


@_make.register
def _(change: RewordStory, blocks: OverlayBlocks) -> None:
    keys: dict[str, object] = {
        "headline": change.headline or None,
        "excerpt": change.excerpt,
        "picture": change.picture or None,
        "picture_alt": change.picture_alt or None if change.picture else None,
    }
    numbers = [n for n, one in enumerate(blocks.entries("replace")) if _names(change.story)(one)]
    says_something = any(value is not None for value in keys.values())
    for number in reversed(numbers[1:] if says_something else numbers):
        blocks.remove("replace", number)
    if numbers and says_something:
        blocks.update("replace", numbers[0], keys)
    elif says_something:
        blocks.append("replace", {"story": change.story.id, **keys})


@_make.register
def _(change: MergeStories, blocks: OverlayBlocks) -> None:
    # What was wished for the other story alone would be a second word on the same one.
    for kind in ("pin", "replace", "boost", "drop"):
        _remove(blocks, kind, _names(change.other))
    _remove(blocks, "drop", _names(change.first))
    _leave_orders(blocks, change.other)
    if any(map(_names(change.other), blocks.entries("lead"))):
        _put_single(blocks, "lead", {"story": change.first.id, "section": None})
        _remove(blocks, "pin", _names(change.first))
    for story in (change.first, change.other):
        _remove(blocks, "split", _names(story))
    entries = blocks.entries("merge")
    joined = [n for n, one in enumerate(entries) if _tells(one, change.first, change.other)]
    names = [name for number in joined for name in entries[number]["stories"]]
    for number in reversed(joined[1:]):
        blocks.remove("merge", number)
    rest = [one for one in dict.fromkeys(names) if not change.first.is_called(one)]
    if not any(map(change.other.is_called, rest)):
        rest.insert(0, change.other.id)
    keys = {"stories": [change.first.id, *rest]}
    if joined:
        blocks.update("merge", joined[0], keys)
    else:
        blocks.append("merge", keys)


@_make.register
def _(change: SplitArticle, blocks: OverlayBlocks) -> None:
    was_joined = False
    for number, entry in reversed(list(enumerate(blocks.entries("merge")))):
        kept = [name for name in entry["stories"] if not change.article.is_called(name)]
        if len(kept) == len(entry["stories"]):
            continue
        was_joined = True
        if len(kept) > 1:
            blocks.update("merge", number, {"stories": kept})
        else:
            blocks.remove("merge", number)
    if not (was_joined or any(map(_names(change.article), blocks.entries("split")))):
        blocks.append("split", {"story": change.article.id})


@_make.register
def _(change: WriteNote, blocks: OverlayBlocks) -> None:
    text = change.text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text:
        _remove(blocks, "note", lambda _entry: True)
        return
    _put_single(blocks, "note", {"text": text, "byline": change.byline.strip() or None})


@_make.register
def _(change: WriteSubject, blocks: OverlayBlocks) -> None:
    blocks.set_top({"subject": change.subject or None, "preheader": change.preheader or None})


@_make.register
def _(change: PutSponsor, blocks: OverlayBlocks) -> None:
    keys: dict[str, object] = {
        "label": change.label,
        "text": change.text,
        "link": change.link or None,
        "picture": change.picture or None,
        "picture_alt": change.picture_alt or None if change.picture else None,
        "section": change.section or None,
        "starts": change.starts,
        "expires": change.expires,
    }
    if change.number is None:
        blocks.append("sponsor", keys)
    else:
        blocks.update("sponsor", _known(blocks, "sponsor", change.number), keys)


@_make.register
def _(change: PutLink, blocks: OverlayBlocks) -> None:
    blocks.append("link", {"title": change.title, "url": change.url})


@_make.register
def _(change: RemoveEntry, blocks: OverlayBlocks) -> None:
    blocks.remove(change.kind, _known(blocks, change.kind, change.number))


@_make.register
def _(change: OrderHeadings, blocks: OverlayBlocks) -> None:
    blocks.set_top({"sections": list(change.sections) or None})


def _known(blocks: OverlayBlocks, kind: str, number: int) -> int:
    if kind not in {"sponsor", "link"} or not 0 <= number < len(blocks.entries(kind)):
        raise UsageError(f"there is no {kind} number {number + 1} in the overlay any more")
    return number


def _names(story: StoryNames) -> Callable[[dict[str, str]], bool]:
    return lambda entry: story.is_called(entry.get("story", ""))


def _remove(blocks: OverlayBlocks, kind: str, which: Callable[[dict[str, str]], bool]) -> None:
    entries = list(enumerate(blocks.entries(kind)))
    for number, entry in reversed(entries):
        if which(entry):
            blocks.remove(kind, number)


def _put_single(blocks: OverlayBlocks, kind: str, keys: dict[str, object]) -> None:
    if blocks.entries(kind):
        blocks.update(kind, 0, keys)
    else:
        blocks.append(kind, keys)


def _tells(merge: dict[str, list[str]], *stories: StoryNames) -> bool:
    return any(story.is_called(name) for name in merge["stories"] for story in stories)


def _leave_orders(blocks: OverlayBlocks, story: StoryNames, but: str = "") -> None:
    """Take a story out of every order, except that of one section; an empty order goes too."""
    entries: Sequence[tuple[int, dict[str, list[str]]]] = list(enumerate(blocks.entries("order")))
    for number, entry in reversed(entries):
        kept = [name for name in entry["stories"] if not story.is_called(name)]
        if str(entry["section"]) == but or len(kept) == len(entry["stories"]):
            continue
        if kept:
            blocks.update("order", number, {"stories": kept})
        else:
            blocks.remove("order", number)


def _make_room(blocks: OverlayBlocks, section: str, *placed: StoryNames) -> None:
    """Move other pins of the section down where two would stand at one place."""
    pins = list(enumerate(blocks.entries("pin")))
    here = [(number, pin) for number, pin in pins if pin.get("section", "") in {"", section}]

    def is_placed(pin: dict[str, str]) -> bool:
        return any(story.is_called(pin["story"]) for story in placed)

    taken = {pin.get("place", 1) for _, pin in here if is_placed(pin)}
    others = [(number, pin) for number, pin in here if not is_placed(pin)]
    for number, pin in sorted(others, key=lambda one: one[1].get("place", 1)):
        place = _free(taken, pin.get("place", 1))
        taken.add(place)
        if place != pin.get("place", 1):
            blocks.update("pin", number, {"place": place})


def _free(taken: Iterable[int], place: int) -> int:
    while place in taken:
        place += 1
    return place
