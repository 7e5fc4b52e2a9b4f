"""What a workflow needs beside the usual, where its runs push the ledger to a branch or a bucket.

A branch is written with the checkout's own credentials, so the job keeps them and may write. Both
places are sealed, which takes the extra `state`, and both hold a ledger that somebody has begun.
"""

from __future__ import annotations

import re

from digest import store
from digest.config import Settings
from digest.errors import UsageError

BEGIN = "digest reconcile --adopt"
_READS_ONLY = re.compile(r"persist-credentials:\s*false|contents:\s*read")
_ASKS_FOR_RIGHTS = re.compile(r"^\s*permissions:", re.MULTILINE)


def is_pushed(settings: Settings) -> bool:
    """Whether the ledger is kept in a branch or a bucket."""
    return store.is_remote(settings.store.url)


def is_on_a_branch(settings: Settings) -> bool:
    """Whether the ledger is a branch of the checkout's remote."""
    return store.is_on_a_branch(settings.store.url)


def first_time(settings: Settings) -> str:
    """Return what a person says once before the first run; "" where a run begins the ledger."""
    if not is_pushed(settings):
        return ""
    return f"`{BEGIN}` in your own clone, with these secrets in .env: it begins the ledger"


def cannot_push(text: str) -> bool:
    """Whether a workflow keeps its job from pushing a branch."""
    return bool(_READS_ONLY.search(text)) and bool(_ASKS_FOR_RIGHTS.search(text))


def refuse_without_checkout(settings: Settings, kind: str, *, has_checkout: bool) -> None:
    """Raise UsageError where a ledger on a branch would be pushed from a place without a clone."""
    if is_on_a_branch(settings) and not has_checkout:
        raise UsageError(
            f"{kind} starts an image, which has no checkout to push the ledger's branch from",
            where="store.url",
            fix="Keep the ledger in PostgreSQL, or in a bucket: sqlite+s3://bucket/key.",
        )
