"""The environment of templates: sandboxed, escaping, strict. Feed text is never source.

Every failure inside a template leaves here as a RenderError that names template, line and value.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, Template, TemplateNotFound
from jinja2.exceptions import SecurityError, TemplateSyntaxError, UndefinedError
from jinja2.filters import do_truncate
from markupsafe import Markup

from digest.errors import RenderError
from digest.render.columns import filled, gist, line
from digest.render.plaintext import cased, clip, direction, full_stop, together
from digest.templating.budget import for_mails, on_budget
from digest.templating.compiled_code import CompiledCode
from digest.templating.sandbox import FAULTS, Sandbox

_BETWEEN_TAGS = re.compile(r">\s*\n\s*<")
_LINE_ENDS = re.compile(r"\s*\n\s*")


_COMPILED = CompiledCode("mails")


class Templates:
    """A theme's templates, each compiled once; an earlier folder's file hides a later one's."""

    def __init__(self, folders: Sequence[Path]) -> None:
        """Look for files in `folders`, first match wins."""
        self._folders = tuple(folders)
        self._compiled: dict[str, Template] = {}
        self._environment = Sandbox(
            _OWN_FILTERS,
            loader=FileSystemLoader(folders),
            bytecode_cache=_COMPILED,
            autoescape=lambda name: bool(name and name.endswith(".html")),
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
        )

    def has(self, name: str) -> bool:
        """Say whether any folder has this file."""
        return any((folder / name).is_file() for folder in self._folders)

    def path(self, name: str) -> Path:
        """Return the file that counts. Raises RenderError when no folder has it."""
        for folder in self._folders:
            if (folder / name).is_file():
                return folder / name
        raise RenderError(
            f"the theme has no {name}",
            where=str(self._folders[0]),
            fix=f"Add it, or take the name out of theme.toml. Looked in "
            f"{', '.join(map(str, self._folders))}",
        )

    def compiled(self, name: str) -> Template:
        """Compile a template, once. Raises RenderError with its line."""
        if name not in self._compiled:
            self.path(name)
            try:
                self._compiled[name] = self._environment.get_template(name)
            except FAULTS as error:
                raise self._told(error, name, "") from error
        return self._compiled[name]

    def render(self, name: str, values: dict[str, object], about: Callable[[], str] = str) -> str:
        """Render a template; `about` tells a person which values it had in hand."""
        template = self.compiled(name)
        try:
            with on_budget(for_mails()):
                return template.render(values)
        except RenderError:
            raise
        except Exception as error:
            raise self._told(error, name, about()) from error

    def _told(self, error: Exception, name: str, about: str) -> RenderError:
        """Say what happened in the words of who wrote the template."""
        file, line = self._place(error, name)
        what = _what(error)
        source = _line_of(file, line)
        if source:
            what = f"{what} in `{source}`"
        if about:
            what = f"{what}, with {about}"
        return RenderError(what, where=f"{file}:{line}", fix=_fix(error))

    def _place(self, error: Exception, name: str) -> tuple[Path, int]:
        """Find file and line: Jinja keeps template lines in the traceback of what it raises."""
        if isinstance(error, TemplateSyntaxError):
            return Path(error.filename or self.path(name)), error.lineno
        frames = traceback.extract_tb(error.__traceback__)
        ours = [frame for frame in frames if any(_inside(frame.filename, f) for f in self._folders)]
        if ours:
            return Path(ours[-1].filename), ours[-1].lineno or 1
        return self.path(name), 1


def tightened(markup: str) -> str:
    """Remove white space with a line end between tags: it is the template's layout, not text.

    A space that a reader should see stands on one line with the tags around it.
    """
    return _BETWEEN_TAGS.sub("><", markup.strip())


def safe_markup(text: str) -> Markup:
    """Mark what this room made itself (a token, a style sheet) or proved as not to be escaped."""
    return Markup(text)  # noqa: S704 - of a source's text, prose.py proves that it is harmless


_CUTTING: dict[str, Callable[..., str]] = {
    "clip": clip,
    "gist": gist,
    "line": line,
    "truncate": do_truncate,
    "wrap": filled,
}


def _of_text(cut: Callable[..., str]) -> Callable[..., str]:
    """Refuse markup: cut anywhere, it would take in what stands behind it."""

    @wraps(cut)
    def checked(*given: object, **named: object) -> str:
        if any(isinstance(one, Markup) for one in given):
            raise SecurityError("markup is shown whole; what is cut is text, as story.excerpt")
        return cut(*given, **named)

    return checked


_OWN_FILTERS: dict[str, Callable[..., Any]] = {
    **{name: _of_text(cut) for name, cut in _CUTTING.items()},
    "cased": cased,
    "direction": direction,
    "full_stop": full_stop,
    "together": together,
}


def _inside(filename: str, folder: Path) -> bool:
    return Path(filename).is_relative_to(folder)


def _line_of(file: Path, line: int) -> str:
    lines = file.read_text(encoding="utf-8").splitlines()
    return clip(lines[line - 1].strip(), 120) if 0 < line <= len(lines) else ""


def _what(error: Exception) -> str:
    if isinstance(error, RecursionError | MemoryError):
        return "it calls itself, or is nested, too deeply"
    text = _LINE_ENDS.sub(" ", str(error)).rstrip(".") or type(error).__name__
    return re.sub(r"'digest\.render\.views\.(\w+?)View object'", r"the \1", text)


def _fix(error: Exception) -> str:
    if isinstance(error, UndefinedError):
        return "Correct the name; docs/rendering.md lists what templates may use"
    if isinstance(error, SecurityError):
        return "Templates may use values and filters, within the limits of docs/rendering.md"
    if isinstance(error, TemplateNotFound):
        return "Add the file, or correct its name"
    return "Correct the template"
