"""Long lines on a terminal, broken between words; a pipe gets them whole."""

from __future__ import annotations

import os
import re
from typing import TextIO

# What a person copies, as `digest send daily`, is one word here.
_WORD = re.compile(r"(\s*)((?:`[^`]+`|\S)+)")
_LEAST_COLUMNS = 20


def fitted(text: str, stream: TextIO) -> str:
    """Return the text as it is, or broken into lines if the stream is a terminal."""
    try:
        width = os.get_terminal_size(stream.fileno()).columns if stream.isatty() else 0
    except (OSError, ValueError):
        width = 0  # it is closed, or stands for no file at all
    return wrapped(text, width) if width >= _LEAST_COLUMNS else text


def wrapped(text: str, width: int) -> str:
    """Break each line at its spaces; what follows is indented as the line is.

    A word that is wider than the terminal stays whole, a command of several words does not.
    """
    return "\n".join(_wrapped(line, width) for line in text.split("\n"))


def _wrapped(line: str, width: int) -> str:
    from rich.cells import cell_len

    if cell_len(line) <= width:
        return line
    indent = line[: len(line) - len(line.lstrip(" "))]
    lines = [indent]
    for gap, word in _words(line.lstrip(" "), width - len(indent)):
        space = gap if lines[-1] != indent else ""
        if space and cell_len(lines[-1]) + len(space) + cell_len(word) > width:
            lines.append(indent + word)
        else:
            lines[-1] += space + word
    return "\n".join(lines)


def _words(line: str, room: int) -> list[tuple[str, str]]:
    from rich.cells import cell_len

    found: list[tuple[str, str]] = []
    for gap, word in _WORD.findall(line):
        if cell_len(word) <= room:
            found.append((gap, word))
        else:
            first, *others = word.split()
            found += [(gap, first), *((" ", other) for other in others)]
    return found
