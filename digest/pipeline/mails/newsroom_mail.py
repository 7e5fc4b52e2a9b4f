"""Single mails to the newsroom's own people: an issue to look at, an alert, a link to the desk.

They are written when they are queued, and kept as they were written: what an editor was shown does
not change with what is collected later. They go the way of every single mail.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any

from digest.log import log
from digest.models.compositions import Rendered
from digest.store import Store
from digest.store.single_mails.claiming import NO_SUBSCRIBER
from digest.store.single_mails.queue import NewSingleMail
from subscribers.address import normalise
from subscribers.errors import AddressInvalid

WRITTEN = frozenset({"notice", "alert", "sign-in"})
_WORTH = timedelta(days=1)


def queue_for_newsroom(  # noqa: PLR0913 - a mail, to whom, and for how long
    store: Store,
    written: Rendered,
    to: Iterable[str],
    reason: str,
    now: datetime,
    *,
    worth: timedelta = _WORTH,
) -> int:
    """Queue a mail to each mailbox, once for its reason; return how many are new.

    `written.variant` is its kind, one of WRITTEN. After `worth` it is not sent any more.
    """
    new = 0
    for mailbox in to:
        try:
            address = normalise(parseaddr(mailbox)[1])
        except AddressInvalid as error:
            log.warning("no mail to the newsroom", why=str(error))
            continue
        mail = NewSingleMail(
            kind=written.variant,
            reason=f"{written.variant}:{reason}:{address.key}",
            subscriber_id=NO_SUBSCRIBER,
            address=address.addr_spec,
            address_key=address.key,
            locale=written.language,
            expires_at=now + worth,
            facts={"subject": written.subject, "html": written.html, "text": written.text},
        )
        new += store.single_mails.put(mail, now) is not None
    return new


def as_written(kind: str, language: str, facts: Mapping[str, Any]) -> Rendered:
    """Return such a mail as it was written."""
    tag = language.replace("_", "-")
    return Rendered(kind, tag, facts["subject"], facts["html"], facts["text"])
