"""The tests' own PostgreSQL ends with the tests, however they end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url

_ROOT = Path(__file__).parents[1]
_SESSION = """\
import time
from tests.postgres_process import running_postgres
with running_postgres() as url:
    print(url, flush=True)
    time.sleep(60)
"""


@pytest.mark.postgres
@pytest.mark.usefixtures("postgres_server")
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL])
def test_no_server_is_left_behind(ending: signal.Signals) -> None:
    """The process that asked for the server is killed: the server stops, its folder goes."""
    with subprocess.Popen(
        [sys.executable, "-c", _SESSION], cwd=_ROOT, stdout=subprocess.PIPE, text=True
    ) as session:
        assert session.stdout is not None
        url = session.stdout.readline().strip()
        folder = _folder_of(url)
        server = int((folder / "postmaster.pid").read_text().split()[0])
        session.send_signal(ending)
    for _ in range(300):
        if not folder.exists() and not _runs(server):
            break
        time.sleep(0.1)
    assert not folder.exists()
    assert not _runs(server)


def _folder_of(url: str) -> Path:
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        folder = connection.exec_driver_sql("SHOW data_directory").scalar_one()
    engine.dispose()
    return Path(folder)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
