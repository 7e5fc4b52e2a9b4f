"""The table [serve]: the server of the readers' pages."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from digest.extension.networks import Networks
from digest.extension.table import Table


def _host_name(value: str) -> str:
    name = value.strip().rstrip(".").lower()
    if not name or set(name) & set("/:@ *"):
        raise ValueError(f'"{value}" is not a host name. Write it as in "digest.internal"')
    return name


HostName = Annotated[str, AfterValidator(_host_name)]
Seconds = Annotated[float, Field(gt=0, le=600)]


class ServeSettings(Table):
    """Bounds of the server, and what stands in front of it.

    `trusted_proxies` are addresses or networks whose X-Forwarded-For is believed; `hosts` are
    names to answer for besides that of site.public_url, IP addresses and localhost.
    """

    trusted_proxies: Networks = ()
    hosts: tuple[HostName, ...] = ()
    connections: Annotated[int, Field(ge=16, le=100_000)] = 512
    connections_per_network: Annotated[int, Field(ge=1, le=100_000)] = 128
    head_timeout: Seconds = 10.0
    body_timeout: Seconds = 15.0
    answer_timeout: Seconds = 30.0
    idle_timeout: Seconds = 5.0
