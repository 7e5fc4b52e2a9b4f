"""An overlay's wishes → the stories and sections they mean, and every fault there is, at once.

A faulty wish is left out and told; what becomes of an issue with faults is for the caller to say:
a send refuses it, a test of the past goes on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC

from digest.editorial.choosing.history import Told, ToldHistory
from digest.editorial.overlay.circumstances import Circumstances
from digest.editorial.overlay.names import Articles, unknown_section
from digest.editorial.overlay.regrouping import Regrouping
from digest.editorial.overlay.wishes import Overlay
from digest.editorial.plan import EditionPlan, SectionPlan, Wish
from digest.editorial.stories.article_facts import date_of
from digest.editorial.stories.reading_sections import ReadingSections
from digest.editorial.stories.stories import Grouped
from digest.models.articles import Article
from digest.models.editors import LeadWish, Pin
from digest.models.issues import Slot
from digest.models.stories import Reason, Verdict

_GONE = "its site withdrew it"
_ALONE = "it is a story of its own already"
_ONE = "they are one story already"
_NO_STORY = "it is in no story"
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Matched:
    """The wishes as they apply to these stories. `pins` and `orders` are by section id.

    `replacements` are by story id: the article as it is to be shown. `wishes` are those that
    met a story but force nothing in, or do nothing.
    """

    lead: LeadWish | None = None
    pins: Mapping[str, tuple[Pin, ...]] = field(default_factory=dict)
    orders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    replacements: Mapping[str, Article] = field(default_factory=dict)
    wishes: tuple[Wish, ...] = ()

    @property
    def named(self) -> frozenset[str]:
        """Return the ids of the stories that have a place by an editor's word."""
        pinned = {pin.story_id for pins in self.pins.values() for pin in pins}
        return frozenset(pinned | ({self.lead.story_id} if self.lead else set()))


class Matcher:
    """Matches one overlay, step by step as choosing goes on; `faults` collects what is wrong."""

    def __init__(
        self,
        circumstances: Circumstances,
        articles: Iterable[Article],
        plan: EditionPlan,
        history: ToldHistory,
        slot: Slot,
    ) -> None:
        self._circumstances, self._history, self._slot = circumstances, history, slot
        self._overlay = circumstances.overlay
        self._articles = Articles(articles if self._overlay != Overlay() else ())
        self._plan = plan
        self._story_of: dict[str, Grouped] = {}
        self._why_not: Mapping[str, str] = {}
        self._told: Mapping[str, Told] = {}
        self._wishes: list[Wish] = []
        self.faults: list[str] = section_faults(self._overlay, plan)

    def drops(self, groups: Iterable[Grouped]) -> dict[str, str]:
        """Return the ids of dropped articles, each with the editors' reason.

        A part of a headline drops one story of `groups`, or nothing. In a standing overlay a name
        is whole: what it means must not change with the news.
        """
        found: dict[str, str] = {}
        story_of: dict[str, str] = {}
        if self._overlay.drops:
            story_of = {name: story.id for story in groups for name in story.ids}
        for entry in self._overlay.drops:
            ids = self._articles.ids(entry.story, whole=not entry.must_match)
            if not ids and entry.must_match:
                self._unknown("drop", entry.story, entry.where)
            by_part = ids and not self._articles.ids(entry.story, whole=True)
            stories = {story_of.get(name, name) for name in ids}
            if by_part and len(stories) > 1:
                self._ambiguous("drop", entry.story, entry.where, stories)
                continue
            found |= dict.fromkeys(ids, entry.why or entry.where)
        return found

    def regrouped(
        self,
        groups: tuple[Grouped, ...],
        reading: ReadingSections,
        verdicts: Iterable[Verdict],
    ) -> tuple[Grouped, ...]:
        """Return the stories as editors part and join them: first the splits, then the merges.

        `verdicts` are those on articles that are in no story.
        """
        if not (self._overlay.splits or self._overlay.merges):
            return groups
        why_not = {one.article_id: f"{one.reason} ({one.detail})" for one in verdicts}
        regrouping = Regrouping(groups, reading)
        for split in self._overlay.splits:
            ids = self._in_stories("split", split.story, split.where, regrouping, why_not)
            if ids and not regrouping.split(ids):
                self._wishes.append(Wish(split.where, "split", split.story, idle=_ALONE))
        for merge in self._overlay.merges:
            named = [
                self._in_stories("merge", name, merge.where, regrouping, why_not)
                for name in merge.stories
            ]
            if all(named) and not regrouping.merge(named):
                self._wishes.append(Wish(merge.where, "merge", merge.stories[0], idle=_ONE))
        return regrouping.stories()

    def _in_stories(
        self,
        entry: str,
        name: str,
        where: str,
        regrouping: Regrouping,
        why_not: Mapping[str, str],
    ) -> frozenset[str]:
        """Return the articles of that name that a story can be made of; none is told."""
        ids = self._articles.ids(name)
        if len(ids) > 1 and not self._articles.ids(name, whole=True):
            self._ambiguous(entry, name, where, ids)
            return frozenset()
        found = frozenset(one for one in ids if regrouping.holds(one))
        if not ids:
            self._unknown(entry, name, where)
        elif not found and ids <= self._circumstances.withdrawn:
            self._wishes.append(Wish(where, entry, name, idle=_GONE))
        elif not found:
            self._cannot_be_in(where, entry, name, why_not.get(min(ids), _NO_STORY))
        return found

    def meet(
        self, fresh: Iterable[Grouped], why_not: Mapping[str, str], told: Mapping[str, Told]
    ) -> None:
        """Learn the stories that can be in; `why_not` says of other articles why they cannot.

        `told` are those that some readers were told before.
        """
        self._told = told
        self._story_of = {one.article.id: story for story in fresh for one in story.members}
        self._why_not = why_not

    def boosts(self) -> dict[str, float]:
        """Return the factors by article id; call it after `meet`."""
        found: dict[str, float] = {}
        for entry in self._overlay.boosts:
            whole = not entry.must_match
            if whole and not self._articles.ids(entry.story, whole=True) & set(self._story_of):
                continue
            if story := self._story("boost", entry.story, entry.where):
                found[story.id] = found.get(story.id, 1.0) * entry.factor
        return found

    def match(self, best: Mapping[str, str]) -> Matched:
        """Find the stories of lead, pins, order and replacements; call it after `meet`.

        `best` is each story's best section.
        """
        lead, pins = self._lead(), self._pins(best)
        return Matched(
            lead=lead,
            pins=pins,
            orders=self._orders(pins),
            replacements=self._replacements(),
            wishes=tuple(self._wishes),
        )

    def _lead(self) -> LeadWish | None:
        wish = self._overlay.lead
        story = self._story("lead", wish.story, wish.where) if wish else None
        if not wish or not story:
            return None
        self._tell_of_readers(wish.where, "lead", wish.story, story)
        led = min(
            (self._circumstances.led[i] for i in story.ids if i in self._circumstances.led),
            default="",
        )
        if led:
            said = f"led {led} too: who reads both gets one lead twice"
            self._wishes.append(Wish(wish.where, "lead", wish.story, story.id, said=said))
        return LeadWish(story.id, wish.section, wish.everyone)

    def _pins(self, best: Mapping[str, str]) -> dict[str, tuple[Pin, ...]]:
        found: dict[str, list[Pin]] = {}
        for wish in self._overlay.pins:
            story = self._story("pin", wish.story, wish.where)
            if story is None or unknown_section(wish.section, self._plan):
                continue
            pins = found.setdefault(wish.section or best[story.id], [])
            if clash := next((one for one in pins if one.place == wish.place), None):
                self._fault(
                    wish.where, "pin", f'place {wish.place} is taken by "{clash.story_id}" already'
                )
            elif any(one.story_id == story.id for one in pins):
                self._fault(wish.where, "pin", f'"{wish.story}" is pinned there already')
            else:
                pins.append(Pin(story.id, wish.place))
                self._tell_of_readers(wish.where, "pin", wish.story, story)
        return {
            name: tuple(sorted(some, key=lambda pin: pin.place)) for name, some in found.items()
        }

    def _orders(self, pins: Mapping[str, tuple[Pin, ...]]) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for order in self._overlay.orders:
            pinned = {pin.story_id for pin in pins.get(order.section, ())}
            ids = []
            for name in order.stories:
                story = self._story("order", name, order.where)
                if story is None or unknown_section(order.section, self._plan):
                    continue
                if order.section not in story.sections and story.id not in pinned:
                    self._fault(
                        order.where,
                        "order",
                        f'"{name}" is not in section "{order.section}" but in '
                        f"{', '.join(story.sections)}. Pin it there, or order it where it is",
                    )
                    continue
                ids.append(story.id)
                self._wishes.append(Wish(order.where, "order", name, story.id))
            found[order.section] = (*found.get(order.section, ()), *ids)
        return found

    def _replacements(self) -> dict[str, Article]:
        found: dict[str, Article] = {}
        for entry in self._overlay.replacements:
            if told := self._story("replace", entry.story, entry.where):
                shown = found.get(told.id, told.lead)
                found[told.id] = replace(
                    shown,
                    title=shown.title if entry.headline is None else entry.headline,
                    excerpt=shown.excerpt if entry.excerpt is None else entry.excerpt,
                    excerpt_html=shown.excerpt_html if entry.excerpt is None else "",
                    picture=entry.picture or shown.picture,
                )
                self._wishes.append(Wish(entry.where, "replace", entry.story, told.id))
        return found

    def _tell_of_readers(self, where: str, entry: str, name: str, story: Grouped) -> None:
        """Say that those who were told the story before do not see it again, whatever is wished."""
        if told := self._told.get(story.id):
            said = f"is seen by those only who were not told it {told.when}"
            self._wishes.append(Wish(where, entry, name, story.id, said=said))

    def _story(self, entry: str, name: str, where: str) -> Grouped | None:
        """Find the one story of that name; one that its site withdrew leaves with its wish."""
        ids = self._articles.ids(name)
        if not ids:
            self._unknown(entry, name, where)
            return None
        found = {
            self._story_of[one].id: self._story_of[one] for one in ids if one in self._story_of
        }
        if len(found) == 1:
            return next(iter(found.values()))
        if not found and ids <= self._circumstances.withdrawn:
            self._wishes.append(Wish(where, entry, name, idle=_GONE))
        elif not found:
            self._cannot_be_in(where, entry, name, self._why_not[min(ids)])
        else:
            self._ambiguous(entry, name, where, found)
        return None

    def _ambiguous(self, entry: str, name: str, where: str, stories: Collection[str]) -> None:
        """Tell that several stories are meant, with their headlines and ids."""
        listed = sorted(stories)
        named = "; ".join(f'"{self._articles.title(one)}" ({one})' for one in listed[:_MOST_NAMED])
        more = f"; and {len(listed) - _MOST_NAMED} more" if len(listed) > _MOST_NAMED else ""
        said = f'"{name}" names {len(listed)} stories: {named}{more}'
        self._fault(where, entry, f"{said}. Use more of the headline, or an id")

    def _unknown(self, entry: str, name: str, where: str) -> None:
        if beyond := Articles(one.article for one in self._circumstances.beyond).ids(name):
            self._cannot_be_in(where, entry, name, self._why_beyond(beyond))
            return
        near = self._articles.nearest(name)
        self.faults.append(f'{where}: {entry}: no article is called "{name}". {near}')

    def _why_beyond(self, ids: frozenset[str]) -> str:
        """Say of an article that is known why no issue of this slot could tell it."""
        (known, *_) = sorted(
            (one for one in self._circumstances.beyond if one.article.id in ids),
            key=date_of,
            reverse=True,
        )
        read = {source for section in self._plan.sections for source in section.sources}
        if read.isdisjoint(known.sources):
            return f"{Reason.NO_SECTION} ({', '.join(known.sources)})"
        date = f"dated {date_of(known).astimezone(UTC):%Y-%m-%d %H:%M UTC}"
        if date_of(known) > self._slot.at:
            return f"it was not there yet ({date})"
        told = self._history.when(ids)
        before = f", and readers were told it {told}" if told else ""
        return f"it is older than the look-back ({date}){before}"

    def _cannot_be_in(self, where: str, entry: str, name: str, why: str) -> None:
        self._fault(where, entry, f'"{name}" cannot be in this issue: {why}')

    def _fault(self, where: str, entry: str, said: str) -> None:
        self.faults.append(f"{where}: {entry}: {said}.")


def section_faults(overlay: Overlay, plan: EditionPlan) -> list[str]:
    """Tell every section that the edition does not have: this needs no article."""
    named = [(overlay.sections_where, name) for name in overlay.sections]
    lead = (overlay.lead,) if overlay.lead else ()
    for entries in (lead, overlay.pins, overlay.orders, overlay.sponsors):
        named += [(entry.where, entry.section) for entry in entries]
    return [f"{where}: {said}" for where, name in named if (said := unknown_section(name, plan))]


def ordered_sections(overlay: Overlay, plan: EditionPlan) -> tuple[SectionPlan, ...]:
    """Return the plan's sections as the overlay orders them; what it leaves out follows."""
    place = {name: number for number, name in enumerate(overlay.sections)}
    return tuple(sorted(plan.sections, key=lambda one: place.get(one.id, len(place))))
