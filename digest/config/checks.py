"""Checks of single values of digest.toml, each with its message."""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.utils import parseaddr
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator

_CRON_FIELDS = 5
_ANY_DAY = datetime(2026, 1, 1)  # noqa: DTZ001 - a schedule is walked without a zone


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
    fault = _cron_fault(value)
    if fault:
        raise ValueError(
            f'"{value}" is not a schedule that can be kept ({fault}). '
            'Write minute hour day month weekday, as in "0 7 * * *"'
        )
    return value


def _cron_fault(value: str) -> str:
    """Say what is wrong with a schedule, "" if it fires; found out by asking for its next time."""
    from cronsim import CronSim, CronSimError

    number = len(value.split())
    if number != _CRON_FIELDS:
        return f"it has {number} fields instead of {_CRON_FIELDS}"
    try:
        fires = next(CronSim(value, _ANY_DAY), None) is not None
    except CronSimError as error:
        return str(error)
    return "" if fires else "its date never comes"


TimeZone = Annotated[str, AfterValidator(_timezone)]
Mailbox = Annotated[str, AfterValidator(_mailbox)]
Cron = Annotated[str, AfterValidator(_cron)]
