"""digest.toml and the environment become one frozen `Settings`, read once at the top.

`settings` says what may be configured; `load` reads it and says what is wrong, where, and how
to mend it; `lines` finds the line of a key, which TOML parsers do not keep.
"""

from digest.config.brand import BrandSettings, LogoSettings, SocialSettings
from digest.config.given import given_rules
from digest.config.load import load_settings, parse_settings
from digest.config.settings import (
    CollectorSettings,
    EditionSettings,
    MailSettings,
    OutboxSettings,
    PopularitySettings,
    Secrets,
    SectionSettings,
    Settings,
    SiteSettings,
    SmtpSettings,
    SourceSettings,
    StoreSettings,
)

__all__ = [
    "BrandSettings",
    "CollectorSettings",
    "EditionSettings",
    "LogoSettings",
    "MailSettings",
    "OutboxSettings",
    "PopularitySettings",
    "Secrets",
    "SectionSettings",
    "Settings",
    "SiteSettings",
    "SmtpSettings",
    "SocialSettings",
    "SourceSettings",
    "StoreSettings",
    "given_rules",
    "load_settings",
    "parse_settings",
]
