"""Where the judges' tools are, and what to do if one is not there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from judges.verdict import ToolMissing

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_HERE = Path(__file__).parent
_PACKAGES = _HERE / "node_modules"
_CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
_SECONDS = 240


def program(name: str, package: str) -> str:
    """Find a program of the system. ToolMissing names the Debian package it is in."""
    if found := shutil.which(name):
        return found
    raise ToolMissing(f"there is no {name}. Install it: apt-get install {package}")


def npm_file(package: str, file: str, packages: Path = _PACKAGES) -> Path:
    """Find a file of an npm package. ToolMissing if it is not there, or not as pinned."""
    folder = packages / package
    pinned = json.loads((_HERE / "package.json").read_text())["devDependencies"][package]
    have = npm_version(package, packages) if (folder / file).is_file() else "not there"
    if have != pinned:
        raise ToolMissing(
            f"{package} {pinned} is needed and is {have}. Install it (npm 9 or newer): "
            "cd judges && npm ci"
        )
    return folder / file


def npm_version(package: str, packages: Path = _PACKAGES) -> str:
    """Return the version of an npm package that is there."""
    return str(json.loads((packages / package / "package.json").read_text())["version"])


def output(command: Sequence[str | Path], given: bytes = b"", codes: Sequence[int] = (0,)) -> bytes:
    """Run a tool to its end and give what it prints; RuntimeError with its words if it breaks."""
    done = subprocess.run(  # noqa: S603 - tools found above, with our own arguments
        [*command], input=given, capture_output=True, timeout=_SECONDS, check=False
    )
    if done.returncode not in codes:
        said = done.stderr.decode("utf-8", "replace").strip()[-2000:]
        raise RuntimeError(f"{Path(command[0]).name} ended with {done.returncode}: {said}")
    return done.stdout or done.stderr


@contextmanager
def chromium() -> Iterator[Browser]:
    """Open a headless Chromium that loads nothing of its own. ToolMissing without one."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise ToolMissing("there is no Playwright for Python. Install it: make setup") from None
    names = (os.environ.get("DIGEST_CHROMIUM", ""), *_CHROMIUM_NAMES)
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    if found is None:
        raise ToolMissing("there is no Chromium. Install it: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-background-networking"]
        )
        try:
            yield browser
        finally:
            browser.close()
