"""Reading in processes of their own: what takes too long or breaks them stops nobody else."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.collector.articles.clean import Origin
from digest.collector.http.document import Document
from digest.collector.parsing.document import ParsedDocument, ParseRequest
from digest.collector.parsing.pool import Parsers
from digest.errors import SourceUnreadable, SourceUnsafe
from digest.models.limits import ParseLimits

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
# Regular expressions of dates and markup are linear; a page of many small feeds is just long.
LONG = b"<rss><channel>" + b"<item><title>x</title><link>/a</link></item>" * 150_000


def order(body: bytes) -> ParseRequest:
    origin = Origin("a", "https://news.example/feed", NOW)
    return ParseRequest(
        "auto", Document(origin.base, body), origin, ParseLimits(max_items=1_000_000)
    )


def with_parsers(
    work: Callable[[Parsers], Awaitable[None]], seconds: float = 10.0, most: int = 1
) -> None:
    async def once() -> None:
        async with Parsers(most, seconds) as parsers:
            await work(parsers)

    asyncio.run(once())


def test_a_document_comes_back_as_clean_articles(data: Path) -> None:
    """The kind is told, and articles arrive as values."""
    body = (data / "section.rss").read_bytes()

    async def work(parsers: Parsers) -> None:
        batch = await parsers.read(order(body))
        assert (batch.kind, batch.items, len(batch.articles)) == ("feed", 2, 2)

    with_parsers(work)


def test_a_document_that_takes_too_long_is_stopped(data: Path) -> None:
    """Its parser is killed in time, the error says which limit, and the next one is read."""
    body = (data / "section.rss").read_bytes()

    async def work(parsers: Parsers) -> None:
        await parsers.read(order(body))
        started = time.monotonic()
        with pytest.raises(SourceUnsafe, match=r"more than 2 s") as caught:
            await parsers.read(order(LONG))
        assert time.monotonic() - started < 60
        assert "parse_timeout" in caught.value.fix
        assert len((await parsers.read(order(body))).articles) == 2

    with_parsers(work, seconds=2.0)


def test_errors_come_back_with_what_to_do(data: Path) -> None:
    """What a parser raises is raised here, with all its parts."""

    async def work(parsers: Parsers) -> None:
        with pytest.raises(SourceUnreadable, match="the answer is empty") as caught:
            await parsers.read(order(b""))
        assert caught.value.fix
        assert len((await parsers.read(order((data / "section.rss").read_bytes()))).articles) == 2

    with_parsers(work)


def test_a_parser_that_dies_is_one_documents_fault(data: Path) -> None:
    """Killed from outside, as the system does when memory is short: typed, and replaced."""
    body = (data / "section.rss").read_bytes()

    async def work(parsers: Parsers) -> None:
        reading = asyncio.ensure_future(parsers.read(order(LONG)))
        await asyncio.sleep(0.5)
        for process in parsers.processes():
            process.kill()
        with pytest.raises(SourceUnreadable, match="broke its parser"):
            await reading
        assert len((await parsers.read(order(body))).articles) == 2

    with_parsers(work)


def test_many_documents_share_few_parsers(data: Path) -> None:
    """None before the first, no more than allowed, and every question gets its own answer."""
    body = (data / "section.rss").read_bytes()

    async def work(parsers: Parsers) -> None:
        assert parsers.processes() == ()
        batches: list[ParsedDocument] = await asyncio.gather(
            *(parsers.read(order(body)) for _ in range(20))
        )
        assert [len(batch.articles) for batch in batches] == [2] * 20
        assert len(parsers.processes()) == 2

    with_parsers(work, most=2)


def test_a_parser_that_does_not_get_ready_is_given_up(data: Path) -> None:
    """With words of its own: it is the machine that is slow, not the document."""
    body = (data / "section.rss").read_bytes()

    async def once() -> None:
        async with Parsers(1, 10.0, start_seconds=0.001) as parsers:
            with pytest.raises(SourceUnreadable, match="not ready within") as caught:
                await parsers.read(order(body))
            assert "parser_start_timeout" in caught.value.fix

    asyncio.run(once())
