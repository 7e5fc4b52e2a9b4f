"""An upgrade with an issue in flight: what an earlier version planned and began is finished."""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from digest.models.issues import IssueState
from digest.pipeline.operator.ledger_guard import adopt
from digest.store import open_store

if TYPE_CHECKING:
    from tests.pipeline.conftest import Newsroom

# Six readers, of whom three had their mail when the version of migration 0013 was stopped.
BEGUN = Path(__file__).parent / "data" / "in_flight_0013.sql.gz"


def test_an_issue_that_an_earlier_version_began_is_finished(newsroom: Newsroom) -> None:
    """The three who wait get what was frozen then; nobody gets a second copy."""
    newsroom.store.close()
    for path in newsroom.folder.glob("digest.db*"):
        path.unlink()
    with closing(sqlite3.connect(newsroom.folder / "digest.db")) as connection:
        connection.executescript(gzip.decompress(BEGUN.read_bytes()).decode())
    with open_store("sqlite:///digest.db", newsroom.folder) as store:
        newsroom.store = store
        adopt(newsroom.settings, store, newsroom.now)  # the mark stayed on the old machine
        assert newsroom.issue.finished_at is None
        had = {name for name, state in newsroom.states.items() if state == "accepted"}
        report = newsroom.send()
        assert (report.sent_now, report.planned) == (3, 6)
        assert len(had) == 3
        assert had.isdisjoint(newsroom.mailbox.recipients)
        assert newsroom.issue.state is IssueState.FINISHED
        assert store.faults() == ()
