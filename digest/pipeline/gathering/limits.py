"""[collector] of the configuration → the collector's manners and limits as plain values."""

from __future__ import annotations

from digest import __version__
from digest.collector import Limits
from digest.config import CollectorSettings, Settings


def limits_of(settings: Settings) -> Limits:
    """Return the limits of a configuration; whoever is asked can find who asks."""
    return limits_from(settings.collector, settings.site.url)


def limits_from(rules: CollectorSettings, site: str) -> Limits:
    """Return the limits that `rules` name: each is a key of [collector]."""
    names = Limits.__dataclass_fields__.keys() - {"user_agent"}
    return Limits(
        **{name: getattr(rules, name) for name in names},
        user_agent=f"Digest/{__version__} (+{rules.contact or site})",
    )
