"""The structure itself: import contracts that bite, and how quickly the command answers."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
# Where the wall clock is read: at the edges, and where a site says until when it wants no more.
CLOCKS = {
    "digest/cli/session.py",
    "digest/collector/http/answers.py",
    "digest/demo/receiver.py",
    "digest/demo/runner.py",
    "digest/sender/api/transport.py",
}
_READS = {("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("datetime", "today")}
_READS |= {("time", "time"), ("time", "time_ns")}
HEAVY = ("sqlalchemy", "httpx", "premailer", "jinja2", "feedparser", "starlette", "pydantic")

# A path in backticks; one with a <name> in it is a pattern.
_PATH = re.compile(r"`((?:digest|subscribers|templates|tests|docs)/[\w./-]*)`")

# For each contract lines that break it: where, and what is written there.
VIOLATIONS = [
    ("people", "subscribers/address.py", "import digest.errors"),
    ("stages", "digest/mail/splice.py", "import digest.render.words"),
    ("stages", "digest/editorial/plan.py", "import digest.sender"),
    ("pure-stages", "digest/editorial/choosing/rank.py", "import digest.store"),
    ("pure-stages", "digest/collector/back_off.py", "from digest.config import Settings"),
    ("pure-stages", "digest/render/words.py", "import digest.pipeline.issue.brand"),
    ("pure-stages", "digest/mail/verp.py", "import digest.web.server.front"),
    ("pure-stages", "digest/feedback/reading.py", "import digest.store"),
    ("feedback", "digest/feedback/parts.py", "import digest.feedback.bounces"),
    ("pure-stages", "digest/schedule/slots.py", "import digest.cli.output"),
    ("pure-stages", "digest/sender/outbox.py", "from subscribers.address import normalise"),
    ("pages-without-sql", "digest/web/pages.py", "import digest.store.database.tables"),
    ("pages-without-sql", "digest/web/viewer.py", "from sqlalchemy import select"),
    ("house", "digest/store/values/news.py", "import digest.pipeline.issue.slots"),
    ("house", "digest/config/lines.py", "import digest.store"),
    ("house", "digest/models/articles.py", "import digest.frozen"),
    ("house", "digest/newcomer.py", ""),
    ("pipeline", "digest/pipeline/issue/slots.py", "import digest.pipeline.sending.sending"),
    ("pipeline", "digest/pipeline/configured/sources.py", "import digest.pipeline.issue.slots"),
    ("pipeline", "digest/pipeline/newcomer/__init__.py", ""),
    ("collector", "digest/collector/articles/text.py", "import digest.collector.http.fetch"),
    ("collector", "digest/collector/kinds/feed.py", "import digest.collector.http.fetch"),
    ("collector-http", "digest/collector/http/body.py", "import digest.collector.http.client"),
    ("editorial", "digest/editorial/stories/stories.py", "import digest.editorial.selection"),
    ("store", "digest/store/ledger/claiming.py", "import digest.store.issues.issues"),
    ("store", "digest/store/news/pages.py", "import digest.store.ledger.ledger"),
    ("remote", "digest/store/remote/git_branch.py", "import digest.store.remote.replica"),
    ("remote", "digest/store/remote/contract.py", "import digest.store.remote.sealed_box"),
    ("sender", "digest/sender/dispatch/backoff.py", "import digest.sender.smtp.reply"),
    ("models", "digest/models/articles.py", "import digest.models.issues"),
    ("web", "digest/web/server/front.py", "import digest.web.pages"),
    ("web", "digest/web/readers/managing.py", "import digest.web.embed.endpoint"),
]


def lint(tree: Path, cache: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter in `tree`."""
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as c; c()",
            *("--cache-dir", str(cache)),
        ],
        cwd=tree,
        env={**os.environ, "COLUMNS": "200"},  # a contract's name on one line
        capture_output=True,
        text=True,
        check=False,
    )


def _contracts() -> dict[str, str]:
    """Return the name of each contract by its id."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    return {one["id"]: one["name"] for one in project["tool"]["importlinter"]["contracts"]}


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the packages and of the contracts, beside a cache for import-linter."""
    folder = tmp_path_factory.mktemp("house")
    for package in ("digest", "subscribers"):
        leave = shutil.ignore_patterns("__pycache__", "*.png", "*.jpg", "*.webp")
        shutil.copytree(CHECKOUT / package, folder / "tree" / package, ignore=leave)
    shutil.copy(CHECKOUT / "pyproject.toml", folder / "tree")
    return folder


def test_import_contracts_hold(copied: Path) -> None:
    """Stages never import each other, subscribers knows nothing of digest, data flows one way."""
    done = lint(copied / "tree", copied / "cache")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def broken(copied: Path) -> str:
    """Return what import-linter says of the copy when every violation stands in it at once."""
    tree = copied / "broken"
    shutil.copytree(copied / "tree", tree)
    for _, place, line in VIOLATIONS:
        file = tree / place
        file.parent.mkdir(exist_ok=True)
        with file.open("a", encoding="utf-8") as end:
            end.write(f"\n{line}\n")
    done = lint(tree, copied / "cache")
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(("contract", "place", "line"), VIOLATIONS)
def test_a_line_that_breaks_a_contract_is_refused(
    broken: str, contract: str, place: str, line: str
) -> None:
    """The contract of that name is broken, and its report names the module and what it imports."""
    report = _reports(broken)[_contracts()[contract]]
    module = place.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    expected = f"- {module} -> {line.split()[1]} (l." if line else f"- {module}\n"
    assert expected in report.replace("-   ", "- ")


def _reports(said: str) -> dict[str, str]:
    """Return the part of import-linter's report on broken contracts that is about each of them."""
    parts = re.split(r"^(.+)\n-+\n", said.partition("Broken contracts")[2], flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_contract_is_seen_to_be_broken() -> None:
    """A contract that no line breaks may hold nothing."""
    assert {contract for contract, _, _ in VIOLATIONS} == set(_contracts())


def test_the_wall_clock_is_read_at_the_edges_only() -> None:
    """Everything else is told the time, so that a test can say what time it is."""
    files = [*(CHECKOUT / "digest").rglob("*.py"), *(CHECKOUT / "subscribers").rglob("*.py")]
    reading = {str(file.relative_to(CHECKOUT)) for file in files if _reads_the_clock(file)}
    assert reading == CLOCKS


def _reads_the_clock(file: Path) -> bool:
    names = {name for _, name in _READS}
    asked = (
        node.func
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    )
    asked = (one for one in asked if one.attr in names)
    return any((ast.unparse(one.value).rpartition(".")[2], one.attr) in _READS for one in asked)


def test_every_file_is_there_that_the_documentation_sends_a_newcomer_to() -> None:
    """docs/extending.md and docs/design.md name files; a move must not leave them behind."""
    named = set()
    for page in ("docs/extending.md", "docs/design.md", "CONTRIBUTING.md"):
        named |= set(_PATH.findall((CHECKOUT / page).read_text(encoding="utf-8")))
    assert len(named) > 20
    assert [name for name in sorted(named) if not (CHECKOUT / name).exists()] == []


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


def test_each_class_name_stands_for_one_thing() -> None:
    """Two classes of one name are two words that a newcomer takes for one."""
    homes: dict[str, list[str]] = {}
    for path in [*CHECKOUT.glob("digest/**/*.py"), *CHECKOUT.glob("subscribers/**/*.py")]:
        for node in ast.parse(path.read_bytes()).body:
            if isinstance(node, ast.ClassDef):
                homes.setdefault(node.name, []).append(str(path.relative_to(CHECKOUT)))
    assert {name: found for name, found in homes.items() if len(found) > 1} == {}
