"""The table [store]: where articles, readers and the ledger live."""

from __future__ import annotations

from pydantic import model_validator

from digest.extension.table import Table


class StoreSettings(Table):
    """The database of articles, readers and the ledger, and the ledger's mark outside it.

    `mark` is a file, beside digest.toml unless absolute; empty: nothing is remembered. Without it
    the mark is in the user's state directory.
    """

    url: str = "sqlite:///digest.db"
    mark: str | None = None

    @model_validator(mode="after")
    def _known_database(self) -> StoreSettings:
        if not self.url.startswith(("sqlite:///", "postgresql://")):
            raise ValueError(
                "not a store this version knows. Write sqlite:///digest.db or "
                "postgresql://user@host/database"
            )
        return self
