"""Every transport: one line each. A line is read when the transport is first asked for."""

from __future__ import annotations

from typing import Any

from digest.extension.registry import Registry
from digest.sender.api.webhook import WebhookKind
from digest.sender.declaration import TransportKind

TRANSPORTS: Registry[TransportKind[Any]] = Registry(
    "transport",
    TransportKind,
    "digest.transports",
    {
        "smtp": "digest.sender.smtp.settings:TRANSPORT",
        "outbox": "digest.sender.outbox:TRANSPORT",
        "mailgun": "digest.sender.providers.mailgun:TRANSPORT",
        "postmark": "digest.sender.providers.postmark:TRANSPORT",
        "resend": "digest.sender.providers.resend:TRANSPORT",
        "sendgrid": "digest.sender.providers.sendgrid:TRANSPORT",
    },
)

WEBHOOKS: Registry[WebhookKind] = Registry(
    "provider with webhooks",
    WebhookKind,
    "digest.webhooks",
    {
        "mailgun": "digest.sender.providers.mailgun:WEBHOOK",
        "postmark": "digest.sender.providers.postmark:WEBHOOK",
        "resend": "digest.sender.providers.resend:WEBHOOK",
        "sendgrid": "digest.sender.providers.sendgrid:WEBHOOK",
    },
)
