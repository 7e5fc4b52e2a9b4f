"""The contract of a source kind: addresses in, bytes in, items out. No kind fetches by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from digest.models.limits import DocumentLimits

if TYPE_CHECKING:
    # A command that only reads digest.toml must not pay for the parsers behind `Item`, nor a
    # parser's process for pydantic.
    from digest.collector.articles.clean import Item
    from digest.extension.table import Table


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """A fetched document as kinds see it: where it was found, its text, and HTTP's hints.

    `pages` is how many pages the site says there are (X-WP-TotalPages), if it says so.
    """

    url: str
    text: str
    content_type: str = ""
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """One document's items, and its own title; `more` are addresses of the kind still to read.

    `promoted` are those of `more` that the document puts forward, each with its name for that.
    """

    items: tuple[Item, ...] = ()
    language: str = ""
    notes: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    title: str = ""
    promoted: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of source.

    `address` turns the configured URL into the first one to fetch, `recognises` tells whether a
    document is of this kind, `parse` reads it and raises SourceUnreadable or SourceUnsafe only.
    What is `for_people` is only read where it was configured, never by "auto": robots.txt is
    asked, the documents it leads to lead no further, and one that fails is left out.
    `newest_first` says that the documents it leads to hold ever older articles. `fingerprint` is
    for kinds whose documents carry no validators: it turns the configured URL into that of a
    short JSON list which changes whenever they do.

    `keys` is the model of its own keys in [[source]], beside url and weight. `configured` makes the
    URL to ask of the one in digest.toml, those keys (None without a model) and the secret of the
    source: the variable DIGEST_SOURCE_<ID>, "" where it is not set. `needs_secret` refuses a source
    without one.
    """

    name: str
    address: Callable[[str], str]
    recognises: Callable[[FetchedPage], bool]
    parse: Callable[[FetchedPage, DocumentLimits], ParsedPage]
    for_people: bool = False
    newest_first: bool = False
    fingerprint: Callable[[str], str] | None = None
    keys: type[Table] | None = None
    configured: Callable[[str, Any, str], str] | None = None
    needs_secret: bool = False


def as_configured(url: str) -> str:
    """Fetch the URL as it was configured."""
    return url
