"""The structure itself: import contracts, and how quickly the command answers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
HEAVY = ("sqlalchemy", "httpx", "premailer", "jinja2", "feedparser", "starlette", "pydantic")


def test_import_contracts_hold(tmp_path: Path) -> None:
    """Stages never import each other, subscribers knows nothing of digest, data flows one way."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as c; c()",
            *("--cache-dir", str(tmp_path)),
        ],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_help_imports_nothing_heavy() -> None:
    """`digest --help` stays quick because heavy libraries are imported where they are used."""
    code = (
        "import sys; sys.argv = ['digest', '--help']\n"
        "from digest.cli.app import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code\n"
        f"print('loaded:', *[name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=CHECKOUT
    )
    assert done.stdout.rstrip().endswith("loaded:"), done.stdout[-200:]
