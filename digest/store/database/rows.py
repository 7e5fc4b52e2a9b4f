"""Between values and rows: each direction once."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping

from digest.models.articles import Article, Picture
from digest.models.deliveries import DeliveryState
from digest.models.issues import IssueState, Slot
from digest.store.values import Canary, DeliveryRecord, KnownSource, NewIssue, StoredIssue


def storable(text: str) -> str:
    """Drop what no database takes: NUL, and halves of surrogate pairs."""
    if text.isascii() and "\x00" not in text:
        return text
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


@functools.lru_cache(maxsize=16_384)  # each name is asked for several times while it is saved
def article_key(name: str) -> int:
    """Return the number under which an article is looked up by its id: 64 bits of its SHA-256.

    An index over numbers is a third of one over ids, and so is what each new article changes in
    it. Among ten million articles two share a number with a chance of three in a million.
    """
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


def article_row(article: Article) -> dict[str, Any]:
    """Return the columns an article fills, without those that say when it was met."""
    picture = article.picture or Picture("")
    name = storable(article.id)
    return {
        "key": article_key(name),
        "id": name,
        "source_id": article.source_id,
        "url": storable(article.url),
        "title": storable(article.title),
        "excerpt": storable(article.excerpt),
        "excerpt_html": storable(article.excerpt_html),
        "author": storable(article.author),
        "published": article.published,
        "updated": article.updated,
        "picture_url": storable(picture.url),
        "picture_width": picture.width,
        "picture_height": picture.height,
        "picture_alt": storable(picture.alt),
        "tags": [storable(tag) for tag in article.tags],
        "comments": article.comments,
        "popularity": article.popularity,
        "language": storable(article.language),
        "reading_minutes": article.reading_minutes,
    }


def article_of(row: RowMapping | Mapping[str, Any]) -> Article:
    """Read an article back."""
    return Article(
        id=row["id"],
        source_id=row["source_id"],
        url=row["url"],
        title=row["title"],
        excerpt=row["excerpt"],
        excerpt_html=row["excerpt_html"],
        author=row["author"],
        published=row["published"],
        updated=row["updated"],
        picture=_picture_of(row),
        tags=tuple(row["tags"]),
        comments=row["comments"],
        popularity=row["popularity"],
        language=row["language"],
        reading_minutes=row["reading_minutes"],
    )


def _picture_of(row: RowMapping | Mapping[str, Any]) -> Picture | None:
    if not row["picture_url"]:
        return None
    return Picture(
        url=row["picture_url"],
        width=row["picture_width"],
        height=row["picture_height"],
        alt=row["picture_alt"],
    )


def source_of(row: RowMapping) -> KnownSource:
    """Read a source's memory."""
    kept = {name: row[name] for name in KnownSource.__dataclass_fields__ if name != "usual_items"}
    return KnownSource(**kept, usual_items=row["total_items"] / max(1, row["successes"]))


def issue_of(row: RowMapping) -> StoredIssue:
    """Read an issue."""
    return StoredIssue(
        id=row["id"],
        slot=Slot(row["edition"], row["slot"], row["slot_at"]),
        state=IssueState(row["state"]),
        content=row["content"],
        sha256=row["sha256"],
        candidates=row["candidates"],
        planned=row["planned"],
        created_at=row["created_at"],
        planned_at=row["planned_at"],
        finished_at=row["finished_at"],
        note=row["note"],
        canary=canary_of(row),
    )


def canary_of(row: RowMapping) -> Canary | None:
    """Read what is known of an issue's canary."""
    if row["canary_last"] is None:
        return None
    return Canary(row["canary_last"], row["canary_seconds"] or 0.0, row["canary_over_at"])


def issue_row(issue: NewIssue, state: IssueState, now: datetime) -> Mapping[str, Any]:
    """Return the columns of a new issue."""
    return {
        "edition": issue.slot.edition,
        "slot": issue.slot.key,
        "slot_at": issue.slot.at,
        "state": str(state),
        "content": issue.content,
        "sha256": issue.sha256,
        "created_at": now,
        "note": "",
    }


def delivery_of(row: RowMapping) -> DeliveryRecord:
    """Read one row of the ledger for a person."""
    return DeliveryRecord(
        delivery_id=row["id"],
        subscriber_id=row["subscriber_id"],
        addr_spec=row["email"] or "",
        variant=row["variant"] or "",
        state=DeliveryState(row["state"]),
        attempts=row["attempts"],
        code=row["code"],
        enhanced=row["enhanced"] or "",
        reply=row["reply"] or "",
        phase=row["phase"] or "",
        reason=row["reason"] or "",
        retry_at=row["retry_at"],
        updated_at=row["updated_at"],
        resends=row["resends"],
    )
