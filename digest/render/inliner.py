"""premailer without the import of `requests`, of which a start would pay 0.2 s.

premailer imports it to fetch style sheets from elsewhere, and no mail of ours names one. While
premailer is imported, something stands in for it that imports it at the first use. A lazy module of
importlib will not do: the statement `import` itself looks at one, and so loads it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType


class _Deferred(ModuleType):
    """A module that is imported when an attribute of it is asked for."""

    def __getattr__(self, attribute: str) -> object:
        """Ask the module itself."""
        return getattr(import_module(self.__name__), attribute)


@contextmanager
def _imported_when_used(name: str) -> Iterator[None]:
    """Have an import of `name` in this block cost nothing, unless it is there already."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = _Deferred(name)
    try:
        yield
    finally:
        del sys.modules[name]


with _imported_when_used("requests"):
    from premailer import Premailer

__all__ = ["Premailer"]
