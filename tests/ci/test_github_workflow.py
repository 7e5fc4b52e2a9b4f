"""The example's workflow, run step by step as a runner does, on machines that keep nothing."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from digest.cli.app import run as digest
from digest.demo.receiver import Receiver
from digest.demo.site import DemoSite, make_app
from digest.web.server.serving import serving
from tests.ci.forked_digest import warm_digest
from tests.ci.runner import ActionsRunner, Outcome

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.timeout(900)]

_EXAMPLE = Path(__file__).parents[2] / "examples" / "newsroom"
_READERS = "email,name\namara@reader.example,Amara\nben@reader.example,Ben\n"
_KEY = "a-secret-key-of-thirty-two-letters!"


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


@pytest.fixture(scope="module")
def program() -> Iterator[Path]:
    """Yield the `digest` of all runners."""
    with warm_digest() as found:
        yield found


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Follow the example's README, once for all: copy it, and point it at a site."""
    # An hourly edition has a slot that is due whenever the test runs.
    with serving(lambda base: make_app(DemoSite(datetime.now(UTC), base))) as site:
        room = tmp_path_factory.mktemp("example") / "room"
        shutil.copytree(_EXAMPLE, room)
        assert _said(room, "init", site, "--allow-private-hosts", "--force") == 0
        _edit(room, 'transport = "outbox"', 'transport = "smtp"')
        _edit(room, "Your street and town", "4 Quay Street, Porthaven")
        _edit(room, r'schedule = "[^"]*"', 'schedule = "0 * * * *"')
        assert _said(room, "ci", "github", "--review", "--force") == 0
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
            _edit(room, "port = 2525", f"port = {receiver.port}")
            secrets = {"DIGEST_SECRET_KEY": _KEY, "DIGEST_SUBSCRIBERS": _READERS}
            secrets |= {"DIGEST_STORE_URL": store_url} if store_url else {}
            remote = _pushed(room, tmp_path / "remote.git")
            return Newsroom(tmp_path, remote, receiver, secrets, program)

        yield make


@pytest.fixture
def newsroom(newsroom_at: Callable[[str], Newsroom], postgres_url: str) -> Newsroom:
    """Return a newsroom whose ledger is in PostgreSQL."""
    return newsroom_at(postgres_url)


@pytest.fixture
def newsroom_on_a_branch(newsroom_at: Callable[[str], Newsroom]) -> Newsroom:
    """Return a newsroom whose ledger is to be a branch of its repository; none was begun yet."""
    made = newsroom_at("")
    _edit(made.room, 'url = "sqlite:///digest.db"', 'url = "sqlite+git://digest-state"')
    (made.room / ".env").write_text(f"DIGEST_SECRET_KEY={_KEY}\n")
    return made


def test_a_second_runner_with_nothing_but_the_clone_sends_nothing_again(
    newsroom_at: Callable[[str], Newsroom], bare_postgres_url: str
) -> None:
    """A rehearsal, a run, and a run on a machine that knows nothing: one copy each."""
    newsroom = newsroom_at(bare_postgres_url)
    rehearsed = newsroom.run(inputs={"dry-run": "true"})
    assert (rehearsed.code, rehearsed.failed_at, newsroom.recipients) == (0, "", []), rehearsed.log
    assert "nothing was sent" in rehearsed.summary
    first = newsroom.run()
    assert (first.code, first.failed_at) == (0, ""), first.log
    assert newsroom.recipients == ["amara@reader.example", "ben@reader.example"]
    second = newsroom.run()
    assert (second.code, second.failed_at) == (0, ""), second.log
    assert newsroom.recipients == ["amara@reader.example", "ben@reader.example"]
    assert "Digest: sent" in first.summary
    assert "2 of 2" in first.summary
    assert "Next slot" in first.summary


def test_a_ledger_on_a_branch_goes_from_runner_to_runner(newsroom_on_a_branch: Newsroom) -> None:
    """Written for a branch, begun once by hand: two runners with nothing but clones, one copy."""
    newsroom, room = newsroom_on_a_branch, newsroom_on_a_branch.room
    (room / "requirements.txt").unlink()
    assert _said(room, "ci", "github", "--review", "--force") == 0
    newsroom.push("keep the ledger on a branch")
    early = newsroom.run()
    assert (early.code, newsroom.recipients) == (5, []), early.log
    assert "digest reconcile --adopt" in early.log
    assert _said(room, "reconcile", "--adopt") == 0
    first = newsroom.run()
    assert (first.code, first.failed_at) == (0, ""), first.log
    assert newsroom.recipients == ["amara@reader.example", "ben@reader.example"]
    second = newsroom.run()
    assert (second.code, second.failed_at) == (0, ""), second.log
    assert newsroom.recipients == ["amara@reader.example", "ben@reader.example"]


def test_a_workflow_that_may_not_push_stops_at_the_check(newsroom_on_a_branch: Newsroom) -> None:
    """It was written before the ledger moved: the check names the rights and the extra it lacks."""
    newsroom_on_a_branch.push("move the ledger to a branch")
    done = newsroom_on_a_branch.run()
    assert (done.code, done.failed_at) == (2, "Check the checkout")
    assert "may not push the ledger's branch" in done.log
    assert "digest[state]" in done.log


def test_the_log_and_the_artifact_hold_no_secret_and_no_address(newsroom: Newsroom) -> None:
    """What a runner shows to everybody in a public repository."""
    done = newsroom.run()
    pages = [path for path in done.artifacts["issues"].rglob("*") if path.is_file()]
    assert {path.suffix for path in pages} >= {".html", ".txt", ".eml", ".json"}
    shown = done.log + done.summary + "".join(path.read_text() for path in pages)
    for private in ("amara@", "ben@", _KEY):
        assert private not in shown
    assert "::group::digest run" in done.log
    assert re.search("[━█]", done.log) is None


def test_without_a_place_for_the_ledger_nothing_is_sent(newsroom: Newsroom) -> None:
    """The check says which secret is missing, before anything else happens."""
    del newsroom.secrets["DIGEST_STORE_URL"]
    done = newsroom.run()
    assert (done.code, done.failed_at, newsroom.recipients) == (2, "Check the checkout", [])
    assert "DIGEST_STORE_URL" in done.log


def test_a_source_that_fails_is_annotated(newsroom: Newsroom) -> None:
    """The feed's fault stands beside the run, in the summary too; the issue goes out."""
    _edit(newsroom.room, "/category/world-news/feed/", "/category/no-such-section/feed/")
    newsroom.push("break a feed")
    done = newsroom.run()
    assert "::warning title=Source " in done.log, done.log
    assert "| Source | Fault |" in done.summary


def test_what_was_reviewed_is_what_is_sent(newsroom: Newsroom) -> None:
    """The build's hash goes through the reviewer's environment into the approval."""
    newsroom.run(inputs={"dry-run": "true"})
    at = datetime.now(UTC).replace(minute=0) + timedelta(hours=2)
    inputs = {"edition": "daily", "slot": f"{at:%Y-%m-%dT%H%M}"}
    built = newsroom.run("digest-review.yml", "build", inputs)
    assert (built.code, len(built.outputs["sha256"])) == (0, 64), built.log
    page = (built.artifacts["review"] / "all.html").read_text()
    sent = newsroom.run("digest-review.yml", "send", inputs, built.outputs)
    assert (sent.code, sent.failed_at) == (0, ""), sent.log
    assert newsroom.recipients == ["amara@reader.example", "ben@reader.example"]
    mail = message_from_bytes(newsroom.receiver.mails[0].raw, policy=policy.default)
    title = re.search(r"<title>(.*?)</title>", page)
    assert title is not None
    assert title[1] == str(mail["Subject"]).replace("&", "&amp;").replace("'", "&#39;")


def test_a_hash_that_nobody_reviewed_is_not_sent(newsroom: Newsroom) -> None:
    """The approval refuses it (exit 4), and the send is never reached."""
    at = datetime.now(UTC).replace(minute=0) + timedelta(hours=2)
    inputs = {"edition": "daily", "slot": f"{at:%Y-%m-%dT%H%M}"}
    newsroom.run("digest-review.yml", "build", inputs)
    done = newsroom.run("digest-review.yml", "send", inputs, {"sha256": "0" * 64})
    assert (done.code, done.failed_at, newsroom.recipients) == (4, "Approve what was built", [])


def _said(room: Path, *words: str) -> int:
    """Have a person say a command in the room; return its exit code."""
    return digest(["--config", str(room / "digest.toml"), *words])


def _edit(room: Path, pattern: str, replacement: str) -> None:
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
