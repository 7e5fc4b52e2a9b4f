"""Finds the kind that reads a document, and a kind by its name."""

from __future__ import annotations

from digest.collector.articles.urls import absolute
from digest.collector.kinds.contract import FetchedPage, Kind
from digest.collector.kinds.html_page import feeds_on_page
from digest.collector.kinds.registry import KINDS
from digest.collector.kinds.xml_outline import root_of
from digest.errors import SourceUnreadable
from digest.models.limits import DEFAULT_LIMITS, DocumentLimits


def kind_for(name: str, page: FetchedPage, limits: DocumentLimits = DEFAULT_LIMITS) -> Kind:
    """Find the kind that reads `page`; raises SourceUnreadable that says what came instead."""
    if not page.text.strip("\x00 \t\r\n\ufeff"):
        raise SourceUnreadable("the answer is empty", fix="The next run tries again")
    for kind in KINDS.values():
        meant = name == kind.name or (name == "auto" and not kind.for_people)
        if meant and kind.recognises(page):
            return kind
    raise _something_else(name, page, limits)


def is_for_people(name: str) -> bool:
    """Tell whether what this kind reads are pages for people; see Kind."""
    return name in KINDS and KINDS[name].for_people


def is_newest_first(name: str) -> bool:
    """Tell whether the documents that this kind leads to hold ever older articles; see Kind."""
    return name in KINDS and KINDS[name].newest_first


def fingerprint_address(name: str, url: str) -> str:
    """Return where a source of this kind shows in few words whether it changed, or ""; see Kind."""
    address = KINDS[name].fingerprint if name in KINDS else None
    return address(url) if address and absolute(url) else ""


def first_address(name: str, url: str) -> str:
    """Return the address at which a source of this kind starts; raises SourceUnreadable."""
    if name == "auto":
        return url
    if name not in KINDS:
        raise SourceUnreadable(
            f'"{name}" is no kind of source', fix=f"Write auto, {', '.join(KINDS)}"
        )
    if not absolute(url):
        return url  # it is refused where it is fetched
    return KINDS[name].address(url)


def _something_else(name: str, page: FetchedPage, limits: DocumentLimits) -> SourceUnreadable:
    wanted = "a feed" if name == "auto" else f'what kind = "{name}" reads'
    if root_of(page.text) == "html":
        feeds = feeds_on_page(page.text, page.url, limits)
        hint = (
            f"Did you mean its feed at {feeds[0].url}?"
            if feeds
            else 'Look for its feed\'s address, or write kind = "webpage"'
        )
        return SourceUnreadable(f"this is a web page, not {wanted}", fix=hint)
    other = next((kind.name for kind in KINDS.values() if kind.recognises(page)), "")
    if other:
        return SourceUnreadable(
            f'this is of kind "{other}", not {wanted}', fix=f'Write kind = "{other}" or "auto"'
        )
    came = page.content_type or "bytes of no known kind"
    start = " ".join(page.text[:40].split())
    return SourceUnreadable(
        f"this is not {wanted}: {came} that starts with {start!r}",
        fix="Check the address in a browser",
    )
