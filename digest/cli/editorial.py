"""The editor's view of an edition: why each story is in or out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from digest.cli.output import emit, note, say, table
from digest.cli.session import EditionName, Json, SlotKey, now, opened

if TYPE_CHECKING:
    from digest.pipeline.explaining import ExplainedArticle


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(explain)


def explain(
    context: typer.Context,
    edition: EditionName,
    story: Annotated[
        str | None,
        typer.Argument(metavar="[STORY]", help="An article's id, URL or part of its headline."),
    ] = None,
    slot: SlotKey = None,
    json: Json = False,
) -> None:
    """Say for each article whether it is in or out, where, and why. Changes nothing."""
    from digest.pipeline.explaining import explain_issue

    with opened(context) as (settings, store):
        told = explain_issue(settings, store, edition, slot, story, now())
    if json:
        emit(told.as_json())
        return
    say(told.issue)
    if story is not None:
        for one in told.articles:
            _tell(one)
    else:
        table(
            ("article", "source", "what became of it"),
            ((one.title, one.source_id, f"{one.reason}: {one.detail}") for one in told.articles),
        )
    for remark in told.notes:
        note(remark)


def _tell(one: ExplainedArticle) -> None:
    say()
    say(one.title)
    say(f"  {one.url} ({one.article_id}, from {one.source_id})")
    say(f"  {one.reason}" + (f": {one.detail}" if one.detail else ""))
    for title in one.merged_with:
        say(f"  same story: {title}")
    for words in one.score_words():
        say(f"  {words}")
