"""The report on one issue as one HTML page: it loads nothing, and follows light and dark."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from digest.pipeline.operator.issue_report import IssueReport

_STYLE = """
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#5b6572;--paper:#fbfaf7;--card:#fff;
--rule:#e4e1d9;--bar:#2f6f6a;--bad:#b3462f}
@media(prefers-color-scheme:dark){:root{--ink:#ece9e2;--soft:#a2a8b0;--paper:#14171a;--card:#1d2125;
--rule:#31363c;--bar:#63b3a8;--bad:#e58a72}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:60rem;margin:0 auto;padding:2rem 1rem 3rem}
h1{font:700 1.9rem/1.2 Georgia,"Times New Roman",serif;margin:0}
.lead{color:var(--soft);margin:.3rem 0 1.6rem}
.key{display:flex;flex-wrap:wrap;gap:1px;margin:0 0 1.2rem;background:var(--rule);
border:1px solid var(--rule);border-radius:.6rem;overflow:hidden}
.key div{flex:1 1 7.5rem;background:var(--card);padding:.8rem 1rem}
.key dt{color:var(--soft);font-size:.875rem}
.key dd{margin:0;font-size:1.6rem;font-weight:650;font-variant-numeric:tabular-nums}
.grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));gap:1rem}
section{background:var(--card);border:1px solid var(--rule);border-radius:.6rem;padding:1rem 1.1rem}
h2{font-size:1rem;margin:0 0 .7rem}.none{color:var(--soft);margin:0}
table{width:100%;border-collapse:collapse;font-size:.875rem}
td{padding:.18rem 0;vertical-align:middle}
td:first-child{width:42%;padding-right:.7rem;overflow-wrap:anywhere}
td:last-child{width:1%;padding-left:.7rem;text-align:right;font-variant-numeric:tabular-nums}
svg{display:block;width:100%;height:.7rem}rect{fill:var(--bar)}.bad rect{fill:var(--bad)}
.line{height:auto;overflow:visible}.line path{fill:none;stroke:var(--bar);stroke-width:2}
.line circle{fill:var(--bar)}.line text{fill:var(--soft);font-size:11px}
@media(max-width:30rem){td:first-child{width:52%}}
"""
_A_LINE = 2
_LEFT, _TOP, _WIDTH, _HEIGHT, _FULL, _BASE = 4, 6, 372, 110, 380, 142  # the line, in units
_GOOD = ("accepted", "delivered", "opened", "clicked")


def report_page(report: IssueReport) -> str:
    """Return a whole HTML document."""
    when = f"{report.at:%d %B %Y, %H:%M} UTC"
    plots = (
        ("What became of the mails", report.states, True),
        ("What servers replied", report.replies, True),
        ("What was heard later", report.events, True),
        ("Bounces by domain", report.domains, False),
        ("Readers who left after each issue", report.left, False),
    )
    sections = "".join(_section(title, rows, told=told) for title, rows, told in plots)
    sections += _growth(report.readers)
    name = escape(report.issue)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Report on {name}</title><style>{_STYLE}</style></head><body><main>"
        f'<h1>{name}</h1><p class="lead">{escape(report.state)} · planned {when}</p>'
        f'{_key_figures(report)}<div class="grid">{sections}</div></main></body></html>\n'
    )


def _key_figures(report: IssueReport) -> str:
    states, events = dict(report.states), dict(report.events)
    bounced = sum(count for kind, count in events.items() if kind.startswith("bounced"))
    figures = (
        ("planned", report.planned),
        ("accepted", states.get("accepted", 0)),
        ("bounced later", bounced),
        ("complaints", events.get("complained", 0)),
        ("left since", report.left[-1][1] if report.left else 0),
    )
    cells = "".join(f"<div><dt>{name}</dt><dd>{number:,}</dd></div>" for name, number in figures)
    return f'<dl class="key">{cells}</dl>'


def _section(title: str, rows: Sequence[tuple[str, int]], *, told: bool) -> str:
    """Return one plot of bars; `told`: the label says whether it is good, else none is."""
    if not any(number for _, number in rows):
        return f'<section><h2>{title}</h2><p class="none">None.</p></section>'
    most = max(number for _, number in rows)
    body = "".join(
        _row(label, number, most, bad=not (told and label.startswith(_GOOD)))
        for label, number in rows
    )
    return f"<section><h2>{title}</h2><table>{body}</table></section>"


def _growth(rows: Sequence[tuple[str, int]]) -> str:
    """Return the line of how many readers each issue had; its ends are told in figures."""
    title = "<h2>Readers at each issue</h2>"
    if len(rows) < _A_LINE:
        words = ", ".join(f"{number:,} at {escape(label)}" for label, number in rows)
        return f'<section>{title}<p class="none">{words or "None"}.</p></section>'
    numbers = [number for _, number in rows]
    low, span = min(numbers), max(max(numbers) - min(numbers), 1)
    points = [
        (_LEFT + _WIDTH * at / (len(rows) - 1), _TOP + _HEIGHT * (1 - (number - low) / span))
        for at, number in enumerate(numbers)
    ]
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in points)
    first, last = (escape(f"{label}: {number:,}") for label, number in (rows[0], rows[-1]))
    words = (
        f'<text x="0" y="{_BASE}">{first}</text>'
        f'<text x="{_FULL}" y="{_BASE}" text-anchor="end">{last}</text>'
    )
    return (
        f'<section>{title}<svg class="line" viewBox="0 0 {_FULL} {_BASE + 6}" role="img" '
        f'aria-label="{first} to {last}"><path d="{path}"/>{dots}{words}</svg></section>'
    )


def _row(label: str, number: int, most: int, *, bad: bool) -> str:
    width = max(100 * number / most, 1.0 if number else 0.0)
    kind = ' class="bad"' if bad else ""
    bar = f'<rect width="{width:.1f}" height="7" rx="1"/>'
    return (
        f"<tr><td>{escape(label)}</td><td{kind}>"
        f'<svg viewBox="0 0 100 7" preserveAspectRatio="none" aria-hidden="true">{bar}</svg></td>'
        f"<td>{number:,}</td></tr>"
    )
