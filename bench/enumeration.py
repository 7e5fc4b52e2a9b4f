"""Whether the time of an answer tells who is subscribed: the area under the ROC curve.

    python -m bench.enumeration [TRIES] [--at-once 8]

Addresses that are new, active, pending, left and suppressed are asked for by the form, mixed,
over real HTTP and a real store; the times of each kind are set against those of new ones. An area
of 0.5 is what a coin gives, 1 tells every time. At most 0.55 either way. The statuses, words and
lengths of all answers have to be the same.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import httpx

from bench.one_click import KEY, settings_of
from digest.store import Store, open_store
from digest.web.public_pages import public_pages
from digest.web.server.serving import serving
from subscribers.consent import Proof, Way
from subscribers.lifecycle import Suppressed

_MOST = 0.55
_KINDS = ("new", "active", "pending", "left", "suppressed")
_FORM = Proof(Way.FORM)


def main() -> None:
    """Print the areas; exit 1 if one of them tells too much."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tries", nargs="?", type=int, default=200)
    parser.add_argument("--at-once", type=int, default=8)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with open_store("sqlite:///digest.db", folder, [KEY]) as store:
            _populate(store, given.tries)
            settings = settings_of(folder, "[readers]\nper_network = 1000000\nover_all = 1000000\n")
            with serving(public_pages(settings, store, lambda: datetime.now(UTC))) as url:
                times, answers = asyncio.run(_asked(url, given.tries, given.at_once))
    print(f"{len(answers)} kind of answer to {len(_KINDS) * given.tries:,} forms")
    if len(answers) > 1:
        print(*sorted(answers), sep="\n")
    worst = 0.0
    for kind in _KINDS[1:]:
        found = area(times["new"], times[kind])
        worst = max(worst, found, 1 - found)
        print(f"{kind} against new: {found:.3f}")
    if worst > _MOST or len(answers) > 1:
        raise SystemExit(f"that tells too much: at most {_MOST}")


def _populate(store: Store, tries: int) -> None:
    readers, now = store.subscribers, datetime.now(UTC)
    for number in range(tries):
        readers.add(f"active{number}@x.example", edition="daily", confirmed=True, now=now)
        readers.add(f"left{number}@x.example", edition="daily", confirmed=True, now=now)
        if gone := readers.find_by_email(f"left{number}@x.example"):
            readers.unsubscribe(gone.public_id, "daily", now)
        readers.ask(f"pending{number}@x.example", edition="daily", proof=_FORM, now=now)
        readers.suppress(f"suppressed{number}@x.example", Suppressed.COMPLAINT, now)


async def _asked(
    url: str, tries: int, at_once: int
) -> tuple[dict[str, list[float]], set[tuple[int, str, str]]]:
    times: dict[str, list[float]] = defaultdict(list)
    answers: set[tuple[int, str, str]] = set()
    asked = [(kind, number) for number in range(tries) for kind in _KINDS]
    random.Random(1).shuffle(asked)  # noqa: S311 - in turn, a kind's place would be told as well
    waiting = iter(asked)

    async def lane(client: httpx.AsyncClient) -> None:
        for kind, number in waiting:
            form = {"email": f"{kind}{number}@x.example", "edition": "daily"}
            began = perf_counter()
            answer = await client.post("/subscribe", data=form)
            times[kind].append(perf_counter() - began)
            answers.add((answer.status_code, answer.headers.get("location", "none"), answer.text))

    async with httpx.AsyncClient(base_url=url, timeout=60) as client:
        await asyncio.gather(*(lane(client) for _ in range(at_once)))
    return times, answers


def area(first: Sequence[float], second: Sequence[float]) -> float:
    """Return how often one of `second` is above one of `first`; a tie counts half."""
    higher = sum((a < b) + 0.5 * (a == b) for a in first for b in second)
    return higher / (len(first) * len(second))


if __name__ == "__main__":
    main()
