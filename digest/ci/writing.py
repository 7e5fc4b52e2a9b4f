"""Writes the files of a kind beside digest.toml; what somebody changed by hand is left alone."""

from __future__ import annotations

import getpass
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from digest import __version__
from digest.ci.kinds import KINDS, Place, Recipe
from digest.ci.pushed_ledger import first_time, is_pushed, refuse_without_checkout
from digest.ci.ticks import ticks_of
from digest.config import Settings
from digest.errors import UsageError
from digest.resources import templates_folder

_HOLE = re.compile(r"@([A-Z]+)@")
REQUIREMENTS = "requirements.txt"


@dataclass(frozen=True, slots=True)
class CiOrder:
    """A kind, the folder for its files, whether with a review, and over what is there."""

    kind: str
    out: Path
    review: bool = False
    force: bool = False


@dataclass(frozen=True, slots=True)
class WrittenFiles:
    """The files that were written, those that were there as they should be, and what is left."""

    written: tuple[Path, ...]
    kept: tuple[Path, ...]
    left: str

    def as_json(self) -> dict[str, object]:
        """Return what `--json` prints."""
        return {
            "written": [str(path) for path in self.written],
            "kept": [str(path) for path in self.kept],
            "left": self.left,
        }


def write_ci(settings: Settings, order: CiOrder, now: datetime) -> WrittenFiles:
    """Write the files of a kind. UsageError if one is there with other words, and not `force`."""
    recipe = KINDS[order.kind]
    refuse_without_checkout(settings, order.kind, has_checkout=recipe.has_checkout)
    if order.review and recipe.review is None:
        raise UsageError(
            f"there is no review for {order.kind}",
            where="--review",
            fix='Set approval = "required" in the edition; `digest approve` lets an issue go.',
        )
    files = files_of(settings, order, now)
    strange = [name for name, text in files.items() if _differs(order.out / name, text)]
    strange = [name for name in strange if name != REQUIREMENTS]
    if strange and not order.force:
        raise UsageError(
            f"{', '.join(strange)} is there, and says something else",
            where=str(order.out),
            fix="Look at the difference with --out in another folder, or write over it: --force.",
        )
    written, kept = [], []
    for name, text in files.items():
        path = order.out / name
        if path.exists() and (name == REQUIREMENTS or not _differs(path, text)):
            kept.append(path)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return WrittenFiles(tuple(written), tuple(kept), _left(settings, recipe, now))


def files_of(settings: Settings, order: CiOrder, now: datetime) -> dict[str, str]:
    """Return the text of each file of a kind, by its path below the folder."""
    recipe, values = KINDS[order.kind], place_of(settings, now).values()
    names: dict[str, str] = dict(recipe.files)
    if order.review and recipe.review:
        names.update(recipe.review)
    files = {path: filled(template, values) for path, template in names.items()}
    if recipe.installs:
        extras = {"EXTRAS": _extras(settings), "VERSION": __version__}
        files[REQUIREMENTS] = filled(REQUIREMENTS, extras)
    return files


def _left(settings: Settings, recipe: Recipe, now: datetime) -> str:
    """Return what is left to a person: where the files go, and how a pushed ledger begins."""
    words = first_time(settings)
    more = f" Before the first run, say {words}." if words else ""
    return recipe.left(place_of(settings, now)) + more


def place_of(settings: Settings, now: datetime) -> Place:
    """Return what a recipe is filled with on this machine."""
    ticks = ticks_of(settings.edition, settings.site.name, now)
    program = shutil.which("digest") or f"{sys.executable} -m digest"
    return Place(settings, ticks, program, _user())


def filled(template: str, values: Mapping[str, str]) -> str:
    """Return a template of templates/ci with each @NAME@ that is known replaced."""
    text = (templates_folder() / "ci" / template).read_text(encoding="utf-8")
    return _HOLE.sub(lambda hole: values.get(hole[1], hole[0]), text)


def recipe_of(kind: str) -> Recipe:
    """Return the recipe of a kind; UsageError names those there are."""
    if kind not in KINDS:
        raise UsageError(
            f'there is no kind "{kind}"', where="digest ci", fix=f"It is one of {', '.join(KINDS)}."
        )
    return KINDS[kind]


def _extras(settings: Settings) -> str:
    """Return the extras that a runner needs: by where the ledger lives, and who signs."""
    wanted = ["state"] if is_pushed(settings) else ["postgres"]
    wanted += ["dkim"] if settings.dkim else []
    return f"[{','.join(sorted(wanted))}]" if wanted else ""


def _differs(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8", errors="replace") != text


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "digest"
