"""The table [site]: the news site, and where the readers' pages live."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from digest.extension.table import AsciiUrl, HttpUrl, Table

# `digest init` writes it, and no mail goes out with it.
PLACEHOLDER_ADDRESS = "Your street and town"


class SiteSettings(Table):
    """The news site, and where the readers' pages live."""

    name: Annotated[str, Field(min_length=1)]
    url: HttpUrl
    public_url: AsciiUrl
    postal_address: Annotated[str, Field(min_length=1)]
    language: str = "en"
