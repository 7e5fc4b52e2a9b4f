"""The mutants of a room: its functions with one change each, as mutmut makes them.

Log calls and docstrings are left alone, and so is what is no function.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import libcst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.file_mutation import Mutation, MutationVisitor, deep_replace
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode


@dataclass(frozen=True)
class Mutant:
    """One change of one function; `first` and `last` are its lines, from 1."""

    file: str
    first: int
    last: int
    module: libcst.Module
    mutation: Mutation

    @property
    def source(self) -> str:
        """The file without the change."""
        return str(self.module.code)

    @property
    def code(self) -> str:
        """The whole file with the change."""
        before, after = self.mutation.original_node, self.mutation.mutated_node
        return str(deep_replace(self.module, before, after).code)

    @property
    def diff(self) -> str:
        """The change as a person reads it."""
        lines = self.source.splitlines(), self.code.splitlines()
        return "\n".join(difflib.unified_diff(*lines, self.file, self.file, lineterm="", n=1))


def mutants(room: Path) -> Iterator[Mutant]:
    """Yield each mutant of the functions of a folder, or of one file, in order."""
    for path in sorted(room.rglob("*.py")) if room.is_dir() else [room]:
        wrapper = MetadataWrapper(libcst.parse_module(path.read_text()))
        visitor = MutationVisitor(mutation_operators, IgnoredCode(set(), set(), set()))
        wrapper.visit(visitor)
        module, where = wrapper.module, wrapper.resolve(PositionProvider)
        logged = {id(one) for call in where if _is_logged(module, call) for one in _all(call)}
        for mutation in visitor.mutations:
            function = mutation.contained_by_top_level_function
            if (
                isinstance(function, libcst.FunctionDef)
                and id(mutation.original_node) not in logged
            ):
                lines = [where[one].start.line for one in (function, *function.decorators)]
                last = where[function].end.line
                yield Mutant(str(path), min(lines), last, module, mutation)


def _is_logged(module: libcst.Module, node: libcst.CSTNode) -> bool:
    return isinstance(node, libcst.Call) and module.code_for_node(node.func).startswith("log.")


def _all(node: libcst.CSTNode) -> Iterator[libcst.CSTNode]:
    yield node
    for child in node.children:
        yield from _all(child)
