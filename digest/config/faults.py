"""The message about a value that digest.toml may not hold: where it stands, the fault, the fix."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from digest.config.lines import line_of
from digest.config.offered import Location
from digest.config.settings import Settings
from digest.extension.registry import nearest
from digest.extension.table import UNKNOWN_KEY

_SCHEMES = {"htps": "https", "htp": "http", "hhtps": "https", "http:/": "http", "https:/": "https"}
# Fields of `Settings` that are no tables of the file.
NO_TABLES = frozenset({"path", "secrets", "surroundings"})


@dataclass(frozen=True, slots=True)
class TomlFile:
    """The text of digest.toml, where it was read, and what its tables hold."""

    text: str
    path: Path
    raw: Mapping[str, Any]

    def place(self, location: Location) -> str:
        """Name a place to a person: 'digest.toml:14 source "world"', "digest.toml:3 [mail]"."""
        line = line_of(self.text, location)
        head = f"{self.path}:{line}" if line else str(self.path)
        table = str(location[0]) if location else ""
        if len(location) > 1 and isinstance(location[1], int):
            return f"{head} {table} {self._row(table, location[1])}"
        return f"{head} [{table}]" if len(location) > 1 else head

    def _row(self, table: str, index: int) -> str:
        rows = self.raw.get(table)
        row = rows[index] if isinstance(rows, list) and index < len(rows) else {}
        name = row.get("id") if isinstance(row, dict) else None
        return f'"{name}"' if name else f"number {index + 1}"


def faults_of(file: TomlFile, error: ValidationError) -> Iterator[str]:
    """Say everything that is wrong with the tables that `Settings` knows."""
    for detail in error.errors():
        location = tuple(detail["loc"])
        yield _fault(file, location, detail, _siblings(location))


def own_faults(
    file: TomlFile, at: Location, owner: str, keys: type[BaseModel], error: ValidationError
) -> Iterator[str]:
    """Say what is wrong with the keys that the thing `owner` declares; they stand at `at`."""
    for detail in error.errors():
        inside, place = tuple(detail["loc"]), (*at, *detail["loc"])
        known = _siblings(inside, keys)
        if len(at) > 1 and len(inside) == 1:
            known += _siblings(place)
        if detail["type"] == "missing" and len(at) > 1:
            yield f"{file.place(place)}: {owner} needs {_needed(inside, keys)}."
        else:
            yield _fault(file, place, detail, known)


def unknown_key(file: TomlFile, location: Location, known: Iterable[str]) -> str:
    """Say that nothing of that name is known, and which name was perhaps meant."""
    key = str(location[-1])
    return _ended(f'{file.place(location)}: "{key}" is not known here. {nearest(key, known)}')


def _fault(
    file: TomlFile, location: Location, detail: Mapping[str, Any], known: Iterable[str]
) -> str:
    if detail["type"] in UNKNOWN_KEY:
        return unknown_key(file, location, known)
    key = location[-1] if isinstance(location[-1], str) else ""
    named = f'"{key}": ' if key else ""
    words = str(detail["msg"]).removeprefix("Value error, ")
    if detail["type"] == "missing":
        return _ended(f'{file.place(location)}: "{key}" is missing')
    if detail["type"] in {"model_type", "dataclass_type"}:
        words = f"must be a table, as in [{location[0]}]"
    return _ended(f"{file.place(location)}: {named}{words}{_scheme_hint(detail.get('input'))}")


def _ended(words: str) -> str:
    return words if words.endswith(("?", ".")) else f"{words}."


def _needed(inside: Location, keys: type[BaseModel]) -> str:
    """Name a key that is missing, and say what it is for where its model does."""
    field = _fields(_model_at(inside, keys)).get(str(inside[-1]))
    name = ".".join(map(str, inside))
    return f"{name}: {field.description}" if field and field.description else name


def _siblings(location: Location, model: object = Settings) -> list[str]:
    """Name the keys that may stand where `location` ends, seen from `model`."""
    return sorted(_names(_model_at(location, model)))


def _model_at(location: Location, model: object) -> object:
    """Return the table in which the key stands that ends `location`."""
    for part in location[:-1]:
        if isinstance(part, str):
            model = _model_of(model, part)
    return model


def _names(model: object) -> Iterator[str]:
    for name, field in _fields(model).items():
        if not (model is Settings and name in NO_TABLES):
            yield field.alias or name


def _model_of(model: object, name: str) -> object:
    field = _fields(model).get(name)
    if field is None:
        return None
    arguments = get_args(field.annotation)
    return arguments[0] if arguments else field.annotation


def _fields(model: object) -> dict[str, FieldInfo]:
    """Return the keys of a table: a model, or a dataclass of pydantic; of nothing else any."""
    found: dict[str, FieldInfo] = getattr(model, "__pydantic_fields__", {})
    return found


def _scheme_hint(value: object) -> str:
    if not isinstance(value, str) or ":" not in value:
        return ""
    meant = _SCHEMES.get(value.split(":", 1)[0].lower())
    return f". Did you mean {meant}://?" if meant else ""
