"""A theme: a folder of small templates with their CSS beside them, read and checked once.

A newsroom's own folder of the same name, earlier in the search path, replaces any single file.
A file that a theme lacks is looked for in the folder `shared` beside the themes.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from digest.errors import RenderError
from digest.models.site import Brand
from digest.render.brand import in_brand, palette, written_out
from digest.render.environment import Templates
from digest.render.stylesheet import check_inline, classes, tight

_MANIFEST = "theme.toml"
SHARED = "shared"
"""The folder of what several themes use; it is no theme itself."""

_INLINE = "inline.css"
_KEYS = {"title": str, "about": str, "holes": list, "frames": list, "blocks": list, "head": list}
_OPTIONAL = {"parts": list, "colours": dict, "fonts": dict}
_WANTED = {str: "a text", list: "a list of names", dict: "a table"}


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme ready to render with; keep it and use it again, for loading is the slow part.

    `frames`, `blocks` and `parts` are the names its flow may call; `holes` are the values it wants
    for each recipient. `inline_css` is inlined; `head_css` holds, by file name, what is kept as is.
    `kept_classes` are the class names that the head's CSS needs; all others leave the mail.
    `palette` are the values of the CSS variables, `written` the sheets as the designer wrote them.
    """

    name: str
    title: str
    about: str
    holes: tuple[str, ...]
    frames: frozenset[str]
    blocks: frozenset[str]
    parts: frozenset[str]
    inline_css: str
    head_css: dict[str, str]
    kept_classes: frozenset[str]
    templates: Templates
    palette: Mapping[str, str]
    written: Mapping[str, str]

    def in_brand(self, brand: Brand) -> Theme:
        """Return the theme in a newsroom's colours and fonts; the theme itself without any."""
        values = in_brand(self.palette, brand)
        if values == self.palette:
            return self
        sheets = {name: written_out(css, values, name) for name, css in self.written.items()}
        return replace(
            self,
            palette=values,
            inline_css=sheets[_INLINE],
            head_css={name: tight(sheets[name], name) for name in self.head_css},
        )


def themes_in(search_path: Sequence[Path]) -> tuple[str, ...]:
    """Return the names of the themes there are, sorted."""
    manifests = (file for folder in search_path for file in folder.glob(f"*/{_MANIFEST}"))
    return tuple(sorted({file.parent.name for file in manifests}))


def load_theme(name: str, search_path: Sequence[Path]) -> Theme:
    """Read a theme, compile its templates and check its CSS.

    Raises RenderError that names the file and line at fault, or the themes there are.
    """
    known = themes_in(search_path)
    if name not in known:
        raise _unknown(name, known, search_path)
    folders = [
        folder / part
        for part in (name, SHARED)
        for folder in search_path
        if (folder / part).is_dir()
    ]
    templates = Templates(folders)
    manifest = _manifest(templates.path(_MANIFEST))
    frames, blocks = frozenset(manifest["frames"]), frozenset(manifest["blocks"])
    parts = frozenset(manifest.get("parts", ()))
    _compile(templates, {"frames": frames, "blocks": blocks, "parts": parts})
    values = palette(manifest, str(templates.path(_MANIFEST)))
    written = {file: _sheet(templates, file) for file in (_INLINE, *manifest["head"])}
    head = {file: _head_css(templates, file, values) for file in manifest["head"]}
    return Theme(
        name=name,
        title=manifest["title"],
        about=manifest["about"],
        holes=_holes(manifest["holes"], str(templates.path(_MANIFEST))),
        frames=frames,
        blocks=blocks,
        parts=parts,
        inline_css=_inline_css(templates, values),
        head_css=head,
        kept_classes=frozenset().union(*(classes(css) for css in head.values())),
        templates=templates,
        palette=values,
        written=written,
    )


def load_palette(name: str, search_path: Sequence[Path]) -> dict[str, str]:
    """Return a theme's colours and fonts, without reading the rest. Raises RenderError."""
    files = [file for folder in search_path if (file := folder / name / _MANIFEST).is_file()]
    if not files:
        raise _unknown(name, themes_in(search_path), search_path)
    return palette(_manifest(files[0]), str(files[0]))


def _unknown(name: str, known: Sequence[str], search_path: Sequence[Path]) -> RenderError:
    close = difflib.get_close_matches(name, known, n=1)
    hint = f'Did you mean "{close[0]}"? ' if close else ""
    return RenderError(
        f'there is no theme "{name}"',
        where=", ".join(map(str, search_path)),
        fix=f"{hint}There are: {', '.join(known) or 'none'}",
    )


def _manifest(file: Path) -> dict[str, Any]:
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RenderError(
            f"not readable as TOML: {error}", where=str(file), fix="Correct that line"
        ) from error
    for key, kind in (
        *_KEYS.items(),
        *((key, _OPTIONAL[key]) for key in _OPTIONAL if key in found),
    ):
        if not isinstance(found.get(key), kind):
            raise RenderError(
                f'"{key}" is missing or not {_WANTED[kind]}',
                where=str(file),
                fix=f'Write "{key}" there',
            )
    if unknown := found.keys() - _KEYS.keys() - _OPTIONAL.keys():
        raise RenderError(
            f"unknown: {', '.join(sorted(unknown))}",
            where=str(file),
            fix=f"Known: {', '.join((*_KEYS, *_OPTIONAL))}",
        )
    return found


def _compile(templates: Templates, declared: Mapping[str, frozenset[str]]) -> None:
    """Compile everything now, so that a fault shows before an issue is in hand."""
    names = [f"{folder}/{name}" for folder, known in declared.items() for name in known]
    for kind in ("html", "txt"):
        templates.compiled(f"flow.{kind}")
    for name in sorted(names):
        there = [kind for kind in ("html", "txt") if templates.has(f"{name}.{kind}")]
        for kind in there or ["html"]:
            templates.compiled(f"{name}.{kind}")


def _sheet(templates: Templates, name: str) -> str:
    return templates.path(name).read_text(encoding="utf-8")


def _inline_css(templates: Templates, values: Mapping[str, str]) -> str:
    where = str(templates.path(_INLINE))
    css = written_out(_sheet(templates, _INLINE), values, where)
    check_inline(css, where)
    return css


def _head_css(templates: Templates, name: str, values: Mapping[str, str]) -> str:
    where = str(templates.path(name))
    return tight(written_out(_sheet(templates, name), values, where), where)


def _holes(names: Sequence[str], where: str) -> tuple[str, ...]:
    """Check the holes' names: none may begin another's token, or filling one would break it."""
    for name in names:
        if not name.replace("_", "").isalnum() or not name.isascii() or name != name.lower():
            raise RenderError(
                f'"{name}" is no name for a hole', where=where, fix="Use a-z, 0-9 and _"
            )
    bare = sorted(name.replace("_", "") for name in names)
    for shorter, longer in pairwise(bare):
        if longer.startswith(shorter):
            raise RenderError(
                f'the hole "{shorter}" begins "{longer}"', where=where, fix="Rename one"
            )
    return tuple(names)
