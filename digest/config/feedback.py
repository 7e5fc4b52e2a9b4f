"""The table [feedback]: the mailbox to which bounces, complaints and wishes to leave come."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from digest.config.checks import Mailbox
from digest.extension.table import Table

FEEDBACK_PASSWORD = "DIGEST_FEEDBACK_PASSWORD"  # noqa: S105 - the name of a variable


class Afterwards(StrEnum):
    """The fate of a mail that has been read and recorded."""

    LEAVE = "leave"
    MARK = "mark"
    MOVE = "move"


class FeedbackSettings(Table):
    """The mailbox, and what becomes of its mails.

    `address` is the mailbox's own: List-Unsubscribe names it as the mailto beside the link. One of
    `imap` (a host), `maildir` and `mbox` (paths beside digest.toml unless absolute) is read. `ca`
    is a file of certificates to trust instead of the system's.
    """

    address: Mailbox | None = None
    imap: str = ""
    port: Annotated[int, Field(ge=1, le=65_535)] = 993
    user: str = ""
    folder: Annotated[str, Field(min_length=1)] = "INBOX"
    ca: str = ""
    maildir: str = ""
    mbox: str = ""
    after: Afterwards | None = None
    move_to: Annotated[str, Field(min_length=1)] = "Digest"

    @property
    def afterwards(self) -> Afterwards:
        """What becomes of a mail: an mbox is only read, elsewhere a mail is marked as seen."""
        return self.after or (Afterwards.LEAVE if self.mbox else Afterwards.MARK)

    @model_validator(mode="after")
    def _one_mailbox(self) -> FeedbackSettings:
        named = [key for key in ("imap", "maildir", "mbox") if getattr(self, key)]
        if len(named) > 1:
            raise ValueError(f"{' and '.join(named)} are two mailboxes. Keep one of them")
        if self.imap and not self.user:
            raise ValueError('imap needs the name to log in with. Write user = "…"')
        if self.mbox and self.afterwards is not Afterwards.LEAVE:
            raise ValueError('an mbox is only read. Write after = "leave", or use a Maildir')
        return self
