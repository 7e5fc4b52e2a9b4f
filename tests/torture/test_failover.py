"""PostgreSQL that falls in the middle of a send, and a server that takes over: nobody is lost.

The server is one of our own, for it is stopped as a power cut stops it. A stand-by that is promoted
follows another timeline from then on. How much of the ledger had reached it only the operator
knows, so nothing is sent before `digest reconcile`.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, make_url

from digest.errors import ExitCode, StoreError
from digest.models.deliveries import DeliveryState
from digest.store import upgrade_store
from tests.postgres_process import NoPostgresError, running_postgres
from tests.required import lacking

if TYPE_CHECKING:
    from tests.torture.conftest import Newsroom, Running, Sender

READERS = 200
SLOWLY = 40
_DATABASE = "fallen"
_STARTS_WITHIN = 60


class Server:
    """A PostgreSQL that may be restarted and promoted."""

    def __init__(self, url: str, log: Path) -> None:
        """Make a database with our tables in the server at `url`."""
        server = make_url(url).set(drivername="postgresql+psycopg")
        self._engine = create_engine(server, isolation_level="AUTOCOMMIT")
        self._folder = Path(self._asked("SHOW data_directory"))
        self._programs = Path(self._asked("SELECT setting FROM pg_config WHERE name = 'BINDIR'"))
        self._log = log
        self._asked(f"CREATE DATABASE {_DATABASE}")
        self.url = server.set(drivername="postgresql", database=_DATABASE).render_as_string(
            hide_password=False
        )
        upgrade_store(self.url, Path())

    def restart(self, mode: str) -> None:
        """Stop it in this mode of pg_ctl ("immediate" is a crash), and start it again."""
        self._control("restart", "-m", mode)

    def take_over(self) -> None:
        """Make it a stand-by that was promoted: it follows a timeline of its own."""
        sign = self._folder / "standby.signal"
        sign.touch()
        os.chown(sign, *self._owner())
        self.restart("immediate")
        self._control("promote")

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()

    def _asked(self, statement: str) -> str:
        with self._engine.connect() as connection:
            found = connection.exec_driver_sql(statement)
            return str(found.scalar_one()) if found.returns_rows else ""

    def _control(self, *words: str) -> None:
        self._engine.dispose()
        user, group = self._owner() if os.geteuid() == 0 else (None, None)
        place = ("-w", "-t", str(_STARTS_WITHIN), "-D", str(self._folder), "-l", str(self._log))
        subprocess.run(
            [str(self._programs / "pg_ctl"), *words, *place],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            user=user,
            group=group,
            check=True,
        )

    def _owner(self) -> tuple[int, int]:
        found = self._folder.stat()
        return found.st_uid, found.st_gid


@pytest.fixture
def server() -> Iterator[Server]:
    """Run a server of our own."""
    try:
        with running_postgres() as url:
            server = Server(url, Path("/dev/null"))
            yield server
            server.close()
    except NoPostgresError as error:
        raise lacking("postgres", f"no PostgreSQL: {error}") from error


def under_way(newsroom: Newsroom) -> Running:
    """Begin to send slowly, and return it once the first mails have come."""
    newsroom.slow_down(SLOWLY)
    running = newsroom.send(newsroom.senders[0])
    newsroom.wait_for(10)
    return running


@pytest.mark.postgres
def test_a_server_that_falls_and_comes_back(
    newsroom_in: Callable[[str, int, tuple[Sender, ...]], Newsroom], server: Server
) -> None:
    """What was committed is there: the next run goes on, and each has one mail."""
    newsroom = newsroom_in(server.url, READERS, ())
    running = under_way(newsroom)
    server.restart("immediate")
    assert set(running.wait()) <= {ExitCode.DONE, ExitCode.RECIPIENTS, StoreError.exit_code}
    newsroom.slow_down_no_more(SLOWLY)
    ended = newsroom.send(newsroom.senders[0]).wait()
    assert set(ended) <= {ExitCode.DONE, ExitCode.RECIPIENTS}, newsroom.said()[-2000:]
    newsroom.assert_nobody_is_lost(READERS)


@pytest.mark.postgres
def test_a_server_that_took_over_sends_nothing_until_reconciled(
    newsroom_in: Callable[[str, int, tuple[Sender, ...]], Newsroom], server: Server
) -> None:
    """Another timeline is another ledger, from its first moment on, until somebody looked."""
    newsroom = newsroom_in(server.url, READERS, ())
    running = under_way(newsroom)
    running.kill()
    running.wait()
    server.take_over()
    copies = newsroom.sink.copies()
    assert newsroom.send(newsroom.senders[0]).wait() == [ExitCode.REFUSED]
    assert newsroom.sink.copies() == copies
    newsroom.slow_down_no_more(SLOWLY)
    first = newsroom.senders[0]
    assert newsroom.begin(first, "reconcile", "--adopt").wait() == [ExitCode.DONE]
    assert newsroom.send(first).wait() == [ExitCode.HELD]
    assert newsroom.begin(first, "issues", "resume", newsroom.issue_key).wait() == [ExitCode.DONE]
    ended = newsroom.send(first).wait()
    assert set(ended) <= {ExitCode.DONE, ExitCode.RECIPIENTS}, newsroom.said()[-2000:]
    newsroom.assert_nobody_is_lost(READERS)
    assert DeliveryState.ACCEPTED in newsroom.states().values()
