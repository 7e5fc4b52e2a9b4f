"""The store: SQLModel tables, engine, migrations. Values come in, values go out, rows stay here.

It knows values and errors, and nothing of fetching, choosing, rendering or sending.
"""

from digest.store.ledger.windowed import WindowedLedger
from digest.store.remote.remotes import Access, access_variables, is_on_a_branch, is_remote
from digest.store.remote.replica import Condition, Replica
from digest.store.stopping import Stopping
from digest.store.store import Store, open_store, upgrade_store
from digest.store.values import (
    ArticleChange,
    AudienceChanged,
    AudiencePlan,
    Canary,
    CanaryCount,
    Cap,
    DeliveryRecord,
    IssueSummary,
    KnownSource,
    LedgerHome,
    LedgerMark,
    NewIssue,
    PlanCounts,
    ReplyCount,
    Review,
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
    "Access",
    "ArticleChange",
    "AudienceChanged",
    "AudiencePlan",
    "Canary",
    "CanaryCount",
    "Cap",
    "Condition",
    "DeliveryRecord",
    "IssueSummary",
    "KnownSource",
    "LedgerHome",
    "LedgerMark",
    "NewIssue",
    "PlanCounts",
    "Replica",
    "ReplyCount",
    "Review",
    "Saved",
    "SlotOutcome",
    "SlotState",
    "SourceOutcome",
    "SourceVolume",
    "Stopping",
    "Store",
    "StoredIssue",
    "StoredPage",
    "StoredVariant",
    "ToldStory",
    "WindowedLedger",
    "WorkerLease",
    "access_variables",
    "is_on_a_branch",
    "is_remote",
    "open_store",
    "upgrade_store",
]
