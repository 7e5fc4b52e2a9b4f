"""The editors' accounts, as digest.toml has them, and the mail that signs one in.

An editor of an edition may change it, and look at the others; whoever stands in [desk] `look` may
look. Nobody has a password: a link that is sent to the mailbox opens the desk once.
"""

from __future__ import annotations

import hashlib
import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parseaddr

from digest.config import Settings
from digest.models.compositions import Rendered
from digest.pipeline.mails.newsroom_mail import queue_for_newsroom
from digest.store import Store
from subscribers.address import masked, normalise
from subscribers.errors import AddressInvalid

LINK_LASTS = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class EditorAccount:
    """One editor: the mailbox, how others see them, and the editions that they may change."""

    mailbox: str
    name: str
    changes: frozenset[str] = field(default=frozenset())


def accounts_of(settings: Settings) -> Mapping[str, EditorAccount]:
    """Return every account by the key of its address."""
    found: dict[str, EditorAccount] = {}
    for mailbox in settings.desk.look:
        _add(found, mailbox, frozenset())
    for edition in settings.edition:
        for mailbox in edition.editors:
            _add(found, mailbox, frozenset({edition.id}))
    return found


def account_key(address: str) -> str:
    """Return the key that an address has an account under; "" if it is no address."""
    try:
        return normalise(address).key
    except AddressInvalid:
        return ""


def _add(found: dict[str, EditorAccount], mailbox: str, changes: frozenset[str]) -> None:
    name, address = parseaddr(mailbox)
    key = account_key(address)
    if not key:
        return
    before = found.get(key)
    known = before.changes if before else frozenset[str]()
    found[key] = EditorAccount(address, name or masked(address), known | changes)


def send_sign_in(
    settings: Settings, store: Store, account: EditorAccount, link: str, now: datetime
) -> None:
    """Queue the mail that holds the link, as a single mail; it is worth nothing after its time."""
    minutes = int(LINK_LASTS.total_seconds() // 60)
    subject = f"Your link to the desk of {settings.site.name}"
    lines = (
        f"This link opens the desk of {settings.site.name}, once, within {minutes} minutes:",
        link,
        "If you did not ask for it, do nothing: it opens nothing by itself.",
    )
    href, shown = html.escape(link, quote=True), [html.escape(line) for line in lines]
    mail = Rendered(
        "sign-in",
        "en",
        subject,
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{html.escape(subject)}</title></head><body><p>{shown[0]}</p>"
        f'<p><a href="{href}">Open the desk</a></p><p>{shown[2]}</p></body></html>\n',
        "\n\n".join(lines) + "\n",
    )
    reason = hashlib.sha256(link.encode()).hexdigest()
    queue_for_newsroom(store, mail, [account.mailbox], reason, now, worth=LINK_LASTS)
