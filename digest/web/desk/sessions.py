"""Links that open one session each, and the sessions. Kept in memory alone, and only as hashes.

A desk that is started anew knows none of them: everybody signs in again.
"""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe

_MOST = 2_000


@dataclass(frozen=True, slots=True)
class _Kept:
    account: str
    until: datetime


class Sessions:
    """Thread-safe. An account is named by its key; times are handed in."""

    def __init__(self, link_lasts: timedelta, session_lasts: timedelta) -> None:
        """Take how long a link and a session are worth something."""
        self._link_lasts = link_lasts
        self._session_lasts = session_lasts
        self._lock = threading.Lock()
        self._links: dict[str, _Kept] = {}
        self._sessions: dict[str, _Kept] = {}

    def link(self, account: str, now: datetime) -> str:
        """Return a token that opens one session for an account."""
        with self._lock:
            return _kept(self._links, account, now, now + self._link_lasts)

    def account_of_link(self, token: str, now: datetime) -> str:
        """Return the account that a token would open, which stays as it is; "" if none."""
        with self._lock:
            return _account(self._links, token, now)

    def enter(self, token: str, now: datetime) -> str:
        """Return a new session for a token, which is used up; "" if it opens none."""
        with self._lock:
            account = _account(self._links, token, now)
            if not account:
                return ""
            del self._links[_hashed(token)]
            return _kept(self._sessions, account, now, now + self._session_lasts)

    def account_of(self, session: str, now: datetime) -> str:
        """Return the account that a session is of; "" if it is over, or there is none."""
        with self._lock:
            return _account(self._sessions, session, now)

    def leave(self, session: str) -> None:
        """End a session."""
        with self._lock:
            self._sessions.pop(_hashed(session), None)


def _kept(among: dict[str, _Kept], account: str, now: datetime, until: datetime) -> str:
    """Keep a fresh secret; what is over goes, and the oldest where there are too many."""
    for name in [name for name, one in among.items() if one.until <= now]:
        del among[name]
    while len(among) >= _MOST:
        del among[next(iter(among))]
    secret = token_urlsafe(32)
    among[_hashed(secret)] = _Kept(account, until)
    return secret


def _account(among: dict[str, _Kept], secret: str, now: datetime) -> str:
    found = among.get(_hashed(secret))
    return found.account if found and found.until > now else ""


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
