"""`digest embed`: the form to subscribe by, to be pasted into any page."""

from __future__ import annotations

from typing import Annotated

import typer

from digest.cli.output import emit, say
from digest.cli.session import Json, settings_of


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command()(embed)


def embed(
    context: typer.Context,
    edition: Annotated[
        list[str] | None,
        typer.Argument(metavar="[EDITION]...", help="Editions to offer; all without any."),
    ] = None,
    language: Annotated[
        str, typer.Option("--language", help="Language of the form, as in de; the site's without.")
    ] = "",
    json: Json = False,
) -> None:
    """Print the form to subscribe by as HTML, to be pasted into a page of the site.

    It needs no script, and posts to the readers' pages at site.public_url (`digest serve`).
    """
    from digest.pipeline.issue.slots import edition_named
    from digest.web.embed.markup import form_markup

    settings = settings_of(context)
    editions = [edition_named(settings, name) for name in edition or []] or list(settings.edition)
    html = form_markup(settings, editions, language)
    if json:
        emit(
            {
                "html": html,
                "form": f"{settings.site.public_url}/subscribe",
                "endpoint": f"{settings.site.public_url}/api/subscribe",
                "editions": [one.id for one in editions],
            }
        )
    else:
        say(html.rstrip())
