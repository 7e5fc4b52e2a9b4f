"""Past issues for everybody: those that went out, as the readers of all sections saw them.

A reader's own links stand in no page of the archive: they are replaced by the way to subscribe.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from digest.config import Settings
from digest.frozen import thaw
from digest.models.articles import Picture
from digest.models.issues import Issue, IssueState
from digest.pipeline.mails.rendering import filled
from digest.store import Store, StoredIssue

LISTED = 100
"""The number of issues that the list of an edition shows."""

_SHOWN = frozenset({IssueState.SENDING, IssueState.FINISHED})
_EVERYTHING = "all"


@dataclass(frozen=True, slots=True)
class PastIssue:
    """One issue in a list: `slot` names it inside its edition, `at` is the slot's time, aware."""

    edition: str
    edition_title: str
    slot: str
    at: datetime
    subject: str
    url: str


@dataclass(frozen=True, slots=True)
class PastPage:
    """One issue to read: its HTML, and what a preview of its address shows."""

    issue: PastIssue
    html: str
    picture: Picture | None


def past_issues(
    settings: Settings, store: Store, edition_id: str, most: int = LISTED
) -> Sequence[PastIssue]:
    """Return an edition's issues that went out, the newest first."""
    edition = settings.edition_of(edition_id)
    if edition is None:
        return ()
    found = (_past(settings, store, one) for one in store.issues.list(edition.id, limit=most))
    return [past for past in found if past is not None]


def past_issue(settings: Settings, store: Store, edition_id: str, slot: str) -> PastPage | None:
    """Return one issue as a page, or None if it did not go out."""
    stored = store.issues.get(settings.issue_key(f"{edition_id}/{slot}"))
    past = _past(settings, store, stored) if stored else None
    if stored is None or past is None:
        return None
    rendered = store.issues.renderings(stored.id)
    page = rendered.get(_EVERYTHING) or next(iter(rendered.values()), None)
    if page is None:
        return None
    subscribe = f"{settings.site.public_url}/subscribe"
    links = {"unsubscribe_url": subscribe, "preferences_url": subscribe, "view_url": past.url}
    return PastPage(past, filled(page, links)[0], _picture(thaw(stored.content)))


def latest_issue_url(settings: Settings, store: Store, edition_id: str) -> str:
    """Return the address of an edition's newest issue; "" if none went out or none is shown."""
    if not settings.readers.archive:
        return ""
    found = past_issues(settings, store, edition_id, most=5)
    return found[0].url if found else ""


def _past(settings: Settings, store: Store, stored: StoredIssue) -> PastIssue | None:
    if stored.state not in _SHOWN or stored.planned_at is None:
        return None
    variants = {one.variant: one.subject for one in store.issues.variants(stored.id)}
    subject = variants.get(_EVERYTHING) or next(iter(variants.values()), "")
    edition = settings.edition_of(stored.slot.edition)
    name = stored.slot.edition
    return PastIssue(
        edition=name,
        edition_title=edition.title if edition else name,
        slot=stored.slot.key,
        at=stored.slot.at,
        subject=subject,
        url=f"{settings.site.public_url}/archive/{name}/{quote(stored.slot.key)}",
    )


def _picture(issue: Issue) -> Picture | None:
    for story in issue.stories:
        if story.article.picture is not None:
            return story.article.picture
    return None
