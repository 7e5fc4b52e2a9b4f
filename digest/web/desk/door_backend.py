"""The door's answers, from the newsroom's configuration and store."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from digest.config import Settings
from digest.pipeline.desk.accounts import EditorAccount, accounts_of, send_sign_in
from digest.store import Store
from digest.store.single_mails.requests import RequestLimit
from subscribers.address import normalise

_WINDOW = timedelta(hours=1)
_LINKS_AN_ADDRESS, _LINKS_A_NETWORK = 5, 20
_ENTRIES_A_NETWORK = 60
_ACTS, _ACTS_WINDOW = 600, timedelta(minutes=10)


class DoorOfNewsroom:
    """Reads the accounts afresh at every question, so that whoever is taken out is out at once."""

    def __init__(
        self,
        opened: Callable[[], tuple[Settings, Store]],
        clock: Callable[[], datetime],
        hurry: Callable[[], None],
    ) -> None:
        """Take what opens configuration and store; `hurry` is called when a mail was queued."""
        self._opened = opened
        self._clock = clock
        self._hurry = hurry

    def account(self, key: str) -> EditorAccount | None:
        """Return the account of that key."""
        settings, _ = self._opened()
        return accounts_of(settings).get(key)

    def may_ask(self, network: str, key: str) -> bool:
        """Count a request of this network and for this address, account or not."""
        _, store = self._opened()
        marks = store.subscribers.pseudonyms
        address = marks.mark(normalise(key)) if key else "none"
        return self._taken(
            store,
            RequestLimit(f"desk-address:{address}", _LINKS_AN_ADDRESS, _WINDOW),
            RequestLimit(f"desk-network:{_mark(store, network)}", _LINKS_A_NETWORK, _WINDOW),
        )

    def may_enter(self, network: str) -> bool:
        """Count a link that is used, of this network."""
        _, store = self._opened()
        key = f"desk-entry:{_mark(store, network)}"
        return self._taken(store, RequestLimit(key, _ENTRIES_A_NETWORK, _WINDOW))

    def may_act(self, key: str) -> bool:
        """Count a form of this account: a person's hands never reach the limit."""
        _, store = self._opened()
        mark = store.subscribers.pseudonyms.mark(normalise(key))
        return self._taken(store, RequestLimit(f"desk-acts:{mark}", _ACTS, _ACTS_WINDOW))

    def send(self, account: EditorAccount, link: str) -> None:
        """Queue the mail, and have it sent at once."""
        settings, store = self._opened()
        send_sign_in(settings, store, account, link, self._clock())
        self._hurry()

    def _taken(self, store: Store, *limits: RequestLimit) -> bool:
        return not store.requests.take(limits, self._clock())


def _mark(store: Store, network: str) -> str:
    return store.subscribers.pseudonyms.network(network) or "unknown"
