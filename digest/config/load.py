"""Read digest.toml and the environment into `Settings`; every fault at once, each with its line."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from digest.config.agreement import disagreements
from digest.config.environment import Secrets, Surroundings, secrets_in, surroundings_in
from digest.config.faults import TomlFile, faults_of
from digest.config.named import named_faults
from digest.config.offered import Offered
from digest.config.settings import Settings
from digest.errors import ConfigError

_STORE = {"DIGEST_STORE_URL": "url", "DIGEST_LEDGER_MARK": "mark"}


def load_settings(path: Path, environment: Mapping[str, str], offered: Offered) -> Settings:
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
    beside = _dotenv(path.parent / ".env")
    return parse_settings(text, path, {**beside, **environment}, offered)


def parse_settings(
    text: str, path: Path, environment: Mapping[str, str], offered: Offered
) -> Settings:
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
    if named and isinstance(raw.get("store", {}), dict):
        raw["store"] = {**raw.get("store", {}), **named}
    file = TomlFile(text, path, raw)
    settings = _checked(file, offered)
    secrets = secrets_in(environment, offered.secrets(settings))
    return settings.model_copy(
        update={"secrets": secrets, "surroundings": surroundings_in(environment)}
    )


def _checked(file: TomlFile, offered: Offered) -> Settings:
    """Return the settings without secrets; ConfigError names everything that is wrong."""
    faults = list(named_faults(file, offered))
    try:
        given = {"path": file.path, "secrets": Secrets(), "surroundings": Surroundings()}
        settings = Settings.model_validate({**file.raw, **given})
    except ValidationError as error:
        faults = [*faults_of(file, error), *faults]
    else:
        if not faults:
            faults = list(disagreements(file, settings, offered))
        if not faults:
            return settings
    raise ConfigError("\n".join(faults))


def _dotenv(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    from dotenv import dotenv_values

    return {key: value for key, value in dotenv_values(path).items() if value}
