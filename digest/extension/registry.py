"""Things of one sort by name: one line each, or one entry point of an installed package."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import TypeVar

from digest.errors import ConfigError

T_co = TypeVar("T_co", covariant=True)


class Registry(Mapping[str, T_co]):
    """The things of one sort, in the order of their lines; those of other packages follow.

    A module is imported when its thing is first asked for, so that a line costs nothing until
    somebody uses it. Other packages are looked through only for a name that has no line here.
    """

    def __init__(self, sort: str, of: type[T_co], group: str, lines: Mapping[str, str]) -> None:
        """Take `lines` from name to "module:value"; each value is an `of`.

        `sort` is what a person calls one of them: "kind of source". `group` is that of the entry
        points by which other packages add theirs.
        """
        self.sort = sort
        self._of = of
        self._group = group
        self._lines = lines
        self._loaded: dict[str, T_co] = {}

    def __getitem__(self, name: str) -> T_co:
        """Return the thing of that name; KeyError if there is none, ConfigError if it is broken."""
        if name not in self._loaded and name in self._lines:
            module, _, value = self._lines[name].partition(":")
            self._loaded[name] = self._checked(name, getattr(import_module(module), value))
        if name in self._loaded:
            return self._loaded[name]
        return self._checked(name, _loaded(self._outside()[name], self.sort))

    def __iter__(self) -> Iterator[str]:
        """Name them all."""
        yield from self._lines
        yield from self._outside()

    def __len__(self) -> int:
        """Count them all."""
        return len(self._lines) + len(self._outside())

    def __contains__(self, name: object) -> bool:
        """Tell whether there is one of that name, without importing it."""
        return name in self._lines or name in self._outside()

    def named(self, name: str) -> T_co:
        """Return the thing of that name; ConfigError offers the nearest name."""
        if name not in self:
            raise ConfigError(self.refusal(name))
        return self[name]

    def refusal(self, name: str, *, also: Iterable[str] = ()) -> str:
        """Return what is said of a name that is none of these, nor one of `also`."""
        return f'"{name}" is not a {self.sort}. {nearest(name, [*also, *self])}'

    def _outside(self) -> Mapping[str, EntryPoint]:
        found = _entry_points(self._group, tuple(sys.path))
        if twice := self._lines.keys() & found.keys():
            name = min(twice)
            raise ConfigError(
                f'the {self.sort} "{name}" is Digest\'s own, and an installed package brings one'
                " of the same name",
                where=_origin(found[name]),
                fix="Uninstall that package, or have it take another name",
            )
        return found

    def _checked(self, name: str, thing: object) -> T_co:
        if isinstance(thing, self._of):
            return thing
        raise ConfigError(
            f'the {self.sort} "{name}" is a {type(thing).__name__}, not a {self._of.__name__}',
            where=self._lines.get(name, name),
            fix="Mend the package that brings it, or uninstall it",
        )


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the hint that follows a name which nobody knows: the nearest one, or all of them."""
    names = list(known)
    close = difflib.get_close_matches(name, names, n=1)
    return f'Did you mean "{close[0]}"?' if close else f"Known: {', '.join(names) or 'none'}"


@lru_cache(maxsize=32)
def _entry_points(group: str, _path: tuple[str, ...]) -> Mapping[str, EntryPoint]:
    """Return the entry points of a group by name; they change only with the import path."""
    return {one.name: one for one in sorted(entry_points(group=group))}


def _loaded(point: EntryPoint, sort: str) -> object:
    try:
        return point.load()
    except Exception as error:  # whatever another package's import raises
        raise ConfigError(
            f'the {sort} "{point.name}" cannot be loaded ({type(error).__name__}: {error})',
            where=_origin(point),
            fix="Mend the package that brings it, or uninstall it",
        ) from error


def _origin(point: EntryPoint) -> str:
    package = point.dist.name if point.dist else "an installed package"
    return f"{package} ({point.value})"
