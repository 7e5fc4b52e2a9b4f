"""An overlay's words → the articles, stories and sections they mean.

A story is named by an article's id, its address or its headline. What matches nothing is an error
that names the nearest candidates: a wish that silently does nothing would be worse.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz, process

from digest.editorial.overlay import Desk, Overlay, SponsorSlot
from digest.editorial.plan import EditionPlan, SectionPlan
from digest.editorial.stories import Grouped
from digest.errors import ConfigError
from digest.models import Article, LeadWish, Pin, Slot, Sponsor

_NEAREST = 3


@dataclass(frozen=True, slots=True)
class Matched:
    """What the wishes mean for these stories. `pins` and `orders` are by section id.

    `replacements` are by story id: the article as it is to be shown.
    """

    lead: LeadWish | None
    pins: dict[str, tuple[Pin, ...]]
    orders: dict[str, tuple[str, ...]]
    replacements: dict[str, Article]

    @property
    def named(self) -> frozenset[str]:
        """Give the ids of the stories that have a place by an editor's word."""
        pinned = {pin.story_id for pins in self.pins.values() for pin in pins}
        return frozenset(pinned | ({self.lead.story_id} if self.lead else set()))


NOTHING = Matched(None, {}, {}, {})


class Articles:
    """The articles of the look-back, found by id, address or headline."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self._by_name: dict[str, list[Article]] = {}
        self._titles: dict[str, str] = {}
        for article in articles:
            self._titles[article.id] = article.title
            for name in {article.id, _address(article.url), _headline(article.title)}:
                self._by_name.setdefault(name, []).append(article)

    def ids(self, name: str) -> frozenset[str]:
        """Give the ids of the articles of that name; none if it is not known."""
        found = [
            article
            for way in (name, _address(name), _headline(name))
            for article in self._by_name.get(way, ())
        ]
        return frozenset(article.id for article in found)

    def unknown(self, entry: str, name: str, where: str) -> str:
        """Say that nothing is called so, and what comes nearest."""
        near = process.extract(
            name, self._titles, scorer=fuzz.WRatio, limit=_NEAREST, processor=str.casefold
        )
        best = "; ".join(f'"{title}" ({key})' for title, _, key in near)
        hint = f"The nearest are: {best}" if best else "No article is known"
        return f'{where}: {entry}: no article is called "{name}". {hint}.'


def drops(overlay: Overlay, articles: Articles) -> dict[str, str]:
    """Give the ids of dropped articles, each with the editors' reason. Raises ConfigError."""
    found: dict[str, str] = {}
    faults = []
    for entry in overlay.drops:
        ids = articles.ids(entry.story)
        if not ids and entry.must_match:
            faults.append(articles.unknown("drop", entry.story, entry.where))
        found |= dict.fromkeys(ids, entry.why or entry.where)
    _raise(faults)
    return found


def boosts(overlay: Overlay, articles: Articles) -> dict[str, float]:
    """Give the factors by article id. Raises ConfigError."""
    found: dict[str, float] = {}
    faults = []
    for entry in overlay.boosts:
        ids = sorted(articles.ids(entry.story))
        if not ids and entry.must_match:
            faults.append(articles.unknown("boost", entry.story, entry.where))
        found |= dict.fromkeys(ids[:1], entry.factor)
    _raise(faults)
    return found


def ordered_sections(overlay: Overlay, plan: EditionPlan) -> tuple[SectionPlan, ...]:
    """Give the plan's sections as the overlay orders them; what it leaves out follows."""
    _raise([fault for name in overlay.sections for fault in _unknown_section(
        name, plan, overlay.sections_where
    )])  # fmt: skip
    place = {name: number for number, name in enumerate(overlay.sections)}
    return tuple(sorted(plan.sections, key=lambda one: place.get(one.id, len(place))))


def match(
    desk: Desk,
    articles: Articles,
    fresh: Sequence[Grouped],
    plan: EditionPlan,
    why_not: dict[str, str],
) -> Matched:
    """Find the stories of pins, lead, order and replacements among the `fresh` ones.

    `why_not` says of other articles why they cannot be in. A wish for a story that its site
    withdrew leaves with it. Raises ConfigError with every fault.
    """
    overlay = desk.overlay
    finder = _Finder(articles, fresh, why_not, desk.withdrawn)
    pins: dict[str, list[Pin]] = {}
    for wish in overlay.pins:
        story = finder.story("pin", wish.story, wish.where)
        finder.section(wish.section, plan, wish.where)
        if story:
            pins.setdefault(wish.section or story.sections[0], []).append(Pin(story.id, wish.place))
    lead = _lead(overlay, finder, plan)
    orders = {}
    for order in overlay.orders:
        finder.section(order.section, plan, order.where)
        stories = [finder.story("order", name, order.where) for name in order.stories]
        orders[order.section] = tuple(story.id for story in stories if story)
    replacements: dict[str, Article] = {}
    for entry in overlay.replacements:
        if told := finder.story("replace", entry.story, entry.where):
            shown = replacements.get(told.id, told.lead)
            replacements[told.id] = replace(
                shown,
                title=shown.title if entry.headline is None else entry.headline,
                excerpt=shown.excerpt if entry.excerpt is None else entry.excerpt,
                picture=entry.picture or shown.picture,
            )
    _raise([*finder.faults, *_sponsor_faults(overlay, plan)])
    return Matched(
        lead=lead,
        pins={name: tuple(sorted(some, key=lambda pin: pin.place)) for name, some in pins.items()},
        orders=orders,
        replacements=replacements,
    )


def sponsors(overlay: Overlay, slot: Slot, timezone: str) -> tuple[Sponsor, ...]:
    """Give the paid slots that run at the slot's time."""
    return tuple(
        Sponsor(one.text, one.label, one.url, one.picture, one.section)
        for one in overlay.sponsors
        if _runs(one, slot.at, ZoneInfo(timezone))
    )


class _Finder:
    """Finds stories and collects the faults."""

    def __init__(
        self,
        articles: Articles,
        fresh: Sequence[Grouped],
        why_not: dict[str, str],
        withdrawn: frozenset[str],
    ) -> None:
        self.faults: list[str] = []
        self._articles = articles
        self._why_not = why_not
        self._withdrawn = withdrawn
        self._story_of = {one.article.id: story for story in fresh for one in story.members}

    def story(self, entry: str, name: str, where: str) -> Grouped | None:
        ids = self._articles.ids(name)
        if not ids:
            self.faults.append(self._articles.unknown(entry, name, where))
            return None
        found = {
            self._story_of[one].id: self._story_of[one] for one in ids if one in self._story_of
        }
        if not found and ids <= self._withdrawn:
            return None
        if not found:
            why = self._why_not.get(min(ids), "it is not in this issue's look-back")
            self.faults.append(f'{where}: {entry}: "{name}" cannot be in this issue: {why}.')
        elif len(found) > 1:
            names = ", ".join(sorted(found))
            self.faults.append(
                f'{where}: {entry}: "{name}" names {len(found)} stories. Use an id: {names}.'
            )
        return next(iter(found.values())) if len(found) == 1 else None

    def section(self, name: str, plan: EditionPlan, where: str) -> None:
        if name:
            self.faults.extend(_unknown_section(name, plan, where))


def _lead(overlay: Overlay, finder: _Finder, plan: EditionPlan) -> LeadWish | None:
    wish = overlay.lead
    if wish is None:
        return None
    story = finder.story("lead", wish.story, wish.where)
    finder.section(wish.section, plan, wish.where)
    return LeadWish(story.id, wish.section, wish.everyone) if story else None


def _sponsor_faults(overlay: Overlay, plan: EditionPlan) -> list[str]:
    return [
        fault
        for one in overlay.sponsors
        if one.section
        for fault in _unknown_section(one.section, plan, one.where)
    ]


def _unknown_section(name: str, plan: EditionPlan, where: str) -> list[str]:
    known = [section.id for section in plan.sections]
    if name in known:
        return []
    close = difflib.get_close_matches(name, known, n=1)
    hint = f'Did you mean "{close[0]}"?' if close else f"It has: {', '.join(known)}."
    return [f'{where}: edition "{plan.id}" has no section "{name}". {hint}']


def _runs(one: SponsorSlot, at: datetime, zone: ZoneInfo) -> bool:
    if one.starts is not None and at < _moment(one.starts, zone):
        return False
    if one.expires is None:
        return True
    whole_day = timedelta(0 if isinstance(one.expires, datetime) else 1)
    return at < _moment(one.expires + whole_day, zone)


def _moment(value: date | datetime, zone: ZoneInfo) -> datetime:
    moment = value if isinstance(value, datetime) else datetime.combine(value, time())
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _raise(faults: list[str]) -> None:
    if faults:
        raise ConfigError("\n".join(faults))


def _address(url: str) -> str:
    return url.partition("#")[0].rstrip("/")


def _headline(title: str) -> str:
    return " ".join(title.casefold().split())
