"""digest.toml and the environment become one frozen `Settings`, read once at the top.

One module a table of digest.toml, joined by `settings`; `checks` says what a value has to look
like. `load` reads it all and says what is wrong, where, and how to mend it; `lines` finds the line
of a key, which TOML parsers do not keep. Nothing here is read later than at the top of a command.
"""

from digest.config.brand import BrandSettings, LogoSettings, SocialSettings
from digest.config.collector import CollectorSettings
from digest.config.edition import EditionSettings
from digest.config.environment import Secrets
from digest.config.given import given_rules
from digest.config.load import load_settings, parse_settings
from digest.config.mail import MailSettings, OutboxSettings
from digest.config.popularity import PopularitySettings
from digest.config.section import SectionSettings
from digest.config.serve import ServeSettings
from digest.config.settings import Settings
from digest.config.site import SiteSettings
from digest.config.smtp import SmtpSettings
from digest.config.source import SourceSettings
from digest.config.store import StoreSettings

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
    "ServeSettings",
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
