"""The table [pace]: how fast mail may leave."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, model_validator

from digest.extension.table import Table


class PaceSettings(Table):
    """The rate of mail; 0 is no limit. `warm_up` are limits a day, from `warm_up_from` on.

    Hours and days are those of the clock in UTC.
    """

    per_second: Annotated[float, Field(ge=0)] = 0.0
    per_minute: Annotated[float, Field(ge=0)] = 0.0
    per_hour: Annotated[int, Field(ge=0)] = 0
    per_day: Annotated[int, Field(ge=0)] = 0
    warm_up: list[Annotated[int, Field(ge=1)]] = Field(default_factory=list)
    warm_up_from: date | None = None

    @model_validator(mode="after")
    def _warm_up_is_whole(self) -> PaceSettings:
        if bool(self.warm_up) != (self.warm_up_from is not None):
            raise ValueError(
                "a warm-up plan needs both: warm_up = [200, 500, 1000]"
                " and warm_up_from = 2026-11-23"
            )
        return self
