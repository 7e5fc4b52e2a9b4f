"""Values from the environment, or from .env beside digest.toml: keys and passwords."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import Field, SecretStr

from digest.extension.table import Table
from digest.user_cache import user_folder

SECRET_KEY, OLD_SECRET_KEYS = "DIGEST_SECRET_KEY", "DIGEST_SECRET_KEYS_OLD"
DKIM_KEY = "DIGEST_DKIM_KEY"
PING_URL, ALERT_WEBHOOK = "DIGEST_PING_URL", "DIGEST_ALERT_WEBHOOK"
_OFF = frozenset({"", "0", "false", "no"})


class Secrets(Table):
    """The variables that hold secrets, by name: never printed, and masked whenever one is shown.

    Which of them a transport, a counter or a source reads stands beside its declaration.
    """

    held: dict[str, SecretStr] = Field(default_factory=dict, repr=False)

    def value(self, variable: str) -> str:
        """Return what a variable holds, "" where it is not set."""
        secret = self.held.get(variable)
        return secret.get_secret_value() if secret else ""

    def texts(self) -> tuple[str, ...]:
        """Return every secret in plain, for what must keep them out of its lines."""
        values = [secret.get_secret_value() for secret in self.held.values()]
        return tuple(dict.fromkeys((*values, *self.value(OLD_SECRET_KEYS).split())))


def secrets_in(environment: Mapping[str, str], named: Iterable[str]) -> Secrets:
    """Return Digest's own secrets and those that the things of digest.toml read."""
    variables = (SECRET_KEY, OLD_SECRET_KEYS, DKIM_KEY, PING_URL, ALERT_WEBHOOK, *named)
    return Secrets(
        held={name: SecretStr(environment[name]) for name in variables if environment.get(name)}
    )


class Surroundings(Table):
    """The machine that a command runs on, as far as the environment tells.

    `in_ci`: `CI` is set, as every CI service sets it, so that the disk may be gone afterwards.
    `state_home`: the folder of the user's state files (XDG Base Directory Specification 0.8); None
    where there is no home.
    """

    in_ci: bool = False
    state_home: Path | None = None


def surroundings_in(environment: Mapping[str, str]) -> Surroundings:
    """Return what the environment tells of the machine."""
    in_ci = environment.get("CI", "").strip().lower() not in _OFF
    state_home = user_folder(environment, "XDG_STATE_HOME", ".local/state")
    return Surroundings(in_ci=in_ci, state_home=state_home)
