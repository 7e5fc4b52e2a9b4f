"""The table [schedule]: what `digest run` and `digest daemon` do beside sending."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from digest.extension.table import Table


class ScheduleSettings(Table):
    """A run collects before a due slot, and otherwise after `collect_minutes`."""

    collect_minutes: Annotated[float, Field(ge=1)] = 30.0
