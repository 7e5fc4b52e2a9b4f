"""A source's own rules: how its items are read, and which of them are not for the newsletter."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SourceRules:
    """The rules of one source.

    `timezone` is that of dates which name none; `offset` are hours added to every date.
    `exclude_labels` are tags and categories, `exclude_field` a custom field, `exclude` kinds of
    what is not for the newsletter. `republished` says what becomes of copies whose original is
    elsewhere: "credit" names its site beside the authors, "leave out" does that.
    """

    timezone: str = "UTC"
    offset: float = 0.0
    exclude_labels: tuple[str, ...] = ()
    exclude_field: str = ""
    exclude: tuple[str, ...] = ()
    republished: str = "credit"


def label_key(label: str) -> str:
    """Return a tag or category without case, blanks and signs: by this two labels are compared."""
    return "".join(filter(str.isalnum, label.casefold()))
