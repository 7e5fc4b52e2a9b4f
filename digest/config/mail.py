"""The tables [mail] and [[dkim]]: the sender, the way out by its name, the signature."""

from __future__ import annotations

from email.utils import parseaddr
from typing import Annotated

from pydantic import Field

from digest.config.checks import Mailbox
from digest.extension.table import Table


class MailSettings(Table):
    """The sender of the mail, and its transport.

    `relay_signs` is the operator's word that the mail server signs what it takes (DKIM).
    """

    from_: Mailbox = Field(alias="from")
    reply_to: str = ""
    verp: str = ""
    seeds: list[str] = Field(default_factory=list)
    transport: str = "smtp"
    relay_signs: bool = False

    @property
    def addr_spec(self) -> str:
        """Return the bare address of From."""
        return parseaddr(self.from_)[1]

    @property
    def domain(self) -> str:
        """Return the domain of From."""
        return self.addr_spec.rpartition("@")[2]


class DkimSettings(Table):
    """A key that signs mails; `key` is a file, or empty where DIGEST_DKIM_KEY holds the key.

    `domain` is that of From unless it says otherwise.
    """

    selector: Annotated[str, Field(min_length=1)]
    key: str = ""
    domain: str = ""
