"""A newsroom's colours and fonts in any theme: a theme's CSS variables, written out.

Gmail and Outlook know no `var()`. So a theme names its colours and fonts in theme.toml, its CSS
says `var(--accent)`, and here the values are put in before anything is inlined: the theme's own,
or the newsroom's. Colours that a newsroom leaves out are derived, so that text can be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from digest.errors import RenderError
from digest.models.site import Brand
from digest.render.contrast import ENOUGH, contrast, least_contrast, mix, readable

DARK = "-dark"
"""Ends the name of a colour's value in the dark scheme: `var(--accent-dark)`."""

_VARIABLE = re.compile(r"var\(\s*--([a-z][a-z0-9-]*)\s*\)")
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_FONTS = re.compile(r"[A-Za-z0-9 ,-]+")
_QUIET, _RULE, _GROUND = 0.32, 0.82, 0.07
"""The share of paper in quiet text and hairlines, and of ink in the ground around."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A colour of a brand that cannot be read: its key, on what, how badly, and the nearest."""

    key: str
    colour: str
    ground: str
    contrast: float
    nearest: str


def palette(declared: Mapping[str, object], where: str) -> dict[str, str]:
    """Return variable → value of a manifest's [colours] and [fonts]. Raises RenderError."""
    found: dict[str, str] = {}
    for name, pair in _table(declared, "colours"):
        if not (isinstance(pair, list) and len(pair) == 2 and all(map(_is_colour, pair))):  # noqa: PLR2004 - light and dark
            raise RenderError(
                f'the colour "{name}" is not ["#rrggbb", "#rrggbb"]',
                where=where,
                fix="Write two colours in lower case: in the light scheme and in the dark one",
            )
        found[name], found[f"{name}{DARK}"] = pair
    for name, stack in _table(declared, "fonts"):
        if not (isinstance(stack, str) and _FONTS.fullmatch(stack)):
            raise RenderError(
                f'the font "{name}" is not a list of family names',
                where=where,
                fix='Write it as in "Georgia, Times New Roman, serif", without quotes inside',
            )
        found[name] = stack
    return found


def written_out(css: str, values: Mapping[str, str], where: str) -> str:
    """Put the values of its variables into a sheet. Raises RenderError with the line."""

    def value(found: re.Match[str]) -> str:
        name = found.group(1)
        if name not in values:
            line = css.count("\n", 0, found.start()) + 1
            raise RenderError(
                f'there is no variable "{name}"',
                where=f"{where}:{line}",
                fix=f"theme.toml names: {', '.join(sorted(values)) or 'none'}",
            )
        return values[name]

    return _VARIABLE.sub(value, css)


def in_brand(own: Mapping[str, str], brand: Brand) -> dict[str, str]:
    """Return a theme's variables with the newsroom's in place; a theme without one ignores it."""
    changed = {**own, **dict(_said(own, brand))}
    if brand.paper or brand.ink:
        changed |= _shades(own, changed)
    if brand.accent:
        changed["on-accent"] = changed[f"on-accent{DARK}"] = _on(changed["accent"])
        if not brand.accent_dark and _grounds(changed, DARK):
            changed[f"accent{DARK}"] = readable(brand.accent, _grounds(changed, DARK))
    return {name: value for name, value in changed.items() if name in own}


def unreadable(own: Mapping[str, str], brand: Brand) -> Iterator[Unreadable]:
    """Yield the brand's colours that have less than 4.5 to 1 in this theme, with the nearest."""
    shown = in_brand(own, brand)
    light, dark = _grounds(shown, ""), _grounds(shown, DARK)
    for key, colour, grounds in (
        ("ink", brand.ink or (shown.get("ink", "") if brand.paper else ""), light),
        ("accent", brand.accent, light),
        ("accent_dark", brand.accent_dark, dark),
    ):
        if colour and grounds and least_contrast(colour, grounds) < ENOUGH:
            ground = min(grounds, key=lambda one: contrast(colour, one))
            worst = contrast(colour, ground)
            yield Unreadable(key, colour, ground, worst, readable(colour, grounds))


def _said(own: Mapping[str, str], brand: Brand) -> Iterator[tuple[str, str]]:
    """Yield what the newsroom says outright."""
    colours = {
        "accent": brand.accent,
        f"accent{DARK}": brand.accent_dark,
        "paper": brand.paper,
        "ink": brand.ink,
    }
    yield from ((name, value) for name, value in colours.items() if value)
    for name, families in (("serif", brand.serif), ("sans", brand.sans)):
        if families and name in own:
            theirs = [part.strip() for part in own[name].split(",")]
            yield name, ", ".join(dict.fromkeys([*families, *theirs]))


def _shades(own: Mapping[str, str], changed: Mapping[str, str]) -> dict[str, str]:
    """Return the shades between ink and paper, as far apart as the theme has them or as reads."""
    paper, ink = changed.get("paper", "#ffffff"), changed.get("ink", "#000000")
    framed = own.get("ground") != own.get("paper")
    ground = mix(paper, ink, _GROUND) if framed else paper
    quiet = readable(mix(ink, paper, _QUIET), [paper, ground])
    return {"ground": ground, "quiet": quiet, "rule": mix(ink, paper, _RULE)}


def _on(colour: str) -> str:
    """Return the text colour for a ground of this colour: white where it can be read."""
    return "#ffffff" if contrast("#ffffff", colour) >= ENOUGH else "#000000"


def _grounds(values: Mapping[str, str], scheme: str) -> list[str]:
    return [
        values[f"{name}{scheme}"] for name in ("paper", "ground") if f"{name}{scheme}" in values
    ]


def _table(declared: Mapping[str, object], name: str) -> Iterator[tuple[str, object]]:
    """Yield the lines of a manifest's table, which was checked to be one."""
    table = declared.get(name)
    yield from table.items() if isinstance(table, dict) else ()


def _is_colour(value: object) -> bool:
    return isinstance(value, str) and bool(_COLOUR.fullmatch(value))
