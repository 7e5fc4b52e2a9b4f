"""Themes for people: which there are, and a copy of one to change."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from digest.errors import UsageError
from digest.render import load_theme, themes_in
from digest.render.theme import SHARED
from digest.resources import own_themes, search_path, shipped_themes

_NAME = re.compile(r"[a-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class ThemeFacts:
    """A theme to choose from; `own_files` are those of the newsroom, which hide shipped ones."""

    name: str
    title: str
    about: str
    shipped: bool
    own_files: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Return what `--json` prints."""
        return {
            "name": self.name,
            "title": self.title,
            "about": self.about,
            "shipped": self.shipped,
            "own_files": list(self.own_files),
        }

    def origin(self) -> str:
        """Say whose it is."""
        if not self.shipped:
            return "yours"
        count = len(self.own_files)
        return f"shipped, {count} of its files yours" if count else "shipped"


def list_themes(folder: Path) -> tuple[ThemeFacts, ...]:
    """Return every theme there is for a digest.toml in `folder`. RenderError for a broken one."""
    return tuple(_facts(name, folder) for name in themes_in(search_path(folder)))


def eject(
    folder: Path, name: str, files: Sequence[str], rename: str = "", *, force: bool = False
) -> tuple[Path, ...]:
    """Copy a theme, or single files of it, into the newsroom's themes, and give what was written.

    `rename` makes a theme of that name of it. UsageError for a file that the theme does not have,
    or one that is there already, unless `force`.
    """
    load_theme(name, search_path(folder))  # names the nearest if there is none
    if rename and not _NAME.fullmatch(rename):
        raise UsageError(
            f'"{rename}" is no name for a theme', fix="Use lower-case letters, digits, - and _"
        )
    target = own_themes(folder) / (rename or name)
    places = search_path(folder) if rename else [shipped_themes()]
    theirs = _files(places, name)
    found = {**_files(places, SHARED), **theirs}
    wanted = sorted(files or theirs)
    if not wanted:
        raise UsageError(f'"{name}" is yours already', fix="Make a theme of it with --as")
    for part in wanted:
        _check(part, found, target, force=force)
    for part in wanted:
        (target / part).parent.mkdir(parents=True, exist_ok=True)
        (target / part).write_bytes(found[part].read_bytes())
    return tuple(target / part for part in wanted)


def _facts(name: str, folder: Path) -> ThemeFacts:
    theme = load_theme(name, search_path(folder))
    own = own_themes(folder) / name
    return ThemeFacts(
        name=name,
        title=theme.title,
        about=theme.about,
        shipped=(shipped_themes() / name).is_dir(),
        own_files=tuple(_names(own)),
    )


def _files(places: Sequence[Path], part: str) -> dict[str, Path]:
    """Return every file of a theme, or of what they share; an earlier place hides a later one."""
    return {
        file: place / part / file for place in reversed(places) for file in _names(place / part)
    }


def _names(folder: Path) -> list[str]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return sorted(file.relative_to(folder).as_posix() for file in files)


def _check(part: str, found: dict[str, Path], target: Path, *, force: bool) -> None:
    if part not in found:
        close = difflib.get_close_matches(part, found, n=1)
        raise UsageError(
            f'the theme has no file "{part}"',
            fix=f'Did you mean "{close[0]}"?' if close else f"It has: {', '.join(sorted(found))}",
        )
    if (target / part).exists() and not force:
        raise UsageError(
            "is there already", where=str(target / part), fix="Write over it with --force"
        )
