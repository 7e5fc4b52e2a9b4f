"""The tables [[popularity]]: counters of how often articles are read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from digest.config.checks import Identifier, OptionalHttpUrl
from digest.config.table import Table

POPULARITY_VARIABLE = "DIGEST_POPULARITY_"


class PopularitySettings(Table):
    """Who counts how often articles are read; its secret comes from the environment."""

    id: Identifier
    kind: Literal["wpp", "jetpack", "plausible", "matomo", "ga4", "table"]
    url: OptionalHttpUrl = ""
    path: Path | None = None
    site: str = ""
    window_hours: Annotated[float, Field(ge=1, le=24 * 90)] = 24.0
    limit: Annotated[int, Field(ge=1, le=10_000)] = 500

    @model_validator(mode="after")
    def _says_where(self) -> PopularitySettings:
        if self.kind == "table" and bool(self.url) == bool(self.path):
            raise ValueError('kind = "table" needs either url or path: where the table is')
        if self.path is not None and self.kind != "table":
            raise ValueError('only kind = "table" reads a file: take path away')
        if self.kind == "matomo" and not self.url:
            raise ValueError('kind = "matomo" needs url: where Matomo is')
        if self.kind in {"jetpack", "plausible", "matomo", "ga4"} and not self.site:
            raise ValueError(f'kind = "{self.kind}" needs site: what the service calls yours')
        return self

    @property
    def variable(self) -> str:
        """The variable of the environment that holds its secret."""
        return f"{POPULARITY_VARIABLE}{self.id.upper().replace('-', '_')}"
