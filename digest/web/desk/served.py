"""The desk as it is served to others: behind a reverse proxy, to the accounts of digest.toml."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from starlette.routing import BaseRoute

from digest.config import Settings
from digest.errors import ConfigError, UsageError
from digest.pipeline.desk.accounts import LINK_LASTS, accounts_of
from digest.pipeline.mails.rendering import link_tokens
from digest.store import Store
from digest.web.desk.application import make_desk
from digest.web.desk.backend import DeskBackend
from digest.web.desk.door import EditorsDoor
from digest.web.desk.door_backend import DoorOfNewsroom
from digest.web.desk.sessions import Sessions
from digest.web.preview_backend import PreviewBackend
from digest.web.public_pages import front_rules, server_limits
from digest.web.server.front import Front
from digest.web.server.limits import ConnectionLimits

_LONGEST_ANSWER = 3600.0  # a stream of events is one long answer


def served_desk(
    backend: DeskBackend,
    looking: PreviewBackend,
    clock: Callable[[], datetime],
    hurry: Callable[[], None],
    audience: BaseRoute | None = None,
) -> Front:
    """Return the desk behind its door; `hurry` is called when a link was queued."""
    settings, _ = looking.opened()
    url = settings.desk.url
    sessions = Sessions(LINK_LASTS, timedelta(hours=settings.desk.session_hours))
    answers = DoorOfNewsroom(looking.opened, clock, hurry)
    host = urlsplit(url).hostname or ""
    rules = replace(front_rules(settings), hosts=frozenset({host}))
    return make_desk(
        backend,
        may_change=False,
        audience=audience,
        door=lambda app: EditorsDoor(app, url, answers, sessions, clock),
        rules=rules,
    )


def desk_limits(settings: Settings) -> ConnectionLimits:
    """Return the bounds of the server as [serve] has them; a stream of events may last an hour."""
    return replace(server_limits(settings), answer_seconds=_LONGEST_ANSWER)


def desk_url(settings: Settings, store: Store) -> str:
    """Return the address that editors know. Raises ConfigError and UsageError for what is lacking.

    It is said at the start, and not to the first editor who knocks.
    """
    where = str(settings.path)
    if not settings.desk.url:
        raise ConfigError(
            "the desk has no address to be reached at",
            where=where,
            fix='Add [desk] with url = "https://desk.news.example", the address of your proxy',
        )
    if not accounts_of(settings):
        raise ConfigError(
            "nobody could sign in at the desk",
            where=where,
            fix='Add editors = ["ann@news.example"] to an [[edition]], or look = [...] to [desk]',
        )
    link_tokens(settings)
    if store.replica:
        raise UsageError(
            "the desk for others needs a store that is always there; this one is pushed by runs",
            where=store.place,
            fix="Use PostgreSQL, or an SQLite file where the desk is served",
        )
    return settings.desk.url


def host_and_port(listen: str) -> tuple[str, int]:
    """Read "127.0.0.1:8027", "[::1]:8027" or ":8027" (127.0.0.1). Raises UsageError."""
    host, _, port = listen.strip().rpartition(":")
    name = host.strip("[]")
    if not port.isdecimal() or int(port) > 65_535 or (":" in name and not host.startswith("[")):  # noqa: PLR2004 - the highest port there is
        raise UsageError(
            f'"{listen}" is no address to listen on', where="--listen", fix="Write 127.0.0.1:8027"
        )
    return name or "127.0.0.1", int(port)
