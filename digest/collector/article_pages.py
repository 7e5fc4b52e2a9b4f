"""The articles' own pages, which a section's web page names: each is read once, then remembered.

What an earlier run read is asked for conditionally; where a page gives no validators it is left
alone for a while. So a second run costs the section's page and short answers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from digest.collector.articles.clean import Origin
from digest.collector.articles.places import ListedArticle
from digest.collector.contract import KnownPage, SourceRequest
from digest.collector.http.document import Document
from digest.collector.parsing.document import ParsedDocument
from digest.collector.session import CollectingSession, SourceYield
from digest.errors import SourceError, SourceGone, SourceMissing, SourceUnreadable

_NOTHING = ParsedDocument("", (), 0)


async def read_articles(
    request: SourceRequest,
    front: ParsedDocument,
    origin: Origin,
    session: CollectingSession,
    gathered: SourceYield,
) -> None:
    """Read the pages that a section's page names; those that cannot be read are left out.

    What an earlier run read is asked for conditionally, or left alone for a while.
    """
    answers: dict[str, ParsedDocument | KnownPage | SourceError] = {}
    pages: dict[str, KnownPage] = {}

    async def read(address: str) -> None:
        known = request.pages.get(address)
        if known and rests(known, origin.now, session.limits.page_rest):
            answers[address] = known
            return
        try:
            document = await session.pages.get(
                address,
                etag=known.etag if known else "",
                last_modified=known.last_modified if known else "",
            )
            if known and document.unchanged:
                answers[address] = replace(known, read_at=origin.now)
                return
        except (SourceGone, SourceMissing) as error:
            answers[address] = error
            return
        except SourceError as error:
            answers[address] = known or error
            return
        try:
            parsed = await session.parse(front.kind, document, origin)
        except SourceError as error:
            answers[address], parsed = error, _NOTHING
        else:
            answers[address] = parsed
        pages[address] = _known(document, parsed, known, origin.now)

    try:
        await asyncio.gather(*(read(address) for address in front.more))
    finally:
        _assemble(front, answers, pages, gathered)
    if gathered.is_empty:
        failures = [error for error in answers.values() if isinstance(error, SourceError)]
        raise (failures or [_nothing_said(len(front.more))])[0]


def _assemble(
    front: ParsedDocument,
    answers: Mapping[str, ParsedDocument | KnownPage | SourceError],
    pages: Mapping[str, KnownPage],
    gathered: SourceYield,
) -> None:
    """Put what came together in the section's order."""
    left = 0
    for address in front.more:
        answer = answers.get(address)
        if address in pages:
            gathered.pages[address] = pages[address]
        if isinstance(answer, ParsedDocument):
            gathered.take(answer, front.promoted.get(address, ""))
            left += not answer.articles
        elif isinstance(answer, KnownPage):
            gathered.pages[address] = answer
            if answer.article_id:
                gathered.kept.append(answer)
                name = front.promoted.get(address, "")
                gathered.listed.append(
                    ListedArticle(answer.article_id, answer.published, promoted=name)
                )
        else:
            left += 1
    if left:
        gathered.notes.append(f"{left} pages without an article's facts, or unread, were left out")


def rests(known: KnownPage, now: datetime, seconds: float) -> bool:
    """Tell whether a page that cannot be asked for conditionally is left alone for now.

    At first for `seconds`, then each time for as long as it has been known: news change early.
    """
    if known.etag or known.last_modified:
        return False
    return now - known.read_at < max(
        timedelta(seconds=seconds), known.read_at - known.first_read_at
    )


def _known(
    document: Document, parsed: ParsedDocument, before: KnownPage | None, now: datetime
) -> KnownPage:
    article = parsed.articles[0] if parsed.articles else None
    return KnownPage(
        article_id=article.id if article else "",
        published=article.published if article else None,
        etag=document.etag,
        last_modified=document.last_modified,
        first_read_at=before.first_read_at if before else now,
        read_at=now,
    )


def _nothing_said(pages: int) -> SourceUnreadable:
    return SourceUnreadable(
        f"none of {pages} pages says what it is about",
        fix="They carry neither Open Graph nor JSON-LD: use a feed of the site",
    )
