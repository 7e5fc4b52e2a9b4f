"""The archive over store and configuration."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from digest.config import EditionSettings, Settings
from digest.pipeline.readers.archive import LISTED, PastIssue, past_issue, past_issues
from digest.store import Store
from digest.web.readers.archive_pages import ArchivedEdition, ArchivedIssue, ArchivedPage


class ArchiveOfStore:
    """Answers the archive's questions."""

    def __init__(self, settings: Settings, store: Store) -> None:
        """Take what knows the issues."""
        self._settings = settings
        self._store = store

    def editions(self, most: int) -> tuple[ArchivedEdition, ...]:
        """Return every edition with at most so many issues."""
        return tuple(self._edition(one, most) for one in self._settings.edition)

    def edition(self, edition_id: str) -> ArchivedEdition | None:
        """Return one edition with its issues, or None."""
        found = self._settings.edition_of(edition_id)
        return self._edition(found, LISTED) if found else None

    def issue(self, edition_id: str, slot: str) -> ArchivedPage | None:
        """Return one issue, or None if it did not go out."""
        found = past_issue(self._settings, self._store, edition_id, slot)
        if found is None:
            return None
        edition = self._settings.edition_of(edition_id)
        issue = _listed(found.issue)
        if edition is not None:
            issue = replace(issue, at=issue.at.astimezone(ZoneInfo(edition.timezone)))
        return ArchivedPage(issue, found.html, found.picture.url if found.picture else "")

    def _edition(self, edition: EditionSettings, most: int) -> ArchivedEdition:
        url = f"{self._settings.site.public_url}/archive/{edition.id}"
        zone = ZoneInfo(edition.timezone)
        past = past_issues(self._settings, self._store, edition.id, most)
        return ArchivedEdition(
            id=edition.id,
            title=edition.title,
            url=url,
            feed_url=f"{url}/feed.atom",
            issues=tuple(replace(_listed(one), at=one.at.astimezone(zone)) for one in past),
        )


def _listed(past: PastIssue) -> ArchivedIssue:
    return ArchivedIssue(past.edition, past.slot, past.at, past.subject, past.url)
