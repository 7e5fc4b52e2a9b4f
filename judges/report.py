"""What the judges said: as a table for the terminal, as JSON, as a section of docs/rendering.md."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from judges.verdict import JudgedMail, Judgement

_PAGE = Path(__file__).parent.parent / "docs" / "rendering.md"
_BEGIN, _END = "<!-- judges: written by `python -m judges --record` -->", "<!-- judges: end -->"


def table(mails: Sequence[JudgedMail], judgements: Sequence[Judgement]) -> str:
    """Return one line a mail, one column a judge; a star marks a fault."""
    said = [{one.mail: one for one in judgement.verdicts} for judgement in judgements]
    head = ["mail", *(judgement.judge for judgement in judgements)]
    rows = [
        [mail.name, *(_cell(found[mail.name].score, found[mail.name].faults) for found in said)]
        for mail in mails
    ]
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in [head, *rows]]
    return "\n".join(lines)


def summary(judgements: Sequence[Judgement]) -> str:
    """Return each judge's version, what it tells of all mails, and every fault."""
    lines: list[str] = []
    for one in judgements:
        faults = one.all_faults()
        lines.append(f"{one.judge} ({one.version}): {_count(len(faults))}")
        lines += [f"  {note}" for note in one.notes]
        lines += [f"  * {fault}" for fault in faults]
    return "\n".join(lines)


def as_json(judgements: Sequence[Judgement]) -> list[dict[str, object]]:
    """Return what `--json` prints."""
    return [
        {
            "judge": one.judge,
            "version": one.version,
            "limit": one.limit,
            "notes": list(one.notes),
            "faults": one.all_faults(),
            "mails": {verdict.mail: verdict.score for verdict in one.verdicts},
        }
        for one in judgements
    ]


def record(mails: Sequence[JudgedMail], judgements: Sequence[Judgement], on: date) -> Path:
    """Write the results into the documentation, between its marks; give the file."""
    _PAGE.write_text(
        recorded(_PAGE.read_text(encoding="utf-8"), mails, judgements, on), encoding="utf-8"
    )
    return _PAGE


def recorded(
    text: str, mails: Sequence[JudgedMail], judgements: Sequence[Judgement], on: date
) -> str:
    """Return a page with what stands between its marks replaced by these results."""
    before, rest = text.split(_BEGIN)
    _, after = rest.split(_END)
    return f"{before}{chr(10).join([_BEGIN, *_section(mails, judgements, on), _END])}{after}"


def _section(mails: Sequence[JudgedMail], judgements: Sequence[Judgement], on: date) -> list[str]:
    themes = list(dict.fromkeys(mail.theme for mail in mails))
    faults = sum(len(one.all_faults()) for one in judgements)
    return [
        f"{on.isoformat()}: {len(mails)} mails, {_count(faults)}.",
        "",
        f"| judge | asks for | {' | '.join(themes)} |",
        f"|---|---|{'---|' * len(themes)}",
        *(
            f"| {one.judge}<br>{one.version} | {one.limit} | "
            f"{' | '.join(_scores(one, theme) for theme in themes)} |"
            for one in judgements
        ),
        "",
        *(f"- {one.judge}: {'; '.join(one.notes)}" for one in judgements if one.notes),
    ]  # fmt: skip


def _scores(judgement: Judgement, theme: str) -> str:
    """Return the worst score of a theme's mails: the highest figure."""
    own = [one for one in judgement.verdicts if one.mail.startswith(f"{theme}-")]
    worst = max(own, key=lambda one: float(one.score.split()[0]))
    return _cell(worst.score, tuple(fault for one in own for fault in one.faults))


def _cell(score: str, faults: Sequence[str]) -> str:
    return f"{score} *{len(faults)} faults*" if faults else score


def _count(number: int) -> str:
    return {0: "no fault", 1: "1 fault"}.get(number, f"{number} faults")
