"""What a single value of digest.toml has to look like, and what is said of one that does not."""

from __future__ import annotations

from email.headerregistry import Address
from email.utils import parseaddr
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator


def _http_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f'"{value}" is not a URL. It must start with https:// (or http://)')
    return value


def _optional_http_url(value: str) -> str:
    return _http_url(value) if value else value


def _identifier(value: str) -> str:
    allowed = "abcdefghijklmnopqrstuvwxyz0123456789-_"
    if not value or any(letter not in allowed for letter in value):
        raise ValueError(f'"{value}" may hold only lower-case letters, digits, - and _')
    return value


def _optional_identifier(value: str) -> str:
    return _identifier(value) if value else value


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            f'"{value}" is not a time zone. Write it as in "Europe/London" or "UTC"'
        ) from None
    return value


def _mailbox(value: str) -> str:
    name, addr_spec = parseaddr(value)
    try:
        Address(display_name=name, addr_spec=addr_spec)
    except (ValueError, IndexError):
        addr_spec = ""
    if not addr_spec or "@" not in addr_spec:
        raise ValueError(
            f'"{value}" is not a mailbox. Write it as in "Example News <digest@news.example>"'
        )
    return value


def _cron(value: str) -> str:
    from datetime import UTC, datetime

    from cronsim import CronSim, CronSimError

    try:
        CronSim(value, datetime(2026, 1, 1, tzinfo=UTC))
    except CronSimError as error:
        raise ValueError(
            f'"{value}" is not a cron expression ({error}). '
            'Write minute hour day month weekday, as in "0 7 * * *"'
        ) from None
    return value


HttpUrl = Annotated[str, AfterValidator(_http_url)]
OptionalHttpUrl = Annotated[str, AfterValidator(_optional_http_url)]
Identifier = Annotated[str, AfterValidator(_identifier)]
OptionalIdentifier = Annotated[str, AfterValidator(_optional_identifier)]
TimeZone = Annotated[str, AfterValidator(_timezone)]
Mailbox = Annotated[str, AfterValidator(_mailbox)]
Cron = Annotated[str, AfterValidator(_cron)]
