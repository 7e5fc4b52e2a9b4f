"""The table [serve]: the server of the readers' pages."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network
from typing import Annotated

from pydantic import AfterValidator, Field, field_validator

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

    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    hosts: tuple[HostName, ...] = ()
    connections: Annotated[int, Field(ge=16, le=100_000)] = 512
    connections_per_network: Annotated[int, Field(ge=1, le=100_000)] = 128
    head_timeout: Seconds = 10.0
    body_timeout: Seconds = 15.0
    answer_timeout: Seconds = 30.0
    idle_timeout: Seconds = 5.0

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _networks_are_named_once(cls, value: object) -> object:
        if isinstance(value, str):
            raise ValueError('write a list, as in trusted_proxies = ["127.0.0.1", "10.0.0.0/8"]')  # noqa: TRY004 - pydantic tells it as a fault of the value
        return value
