"""What every room's tests may ask for."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import certifi
import pytest
from hypothesis import settings
from sqlalchemy import Engine, create_engine, make_url

from digest.store import Store, open_store, upgrade_store
from digest.store.database.tables import METADATA
from tests.emptying import empty_all
from tests.fresh_stores import remember_migrations
from tests.memory_disk import temporary_root, write_to_memory
from tests.postgres_process import NoPostgresError, running_postgres
from tests.required import lacking
from tests.statements import share_statements

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

SECRET_KEY = "a-key-of-forty-characters-that-signs-links"
# The first has no window to draw: pages take two thirds of the processor time, and less waiting.
_CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


_HEAD = """\
[site]
name = "Example News"
url = "https://news.example"
public_url = "https://digest.news.example"
postal_address = "1 Example Street"
[mail]
from = "Example News <digest@news.example>"
"""
_SAMPLE = """\
[[source]]
id = "feed"
url = "{feed}"
[[section]]
id = "world"
title = "World News"
sources = ["feed"]
{section}
{editions}
"""

SampleToml = Callable[..., str]

_HOMES = ("XDG_STATE_HOME", "XDG_CACHE_HOME")

# No test measures time: an example may take as long as a busy machine needs.
settings.register_profile("digest", deadline=None)
settings.load_profile("digest")


def pytest_configure() -> None:
    """End as Ctrl-C ends when somebody asks us to: fixtures close what they opened."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # A test says itself whether it runs in CI, and nothing is kept in the state of who tests.
    os.environ.pop("CI", None)
    write_to_memory()
    for name in _HOMES:
        os.environ[name] = tempfile.mkdtemp(prefix="digest-tests-", dir=temporary_root())
    authority = _one_authority(Path(os.environ[_HOMES[0]]))
    os.environ["SSL_CERT_FILE"] = authority
    certifi.where = lambda: authority  # for clients that listen to no variable
    share_statements()
    remember_migrations()


def pytest_unconfigure() -> None:
    """Take away what the tests kept in their folders of state and cache files."""
    for name in _HOMES:
        shutil.rmtree(os.environ[name], ignore_errors=True)


def pytest_collection_finish() -> None:
    """Look for garbage among what tests make, not among what was imported and collected.

    That stays to the end, and to walk over it takes a tenth of a second again and again.
    """
    gc.collect()
    gc.freeze()


def _one_authority(folder: Path) -> str:
    """Write a bundle of one authority; httpx reads the whole, 15 ms, at each client it makes."""
    path = folder / "authority.pem"
    first, end, _ = Path(certifi.where()).read_text().partition("-----END CERTIFICATE-----\n")
    path.write_text(first + end)
    return str(path)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Say how many processes `-n auto` runs: two more than there are cores, for many tests wait."""
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return min(cores + 2, 8)


@pytest.fixture(scope="session")
def certificate_for(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Path, Path]]:
    """Return a maker of certificate and key of our own authority for a host."""
    openssl = shutil.which("openssl")
    if openssl is None:
        raise lacking("openssl", "no openssl to make a certificate with")

    def make(host: str) -> tuple[Path, Path]:
        folder = tmp_path_factory.mktemp("tls")
        path, key = folder / "certificate.pem", folder / "key.pem"
        subprocess.run(
            [
                *(openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
                *("-nodes", "-days", "2", "-subj", f"/CN={host}"),
                *("-addext", f"subjectAltName=DNS:{host}"),
                *("-keyout", str(key), "-out", str(path)),
            ],
            check=True,
            capture_output=True,
            timeout=30,
        )
        return path, key

    return make


@pytest.fixture(scope="session")
def sample_toml() -> SampleToml:
    """Return a maker of configurations: one source, the section "world", and these editions.

    `section` are more lines of that section, `feed` is the source's address.
    """

    def make(editions: str, *, section: str = "", feed: str = "https://news.example/feed/") -> str:
        return _HEAD + _SAMPLE.format(editions=editions, section=section, feed=feed)

    return make


@pytest.fixture(scope="session")
def sample_head() -> str:
    """Return what every configuration begins with: the site, and whom its mails are from."""
    return _HEAD


@pytest.fixture(scope="session")
def _chromium() -> Iterator[tuple[Browser, asyncio.AbstractEventLoop]]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        loop = asyncio.get_running_loop()
        yield _launched(playwright), loop
        asyncio._set_running_loop(loop)  # noqa: SLF001 - as in `browser`


@pytest.fixture(scope="module")
def browser(_chromium: tuple[Browser, asyncio.AbstractEventLoop]) -> Iterator[Browser]:
    """Yield a real, headless Chromium; mark such tests `browser`.

    It is started once. While Playwright runs, its event loop counts as the one that runs in this
    thread, and `asyncio.run` would be refused: so it is put aside for the modules that use none.
    """
    chromium, loop = _chromium
    asyncio._set_running_loop(loop)  # noqa: SLF001 - documented, for those who run loops
    yield chromium
    for context in chromium.contexts:
        context.close()
    asyncio._set_running_loop(None)  # noqa: SLF001


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
        raise lacking("browser", missing) from error


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Run a real PostgreSQL for this session and return its URL; mark such tests `postgres`."""
    with ExitStack() as stack:
        try:
            url = stack.enter_context(running_postgres())
        except NoPostgresError as error:
            raise lacking("postgres", f"no PostgreSQL: {error}") from error
        yield url


@pytest.fixture(scope="session")
def _postgres_tables(postgres_server: str) -> str:
    """Make a database with its tables once: for each test it is then only emptied."""
    # No test pulls the plug, so nobody waits for a disk.
    _administer(postgres_server, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
    _administer(postgres_server, "CREATE DATABASE digest")
    url = _database_url(postgres_server, "digest")
    upgrade_store(url, Path())
    return url


@pytest.fixture(scope="session")
def _postgres_at_hand(_postgres_tables: str) -> Iterator[Engine]:
    """Yield an engine whose one connection stays: a new one reads the catalogue for 8 ms.

    A test may end it, as it may end all others of the database: the next test gets a new one.
    """
    engine = _administering(_postgres_tables)
    yield engine
    engine.dispose()


@pytest.fixture
def postgres_url(_postgres_tables: str, _postgres_at_hand: Engine) -> str:
    """Return the URL of a PostgreSQL store, its tables up to date and empty.

    Its marks are forgotten: the database has the place of one that other tests sent from.
    """
    shutil.rmtree(Path(os.environ["XDG_STATE_HOME"]) / "digest", ignore_errors=True)
    with _postgres_at_hand.connect() as connection:
        connection.exec_driver_sql(empty_all([table.name for table in METADATA.sorted_tables]))
    return _postgres_tables


@pytest.fixture
def bare_postgres_url(postgres_server: str) -> Iterator[str]:
    """Yield the URL of a PostgreSQL database of one's own, without any table."""
    name = f"bare_{uuid.uuid4().hex[:12]}"
    _administer(postgres_server, f"CREATE DATABASE {name}")
    yield _database_url(postgres_server, name)
    _administer(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def sqlite_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a file with the tables once: a test that needs one gets a copy."""
    folder = tmp_path_factory.mktemp("store")
    open_store("sqlite:///digest.db", folder).close()
    return folder / "digest.db"


@pytest.fixture
def sqlite_url(sqlite_tables: Path, tmp_path: Path) -> str:
    """Return the URL of an SQLite store, digest.db in the test's folder, up to date and empty."""
    path = tmp_path / sqlite_tables.name
    shutil.copyfile(sqlite_tables, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest) -> str:
    """Return the URL of an empty store, once on each database."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def store(store_url: str, tmp_path: Path) -> Iterator[Store]:
    """Yield an empty store, once on each database."""
    with open_store(store_url, tmp_path, [SECRET_KEY]) as opened:
        yield opened


def _database_url(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _administering(url: str) -> Engine:
    driver = make_url(url).set(drivername="postgresql+psycopg")
    return create_engine(driver, isolation_level="AUTOCOMMIT", pool_pre_ping=True)


def _administer(url: str, *statements: str) -> None:
    engine = _administering(url)
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()
