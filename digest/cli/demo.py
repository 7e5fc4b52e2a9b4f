"""`digest demo`: the whole way on this machine, to look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from digest.cli.output import emit, note, say, table
from digest.cli.session import Json

if TYPE_CHECKING:
    from digest.demo.receiver import ReceivedMail


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command()(demo)


def demo(
    once: Annotated[
        bool, typer.Option("--once", help="Run it, print the summary, and end.")
    ] = False,
    port: Annotated[
        int, typer.Option("--port", help="The inbox's port on 127.0.0.1; 0 takes a free one.")
    ] = 0,
    open_browser: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the inbox in the browser.")
    ] = True,
    json: Json = False,
) -> None:
    """Show the whole way: a local news site, its digest, an inbox.

    Its digest goes to three readers over real SMTP, on this machine alone.
    """
    from digest.cli.stopping import wait_for_stop
    from digest.demo.runner import Heard, running_demo

    tell = (lambda _: None) if json else say
    heard = Heard(
        step=tell, source=lambda source: tell(f"  {source.id}: {source.new} new articles")
    )
    with running_demo(heard, inbox_port=port) as run:
        mails = run.receiver.mails
        if json:
            emit(
                {
                    "send": run.sent.as_json(),
                    "mails": [{"to": list(m.recipients), "bytes": len(m.raw)} for m in mails],
                    "site": run.site_url,
                    "inbox": run.inbox_url,
                }
            )
        else:
            say()
            table(("reader", "chose", "mail"), _rows(mails))
        if not once:
            if not json:
                say(f"The site     {run.site_url}")
                say(f"The inbox    {run.inbox_url}   ← look here; Ctrl-C ends the demo")
            if open_browser and not json:
                typer.launch(run.inbox_url)
            wait_for_stop()
            if not json:
                note("\nEnded; nothing was left behind.")
    raise typer.Exit(int(run.sent.exit_code))


def _rows(mails: Sequence[ReceivedMail]) -> Iterator[tuple[str, str, str]]:
    """Yield a row a reader: what they chose, and what arrived; the size is what Gmail clips by."""
    from digest.demo.inbox_mail import read
    from digest.demo.runner import READERS

    arrived = {mail.recipients[0]: read(mail) for mail in mails}
    for reader in READERS:
        mail = arrived.get(reader.email)
        yield (
            reader.email,
            ", ".join(reader.sections) or "all sections",
            f"{len(mail.html.encode()) / 1000:.0f} KB of HTML" if mail else "not arrived",
        )
