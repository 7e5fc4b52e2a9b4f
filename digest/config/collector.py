"""The table [collector]: the limits of collecting, and what the pipeline reads beside them."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from digest.extension.table import OptionalHttpUrl
from digest.models.limits import Limits


@dataclass(frozen=True, kw_only=True, config=ConfigDict(extra="forbid"))
class CollectorSettings(Limits):
    """The limits (digest/models/limits.py) with their ranges checked, and the pipeline's own keys.

    After a failure a source rests `back_off` seconds, doubled each time up to `max_back_off`. Up
    to `withdrawal_checks` articles of the last `withdrawal_days` are looked for on their site.
    Up to `picture_checks` new pictures of unknown size are looked at a run.
    Up to `store_batch` sources share a transaction, for which each waits `store_wait` seconds.
    """

    proxy: OptionalHttpUrl = ""
    back_off: Annotated[float, Field(ge=0)] = 300.0
    max_back_off: Annotated[float, Field(ge=0)] = 21_600.0
    withdrawal_checks: Annotated[int, Field(ge=0, le=1000)] = 20
    withdrawal_days: Annotated[float, Field(ge=0)] = 7.0
    picture_checks: Annotated[int, Field(ge=0, le=10_000)] = 0
    store_batch: Annotated[int, Field(ge=1, le=1000)] = 64
    store_wait: Annotated[float, Field(ge=0)] = 0.5
