"""The tables [[source]]: where articles come from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from digest.config.checks import TimeZone
from digest.extension.table import HttpUrl, Identifier, Table


class SourceSettings(Table):
    """The origin of articles. `kind = "auto"` looks at what the address answers.

    `timezone` is that of dates which name none, unset the editions'; `offset` are hours that are
    added to every date. `required` unset is as its sections say; `false` lets it be ill
    in a required section too. An article is told once it has not
    changed for `settle_minutes`. What is excluded enters no issue: tags, categories, a custom
    field of WordPress, and kinds that Digest knows by their words. Keys beside these are the kind's
    own.
    """

    model_config = ConfigDict(extra="allow")

    id: Identifier
    url: HttpUrl
    kind: str = "auto"
    weight: Annotated[float, Field(gt=0)] = 1.0
    required: bool | None = None
    timezone: Literal[""] | TimeZone = ""
    offset: Annotated[float, Field(ge=-26, le=26)] = 0.0
    settle_minutes: Annotated[float, Field(ge=0, le=1440)] = 0.0
    exclude: list[Literal["sponsored", "obituaries"]] = Field(default_factory=list)
    exclude_tags: list[str] = Field(default_factory=list)
    exclude_categories: list[str] = Field(default_factory=list)
    exclude_field: str = ""
    republished: Literal["credit", "leave out"] = "credit"

    @property
    def own(self) -> Mapping[str, object]:
        """The keys of its kind, as they stand in the file."""
        return self.model_extra or {}
