"""The welcome mail: once for each time a reader came in, with the latest issue to read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from digest.config import Settings
from digest.pipeline.readers.archive import latest_issue_url
from digest.store import Store
from digest.store.single_mails.queue import NewSingleMail
from subscribers.values import SubscriberRecord

_WORTH = timedelta(days=2)  # a welcome that comes later than this is none


def queue_welcome(  # noqa: PLR0913, PLR0917 - who, to what, in which language, when
    settings: Settings,
    store: Store,
    reader: SubscriberRecord,
    editions: Sequence[str],
    locale: str,
    now: datetime,
) -> None:
    """Have a reader welcomed, as [readers] welcome says."""
    if settings.readers.welcome == "off":
        return
    latest = settings.readers.welcome == "latest"
    store.single_mails.put(
        NewSingleMail(
            kind="welcome",
            reason=f"welcome:{reader.public_id}:{','.join(editions)}:{now.isoformat()}",
            subscriber_id=reader.id,
            locale=reader.locale or locale,
            expires_at=now + _WORTH,
            facts={
                "editions": list(editions),
                "latest": latest_issue_url(settings, store, editions[0]) if latest else "",
            },
        ),
        now,
    )
