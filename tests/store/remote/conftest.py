"""Places that keep a state: a git remote by file and by HTTP, and a bucket that speaks S3."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.store import Access, Store, open_store
from digest.store.remote.contract import Remote
from digest.store.remote.remotes import remote_for
from tests.bucket_server import KEYS, bucket_server, new_bucket
from tests.conftest import SECRET_KEY
from tests.git_server import bare_repository, checkout_of, served_by_http


@dataclass
class Place:
    """A store's URL, and what makes fresh runners that know nothing else."""

    url: str
    new_folder: Callable[[], Path]
    variables: dict[str, str] = field(default_factory=dict)
    _left: ExitStack = field(default_factory=ExitStack)

    def remote(self) -> Remote:
        """Return the remote as a new runner sees it."""
        remote = remote_for(self.url, self.new_folder(), Access(_now, self.variables))
        return self._left.enter_context(closing(remote))

    def open(self, *keys: str, adopting: bool = False) -> Store:
        """Open the store as a new runner does."""
        access = Access(_now, self.variables, adopting=adopting)
        return open_store(self.url, self.new_folder(), keys or (SECRET_KEY,), access)

    def begin(self) -> None:
        """Begin the ledger, as `digest reconcile --adopt` does."""
        with self.open(adopting=True) as store:
            store.marks.begin()

    def close(self) -> None:
        self._left.close()


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """Run a server of buckets for this session, and return its address."""
    with bucket_server() as address:
        yield address


@pytest.fixture(params=["git by file", "git by http", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Yield each kind of place, with nothing in it."""
    with ExitStack() as cleanup:
        if request.param == "s3":
            made = _in_bucket(request.getfixturevalue("s3_server"), tmp_path)
        else:
            repository = bare_repository(tmp_path / "origin.git")
            by_http = request.param.endswith("http")
            address = (
                cleanup.enter_context(served_by_http(repository)) if by_http else str(repository)
            )
            made = _on_branch(address, tmp_path)
        cleanup.callback(made.close)
        yield made


@pytest.fixture
def git_place(tmp_path: Path) -> Iterator[Place]:
    """Yield a git remote by file, with nothing in it."""
    made = _on_branch(str(bare_repository(tmp_path / "origin.git")), tmp_path)
    yield made
    made.close()


@pytest.fixture
def s3_place(s3_server: str, tmp_path: Path) -> Iterator[Place]:
    """Yield a bucket with nothing in it."""
    made = _in_bucket(s3_server, tmp_path)
    yield made
    made.close()


def _now() -> datetime:
    return datetime.now(UTC)


def _on_branch(address: str, folder: Path) -> Place:
    numbers = itertools.count()
    return Place(
        "sqlite+git://digest-state",
        lambda: checkout_of(address, folder / f"runner{next(numbers)}"),
    )


def _in_bucket(server: str, folder: Path) -> Place:
    variables = {**KEYS, "AWS_ENDPOINT_URL": server}
    return Place(f"sqlite+s3://{new_bucket(server)}/state/daily", lambda: folder, variables)
