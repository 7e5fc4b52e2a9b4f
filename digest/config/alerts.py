"""The table [alerts]: who is told when a run does not go as it should."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from digest.config.checks import Mailbox
from digest.extension.table import Table

AlertOn = Literal["held", "failed", "missed", "waiting-for-approval"]


class AlertsSettings(Table):
    """Addresses of those who watch, what they are told of, and how long a run waits for them.

    `ping_url` and `webhook` may hold a secret in their path: DIGEST_PING_URL and
    DIGEST_ALERT_WEBHOOK win over them.
    """

    ping_url: str = ""
    webhook: str = ""
    mail: list[Mailbox] = Field(default_factory=list)
    on: tuple[AlertOn, ...] = ("held", "failed", "missed")
    timeout: Annotated[float, Field(gt=0, le=60)] = 10.0
