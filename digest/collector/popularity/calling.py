"""Calling the services that count readers: one request with a secret in it, and its answer.

Everything that holds for fetching holds here: checked addresses, bounded size and time. And no
redirect is followed: a secret goes to the address that was configured and nowhere else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Any

import httpx

from digest.collector.articles.identity import article_id
from digest.collector.articles.urls import absolute, canonical, shown
from digest.collector.http.answers import Redirect, check_status
from digest.collector.http.client import HttpClient
from digest.collector.http.document import Document, HttpRequest
from digest.collector.http.reading import read_document, read_refusal
from digest.collector.kinds.json_document import text_at
from digest.collector.popularity import ADAPTERS, Counter, Figure, PopularityResult
from digest.collector.popularity.reading import complaint, load_answer
from digest.errors import SourceError, SourceRefused
from digest.models.limits import Limits


async def _answered(request: HttpRequest, limits: Limits) -> str:
    """Return the text of a service's answer; raises a SourceError and nothing else."""
    url = absolute(request.url)
    if not url:
        raise SourceRefused(
            f'"{shown(request.url)}" is not an address that can be asked',
            fix="It must start with https:// or http:// and name a host",
        )
    headers = dict(request.headers) | {"Accept": "application/json, text/csv;q=0.9, */*;q=0.5"}
    async with HttpClient(limits) as web:
        answer = await web.ask(
            HttpRequest(url, headers, request.body), partial(_read, max_bytes=limits.max_bytes)
        )
    if isinstance(answer, Document):
        return answer.text
    raise SourceRefused(
        f"redirects to {shown(answer.location)}, and a secret is not carried there",
        fix="Configure the address at which the service really is",
    )


async def _read(answer: httpx.Response, max_bytes: int) -> Document | Redirect:
    """Read the answer; one that refuses is an error with the service's own words."""
    if answer.status_code >= HTTPStatus.BAD_REQUEST:
        said = complaint((await read_refusal(answer)).text)
        _refuse(answer.status_code, answer.headers.get("retry-after", ""), said)
    return await read_document(answer, max_bytes)


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


def by_article(figures: Iterable[Figure], home: str) -> dict[str, float]:
    """Return the counts by article id, matched by canonical URL; spellings of one are summed."""
    counts: dict[str, float] = {}
    for figure in figures:
        page = canonical(figure.url, home)
        if page:
            name = article_id(page, "", "")
            counts[name] = counts.get(name, 0.0) + figure.count
    return counts
