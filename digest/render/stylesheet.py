"""A theme's CSS, read once: faults found, never muted. Knows CSS, not mails.

premailer drops in silence what cssutils cannot read, and a malformed rule swallows the rest of
its sheet. So a sheet that does not come back whole is an error of the theme, with file and line.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from typing import TYPE_CHECKING

from digest import __version__
from digest.errors import RenderError
from digest.user_cache import user_cache

if TYPE_CHECKING:
    from cssutils.css import CSSStyleSheet

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
_ALONE = re.compile(r"[A-Za-z][A-Za-z0-9]*(\.[\w-]+)*|(\.[\w-]+)+")
_SPACE = re.compile(r"\s+")
_TIGHT = re.compile(r"\s*([{};,>])\s*|(?<=[\w)]):\s+")
_ONE_AT_A_TIME = threading.RLock()


class _Complaints(logging.Handler):
    """Keeps what cssutils says instead of printing it."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


@contextmanager
def complaints() -> Iterator[list[str]]:
    """Collect every warning and error of cssutils inside the block; its logger is global."""
    logger = logging.getLogger("CSSUTILS")
    kept = _Complaints()
    with _ONE_AT_A_TIME:
        before, level, up = logger.handlers[:], logger.level, logger.propagate
        logger.handlers, logger.propagate = [kept], False
        logger.setLevel(logging.WARNING)
        try:
            yield kept.said
        finally:
            logger.handlers, logger.propagate = before, up
            logger.setLevel(level)


@lru_cache(maxsize=32)
def check_inline(css: str, where: str) -> None:
    """Check a sheet that is to be inlined. Raises RenderError with line, fault and fix.

    The user's cache tells of one without a fault, so that it is not read again.
    """
    name, reader = f"{sha256(css.encode()).hexdigest()}.sheet", _reader()
    if user_cache.read(name, reader) is None:
        _check_inline(css, where)
        user_cache.write(name, b"", reader)


def _reader() -> str:
    return f"{__version__} cssutils {version('cssutils')}"


def _check_inline(css: str, where: str) -> None:
    import cssutils

    bare = _blank_comments(css)
    _balanced(bare, where)
    _inlinable(bare, where)
    with complaints() as said:
        sheet = cssutils.CSSParser(validate=False, raiseExceptions=False).parseString(css)
    _whole(bare, sheet, said, where)


def tight(css: str, where: str) -> str:
    """Check a sheet that is kept verbatim, and give it without comments and needless space."""
    bare = _blank_comments(css)
    _balanced(bare, where)
    if "</" in bare or "<!--" in bare:
        raise RenderError("markup inside a style sheet", where=where, fix="Take it out")
    return _TIGHT.sub(lambda found: found.group(1) or ":", _SPACE.sub(" ", bare)).strip()


@lru_cache(maxsize=32)
def alike(css: str) -> bool:
    """Say whether elements with the same tag, classes and style always get the same from a sheet.

    They do when each selector speaks of the element itself alone, and no declaration of premailer's
    own writes further attributes.
    """
    heads = (found.group(1) for found in _RULE.finditer(_blank_comments(css)))
    selectors = (one.strip() for head in heads for one in head.split(","))
    return "-premailer-" not in css and all(_ALONE.fullmatch(one) for one in selectors)


def classes(css: str) -> frozenset[str]:
    """Return the class names that a sheet's selectors speak of."""
    return frozenset(
        name for selector in re.findall(r"([^{};]+)\{", css) for name in _CLASS.findall(selector)
    )


def _blank_comments(css: str) -> str:
    """Blank comments out, keeping their line ends, so that line numbers stay true."""
    return _COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), css)


def _whole(css: str, sheet: CSSStyleSheet, said: list[str], where: str) -> None:
    """Compare what is written with what cssutils kept of it."""
    kept = [{item.name for item in rule.style} for rule in sheet if rule.type == rule.STYLE_RULE]
    written = [(line, _names(body)) for line, body in _rules(css)]
    for (line, names), have in zip(written, kept, strict=False):
        if lost := names - have:
            raise RenderError(
                f'"{", ".join(sorted(lost))}" cannot be read and would vanish',
                where=f"{where}:{line}",
                fix="Write colours as #rrggbb and plain CSS 2 values; the rest goes into head.css",
            )
    if said or len(kept) != len(written):
        what = f"CSS fault: {said[0]}" if said else "some rules cannot be read"
        raise RenderError(what, where=where, fix="Look for a missing semicolon or an open quote")


def _balanced(css: str, where: str) -> None:
    opened: list[int] = []
    for number, line in enumerate(css.splitlines(), 1):
        for letter in line:
            if letter == "{":
                opened.append(number)
            elif letter == "}" and not opened:
                raise RenderError("a } without its {", where=f"{where}:{number}", fix="Remove it")
            elif letter == "}":
                opened.pop()
    if opened:
        raise RenderError("a { without its }", where=f"{where}:{opened[0]}", fix="Close that rule")


def _inlinable(css: str, where: str) -> None:
    for number, line in enumerate(css.splitlines(), 1):
        head = line.partition("{")[0].strip()
        if head.startswith("@") or ("{" in line and (":" in head or "*" in head)):
            raise RenderError(
                f'"{head}" cannot be inlined', where=f"{where}:{number}", fix="Put it into head.css"
            )


def _rules(css: str) -> Iterator[tuple[int, str]]:
    for found in _RULE.finditer(css):
        start = found.start() + len(found.group(1)) - len(found.group(1).lstrip())
        yield css.count("\n", 0, start) + 1, found.group(2)


def _names(body: str) -> set[str]:
    return {part.partition(":")[0].strip().lower() for part in body.split(";") if part.strip()}
