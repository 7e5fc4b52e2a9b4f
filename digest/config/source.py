"""The tables [[source]]: where articles come from."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from digest.config.checks import HttpUrl, Identifier
from digest.config.table import Table


class SourceSettings(Table):
    """Where articles come from. `kind = "auto"` looks at what the address answers.

    `required` unset is as its sections say; `false` lets it be ill in a required section too.
    """

    id: Identifier
    url: HttpUrl
    kind: Literal["auto", "feed", "jsonfeed", "wordpress", "ghost", "sitemap", "webpage"] = "auto"
    weight: Annotated[float, Field(gt=0)] = 1.0
    required: bool | None = None
