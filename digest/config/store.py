"""The table [store]: where articles, readers and the ledger live."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from digest.extension.table import Table

_SCHEMES = ("sqlite:///", "postgresql://", "sqlite+git://", "sqlite+s3://")


class StoreSettings(Table):
    """The database of articles, readers and the ledger, and the ledger's mark outside it.

    `mark` is a file, beside digest.toml unless absolute; empty: nothing is remembered. Without it
    the mark is in the user's state directory. `window` is how many readers a store that is pushed
    has under way between two pushes.
    """

    url: str = "sqlite:///digest.db"
    mark: str | None = None
    window: Annotated[int, Field(ge=2, le=10_000)] = 200

    @model_validator(mode="after")
    def _known_database(self) -> StoreSettings:
        if not self.url.startswith(_SCHEMES):
            raise ValueError(
                "not a store this version knows. Write sqlite:///digest.db, "
                "postgresql://user@host/database, sqlite+git://branch or sqlite+s3://bucket/key"
            )
        return self
