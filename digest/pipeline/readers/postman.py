"""Sends single mails in the background for as long as a `with` block lasts.

A thread of its own, with an event loop of its own: pages are never slower for a mail server.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from digest.config import Settings
from digest.errors import DigestError
from digest.log import log
from digest.pipeline.readers.posting import send_single_mails
from digest.store import Store

_LOOK_EVERY = 5.0  # another process may have queued one, and deferred ones come due
_REST_FIRST, _REST_MOST = 5.0, 300.0
_DRAIN_SECONDS = 10.0
_KEPT, _TIDY_EVERY = timedelta(days=90), timedelta(days=1)


class Postman:
    """Can be told that there is something to send."""

    def __init__(self, settings: Settings, store: Store, clock: Callable[[], datetime]) -> None:
        """Take what a run needs; nothing is sent before `run`."""
        self._settings = settings
        self._store = store
        self._clock = clock
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._tidied_at: datetime | None = None

    def hurry(self) -> None:
        """Look at once: a mail was queued. From any thread."""
        self._wake.set()

    def run(self) -> None:
        """Send what is due, again and again, until told to stop."""
        rest = _REST_FIRST
        while not self._stopping.is_set():
            pause = _LOOK_EVERY
            try:
                refused = self._round()
            except DigestError as error:
                refused = str(error)
            if refused:
                log.warning("single mails wait", why=refused)
                pause, rest = rest, min(rest * 2, _REST_MOST)
            else:
                rest = _REST_FIRST
            self._wake.wait(pause)
            self._wake.clear()

    def stop(self) -> None:
        """End after the mail that is under way."""
        self._stopping.set()
        self._wake.set()

    def _round(self) -> str:
        """Send what is due; return why it cannot be sent, or ""."""
        self._tidy(self._clock())
        report = asyncio.run(send_single_mails(self._settings, self._store, clock=self._clock))
        return str(report.error) if report is not None and report.error is not None else ""

    def _tidy(self, now: datetime) -> None:
        """Forget, once a day, what nobody asks about any more."""
        if self._tidied_at is None or now - self._tidied_at >= _TIDY_EVERY:
            self._tidied_at = now
            self._store.single_mails.forget_old(now - _KEPT)
            self._store.requests.forget_old(now)


@contextmanager
def posting(settings: Settings, store: Store, clock: Callable[[], datetime]) -> Iterator[Postman]:
    """Have single mails sent while the block lasts."""
    postman = Postman(settings, store, clock)
    thread = threading.Thread(target=postman.run, name="digest-postman", daemon=True)
    thread.start()
    try:
        yield postman
    finally:
        postman.stop()
        thread.join(_DRAIN_SECONDS)
