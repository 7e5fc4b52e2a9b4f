"""What a checkout lacks, or has too much of, before the first run in CI fails for it."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from digest.ci.pushed_ledger import BEGIN, cannot_push, is_on_a_branch, is_pushed
from digest.ci.secrets import STORE_URL, variables_of
from digest.ci.ticks import Ticks, ticks_of
from digest.ci.writing import REQUIREMENTS
from digest.config import Settings
from digest.pipeline.setup.examination import Examination

_WORKFLOWS = (
    ".github/workflows/*.y*ml",
    ".forgejo/workflows/*.y*ml",
    ".gitlab-ci.yml",
    "digest.cron",
    "digest.timer",
    "digest-cronjob.yml",
)
_RUNS = re.compile(r"\bdigest\b.*\brun\b", re.DOTALL)
_TIMED = re.compile(r"cron|schedule|OnCalendar")
_USES = re.compile(r"^\s*-?\s*uses:\s*(\S+)", re.MULTILINE)
_NAMED = re.compile(r"^digest\b(?:\[(?P<extras>[^\]]*)\])?", re.MULTILINE)
_PINNED = re.compile(r"@[0-9a-f]{40}$")
_PRIVATE = (".env", "*.db", "*.db-wal", "outbox/*", "readers*.csv", "subscribers*.csv")
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_GIT_SECONDS = 20
_TOLD = 5


def check_checkout(
    settings: Settings, environment: Mapping[str, str], now: datetime
) -> tuple[Examination, ...]:
    """Look at the checkout that digest.toml is in. Changes nothing, and asks no network.

    Inside CI the variables are looked at too: a secret that is not handed in is a fault there.
    """
    return tuple(_checks(settings, environment, now))


def _checks(
    settings: Settings, environment: Mapping[str, str], now: datetime
) -> Iterator[Examination]:
    tracked = _tracked(settings.folder)
    if tracked is None:
        yield _bad(
            "checkout",
            f"{settings.folder} is no git checkout",
            "Say `git init`, and commit digest.toml, overlays and themes.",
        )
    else:
        yield from _files(settings, tracked)
    yield from _workflows(settings, ticks_of(settings.edition, settings.site.name, now))
    yield _installed(settings)
    yield _ledger(settings, environment)
    yield _server(settings)
    if settings.surroundings.in_ci:
        yield _variables(settings)


def _good(name: str, words: str) -> Examination:
    return Examination(name, ok=True, words=words)


def _bad(name: str, words: str, fix: str) -> Examination:
    return Examination(name, ok=False, words=words, fix=fix)


def _tracked(folder: Path) -> frozenset[str] | None:
    """Return the files that git tracks below the folder, or None where there is no git."""
    try:
        said = subprocess.run(  # noqa: S603 - our own words
            ["git", "-C", str(folder), "ls-files", "-z"],  # noqa: S607 - found on PATH, as users have it
            capture_output=True, check=True, timeout=_GIT_SECONDS,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    return frozenset(filter(None, said.stdout.decode(errors="replace").split("\0")))


def _files(settings: Settings, tracked: frozenset[str]) -> Iterator[Examination]:
    name = settings.path.name
    if name in tracked:
        yield _good("configuration", f"{name} is committed")
    else:
        yield _bad("configuration", f"{name} is not committed", f"git add {name}")
    private = sorted(one for one in tracked if any(Path(one).match(each) for each in _PRIVATE))
    if private:
        yield _bad(
            "private files",
            f"committed: {_few(private)}",
            f"git rm --cached {private[0]}, and add it to .gitignore. What was pushed is known:"
            " change the secrets, and take the file out of the history.",
        )
    else:
        yield _good("private files", "no secret, no list, no database")
    if lost := sorted(_left_out(settings.folder, tracked)):
        yield _bad("editors' files", f"not committed: {_few(lost)}", f"git add {lost[0]}")


def _left_out(folder: Path, tracked: frozenset[str]) -> Iterator[str]:
    """Yield the editors' files that git does not know: a runner would not have them."""
    for room in ("overlays", "themes", "approvals"):
        for path in (folder / room).rglob("*"):
            name = path.relative_to(folder).as_posix()
            if path.is_file() and name not in tracked:
                yield name


def _workflows(settings: Settings, ticks: Ticks) -> Iterator[Examination]:
    found = {
        path.relative_to(settings.folder).as_posix(): _text(path)
        for each in _WORKFLOWS
        for path in sorted(settings.folder.glob(each))
    }
    timed = [name for name, text in found.items() if _RUNS.search(text) and _TIMED.search(text)]
    if not timed:
        yield _bad("schedule", "nothing here starts `digest run`", "Write it: digest ci github")
    for name in timed:
        if any(times in found[name] for times in (ticks.cron, ticks.hourly, ticks.calendar)):
            yield _good("schedule", f"{name} starts after each slot")
        else:
            yield _bad(
                "schedule",
                f"{name}: its times are not those of the editions",
                f'Write it again, or set its times to "{ticks.cron}" (UTC).',
            )
    for name, text in found.items():
        if loose := [one for one in _USES.findall(text) if not _PINNED.search(one)]:
            fix = "Pin each to the 40 characters of a commit."
            yield _bad("pinned actions", f"{name}: {_few(loose)}", fix)
        if is_on_a_branch(settings) and cannot_push(text):
            fix = "Write it again, or set `contents: write` and `persist-credentials: true`."
            yield _bad("right to push", f"{name} may not push the ledger's branch", fix)
        if re.search(r"cancel-in-progress:\s*true", text):
            fix = "Set cancel-in-progress: false."
            yield _bad("concurrency", f"{name} cuts off a run that sends", fix)


def _installed(settings: Settings) -> Examination:
    path = settings.folder / REQUIREMENTS
    named = _NAMED.search(_text(path)) if path.is_file() else None
    if named is None:
        fix = "`digest ci github` does."
        return _bad("requirements", f"{REQUIREMENTS} does not name Digest", fix)
    if is_pushed(settings) and "state" not in re.split(r"[,\s]+", named["extras"] or ""):
        words = f"{REQUIREMENTS} leaves out the extra that opens a sealed ledger"
        return _bad("requirements", words, "Write digest[state] there.")
    return _good("requirements", f"{REQUIREMENTS} names Digest")


def _ledger(settings: Settings, environment: Mapping[str, str]) -> Examination:
    """Look at where the ledger lives; an address that was handed in is somebody's word."""
    if settings.store.url.startswith("sqlite:") and not environment.get(STORE_URL):
        return _bad(
            "ledger",
            "it is a file beside digest.toml, and a runner keeps no disk",
            f"Set the secret {STORE_URL} to postgresql://…, or [store] url. On a disk that lasts"
            " (cron, systemd) leave it.",
        )
    if is_pushed(settings):
        words = f"kept at {settings.store.url}; `{BEGIN}` begins it, once, before the first run"
        return _good("ledger", words)
    return _good("ledger", "kept where it lasts")


def _server(settings: Settings) -> Examination:
    if settings.mail.transport == "outbox":
        fix = 'Set [mail] transport = "smtp", or an e-mail API.'
        return _bad("mail server", "mails are written into a folder of the runner", fix)
    table = settings.own.get("smtp")
    host = str(getattr(table, "host", "") or (table or {}).get("host", "127.0.0.1"))  # type: ignore[attr-defined]
    if settings.mail.transport == "smtp" and host in _LOOPBACK:
        words = f"[smtp] host is {host}: right only if the runner has a mail server of its own"
        return _good("mail server", words)
    return _good("mail server", settings.mail.transport)


def _variables(settings: Settings) -> Examination:
    missing = [
        one.name
        for one in variables_of(settings)
        if one.needed and one.name != STORE_URL and not settings.secrets.value(one.name)
    ]
    if missing:
        fix = "Set them where this workflow takes its secrets from."
        return _bad("secrets", f"not handed in: {', '.join(missing)}", fix)
    return _good("secrets", "all that are needed are here")


def _few(names: list[str]) -> str:
    more = f" and {len(names) - _TOLD} more" if len(names) > _TOLD else ""
    return ", ".join(names[:_TOLD]) + more


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")
