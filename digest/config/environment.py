"""What comes from the environment only: keys and passwords."""

from __future__ import annotations

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
