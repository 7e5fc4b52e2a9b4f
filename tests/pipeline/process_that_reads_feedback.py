"""Reads feedback in a process to be killed: `process_that_reads_feedback.py FOLDER MAILDIR MOMENT`.

It says so on stdout when a mail is recorded and not yet marked, and stays there.
"""

from __future__ import annotations

import signal
import sys
from datetime import datetime
from pathlib import Path

from digest.config.feedback import Afterwards
from digest.pipeline.configured.loading import load_settings
from digest.pipeline.feedback.mailboxes.maildir import MaildirMailbox
from digest.pipeline.feedback.proving import Proofs
from digest.pipeline.feedback.reading import FeedbackReader
from digest.store import open_store


class StoppedMaildir(MaildirMailbox):
    """A Maildir whose reader comes to a stop before the first mail is marked."""

    def done(self, key: str) -> None:
        sys.stdout.write(f"recorded {key}\n")
        sys.stdout.flush()
        signal.pause()


def main(folder: Path, maildir: Path, now: datetime) -> None:
    """Read the Maildir as `digest feedback read` does."""
    secrets = {"DIGEST_SECRET_KEY": "a-key-of-forty-characters-that-signs-links"}
    settings = load_settings(folder / "digest.toml", secrets)
    with open_store(settings.store.url, folder) as store:
        reader = FeedbackReader(store, Proofs(settings, store), now, rehearsal=False)
        reader.read(StoppedMaildir(maildir, Afterwards.MARK, ""))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), datetime.fromisoformat(sys.argv[3]))
