"""Pings and alerts on their way: short, bounded in time, and never a reason to fail.

The addresses may be secrets: they stand in no log and in no error.
"""

from __future__ import annotations

import asyncio
import html
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit, urlunsplit

import httpx

from digest.config import Settings
from digest.config.environment import ALERT_WEBHOOK, PING_URL
from digest.log import log
from digest.models.compositions import Rendered
from digest.pipeline.mails.newsroom_mail import queue_for_newsroom
from digest.pipeline.watching.alerts import Alert
from digest.store import Store

_MOST = 8000  # characters of a body


class Watchers:
    """Those who watch, as digest.toml and the environment name them."""

    def __init__(self, settings: Settings) -> None:
        """Take the addresses; none is asked yet."""
        rules, value = settings.alerts, settings.secrets.value
        self._settings = settings
        self._ping_url = value(PING_URL) or rules.ping_url
        self._webhook = value(ALERT_WEBHOOK) or rules.webhook
        self._timeout = rules.timeout

    async def ping(self, signal: str = "", words: str = "") -> None:
        """Say that a run started ("start"), failed ("fail") or went well (""), as healthchecks.io.

        healthchecks.io/docs/http_api, read in November 2026: the signal is a last part of the path.
        """
        if self._ping_url:
            await self._post(_signalled(self._ping_url, signal), "ping", text=words)

    async def alert(self, store: Store, alerts: Sequence[Alert], now: datetime) -> None:
        """Tell the webhook, and queue the mail. Raises nothing that a network does."""
        if not alerts:
            return
        site = self._settings.site.name
        lines = [one.sentence() for one in alerts]
        if self._settings.alerts.mail:
            self._queue(store, alerts, lines, now)
        if self._webhook:
            said = "\n".join(lines)
            await self._post(self._webhook, "webhook", json={"text": f"Digest of {site}\n{said}"})

    def _queue(
        self, store: Store, alerts: Sequence[Alert], lines: Sequence[str], now: datetime
    ) -> None:
        first, more = alerts[0], len(alerts) - 1
        rest = f" and {more} more" if more else ""
        subject = f"[Digest] {first.name}: {first.state}{rest}"
        text = "\n\n".join((*lines, "`digest status` shows how things stand."))
        page = "".join(f"<p>{html.escape(line)}</p>" for line in text.split("\n\n"))
        mail = Rendered(
            "alert",
            "en",
            subject,
            f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>'
            f"{html.escape(subject)}</title></head><body>{page}</body></html>\n",
            text + "\n",
        )
        reason = f"{'+'.join(one.name for one in alerts)}:{now.isoformat()}"
        queue_for_newsroom(store, mail, self._settings.alerts.mail, reason, now)

    async def _post(self, url: str, what: str, *, text: str = "", json: object = None) -> None:
        """Post once; a fault is one line of the log, without the address."""
        try:
            async with (
                asyncio.timeout(self._timeout),
                httpx.AsyncClient(trust_env=False, timeout=self._timeout) as client,
            ):
                body = {"json": json} if json is not None else {"content": text[:_MOST].encode()}
                answer = await client.post(url, **body)
            if answer.is_error:
                log.warning("an alert did not arrive", to=what, status=answer.status_code)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError, ValueError) as error:
            log.warning("an alert did not arrive", to=what, kind=type(error).__name__)


def _signalled(url: str, signal: str) -> str:
    if not signal:
        return url
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{signal}"))
