"""`digest demo`: the whole way at once, on real servers of this machine."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from digest.demo.runner import READERS, Heard, Running, running_demo

QUIET = Heard(step=lambda _: None, source=lambda _: None)


@pytest.mark.slow
def test_once_ends_by_itself_and_says_what_it_did(tmp_path: Path) -> None:
    """Three readers, three mails, exit 0, and nothing left behind in the folder."""
    done = subprocess.run(
        [sys.executable, "-m", "digest", "demo", "--once", "--json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["send"]["accepted"] == 3
    assert [mail["to"] for mail in said["mails"]]
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_it_stays_until_it_is_asked_to_end(tmp_path: Path) -> None:
    """Ctrl-C ends it cleanly, with exit 0."""
    arguments = [sys.executable, "-m", "digest", "demo", "--no-open"]
    with subprocess.Popen(
        arguments, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        inbox = ""
        for line in process.stdout:
            if line.startswith("The inbox"):
                inbox = line.split()[2]
                break
        assert httpx.get(inbox, trust_env=False, timeout=60).status_code == 200
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 0, errors
    assert "Traceback" not in errors


@pytest.fixture(scope="module")
def demo() -> Iterator[Running]:
    """Yield a demo that has sent its mails, and runs."""
    with running_demo(QUIET) as run:
        yield run


@pytest.fixture
def mails(demo: Running) -> dict[str, str]:
    """Return each reader's mail as text."""
    return {mail.recipients[0]: mail.raw.decode() for mail in demo.receiver.mails}


def test_each_reader_gets_the_sections_they_chose(mails: dict[str, str]) -> None:
    """The choices differ, and so do the mails."""
    assert set(mails) == {reader.email for reader in READERS}
    assert len({mail.partition("Subject: ")[2].partition("\r\n")[0] for mail in mails.values()}) > 1
    assert len(mails["amara@reader.example"]) > 2 * len(mails["ben@reader.example"])


def test_the_links_in_a_mail_work_and_a_get_changes_nothing(mails: dict[str, str]) -> None:
    """Unsubscribe asks first; one click by POST is enough; view in browser shows the mail."""
    with httpx.Client(trust_env=False, timeout=60) as web:
        header = mails["ben@reader.example"].replace("\r\n ", " ")
        url = header.partition("List-Unsubscribe: <")[2].partition(">")[0]
        for _ in range(2):
            page = web.get(url)
            assert page.status_code == 200
            assert "Unsubscribe" in page.text
        assert web.post(url, data={"List-Unsubscribe": "One-Click"}).status_code == 200
        assert "unsubscribed" in web.get(url).text.lower()
