"""caniemail: what Gmail, Apple Mail, Outlook and Yahoo lack of what a mail uses.

Everything it reports must be in fallbacks.toml with what the reader of that client gets instead;
what is not listed there is a fault, and so is an entry that nothing needs any longer.
"""

from __future__ import annotations

import json
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from judges.tools import npm_file, npm_version, output, program
from judges.verdict import JudgedMail, Judgement, Verdict

_HERE = Path(__file__).parent
LIST = _HERE / "fallbacks.toml"


@dataclass(frozen=True, slots=True)
class Fallback:
    """A feature that some clients lack, wholly or in part, and what their readers get instead."""

    feature: str
    clients: tuple[str, ...]
    how: str


def fallbacks() -> dict[str, Fallback]:
    """Return the list, by feature."""
    listed = tomllib.loads(LIST.read_text(encoding="utf-8"))["fallback"]
    found = [Fallback(one["feature"], tuple(one["clients"]), one["how"]) for one in listed]
    return {one.feature: one for one in found}


def caniemail(mails: Sequence[JudgedMail], _pictures: Mapping[str, bytes]) -> Judgement:
    """Ask for every mail, and hold the answers against the list."""
    node = program("node", "nodejs")
    npm_file("caniemail", "dist/index.js")
    pages = json.dumps({mail.name: mail.html for mail in mails}).encode()
    answer = json.loads(output([node, _HERE / "ask-caniemail.mjs"], pages))
    listed, needed = fallbacks(), set()
    faults: dict[str, list[str]] = defaultdict(list)
    lacks: dict[str, set[str]] = defaultdict(set)
    for mail, found in answer["mails"].items():
        for one in found:
            lacks[mail].add(one["feature"])
            needed.add(one["feature"])
            entry = listed.get(one["feature"])
            if entry is None or one["client"] not in entry.clients:
                faults[mail].append(
                    f"{one['client']}: {one['feature']}, {one['support']}. {' '.join(one['notes'])}"
                )
    idle = sorted(listed.keys() - needed) if len(mails) > 1 else []
    return Judgement(
        "caniemail",
        f"caniemail {npm_version('caniemail')}, data of {answer['date']}",
        f"everything that a client lacks has its fallback in judges/{LIST.name}",
        tuple(
            Verdict(mail.name, f"{len(lacks[mail.name])} with fallback", tuple(faults[mail.name]))
            for mail in mails
        ),
        (f"{len(needed)} features, each with its fallback",),
        tuple(f"{LIST.name}: nothing needs the entry {name!r} any longer" for name in idle),
    )
