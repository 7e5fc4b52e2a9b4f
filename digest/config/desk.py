"""The table [desk]: the editors' desk from elsewhere (`digest desk --listen`)."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from digest.config.checks import Mailbox
from digest.extension.table import Table

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def _origin(value: str) -> str:
    if not value:
        return value
    parts = urlsplit(value.rstrip("/"))
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise ValueError(
            f'"{value}" is not the address of a site. Write it as in "https://desk.news.example"'
        )
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise ValueError(f'"{value}" must begin with https://: the desk has sessions')
    return f"{parts.scheme}://{parts.netloc.lower()}"


class DeskSettings(Table):
    """Where editors reach the desk, and who may only look; `editors` of an edition may change it.

    `session_hours` is how long an editor stays signed in.
    """

    url: Annotated[str, AfterValidator(_origin)] = ""
    look: tuple[Mailbox, ...] = ()
    session_hours: Annotated[int, Field(ge=1, le=168)] = 12
