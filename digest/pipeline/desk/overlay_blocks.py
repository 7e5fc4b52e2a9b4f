"""An overlay's TOML text as blocks: changed one by one, with every comment where it was.

A block is a table with the comment lines right above its header; the first block has no header.
tomlkit changes the keys inside one block. Blocks are never joined or sorted, so that a file keeps
the order in which a person wrote it, whatever stands between two entries of one kind.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import tomlkit
from tomlkit.items import Table

from digest.errors import UsageError

SINGLE = frozenset({"note", "lead"})
"""The tables that stand once, as [note]; all others are lists, as [[pin]]."""

_LISTS = frozenset(
    {"pin", "drop", "order", "replace", "boost", "merge", "split", "sponsor", "link"}
)
_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*|\n|[\[\]{}]|[^\s\"'#\[\]{}]+",
    re.DOTALL,
)
_QUOTE_AT_RISK = re.compile(r'"(?="|\Z)')
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_LONG = 72


class OverlayBlocks:
    """The blocks of one overlay, changed in place; `text` joins them again."""

    def __init__(self, text: str) -> None:
        """Read a file's text. Raises UsageError for what is not TOML."""
        self._crlf = "\r\n" in text
        try:
            tomllib.loads(text)
            self._blocks = _split(text.replace("\r\n", "\n"))
            self._spell_out()
        except (tomllib.TOMLDecodeError, ValueError) as error:
            raise UsageError(
                f"the overlay cannot be changed here, for it is not valid TOML ({error})",
                fix="Mend the file in a text editor first",
            ) from None

    @property
    def text(self) -> str:
        """The whole file, ending with one line break; "" if nothing is left."""
        joined = "".join(self._blocks)
        joined = joined.rstrip("\n") + "\n" if joined.strip() else ""
        return joined.replace("\n", "\r\n") if self._crlf else joined

    def entries(self, kind: str) -> list[dict[str, Any]]:
        """Return the entries of one kind, in the file's order."""
        return [entry for _, entry in self._of(kind)]

    def append(self, kind: str, entry: Mapping[str, object]) -> None:
        """Add an entry after the last one of its kind, or else at the end."""
        block = _written(kind, entry)
        places = [number for number, _ in self._of(kind)]
        place = places[-1] + 1 if places else len(self._blocks)
        before = self._blocks[place - 1]
        if before.strip() and not before.endswith("\n\n"):
            self._blocks[place - 1] = before.rstrip("\n") + "\n\n"
        if place < len(self._blocks):
            block += "\n"
        self._blocks.insert(place, block)

    def update(self, kind: str, number: int, keys: Mapping[str, object]) -> None:
        """Set keys of one entry; a key whose value is None is taken away."""
        place = self._of(kind)[number][0]
        head, body = _parted(self._blocks[place])
        document = tomlkit.parse(body)
        table: Any = document[kind] if kind in SINGLE else document[kind][0]
        _set(table, keys)
        self._blocks[place] = head + tomlkit.dumps(document)

    def remove(self, kind: str, number: int) -> None:
        """Take one entry away, with the comment right above it; what follows it stays."""
        place = self._of(kind)[number][0]
        tail = _tail(self._blocks[place])
        self._blocks[place - 1] += tail.lstrip("\n") if tail.strip() else ""
        del self._blocks[place]

    def top(self) -> dict[str, Any]:
        """Return the keys that stand before every table."""
        return tomllib.loads(self._blocks[0])

    def set_top(self, keys: Mapping[str, object]) -> None:
        """Set keys before every table; a key whose value is None is taken away."""
        document = tomlkit.parse(self._blocks[0].rstrip("\n") + "\n")
        _set(document, keys)
        first = tomlkit.dumps(document).strip("\n")
        self._blocks[0] = f"{first}\n\n" if first and len(self._blocks) > 1 else f"{first}\n"
        if not first:
            self._blocks[0] = ""

    def _of(self, kind: str) -> list[tuple[int, dict[str, Any]]]:
        found = []
        for number, block in enumerate(self._blocks[1:], start=1):
            entry = tomllib.loads(block).get(kind)
            if entry is not None:
                found.append((number, entry if kind in SINGLE else entry[0]))
        return found

    def _spell_out(self) -> None:
        """Write tables that stand in one line (`drop = [{…}]`, `note.text = …`) as blocks."""
        in_line = {key: value for key, value in self.top().items() if key in SINGLE | _LISTS}
        if not in_line:
            return
        self.set_top(dict.fromkeys(in_line))
        for kind, value in in_line.items():
            for entry in [value] if kind in SINGLE else value:
                self.append(kind, entry)


def _split(text: str) -> list[str]:
    """Cut before each header, or before the comment lines right above it."""
    starts = [0]
    for header in _headers(text):
        start = header
        while (line := text.rfind("\n", 0, max(start - 1, 0)) + 1) < start:
            if not text[line:start].lstrip().startswith("#"):
                break
            start = line
        starts.append(max(start, starts[-1]))
    blocks = [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    for block in blocks:
        tomllib.loads(block)
    return blocks


def _headers(text: str) -> Iterator[int]:
    """Yield where each line begins that opens a table, outside strings and lists."""
    depth, fresh = 0, True
    for token in _TOKEN.finditer(text):
        word = token[0]
        if word == "\n":
            fresh = True
            continue
        if word == "[" and fresh and depth == 0:
            yield text.rfind("\n", 0, token.start()) + 1
        depth += (word in "[{") - (word in "]}")
        fresh = False


def _parted(block: str) -> tuple[str, str]:
    """Cut a block into the comments above its header, and the rest."""
    start = next(iter(_headers(block)), 0)
    return block[:start], block[start:]


def _tail(block: str) -> str:
    """Return the comments and blank lines that stand after the block's last key."""
    lines = block.split("\n")
    kept = len(lines)
    while kept and (not lines[kept - 1].strip() or lines[kept - 1].lstrip().startswith("#")):
        kept -= 1
    return "\n".join(lines[kept:])


def _written(kind: str, entry: Mapping[str, object]) -> str:
    table = tomlkit.table()
    _set(table, entry)
    head = f"[{kind}]" if kind in SINGLE else f"[[{kind}]]"
    return f"{head}\n{table.as_string().strip(chr(10))}\n"


def _set(table: Table | tomlkit.TOMLDocument, keys: Mapping[str, object]) -> None:
    for name, value in keys.items():
        if value is None:
            table.pop(name, None)
        else:
            table[name] = _item(value)


def _item(value: object) -> object:
    """Write a long text over several lines, and a long list a line an entry."""
    if isinstance(value, str):
        return tomlkit.value(_long(value)) if "\n" in value else tomlkit.string(value)
    if isinstance(value, Sequence):
        items = tomlkit.array()
        items.extend(value)
        return items.multiline(multiline=len(str(list(value))) > _LONG)
    return value


def _long(value: str) -> str:
    """Return a text of several lines as a multi-line basic string of TOML, a line a line."""
    safe = _QUOTE_AT_RISK.sub(r'\\"', value.replace("\\", "\\\\"))
    safe = _CONTROL.sub(lambda one: f"\\u{ord(one[0]):04X}", safe)
    return f'"""\n{safe}"""'
