"""Checks of single values of digest.toml, each with its message."""

from __future__ import annotations

from email.headerregistry import Address
from email.utils import parseaddr
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator


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


TimeZone = Annotated[str, AfterValidator(_timezone)]
Mailbox = Annotated[str, AfterValidator(_mailbox)]
Cron = Annotated[str, AfterValidator(_cron)]
