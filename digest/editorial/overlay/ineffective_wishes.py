"""Wishes that met their story and yet do nothing in the issue: told, so that none fails silently.

They are no faults: a story that had room an hour ago may have none now, and the mail goes out all
the same. Whoever wants it in at any price pins it. What is heeded otherwise than an editor may
think is told likewise: a pin that only some readers see, a lead that led another edition too.
"""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from digest.editorial.choosing.compose import lay_out
from digest.editorial.overlay.sponsors import runs
from digest.editorial.overlay.wishes import Overlay
from digest.editorial.plan import Choice, Wish
from digest.models.issues import Issue
from digest.models.stories import Reason


def unheeded(choice: Choice) -> tuple[str, ...]:
    """Return one sentence for each, with file and line."""
    return tuple(_sentences(choice))


def _sentences(choice: Choice) -> Iterator[str]:
    stories = {one.story_id: one for one in choice.verdicts if one.article_id == one.story_id}
    for wish in choice.wishes:
        head = f'{wish.where}: {wish.entry}: "{wish.name}"'
        if wish.said:
            yield f"{head} {wish.said}."
        elif wish.idle:
            yield f"{head} does nothing in this issue: {wish.idle}."
        elif (verdict := stories[wish.story_id]).reason is not Reason.IN:
            why = f"{verdict.reason}; {verdict.detail}" if verdict.detail else verdict.reason
            yield f"{head} is not shown in this issue ({why}). Pin it to have it in."


def idle_sponsors(overlay: Overlay, issue: Issue) -> tuple[Wish, ...]:
    """Return those that the reader of everything does not see, though somebody may have paid.

    One of this very issue that does not run in it: somebody took a wrong day. One that runs after
    a section that shows no story: there is nothing to stand after.
    """
    page = lay_out(issue, frozenset())
    headings = {column.section.id for column in page.columns if column.size} if page else set()
    found = []
    for one in overlay.sponsors:
        if not runs(one, issue.slot.at, ZoneInfo(issue.timezone)):
            why = "it does not run at this slot" if one.must_run else ""
        else:
            shown = not one.section or one.section in headings
            why = "" if shown else f'section "{one.section}" shows no story for it to stand after'
        if why:
            found.append(Wish(one.where, "sponsor", one.text, idle=why))
    return tuple(found)
