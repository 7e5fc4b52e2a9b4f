"""An edition's configuration → the plan that editorial chooses by, for one slot.

How far back stories come from and how fast they age follow from the schedule: an edition that
comes seldom looks over all the time since its last slot. No clock is read.
"""

from __future__ import annotations

from digest import schedule
from digest.config import EditionSettings, SectionSettings, Settings
from digest.config.edition import EDITION, SLOT
from digest.editorial import EditionPlan, SectionPlan
from digest.models.issues import Slot
from digest.models.site import SiteFacts
from digest.models.sources import label_key
from digest.pipeline.configured.transports import transport_settings
from digest.pipeline.issue.brand import brand_of

_LEAST_LOOK_BACK, _OVERLAP = 72.0, 48.0  # hours
_DAY = 24.0  # hours: what a section's half-life is meant for


def sources_of(settings: Settings, edition: EditionSettings) -> tuple[str, ...]:
    """Return the ids of the sources that the edition's sections read."""
    return tuple(sorted({name for part in settings.sections_of(edition) for name in part.sources}))


def look_back_hours(edition: EditionSettings, slot: Slot) -> float:
    """Return how far back the slot's stories may come from: always past the slot before it.

    Two days more than that slot lies back, if the configuration does not say; at least three.
    """
    if edition.look_back_hours is not None:
        return edition.look_back_hours
    return max(_LEAST_LOOK_BACK, hours_since_last(edition, slot) + _OVERLAP)


def hours_since_last(edition: EditionSettings, slot: Slot) -> float:
    """Return how long before this slot the schedule's last one was; a day if it is the first."""
    last = schedule.last_before(edition.id, edition.schedule, edition.timezone, slot.at)
    return (slot.at - last.at).total_seconds() / 3600 if last else _DAY


def _source_share(section: SectionSettings) -> int:
    """Return how many stories of one source a section has while others have some; 0 is no share.

    Half of the room, where the section reads several sources and its `per_source` says nothing.
    """
    if section.per_source is not None or len(set(section.sources)) == 1:
        return 0
    return -(-(section.top + section.latest) // 2)


def link_tags_of(edition: EditionSettings, slot: Slot) -> tuple[tuple[str, str], ...]:
    """Return the tags of the slot's links, with the names of edition and slot in their places."""
    return tuple(
        (name, value.replace(EDITION, edition.id).replace(SLOT, slot.key))
        for name, value in edition.link_tags.items()
    )


def plan_of(settings: Settings, edition: EditionSettings, slot: Slot) -> EditionPlan:
    """Return editorial its policy as plain values.

    A section's half-life is that of a daily: in an edition that comes every so many days, news
    ages so many times as slowly, and a weekly ranks over its week.
    """
    days = max(1, round(hours_since_last(edition, slot) / _DAY))
    weights = {source.id: source.weight for source in settings.source}
    return EditionPlan(
        id=edition.id,
        title=edition.title,
        timezone=edition.timezone,
        language=settings.language_of(edition),
        theme=edition.theme,
        subject=edition.subject,
        preheader=edition.preheader,
        look_back_hours=look_back_hours(edition, slot),
        max_age_hours=edition.max_age_hours,
        max_stories=edition.max_stories,
        boosts=edition.boosts,
        site=SiteFacts(
            name=settings.site.name,
            url=settings.site.url,
            public_url=settings.site.public_url.rstrip("/"),
            postal_address=settings.site.postal_address,
            brand=brand_of(settings, edition.theme),
        ),
        from_header=settings.mail.from_,
        eight_bit=transport_settings(settings).sends_eight_bit(),
        link_tags=link_tags_of(edition, slot),
        sections=tuple(
            SectionPlan(
                id=section.id,
                title=section.title,
                url=section.url,
                sources=tuple(section.sources),
                latest=section.latest,
                top=section.top,
                half_life_hours=section.half_life_hours * days,
                source_weights={name: weights[name] for name in section.sources},
                weight=section.weight,
                per_source=section.per_source or 0,
                source_share=_source_share(section),
                per_author=section.per_author,
                minimum=section.minimum,
                languages=frozenset(section.languages),
                exclude_tags=frozenset(
                    map(label_key, (*section.exclude_tags, *section.exclude_categories))
                ),
            )
            for section in settings.sections_of(edition)
        ),
    )
