"""A runner of GitHub Actions, as far as our workflows use it: steps, expressions, files, masks."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.git_server import git

_EXPRESSION = re.compile(r"\$\{\{\s*(.+?)\s*\}\}")
TOKEN = "the-token-of-this-job"
_MASK = re.compile(r"^::add-mask::(.+)$", re.MULTILINE)


@dataclass
class Outcome:
    """What a job left: its log as it is shown, its summary, outputs and artifacts by name."""

    code: int = 0
    log: str = ""
    summary: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    artifacts: dict[str, Path] = field(default_factory=dict)
    failed_at: str = ""
    actions: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class ActionsRunner:
    """A fresh machine: nothing on it but git, Python, and what the workflow brings.

    `digest` is the program that its pip would install; the repository is at `server` for those
    workflows that check it out by themselves.
    """

    folder: Path
    remote: Path
    digest: Path
    secrets: Mapping[str, str]
    workflows: str = ".github/workflows"
    server: str = ""

    def run(
        self,
        workflow: str,
        job: str,
        inputs: Mapping[str, str] | None = None,
        needs: Mapping[str, str] | None = None,
    ) -> Outcome:
        """Check the repository out and run a job's steps, until one fails."""
        self.folder.mkdir(parents=True)
        work = self.folder / "work"
        work.mkdir()
        said = subprocess.run(
            ["/usr/bin/git", "-C", str(self.remote), "show", f"HEAD:{self.workflows}/{workflow}"],
            check=True,
            capture_output=True,
        ).stdout
        told = YAML(typ="safe").load(said)["jobs"][job]
        outcome, secret = Outcome(), dict(self.secrets)
        values = {f"inputs.{name}": value for name, value in (inputs or {}).items()}
        values |= {f"needs.build.outputs.{name}": value for name, value in (needs or {}).items()}
        values |= {f"secrets.{name}": value for name, value in secret.items()}
        values["github.token"] = TOKEN
        env = self._machine() | _filled(told.get("env", {}), values)
        for step in told["steps"]:
            if not _wanted(step.get("if", ""), env, outcome):
                continue
            if "uses" in step:
                may_push = told["permissions"]["contents"] == "write"
                self._action(step, work, outcome, may_push=may_push)
                continue
            self._shell(step, work, env | _filled(step.get("env", {}), values), values, outcome)
        outcome.outputs = {
            name: _text(value, values) for name, value in told.get("outputs", {}).items()
        }
        outcome.summary = self._file("summary").read_text()
        return outcome

    def _machine(self) -> dict[str, str]:
        for name in ("summary", "output", "env", "path"):
            self._file(name).touch()
        return fresh_machine(self.folder, self.digest) | {
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTOR": "kim",
            "GITHUB_SERVER_URL": self.server,
            "GITHUB_REPOSITORY": self.remote.name,
            "GITHUB_SHA": git(self.remote, "rev-parse", "main").strip(),
            "GITHUB_STEP_SUMMARY": str(self._file("summary")),
            "GITHUB_OUTPUT": str(self._file("output")),
            "GITHUB_ENV": str(self._file("env")),
            "GITHUB_PATH": str(self._file("path")),
            "RUNNER_TEMP": str(self.folder / "temp"),
        }

    def _file(self, name: str) -> Path:
        return self.folder / f"github-{name}"

    def _action(
        self, step: Mapping[str, Any], work: Path, outcome: Outcome, *, may_push: bool
    ) -> None:
        name, _, commit = step["uses"].partition("@")
        outcome.actions.append(name)
        assert re.fullmatch(r"[0-9a-f]{40}", commit.split()[0]), step["uses"]
        if name == "actions/checkout":
            # Only the newest commit, as the action does.
            command = ["/usr/bin/git", "clone", "--quiet", "--depth", "1", f"file://{self.remote}"]
            subprocess.run([*command, str(work)], check=True)
            if not (may_push and step["with"]["persist-credentials"]):
                self._take_credentials_away(work)
        elif name == "actions/upload-artifact":
            found = work / step["with"]["path"]
            if found.exists():
                kept = self.folder / "artifacts" / step["with"]["name"]
                shutil.copytree(found, kept)
                outcome.artifacts[step["with"]["name"]] = kept
        else:
            assert name == "actions/setup-python", name

    def _take_credentials_away(self, work: Path) -> None:
        """Have a checkout that was made with the job's token reach its remote no more."""
        command = [
            "/usr/bin/git",
            "-C",
            str(work),
            "remote",
            "set-url",
            "origin",
            "file:///no-token",
        ]
        subprocess.run(command, check=True)

    def _shell(
        self,
        step: Mapping[str, Any],
        work: Path,
        env: dict[str, str],
        values: dict[str, str],
        outcome: Outcome,
    ) -> None:
        script = _text(step["run"], values)
        done = subprocess.run(
            ["/bin/bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=work,
            env=env,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=300,
            check=False,
        )
        outcome.log += _masked(done.stdout, [*self.secrets.values(), TOKEN])
        if done.returncode and not outcome.code:
            outcome.code, outcome.failed_at = done.returncode, step["name"]
        for line in self._file("output").read_text().splitlines():
            name, _, value = line.partition("=")
            values[f"steps.{step.get('id', '')}.outputs.{name}"] = value


def fresh_machine(folder: Path, digest: Path) -> dict[str, str]:
    """Make a machine of CI in a folder, and return its environment: nothing of ours is in it."""
    tools = folder / "tools"
    tools.mkdir(parents=True)
    # Its pip would fetch Digest; here it is installed already, and pip says so.
    pip = tools / "pip"
    pip.write_text('#!/bin/sh\nfor last; do :; done\ngrep -q "^digest" "$last"\n')
    pip.chmod(0o755)
    (tools / "digest").symlink_to(digest)
    for name in ("home", "temp"):
        (folder / name).mkdir()
    return {
        "PATH": f"{tools}:{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": str(folder / "home"),
        "CI": "true",
    }


def _wanted(condition: str, env: Mapping[str, str], outcome: Outcome) -> bool:
    if "!cancelled()" in condition:
        return True
    if outcome.code:
        return False
    if found := re.fullmatch(r"env\.(\w+) != ''", condition):
        return bool(env.get(found[1]))
    assert not condition, condition
    return True


def _filled(told: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    return {name: _text(value, values) for name, value in told.items()}


def _text(value: str, values: Mapping[str, str]) -> str:
    """Fill expressions in; one that names nothing is empty, as on GitHub."""
    return _EXPRESSION.sub(lambda found: values.get(found[1], ""), value)


def _masked(log: str, secrets: list[str]) -> str:
    for secret in {*secrets, *_MASK.findall(log)}:
        if secret:
            log = log.replace(secret, "***")
    return log
