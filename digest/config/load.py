"""Read digest.toml and the environment into `Settings`; every fault at once, each with its line."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import SecretStr, ValidationError

from digest.config.environment import LOGIN_VARIABLES, Secrets
from digest.config.lines import line_of
from digest.config.popularity import POPULARITY_VARIABLE
from digest.config.settings import Settings
from digest.config.table import UNKNOWN_KEY
from digest.errors import ConfigError

_ENVIRONMENT = {
    "DIGEST_SECRET_KEY": "secret_key",
    "DIGEST_SMTP_USERNAME": "smtp_username",
    "DIGEST_SMTP_PASSWORD": "smtp_password",
    "DIGEST_SMTP_TOKEN": "smtp_token",
    "DIGEST_DKIM_KEY": "dkim_key",
}
_STORE = {"DIGEST_STORE_URL": "url", "DIGEST_LEDGER_MARK": "mark"}
_SCHEMES = {"htps": "https", "htp": "http", "hhtps": "https", "http:/": "http", "https:/": "https"}


def load_settings(path: Path, environment: Mapping[str, str]) -> Settings:
    """Read `path` and, beside it, `.env`; a variable already in `environment` wins.

    Raises ConfigError with file, line, key, fault and likely fix of everything that is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(
            "no configuration here",
            where=str(path),
            fix="Run `digest init https://your-site.example`, or name the file with --config",
        ) from None
    except IsADirectoryError:
        raise ConfigError(
            "is a folder", where=str(path), fix="Name the file itself with --config"
        ) from None
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"not UTF-8 at byte {error.start}", where=str(path), fix="Save the file as UTF-8"
        ) from None
    except OSError as error:
        raise ConfigError(
            f"cannot be read ({error.strerror})", where=str(path), fix="Check its permissions"
        ) from None
    return parse_settings(text, path, {**_dotenv(path.parent / ".env"), **environment})


def parse_settings(text: str, path: Path, environment: Mapping[str, str]) -> Settings:
    """Turn the text of digest.toml into `Settings`; `path` is only named, never read."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            f"not valid TOML: {error}",
            where=str(path),
            fix="Strings need quotes, and each section and source starts with [[…]]",
        ) from None
    named = {key: environment[name] for name, key in _STORE.items() if environment.get(name)}
    if named:
        raw["store"] = {**raw.get("store", {}), **named}
    secrets = {
        name: environment[variable]
        for variable, name in _ENVIRONMENT.items()
        if environment.get(variable)
    }
    counters = {
        name: SecretStr(value)
        for name, value in environment.items()
        if name.startswith(POPULARITY_VARIABLE) and value
    }
    logins = {
        name: SecretStr(value)
        for name, value in environment.items()
        if name.startswith(LOGIN_VARIABLES) and value
    }
    old = tuple(map(SecretStr, environment.get("DIGEST_SECRET_KEYS_OLD", "").split()))
    known = Secrets(**secrets, secret_keys_old=old, popularity=counters, smtp_logins=logins)  # type: ignore[arg-type]
    faults: list[str] = []
    settings: Settings | None = None
    try:
        settings = Settings.model_validate({**raw, "path": path, "secrets": known})
    except ValidationError as error:
        faults = [_fault(text, path, raw, detail) for detail in error.errors()]
    if settings is not None:
        faults = list(_cross_check(text, settings))
    if faults or settings is None:
        raise ConfigError("\n".join(faults))
    return settings


def _dotenv(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    from dotenv import dotenv_values

    return {key: value for key, value in dotenv_values(path).items() if value}


def _fault(text: str, path: Path, raw: Mapping[str, Any], detail: Any) -> str:  # noqa: ANN401 - pydantic's ErrorDetails
    location = tuple(detail["loc"])
    where = _place(text, path, raw, location)
    message = str(detail["msg"]).removeprefix("Value error, ")
    key = next((part for part in reversed(location) if isinstance(part, str)), "")
    if detail["type"] == "missing":
        message = f'"{key}" is missing'
    elif detail["type"] in UNKNOWN_KEY:
        message = f'"{key}" is not known here{_nearest(location)}'
    else:
        message = f'"{key}": {message}{_scheme_hint(detail.get("input"))}'
    end = "" if message.endswith(("?", ".")) else "."
    return f"{where}: {message}{end}"


def _place(text: str, path: Path, raw: Mapping[str, Any], location: tuple[str | int, ...]) -> str:
    line = line_of(text, location)
    head = f"{path}:{line}" if line else str(path)
    table = str(location[0]) if location else ""
    index = location[1] if len(location) > 1 and isinstance(location[1], int) else None
    if index is not None:
        rows = raw.get(table)
        row = rows[index] if isinstance(rows, list) and index < len(rows) else {}
        name = row.get("id") if isinstance(row, dict) else None
        return f'{head} {table} "{name}"' if name else f"{head} {table} number {index + 1}"
    return f"{head} [{table}]" if len(location) > 1 else head


def _nearest(location: tuple[str | int, ...]) -> str:
    model: Any = Settings
    for part in location[:-1]:
        if isinstance(part, str):
            model = _model_of(model, part)
    if model is None:
        return ""
    names = [
        field.alias or name
        for name, field in _fields(model).items()
        if name not in {"path", "secrets"}
    ]
    close = difflib.get_close_matches(str(location[-1]), names, n=1)
    return f'. Did you mean "{close[0]}"?' if close else f". Known: {', '.join(sorted(names))}"


def _model_of(model: Any, name: str) -> Any:  # noqa: ANN401 - annotations are of any kind
    field = _fields(model).get(name)
    if field is None:
        return None
    arguments = get_args(field.annotation)
    return arguments[0] if arguments else field.annotation


def _fields(model: Any) -> dict[str, Any]:  # noqa: ANN401 - a table is a model or a dataclass of pydantic
    found: dict[str, Any] = getattr(model, "__pydantic_fields__", {})
    return found


def _scheme_hint(value: object) -> str:
    if not isinstance(value, str) or ":" not in value:
        return ""
    scheme = value.split(":", 1)[0].lower()
    meant = _SCHEMES.get(scheme)
    return f". Did you mean {meant}://?" if meant else ""


def _cross_check(text: str, settings: Settings) -> Iterable[str]:
    """Check what one table says of another: names that must exist, and exist once."""
    if settings.smtp.eight_bit and settings.dkim:
        yield (
            f"{settings.path}:{line_of(text, ('smtp', 'eight_bit'))} [smtp]: eight_bit does not go "
            "with [[dkim]]: a server on the way that rewrites an 8bit mail breaks its signature "
            "(RFC 6376 section 5.3). Take one of them away."
        )
    tables = {
        "source": [row.id for row in settings.source],
        "popularity": [row.id for row in settings.popularity],
        "section": [row.id for row in settings.section],
        "edition": [row.id for row in settings.edition],
    }
    for table, names in tables.items():
        for index, name in enumerate(names):
            if name in names[:index]:
                where = _named(text, settings.path, (table, index, "id"), table, name)
                yield f"{where}: this id stands twice. Give each {table} its own."
    for index, section in enumerate(settings.section):
        where = _named(text, settings.path, ("section", index, "sources"), "section", section.id)
        yield from _unknown(where, "source", section.sources, tables["source"])
    for index, edition in enumerate(settings.edition):
        where = _named(text, settings.path, ("edition", index, "sections"), "edition", edition.id)
        yield from _unknown(where, "section", edition.sections, tables["section"])
        where = _named(
            text, settings.path, ("edition", index, "without_stories_of"), "edition", edition.id
        )
        yield from _unknown(where, "edition", edition.without_stories_of, tables["edition"])
        where = _named(text, settings.path, ("edition", index, "sections"), "edition", edition.id)
        if len(set(edition.sections)) < len(edition.sections):
            yield f"{where}: a section stands twice. Name each once."


def _named(text: str, path: Path, location: tuple[str | int, ...], table: str, name: str) -> str:
    return f'{path}:{line_of(text, location)} {table} "{name}"'


def _unknown(where: str, table: str, names: Iterable[str], known: list[str]) -> Iterable[str]:
    for name in names:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f'Did you mean "{close[0]}"?' if close else f"Add a [[{table}]] with that id."
            yield f'{where}: there is no {table} "{name}". {hint}'
