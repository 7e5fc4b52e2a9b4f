"""Values from the environment, or from .env beside digest.toml: keys and passwords."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic import Field, SecretStr

from digest.extension.table import Table

SECRET_KEY, OLD_SECRET_KEYS = "DIGEST_SECRET_KEY", "DIGEST_SECRET_KEYS_OLD"
DKIM_KEY = "DIGEST_DKIM_KEY"


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
    variables = (SECRET_KEY, OLD_SECRET_KEYS, DKIM_KEY, *named)
    return Secrets(
        held={name: SecretStr(environment[name]) for name in variables if environment.get(name)}
    )
