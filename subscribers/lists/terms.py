"""The importer's word on a list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


def no_network(_address: str) -> str:
    """Keep nothing of an IP address."""
    return ""


@dataclass(frozen=True, slots=True)
class ListTerms:
    """The importer's word: sections are titles by id, by edition.

    `edition` is of lines that name none, "" if every line names its own; `format` and `columns` are
    told where they cannot be recognised, as is the `encoding`; `network` makes a keyed hash of an
    IP address.
    """

    sections: Mapping[str, Mapping[str, str]]
    edition: str = ""
    format: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    encoding: str = ""
    network: Callable[[str], str] = no_network
