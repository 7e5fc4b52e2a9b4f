"""Read a posted form in either encoding that RFC 8058 section 3.1 allows, and no more of it."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, parse_qsl

from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from starlette.requests import Request

_MAX_BYTES = 16 * 1024
_MAX_FIELDS = 200


async def read_form(request: Request) -> dict[str, list[str]]:
    """Return the fields of a form, each with its values. Answers 413 to a body over 16 KB."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_BYTES:
            raise HTTPException(413, "That form is too large.")
    kind = request.headers.get("content-type", "")
    if kind.lower().startswith("multipart/form-data"):
        return _multipart(kind, bytes(body))
    try:
        return parse_qs(body.decode("utf-8", "replace"), max_num_fields=_MAX_FIELDS)
    except ValueError:
        raise HTTPException(413, "That form has too many fields.") from None


async def read_fields(request: Request) -> dict[str, str]:
    """Return the fields of a page's own form, each with its last value, empty ones too.

    The front bounds the body.
    """
    body = (await request.body()).decode("utf-8", "replace")
    return dict(parse_qsl(body, keep_blank_values=True))


def first(form: Mapping[str, list[str]], name: str) -> str:
    """Return the first value of a field, "" if there is none."""
    return next(iter(form.get(name, [])), "")


def _multipart(kind: str, body: bytes) -> dict[str, list[str]]:
    """Read multipart/form-data (RFC 7578) with the standard library's MIME parser."""
    head = b"Content-Type: " + kind.encode("ascii", "replace") + b"\r\n\r\n"
    message = email.message_from_bytes(head + body, policy=email.policy.HTTP)
    fields: dict[str, list[str]] = {}
    for part in message.iter_parts() if message.is_multipart() else ():
        name = part.get_param("name", header="content-disposition")
        value = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(value, bytes):
            fields.setdefault(name, []).append(value.decode("utf-8", "replace"))
    return fields
