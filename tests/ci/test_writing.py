"""What `digest ci` writes is valid, safe, starts at the right times, and is not written over."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.ci.checking import check_checkout
from digest.ci.kinds import KINDS
from digest.ci.ticks import ticks_of
from digest.ci.writing import CiOrder, files_of, write_ci
from digest.config import Settings
from digest.errors import UsageError
from digest.pipeline.configured.loading import parse_settings

_NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
_EXAMPLE = Path(__file__).parents[2] / "examples" / "newsroom"
_BIN = Path(sys.executable).parent


def settings_with(
    folder: Path, edition: str = "", environment: dict[str, str] | None = None
) -> Settings:
    """Return the example's settings, its edition with more keys."""
    text = (_EXAMPLE / "digest.toml").read_text() + edition
    return parse_settings(text, folder / "digest.toml", environment or {})


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_left_to_fill_in(kind: str, tmp_path: Path) -> None:
    """No hole is left in any file; no `TODO`, no address to replace."""
    for name, text in files_of(
        settings_with(tmp_path), CiOrder(kind, tmp_path, kind == "github"), _NOW
    ).items():
        assert not re.search(r"@[A-Z]+@|TODO|CHANGEME|your-", text), name


@pytest.mark.parametrize(
    ("kind", "schema"),
    [("github", "github-workflows"), ("forgejo", "github-workflows"), ("gitlab", "gitlab-ci")],
)
def test_workflows_pass_their_schema(kind: str, schema: str, tmp_path: Path) -> None:
    """By the schemas that check-jsonschema ships: no network."""
    done = write_ci(settings_with(tmp_path), CiOrder(kind, tmp_path, kind == "github"), _NOW)
    files = [str(path) for path in done.written if path.suffix == ".yml"]
    command = [str(_BIN / "check-jsonschema"), "--builtin-schema", f"vendor.{schema}", *files]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout


def test_workflows_have_no_finding_of_zizmor(tmp_path: Path) -> None:
    """Nothing unpinned, no permission too many, no text of others in a shell."""
    write_ci(settings_with(tmp_path), CiOrder("github", tmp_path, review=True), _NOW)
    command = [str(_BIN / "zizmor"), "--offline", "--no-progress", str(tmp_path)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "No findings" in said.stdout + said.stderr


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze here")
def test_units_pass_systemd(tmp_path: Path) -> None:
    """By systemd's own judge."""
    done = write_ci(settings_with(tmp_path), CiOrder("systemd", tmp_path), _NOW)
    command = ["/usr/bin/systemd-analyze", "verify", *map(str, done.written)]
    # A bare environment: the clock of `make test-dates` ends the judge's helpers.
    said = subprocess.run(command, capture_output=True, text=True, check=False, env={})
    assert (said.returncode, said.stderr) == (0, "")


def test_the_example_is_what_the_command_writes(tmp_path: Path) -> None:
    """So that a copy of the example is up to date."""
    for name, text in files_of(
        settings_with(tmp_path), CiOrder("github", tmp_path, review=True), _NOW
    ).items():
        assert (_EXAMPLE / name).read_text() == text, name


def test_ticks_follow_each_slot_in_both_halves_of_the_year(tmp_path: Path) -> None:
    """07:00 in London is 06:00 or 07:00 in UTC: four ticks an hour, and never at :00."""
    ticks = ticks_of(settings_with(tmp_path).edition, "Harbour News", _NOW)
    assert ticks.hours == (6, 7, 8, 9, 10)
    assert ticks.days == ()
    assert len(ticks.minutes) == 4
    assert not set(ticks.minutes) & {0, 15, 30, 45}


def test_a_weekly_over_midnight_has_ticks_on_both_days(tmp_path: Path) -> None:
    """Sunday 23:30 in UTC goes on into Monday."""
    text = (_EXAMPLE / "digest.toml").read_text()
    text = text.replace('"0 7 * * *"', '"30 23 * * 0"').replace("Europe/London", "UTC")
    ticks = ticks_of(parse_settings(text, tmp_path / "digest.toml", {}).edition, "Harbour", _NOW)
    assert (ticks.days, ticks.hours) == ((0, 1), (0, 1, 2, 23))


def test_a_window_has_ticks_before_its_slot(tmp_path: Path) -> None:
    """The run that shows the issue to its editors comes before the slot."""
    more = 'approval = "window"\neditors = ["desk@news.example"]\nnotice_minutes = 90\n'
    assert ticks_of(settings_with(tmp_path, more).edition, "Harbour", _NOW).hours[0] == 4


def test_a_file_that_was_changed_is_not_written_over(tmp_path: Path) -> None:
    """The error names it; --force writes, and requirements.txt stays the newsroom's own."""
    settings = settings_with(tmp_path)
    write_ci(settings, CiOrder("github", tmp_path), _NOW)
    path = tmp_path / ".github" / "workflows" / "digest.yml"
    path.write_text("name: ours\n")
    (tmp_path / "requirements.txt").write_text("digest==9\n")
    with pytest.raises(UsageError, match=r"digest\.yml"):
        write_ci(settings, CiOrder("github", tmp_path), _NOW)
    write_ci(settings, CiOrder("github", tmp_path, force=True), _NOW)
    assert "digest run" in path.read_text()
    assert (tmp_path / "requirements.txt").read_text() == "digest==9\n"


def test_check_says_what_a_checkout_lacks(tmp_path: Path) -> None:
    """No git, no workflow, no requirements, a ledger on the runner: each with what to do."""
    found = {one.name: one for one in check_checkout(settings_with(tmp_path), {}, _NOW)}
    assert {name for name, one in found.items() if not one.ok} == {
        "checkout", "schedule", "requirements", "ledger",
    }  # fmt: skip
    assert all(one.fix for one in found.values() if not one.ok)


def test_check_names_private_files_and_old_times(tmp_path: Path) -> None:
    """A list that was committed, an overlay that was not, and a schedule that has changed since."""
    settings = settings_with(tmp_path)
    write_ci(settings, CiOrder("github", tmp_path), _NOW)
    (tmp_path / "digest.toml").write_text("")
    (tmp_path / "readers.csv").write_text("email\n")
    for words in (["init", "--quiet"], ["add", "--all"]):
        subprocess.run(["/usr/bin/git", "-C", str(tmp_path), *words], check=True)
    overlay = tmp_path / "overlays" / "daily" / "standing.toml"
    overlay.parent.mkdir(parents=True)
    overlay.write_text("")
    text = (_EXAMPLE / "digest.toml").read_text().replace('"0 7 * * *"', '"0 17 * * *"')
    later = parse_settings(text, tmp_path / "digest.toml", {})
    bad = {one.name: one.words for one in check_checkout(later, {}, _NOW) if not one.ok}
    assert "readers.csv" in bad["private files"]
    assert "overlays/daily/standing.toml" in bad["editors' files"]
    assert "its times are not those of the editions" in bad["schedule"]


def settings_at(folder: Path, url: str) -> Settings:
    """Return the example's settings, its ledger at a store's URL."""
    environment = {"DIGEST_STORE_URL": url}
    return parse_settings((_EXAMPLE / "digest.toml").read_text(), folder / "x.toml", environment)


@pytest.mark.parametrize(
    ("kind", "kept", "dropped"),
    [
        ("github", "persist-credentials: true", "persist-credentials: false"),
        ("forgejo", "# The token is kept", 'git config --unset "$header"'),
    ],
)
def test_a_ledger_on_a_branch_gets_the_right_to_push(
    kind: str, kept: str, dropped: str, tmp_path: Path
) -> None:
    """Its job may write and keeps the credentials; the extra and the beginning are told."""
    settings = settings_at(tmp_path, "sqlite+git://digest-state")
    done = write_ci(settings, CiOrder(kind, tmp_path), _NOW)
    text = next(path.read_text() for path in done.written if path.suffix == ".yml")
    assert "contents: write" in text
    assert kept in text
    assert dropped not in text
    assert "digest reconcile --adopt" in text
    assert "digest reconcile --adopt" in done.left
    assert (tmp_path / "requirements.txt").read_text().splitlines()[-1].startswith("digest[state]")
    usual = files_of(settings_at(tmp_path, "postgresql://db/digest"), CiOrder(kind, tmp_path), _NOW)
    reads_only = next(text for name, text in usual.items() if name.endswith(".yml"))
    assert dropped in reads_only
    assert kept not in reads_only


def test_a_bucket_is_handed_its_secrets(tmp_path: Path) -> None:
    """The two keys are needed; the job still may only read the repository."""
    settings = settings_at(tmp_path, "sqlite+s3://bucket/key")
    text = files_of(settings, CiOrder("github", tmp_path), _NOW)[".github/workflows/digest.yml"]
    assert "AWS_SECRET_ACCESS_KEY: ${{ secrets.AWS_SECRET_ACCESS_KEY }} # the secret" in text
    assert "AWS_ENDPOINT_URL: ${{ secrets.AWS_ENDPOINT_URL }} # optional" in text
    assert "contents: read" in text


def test_an_image_has_no_checkout_for_a_branch(tmp_path: Path) -> None:
    """Kubernetes is refused a branch, and told of a bucket, which it takes."""
    with pytest.raises(UsageError, match="no checkout") as refused:
        write_ci(settings_at(tmp_path, "sqlite+git://x"), CiOrder("kubernetes", tmp_path), _NOW)
    assert "sqlite+s3://" in refused.value.fix
    write_ci(settings_at(tmp_path, "sqlite+s3://a/b"), CiOrder("kubernetes", tmp_path), _NOW)


def test_check_names_a_job_that_may_not_push(tmp_path: Path) -> None:
    """The workflow was written for another store, and so was requirements.txt."""
    write_ci(settings_with(tmp_path), CiOrder("github", tmp_path), _NOW)
    later = settings_at(tmp_path, "sqlite+git://digest-state")
    bad = {one.name for one in check_checkout(later, {}, _NOW) if not one.ok}
    assert {"right to push", "requirements"} <= bad
    write_ci(later, CiOrder("github", tmp_path, force=True), _NOW)
    (tmp_path / "requirements.txt").write_text("digest[postgres, state]==1\n")
    found = {one.name: one for one in check_checkout(later, {}, _NOW)}
    assert "right to push" not in found
    assert found["requirements"].ok
    assert "reconcile --adopt" in found["ledger"].words
