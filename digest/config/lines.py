"""The lines of a TOML text: where a key stands, which parsers do not keep, and how to write one."""

from __future__ import annotations

import json
import re
from collections import Counter

_HEADER = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.\-]+)\s*\]\]?")
_KEY = re.compile(r"^\s*[\"']?([A-Za-z0-9_\-]+)[\"']?\s*=")


def line_of(text: str, path: tuple[str | int, ...]) -> int | None:
    """Return the 1-based line of `path`, as in ("source", 1, "url"), or of its nearest parent.

    Knows tables, arrays of tables and keys of one line each, which is how digest.toml is written;
    a key inside an inline table or a list is found at the line where that value begins.
    """
    table = str(path[0]) if path else ""
    index = path[1] if len(path) > 1 and isinstance(path[1], int) else 0
    key = next((str(part) for part in path[1:] if isinstance(part, str)), None)
    seen: Counter[str] = Counter()
    inside = False
    found: int | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.match(line)
        if header:
            name = header.group(2)
            inside = name == table and seen[name] == index
            seen[name] += 1
            if inside:
                found = number
            continue
        if inside and key is not None:
            match = _KEY.match(line)
            if match and match.group(1) == key:
                return number
    return found


def quoted(text: str) -> str:
    """Quote as a TOML basic string; its escapes are a superset of JSON's without DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
