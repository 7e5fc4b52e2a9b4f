"""The tables [[edition]]: recurring newsletters."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from digest.config.checks import Cron, Mailbox, TimeZone
from digest.extension.table import Identifier, OptionalIdentifier, Table

EDITION, SLOT = "{edition}", "{slot}"
_TAG = r"^[A-Za-z][A-Za-z0-9_.-]{0,39}$"


def _link_tag(value: str) -> str:
    rest = value.replace(EDITION, "").replace(SLOT, "")
    if not value.strip() or "{" in rest or "}" in rest:
        raise ValueError(f'"{value}" may hold {EDITION} and {SLOT}, and no other braces')
    return value


class EditionSettings(Table):
    """A recurring newsletter.

    `was` are ids it had before: their readers are its readers, and their links still work.
    `less_often` names the edition that a reader can have instead; `language` is the site's if
    empty.
    """

    id: Identifier
    title: Annotated[str, Field(min_length=1)]
    was: list[Identifier] = Field(default_factory=list)
    language: str = ""
    less_often: OptionalIdentifier = ""
    schedule: Cron = "0 7 * * *"
    timezone: TimeZone = "UTC"
    sections: Annotated[list[Identifier], Field(min_length=1)]
    subject: str = "{{ lead.title }}"
    preheader: str = "{{ headlines }}"
    theme: Identifier = "frontpage"
    look_back_hours: Annotated[float, Field(gt=0)] | None = None
    max_age_hours: Annotated[float, Field(gt=0)] = 336.0
    max_stories: Annotated[int, Field(ge=0)] = 0
    boosts: dict[str, Annotated[float, Field(gt=0, le=100)]] = Field(default_factory=dict)
    without_stories_of: list[Identifier] = Field(default_factory=list)
    lead_apart_hours: Annotated[float, Field(ge=0)] = 24.0
    recheck: Literal["take", "hold", "off"] = "take"
    late_hours: Annotated[float, Field(gt=0)] = 23.0
    max_html_kb: Annotated[float, Field(ge=10, le=102)] = 90.0
    lint_allow: list[Identifier] = Field(default_factory=list)
    time_to_live_hours: Annotated[float, Field(gt=0)] = 24.0
    surprise_factor: Annotated[float, Field(ge=0)] = 3.0
    approval: Literal["automatic", "required", "window"] = "automatic"
    notice_minutes: Annotated[float, Field(gt=0)] = 60.0
    editors: list[Mailbox] = Field(default_factory=list)
    link_tags: dict[
        Annotated[str, Field(pattern=_TAG)],
        Annotated[str, Field(max_length=100), AfterValidator(_link_tag)],
    ] = Field(default_factory=dict)
