"""The store: SQLModel tables, engine, migrations. Values come in, values go out, rows stay here.

It knows values and errors, and nothing of fetching, choosing, rendering or sending.
"""

from digest.store.store import Store, open_store, upgrade_store
from digest.store.values import (
    ArticleChange,
    AudienceChanged,
    AudiencePlan,
    Canary,
    CanaryCount,
    Cap,
    DeliveryRecord,
    KnownSource,
    LedgerMark,
    NewIssue,
    PlanCounts,
    ReplyCount,
    Saved,
    SlotOutcome,
    SlotState,
    SourceOutcome,
    SourceVolume,
    StoredIssue,
    StoredPage,
    StoredVariant,
    ToldStory,
    WorkerLease,
)

__all__ = [
    "ArticleChange",
    "AudienceChanged",
    "AudiencePlan",
    "Canary",
    "CanaryCount",
    "Cap",
    "DeliveryRecord",
    "KnownSource",
    "LedgerMark",
    "NewIssue",
    "PlanCounts",
    "ReplyCount",
    "Saved",
    "SlotOutcome",
    "SlotState",
    "SourceOutcome",
    "SourceVolume",
    "Store",
    "StoredIssue",
    "StoredPage",
    "StoredVariant",
    "ToldStory",
    "WorkerLease",
    "open_store",
    "upgrade_store",
]
