"""`python -m judges`: put the mails before the judges. Exit 0: no fault; 1: faults; 2: no tool."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from judges import pictures, report
from judges.clients import caniemail
from judges.layout import layout
from judges.mails import LANGUAGES, PICTURES, THEMES, judged_mails
from judges.markup import nu_html_checker
from judges.parsing import strict_parser
from judges.reading import axe
from judges.spam import spamassassin
from judges.verdict import Judge, JudgedMail, Judgement, ToolMissing

JUDGES: dict[str, Judge] = {
    "parser": strict_parser,
    "markup": nu_html_checker,
    "clients": caniemail,
    "spam": spamassassin,
    "axe": axe,
    "layout": layout,
}
_FAULTS, _NO_TOOL = 1, 2


def main() -> int:
    """Judge, print, and say with the exit code how it went."""
    want = _wanted()
    mails = list(judged_mails(tuple(want.theme), tuple(want.language)))
    try:
        if want.shots:
            print(f"{pictures.everything(mails, want.shots)} pictures in {want.shots}")
            return 0
        judgements = _heard(want.judge, mails)
        _tell(want, mails, judgements)
    except ToolMissing as missing:
        print(f"make judge: {missing}", file=sys.stderr)
        return _NO_TOOL
    return _FAULTS if any(one.all_faults() for one in judgements) else 0


def _heard(names: Sequence[str], mails: Sequence[JudgedMail]) -> list[Judgement]:
    """Hear every judge; ToolMissing tells at once of all that cannot be heard."""
    judgements, missing = [], []
    for name in names:
        try:
            judgements.append(JUDGES[name](mails, PICTURES))
        except ToolMissing as tool:
            missing.append(str(tool))
    if missing:
        raise ToolMissing("\n  ".join(dict.fromkeys(missing)))
    return judgements


def _tell(
    want: argparse.Namespace, mails: Sequence[JudgedMail], judgements: Sequence[Judgement]
) -> None:
    if want.json:
        print(json.dumps(report.as_json(judgements), indent=2, ensure_ascii=False))
    else:
        print(report.table(mails, judgements), end="\n\n")
        print(report.summary(judgements))
    if want.record:
        today = datetime.now(UTC).date()
        for file in (report.record(mails, judgements, today), *pictures.record(mails)):
            print(f"wrote {file}")


def _wanted() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m judges", description=__doc__)
    for name, known in (("judge", [*JUDGES]), ("theme", THEMES), ("language", LANGUAGES)):
        parser.add_argument(
            f"--{name}", action="append", choices=known, help="only these; all by default"
        )
    parser.add_argument("--json", action="store_true", help="print what was said as JSON")
    parser.add_argument(
        "--record", action="store_true", help="write docs/rendering.md and its pictures again"
    )
    parser.add_argument("--shots", type=Path, help="only take pictures, of everything, into DIR")
    want = parser.parse_args()
    want.judge, want.theme = want.judge or [*JUDGES], want.theme or THEMES
    want.language = want.language or LANGUAGES
    whole = (len(want.judge), len(want.theme), len(want.language))
    if want.record and whole != (len(JUDGES), len(THEMES), len(LANGUAGES)):
        parser.error("--record is for all judges, themes and languages together")
    return want


if __name__ == "__main__":
    sys.exit(main())
