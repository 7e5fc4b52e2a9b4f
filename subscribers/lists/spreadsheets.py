"""Cells that no spreadsheet computes, and that read back as they were.

A spreadsheet takes a cell for a formula by its first letter (CWE-1236): = + - @, and their
full-width forms. It may also part a line where we did not, at a semicolon, a tab or a line break,
or drop quotation marks. So an apostrophe goes before every such letter that could come to stand
first, after any marks and blanks; `original` takes one away at the same places. An address must not
be changed: it goes into angle brackets (RFC 5322 section 3.4), which lists may write around one.
"""

from __future__ import annotations

import re

_OPENINGS = "=+\\-@＝＋－＠﹦﹢﹣﹫"  # noqa: RUF001 - the full-width and small forms are meant
_FIRST = r"(\A|[,;|\t\r\n])"
_AT_RISK = re.compile(rf"{_FIRST}([\s\"']*)(?=[{_OPENINGS}])")
_MARKED = re.compile(rf"{_FIRST}([\s\"']*)'(?=[{_OPENINGS}])")
_ADDRESS_AT_RISK = re.compile(rf"[{_OPENINGS}'\"|]")


def safe(text: str) -> str:
    """Return a cell that stays text wherever it is opened."""
    return _AT_RISK.sub(r"\1\2'", text)


def original(cell: str) -> str:
    """Return what `safe` was given."""
    return _MARKED.sub(r"\1\2", cell) if "'" in cell else cell


def safe_address(address: str) -> str:
    """Return an address unchanged, in angle brackets if a spreadsheet could compute it."""
    return f"<{address}>" if _ADDRESS_AT_RISK.match(address) or "|" in address else address
