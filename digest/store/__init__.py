"""The store: SQLModel tables, engine, migrations. Values come in, values go out, rows stay here.

It knows values and errors, and nothing of fetching, choosing, rendering or sending.
"""

from digest.store.store import Store, open_store, upgrade_store
from digest.store.values import (
    AudienceChanged,
    DeliveryRecord,
    KnownSource,
    Lent,
    PlanCounts,
    ReplyCount,
    Saved,
    SourceOutcome,
    StoredIssue,
    StoredVariant,
)

__all__ = [
    "AudienceChanged",
    "DeliveryRecord",
    "KnownSource",
    "Lent",
    "PlanCounts",
    "ReplyCount",
    "Saved",
    "SourceOutcome",
    "Store",
    "StoredIssue",
    "StoredVariant",
    "open_store",
    "upgrade_store",
]
