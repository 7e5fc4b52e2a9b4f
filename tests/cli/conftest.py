"""A newsroom on this machine: a real site, a real mail server, and the command as people run it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from digest.cli.app import run
from digest.demo.receiver import Receiver
from digest.demo.site import DemoSite, make_app
from digest.web.server.serving import serving
from tests.command_clock import MOMENT, clock


@dataclass(frozen=True)
class Said:
    """What a command printed and ended with."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever the command says
        """The one object on stdout."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Newsroom:
    """A folder with a configuration, and the servers it speaks to."""

    folder: Path
    site: str
    receiver: Receiver
    command: Callable[..., Said]

    def __call__(self, *arguments: str) -> Said:
        return self.command("--config", str(self.path), *arguments)

    @property
    def path(self) -> Path:
        return self.folder / "digest.toml"

    def edit(self, pattern: str, replacement: str) -> None:
        """Change the configuration as an operator would."""
        text, count = re.subn(
            pattern, replacement.replace("\\", "\\\\"), self.path.read_text(), count=1
        )
        assert count == 1, pattern
        self.path.write_text(text)

    def csv(self, text: str | bytes) -> str:
        """Write a file of subscribers and give its path."""
        path = self.folder / "readers.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """Serve the demo site; commands only read it."""
    with serving(lambda base: make_app(DemoSite(MOMENT, base))) as address:
        yield address


@pytest.fixture
def command(capfd: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Run `digest` with these arguments."""

    def go(*arguments: str) -> Said:
        capfd.readouterr()
        code = run(list(arguments), clock)
        out, err = capfd.readouterr()
        return Said(code, out, err)

    return go


@pytest.fixture
def empty_newsroom(tmp_path: Path, site: str, command: Callable[..., Said]) -> Iterator[Newsroom]:
    """Yield a folder without a configuration, and running servers."""
    with Receiver() as receiver:
        yield Newsroom(tmp_path, site, receiver, command)


@pytest.fixture(scope="session")
def collected_folder(site: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that was initialised from the site and has collected; copy it, leave it."""
    folder = tmp_path_factory.mktemp("collected")
    config = ["--config", str(folder / "digest.toml")]
    assert run([*config, "init", site, "--allow-private-hosts"], clock) == 0
    assert run([*config, "collect"], clock) == 0
    return folder


@pytest.fixture
def rechecking_newsroom(empty_newsroom: Newsroom, collected_folder: Path) -> Newsroom:
    """Return a newsroom that was initialised from the site, sends by SMTP, and has collected."""
    room = empty_newsroom
    shutil.copytree(collected_folder, room.folder, dirs_exist_ok=True)
    room.edit('transport = "outbox"', 'transport = "smtp"')
    room.edit("port = 2525", f"port = {room.receiver.port}")
    room.edit("Your street and town", "4 Quay Street, Porthaven")
    return room


@pytest.fixture
def newsroom(rechecking_newsroom: Newsroom) -> Newsroom:
    """Return one that does not ask for each article once more before it sends.

    Those questions and their answers are more than half of what a send costs here.
    """
    room = rechecking_newsroom
    room.edit(r'title = "Daily briefing"', 'title = "Daily briefing"\nrecheck = "off"')
    return room
