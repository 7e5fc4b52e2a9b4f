"""The tables [[popularity]]: counters of how often articles are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import ConfigDict, Field

from digest.extension.table import Identifier, Table


class PopularitySettings(Table):
    """A counter, and the window that it counts. Keys beside these are the kind's own."""

    model_config = ConfigDict(extra="allow")

    id: Identifier
    kind: str
    window_hours: Annotated[float, Field(ge=1, le=24 * 90)] = 24.0
    limit: Annotated[int, Field(ge=1, le=10_000)] = 500

    @property
    def own(self) -> Mapping[str, object]:
        """The keys of its kind, as they stand in the file."""
        return self.model_extra or {}
