"""Reads feedback in a process to be killed: it stops once a mail is recorded, not yet marked."""

from __future__ import annotations

import signal
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

from digest.config.feedback import Afterwards
from digest.pipeline.configured.loading import load_settings
from digest.pipeline.feedback.mailboxes.maildir import MaildirMailbox
from digest.pipeline.feedback.proving import Proofs
from digest.pipeline.feedback.reading import FeedbackReader
from digest.store import open_store


class StoppedMaildir(MaildirMailbox):
    """A Maildir whose reader comes to a stop before the first mail is marked."""

    recorded: Connection

    def done(self, key: str) -> None:
        self.recorded.send(key)
        signal.pause()


def read_until_recorded(folder: Path, maildir: Path, now: datetime, recorded: Connection) -> None:
    """Read the Maildir as `digest feedback read` does; send the key of the first mail."""
    secrets = {"DIGEST_SECRET_KEY": "a-key-of-forty-characters-that-signs-links"}
    settings = load_settings(folder / "digest.toml", secrets)
    with open_store(settings.store.url, folder) as store:
        reader = FeedbackReader(store, Proofs(settings, store), now, rehearsal=False)
        mailbox = StoppedMaildir(maildir, Afterwards.MARK, "")
        mailbox.recorded = recorded
        reader.read(mailbox)
