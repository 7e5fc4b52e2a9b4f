"""From the table [feedback] to the mailbox it names."""

from __future__ import annotations

from digest.config import Settings
from digest.config.feedback import FEEDBACK_PASSWORD
from digest.errors import ConfigError
from digest.pipeline.feedback.mailboxes.contract import FeedbackMailbox
from digest.pipeline.feedback.mailboxes.imap import ImapAccount, ImapMailbox
from digest.pipeline.feedback.mailboxes.maildir import MaildirMailbox
from digest.pipeline.feedback.mailboxes.mbox import open_mbox


def mailbox_of(settings: Settings) -> FeedbackMailbox:
    """Return the configured mailbox. ConfigError if there is none, or a secret is missing."""
    table = settings.feedback
    if table.maildir:
        folder = settings.folder / table.maildir
        return MaildirMailbox(folder, table.afterwards, table.move_to)
    if table.mbox:
        return open_mbox(settings.folder / table.mbox)
    if table.imap:
        return ImapMailbox(_account(settings))
    raise ConfigError(
        "no mailbox is named",
        where=f"{settings.path} [feedback]",
        fix="Set imap, maildir or mbox, or give mails on stdin with --stdin (docs/feedback.md).",
    )


def _account(settings: Settings) -> ImapAccount:
    table = settings.feedback
    password = settings.secrets.value(FEEDBACK_PASSWORD)
    if not password:
        raise ConfigError(
            f"{FEEDBACK_PASSWORD} is not set",
            where=f"{settings.path} [feedback]",
            fix=f"Set it to the password of {table.user} at {table.imap}.",
        )
    return ImapAccount(
        host=table.imap,
        port=table.port,
        user=table.user,
        password=password,
        folder=table.folder,
        afterwards=table.afterwards,
        move_to=table.move_to,
        ca=settings.folder / table.ca if table.ca else None,
    )
