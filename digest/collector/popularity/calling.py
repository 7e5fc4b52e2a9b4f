"""Calling the services that count readers: one request with a secret in it, and its answer.

Everything that holds for fetching holds here: checked addresses, bounded size and time. And no
redirect is followed: a secret goes to the address that was configured and nowhere else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from digest.collector.articles.urls import absolute, article_id, canonical, shown
from digest.collector.http.answers import Redirect, check_status
from digest.collector.http.decoding import decode
from digest.collector.http.document import Document
from digest.collector.http.fetch import Fetcher
from digest.collector.kinds.json_document import text_at
from digest.collector.popularity import ADAPTERS, Counter, Figure, PopularityResult, Question
from digest.collector.popularity.reading import complaint, load_answer
from digest.errors import SourceError, SourceRefused
from digest.models.limits import Limits


class _Caller(Fetcher):
    """Sends one question; what Fetcher does around a request, it does around this one."""

    def __init__(self, limits: Limits, question: Question) -> None:
        super().__init__(limits)
        self._question = question

    async def call(self) -> Document:
        """Return the answer; raises a SourceError and nothing else."""
        url = absolute(self._question.url)
        if not url:
            raise SourceRefused(
                f'"{shown(self._question.url)}" is not an address that can be asked',
                fix="It must start with https:// or http:// and name a host",
            )
        answer = await self._ask(url, "", "")
        if isinstance(answer, Document):
            return answer
        raise SourceRefused(
            f"redirects to {shown(answer.location)}, and a secret is not carried there",
            fix="Configure the address at which the service really is",
        )

    async def _exchange(self, url: str, _etag: str, _modified: str) -> Document | Redirect:
        asked = self._question
        answer = await self._send(
            "GET" if asked.body is None else "POST",
            url,
            dict(asked.headers) | {"Accept": "application/json, text/csv;q=0.9, */*;q=0.5"},
            asked.body,
        )
        try:
            if answer.status_code >= HTTPStatus.BAD_REQUEST:
                said = complaint(decode(await self._refusal(answer)))
                _refuse(answer.status_code, answer.headers.get("retry-after", ""), said)
            return await self._read(url, answer, conditional=False)
        finally:
            await answer.aclose()


def _refuse(status: int, retry_after: str, said: str) -> None:
    """Raise the error that the status means, with the service's own words."""
    try:
        check_status(status, retry_after)
    except SourceError as error:
        error.what += f" ({said})" if said else ""
        raise


async def count_all(
    counters: Iterable[Counter[Any]],
    limits: Limits,
    now: datetime,
    on_result: Callable[[PopularityResult], None],
) -> None:
    """Ask every counter, side by side; one that fails is a result with its error."""

    async def one(counter: Counter[Any]) -> None:
        try:
            result = await _count(counter, limits, now)
        except SourceError as error:
            error.where = error.where or f'popularity "{counter.id}"'
            if counter.secret:
                error.what = error.what.replace(counter.secret, "***")
            if isinstance(error, SourceRefused) and counter.secret:
                error.fix = "Check its address, its site and its secret"
            result = PopularityResult(counter.id, error=error)
        on_result(result)

    async with asyncio.TaskGroup() as group:
        for counter in counters:
            group.create_task(one(counter))


async def _count(counter: Counter[Any], limits: Limits, now: datetime) -> PopularityResult:
    adapter = ADAPTERS[counter.kind]
    text = counter.text
    if text is None:
        token = ""
        if adapter.authorise is not None:
            answer = load_answer(await _answered(adapter.authorise(counter, now), limits))
            token = text_at(answer, "access_token")
        text = await _answered(adapter.ask(counter, now, token), limits)
    return PopularityResult(
        counter.id, adapter.read(text, limits.max_figures), counter.window_hours
    )


async def _answered(question: Question, limits: Limits) -> str:
    async with _Caller(limits, question) as web:
        document = await web.call()
    return decode(document.body, document.charset)


def by_article(figures: Iterable[Figure], home: str) -> dict[str, float]:
    """Return the counts by article id, matched by canonical URL; spellings of one are summed."""
    counts: dict[str, float] = {}
    for figure in figures:
        page = canonical(figure.url, home)
        if page:
            name = article_id(page, "", "")
            counts[name] = counts.get(name, 0.0) + figure.count
    return counts
