"""What a command costs before it does what it is for: processor time, stage by stage.

    python -m bench.start [--readers 1000] [--sections 8] [--rounds 3]

A newsroom of so many sections, whose readers chose among them at random, sends an issue to a mail
server in this process. At the first MAIL the server reads from /proc how much processor time the
command and all its children have used, and the run is killed. The first run fills the caches, of
Python's bytecode too, and counts as "cold". One more run is sampled every few milliseconds of
processor time: each sample counts for the outermost stage it is in, an import for "imports". It is
slower than the runs that show the figure, so only its shares are printed. `digest --help` and the
page of `digest preview` (by the clock as well, since an editor waits for it) come after it.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType

from bench.processor_time import family_seconds
from digest.models.articles import Article
from digest.store import open_store
from subscribers.address import normalise
from subscribers.values import RejectedLine, Row, RowVerdict

DAY = datetime(2026, 11, 23, 12, tzinfo=UTC)
SLOT = f"{DAY:%Y-%m-%d}"
STORIES = 12
EVERY = 0.004
WORDS = (
    *("harbour", "council", "budget", "school", "river", "storm", "festival", "market", "hospital"),
    *("bridge", "library", "tram", "museum", "forest", "election", "strike", "court", "verdict"),
    *("football", "coach", "harvest", "island", "ferry", "tunnel", "airport", "glacier", "vaccine"),
)
SITE = """
[site]
name = "Example News"
url = "https://news.example"
public_url = "https://digest.news.example"
postal_address = "4 Quay Street, Porthaven"
[mail]
from = "Example News <digest@news.example>"
transport = "smtp"
[smtp]
host = "127.0.0.1"
port = {port}
tls = "none"
"""
SECTION = """
[[source]]
id = "s{0}"
url = "https://news.example/{0}.xml"
[[section]]
id = "sec{0}"
title = "Section {0}"
sources = ["s{0}"]
"""
EDITION = """
[[edition]]
id = "daily"
title = "Briefing"
recheck = "off"
schedule = "0 7 * * *"
sections = [{}]
"""
STAGES = {
    "configuration": ("configured/loading.py", "load_settings"),
    "opening the store": ("store/store.py", "open_store"),
    "composing": ("issue/composing.py", "compose_issue"),
    "a composition for each choice": ("issue/composing.py", "compose_all"),
    "theme": ("mails/rendering.py", "theme_named"),
    "rendering": ("mails/budget.py", "render_within_budget"),
    "lint": ("desk/linting.py", "hold_bad_mail"),
    "mails compiled and read back": ("mails/rendering.py", "compiled"),
    "plan": ("issues/issues.py", "create_and_plan"),
}


def main() -> None:
    """Run all and print each figure."""
    if sys.argv[1:2] == ["--sampled"]:
        _sampled(sys.argv[2:])
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as name, first_mails() as sink:
        room = Room(Path(name), sink)
        room.fill(arguments.readers, arguments.sections)
        cold = room.send("-m", "digest")
        warm = [room.send("-m", "digest") for _ in range(arguments.rounds)]
        print(f"{arguments.readers:,} readers, {arguments.sections} sections; processor seconds")
        print(f"  digest send, first mail  {statistics.median(warm):.2f}  (cold {cold:.2f})")
        room.send("-m", "bench.start", "--sampled")
        helps = [room.used("--help") for _ in range(arguments.rounds)]
        print(f"  digest --help            {statistics.median(helps):.2f}")
        pages = [room.preview() for _ in range(arguments.rounds)]
        clock, busy = (statistics.median(times) for times in zip(*pages, strict=True))
        print(f"  digest preview, a page   {busy:.2f}  ({clock:.2f} by the clock)")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=1000)
    parser.add_argument("--sections", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


class FirstMails:
    """A mail server that calls `at_first` when the first MAIL of a run comes."""

    def __init__(self) -> None:
        """Listen on loopback."""
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port: int = self._socket.getsockname()[1]
        self.at_first: Callable[[], None] | None = None
        self._lock = threading.Lock()

    def serve(self) -> None:
        """Serve until the socket is closed."""
        with suppress(OSError):
            while True:
                one, _ = self._socket.accept()
                threading.Thread(target=self._talk, args=(one,), daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _talk(self, one: socket.socket) -> None:
        with one, one.makefile("rb") as lines, suppress(OSError):
            one.sendall(b"220 sink.example ESMTP\r\n")
            for line in lines:
                verb = line[:4].upper()
                if verb == b"MAIL":
                    self._first()
                if verb == b"DATA":
                    one.sendall(b"354 go on\r\n")
                    while lines.readline() not in {b".\r\n", b""}:
                        pass
                one.sendall(b"221 bye\r\n" if verb == b"QUIT" else b"250 sink.example\r\n")

    def _first(self) -> None:
        with self._lock:
            told, self.at_first = self.at_first, None
            if told:
                told()


@contextmanager
def first_mails() -> Iterator[FirstMails]:
    """Yield the mail server while it serves."""
    sink = FirstMails()
    threading.Thread(target=sink.serve, daemon=True).start()
    yield sink
    sink.close()


class Room:
    """A newsroom whose readers get the same issue again and again."""

    def __init__(self, folder: Path, sink: FirstMails) -> None:
        """Take an empty folder."""
        self._folder, self._sink = folder, sink
        self._environment = {
            **os.environ,
            "DIGEST_SECRET_KEY": "a-key-of-forty-characters-that-signs-all",
            "XDG_CACHE_HOME": str(folder / "cache"),
            "PYTHONPATH": str(Path(__file__).parents[1]),
            "PYTHONDONTWRITEBYTECODE": "",  # an installed Digest has its bytecode
            "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
        }

    def fill(self, readers: int, sections: int) -> None:
        """Write the configuration, stories and readers."""
        numbers = range(sections)
        toml = SITE.format(port=self._sink.port) + "".join(map(SECTION.format, numbers))
        toml += EDITION.format(", ".join(f'"sec{number}"' for number in numbers))
        (self._folder / "digest.toml").write_text(toml)
        words = random.Random(5)  # noqa: S311 - made-up news, not a secret
        with open_store("sqlite:///digest.db", self._folder) as store:
            for number in numbers:
                store.articles.save(f"s{number}", list(_articles(number, words)), DAY)
            store.subscribers.import_rows(
                _rows(readers, sections, words),
                edition="daily",
                confirmed=True,
                now=DAY - timedelta(days=9),
                told=_heard,
                words="bench",
            )
        (self._folder / "before.db").write_bytes((self._folder / "digest.db").read_bytes())

    def send(self, *how: str) -> float:
        """Send the issue from its beginning; return processor seconds until the first MAIL."""
        for old in (*self._folder.glob("digest.db*"), *self._folder.glob("state/*")):
            old.unlink()
        (self._folder / "digest.db").write_bytes((self._folder / "before.db").read_bytes())
        state = tempfile.mkdtemp(dir=self._folder)
        used: list[float] = []
        words = [sys.executable, *how, "send", "daily", "--slot", SLOT, "--anyway"]
        environment = {**self._environment, "XDG_STATE_HOME": state}
        with subprocess.Popen(
            words, cwd=self._folder, env=environment, stderr=subprocess.PIPE, text=True
        ) as process:

            def first() -> None:
                used.append(family_seconds(process.pid))
                process.kill()

            self._sink.at_first = first
            said = process.communicate()[1]
        if not used:
            raise SystemExit(f"digest send ended with {process.returncode}: {said}")
        return used[0]

    def used(self, *words: str) -> float:
        """Return the processor seconds of a whole command."""
        before = os.times()
        subprocess.run(
            [sys.executable, "-m", "digest", *words],
            cwd=self._folder, env=self._environment, stdout=subprocess.DEVNULL, check=True,
        )  # fmt: skip
        after = os.times()
        return sum(after[2:4]) - sum(before[2:4])

    def preview(self) -> tuple[float, float]:
        """Return clock and processor seconds until `digest preview` has answered with a page."""
        words = [sys.executable, "-m", "digest", "preview", "daily", "--port", "0"]
        words += ["--slot", SLOT]
        began = time.perf_counter()
        with subprocess.Popen(
            words, cwd=self._folder, env=self._environment, stdout=subprocess.PIPE, text=True
        ) as process:
            try:
                said = next(line for line in process.stdout or () if "http://" in line)
                url = next(word for word in said.split() if word.startswith("http://"))
                browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
                browser.open(url).read()
                took, busy = time.perf_counter() - began, family_seconds(process.pid)
            finally:
                process.kill()
        return took, busy


def _articles(section: int, words: random.Random) -> Iterator[Article]:
    for number in range(STORIES):
        yield Article(
            f"{section}-{number}",
            f"s{section}",
            f"https://news.example/{section}/{number}",
            f"{' '.join(words.sample(WORDS, 6)).capitalize()} {section}{number}",
            f"{' '.join(words.sample(WORDS, 20)).capitalize()}.",
            published=DAY - timedelta(hours=6 + number),
        )


def _rows(readers: int, sections: int, words: random.Random) -> Iterator[Row | RejectedLine]:
    names = [f"sec{number}" for number in range(sections)]
    for number in range(readers):
        chosen = words.sample(names, words.randint(1, sections)) if number % 3 else []
        address = normalise(f"reader{number}@inbox.example")
        yield Row(number + 1, address, sections=",".join(sorted(chosen)))


def _heard(said: RowVerdict | RejectedLine) -> None:
    if isinstance(said, RejectedLine):
        raise SystemExit(f"a reader was not taken: {said}")


def _sampled(arguments: list[str]) -> None:
    """Run `digest` and print the share of each stage until the first connection is opened."""
    found: Counter[str] = Counter()

    def look(_number: int, frame: FrameType | None) -> None:
        if (stage := _stage(frame)) == "sending":
            _tell(found)
        else:
            found[stage] += 1

    signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)
    from digest.cli.app import run

    raise SystemExit(run(arguments))


def _tell(found: Counter[str]) -> None:
    """Print the shares once the first mail is due, while the run goes on to it."""
    signal.setitimer(signal.ITIMER_PROF, 0)
    for stage, samples in found.most_common():
        print(f"    {samples / found.total():5.1%}  {stage}", flush=True)


def _stage(frame: FrameType | None) -> str:
    """Return the stage a frame is in: the outermost, but for imports."""
    seen = "the rest"
    while frame is not None:
        code = frame.f_code
        if code.co_filename == "<frozen importlib._bootstrap>":
            return "imports"
        if code.co_filename.endswith("sending/delivering.py"):
            return "sending"
        for stage, (file, function) in STAGES.items():
            if code.co_name == function and code.co_filename.endswith(file):
                seen = stage
        frame = frame.f_back
    return seen


if __name__ == "__main__":
    main()
