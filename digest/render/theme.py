"""A theme: a folder of small templates with their CSS beside them, read and checked once.

A newsroom's own folder of the same name, earlier in the search path, replaces any single file.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from digest.errors import RenderError
from digest.render.environment import Templates
from digest.render.stylesheet import check_inline, classes, tight

_MANIFEST = "theme.toml"
_KEYS = {"title": str, "about": str, "holes": list, "frames": list, "blocks": list, "head": list}
_OPTIONAL = {"parts": list}


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme ready to render with; keep it and use it again, for loading is the slow part.

    `frames`, `blocks` and `parts` are the names its flow may call; `holes` are the values it wants
    for each recipient. `inline_css` is inlined; `head_css` holds, by file name, what is kept as is.
    `kept_classes` are the class names that the head's CSS needs; all others leave the mail.
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


def themes_in(search_path: Sequence[Path]) -> tuple[str, ...]:
    """Give the names of the themes there are, sorted."""
    manifests = (file for folder in search_path for file in folder.glob(f"*/{_MANIFEST}"))
    return tuple(sorted({file.parent.name for file in manifests}))


def load_theme(name: str, search_path: Sequence[Path]) -> Theme:
    """Read a theme, compile its templates and check its CSS.

    Raises RenderError that names the file and line at fault, or the themes there are.
    """
    known = themes_in(search_path)
    if name not in known:
        raise _unknown(name, known, search_path)
    folders = [folder / name for folder in search_path if (folder / name).is_dir()]
    templates = Templates(folders)
    manifest = _manifest(templates.path(_MANIFEST))
    frames, blocks = frozenset(manifest["frames"]), frozenset(manifest["blocks"])
    parts = frozenset(manifest.get("parts", ()))
    _compile(templates, {"frames": frames, "blocks": blocks, "parts": parts})
    head = {file: _head_css(templates, file) for file in manifest["head"]}
    return Theme(
        name=name,
        title=manifest["title"],
        about=manifest["about"],
        holes=_holes(manifest["holes"], str(templates.path(_MANIFEST))),
        frames=frames,
        blocks=blocks,
        parts=parts,
        inline_css=_inline_css(templates),
        head_css=head,
        kept_classes=frozenset().union(*(classes(css) for css in head.values())),
        templates=templates,
    )


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
            wanted = "a list of names" if kind is list else "a text"
            raise RenderError(
                f'"{key}" is missing or not {wanted}', where=str(file), fix=f'Write "{key}" there'
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


def _inline_css(templates: Templates) -> str:
    file = templates.path("inline.css")
    css = file.read_text(encoding="utf-8")
    check_inline(css, str(file))
    return css


def _head_css(templates: Templates, name: str) -> str:
    file = templates.path(name)
    return tight(file.read_text(encoding="utf-8"), str(file))


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
