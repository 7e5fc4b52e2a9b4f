"""`digest desk` and `digest preview`: the coming issue in a browser on this machine."""

from __future__ import annotations

import getpass
import os
import sys
import threading
from contextlib import closing
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

import typer

from digest.cli.output import emit, say
from digest.cli.session import Again, Json, SlotKey, now

if TYPE_CHECKING:
    from collections.abc import Callable

EditionToShow = Annotated[
    str | None, typer.Argument(metavar="[EDITION]", help="An edition's id; the first if none.")
]
Open = Annotated[bool, typer.Option("--open/--no-open", help="Open it in the browser.")]
_HOUR = 3600.0


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(desk)
    app.command()(preview)


def desk(
    context: typer.Context,
    edition: EditionToShow = None,
    port: Annotated[int, typer.Option("--port", help="Port on 127.0.0.1; 0 takes a free one.")] = (
        8026
    ),
    open_browser: Open = False,
    slot: SlotKey = None,
    by: Annotated[
        str, typer.Option("--by", metavar="NAME", help="Who edits; your login if left out.")
    ] = "",
    listen: Annotated[
        str,
        typer.Option(
            "--listen",
            metavar="HOST:PORT",
            help="Serve it behind your proxy, to the editors of digest.toml.",
        ),
    ] = "",
    json: Json = False,
) -> None:
    """Change, test and approve the coming issue, in the browser.

    Every change is written to the issue's file in overlays/. Nothing is sent but the tests that you
    ask for. With --listen, editors reach it at [desk] url, and sign in by a link in a mail.
    """
    if listen:
        _listen(context, edition, listen, json=json)
        return
    query = {"slot": slot} if slot else {}
    _serve(context, edition, port, query, open_browser=open_browser, json=json, by=by or _login())


def _listen(context: typer.Context, edition: str | None, listen: str, *, json: bool) -> None:
    """Serve the desk to others until Ctrl-C: accounts, sessions, and the mails that sign in."""
    from digest.cli.stopping import wait_for_stop
    from digest.pipeline.readers.postman import posting
    from digest.web.audience import AudiencePage
    from digest.web.desk.backend import DeskBackend
    from digest.web.desk.served import desk_limits, desk_url, host_and_port, served_desk
    from digest.web.preview_backend import PreviewBackend
    from digest.web.server.serving import serving

    host, port = host_and_port(listen)
    looking = PreviewBackend(context.obj, os.environ, now, edition)
    with closing(looking):
        settings, store = looking.opened()
        url = desk_url(settings, store)
        backend = DeskBackend(looking, looking.folder, now, "an editor")
        audience = AudiencePage(looking.audience, looking.titles).route()
        with (
            posting(settings, store, now) as postman,
            serving(
                served_desk(backend, looking, now, postman.hurry, audience),
                host=host,
                port=port,
                limits=desk_limits(settings),
            ) as base,
        ):
            if json:
                emit({"url": url, "listening": base})
            else:
                say(f"Desk for editors at {url}; it listens on {base}, for your proxy.")
            wait_for_stop()


def preview(
    context: typer.Context,
    edition: EditionToShow = None,
    port: Annotated[int, typer.Option("--port", help="Port on 127.0.0.1; 0 takes a free one.")] = (
        8025
    ),
    open_browser: Open = False,
    slot: SlotKey = None,
    again: Again = False,
    json: Json = False,
) -> None:
    """Show the coming issue in the browser, rebuilt as you edit. It changes nothing.

    It follows configuration, templates, overlays and what is collected. A slot that was planned is
    shown as it went out.
    """
    query = {**({"slot": slot} if slot else {}), **({"again": "1"} if again else {})}
    _serve(context, edition, port, query, open_browser=open_browser, json=json, by="")


def _serve(
    context: typer.Context,
    edition: str | None,
    port: int,
    query: dict[str, str],
    *,
    open_browser: bool,
    json: bool,
    by: str,
) -> None:
    """Serve until Ctrl-C; `by` names who may change, nobody if it is empty."""
    from digest.cli.stopping import wait_for_stop
    from digest.web.audience import AudiencePage
    from digest.web.desk.application import make_desk
    from digest.web.desk.backend import DeskBackend
    from digest.web.local_access import LocalAccess, OneTimeKeys
    from digest.web.preview_backend import PreviewBackend
    from digest.web.server.limits import ConnectionLimits
    from digest.web.server.serving import serving

    keys = OneTimeKeys()
    looking = PreviewBackend(context.obj, os.environ, now, edition)
    first = looking.editions()[:1]  # a fault from the start is told here, not on a page
    path = f"/edition/{first[0].id}" if first else "/"
    backend = DeskBackend(looking, looking.folder, now, by)
    audience = AudiencePage(looking.audience, looking.titles).route()
    app = make_desk(backend, may_change=bool(by), audience=audience)
    limits = ConnectionLimits(answer_seconds=_HOUR)  # a stream of events is one long answer
    with (
        closing(looking),
        serving(lambda base: LocalAccess(app, base, keys), port=port, limits=limits) as base,
    ):

        def address() -> str:
            return f"{base}{path}?{urlencode({**query, 'key': keys.new()})}"

        if json:
            emit({"url": address()})
        else:
            name = "Desk" if by else "Preview"
            say(f"{name} at {address()}")
            say("It opens in one browser, once. Enter prints another address; Ctrl-C ends it.")
            _print_more(address)
        if open_browser:
            typer.launch(address())
        wait_for_stop()


def _print_more(address: Callable[[], str]) -> None:
    """Print a fresh address whenever somebody presses Enter, where a person sits at it."""

    def read() -> None:
        while sys.stdin.readline():
            say(address())

    if sys.stdin is not None and sys.stdin.isatty():
        threading.Thread(target=read, name="digest-desk-keys", daemon=True).start()


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "an editor"
