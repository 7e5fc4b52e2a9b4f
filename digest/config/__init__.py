"""digest.toml and the environment become one frozen `Settings`, read once at the top.

One module a table of digest.toml, joined by `settings`; `checks` says what a value has to look
like. `load` reads the file: `named` looks up the things that it names among those `offered`, and
checks their own keys; `agreement` compares the tables; `faults` says what is wrong, where, and how
to mend it; `lines` finds the line of a key, which TOML parsers do not keep.

Nothing here knows a stage: digest.pipeline.configured hands in what the stages offer.
"""

from digest.config.alerts import AlertsSettings
from digest.config.brand import BrandSettings, LogoSettings, SocialSettings
from digest.config.collector import CollectorSettings
from digest.config.edition import EditionSettings
from digest.config.environment import Secrets, Surroundings
from digest.config.given import given_rules
from digest.config.mail import MailSettings
from digest.config.popularity import PopularitySettings
from digest.config.readers import ReadersSettings
from digest.config.section import SectionSettings
from digest.config.serve import ServeSettings
from digest.config.settings import Settings
from digest.config.site import SiteSettings
from digest.config.source import SourceSettings
from digest.config.store import StoreSettings

__all__ = [
    "AlertsSettings",
    "BrandSettings",
    "CollectorSettings",
    "EditionSettings",
    "LogoSettings",
    "MailSettings",
    "PopularitySettings",
    "ReadersSettings",
    "Secrets",
    "SectionSettings",
    "ServeSettings",
    "Settings",
    "SiteSettings",
    "SocialSettings",
    "SourceSettings",
    "StoreSettings",
    "Surroundings",
    "given_rules",
]
