"""The mail to an edition's editors: the issue as readers will get it, and how to stop or let it go.

It is queued as a single mail, once for each hash and editor.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from digest.config import EditionSettings, Settings
from digest.frozen import thaw
from digest.models.stories import Reason
from digest.pipeline.issue.composing import compose_for
from digest.pipeline.issue.slots import edition_named
from digest.pipeline.mails.budget import render_within_budget
from digest.pipeline.mails.newsroom_mail import queue_for_newsroom
from digest.pipeline.mails.rendering import filled, sample_recipient, sample_values
from digest.plurals import counted
from digest.render.notice import NoticeWords, with_notice
from digest.resources import templates_folder
from digest.store import Review, Store

_MOST_LEFT_OUT = 30
_SAID_OF = frozenset({Reason.CARRIED, Reason.DROPPED, Reason.WITHDRAWN, Reason.NOT_YET})


@dataclass(frozen=True, slots=True)
class Notice:
    """What editors are told of: a frozen issue, how many readers it goes to, and when.

    `goes_at` is None where it waits for their approval.
    """

    review: Review
    readers: int
    goes_at: datetime | None = None


def tell_editors(settings: Settings, store: Store, notice: Notice, now: datetime) -> int:
    """Queue the mail to every editor of the edition; return how many are new."""
    review = notice.review
    edition = edition_named(settings, review.slot.edition)
    issue = thaw(review.content)
    page = compose_for(issue, "")
    if not edition.editors or page is None:
        return 0
    fitted = render_within_budget(settings, issue, review.content_sha256, [page])
    variant = fitted.rendered[page.variant]
    values = sample_values(issue)(sample_recipient(page.variant))
    html, text = filled(variant, values)
    words = _words(edition, notice, variant.subject)
    mail = with_notice(html, text, words, templates_folder() / "single")
    reason = f"{review.slot.issue_key}:{review.sha256}"
    return queue_for_newsroom(store, mail, edition.editors, reason, now)


def _words(edition: EditionSettings, notice: Notice, subject: str) -> NoticeWords:
    review, at = notice.review, notice.goes_at
    key, slot = review.slot.issue_key, review.slot
    approve = f"digest approve {slot.edition} --slot {slot.key} --sha256 {review.sha256}"
    readers = counted(notice.readers, "reader")
    change = ("To change it first, edit the overlay, then see it anew:",
              f"overlays/{slot.edition}/{slot.key}.toml")  # fmt: skip
    if at is None:
        title = f"{edition.title} waits for your approval"
        sentences = [f"Nothing goes to its {readers} before somebody approves it."]
        ways = [("To approve exactly this mail:", approve), change]
        mark = "Approve"
    else:
        when = f"{at.astimezone(ZoneInfo(edition.timezone)):%a %-d %b, %H:%M %Z}"
        title = f"{edition.title} goes out {when}"
        sentences = [f"It goes to {readers} by itself, unless somebody stops it."]
        ways = [
            ("To stop it:", f"digest issues pause {key}"),
            ("To let it go on after that:", f"digest issues resume {key}"),
            change,
        ]
        mark = f"Goes out {when}"
    ways.append((f"Its hash, for {key}:", review.sha256))
    return NoticeWords(
        subject=f"[{mark}] {subject}",
        title=title,
        sentences=sentences,
        ways=ways,
        inside=tuple(_inside(review)),
        outside=tuple(_outside(review)),
    )


def _inside(review: Review) -> Iterator[tuple[str, str]]:
    for place, _, title in review.outline.get("stories", ()):
        yield place, title


def _outside(review: Review) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield each reason with what could have been told and is not; at most thirty headlines."""
    articles = json.loads(review.reasons)["articles"] if review.reasons else []
    left = [one for one in articles if one["reason"] in _SAID_OF]
    for reason, found in groupby(left[:_MOST_LEFT_OUT], key=lambda one: str(one["reason"])):
        yield reason[:1].upper() + reason[1:], [one["title"] for one in found]
    if more := len(left[_MOST_LEFT_OUT:]):
        yield f"{more} more", [f"`digest explain {review.slot.edition}` lists them"]
