"""What comes from the environment only: keys and passwords."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pydantic import Field, SecretStr

from digest.config.table import Table

LOGIN_VARIABLES = ("DIGEST_SMTP_USERNAME_", "DIGEST_SMTP_PASSWORD_", "DIGEST_SMTP_TOKEN_")


class Secrets(Table):
    """What comes from the environment only, and is masked whenever it is shown."""

    secret_key: SecretStr | None = None
    secret_keys_old: tuple[SecretStr, ...] = ()
    smtp_username: SecretStr | None = None
    smtp_password: SecretStr | None = None
    smtp_token: SecretStr | None = None
    smtp_logins: dict[str, SecretStr] = Field(default_factory=dict)
    dkim_key: SecretStr | None = None
    popularity: dict[str, SecretStr] = Field(default_factory=dict)

    def texts(self) -> tuple[str, ...]:
        """Return every secret in plain, for what must keep them out of its lines."""
        return tuple(_texts(getattr(self, name) for name in type(self).model_fields))


def _texts(values: Iterable[object]) -> Iterator[str]:
    for value in values:
        if isinstance(value, SecretStr):
            yield value.get_secret_value()
        elif isinstance(value, tuple):
            yield from _texts(value)
        elif isinstance(value, Mapping):
            yield from _texts(value.values())
