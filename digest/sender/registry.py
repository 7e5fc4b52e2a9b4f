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
        "brevo": "digest.sender.providers.brevo:TRANSPORT",
        "mailersend": "digest.sender.providers.mailersend:TRANSPORT",
        "mailgun": "digest.sender.providers.mailgun:TRANSPORT",
        "mailjet": "digest.sender.providers.mailjet:TRANSPORT",
        "mailtrap": "digest.sender.providers.mailtrap:TRANSPORT",
        "mandrill": "digest.sender.providers.mandrill:TRANSPORT",
        "postal": "digest.sender.providers.postal:TRANSPORT",
        "postmark": "digest.sender.providers.postmark:TRANSPORT",
        "resend": "digest.sender.providers.resend:TRANSPORT",
        "scaleway": "digest.sender.providers.scaleway:TRANSPORT",
        "sendgrid": "digest.sender.providers.sendgrid:TRANSPORT",
        "ses": "digest.sender.providers.ses:TRANSPORT",
        "sparkpost": "digest.sender.providers.sparkpost:TRANSPORT",
    },
)

WEBHOOKS: Registry[WebhookKind] = Registry(
    "provider with webhooks",
    WebhookKind,
    "digest.webhooks",
    {
        "brevo": "digest.sender.providers.brevo:WEBHOOK",
        "mailersend": "digest.sender.providers.mailersend:WEBHOOK",
        "mailgun": "digest.sender.providers.mailgun:WEBHOOK",
        "mailjet": "digest.sender.providers.mailjet:WEBHOOK",
        "mailtrap": "digest.sender.providers.mailtrap:WEBHOOK",
        "mandrill": "digest.sender.providers.mandrill:WEBHOOK",
        "postal": "digest.sender.providers.postal:WEBHOOK",
        "postmark": "digest.sender.providers.postmark:WEBHOOK",
        "resend": "digest.sender.providers.resend:WEBHOOK",
        "sendgrid": "digest.sender.providers.sendgrid:WEBHOOK",
        "ses": "digest.sender.providers.ses:WEBHOOK",
        "sparkpost": "digest.sender.providers.sparkpost:WEBHOOK",
    },
)
