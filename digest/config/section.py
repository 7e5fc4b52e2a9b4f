"""The tables [[section]]: editorial headings with their sources."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from digest.extension.table import Identifier, OptionalHttpUrl, Table

_LANGUAGES = r"^(\*|[A-Za-z]{2,3}([-_][A-Za-z0-9]+)*)$"  # BCP 47, or any


class SectionSettings(Table):
    """An editorial heading with its sources, and how many latest and top stories it shows.

    `was` are ids that it had before: readers who chose one of them have chosen this section.
    Without `per_source` no source of several has more than half of the room while others have
    stories. `languages` are those that its stories may be in besides the edition's, "*" for any.
    Articles that bear one of `exclude_tags` or `exclude_categories` are not told under it.
    """

    id: Identifier
    title: Annotated[str, Field(min_length=1)]
    sources: Annotated[list[Identifier], Field(min_length=1)]
    url: OptionalHttpUrl = ""
    latest: Annotated[int, Field(ge=0, le=100)] = 5
    top: Annotated[int, Field(ge=0, le=100)] = 3
    half_life_hours: Annotated[float, Field(gt=0)] = 72.0
    required: bool = False
    weight: Annotated[float, Field(gt=0)] = 1.0
    per_source: Annotated[int, Field(ge=0)] | None = None
    per_author: Annotated[int, Field(ge=0)] = 0
    minimum: Annotated[int, Field(ge=1)] = 1
    was: list[Identifier] = Field(default_factory=list)
    languages: list[Annotated[str, Field(pattern=_LANGUAGES)]] = Field(default_factory=list)
    exclude_tags: list[str] = Field(default_factory=list)
    exclude_categories: list[str] = Field(default_factory=list)
