"""[collector] of the configuration → the collector's limits, with a contact for the sites."""

from __future__ import annotations

from dataclasses import replace

from digest.config import CollectorSettings, Settings
from digest.models.limits import Limits


def limits_of(settings: Settings) -> Limits:
    """Return the limits of a configuration; its site is the contact unless it names another."""
    return limits_from(settings.collector, settings.site.url)


def limits_from(rules: CollectorSettings, site: str) -> Limits:
    """Return `rules` with `site` as the contact where they name none."""
    return replace(rules, contact=rules.contact or site)
