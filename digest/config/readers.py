"""The table [readers]: what the readers' pages offer, and how often they may be asked."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from digest.extension.table import OptionalHttpUrl, Table


def _origin(value: str) -> str:
    parts = urlsplit(value.rstrip("/"))
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise ValueError(
            f'"{value}" is not an origin. Write scheme and host, as in "https://news.example"'
        )
    return f"{parts.scheme}://{parts.netloc.lower()}"


Origin = Annotated[str, AfterValidator(_origin)]


class ReadersSettings(Table):
    """Subscribing by form, and what readers find on their pages.

    Requests are counted by address in seven days, by network (/24, /48 of IPv6) and over all in
    an hour. `origins` are the sites whose scripts may post to the JSON endpoint.
    """

    archive: bool = True
    welcome: Literal["latest", "plain", "off"] = "latest"
    origins: tuple[Origin, ...] = ()
    privacy_url: OptionalHttpUrl = ""
    confirm_days: Annotated[int, Field(ge=1, le=30)] = 7
    per_address: Annotated[int, Field(ge=1, le=20)] = 3
    per_network: Annotated[int, Field(ge=1)] = 30
    over_all: Annotated[int, Field(ge=1)] = 1_000
