"""A runner that forgets: in CI, a ledger must not begin on a disk that is gone afterwards.

Each run would find an empty ledger, and send every reader a second copy with exit 0.
"""

from __future__ import annotations

from digest.config import Settings
from digest.errors import LedgerRefused
from digest.store import Store

_WAYS = (
    "Keep the ledger where it lasts, by store.url or DIGEST_STORE_URL: (1) a PostgreSQL,"
    " postgresql://…; (2) a branch of this repository, sqlite+git://digest-state, or a bucket,"
    " sqlite+s3://bucket/key; (3) an SQLite file on a disk that lasts, begun once by"
    " `digest reconcile --adopt`. For a rehearsal add --ephemeral. Nothing was sent."
)


def require_durable(settings: Settings, store: Store) -> None:
    """Raise LedgerRefused if a ledger would begin in a file of a CI runner.

    Readers that a step before imported do not make it durable: its history is what counts.
    """
    if settings.surroundings.in_ci and store.is_a_file:
        raise LedgerRefused(
            "CI is set, and this database knows no issue yet: on a runner whose disk is thrown"
            " away, every run would send to every reader again",
            where=store.place,
            fix=_WAYS,
        )
