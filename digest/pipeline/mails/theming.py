"""Themes for people: which there are, a copy to change, and the newsroom's brand in them.

A brand becomes part of the issue when it is composed: frozen with its content, so that what was
approved is what is sent, whatever digest.toml says by then. Its colours are checked here, where
configuration and theme meet.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from digest.config import Settings
from digest.config.brand import BrandSettings, LogoSettings
from digest.config.lines import line_of
from digest.errors import ConfigError, UsageError
from digest.models import Brand, Picture, SocialLink
from digest.render import load_theme, themes_in
from digest.render.brand import Unreadable, unreadable
from digest.render.sharing import SERVICES
from digest.render.theme import SHARED, load_palette
from digest.resources import templates_folder

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


def own_themes(folder: Path) -> Path:
    """Name the folder of the newsroom's own themes, beside digest.toml."""
    return folder / "themes"


def search_path(folder: Path) -> list[Path]:
    """Return where themes are looked for: the newsroom's own first."""
    return [own_themes(folder), shipped_themes()]


def shipped_themes() -> Path:
    """Name the folder of the themes that ship with Digest."""
    return templates_folder() / "email"


def list_themes(folder: Path) -> tuple[ThemeFacts, ...]:
    """Return every theme there is for a digest.toml in `folder`. RenderError for a broken one."""
    return tuple(_facts(name, folder) for name in themes_in(search_path(folder)))


def brand_of(settings: Settings, theme: str) -> Brand:
    """Return the brand of [brand] for an issue in this theme.

    Raises ConfigError that names key, line and the nearest colour that can be read.
    """
    written = settings.brand
    brand = _brand(written)
    if brand == Brand():
        return brand
    faults = [*_unknown_services(written)]
    if written.accent or written.accent_dark or written.paper or written.ink:
        palette = load_palette(theme, search_path(settings.folder))
        faults += [_too_faint(one, theme) for one in unreadable(palette, brand)]
    if faults:
        text = settings.path.read_text(encoding="utf-8-sig") if settings.path.is_file() else ""
        raise ConfigError(
            "\n".join(f"{_place(settings.path, text, key)}: {said}" for key, said in faults)
        )
    return brand


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


def _brand(written: BrandSettings) -> Brand:
    return Brand(
        logo_light=_logo(written.logo_light),
        logo_dark=_logo(written.logo_dark),
        accent=written.accent or "",
        accent_dark=written.accent_dark or "",
        paper=written.paper or "",
        ink=written.ink or "",
        serif=written.serif,
        sans=written.sans,
        footer=written.footer,
        social=tuple(SocialLink(one.title, one.url) for one in written.social),
        share=written.share,
    )


def _logo(logo: LogoSettings | None) -> Picture | None:
    """Return the logo; without words of its own it is called by the site's name."""
    return Picture(logo.url, logo.width, logo.height) if logo else None


def _unknown_services(written: BrandSettings) -> Iterator[tuple[str, str]]:
    for name in written.share:
        if name not in SERVICES:
            close = difflib.get_close_matches(name, SERVICES, n=1)
            hint = f'Did you mean "{close[0]}"?' if close else f"Known: {', '.join(SERVICES)}."
            yield "share", f'there is no service "{name}". {hint}'


def _too_faint(one: Unreadable, theme: str) -> tuple[str, str]:
    return one.key, (
        f"{one.colour} on {one.ground} has a contrast of {one.contrast:.1f} to 1 in the theme "
        f'"{theme}", and text needs 4.5 to 1. The nearest that can be read is "{one.nearest}".'
    )


def _place(path: Path, text: str, key: str) -> str:
    line = line_of(text, ("brand", key))
    return f'{path}:{line} [brand] "{key}"' if line else f'{path} [brand] "{key}"'
