"""An open answer → a document or a redirect: its head judged, its body within limits.

The documents have no address yet: the fetcher knows it.
"""

from __future__ import annotations

from dataclasses import replace

import httpx

from digest.collector.http.answers import MOVED, MOVED_FOR_GOOD, Redirect, check_status, number
from digest.collector.http.body import UnpackedBody
from digest.collector.http.document import Document
from digest.errors import SourceError, SourceRefused

_LONGEST_REFUSAL = 50_000
_LONGEST_WORDS = 2_000
_LONGEST_ETAG = 500
_LONGEST_DATE = 100


async def read_head(answer: httpx.Response) -> Document | Redirect:
    """Return a document without its body: it is there. Raises the error that the status means."""
    location = answer.headers.get("location", "")
    if answer.status_code in MOVED and location:
        return Redirect(location, for_good=answer.status_code in MOVED_FOR_GOOD)
    check_status(answer.status_code, answer.headers.get("retry-after", ""))
    return Document("")


async def read_beginning(answer: httpx.Response, most: int) -> Document | Redirect:
    """Return a document with the first `most` bytes of its body, as they came over the wire.

    Raises the error that the status means.
    """
    there = await read_head(answer)
    if isinstance(there, Redirect):
        return there
    beginning = bytearray()
    async for chunk in answer.aiter_raw():
        beginning += chunk
        if len(beginning) >= most:
            break
    return replace(there, body=bytes(beginning[:most]))


async def read_document(
    answer: httpx.Response, max_bytes: int, *, conditional: bool = False
) -> Document | Redirect:
    """Return the document with its body, unpacked; `conditional` questions may bring a 304.

    Raises the error that the status means, SourceUnsafe past `max_bytes`, SourceUnreadable for a
    body that does not unpack.
    """
    headers = answer.headers
    known = Document(
        "",
        etag=headers.get("etag", "")[:_LONGEST_ETAG],
        last_modified=headers.get("last-modified", "")[:_LONGEST_DATE],
    )
    if answer.status_code == httpx.codes.NOT_MODIFIED and conditional:
        await _read_body(answer, max_bytes)  # of nothing; unread, it would cost the connection
        return replace(known, unchanged=True)
    try:
        there = await read_head(answer)
    except SourceRefused as error:
        if answer.status_code == httpx.codes.BAD_REQUEST:  # an API says in it what it would take
            error.said = (await read_refusal(answer)).text[:_LONGEST_WORDS]
        raise
    if isinstance(there, Redirect):
        return there
    return replace(
        known,
        body=await _read_body(answer, max_bytes),
        content_type=headers.get("content-type", "").partition(";")[0].strip().lower(),
        charset=answer.charset_encoding or "",
        pages=number(headers.get("x-wp-totalpages", "")),
    )


async def read_refusal(answer: httpx.Response) -> Document:
    """Return what a refusing answer says, within limits; nothing where that cannot be had."""
    try:
        return Document("", await _read_body(answer, _LONGEST_REFUSAL))
    except SourceError:
        return Document("")


async def _read_body(answer: httpx.Response, max_bytes: int) -> bytes:
    body = UnpackedBody(answer.headers.get("content-encoding", ""), max_bytes)
    async for chunk in answer.aiter_raw():
        body.add(chunk)
    return body.finish()
