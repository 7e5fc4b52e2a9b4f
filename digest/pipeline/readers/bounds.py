"""How often something may be asked of the readers' pages, as [readers] says."""

from __future__ import annotations

from datetime import timedelta

from digest.config import Settings
from digest.store import Store
from digest.store.single_mails.requests import RequestLimit
from subscribers.address import Address, likely_mailbox

_ADDRESS_WINDOW = timedelta(days=7)
_WINDOW = timedelta(hours=1)


def common_limits(settings: Settings, store: Store, network: str) -> list[RequestLimit]:
    """Return the limits of all requests together, and of those from one network."""
    told = settings.readers
    mark = store.subscribers.pseudonyms.network(network) or "unknown"
    return [
        RequestLimit("all", told.over_all, _WINDOW),
        RequestLimit(f"network:{mark}", told.per_network, _WINDOW),
    ]


def mailbox_limit(settings: Settings, store: Store, address: Address) -> RequestLimit:
    """Return the limit of mails that strangers may have sent to one mailbox, whatever its tags."""
    mark = store.subscribers.pseudonyms.mark(likely_mailbox(address))
    return RequestLimit(f"address:{mark}", settings.readers.per_address, _ADDRESS_WINDOW)
