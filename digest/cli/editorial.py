"""The editor's view of an edition: why each story is in or out, and what past slots would say."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from digest.cli.output import emit, note, say, table
from digest.cli.session import Again, EditionName, Json, SlotKey, now, opened
from digest.plurals import counted

if TYPE_CHECKING:
    from digest.models.stories import Reason
    from digest.pipeline.desk.backtest_report import Backtest, TestedSlot
    from digest.pipeline.desk.explained_article import ExplainedArticle


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(explain)
    app.command()(backtest)
    app.command()(correct)


def explain(
    context: typer.Context,
    edition: EditionName,
    story: Annotated[
        str | None,
        typer.Argument(metavar="[STORY]", help="An article's id, URL or part of its headline."),
    ] = None,
    slot: SlotKey = None,
    again: Again = False,
    json: Json = False,
) -> None:
    """Say for each article whether it is in or out, where, and why. Changes nothing.

    A slot that was planned is explained as it was then.
    """
    from digest.pipeline.desk.explaining import explain_issue

    with opened(context) as (settings, store):
        told = explain_issue(settings, store, edition, slot, story, now(), again=again)
    if json:
        emit(told.as_json())
        return
    say(told.issue)
    if story is not None:
        for one in told.articles:
            _tell(one)
    else:
        for reason, found in groupby(told.articles, key=lambda one: one.reason):
            _tell_all(reason, list(found))
        say("score = weight x recency x (1 + 2 x popularity + coverage) / 4")
    for remark in told.notes:
        note(remark)


def _tell_all(reason: Reason, articles: list[ExplainedArticle]) -> None:
    """Print the articles of one reason, with the terms of their scores where they were ranked."""
    say()
    say(f"{counted(len(articles), 'article')} {reason}")
    if any(one.terms for one in articles):
        table(("where", "article"), ((_where(one), _in_full(one)) for one in articles))
    else:
        rows = ((one.title, one.source_id, one.detail) for one in articles)
        table(("article", "source", "why"), rows)


def _where(one: ExplainedArticle) -> str:
    return (one.where or ", ".join(one.sections)).replace(" for ", "\nfor ")


def _in_full(one: ExplainedArticle) -> str:
    """Return the headline, those of the same story, why it is out, and its best score's terms."""
    lines = [one.title, *(f"same story: {title}" for title in one.merged_with)]
    lines += one.remarks if one.is_in else [one.detail]
    if one.terms:
        best = max(one.terms, key=lambda terms: terms.score)
        lines.append(
            f"{best.score:.3f} = {best.weight:g} x {best.recency:.2f} "
            f"x (1 + 2 x {best.popularity:.2f} + {best.coverage:.2f}) / 4"
        )
    return "\n".join(lines)


def _tell(one: ExplainedArticle) -> None:
    say()
    say(one.title)
    say(f"  {one.url} ({one.article_id}, from {one.source_id})")
    say("  " + ": ".join(filter(None, (one.reason, one.where, one.detail))))
    for title in one.merged_with:
        say(f"  same story: {title}")
    for words in one.score_words():
        say(f"  {words}")


def backtest(
    context: typer.Context,
    edition: EditionName,
    days: Annotated[
        int, typer.Option("--days", min=1, max=400, help="How many days back from now.")
    ] = 30,
    json: Json = False,
) -> None:
    """Compose past slots again, to judge limits and weights by.

    For each: volume, carry-overs, drops, duplicates suspected, and size.
    """
    from digest.pipeline.desk.backtesting import backtest_edition

    with opened(context) as (settings, store):
        tested = backtest_edition(settings, store, edition, days=days, now=now())
    if json:
        emit(tested.as_json())
    else:
        _tell_backtest(tested)


def _tell_backtest(tested: Backtest) -> None:
    """Print tables that a terminal of 80 columns shows whole."""
    slots = [(slot.issue.rpartition("/")[2], slot) for slot in tested.slots]
    say(f"{tested.edition}, {counted(len(slots), 'slot')}; articles:")
    table(
        ("slot", "stories", "merged", "carried", "expired", "dropped", "alike", "KB"),
        (
            (
                key,
                slot.stories,
                slot.merged,
                slot.carried,
                slot.expired,
                slot.dropped,
                len(slot.duplicates),
                f"{slot.html_bytes / 1000:.1f}",
            )
            for key, slot in slots
        ),
    )
    table(
        ("section", "stories", "least", "most", "slots without"),
        (_volume(name, [slot for _, slot in slots]) for name in tested.sections),
    )
    pairs = [
        (key, f"{like:.2f}", one, other)
        for key, slot in slots
        for one, other, like in slot.duplicates
    ]
    if pairs:
        say("Stories of one mail that may be one event:")
        table(("slot", "alike", "one", "other"), pairs)
    for key, slot in slots:
        for remark in slot.remarks:
            note(f"{key}: {remark}")
    for remark in tested.notes:
        note(remark)


def _volume(name: str, slots: list[TestedSlot]) -> tuple[str, int, int, int, int]:
    counts = [slot.sections.get(name, 0) for slot in slots]
    return name, sum(counts), min(counts), max(counts), counts.count(0)


def correct(
    context: typer.Context,
    issue: Annotated[str, typer.Argument(metavar="ISSUE", help="As in daily/2026-11-23.")],
    story: Annotated[
        str, typer.Option("--story", help="The story's id, URL or part of its headline.")
    ],
    text: Annotated[str, typer.Option("--text", help="What was wrong and is right: Markdown.")],
    byline: Annotated[str, typer.Option("--byline", help="Who says so.")] = "",
    headline: Annotated[str, typer.Option("--headline", help="The right headline.")] = "",
    subject: Annotated[
        str, typer.Option("--subject", help="A template, as in the configuration.")
    ] = "Correction: {{ lead.title }}",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say who would get it; change nothing.")
    ] = False,
    json: Json = False,
) -> None:
    """Prepare a correction for exactly those who got a story.

    It appears under the mail that told it.

    It is held: `digest issues resume` and `digest send` let it go.
    """
    from digest.pipeline.operator.correcting import CorrectionOrder, correct_issue

    order = CorrectionOrder(issue, story, text, byline, headline, subject)
    with opened(context) as (settings, store):
        prepared = correct_issue(settings, store, order, now(), dry_run=dry_run)
    if json:
        emit(prepared.as_json())
        return
    for line in prepared.lines():
        say(line)
