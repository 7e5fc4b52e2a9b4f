"""What every table of digest.toml has in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

# What pydantic calls a key that a table does not have: in a model, and in a dataclass.
UNKNOWN_KEY = frozenset({"extra_forbidden", "unexpected_keyword_argument"})


class Table(BaseModel):
    """Frozen, and an unknown key is an error: an option that is read by nobody is a lie."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
