"""A provider's report: proved by its secret, read into events, and recorded."""

from __future__ import annotations

from dataclasses import replace

from digest.config import Settings
from digest.errors import ConfigError
from digest.extension.networks import is_in
from digest.log import fields, log
from digest.pipeline.configured.transports import transport_settings
from digest.sender.api.certificates import certificate
from digest.sender.api.declare import ApiSettings
from digest.sender.api.webhook import Webhook, WebhookForged, WebhookKind
from digest.sender.registry import WEBHOOKS
from digest.store import Store


def receive(settings: Settings, store: Store, provider: str, webhook: Webhook) -> int:
    """Record the events of one report; return how many were new.

    Raises WebhookForged, WebhookUnreadable, and ConfigError for a provider that is not ours or
    whose secret is not set.
    """
    if provider != settings.mail.transport or provider not in WEBHOOKS:
        raise ConfigError("no webhooks are taken from it", where=provider)
    _require_allowed(settings, webhook)
    kind = WEBHOOKS[provider]
    secret = settings.secrets.value(kind.secret.variable)
    if not secret:
        raise ConfigError(
            f"{kind.secret.variable} is not set", fix=f"Set it to {kind.secret.purpose}."
        )
    own = _own_address(settings, provider)
    webhook = replace(webhook, url=own, fetch=webhook.fetch or certificate)
    kind.verify(webhook, secret)
    _confirm(kind, webhook)
    heard = store.events.record(kind.events(webhook.body), webhook.at)
    with fields(provider=provider):
        log.info("events heard", new=heard.new, known=heard.known, unmatched=heard.unmatched)
    return heard.new


def _require_allowed(settings: Settings, webhook: Webhook) -> None:
    """Require a client of the networks that the operator allows, where any are named."""
    table = transport_settings(settings)
    if isinstance(table, ApiSettings) and table.allow and not is_in(webhook.client, table.allow):
        raise WebhookForged("it came from a network that `allow` does not name")


def _confirm(kind: WebhookKind, webhook: Webhook) -> None:
    """Confirm a subscription of the topic that the operator named, if the report asks for it."""
    address = kind.confirmation(webhook.body) if kind.confirmation is not None else ""
    if address and webhook.fetch is not None:
        webhook.fetch(address)
        log.info("subscription confirmed", provider=kind.name)


def _own_address(settings: Settings, provider: str) -> str:
    return f"{settings.site.public_url.rstrip('/')}/hooks/{provider}"
