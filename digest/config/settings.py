"""All tables of digest.toml together; the names are a contract (docs/configuration.md)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import ConfigDict

from digest.config.alerts import AlertsSettings
from digest.config.brand import BrandSettings
from digest.config.collector import CollectorSettings
from digest.config.desk import DeskSettings
from digest.config.edition import EditionSettings
from digest.config.environment import OLD_SECRET_KEYS, SECRET_KEY, Secrets, Surroundings
from digest.config.feedback import FeedbackSettings
from digest.config.mail import DkimSettings, MailSettings
from digest.config.pace import PaceSettings
from digest.config.popularity import PopularitySettings
from digest.config.readers import ReadersSettings
from digest.config.schedule import ScheduleSettings
from digest.config.section import SectionSettings
from digest.config.serve import ServeSettings
from digest.config.site import SiteSettings
from digest.config.source import SourceSettings
from digest.config.store import StoreSettings
from digest.extension.table import Table

_SECRET_KEY_MIN = 16


class Settings(Table):
    """Everything, read once from `path`; relative paths start at its folder.

    Tables that are named after a transport are its own, and stand beside it.
    """

    model_config = ConfigDict(extra="allow")

    path: Path = Path("digest.toml")
    site: SiteSettings
    mail: MailSettings
    brand: BrandSettings = BrandSettings()
    feedback: FeedbackSettings = FeedbackSettings()
    dkim: tuple[DkimSettings, ...] = ()
    pace: PaceSettings = PaceSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    alerts: AlertsSettings = AlertsSettings()
    store: StoreSettings = StoreSettings()
    readers: ReadersSettings = ReadersSettings()
    serve: ServeSettings = ServeSettings()
    desk: DeskSettings = DeskSettings()
    collector: CollectorSettings = CollectorSettings()
    source: tuple[SourceSettings, ...] = ()
    popularity: tuple[PopularitySettings, ...] = ()
    section: tuple[SectionSettings, ...] = ()
    edition: tuple[EditionSettings, ...] = ()
    secrets: Secrets = Secrets()
    surroundings: Surroundings = Surroundings()

    @property
    def folder(self) -> Path:
        """The folder of digest.toml: overlays, themes and a relative store live beside it."""
        return self.path.parent

    @property
    def own(self) -> Mapping[str, object]:
        """The tables of transports, as they stand in the file."""
        return self.model_extra or {}

    @property
    def secret_key(self) -> str:
        """The key that signs readers' links; empty if there is none yet."""
        return self.secrets.value(SECRET_KEY)

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """Every key that links and keyed hashes may have been made with: the present one first."""
        return tuple(filter(None, (self.secret_key, *self.secrets.value(OLD_SECRET_KEYS).split())))

    @property
    def secret_key_is_strong(self) -> bool:
        """Whether the key is long enough to sign anything (16 characters)."""
        return len(self.secret_key) >= _SECRET_KEY_MIN

    def language_of(self, edition: EditionSettings) -> str:
        """Return the language that an edition is written in: the site's, unless it has its own."""
        return edition.language or self.site.language

    def edition_of(self, edition_id: str) -> EditionSettings | None:
        """Return the edition that has this id, or had it once; None if there is none any more."""
        for edition in self.edition:
            if edition.id == edition_id or edition_id in edition.was:
                return edition
        return None

    def issue_key(self, key: str) -> str:
        """Return an issue's key under its edition's present id: a link may have a former one."""
        name, _, slot = key.rpartition("/")
        edition = self.edition_of(name)
        return f"{edition.id}/{slot}" if edition else key

    def sections_of(self, edition: EditionSettings) -> tuple[SectionSettings, ...]:
        """Return the edition's sections in the edition's order."""
        by_id = {section.id: section for section in self.section}
        return tuple(by_id[name] for name in edition.sections)
