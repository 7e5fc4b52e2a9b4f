"""What GitLab, Forgejo and cron start is started here: scripts, steps and the line, by a shell."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.ci.conftest import KEY, Newsroom, edit, said
from tests.ci.runner import TOKEN, ActionsRunner, fresh_machine
from tests.git_server import git, served_by_http

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

_BOTH = ["amara@reader.example", "ben@reader.example"]


def shell(words: str, folder: Path, environment: Mapping[str, str]) -> tuple[int, str]:
    """Run words as /bin/sh does; return the exit code and everything that was said."""
    done = subprocess.run(
        ["/bin/sh", "-e", "-c", words],
        cwd=folder, env=dict(environment), text=True, check=False, timeout=300,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    return done.returncode, done.stdout


@pytest.mark.postgres
def test_the_script_of_the_gitlab_job_sends_once(newsroom: Newsroom) -> None:
    """A rehearsal and two runs, each in a fresh clone: one copy each, and pages to keep."""
    assert said(newsroom.room, "ci", "gitlab") == 0
    newsroom.push("run by GitLab")
    for number, (dry_run, sent) in enumerate([("--dry-run", []), ("", _BOTH), ("", _BOTH)]):
        machine = newsroom.folder / f"machine-{number}"
        environment = fresh_machine(machine, newsroom.digest)
        environment |= {**newsroom.secrets, "DRY_RUN": dry_run, "GITLAB_CI": "true"}
        clone = ["/usr/bin/git", "clone", "--quiet", "--depth", "1", f"file://{newsroom.remote}"]
        subprocess.run([*clone, str(machine / "work")], check=True)
        job = YAML(typ="safe").load((machine / "work" / ".gitlab-ci.yml").read_text())["newsletter"]
        code, log = shell("\n".join(job["script"]), machine / "work", environment)
        assert (code, newsroom.recipients) == (0, sent), log
        assert "amara@" not in log
        if number == 1:
            assert list((machine / "work" / job["artifacts"]["paths"][0]).rglob("*.html"))


def test_the_job_of_forgejo_sends_once_and_pushes_its_ledger(
    newsroom_at: Callable[[str], Newsroom],
) -> None:
    """A rehearsal and two runs, on machines that reach the repository by the job's token only."""
    newsroom = newsroom_at("")
    room = newsroom.room
    edit(room, 'url = "sqlite:///digest.db"', 'url = "sqlite+git://digest-state"')
    (room / ".env").write_text(f"DIGEST_SECRET_KEY={KEY}\n")
    (room / "requirements.txt").unlink()
    shutil.rmtree(room / ".github")  # its workflows were written for another store
    assert said(room, "ci", "forgejo") == 0
    newsroom.push("run by Forgejo")
    assert said(room, "reconcile", "--adopt") == 0
    git(newsroom.remote, "config", "http.receivepack", "true")
    with served_by_http(newsroom.remote, TOKEN) as address:
        server = address.removesuffix(f"/{newsroom.remote.name}")
        for number, (rehearses, sent) in enumerate([("true", []), ("", _BOTH), ("", _BOTH)]):
            machine = ActionsRunner(
                newsroom.folder / f"machine-{number}", newsroom.remote, newsroom.digest,
                newsroom.secrets, ".forgejo/workflows", server,
            )  # fmt: skip
            done = machine.run("digest.yml", "run", {"dry-run": rehearses})
            assert (done.code, newsroom.recipients) == (0, sent), done.log
            assert TOKEN not in done.log
            # The image has no Node.js: no step of the job may be an action.
            assert done.actions == []


def test_the_line_of_cron_sends_once(newsroom_at: Callable[[str], Newsroom]) -> None:
    """Started twice in cron's bare environment; MAILTO hears of a fault, not of an overlap."""
    newsroom = newsroom_at("")
    room, tools = newsroom.room, newsroom.digest.parent
    (room / ".env").write_text(f"DIGEST_SECRET_KEY={KEY}\n")
    readers = newsroom.folder / "readers.csv"
    readers.write_text(newsroom.secrets["DIGEST_SUBSCRIBERS"])
    bare = {"HOME": str(newsroom.folder), "PATH": "/usr/bin:/bin", "LOGNAME": "kim"}
    by_hand = bare | {"PATH": f"{tools}:/usr/bin:/bin"}
    assert shell("digest ci cron", room, by_hand)[0] == 0
    known = shell(f"digest subscribers import {readers} --edition daily --confirmed", room, by_hand)
    assert known[0] == 0, known
    times = (room / "digest.cron").read_text().splitlines()[-1].split(maxsplit=5)
    assert times[1:5] == ["*"] * 4
    for _ in range(2):
        code, mailed = shell(times[5], Path("/"), bare)
        assert (code, mailed, newsroom.recipients) == (0, "", _BOTH)
    busy = f"flock {room}/.digest-run.lock /bin/sh -c '{times[5]}'"
    assert shell(busy, Path("/"), bare) == (0, "")
    edit(room, 'name = "', "name = ")
    code, mailed = shell(times[5], Path("/"), bare)
    assert (code, mailed) == (0, f"digest run ended with 2; see {room}/digest.log\n")
    assert "not valid TOML" in (room / "digest.log").read_text()
