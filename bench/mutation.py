"""Which changes of a room's code do its tests let live? `make mutation ROOM=digest/store`.

mutmut changes functions, one place at a time. A sample of these mutants is drawn. Each is put into
a copy of the tree, and the tests that call its function run, the quickest first and for so many
seconds at most, as long as none fails. Whoever lives is put before mypy, for the gate runs it.
One that lives is a gap in the tests, or changes nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from bench.mutants import Mutant, mutants

_PYTEST = ("pytest", "-q", "-n0", "-p", "no:cacheprovider")
_STARTS_WITHIN = 60  # seconds of a slow machine, a PostgreSQL included
_LIVED, _NO_TEST = "lived", "no test calls it"
CalledFunctions = dict[str, tuple[float, list[tuple[str, int]]]]  # as called_functions.py says


class Tree:
    """A copy of the tree, in which one mutant at a time is judged."""

    def __init__(self, path: Path) -> None:
        """Copy what git knows or would add, and mypy's cache."""
        self._path, self._python = path, Path(".venv/bin/python").absolute()
        listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(listed, capture_output=True, text=True, check=True).stdout
        for name in filter(os.path.isfile, names.split("\0")):
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(name, path / name)
        with suppress(FileNotFoundError):
            shutil.copytree(".mypy_cache", path / ".mypy_cache")

    def called_functions(self, tests: Sequence[str]) -> CalledFunctions:
        """Run tests and return what each of them calls."""
        target = self._path / ".called.json"
        plugin = ("-p", "bench.called_functions")
        self._run(*_PYTEST, *plugin, *tests, MUTATION_MAP=str(target))
        return dict(json.loads(target.read_text()))

    def judge(self, mutant: Mutant, tests: Sequence[str], seconds: float) -> str:
        """Return by what a mutant was killed, or that it lived."""
        path = self._path / mutant.file
        path.write_text(mutant.code)
        (self._path / ".tests").write_text("\n".join(tests))
        try:
            code = self._run(*_PYTEST, "-x", "@.tests", seconds=seconds) if tests else 0
            if code != 0:
                return "time-out" if code is None else "tests"
            if self._run("mypy", mutant.file):
                return "mypy"
            return _LIVED if tests else _NO_TEST
        finally:
            path.write_text(mutant.source)

    def _run(self, *words: str, seconds: float | None = None, **more: str) -> int | None:
        """Return a command's exit code; None if it took too long, and it is ended then."""
        here = {"PYTHONPATH": str(self._path), "PYTHONDONTWRITEBYTECODE": "1"}
        with subprocess.Popen(
            [self._python, "-m", *words],
            cwd=self._path,
            env=os.environ | here | more,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as process:
            try:
                return process.wait(seconds)
            except subprocess.TimeoutExpired:
                return None
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)


def tests_of(mutant: Mutant, called: CalledFunctions, most: float) -> tuple[list[str], float]:
    """Return the tests that call a mutant's function, the quickest first, and their seconds."""
    chosen, total = [], 0.0
    for name, (seconds, functions) in sorted(called.items(), key=lambda item: item[1][0]):
        lines = [line for file, line in functions if file == mutant.file]
        if total + seconds <= most and any(mutant.first <= one <= mutant.last for one in lines):
            chosen.append(name)
            total += seconds
    return chosen, total


def main() -> None:
    """Judge a sample; print each that lived, and how many were killed by what."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("room", type=Path, help="a folder or a file, such as digest/store")
    asked.add_argument("--tests", nargs="+", help="folders of tests; else the room's own")
    asked.add_argument("--sample", type=int, default=200)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--seconds", type=float, default=20, help="of tests a mutant, at most")
    args = asked.parse_args()
    found = list(mutants(args.room))
    drawn = random.Random(args.seed).sample(found, min(args.sample, len(found)))  # noqa: S311
    print(f"{len(found)} mutants, {len(drawn)} drawn; the tests run once to see what they call")
    own = Path("tests", *args.room.parts[args.room.parts[0] == "digest" :])
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        tree = Tree(Path(folder))
        called = tree.called_functions(args.tests or [str(own)])
        for mutant in drawn:
            tests, seconds = tests_of(mutant, called, args.seconds)
            said = tree.judge(mutant, tests, _STARTS_WITHIN + 4 * seconds)
            counts[said] += 1
            if said in {_LIVED, _NO_TEST}:
                print(f"\n{said}\n{mutant.diff}", flush=True)
    killed = len(drawn) - counts[_LIVED] - counts[_NO_TEST]
    print(f"\nkilled {killed} of {len(drawn)}: {dict(counts)}")


if __name__ == "__main__":
    main()
