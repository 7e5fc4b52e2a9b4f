"""A newsroom made of the example, with a site, a mail server and a repository on this machine."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from digest.cli.app import run as digest
from digest.demo.receiver import Receiver
from digest.demo.site import DemoSite, make_app
from digest.web.server.serving import serving
from tests.ci.forked_digest import warm_digest
from tests.ci.runner import ActionsRunner, Outcome
from tests.command_clock import MOMENT, clock

EXAMPLE = Path(__file__).parents[2] / "examples" / "newsroom"
READERS = "email,name\namara@reader.example,Amara\nben@reader.example,Ben\n"
KEY = "a-secret-key-of-thirty-two-letters!"


@dataclass
class Newsroom:
    """The example's repository with local addresses, its servers, and runners for it."""

    folder: Path
    remote: Path
    receiver: Receiver
    secrets: dict[str, str]
    digest: Path
    runners: int = 0

    @property
    def room(self) -> Path:
        """The checkout of the person who set it up."""
        return self.folder / "room"

    def run(
        self,
        workflow: str = "digest.yml",
        job: str = "run",
        inputs: dict[str, str] | None = None,
        needs: dict[str, str] | None = None,
    ) -> Outcome:
        """Run a job on a machine that was never there before."""
        self.runners += 1
        folder = self.folder / f"runner-{self.runners}"
        machine = ActionsRunner(folder, self.remote, self.digest, dict(self.secrets))
        return machine.run(workflow, job, inputs, needs)

    def push(self, message: str) -> None:
        """Commit what was changed in the room, and push it."""
        _git(self.room, "add", "--all")
        _git(self.room, "commit", "--quiet", "--message", message)
        _git(self.room, "push", "--quiet", "origin", "HEAD:main")

    @property
    def recipients(self) -> list[str]:
        return sorted(one for mail in self.receiver.mails for one in mail.recipients)


@pytest.fixture(scope="package")
def program() -> Iterator[Path]:
    """Yield the `digest` of all runners."""
    with warm_digest() as found:
        yield found


@pytest.fixture(scope="package")
def example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Follow the example's README, once for all: copy it, and point it at a site."""
    with serving(lambda base: make_app(DemoSite(MOMENT, base))) as site:
        room = tmp_path_factory.mktemp("example") / "room"
        shutil.copytree(EXAMPLE, room)
        assert said(room, "init", site, "--allow-private-hosts", "--force") == 0
        edit(room, 'transport = "outbox"', 'transport = "smtp"')
        edit(room, "Your street and town", "4 Quay Street, Porthaven")
        # No runner asks the site for each article once more: that has its own tests.
        edit(room, r'title = "Daily briefing"', 'title = "Daily briefing"\nrecheck = "off"')
        # A slot was due at eight, and the next is hours away, however long the tests take.
        edit(room, r'schedule = "[^"]*"', 'schedule = "0 */4 * * *"')
        assert said(room, "ci", "github", "--review", "--force") == 0
        yield room


@pytest.fixture
def newsroom_at(
    example: Path, program: Path, tmp_path: Path
) -> Iterator[Callable[[str], Newsroom]]:
    """Yield what makes a copy that was pushed, whose ledger is at an address."""
    with Receiver() as receiver:

        def make(store_url: str) -> Newsroom:
            room = tmp_path / "room"
            shutil.copytree(example, room)
            edit(room, "port = 2525", f"port = {receiver.port}")
            secrets = {"DIGEST_SECRET_KEY": KEY, "DIGEST_SUBSCRIBERS": READERS}
            secrets |= {"DIGEST_STORE_URL": store_url} if store_url else {}
            remote = _pushed(room, tmp_path / "remote.git")
            return Newsroom(tmp_path, remote, receiver, secrets, program)

        yield make


@pytest.fixture
def newsroom(newsroom_at: Callable[[str], Newsroom], postgres_url: str) -> Newsroom:
    """Return a newsroom whose ledger is in PostgreSQL."""
    return newsroom_at(postgres_url)


def said(room: Path, *words: str) -> int:
    """Have a person say a command in the room; return its exit code."""
    return digest(["--config", str(room / "digest.toml"), *words], clock)


def edit(room: Path, pattern: str, replacement: str) -> None:
    path = room / "digest.toml"
    text, count = re.subn(pattern, replacement, path.read_text(), count=1)
    assert count == 1, pattern
    path.write_text(text)


def _pushed(room: Path, remote: Path) -> Path:
    subprocess.run(
        ["/usr/bin/git", "init", "--quiet", "--bare", "-b", "main", str(remote)], check=True
    )
    _git(room, "init", "--quiet", "-b", "main")
    _git(room, "add", "--all")
    _git(room, "commit", "--quiet", "--message", "our newsroom")
    _git(room, "remote", "add", "origin", f"file://{remote}")
    _git(room, "push", "--quiet", "origin", "HEAD:main")
    return remote


def _git(room: Path, *arguments: str) -> None:
    who = ["-c", "user.name=Kim", "-c", "user.email=kim@news.example"]
    subprocess.run(["/usr/bin/git", "-C", str(room), *who, *arguments], check=True)
