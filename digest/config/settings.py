"""What may be configured, with defaults; the names are a contract (docs/configuration.md)."""

from __future__ import annotations

import ipaddress
from datetime import date
from email.headerregistry import Address
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

from digest.config.brand import BrandSettings

POPULARITY_VARIABLE = "DIGEST_POPULARITY_"
LOGIN_VARIABLES = ("DIGEST_SMTP_USERNAME_", "DIGEST_SMTP_PASSWORD_", "DIGEST_SMTP_TOKEN_")
_SECRET_KEY_MIN = 16


def _http_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f'"{value}" is not a URL. It must start with https:// (or http://)')
    return value


def _optional_http_url(value: str) -> str:
    return _http_url(value) if value else value


def _identifier(value: str) -> str:
    allowed = "abcdefghijklmnopqrstuvwxyz0123456789-_"
    if not value or any(letter not in allowed for letter in value):
        raise ValueError(f'"{value}" may hold only lower-case letters, digits, - and _')
    return value


def _optional_identifier(value: str) -> str:
    return _identifier(value) if value else value


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            f'"{value}" is not a time zone. Write it as in "Europe/London" or "UTC"'
        ) from None
    return value


def _mailbox(value: str) -> str:
    name, addr_spec = parseaddr(value)
    try:
        Address(display_name=name, addr_spec=addr_spec)
    except (ValueError, IndexError):
        addr_spec = ""
    if not addr_spec or "@" not in addr_spec:
        raise ValueError(
            f'"{value}" is not a mailbox. Write it as in "Example News <digest@news.example>"'
        )
    return value


def _cron(value: str) -> str:
    from datetime import UTC, datetime

    from cronsim import CronSim, CronSimError

    try:
        CronSim(value, datetime(2026, 1, 1, tzinfo=UTC))
    except CronSimError as error:
        raise ValueError(
            f'"{value}" is not a cron expression ({error}). '
            'Write minute hour day month weekday, as in "0 7 * * *"'
        ) from None
    return value


HttpUrl = Annotated[str, AfterValidator(_http_url)]
OptionalHttpUrl = Annotated[str, AfterValidator(_optional_http_url)]
Identifier = Annotated[str, AfterValidator(_identifier)]
TimeZone = Annotated[str, AfterValidator(_timezone)]
Mailbox = Annotated[str, AfterValidator(_mailbox)]
Cron = Annotated[str, AfterValidator(_cron)]


class _Flat(BaseModel):
    """Frozen, and an unknown key is an error: an option that is read by nobody is a lie."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class SiteSettings(_Flat):
    """The news site, and where the readers' pages live."""

    name: Annotated[str, Field(min_length=1)]
    url: HttpUrl
    public_url: HttpUrl
    postal_address: Annotated[str, Field(min_length=1)]
    language: str = "en"


class MailSettings(_Flat):
    """Who the mail is from and how it leaves."""

    from_: Mailbox = Field(alias="from")
    reply_to: str = ""
    verp: str = ""
    seeds: list[str] = Field(default_factory=list)
    transport: Literal["smtp", "outbox"] = "smtp"

    @property
    def addr_spec(self) -> str:
        """Return the bare address of From."""
        return parseaddr(self.from_)[1]

    @property
    def domain(self) -> str:
        """Return the domain of From."""
        return self.addr_spec.rpartition("@")[2]


class RelaySettings(_Flat):
    """A mail server. `tls = "none"` is for loopback only, unless `allow_plain_text` is set.

    Of several, each gets connections by its `weight`; 0 stands by until the others fail. `login`
    names variables of the environment: "backup" is DIGEST_SMTP_USERNAME_BACKUP and so on; empty
    are those without an end, and "none" logs in nowhere.
    """

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 25
    tls: Literal["none", "starttls", "implicit"] = "starttls"
    allow_plain_text: bool = False
    weight: Annotated[float, Field(ge=0)] = 1.0
    login: Annotated[str, AfterValidator(_optional_identifier)] = ""

    @model_validator(mode="after")
    def _plain_text_stays_home(self) -> RelaySettings:
        if self.tls == "none" and not self.allow_plain_text and not self._loopback():
            raise ValueError(
                f'tls = "none" would send mail and password in plain text to {self.host}. '
                'Use "starttls" or "implicit", or set allow_plain_text = true if that network '
                "is yours"
            )
        return self

    def _loopback(self) -> bool:
        if self.host.lower() == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


class SmtpSettings(RelaySettings):
    """The mail server, the others beside it, and what holds for all of them.

    `eight_bit` is the operator's word that every server takes 8BITMIME, as far as the mailbox.
    """

    also: list[RelaySettings] = Field(default_factory=list)
    connections: Annotated[int, Field(ge=1, le=200)] = 16
    connect_timeout: Annotated[float, Field(gt=0)] = 30.0
    command_timeout: Annotated[float, Field(gt=0)] = 300.0
    dot_timeout: Annotated[float, Field(gt=0)] = 600.0
    helo_name: str = ""
    bounces: Literal["failure", "delay", "off"] = "failure"
    eight_bit: bool = False


class DkimSettings(_Flat):
    """A key that signs mails; `key` is a file, or empty where DIGEST_DKIM_KEY holds the key.

    `domain` is that of From unless it says otherwise.
    """

    selector: Annotated[str, Field(min_length=1)]
    key: str = ""
    domain: str = ""


class PaceSettings(_Flat):
    """How fast mail may leave; 0 is no limit. `warm_up` are limits a day, from `warm_up_from` on.

    Hours and days are those of the clock in UTC.
    """

    per_second: Annotated[float, Field(ge=0)] = 0.0
    per_minute: Annotated[float, Field(ge=0)] = 0.0
    per_hour: Annotated[int, Field(ge=0)] = 0
    per_day: Annotated[int, Field(ge=0)] = 0
    warm_up: list[Annotated[int, Field(ge=1)]] = Field(default_factory=list)
    warm_up_from: date | None = None

    @model_validator(mode="after")
    def _warm_up_is_whole(self) -> PaceSettings:
        if bool(self.warm_up) != (self.warm_up_from is not None):
            raise ValueError(
                "a warm-up plan needs both: warm_up = [200, 500, 1000]"
                " and warm_up_from = 2026-11-23"
            )
        return self


class OutboxSettings(_Flat):
    """Where the `outbox` transport writes one .eml file a mail."""

    path: Path = Path("outbox")


class StoreSettings(_Flat):
    """Where articles, readers and the ledger live, and what remembers the ledger outside of it.

    `mark` is a file, beside digest.toml unless absolute; empty: nothing is remembered.
    """

    url: str = "sqlite:///digest.db"
    mark: str = ".digest-ledger.json"

    @model_validator(mode="after")
    def _known_database(self) -> StoreSettings:
        if not self.url.startswith(("sqlite:///", "postgresql://")):
            raise ValueError(
                "not a store this version knows. Write sqlite:///digest.db or "
                "postgresql://user@host/database"
            )
        return self


class CollectorSettings(_Flat):
    """Manners and limits of the collector. Sizes in bytes, times in seconds."""

    allow_private_hosts: bool = False
    concurrency: Annotated[int, Field(ge=1, le=256)] = 128
    per_host: Annotated[int, Field(ge=1, le=64)] = 4
    spare_connections: Annotated[int, Field(ge=0, le=256)] = 32
    keep_alive: Annotated[float, Field(ge=0)] = 5.0
    timeout: Annotated[float, Field(gt=0)] = 20.0
    connect_timeout: Annotated[float, Field(gt=0)] = 10.0
    source_timeout: Annotated[float, Field(gt=0)] = 120.0
    page_rest: Annotated[float, Field(ge=0)] = 3_600.0
    max_bytes: Annotated[int, Field(ge=1024)] = 8_000_000
    max_items: Annotated[int, Field(ge=1)] = 500
    max_pages: Annotated[int, Field(ge=1, le=1000)] = 50
    max_parts: Annotated[int, Field(ge=1, le=1000)] = 10
    max_age_days: Annotated[float, Field(gt=0)] = 30.0
    max_redirects: Annotated[int, Field(ge=0, le=20)] = 5
    max_depth: Annotated[int, Field(ge=8)] = 200
    max_elements: Annotated[int, Field(ge=100)] = 2_000
    excerpt_length: Annotated[int, Field(ge=80, le=600)] = 240
    max_title: Annotated[int, Field(ge=20, le=300)] = 300
    max_author: Annotated[int, Field(ge=10, le=1000)] = 120
    max_authors: Annotated[int, Field(ge=1, le=20)] = 3
    max_tag: Annotated[int, Field(ge=5, le=1000)] = 60
    max_tags: Annotated[int, Field(ge=0, le=1000)] = 20
    max_item_characters: Annotated[int, Field(ge=1024)] = 400_000
    max_header_bytes: Annotated[int, Field(ge=4_096)] = 102_400
    max_robots_bytes: Annotated[int, Field(ge=1024)] = 512_000
    max_robots_rules: Annotated[int, Field(ge=1)] = 5_000
    max_page_characters: Annotated[int, Field(ge=1024)] = 2_000_000
    max_page_depth: Annotated[int, Field(ge=8)] = 2_000
    max_links: Annotated[int, Field(ge=1)] = 1_500
    max_linked_data: Annotated[int, Field(ge=1)] = 2_000
    max_explored: Annotated[int, Field(ge=0, le=1000)] = 16
    max_sections: Annotated[int, Field(ge=1, le=1000)] = 30
    max_stylesheets: Annotated[int, Field(ge=0, le=100)] = 3
    explore_timeout: Annotated[float, Field(gt=0)] = 120.0
    max_figures: Annotated[int, Field(ge=1)] = 20_000
    max_list_bytes: Annotated[int, Field(ge=1024)] = 8_000_000
    max_list_feeds: Annotated[int, Field(ge=1)] = 5_000
    max_list_depth: Annotated[int, Field(ge=1, le=200)] = 32
    parse_timeout: Annotated[float, Field(gt=0)] = 15.0
    parser_start_timeout: Annotated[float, Field(gt=0)] = 60.0
    parsers: Annotated[int, Field(ge=0, le=64)] = 0
    proxy: OptionalHttpUrl = ""
    back_off: Annotated[float, Field(ge=0)] = 300.0
    max_back_off: Annotated[float, Field(ge=0)] = 21_600.0
    withdrawal_checks: Annotated[int, Field(ge=0, le=1000)] = 20
    withdrawal_days: Annotated[float, Field(ge=0)] = 7.0
    store_batch: Annotated[int, Field(ge=1, le=1000)] = 64
    store_wait: Annotated[float, Field(ge=0)] = 0.5
    contact: str = ""


class SourceSettings(_Flat):
    """Where articles come from. `kind = "auto"` looks at what the address answers.

    `required` unset is as its sections say; `false` lets it be ill in a required section too.
    """

    id: Identifier
    url: HttpUrl
    kind: Literal["auto", "feed", "jsonfeed", "wordpress", "ghost", "sitemap", "webpage"] = "auto"
    weight: Annotated[float, Field(gt=0)] = 1.0
    required: bool | None = None


class PopularitySettings(_Flat):
    """Who counts how often articles are read; its secret comes from the environment."""

    id: Identifier
    kind: Literal["wpp", "jetpack", "plausible", "matomo", "ga4", "table"]
    url: OptionalHttpUrl = ""
    path: Path | None = None
    site: str = ""
    window_hours: Annotated[float, Field(ge=1, le=24 * 90)] = 24.0
    limit: Annotated[int, Field(ge=1, le=10_000)] = 500

    @model_validator(mode="after")
    def _says_where(self) -> PopularitySettings:
        if self.kind == "table" and bool(self.url) == bool(self.path):
            raise ValueError('kind = "table" needs either url or path: where the table is')
        if self.path is not None and self.kind != "table":
            raise ValueError('only kind = "table" reads a file: take path away')
        if self.kind == "matomo" and not self.url:
            raise ValueError('kind = "matomo" needs url: where Matomo is')
        if self.kind in {"jetpack", "plausible", "matomo", "ga4"} and not self.site:
            raise ValueError(f'kind = "{self.kind}" needs site: what the service calls yours')
        return self

    @property
    def variable(self) -> str:
        """The variable of the environment that holds its secret."""
        return f"{POPULARITY_VARIABLE}{self.id.upper().replace('-', '_')}"


class SectionSettings(_Flat):
    """An editorial heading with its sources, and how many latest and top stories it shows."""

    id: Identifier
    title: Annotated[str, Field(min_length=1)]
    sources: Annotated[list[Identifier], Field(min_length=1)]
    url: OptionalHttpUrl = ""
    latest: Annotated[int, Field(ge=0, le=100)] = 5
    top: Annotated[int, Field(ge=0, le=100)] = 3
    half_life_hours: Annotated[float, Field(gt=0)] = 18.0
    required: bool = False
    weight: Annotated[float, Field(gt=0)] = 1.0
    per_source: Annotated[int, Field(ge=0)] = 0
    per_author: Annotated[int, Field(ge=0)] = 0
    minimum: Annotated[int, Field(ge=1)] = 1


class EditionSettings(_Flat):
    """A recurring newsletter."""

    id: Identifier
    title: Annotated[str, Field(min_length=1)]
    schedule: Cron = "0 7 * * *"
    timezone: TimeZone = "UTC"
    sections: Annotated[list[Identifier], Field(min_length=1)]
    subject: str = "{{ lead.title }}"
    preheader: str = "{{ headlines }}"
    theme: Identifier = "frontpage"
    look_back_hours: Annotated[float, Field(gt=0)] | None = None
    max_age_hours: Annotated[float, Field(gt=0)] = 336.0
    max_stories: Annotated[int, Field(ge=0)] = 0
    boosts: dict[str, Annotated[float, Field(gt=0, le=100)]] = Field(default_factory=dict)
    without_stories_of: list[Identifier] = Field(default_factory=list)
    lead_apart_hours: Annotated[float, Field(ge=0)] = 24.0
    recheck: Literal["take", "hold", "off"] = "take"
    late_hours: Annotated[float, Field(gt=0)] = 23.0
    max_html_kb: Annotated[float, Field(ge=10, le=102)] = 90.0
    lint_allow: list[Identifier] = Field(default_factory=list)
    time_to_live_hours: Annotated[float, Field(gt=0)] = 24.0
    surprise_factor: Annotated[float, Field(ge=0)] = 3.0


class Secrets(_Flat):
    """What comes from the environment only, and is masked whenever it is shown."""

    secret_key: SecretStr | None = None
    smtp_username: SecretStr | None = None
    smtp_password: SecretStr | None = None
    smtp_token: SecretStr | None = None
    smtp_logins: dict[str, SecretStr] = Field(default_factory=dict)
    dkim_key: SecretStr | None = None
    popularity: dict[str, SecretStr] = Field(default_factory=dict)


class Settings(_Flat):
    """Everything, read once from `path`; relative paths start at its folder."""

    path: Path = Path("digest.toml")
    site: SiteSettings
    mail: MailSettings
    brand: BrandSettings = BrandSettings()
    smtp: SmtpSettings = SmtpSettings(tls="none")
    dkim: tuple[DkimSettings, ...] = ()
    pace: PaceSettings = PaceSettings()
    outbox: OutboxSettings = OutboxSettings()
    store: StoreSettings = StoreSettings()
    collector: CollectorSettings = CollectorSettings()
    source: tuple[SourceSettings, ...] = ()
    popularity: tuple[PopularitySettings, ...] = ()
    section: tuple[SectionSettings, ...] = ()
    edition: tuple[EditionSettings, ...] = ()
    secrets: Secrets = Secrets()

    @property
    def folder(self) -> Path:
        """The folder of digest.toml: overlays, themes and a relative store live beside it."""
        return self.path.parent

    @property
    def secret_key(self) -> str:
        """The key that signs readers' links; empty if there is none yet."""
        key = self.secrets.secret_key
        return key.get_secret_value() if key else ""

    @property
    def secret_key_is_strong(self) -> bool:
        """Whether the key is long enough to sign anything (16 characters)."""
        return len(self.secret_key) >= _SECRET_KEY_MIN

    def sections_of(self, edition: EditionSettings) -> tuple[SectionSettings, ...]:
        """Return the edition's sections in the edition's order."""
        by_id = {section.id: section for section in self.section}
        return tuple(by_id[name] for name in edition.sections)
