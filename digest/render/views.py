"""An issue as templates see it: finished words, safe addresses, local dates.

Templates get these values and nothing else; they hold no behaviour that reaches further.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from markupsafe import Markup

from digest.models.articles import SMALLEST_PICTURE, Article, Picture
from digest.models.compositions import ComposedSection, Composition
from digest.models.editors import ExtraLink, Sponsor
from digest.models.issues import Issue
from digest.models.site import Brand, SiteFacts, SocialLink
from digest.models.stories import Story
from digest.render.languages import script
from digest.render.link_tags import Tags, tagged
from digest.render.note import NoteView, note_view
from digest.render.plaintext import clean, clip, direction, host, link
from digest.render.prose import prose
from digest.render.sharing import ShareView, shares
from digest.render.words import Words, locale_of

TITLE_LENGTH = 300
_EXCERPT_LENGTH = 600
_NAME_LENGTH = 80
_CASED = {"Latn", "Cyrl", "Grek", "Armn", "Geor"}


@dataclass(frozen=True, slots=True)
class Size:
    """Pixels to show a picture at; `height` is None where the source did not tell its shape."""

    width: int
    height: int | None


@dataclass(frozen=True, slots=True)
class PictureView:
    """A picture with an https or http address; `alt` is "" where words beside it say the same."""

    url: str
    width: int | None
    height: int | None
    alt: str

    def within(self, width: int, height: int) -> Size:
        """Fit into a box without changing the shape; never larger than the picture itself is."""
        if not self.width or not self.height:
            return Size(width, None)
        scale = min(width / self.width, height / self.height, 1.0)
        return Size(max(1, round(self.width * scale)), max(1, round(self.height * scale)))


@dataclass(frozen=True, slots=True)
class SourceView:
    """Another site that reports the same event."""

    host: str
    url: str


@dataclass(frozen=True, slots=True, eq=False)
class StoryView:
    """A story as templates see it. `direction` is set only where it differs from the page's.

    `prose` is the whole excerpt with its stress and links; empty where it has none. A viewer makes
    one view of each, so a view, like a section's and a head's, is known by itself.
    """

    id: str
    url: str
    title: str
    excerpt: str
    author: str
    date: str
    time: str
    minutes: int | None
    picture: PictureView | None
    source: str
    also: tuple[SourceView, ...]
    direction: str
    share: tuple[ShareView, ...]
    prose: Markup


@dataclass(frozen=True, slots=True, eq=False)
class SectionHead:
    """A section's heading: the same in every variant, so blocks may be rendered with it."""

    id: str
    title: str
    url: str


@dataclass(frozen=True, slots=True, eq=False)
class SectionView:
    """A section as a flow sees it; `pictured` says whether any of its top stories has one.

    Its stories differ by variant, so it is for the flow; blocks are given `head`.
    """

    head: SectionHead
    top: tuple[StoryView, ...]
    latest: tuple[StoryView, ...]
    pictured: bool


@dataclass(frozen=True, slots=True)
class BrandView:
    """The newsroom's own marks: its logos, its last words and where else it is found."""

    logo_light: PictureView | None
    logo_dark: PictureView | None
    footer: str
    social: tuple[SocialLink, ...]


@dataclass(frozen=True, slots=True)
class SponsorView:
    """A paid slot and the label that says so; it stands after that section, or after the lead."""

    label: str
    text: str
    url: str
    picture: PictureView | None
    section: str


@dataclass(frozen=True, slots=True)
class EditionView:
    """The parts of an issue that every reader of one language gets.

    `near` and `far` are the sides where a line begins and ends: left and right, or mirrored.
    `cased` says that the script has capitals: only then may letters be spaced out or slanted.
    `note` is the editor's, if there is one; `sponsors` and `links` are the issue's.
    """

    title: str
    date: str
    language: str
    direction: str
    near: str
    far: str
    cased: bool
    site: SiteFacts
    brand: BrandView
    note: NoteView | None
    sponsors: tuple[SponsorView, ...]
    links: tuple[ExtraLink, ...]


@dataclass(frozen=True, slots=True)
class VariantView:
    """The material of one variant's flow."""

    variant: str
    subject: str
    preheader: str
    lead: StoryView | None
    lead_section: str
    sections: tuple[SectionView, ...]


class Viewer:
    """Makes the views of one issue in one language, each story once."""

    def __init__(self, issue: Issue, language: str) -> None:
        """Raise RenderError when the language is unknown."""
        locale = locale_of(language)
        self.words = Words(locale)
        self.edition = _edition(issue, locale, language)
        self._clock = _Clock(locale, ZoneInfo(issue.timezone), _as_of(issue))
        self._services = issue.site.brand.share
        self._tags = issue.link_tags
        self._titles = {section.id: clean(section.title) for section in issue.sections}
        self._stories: dict[str, StoryView] = {}
        self._sections: dict[tuple[str, ...], SectionView] = {}
        self._heads: dict[tuple[str, str], SectionHead] = {}

    def variant(self, composition: Composition) -> VariantView:
        """Return what the flow of this composition walks over."""
        return VariantView(
            variant=composition.variant,
            subject=clip(clean(composition.subject), TITLE_LENGTH),
            preheader=clip(clean(composition.preheader), TITLE_LENGTH),
            lead=self._story(composition.lead) if composition.lead else None,
            lead_section=self._titles.get(composition.lead_section, ""),
            sections=tuple(self._section(part) for part in composition.sections),
        )

    def _section(self, part: ComposedSection) -> SectionView:
        """Return the one view of a section that shows these very stories."""
        top, latest = [story.id for story in part.top], [story.id for story in part.latest]
        known_by = (part.id, part.url, *top, "", *latest)
        if known_by not in self._sections:
            best = tuple(self._story(story) for story in part.top)
            self._sections[known_by] = SectionView(
                head=self._head(part),
                top=best,
                latest=tuple(self._story(story) for story in part.latest),
                pictured=any(story.picture for story in best),
            )
        return self._sections[known_by]

    def _head(self, part: ComposedSection) -> SectionHead:
        known_by = (part.id, part.url)
        if known_by not in self._heads:
            title = clip(clean(part.title), _NAME_LENGTH)
            self._heads[known_by] = SectionHead(part.id, title, tagged(link(part.url), self._tags))
        return self._heads[known_by]

    def _story(self, story: Story) -> StoryView:
        if story.id not in self._stories:
            self._stories[story.id] = self._seen(story)
        return self._stories[story.id]

    def _seen(self, story: Story) -> StoryView:
        article = story.article
        title = clip(clean(article.title), TITLE_LENGTH)
        turned = direction(title)
        excerpt = clip(clean(article.excerpt), _EXCERPT_LENGTH)
        return StoryView(
            id=story.id,
            url=tagged(link(article.url), self._tags) or self.edition.site.url,
            title=title,
            excerpt=excerpt,
            author=clip(clean(article.author), _NAME_LENGTH),
            date=self._clock.date(article.published),
            time=self._clock.time(article.published),
            minutes=article.reading_minutes,
            picture=_picture(_of_an_article(article.picture), beside=title),
            source=host(article.url),
            also=_also(article, story.also, self._tags),
            direction="" if turned == self.edition.direction else turned,
            share=shares(title, link(article.url), self._services, self.words),
            prose=prose(article.excerpt_html, excerpt),
        )


@dataclass(frozen=True, slots=True)
class _Clock:
    """Writes times as the reader's place and language do, seen from the day of the issue."""

    locale: Locale
    zone: tzinfo
    day: datetime

    def date(self, at: datetime | None) -> str:
        return format_skeleton("MMMMd", at, tzinfo=self.zone, locale=self.locale) if at else ""

    def time(self, at: datetime | None) -> str:
        """Return the clock time on the issue's own day, the day and month before it."""
        if at is None:
            return ""
        if at.astimezone(self.zone).date() == self.day.astimezone(self.zone).date():
            return str(format_time(at, "short", tzinfo=self.zone, locale=self.locale))
        return format_skeleton("MMMd", at, tzinfo=self.zone, locale=self.locale)


def _as_of(issue: Issue) -> datetime:
    """Return the moment that the mail's date is of: its slot's, or a later one of the news in it.

    A slot that is served late tells what was reported meanwhile.
    """
    return max([issue.slot.at, *(story.date for story in issue.stories if story.date)])


def _edition(issue: Issue, locale: Locale, language: str) -> EditionView:
    turned = locale.text_direction == "rtl"
    local_day = _as_of(issue).astimezone(ZoneInfo(issue.timezone)).date()
    return EditionView(
        title=clip(clean(issue.edition_title), _NAME_LENGTH),
        date=str(format_date(local_day, "full", locale=locale)),
        language=language,
        direction="rtl" if turned else "ltr",
        near="right" if turned else "left",
        far="left" if turned else "right",
        cased=script(locale) in _CASED,
        site=SiteFacts(
            name=clip(clean(issue.site.name), _NAME_LENGTH),
            url=link(issue.site.url),
            public_url=link(issue.site.public_url),
            postal_address=clean(issue.site.postal_address),
        ),
        brand=_brand(issue.site.brand, issue.site.name),
        note=note_view(issue.note),
        sponsors=tuple(_sponsor(sponsor) for sponsor in issue.sponsors),
        links=tuple(
            ExtraLink(clip(clean(one.title), TITLE_LENGTH), _own(link(one.url), issue))
            for one in issue.links
            if link(one.url)
        ),
    )


def _own(url: str, issue: Issue) -> str:
    """Tag an editors' link that leads to the news site itself; others are none of ours."""
    return tagged(url, issue.link_tags) if host(url) == host(issue.site.url) else url


def _sponsor(sponsor: Sponsor) -> SponsorView:
    text = clip(clean(sponsor.text), _EXCERPT_LENGTH)
    return SponsorView(
        label=clip(clean(sponsor.label), _NAME_LENGTH),
        text=text,
        url=link(sponsor.url),
        picture=_picture(sponsor.picture, beside=text),
        section=sponsor.section,
    )


def _brand(brand: Brand, name: str) -> BrandView:
    return BrandView(
        logo_light=_picture(brand.logo_light, instead=clean(name)),
        logo_dark=_picture(brand.logo_dark, instead=clean(name)),
        footer=clean(brand.footer),
        social=tuple(
            SocialLink(clean(one.title), link(one.url)) for one in brand.social if link(one.url)
        ),
    )


def _picture(picture: Picture | None, beside: str = "", instead: str = "") -> PictureView | None:
    """Return the picture, if its address can be shown.

    `beside` is the text that stands next to it: an alt that says the same is left out, or a reader
    whose program shows no pictures would read it twice. `instead` stands in for a missing alt.
    """
    if picture is None or not link(picture.url).startswith("http"):
        return None
    alt = clip(clean(picture.alt), TITLE_LENGTH) or instead
    alt = "" if alt.casefold() == beside.casefold() else alt
    return PictureView(link(picture.url), picture.width, picture.height, alt)


def _of_an_article(picture: Picture | None) -> Picture | None:
    """Return an article's picture unless it was measured as an icon since it was collected."""
    sides = (picture.width, picture.height) if picture else ()
    return None if any(side is not None and side < SMALLEST_PICTURE for side in sides) else picture


def _also(lead: Article, others: tuple[Article, ...], tags: Tags) -> tuple[SourceView, ...]:
    """Return one link for each further site, without the lead's own."""
    seen = {host(lead.url): "", "": ""}
    found = []
    for article in others:
        name, url = host(article.url), link(article.url)
        if url and name not in seen:
            seen[name] = url
            found.append(SourceView(name, tagged(url, tags)))
    return tuple(found)
